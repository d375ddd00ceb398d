//! Mistakes that people have made, each with where it shows and what helps.

use super::{assert_only, node, of, yaml};
use telemetree::contract::Kind;
use telemetree::contract::settings::{self, in_values};

#[test]
fn names_that_nobody_reads_are_found_and_placed() {
    let mimir = of("mimir-distributed");
    let cases = [
        (
            "mimir: {structuredConfig: {limits: {max_global_serie_per_user: 1}}}",
            "!/mimir/structuredConfig/limits/max_global_serie_per_user",
            "max_global_series_per_user",
        ),
        (
            "mimir: {structuredConfig: {max_global_series_per_user: 1}}",
            "!/mimir/structuredConfig/max_global_series_per_user",
            "`limits`",
        ),
        (
            "mimir: {ingester: {push_grpc_method_enabled: true}}",
            "!/mimir/ingester",
            "`mimir.structuredConfig`",
        ),
        (
            "runtimeConfig: {overrides: {a: {ingestion_rat: 1}}}",
            "!/runtimeConfig/overrides/a/ingestion_rat",
            "ingestion_rate",
        ),
    ];
    for (text, place, help) in cases {
        assert_only(&mimir, text, Kind::Unknown, place, help);
    }
    let loki = of("loki");
    let cases = [
        (
            "loki: {limits_config: {retention_perod: 30d}}",
            "!/loki/limits_config/retention_perod",
            "retention_period",
        ),
        (
            "loki: {compactor: {volume_enabled: true}}",
            "!/loki/compactor/volume_enabled",
            "`limits_config`",
        ),
        ("loki: {schema_config: {}}", "!/loki/schema_config", "`schemaConfig`"),
        (
            "loki: {storage_config: {object_store: {azure: {use_federated_token: true}}}}",
            "!/loki/storage_config/object_store/azure/use_federated_token",
            "",
        ),
    ];
    for (text, place, help) in cases {
        assert_only(&loki, text, Kind::Unknown, place, help);
    }
}

#[test]
fn names_that_are_gone_say_what_came_instead() {
    let loki = of("loki");
    assert_only(
        &loki,
        "loki: {compactor: {shared_store: s3}}",
        Kind::Removed,
        "!/loki/compactor/shared_store",
        "",
    );
    assert_only(
        &loki,
        "loki: {limits_config: {enforce_metric_name: false}}",
        Kind::Removed,
        "!/loki/limits_config/enforce_metric_name",
        "",
    );
    assert_only(
        &loki,
        "loki: {structuredConfig: {query_range: {split_queries_by_interval: 15m}}}",
        Kind::Removed,
        "!/loki/structuredConfig/query_range/split_queries_by_interval",
        "`limits_config.split_queries_by_interval`",
    );
    assert_only(
        &loki,
        "loki: {limits_config: {unordered_writes: true}}",
        Kind::Deprecated,
        "!/loki/limits_config/unordered_writes",
        "",
    );
    assert_only(
        of("loki"),
        "loki: {block_builder: {interval: 1m}}",
        Kind::Removed,
        "/loki/block_builder",
        "leave it out",
    );
    assert_only(
        of("mimir-distributed"),
        "mimir: {structuredConfig: {querier: {query_ingesters_within: 13h}}}",
        Kind::Removed,
        "!/mimir/structuredConfig/querier/query_ingesters_within",
        "`limits`",
    );
    assert_only(
        of("mimir-distributed"),
        "mimir: {structuredConfig: {blocks_storage: {bucket_store: {max_chunk_pool_bytes: 1}}}}",
        Kind::Removed,
        "!/mimir/structuredConfig/blocks_storage/bucket_store/max_chunk_pool_bytes",
        "",
    );
    let grafana = of("grafana");
    assert_only(
        &grafana,
        "grafana.ini: {alerting: {enabled: true}}",
        Kind::Removed,
        "!/grafana.ini/alerting",
        "`unified_alerting`",
    );
    assert_only(
        &grafana,
        "notifiers: {notifiers.yaml: {notifiers: []}}",
        Kind::Removed,
        "!/notifiers/notifiers.yaml",
        "contact points",
    );
}

#[test]
fn values_are_read_as_the_programs_read_them() {
    let mimir = of("mimir-distributed");
    let loki = of("loki");
    let limits = |value: &str| format!("mimir: {{structuredConfig: {{limits: {{{value}}}}}}}");
    for good in [
        "max_global_series_per_user: '${SERIES}'",
        "max_global_series_per_user: '{{ .Values.series }}'",
        "compactor_blocks_retention_period: 1y",
        "accept_ha_samples: 'yes'",
        "max_label_names_per_series: null",
        "ingestion_rate: 1e5",
    ] {
        assert_eq!(mimir(&node(&yaml(&limits(good)))), [], "{good}");
    }
    for (bad, kind) in [
        ("max_global_series_per_user: '800000'", Kind::Type),
        ("compactor_blocks_retention_period: 1.5y", Kind::Value),
        ("accept_ha_samples: 'true'", Kind::Type),
        ("ingestion_rate: fast", Kind::Type),
        ("max_label_names_per_series: [30]", Kind::Type),
    ] {
        let name = bad.split(':').next().unwrap();
        assert_only(
            &mimir,
            &limits(bad),
            kind,
            &format!("/mimir/structuredConfig/limits/{name}"),
            "",
        );
    }
    assert_only(
        &mimir,
        "mimir: {structuredConfig: {distributor: {remote_timeout: 1d}}}",
        Kind::Value,
        "/mimir/structuredConfig/distributor/remote_timeout",
        "1h30m",
    );
    assert_only(
        &loki,
        "loki: {server: {log_level: warning}}",
        Kind::Value,
        "/loki/server/log_level",
        "`warn`",
    );
    assert_only(
        &loki,
        "loki: {limits_config: {per_stream_rate_limit: 3MiB}}",
        Kind::Value,
        "/loki/limits_config/per_stream_rate_limit",
        "4MB",
    );
    assert_only(
        &loki,
        "loki: {limits_config: {volume_enabled: 'yes'}}",
        Kind::Type,
        "/loki/limits_config/volume_enabled",
        "without quotes",
    );
}

