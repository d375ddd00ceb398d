//! What the programs refuse when they start although each setting by itself is right. Every wrong case
//! stands beside a right one, so that a rule that always speaks fails, too.

use super::{assert_only, node, of, yaml};
use telemetree::contract::Kind;
use telemetree::contract::settings::{self, in_values};
use telemetree::node::Node;

/// A configuration that is refused, in which way and where; and one beside it that is not.
type Case = (&'static str, Kind, &'static str, &'static str);

fn assert_cases(check: impl Fn(&Node) -> Vec<telemetree::contract::Breach>, cases: &[Case]) {
    for (wrong, kind, place, right) in cases {
        assert_only(&check, wrong, *kind, place, "");
        assert_eq!(check(&node(&yaml(right))), [], "{right}");
    }
}

#[test]
fn mimir_refuses_numbers_beyond_their_bounds() {
    assert_cases(
        settings::mimir,
        &[
            (
                "blocks_storage: {tsdb: {head_compaction_interval: 90m}}",
                Kind::Value,
                "/blocks_storage/tsdb/head_compaction_interval",
                "blocks_storage: {tsdb: {head_compaction_interval: 15m}}",
            ),
            (
                "blocks_storage: {tsdb: {stripe_size: 1000}}",
                Kind::Value,
                "/blocks_storage/tsdb/stripe_size",
                "blocks_storage: {tsdb: {stripe_size: 1024}}",
            ),
            (
                "blocks_storage: {tsdb: {head_chunks_write_buffer_size_bytes: 65537}}",
                Kind::Value,
                "/blocks_storage/tsdb/head_chunks_write_buffer_size_bytes",
                "blocks_storage: {tsdb: {head_chunks_write_buffer_size_bytes: 66560}}",
            ),
            (
                "distributor: {retry_after_header: {min_backoff: 500ms}}",
                Kind::Value,
                "/distributor/retry_after_header/min_backoff",
                "distributor: {retry_after_header: {min_backoff: 1s}}",
            ),
            (
                "compactor: {max_opening_blocks_concurrency: 0}",
                Kind::Value,
                "/compactor/max_opening_blocks_concurrency",
                "compactor: {max_opening_blocks_concurrency: 1}",
            ),
            (
                "limits: {max_estimated_fetched_chunks_per_query_multiplier: 0.5}",
                Kind::Value,
                "/limits/max_estimated_fetched_chunks_per_query_multiplier",
                "limits: {max_estimated_fetched_chunks_per_query_multiplier: 0}",
            ),
        ],
    );
}

#[test]
fn mimir_refuses_durations_that_do_not_fit_together() {
    let store = "blocks_storage: {bucket_store: {";
    let delay = "ignore_deletion_mark_while_querying_delay";
    for (inner, wrong) in [
        (format!("{delay}: 1h"), true),
        (format!("{delay}: 59m"), false),
        (format!("{delay}: 45m"), true),
        (format!("{delay}: 15m, sync_interval: 4m"), false),
        (format!("{delay}: 2h, ignore_deletion_mark_delay: 3h"), false),
    ] {
        let breaches = settings::mimir(&node(&yaml(&format!("{store}{inner}}}}}"))));
        assert_eq!(breaches.len(), usize::from(wrong), "{inner}: {breaches:?}");
    }
    assert_cases(
        settings::mimir,
        &[
            (
                "limits: {ha_tracker_update_timeout: 25s}",
                Kind::Conflict,
                "/limits/ha_tracker_update_timeout",
                "limits: {ha_tracker_update_timeout: 25s, ha_tracker_failover_timeout: 31s}",
            ),
            (
                "querier: {query_store_after: 14h}",
                Kind::Conflict,
                "/querier/query_store_after",
                "querier: {query_store_after: 14h}\nlimits: {query_ingesters_within: 15h}",
            ),
            (
                "limits: {query_ingesters_within: 12h}",
                Kind::Conflict,
                "/limits/query_ingesters_within",
                "limits: {query_ingesters_within: 0}",
            ),
            (
                "overrides_exporter: {ring: {wait_stability_min_duration: 10m}}",
                Kind::Conflict,
                "/overrides_exporter/ring/wait_stability_min_duration",
                "overrides_exporter: {ring: {wait_stability_min_duration: 5m}}",
            ),
            (
                "store_gateway: {dynamic_replication: {enabled: true, max_time_threshold: 30m}}",
                Kind::Conflict,
                "/store_gateway/dynamic_replication/max_time_threshold",
                "store_gateway: {dynamic_replication: {max_time_threshold: 30m}}",
            ),
            (
                "frontend: {cache_results: true, split_queries_by_interval: 0}",
                Kind::Conflict,
                "/frontend/split_queries_by_interval",
                "frontend: {split_queries_by_interval: 0}",
            ),
        ],
    );
}

#[test]
fn mimir_refuses_words_that_do_not_fit_together() {
    assert_cases(
        settings::mimir,
        &[
            (
                "limits: {otel_translation_strategy: NoTranslation}",
                Kind::Conflict,
                "/limits/otel_translation_strategy",
                "limits: {otel_translation_strategy: NoTranslation, name_validation_scheme: utf8}",
            ),
            (
                "limits: {otel_translation_strategy: UnderscoreEscapingWithSuffixes}",
                Kind::Conflict,
                "/limits/otel_translation_strategy",
                "limits: {otel_translation_strategy: UnderscoreEscapingWithoutSuffixes}",
            ),
            (
                "ingester: {ring: {spread_minimizing_join_ring_in_order: true}}",
                Kind::Conflict,
                "/ingester/ring/spread_minimizing_join_ring_in_order",
                "ingester: {ring: {spread_minimizing_join_ring_in_order: false}}",
            ),
            (
                "ingester: {ring: {token_generation_strategy: spread-minimizing, \
                 instance_availability_zone: a}}",
                Kind::Missing,
                "/ingester/ring/token_generation_strategy",
                "ingester: {ring: {token_generation_strategy: spread-minimizing, \
                 instance_availability_zone: a, spread_minimizing_zones: 'a,b'}}",
            ),
            (
                "overrides_exporter: {enabled_metrics: 'ingestion_rate,ingestion_rat'}",
                Kind::Value,
                "/overrides_exporter/enabled_metrics",
                "overrides_exporter: {enabled_metrics: 'ingestion_rate'}",
            ),
            (
                "vault: {enabled: true, url: 'http://a', mount_path: b}",
                Kind::Missing,
                "/vault/enabled",
                "vault: {enabled: true, url: 'http://a', mount_path: b, auth: {type: token}}",
            ),
            (
                "query_scheduler: {service_discovery_mode: ring}\nfrontend: {scheduler_address: a}",
                Kind::Conflict,
                "/frontend/scheduler_address",
                "query_scheduler: {service_discovery_mode: ring}",
            ),
        ],
    );
}

#[test]
fn mimir_refuses_a_kafka_that_cannot_be_used() {
    let kafka = |rest: &str| {
        let rest =
            format!("ingest_storage: {{enabled: true, kafka: {{address: a, topic: b, {rest}}}}}");
        settings::mimir(&node(&yaml(&rest)))
    };
    for right in ["fetch_max_wait: 5s", "sasl_username: a, sasl_password: b", "write_clients: 1"] {
        assert_eq!(kafka(right), [], "{right}");
    }
    for wrong in [
        "fetch_max_wait: 1s",
        "sasl_username: a",
        "write_clients: 0",
        "max_consumer_lag_at_startup: 1s",
        "auto_create_topic_default_partitions: 0",
        "consume_from_timestamp_at_startup: 1",
        "ingestion_concurrency_max: 1, ingestion_concurrency_batch_size: 0",
    ] {
        assert_eq!(kafka(wrong).len(), 1, "{wrong}: {:?}", kafka(wrong));
    }
    // A Kafka that nobody uses may be as it likes.
    let unused = "ingest_storage: {kafka: {fetch_max_wait: 1s}}";
    assert_eq!(settings::mimir(&node(&yaml(unused))), []);
}

#[test]
fn folders_of_one_process_do_not_overlap() {
    for (config, overlaps) in [
        ("compactor: {data_dir: ./tsdb/}", true),
        ("compactor: {data_dir: tsdb/../tsdb/a}", true),
        ("compactor: {data_dir: /}", true),
        ("compactor: {data_dir: /data}\nruler: {rule_path: /data/rules}", true),
        ("compactor: {data_dir: /data/compactor}\nruler: {rule_path: /data/ruler}", false),
        ("common: {storage: {filesystem: {dir: x}}}", true),
    ] {
        let breaches = settings::mimir(&node(&yaml(config)));
        assert_eq!(!breaches.is_empty(), overlaps, "{config}: {breaches:?}");
    }
    // Of the chart's pods each has a folder of its own.
    let values =
        "mimir: {structuredConfig: {compactor: {data_dir: /data}, ruler: {rule_path: /data}}}";
    assert_eq!(in_values("mimir-distributed", &node(&yaml(values))), []);
}

#[test]
fn what_the_chart_says_counts() {
    let values = |rest: &str| format!("mimir: {{structuredConfig: {{{rest}}}}}");
    let mimir = of("mimir-distributed");
    // The chart names the query schedulers' address.
    let ring = "query_scheduler: {service_discovery_mode: ring}";
    let gone = "frontend: {scheduler_address: null}, frontend_worker: {scheduler_address: null}";
    assert_eq!(mimir(&node(&yaml(&values(ring)))).len(), 2);
    assert_eq!(mimir(&node(&yaml(&values(&format!("{ring}, {gone}"))))), []);
    // It has a file of tokens, which one strategy forbids.
    let spread = "token_generation_strategy: spread-minimizing, spread_minimizing_zones: a, \
                  instance_availability_zone: a";
    let ring = |rest: &str| values(&format!("ingester: {{ring: {{{spread}{rest}}}}}"));
    assert_eq!(mimir(&node(&yaml(&ring("")))).len(), 1);
    assert_eq!(mimir(&node(&yaml(&ring(", tokens_file_path: ''")))), []);
}

#[test]
fn loki_refuses_numbers_that_do_not_fit_together() {
    assert_cases(
        settings::loki,
        &[
            (
                "ingester: {index_shards: 3}",
                Kind::Value,
                "/ingester/index_shards",
                "ingester: {index_shards: 4}",
            ),
            (
                "ingester: {flush_op_backoff: {min_period: 2m}}",
                Kind::Conflict,
                "/ingester/flush_op_backoff/min_period",
                "ingester: {flush_op_backoff: {min_period: 2m, max_period: 2m}}",
            ),
            (
                "ingester: {wal: {checkpoint_duration: 0}}",
                Kind::Conflict,
                "/ingester/wal/checkpoint_duration",
                "ingester: {wal: {checkpoint_duration: 0, enabled: false}}",
            ),
            (
                "pattern_ingester: {retain_for: 30m}",
                Kind::Conflict,
                "/pattern_ingester/retain_for",
                "pattern_ingester: {retain_for: 30m, max_chunk_age: 30m}",
            ),
            (
                "pattern_ingester: {volume_threshold: 1.5}",
                Kind::Value,
                "/pattern_ingester/volume_threshold",
                "pattern_ingester: {volume_threshold: 0.5}",
            ),
        ],
    );
}

#[test]
fn loki_refuses_words_and_switches_that_do_not_fit_together() {
    assert_cases(
        settings::loki,
        &[
            (
                "common: {storage: {gcs: {enable_http2: false}, s3: {region: a}}}",
                Kind::Conflict,
                "/common/storage/s3",
                "common: {storage: {gcs: {enable_http2: true}, s3: {region: a}}}",
            ),
            (
                "limits_config: {bloom_block_encoding: snapy}",
                Kind::Value,
                "/limits_config/bloom_block_encoding",
                "limits_config: {bloom_block_encoding: snappy}",
            ),
            (
                "querier: {query_store_only: true, query_ingester_only: true}",
                Kind::Conflict,
                "/querier/query_store_only",
                "querier: {query_store_only: true}",
            ),
            (
                "frontend_worker: {frontend_address: a, scheduler_address: b}",
                Kind::Conflict,
                "/frontend_worker/scheduler_address",
                "frontend_worker: {frontend_address: a}",
            ),
            (
                "query_range: {shard_aggregations: quantile_over_time}",
                Kind::Conflict,
                "/query_range/shard_aggregations",
                "query_range: {shard_aggregations: quantile_over_time}\n\
                 frontend: {encoding: protobuf}",
            ),
            (
                "compactor: {jobs_config: {deletion: {deletion_manifest_store_prefix: a}}}",
                Kind::Value,
                "/compactor/jobs_config/deletion/deletion_manifest_store_prefix",
                "compactor: {jobs_config: {deletion: {deletion_manifest_store_prefix: a/}}}",
            ),
            (
                "bloom_build: {enabled: true}",
                Kind::Missing,
                "/bloom_build/enabled",
                "bloom_build: {enabled: true, builder: {planner_address: a}}",
            ),
            (
                "distributor: {ingester_writes_enabled: false}",
                Kind::Conflict,
                "/distributor/ingester_writes_enabled",
                "distributor: {ingester_writes_enabled: false, kafka_writes_enabled: true}",
            ),
            (
                "ingest_limits: {enabled: true, topic: a, bucket_size: 2m}",
                Kind::Conflict,
                "/ingest_limits/bucket_size",
                "ingest_limits: {enabled: true, topic: a, bucket_size: 150s}",
            ),
            (
                "ingester: {kafka_ingestion: {enabled: true}}",
                Kind::Missing,
                "/ingester/kafka_ingestion/enabled",
                "ingester: {kafka_ingestion: {enabled: true}}\nkafka_config: {topic: a}",
            ),
        ],
    );
}
