//! Loki: the log store.

mod sizes;

use super::sizing::{node_selector, storage_class};
use super::{Chart, ComponentId, Release};
use crate::model::{LokiMode, LokiPart, ObjectStore, Plan, Replicas, SchemaPeriod};
use crate::node::{Node, because, derived, list, map};
use crate::origin::Sourced;
use sizes::table;

/// The chart. The open-source chart moved to the community's repository in March 2026; the name in
/// the old one is Enterprise Logs.
pub const CHART: Chart = Chart {
    repository: "https://grafana-community.github.io/helm-charts",
    name: "loki",
    version: "18.11.0",
};

/// Renders the log store.
pub fn render(plan: &Plan) -> Release {
    Release {
        id: ComponentId::Loki,
        chart: CHART,
        version: CHART.pinned(),
        values: values(plan),
        config: None,
        objects: Vec::new(),
    }
}

fn values(plan: &Plan) -> Node {
    const NAME: &str = "clients address the gateway as `loki-gateway`";
    let base = map([
        ("fullnameOverride", because(NAME, "loki")),
        ("deploymentMode", mode(plan)),
        ("serviceAccount", plan.identities.loki.service_account()),
        ("loki", config(plan)),
    ]);
    base.with(switches()).with(caches(plan)).with(parts(plan))
}

/// What the chart turns on and this stack does not use.
fn switches() -> Node {
    let off = |why: &'static str| map([("enabled", because(why, false))]);
    map([
        ("lokiCanary", off("its logs are not collected, so it would report all of them lost")),
        ("rbac", map([("namespaced", because("no part of Loki asks beyond its namespace", true))])),
        ("test", off("it needs the canary")),
        ("sidecar", map([("rules", off("rules are the control room's"))])),
    ])
}

/// The chart's default mode is another one since version 12, and a wrong one silently renders one
/// pod: the mode is always written, and the replicas of every part of every mode with it.
fn mode(plan: &Plan) -> Node {
    let name = match plan.loki.mode.value {
        LokiMode::SimpleScalable => "SimpleScalable",
        LokiMode::Monolithic => "Monolithic",
        LokiMode::Distributed => "Distributed",
    };
    derived("the chart's name for the mode", [&plan.loki.mode.origin], name)
}

/// The chart's key for a part.
fn chart_key(part: LokiPart) -> &'static str {
    match part {
        LokiPart::All => "singleBinary",
        LokiPart::Backend
        | LokiPart::Read
        | LokiPart::Write
        | LokiPart::Compactor
        | LokiPart::Distributor
        | LokiPart::IndexGateway
        | LokiPart::Ingester
        | LokiPart::Querier
        | LokiPart::QueryFrontend
        | LokiPart::QueryScheduler
        | LokiPart::Gateway => part.as_str(),
    }
}

fn parts(plan: &Plan) -> Node {
    let parts = LokiPart::ALL.into_iter().map(|part| (chart_key(part), part_values(plan, part)));
    map(parts)
}

fn part_values(plan: &Plan, part: LokiPart) -> Node {
    let spec = &plan.loki;
    if !part.runs_in(spec.mode.value) {
        let none = derived("this part has no pods in the mode", [&spec.mode.origin], 0);
        return map([("replicas", none)]);
    }
    let asked: Option<&Sourced<Replicas>> =
        spec.replicas.iter().find(|(other, _)| *other == part).map(|(_, replicas)| replicas);
    let table = table(part);
    let values = map([
        ("replicas", table.replicas(&spec.size, asked)),
        ("resources", table.resources(&spec.size)),
    ]);
    let volume = persistence(plan, part);
    let values = if volume.is_empty() {
        values
    } else {
        values.with(volume).with(node_selector(&spec.node_selector))
    };
    let values = values.with(disruption(part));
    match part.mode() {
        Some(_) => values.because_of(&[&spec.mode.origin]),
        None => values,
    }
}

