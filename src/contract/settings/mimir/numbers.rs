//! Numbers and durations of Mimir's: what each must be, and which must fit together. Where it says so in
//! Mimir is noted above each group.

use crate::contract::settings::amounts::{Bound, HOUR, MINUTE, bound, bounds, fit, natural, some};
use crate::contract::settings::findings::Findings;
use crate::contract::settings::view::View;

/// Adds what is beyond its bounds or does not fit.
pub fn check(view: &View<'_>, found: &mut Findings) {
    bounds(view, BLOCKS, found);
    bounds(view, OTHERS, found);
    head(view, found);
    stored(view, found);
    queries(view, found);
    limits(view, found);
}

/// Whether stripes can be found by bits.
fn power_of_two(number: f64) -> bool {
    number > 1.0 && number.log2().fract() == 0.0
}

/// `TSDBConfig.Validate` and `BucketStoreConfig.Validate` of `pkg/storage/tsdb`, `Config.Validate` of
/// `pkg/storage/indexheader`.
const BLOCKS: &[Bound] = &[
    bound(
        "blocks_storage.tsdb.head_compaction_interval",
        |length| length > 0.0 && length <= 15.0 * MINUTE,
        "a duration of more than 0 and at most 15m",
    ),
    bound("blocks_storage.tsdb.head_compaction_concurrency", some, "1 or more"),
    bound(
        "blocks_storage.tsdb.head_chunks_write_buffer_size_bytes",
        |size| (65_536.0..=8_388_608.0).contains(&size) && size % 1024.0 == 0.0,
        "a multiple of 1024 from 65536 to 8388608",
    ),
    bound("blocks_storage.tsdb.stripe_size", power_of_two, "a power of two above 1"),
    bound("blocks_storage.tsdb.wal_segment_size_bytes", some, "1 or more"),
    bound("blocks_storage.tsdb.wal_replay_concurrency", natural, "0 or more"),
    bound(
        "blocks_storage.tsdb.early_head_compaction_min_estimated_series_reduction_percentage",
        |percent| (0.0..=100.0).contains(&percent),
        "a number from 0 to 100",
    ),
    bound("blocks_storage.bucket_store.streaming_series_batch_size", some, "1 or more"),
    bound(
        "blocks_storage.bucket_store.series_fetch_preference",
        |preference| preference > 0.0,
        "more than 0",
    ),
    bound(
        "blocks_storage.bucket_store.index_header.lazy_loading_concurrency",
        natural,
        "0 or more",
    ),
];

/// `RetryConfig.Validate` of `pkg/distributor`, `Config.Validate` of `pkg/distributor`, `pkg/querier`,
/// `pkg/ingester`, `pkg/frontend/v2`, `pkg/ruler`, `pkg/storegateway`, `pkg/compactor` and
/// `pkg/scheduler/schedulerdiscovery`, and `Limits.Validate` of `pkg/util/validation`.
const OTHERS: &[Bound] = &[
    bound("distributor.retry_after_header.min_backoff", some, "a duration of 1s or more"),
    bound("distributor.retry_after_header.max_backoff", some, "a duration of 1s or more"),
    bound("querier.streaming_chunks_per_ingester_series_buffer_size", some, "1 or more"),
    bound("querier.streaming_chunks_per_store_gateway_series_buffer_size", some, "1 or more"),
    bound("ingester.error_sample_rate", natural, "0 or more"),
    bound("frontend.remote_execution_batch_size", some, "1 or more"),
    bound(
        "ruler.independent_rule_evaluation_concurrency_min_duration_percentage",
        natural,
        "0 or more",
    ),
    bound("compactor.max_opening_blocks_concurrency", some, "1 or more"),
    bound("compactor.max_closing_blocks_concurrency", some, "1 or more"),
    bound("compactor.symbols_flushers_concurrency", some, "1 or more"),
    bound("compactor.max_block_upload_validation_concurrency", natural, "0 or more"),
    bound("query_scheduler.max_used_instances", natural, "0 or more"),
    bound("limits.ingestion_tenant_shard_size", natural, "0 or more"),
    bound("limits.ruler_tenant_shard_size", natural, "0 or more"),
    bound("limits.store_gateway_tenant_shard_size", natural, "0 or more"),
    bound("limits.ha_tracker_update_timeout_jitter_max", natural, "a duration of 0 or more"),
    bound(
        "limits.max_estimated_fetched_chunks_per_query_multiplier",
        |times| times == 0.0 || times >= 1.0,
        "0, or 1 or more",
    ),
];

