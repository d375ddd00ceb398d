//! Numbers and durations of Loki's: what each must be, and which must fit together. Where it says so in
//! Loki is noted above each group.

use crate::contract::Kind;
use crate::contract::settings::amounts::{Bound, HOUR, MINUTE, bound, bounds, fit, some};
use crate::contract::settings::findings::{At, Findings};
use crate::contract::settings::view::{Found, View};

/// Adds what is beyond its bounds or does not fit.
pub fn check(view: &View<'_>, found: &mut Findings) {
    bounds(view, INGESTERS, found);
    bounds(view, OTHERS, found);
    ingester(view, found);
    patterns(view, found);
    queries(view, found);
    stream_limits(view, found);
    blooms(view, found);
    stores(view, found);
}

fn positive(number: f64) -> bool {
    number > 0.0
}

fn portion(number: f64) -> bool {
    (0.0..=1.0).contains(&number)
}

fn anything_but_zero(number: f64) -> bool {
    number != 0.0
}

/// `Config.Validate` of `pkg/ingester` and `pkg/pattern`, `WALConfig.Validate` of `pkg/ingester`,
/// `LifecyclerConfig.Validate` of dskit's `ring`.
const INGESTERS: &[Bound] = &[
    bound("ingester.flush_op_backoff.max_retries", some, "1 or more"),
    bound("ingester.flush_op_timeout", positive, "a duration of more than 0"),
    bound(
        "ingester.index_shards",
        |shards| shards > 0.0 && shards.log2().fract() == 0.0,
        "a power of two",
    ),
    bound("ingester.wal.disk_full_threshold", portion, "a number from 0 to 1"),
    bound("pattern_ingester.volume_threshold", portion, "a number from 0 to 1"),
    bound("pattern_ingester.lifecycler.heartbeat_period", anything_but_zero, "more than 0"),
    bound("pattern_ingester.lifecycler.heartbeat_timeout", anything_but_zero, "more than 0"),
];

/// `Config.Validate` of `pkg/compactor`, `WorkerConfig.Validate` of `pkg/compactor/jobqueue`,
/// `Limits.Validate` of `pkg/validation`, `OssConfig.Validate` of `pkg/storage/chunk/client/alibaba`.
const OTHERS: &[Bound] = &[
    bound("compactor.max_compaction_parallelism", some, "1 or more"),
    bound("compactor.worker_config.num_sub_workers", some, "1 or more"),
    bound("limits_config.tsdb_max_bytes_per_shard", positive, "more than 0"),
    bound(
        "limits_config.engine_results_cache_time_bucket_interval",
        |length| length >= MINUTE,
        "a duration of 1m or more",
    ),
    bound("storage_config.alibabacloud.read_write_timeout_sec", some, "1 or more"),
];

/// `Config.Validate` and `WALConfig.Validate` of `pkg/ingester`.
fn ingester(view: &View<'_>, found: &mut Findings) {
    fit(
        view,
        [
            ("ingester.flush_op_backoff.min_period", 10.0),
            ("ingester.flush_op_backoff.max_period", MINUTE),
        ],
        |[least, most]| least <= most,
        "the shortest pause between flushes is longer than the longest",
        "let `min_period` be at most `max_period`",
        found,
    );
    fit(
        view,
        [("ingester.wal.checkpoint_duration", 5.0 * MINUTE), ("ingester.wal.enabled", 1.0)],
        |[length, enabled]| enabled == 0.0 || length > 0.0,
        "a log of writes needs checkpoints",
        "set `checkpoint_duration` to more than 0",
        found,
    );
    fit(
        view,
        [("ingester.delegate_stream_limits_enabled", 0.0), ("ingest_limits.enabled", 0.0)],
        |[delegated, enabled]| delegated == 0.0 || enabled != 0.0,
        "limits of streams are left to a service that is off",
        "set `ingest_limits.enabled` to `true`",
        found,
    );
}

/// `Config.Validate` of `pkg/pattern`.
fn patterns(view: &View<'_>, found: &mut Findings) {
    let age = ("pattern_ingester.max_chunk_age", HOUR);
    fit(
        view,
        [("pattern_ingester.retain_for", 3.0 * HOUR), age],
        |[kept, age]| kept >= age,
        "patterns are kept shorter than a chunk of them lasts",
        "let `retain_for` be at least `max_chunk_age`",
        found,
    );
    fit(
        view,
        [("pattern_ingester.pattern_sample_interval", 10.0), age],
        |[interval, age]| age >= interval,
        "a chunk of patterns lasts shorter than a sample",
        "let `max_chunk_age` be at least `pattern_sample_interval`",
        found,
    );
}

