//! What charts read: the kept contracts against our values, against mistakes people make, and, where
//! the charts are at hand, against the charts' own values and Helm.
//!
//! `TELEMETREE_CHARTS` names a folder with the unpacked charts, each called by its name; `helm` is
//! looked for on `PATH`.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::disallowed_macros,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::format_push_string,
    reason = "tests look at the world and fail by panicking"
)]

mod support;

use std::path::PathBuf;
use telemetree::contract::chart::{self, Contract};
use telemetree::contract::{Breach, Place};
use telemetree::node::Node;
use telemetree::origin::Origin;

/// The charts of a release: component, chart, version.
const CHARTS: [(&str, &str, &str); 4] = [
    ("alloy", "alloy", "1.11.1"),
    ("grafana", "grafana", "12.11.1"),
    ("loki", "loki", "18.11.0"),
    ("mimir", "mimir-distributed", "6.0.6"),
];

fn contract(chart: &str) -> &'static Contract {
    let (_, name, version) = CHARTS.into_iter().find(|(_, name, _)| *name == chart).unwrap();
    chart::bundled(name, version).unwrap()
}

fn node(yaml: &str) -> Node {
    Node::from_json(serde_yaml::from_str(yaml).unwrap(), &Origin::Structure)
}

fn path(breach: &Breach) -> String {
    match &breach.place {
        Place::Key(path) | Place::Value(path) | Place::Within(path, _) => path.to_string(),
        Place::Origin(_) => String::new(),
    }
}

fn line(breach: &Breach) -> String {
    let help = breach.help.as_deref().unwrap_or("-");
    format!("{:?} {}: {}; {help}", breach.kind, path(breach), breach.message)
}

/// The folder with the charts, if there is one.
fn charts() -> Option<PathBuf> {
    let folder = std::env::var_os("TELEMETREE_CHARTS").map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: set TELEMETREE_CHARTS to a folder with the unpacked charts");
    }
    folder
}

#[test]
fn every_golden_value_is_read() {
    let mut seen = 0;
    for case in support::cases() {
        for (path, text) in support::compile(&case.name, &case.spec) {
            let Some(folder) = path.strip_suffix("/values.yaml") else { continue };
            let component = folder.rsplit('/').next().unwrap();
            let chart = CHARTS.into_iter().find(|(id, _, _)| *id == component);
            let (_, chart, _) = chart.unwrap_or_else(|| panic!("no chart for {component}"));
            let found = chart::check(&node(&text), contract(chart));
            let found: Vec<String> = found.iter().map(line).collect();
            assert!(found.is_empty(), "{} {path}:\n{}", case.name, found.join("\n"));
            seen += 1;
        }
    }
    println!("{seen} values files, none with a breach");
    assert!(seen > 20);
}