/// How many pods a drain may take at once. The chart makes no budget for these parts unless it is
/// told to; the others have one of the same size.
fn disruption(part: LokiPart) -> Node {
    const ONE: &str = "a drain takes one at a time: two of three copies stay";
    match part {
        LokiPart::All => map([("podDisruptionBudget", map([("maxUnavailable", because(ONE, 1))]))]),
        LokiPart::Gateway => map([
            ("podDisruptionBudget", map([("maxUnavailable", because(ONE, 1))])),
            ("metrics", map([("enabled", because("a log exporter that nothing scrapes", false))])),
        ]),
        LokiPart::Distributor
        | LokiPart::Querier
        | LokiPart::QueryFrontend
        | LokiPart::IndexGateway => map([("maxUnavailable", because(ONE, 1))]),
        LokiPart::Backend
        | LokiPart::Read
        | LokiPart::Write
        | LokiPart::Compactor
        | LokiPart::Ingester
        | LokiPart::QueryScheduler => map::<&'static str>([]),
    }
}

const WHY_WAL: &str = "the volume holds logs that are not yet in the object store";
const WHY_CACHE: &str = "what this volume holds can be had again from the object store";

/// Volumes, in the four shapes that the chart knows.
fn persistence(plan: &Plan, part: LokiPart) -> Node {
    let spec = &plan.loki;
    let class = || storage_class(spec.storage_class.as_ref());
    let size = || map([("size", table(part).volume(&spec.size, spec.volume_size.as_ref()))]);
    let zones = map([(
        "zoneAwareReplication",
        map([(
            "enabled",
            because("one failure domain: the chart's zones need an operator", false),
        )]),
    )]);
    let keep = |why: &'static str, volume: Node| {
        // Without the policy Kubernetes keeps the volumes: what the policy's absence means is
        // written down as its opposite.
        volume.with(map([("enableStatefulSetAutoDeletePVC", because(why, false))]))
    };
    match part {
        LokiPart::All | LokiPart::Write => {
            map([("persistence", keep(WHY_WAL, size().with(class())))])
        }
        LokiPart::Backend => map([("persistence", keep(WHY_CACHE, size().with(class())))]),
        LokiPart::Ingester => {
            let claim = map([
                ("name", because(WHY_WAL, "data")),
                ("accessModes", list([because(WHY_WAL, "ReadWriteOnce")])),
            ]);
            let claims = list([claim.with(size()).with(class())]);
            let volume = map([("enabled", because(WHY_WAL, true)), ("claims", claims)]);
            map([("persistence", keep(WHY_WAL, volume))]).with(zones)
        }
        LokiPart::IndexGateway => {
            let on = map([("enabled", because("a restart need not fetch the index again", true))]);
            map([("persistence", on.with(size()).with(class()))])
        }
        LokiPart::Compactor => {
            const WHY: &str = "marks of what is to be deleted survive a restart";
            let claim = map([
                ("name", because(WHY, "data")),
                ("accessModes", list([because(WHY, "ReadWriteOnce")])),
            ]);
            let claims = list([claim.with(size()).with(class())]);
            map([("persistence", map([("enabled", because(WHY, true)), ("claims", claims)]))])
        }
        LokiPart::Read
        | LokiPart::Distributor
        | LokiPart::Querier
        | LokiPart::QueryFrontend
        | LokiPart::QueryScheduler
        | LokiPart::Gateway => map::<&'static str>([]),
    }
}

/// Caches. The chart's default for chunks is 8 GiB whatever the volume: more than a small Loki.
/// The pod requests 1.2 times this much. Unit: MiB.
fn caches(plan: &Plan) -> Node {
    use crate::model::Size;
    const WHY: &str = "a cache in proportion to the store; the chart's default is larger than it";
    let (chunks, results) = match plan.loki.size.value {
        Size::Small => (512, 256),
        Size::Medium => (2048, 512),
        Size::Large => (8192, 1024),
    };
    let cache =
        |memory: i32| map([("allocatedMemory", derived(WHY, [&plan.loki.size.origin], memory))]);
    map([("chunksCache", cache(chunks)), ("resultsCache", cache(results))])
}