/// `Config.Validate` of `pkg/querier`, of `pkg/querier/queryrange/queryrangebase` and of
/// `pkg/distributor`.
fn queries(view: &View<'_>, found: &mut Findings) {
    fit(
        view,
        [("querier.query_store_only", 0.0), ("querier.query_ingester_only", 0.0)],
        |[store, ingesters]| store == 0.0 || ingesters == 0.0,
        "`query_store_only` and `query_ingester_only` leave nothing to query",
        "turn one of them off",
        found,
    );
    fit(
        view,
        [("distributor.ingester_writes_enabled", 1.0), ("distributor.kafka_writes_enabled", 0.0)],
        |[ingesters, kafka]| ingesters != 0.0 || kafka != 0.0,
        "what distributors take they write nowhere",
        "turn `ingester_writes_enabled` or `kafka_writes_enabled` on",
        found,
    );
}

/// `Config.Validate` of `pkg/limits` and of `pkg/limits/frontend`, which hold while the service is on.
fn stream_limits(view: &View<'_>, found: &mut Findings) {
    if view.flag("ingest_limits.enabled") != Some(true) {
        return;
    }
    const SERVICE: &[Bound] = &[
        bound("ingest_limits.active_window", positive, "a duration of more than 0"),
        bound("ingest_limits.rate_window", positive, "a duration of more than 0"),
        bound("ingest_limits.bucket_size", positive, "a duration of more than 0"),
        bound("ingest_limits.eviction_interval", positive, "a duration of more than 0"),
        bound("ingest_limits.num_partitions", some, "1 or more"),
    ];
    bounds(view, SERVICE, found);
    fit(
        view,
        [("ingest_limits.rate_window", 5.0 * MINUTE), ("ingest_limits.bucket_size", MINUTE)],
        |[window, bucket]| bucket <= 0.0 || window % bucket == 0.0,
        "`rate_window` is no multiple of `bucket_size`",
        "let buckets fill the window",
        found,
    );
    for (ttl, on, default) in [
        ("assigned_partitions_cache_ttl", "assigned_partitions_cache_enabled", 1.0),
        ("accepted_streams_cache_ttl", "accepted_streams_cache_enabled", 0.0),
        ("accepted_streams_cache_ttl_jitter", "accepted_streams_cache_enabled", 0.0),
    ] {
        let path = |name: &str| format!("ingest_limits_frontend.{name}");
        fit(
            view,
            [(&path(ttl), MINUTE), (&path(on), default)],
            |[length, enabled]| enabled == 0.0 || length > 0.0,
            "a cache that is on must keep something for a while",
            "write a duration of more than 0, or turn the cache off",
            found,
        );
    }
    let topic = view.get("ingest_limits.topic").filter(|found| found.node.text() != Some(""));
    if let (None, Some(Found { at, .. })) = (topic, view.get("ingest_limits.enabled")) {
        let message = "limits of streams need the topic of a Kafka".to_owned();
        let help = Some("set `ingest_limits.topic`".to_owned());
        found.add(At::Other(&at), Kind::Missing, message, help);
    }
}

/// `Config.Validate` of `pkg/bloombuild/planner`, which holds while blooms are built.
fn blooms(view: &View<'_>, found: &mut Findings) {
    if view.flag("bloom_build.enabled") != Some(true) {
        return;
    }
    fit(
        view,
        [
            ("bloom_build.planner.min_table_offset", 0.0),
            ("bloom_build.planner.max_table_offset", 1.0),
        ],
        |[least, most]| least <= most,
        "`min_table_offset` is more than `max_table_offset`",
        "let the newest table be no older than the oldest",
        found,
    );
    fit(
        view,
        [
            ("bloom_build.planner.retention.max_lookback_days", 365.0),
            ("bloom_build.planner.retention.enabled", 0.0),
        ],
        |[days, enabled]| enabled == 0.0 || days >= 1.0,
        "blooms are kept for no day",
        "set `max_lookback_days` to 1 or more",
        found,
    );
}

/// `BlocksCacheConfig.Validate` of `pkg/storage/stores/shipper/bloomshipper/config`.
fn stores(view: &View<'_>, found: &mut Findings) {
    const CACHE: &[Bound] = &[
        bound("storage_config.bloom_shipper.blocks_cache.ttl", anything_but_zero, "more than 0"),
        bound(
            "storage_config.bloom_shipper.blocks_cache.soft_limit",
            anything_but_zero,
            "more than 0",
        ),
    ];
    bounds(view, CACHE, found);
}