#[test]
fn a_dollar_that_the_environment_would_take_is_found() {
    let label = |text: &str| {
        format!("mimir: {{structuredConfig: {{memberlist: {{cluster_label: '{text}'}}}}}}")
    };
    let at = "/mimir/structuredConfig/memberlist/cluster_label";
    for text in ["a$b", "$1", "a$$b", "${1}"] {
        assert_only(of("mimir-distributed"), &label(text), Kind::Value, at, "${dollar:$}");
    }
    assert_eq!(in_values("mimir-distributed", &node(&yaml(&label("${A}$")))), []);
    assert_eq!(
        in_values("loki", &node(&yaml("loki: {memberlistConfig: {cluster_label: a$$b}}"))),
        []
    );
}

#[test]
fn what_loki_refuses_at_its_start_is_found() {
    let period =
        |from: &str, rest: &str| format!("{{{from} store: tsdb, object_store: s3, {rest}}}");
    let good = "schema: v13, index: {prefix: a, period: 24h}";
    let schema =
        |periods: &[String]| format!("schema_config: {{configs: [{}]}}", periods.join(", "));
    let from = "from: '2024-04-01',";
    let at = "/schema_config/configs/0";
    assert_eq!(settings::loki(&node(&yaml(&schema(&[period(from, good)])))), []);
    let hourly = "schema: v13, index: {prefix: a, period: 1h}";
    let old = "schema: v12, index: {prefix: a, period: 24h}";
    let cases = [
        (vec![period("", good)], Kind::Missing, at.to_owned()),
        (vec![period(from, hourly)], Kind::Value, format!("{at}/index/period")),
        (vec![period(from, "schema: v13")], Kind::Missing, at.to_owned()),
        (vec![period(from, old)], Kind::Conflict, format!("{at}/schema")),
        (
            vec![period(from, good), period(from, good)],
            Kind::Conflict,
            "/schema_config/configs/1/from".to_owned(),
        ),
    ];
    for (periods, kind, place) in cases {
        assert_only(settings::loki, &schema(&periods), kind, &place, "");
    }
    assert_only(
        settings::loki,
        "compactor: {retention_enabled: true}",
        Kind::Missing,
        "/compactor/retention_enabled",
        "delete_request_store",
    );
    assert_only(
        settings::loki,
        "limits_config: {retention_period: 30d}",
        Kind::Conflict,
        "/limits_config/retention_period",
        "compactor.retention_enabled",
    );
    let short = "limits_config: {retention_period: 12h}\n\
                 compactor: {retention_enabled: true, delete_request_store: s3}";
    assert_only(settings::loki, short, Kind::Value, "/limits_config/retention_period", "30d");
    assert_only(
        of("loki"),
        "deploymentMode: SimpleScalable\nwrite: {replicas: 2}",
        Kind::Conflict,
        "/write/replicas",
        "3 or more",
    );
}

#[test]
fn what_mimir_refuses_at_its_start_is_found() {
    let shared = "common: {storage: {backend: s3, s3: {bucket_name: a}}}";
    assert_only(
        settings::mimir,
        shared,
        Kind::Conflict,
        "/common/storage/s3/bucket_name",
        "ruler_storage.storage_prefix",
    );
    assert_only(
        settings::mimir,
        "ingest_storage: {enabled: true, kafka: {topic: a}}",
        Kind::Missing,
        "/ingest_storage/enabled",
        "ingest_storage.kafka.address",
    );
    let classic =
        "mimir: {structuredConfig: {ingest_storage: {enabled: false}}}\nkafka: {enabled: false}";
    assert_only(
        of("mimir-distributed"),
        classic,
        Kind::Conflict,
        "/mimir/structuredConfig/ingest_storage/enabled",
        "push_grpc_method_enabled",
    );
    assert_only(
        of("mimir-distributed"),
        "kafka: {enabled: false}",
        Kind::Missing,
        "/kafka/enabled",
        "ingest_storage.kafka.address",
    );
    // Null takes away what the chart says, and Mimir's own holds.
    let preset = "mimir: {structuredConfig: {ingest_storage: {enabled: false, kafka: {address: null}}, \
                  ingester: {push_grpc_method_enabled: null}}}\nkafka: {enabled: false}";
    assert_eq!(in_values("mimir-distributed", &node(&yaml(preset))), []);
    assert_only(
        of("mimir-distributed"),
        "mimir: {structuredConfig: {blocks_storage: {storage_prefix: a/b}}}",
        Kind::Value,
        "/mimir/structuredConfig/blocks_storage/storage_prefix",
        "letters",
    );
    assert_only(
        of("mimir-distributed"),
        "mimir: {structuredConfig: {common: {storage: {s3: {endpoint: 'https://s3.a.com'}}}}}",
        Kind::Value,
        "/mimir/structuredConfig/common/storage/s3/endpoint",
        "`s3.a.com`",
    );
    assert_only(
        of("mimir-distributed"),
        "ingester: {replicas: 1}",
        Kind::Conflict,
        "/ingester/replicas",
        "replication factor",
    );
}
