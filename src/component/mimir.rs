//! Mimir: the metrics store, in its classic architecture: distributors push to ingesters, without
//! a queue in between.

use super::sizing::{Table, node_selector, row, storage_class};
use super::{Chart, ComponentId, Release};
use crate::model::{Amount as _, Grant, ObjectStore, Plan};
use crate::node::{Data, Node, because, derived, map};

/// The chart. 6.0.0 and 6.0.1 issued a broken certificate (grafana/mimir#13338).
pub const CHART: Chart = Chart {
    repository: "https://grafana.github.io/helm-charts",
    name: "mimir-distributed",
    version: "6.0.6",
};

// Sizes. Medium is the chart's `small.yaml` (about 1,000,000 series every 15 s, 70 % used), large is
// its `large.yaml` (about 10,000,000). Small requests a quarter of medium, for about 250,000 series;
// its ingesters' limit still holds the 800,000 series that the default limit lets in: 12Gi for
// 1,100,000 series in an ingester is 9Gi for 800,000. The store gateway's limit of 4Gi is the
// reference system's, set after an unbounded one starved its neighbours.
static DISTRIBUTOR: Table = Table {
    small: row(2, "500m", "1Gi", "2Gi", ""),
    medium: row(2, "2", "4Gi", "5837Mi", ""),
    large: row(12, "2", "4Gi", "5837Mi", ""),
};
static INGESTER: Table = Table {
    small: row(3, "500m", "2Gi", "9Gi", "20Gi"),
    medium: row(3, "3500m", "8Gi", "12Gi", "50Gi"),
    large: row(27, "3500m", "8Gi", "12Gi", "50Gi"),
};
static QUERIER: Table = Table {
    small: row(2, "250m", "1Gi", "3Gi", ""),
    medium: row(2, "2", "4Gi", "5735Mi", ""),
    large: row(4, "2", "6Gi", "8704Mi", ""),
};
static QUERY_FRONTEND: Table = Table {
    small: row(1, "100m", "512Mi", "1Gi", ""),
    medium: row(1, "2", "2Gi", "2868Mi", ""),
    large: row(3, "2", "2Gi", "2868Mi", ""),
};
/// Not in the chart's sizing files: it only passes requests on, so the chart's default request and
/// a limit of four times that.
static QUERY_SCHEDULER: Table = Table {
    small: row(2, "100m", "128Mi", "512Mi", ""),
    medium: row(2, "100m", "128Mi", "512Mi", ""),
    large: row(2, "250m", "256Mi", "1Gi", ""),
};
static STORE_GATEWAY: Table = Table {
    small: row(3, "250m", "1Gi", "4Gi", "20Gi"),
    medium: row(3, "1", "1536Mi", "4Gi", "20Gi"),
    large: row(6, "1", "6Gi", "8704Mi", "50Gi"),
};
static COMPACTOR: Table = Table {
    small: row(1, "250m", "1Gi", "2Gi", "20Gi"),
    medium: row(1, "1", "1536Mi", "2150Mi", "20Gi"),
    large: row(1, "1", "2Gi", "2868Mi", "50Gi"),
};
static GATEWAY: Table = Table {
    small: row(2, "50m", "64Mi", "256Mi", ""),
    medium: row(2, "1", "512Mi", "731Mi", ""),
    large: row(3, "1", "512Mi", "731Mi", ""),
};

/// Renders the metrics store.
pub fn render(plan: &Plan) -> Release {
    Release {
        id: ComponentId::Mimir,
        chart: CHART,
        version: CHART.pinned(),
        values: values(plan),
        config: None,
        objects: Vec::new(),
    }
}

fn values(plan: &Plan) -> Node {
    const NAME: &str = "clients address the gateway as `mimir-gateway`";
    let base = map([
        ("fullnameOverride", because(NAME, "mimir")),
        ("serviceAccount", plan.identities.mimir.service_account()),
        ("mimir", map([("structuredConfig", config(plan))])),
    ]);
    let base = match plan.identities.mimir.access().pod_labels {
        Some(labels) => base.with(map([("global", map([("podLabels", labels)]))])),
        None => base,
    };
    base.with(switches()).with(stateless(plan)).with(stateful(plan))
}

/// What the chart turns on and this stack does not use.
fn switches() -> Node {
    let off = |why: &'static str| map([("enabled", because(why, false))]);
    map([
        ("alertmanager", off("alerts are the control room's")),
        ("kafka", off("the classic architecture has no queue; the chart's is a demo broker")),
        ("overrides_exporter", off("nothing reads its metrics: one tenant, one set of limits")),
        ("minio", off("blocks go to the cloud's object store; the chart's is a demo store")),
        ("rollout_operator", off("it serves zones, and there are none; its webhooks fail closed")),
        ("ruler", off("rules are the control room's")),
    ])
}

fn stateless(plan: &Plan) -> Node {
    let (size, asked) = (&plan.mimir.size, &plan.mimir.replicas);
    let part = |table: &Table, asked: Option<_>| {
        map([("replicas", table.replicas(size, asked)), ("resources", table.resources(size))])
    };
    map([
        ("distributor", part(&DISTRIBUTOR, asked.distributor.as_ref())),
        ("gateway", part(&GATEWAY, asked.gateway.as_ref())),
        ("querier", part(&QUERIER, asked.querier.as_ref())),
        ("query_frontend", part(&QUERY_FRONTEND, asked.query_frontend.as_ref())),
        ("query_scheduler", part(&QUERY_SCHEDULER, asked.query_scheduler.as_ref())),
    ])
}