/// `TSDBConfig.Validate` of `pkg/storage/tsdb`.
fn head(view: &View<'_>, found: &mut Findings) {
    fit(
        view,
        [
            ("blocks_storage.tsdb.ship_concurrency", 10.0),
            ("blocks_storage.tsdb.ship_interval", MINUTE),
        ],
        |[at_once, interval]| interval <= 0.0 || at_once >= 1.0,
        "no tenant's blocks are shipped",
        "set `ship_concurrency` to 1 or more",
        found,
    );
    fit(
        view,
        [
            ("blocks_storage.tsdb.early_head_compaction_min_in_memory_series", 0.0),
            ("ingester.active_series_metrics_enabled", 1.0),
        ],
        |[series, active]| series <= 0.0 || active > 0.0,
        "early compaction needs `ingester.active_series_metrics_enabled`",
        "leave `ingester.active_series_metrics_enabled` on",
        found,
    );
    fit(
        view,
        [
            ("blocks_storage.tsdb.index_lookup_planning.statistics_collection_frequency", HOUR),
            ("blocks_storage.tsdb.index_lookup_planning.enabled", 0.0),
        ],
        |[frequency, enabled]| enabled == 0.0 || frequency > 0.0,
        "planning of lookups needs statistics",
        "set `statistics_collection_frequency` to more than 0",
        found,
    );
}

/// `BucketStoreConfig.Validate` of `pkg/storage/tsdb`, `DynamicReplicationConfig.Validate` of
/// `pkg/storegateway`, `RingConfig.Validate` of `pkg/util/validation/exporter`.
fn stored(view: &View<'_>, found: &mut Findings) {
    let querying =
        ("blocks_storage.bucket_store.ignore_deletion_mark_while_querying_delay", 50.0 * MINUTE);
    fit(
        view,
        [querying, ("blocks_storage.bucket_store.ignore_deletion_mark_delay", HOUR)],
        |[querying, ignored]| querying < ignored,
        "`ignore_deletion_mark_while_querying_delay` is not shorter than `ignore_deletion_mark_delay`",
        "let queries give up a deleted block before store-gateways do",
        found,
    );
    fit(
        view,
        [querying, ("blocks_storage.bucket_store.sync_interval", 15.0 * MINUTE)],
        |[querying, interval]| querying > 3.0 * interval,
        "`ignore_deletion_mark_while_querying_delay` is not longer than three times `sync_interval`",
        "let queries keep a deleted block until those that took its place are found",
        found,
    );
    fit(
        view,
        [
            ("store_gateway.dynamic_replication.max_time_threshold", 25.0 * HOUR),
            ("store_gateway.dynamic_replication.multiple", 2.0),
            ("store_gateway.dynamic_replication.enabled", 0.0),
        ],
        |[threshold, multiple, enabled]| enabled == 0.0 || (threshold >= HOUR && multiple >= 2.0),
        "dynamic replication needs a threshold of 1h or more and a multiple of 2 or more",
        "set `max_time_threshold` and `multiple`, or turn it off",
        found,
    );
    fit(
        view,
        [
            ("overrides_exporter.ring.wait_stability_min_duration", 0.0),
            ("overrides_exporter.ring.wait_stability_max_duration", 5.0 * MINUTE),
        ],
        |[least, most]| least <= 0.0 || least <= most,
        "`wait_stability_min_duration` is longer than `wait_stability_max_duration`",
        "let the longest wait be at least as long as the shortest",
        found,
    );
}

/// `Config.Validate` of `pkg/mimir`, `Config.ValidateLimits` of `pkg/querier` and `Config.Validate` of
/// `pkg/frontend/querymiddleware`.
fn queries(view: &View<'_>, found: &mut Findings) {
    fit(
        view,
        [("querier.timeout", 2.0 * MINUTE), ("server.http_server_write_timeout", 2.0 * MINUTE)],
        |[taken, given]| taken <= given,
        "`querier.timeout` is longer than `server.http_server_write_timeout`",
        "let the server wait at least as long as the querier",
        found,
    );
    fit(
        view,
        [
            ("querier.query_store_after", 12.0 * HOUR),
            ("limits.query_ingesters_within", 13.0 * HOUR),
        ],
        |[after, within]| within == 0.0 || after == 0.0 || after < within,
        "between `limits.query_ingesters_within` and `querier.query_store_after` nothing is queried",
        "let `query_ingesters_within` be longer than `query_store_after`",
        found,
    );
    fit(
        view,
        [("frontend.split_queries_by_interval", 24.0 * HOUR), ("frontend.cache_results", 0.0)],
        |[interval, cached]| cached == 0.0 || interval > 0.0,
        "results are cached only of queries that are split",
        "set `frontend.split_queries_by_interval`",
        found,
    );
}

/// `Limits.Validate` of `pkg/util/validation`.
fn limits(view: &View<'_>, found: &mut Findings) {
    fit(
        view,
        [
            ("limits.ha_tracker_failover_timeout", 30.0),
            ("limits.ha_tracker_update_timeout", 15.0),
            ("limits.ha_tracker_update_timeout_jitter_max", 5.0),
        ],
        |[failover, update, jitter]| {
            (update <= 0.0 && failover <= 0.0) || failover >= update + jitter + 1.0
        },
        "a replica would be given up before it is late",
        "let `ha_tracker_failover_timeout` be 1s longer than `ha_tracker_update_timeout` and its jitter",
        found,
    );
    let strategy = view.text("limits.label_value_length_over_limit_strategy");
    if matches!(strategy, Some("truncate" | "drop")) {
        fit(
            view,
            [("limits.max_label_value_length", 2048.0)],
            |[length]| length >= 71.0,
            "there is no room for the hash of a value that is too long",
            "set `max_label_value_length` to 71 or more",
            found,
        );
    }
}