/// The `loki` block: Loki's own configuration, in the chart's words.
fn config(plan: &Plan) -> Node {
    const TENANT: &str = "one tenant: the workload; the network policy keeps others out";
    const COPIES: &str = "three copies, two of which must be written";
    let config = map([
        ("auth_enabled", because(TENANT, false)),
        ("analytics", map([("reporting_enabled", Node::from(&plan.telemetry_reporting))])),
        ("commonConfig", map([("replication_factor", because(COPIES, 3))])),
        ("limits_config", limits(plan)),
        ("compactor", compactor(plan)),
        ("schemaConfig", schema(plan)),
        ("storage", storage(plan)),
    ]);
    match plan.identities.loki.access().pod_labels {
        Some(labels) => config.with(map([("podLabels", labels)])),
        None => config,
    }
}

/// The design's limits, written out although some are the chart's defaults today.
fn limits(plan: &Plan) -> Node {
    const OLD: &str = "the design: logs older than a week are refused, they would start new chunks";
    const QUERY: &str = "the design's bounds for queries";
    let limits = map([
        ("max_cache_freshness_per_query", because(QUERY, "10m")),
        ("query_timeout", because(QUERY, "300s")),
        ("reject_old_samples", because(OLD, true)),
        ("reject_old_samples_max_age", because(OLD, "168h")),
        ("retention_period", Node::from(&plan.loki.retention)),
        ("split_queries_by_interval", because(QUERY, "15m")),
        ("volume_enabled", because("the design: Explore shows volumes", true)),
    ]);
    limits.with(structured_metadata(plan))
}

/// Loki refuses to start while a period holds that cannot store structured metadata. Which period
/// holds today is not known without a clock, so one such period is enough.
fn structured_metadata(plan: &Plan) -> Node {
    const OLD: &str = "a period of the schema cannot store it";
    let old = plan.loki.schema.iter().find(|period| !period.is_current());
    map(old.map(|period| {
        let form = [&period.index.origin, &period.version.origin];
        ("allow_structured_metadata", derived(OLD, form, false))
    }))
}

/// A retention period without this does nothing.
fn compactor(plan: &Plan) -> Node {
    map([
        ("retention_enabled", because("a retention is always decided", true)),
        ("delete_request_store", object_store(plan)),
    ])
}

/// Loki's name for the store that was granted.
fn object_store(plan: &Plan) -> Node {
    const WHY: &str = "the store that the cloud grants";
    match &plan.loki_store {
        ObjectStore::S3(_) => because(WHY, "s3"),
        ObjectStore::AzureBlob(_) => because(WHY, "azure"),
    }
}

fn schema(plan: &Plan) -> Node {
    let period = |period: &SchemaPeriod| {
        map([
            ("from", Node::from(&period.from)),
            ("store", Node::from(&period.index)),
            ("object_store", object_store(plan)),
            ("schema", Node::from(&period.version)),
            (
                "index",
                map([
                    ("prefix", Node::from(&period.prefix)),
                    ("period", because("the index refuses any other period", "24h")),
                ]),
            ),
        ])
    };
    map([("configs", list(plan.loki.schema.iter().map(period)))])
}

/// Chunks and rules share the store; the chart asks for both names.
fn storage(plan: &Plan) -> Node {
    match &plan.loki_store {
        ObjectStore::S3(s3) => map([
            ("type", object_store(plan)),
            ("s3", map([("region", Node::from(&s3.region))])),
            (
                "bucketNames",
                map([("chunks", Node::from(&s3.bucket)), ("ruler", Node::from(&s3.bucket))]),
            ),
        ]),
        ObjectStore::AzureBlob(blob) => {
            const TOKEN: &str = "the pod's own token is exchanged; there is no key to keep";
            let names = map([
                ("chunks", Node::from(&blob.container)),
                ("ruler", Node::from(&blob.container)),
            ]);
            let azure = map([
                ("accountName", Node::from(&blob.account)),
                ("useFederatedToken", because(TOKEN, true)),
            ]);
            map([("type", object_store(plan)), ("azure", azure), ("bucketNames", names)])
        }
    }
}