fn stateful(plan: &Plan) -> Node {
    const KEEP: &str = "an ingester's volume holds the head block and its log: hours of metrics";
    const CACHE: &str = "what this volume holds can be had again from the object store";
    const ZONES: &str = "one failure domain: three zones would need three times the pods";
    let spec = &plan.mimir;
    let part = |table: &Table, asked: Option<_>, why: &'static str, after: &'static str| {
        let volume = map([
            ("size", table.volume(&spec.size, spec.volume_size.as_ref())),
            ("enableRetentionPolicy", because(why, true)),
            ("whenDeleted", because(why, after)),
            ("whenScaled", because(why, after)),
        ]);
        map([
            ("replicas", table.replicas(&spec.size, asked)),
            ("resources", table.resources(&spec.size)),
            ("persistentVolume", volume.with(storage_class(spec.storage_class.as_ref()))),
        ])
        .with(node_selector(&spec.node_selector))
    };
    let unzoned = || map([("zoneAwareReplication", map([("enabled", because(ZONES, false))]))]);
    let replicas = &spec.replicas;
    map([
        (
            "ingester",
            part(&INGESTER, replicas.ingester.as_ref(), KEEP, "Retain")
                .with(unzoned())
                .with(spread()),
        ),
        (
            "store_gateway",
            part(&STORE_GATEWAY, replicas.store_gateway.as_ref(), CACHE, "Delete").with(unzoned()),
        ),
        ("compactor", part(&COMPACTOR, replicas.compactor.as_ref(), CACHE, "Delete")),
    ])
}

/// Two copies on one node would be lost with it, and two are the quorum: ingesters spread over the
/// nodes that can take them, as evenly as there are nodes.
fn spread() -> Node {
    const NODES: &str = "copies of a series are on different nodes, as far as there are nodes";
    map([(
        "topologySpreadConstraints",
        map([
            ("maxSkew", because(NODES, 1)),
            ("nodeTaintsPolicy", because("nodes that refuse the pods do not count", "Honor")),
            ("topologyKey", because(NODES, "kubernetes.io/hostname")),
            ("whenUnsatisfiable", because(NODES, "DoNotSchedule")),
        ]),
    )])
}

/// Mimir's own configuration, over the chart's.
fn config(plan: &Plan) -> Node {
    map([
        ("blocks_storage", blocks_storage(plan)),
        ("limits", limits(plan)),
        ("usage_stats", map([("enabled", Node::from(&plan.telemetry_reporting))])),
    ])
    .with(classic())
}

/// The three settings of the chart's own preset for the classic architecture. A null deletes the
/// chart's default.
fn classic() -> Node {
    const CLASSIC: &str = "distributors push to ingesters; nothing is written to a queue";
    let gone = || because(CLASSIC, Data::Null);
    let kafka = map([
        ("address", gone()),
        ("topic", gone()),
        ("auto_create_topic_enabled", gone()),
        ("auto_create_topic_default_partitions", gone()),
    ]);
    map([
        ("ingest_storage", map([("enabled", because(CLASSIC, false)), ("kafka", kafka)])),
        ("ingester", map([("push_grpc_method_enabled", because(CLASSIC, true))])),
        (
            "distributor",
            map([("remote_timeout", because("Mimir's default without a queue", "2s"))]),
        ),
    ])
}

fn blocks_storage(plan: &Plan) -> Node {
    let prefix = &plan.mimir.storage_prefix;
    let prefix = map(prefix.value.written().then(|| ("storage_prefix", Node::from(prefix))));
    prefix.with(match &plan.mimir_store {
        ObjectStore::S3(s3) => {
            let bucket = map([
                ("bucket_name", Node::from(&s3.bucket)),
                ("endpoint", Node::from(&s3.endpoint)),
                ("region", Node::from(&s3.region)),
            ]);
            map([
                ("backend", because("the store that the cloud grants", "s3")),
                ("s3", bucket.with(node_agent(&plan.identities.mimir.grant))),
            ])
        }
        ObjectStore::AzureBlob(blob) => map([
            ("backend", because("the store that the cloud grants", "azure")),
            (
                "azure",
                map([
                    ("account_name", Node::from(&blob.account)),
                    ("container_name", Node::from(&blob.container)),
                ]),
            ),
        ]),
    })
}

/// Mimir's own S3 client does not ask the agent on the node; AWS's does.
fn node_agent(grant: &Grant) -> Node {
    const WHY: &str = "only AWS's own credential chain asks the agent on the node";
    match grant {
        Grant::NodeAgent(switch) => {
            map([("native_aws_auth_enabled", because(WHY, true).because_of(&[switch]))])
        }
        Grant::RoleAnnotation(_) | Grant::ClientId(_) | Grant::Nothing => map::<&'static str>([]),
    }
}

fn limits(plan: &Plan) -> Node {
    const RATE: &str = "every series that the limit lets in, scraped every 15 s";
    const BURST: &str = "ten seconds of the rate, for a sender that catches up";
    let series = &plan.mimir.max_series;
    let rate = series.value.get() / 15;
    map([
        ("compactor_blocks_retention_period", Node::from(&plan.mimir.retention)),
        ("max_global_series_per_user", Node::from(series)),
        ("max_label_names_per_series", Node::from(&plan.mimir.max_labels)),
        ("ingestion_rate", derived(RATE, [&series.origin], rate)),
        ("ingestion_burst_size", derived(BURST, [&series.origin], rate.saturating_mul(10))),
    ])
}