#[test]
fn every_ci_value_is_read() {
    let Some(charts) = charts() else { return };
    let (mut files, mut found) = (0, Vec::new());
    for (_, chart, _) in CHARTS {
        for (file, text) in support::read_folder(&charts.join(chart).join("ci")) {
            if !file.ends_with(".yaml") {
                continue;
            }
            files += 1;
            let breaches = chart::check(&node(&text), contract(chart));
            found.extend(breaches.iter().map(|breach| format!("{chart}/{file} {}", line(breach))));
        }
    }
    println!("{files} values files of the charts' own tests");
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// What people write, where it is found, and the help they get: mistakes that were seen in use.
const SEEN: &[(&str, &str, &str, &str)] = &[
    ("alloy", "tolerations: [{operator: Exists}]", "/tolerations", "did you mean `controller.tolerations`?"),
    ("alloy", "alloy: {reporting: {enabled: false}}", "/alloy/reporting", "did you mean `alloy.enableReporting`?"),
    ("alloy", "serviceAccount: {labels: {a: b}}", "/serviceAccount/labels", "did you mean `serviceAccount.additionalLabels`?"),
    ("alloy", "configMap: {create: false}", "/configMap", "did you mean `alloy.configMap`?"),
    ("alloy", "clustering: {enabled: true}", "/clustering", "did you mean `alloy.clustering`?"),
    ("alloy", "mounts: {varlog: true}", "/mounts", "did you mean `alloy.mounts`?"),
    ("alloy", "enableStatefulSetAutoDeletePVC: true", "/enableStatefulSetAutoDeletePVC", "use `controller.enableStatefulSetAutoDeletePVC`"),
    ("mimir-distributed", "mimir: {ingester: {replicas: 3}}", "/mimir/ingester", "did you mean `ingester`?"),
    ("mimir-distributed", "mimir: {ingester: {push_grpc_method_enabled: true}}", "/mimir/ingester", "did you mean `mimir.structuredConfig.ingester.push_grpc_method_enabled`?"),
    ("mimir-distributed", "nginx: {enabled: false}", "/nginx", "use `gateway`"),
    ("mimir-distributed", "queryFrontend: {replicas: 2}", "/queryFrontend", "did you mean `query_frontend`?"),
    ("mimir-distributed", "storeGateway: {replicas: 2}", "/storeGateway", "did you mean `store_gateway`?"),
    ("mimir-distributed", "chunksCache: {enabled: true}", "/chunksCache", "did you mean `chunks-cache`?"),
    ("mimir-distributed", "multitenancyEnabled: true", "/multitenancyEnabled", "did you mean `mimir.structuredConfig.multitenancy_enabled`?"),
    ("loki", "loki: {chunksCache: {allocatedMemory: 500}}", "/loki/chunksCache", "did you mean `chunksCache`?"),
    ("loki", "loki: {resultsCache: {allocatedMemory: 500}}", "/loki/resultsCache", "did you mean `resultsCache`?"),
    ("loki", "loki: {storage: {schemaConfig: {configs: []}}}", "/loki/storage/schemaConfig", "did you mean `loki.schemaConfig`?"),
    ("loki", "loki: {storage: {schema_config: {configs: []}}}", "/loki/storage/schema_config", "did you mean `loki.schemaConfig`?"),
    ("loki", "loki: {schema_config: {configs: []}}", "/loki/schema_config", "did you mean `loki.schemaConfig`?"),
    ("loki", "loki: {ruler_config: {a: b}}", "/loki/ruler_config", "did you mean `loki.rulerConfig`?"),
    ("loki", "loki: {common_config: {a: b}}", "/loki/common_config", "did you mean `loki.commonConfig`?"),
    ("loki", "monitoring: {selfMonitoring: {enabled: false}}", "/monitoring/selfMonitoring/enabled", "scrape Loki with a collector of your own; the tenant of the canary is `lokiCanary.tenant`"),
    ("loki", "monitoring: {rules: {alerting: true}}", "/monitoring/rules/alerting", "did you mean `monitoring.alerts`?"),
    ("loki", "monitoring: {lokiCanary: {enabled: false}}", "/monitoring/lokiCanary", "did you mean `lokiCanary`?"),
    ("loki", "networkPolicy: {flavor: kubernetes}", "/networkPolicy/flavor", "remove it: only policies of Kubernetes itself are made now"),
    ("loki", "ingester: {updateStrategy: {type: RollingUpdate}}", "/ingester/updateStrategy", "did you mean `ingester.strategy`?"),
    ("loki", "clusterLabelOverride: x", "/clusterLabelOverride", "remove it: rules and dashboards go by the label `app_instance` now"),
    ("loki", "rbac: {pspEnabled: true}", "/rbac/pspEnabled", "remove it: Kubernetes has no pod security policies any more"),
    ("loki", "storage: {type: s3}", "/storage", "did you mean `loki.storage`?"),
    ("grafana", "ingress: {hosts: [{host: a.example}]}", "/ingress/hosts/0", "write text"),
    ("grafana", "grafana: {service: {annotations: {a: b}}}", "/grafana", "move its keys to the top"),
];

#[test]
fn mistakes_that_people_make_are_found_and_mended() {
    let mut wrong = String::new();
    for (chart, yaml, place, help) in SEEN {
        let found = chart::check(&node(yaml), contract(chart));
        let same = |breach: &Breach| path(breach) == *place && breach.help.as_deref() == Some(help);
        if found.len() != 1 || !same(&found[0]) {
            let found: Vec<String> = found.iter().map(line).collect();
            wrong += &format!("{chart} {yaml}\n  {found:#?}\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
