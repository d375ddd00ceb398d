//! Alloy: the collector on every node.

mod cloud_metrics;
mod config;
mod logs;
mod metrics;
mod probes;
mod sinks;

use super::sizing::{Table, row};
use super::{Chart, ComponentId, Release, Route, metadata, namespace, route};
use crate::manifest;
use crate::model::{Plan, SecretDelivery, Taint, Traefik};
use crate::node::{Data, Node, because, list, map};
use crate::origin::Origin;
use crate::river::{self, Statement};

/// The chart. It moved nowhere: Alloy's own repository publishes to this address.
pub const CHART: Chart =
    Chart { repository: "https://grafana.github.io/helm-charts", name: "alloy", version: "1.11.1" };

/// The ConfigMap with the configuration, and its key.
const CONFIG_MAP: &str = "alloy-config";
const CONFIG_KEY: &str = "config.alloy";
/// Where the password for the control room is mounted.
const AUTH_DIR: &str = "/etc/mimir/";
const AUTH_VOLUME: &str = "mimir-auth";
/// Where browsers send logs. Source: the default of `faro.receiver` and of the chart.
pub const FARO_PORT: u16 = 12347;
/// Where peers and probes reach the collector. Source: the chart's default.
pub const HTTP_PORT: u16 = 12345;
/// The user of the image. Source: the Dockerfile of Alloy.
const ALLOY_USER: i32 = 473;

/// What each pod gets. Source: the Alloy documentation, "Estimate resource usage": 11 KiB of
/// memory for a series and 120 MiB for each MiB/s of logs, shared by the pods of all nodes, on top
/// of about 200 MiB for the exporters that run in it. The three rows assume 3, 10 and 30 nodes.
static SIZES: Table = Table {
    small: row(0, "100m", "512Mi", "1536Mi", ""),
    medium: row(0, "250m", "1536Mi", "3Gi", ""),
    large: row(0, "1", "4Gi", "8Gi", ""),
};

/// Renders the collector.
pub fn render(plan: &Plan) -> Release {
    Release {
        id: ComponentId::Alloy,
        chart: CHART,
        version: CHART.pinned(),
        values: values(plan),
        objects: objects(plan),
        config: Some((CONFIG_KEY, config::config(plan))),
    }
}

fn values(plan: &Plan) -> Node {
    const NAME: &str = "other objects refer to this name";
    map([
        ("fullnameOverride", because(NAME, "alloy")),
        ("alloy", agent(plan)),
        ("controller", controller(plan)),
        ("crds", map([("create", because("no PodLogs objects are read", false))])),
        ("rbac", rbac()),
        ("serviceAccount", service_account(plan)),
    ])
}

fn agent(plan: &Plan) -> Node {
    const CLUSTERING: &str = "peers share the targets, so that each is scraped once";
    const OWN_MAP: &str = "the configuration is an object of its own: the chart would template it";
    let agent = map([
        ("clustering", map([("enabled", because(CLUSTERING, true))])),
        (
            "configMap",
            map([
                ("create", because(OWN_MAP, false)),
                ("name", because(OWN_MAP, CONFIG_MAP)),
                ("key", because(OWN_MAP, CONFIG_KEY)),
            ]),
        ),
        ("enableReporting", Node::from(&plan.telemetry_reporting)),
        ("mounts", map([("extra", list(mounts(plan)))]).with(varlog(plan))),
        ("resources", resources(plan)),
        ("securityContext", security_context(plan)),
        (
            "storagePath",
            because("a path on a volume: it survives a container's restart", "/var/lib/alloy"),
        ),
    ]);
    match faro_port(plan) {
        Some(ports) => agent.with(map([("extraPorts", ports)])),
        None => agent,
    }
}

fn faro_port(plan: &Plan) -> Option<Node> {
    if !plan.collect.faro.value {
        return None;
    }
    let leaf = |data: Data| Node { data, origin: plan.collect.faro.origin.clone() };
    let port = || leaf(Data::from(u32::from(FARO_PORT)));
    Some(list([map([
        ("name", leaf("faro".into())),
        ("port", port()),
        ("targetPort", port()),
        ("protocol", leaf("TCP".into())),
    ])]))
}

fn varlog(plan: &Plan) -> Node {
    map([("varlog", Node::from(&plan.collect.system_logs))])
}

/// Root only where journals are read; otherwise the image's own user, which may read what the node
/// exporter needs.
fn security_context(plan: &Plan) -> Node {
    const WHY: &str = "the collector reads and sends; it needs no privilege";
    if plan.collect.system_logs.value {
        let leaf = |data: Data| Node { data, origin: plan.collect.system_logs.origin.clone() };
        return map([("privileged", leaf(true.into())), ("runAsUser", leaf(0.into()))]);
    }
    let least = map([
        ("allowPrivilegeEscalation", because(WHY, false)),
        ("capabilities", map([("drop", list([because(WHY, "ALL")]))])),
        ("readOnlyRootFilesystem", because(WHY, true)),
        ("runAsGroup", because(WHY, ALLOY_USER)),
        ("runAsNonRoot", because(WHY, true)),
        ("runAsUser", because(WHY, ALLOY_USER)),
    ]);
    least.because_of(&[&plan.collect.system_logs.origin])
}

fn resources(plan: &Plan) -> Node {
    let (size, asked) = (&plan.alloy.size, &plan.alloy.resources);
    let node = SIZES.resources(size);
    let cpu = map(asked.cpu.as_ref().map(|cpu| ("cpu", Node::from(cpu))));
    let memory = map(asked.memory.as_ref().map(|memory| ("memory", Node::from(memory))));
    let limit = map(asked.memory_limit.as_ref().map(|limit| ("memory", Node::from(limit))));
    node.with(map([("requests", cpu.with(memory)), ("limits", limit)]))
}

fn controller(plan: &Plan) -> Node {
    let controller = map([
        ("type", because("node metrics and journals are read on every node", "daemonset")),
        ("volumes", map([("extra", list(volumes(plan)))])),
    ]);
    let controller = match plan.identities.alloy.access().pod_labels {
        Some(labels) => controller.with(map([("podLabels", labels)])),
        None => controller,
    };
    let taints = plan.cluster.taints.iter().chain(&plan.alloy.tolerations);
    let tolerations: Vec<Node> = taints.map(toleration).collect();
    if tolerations.is_empty() {
        return controller;
    }
    controller.with(map([("tolerations", list(tolerations))]))
}

fn toleration(taint: &Taint) -> Node {
    const WHY: &str = "the collector runs on every node, tainted or not";
    let toleration = map([
        ("key", Node::from(&taint.key)),
        ("effect", Node::from(&taint.effect)),
        ("operator", because(WHY, if taint.value.is_some() { "Equal" } else { "Exists" })),
    ]);
    match &taint.value {
        Some(value) => toleration.with(map([("value", Node::from(value))])),
        None => toleration,
    }
}

const WHY_HOST: &str = "without the node's own files the node exporter describes its container";
/// Volume, path on the node, path in the container.
const HOST_PATHS: [(&str, &str, &str); 3] =
    [("proc", "/proc", "/host/proc"), ("sys", "/sys", "/host/sys"), ("root", "/", "/host/root")];

fn volumes(plan: &Plan) -> Vec<Node> {
    let host = HOST_PATHS.map(|(name, path, _)| {
        map([
            ("name", because(WHY_HOST, name)),
            ("hostPath", map([("path", because(WHY_HOST, path))])),
        ])
    });
    const WHY_STATE: &str = "the write-ahead log must not fill the image's own layer";
    let state = map([
        ("name", because(WHY_STATE, "state")),
        ("emptyDir", map([("sizeLimit", because(WHY_STATE, "10Gi"))])),
    ]);
    host.into_iter().chain([state]).chain(auth_volume(plan)).collect()
}

fn mounts(plan: &Plan) -> Vec<Node> {
    let host = HOST_PATHS.map(|(name, _, path)| {
        let mount = map([
            ("name", because(WHY_HOST, name)),
            ("mountPath", because(WHY_HOST, path)),
            ("readOnly", because("the collector only reads the node", true)),
        ]);
        match name {
            "root" => mount.with(map([(
                "mountPropagation",
                because("file systems mounted later are seen too", "HostToContainer"),
            )])),
            _ => mount,
        }
    });
    const WHY_STATE: &str = "the path of the write-ahead log";
    let state = map([
        ("name", because(WHY_STATE, "state")),
        ("mountPath", because(WHY_STATE, "/var/lib/alloy")),
    ]);
    let auth = plan.secrets.mimir_auth.as_ref().map(|grant| {
        let leaf = |data: Data| Node { data, origin: grant.name.origin.clone() };
        map([
            ("name", leaf(AUTH_VOLUME.into())),
            ("mountPath", leaf(AUTH_DIR.into())),
            ("readOnly", leaf(true.into())),
        ])
    });
    host.into_iter().chain([state]).chain(auth).collect()
}

/// The password's volume exists exactly when there is a control room to use it.
fn auth_volume(plan: &Plan) -> Option<Node> {
    let grant = plan.secrets.mimir_auth.as_ref()?;
    let leaf = |data: Data| Node { data, origin: grant.name.origin.clone() };
    let name = ("name", leaf(AUTH_VOLUME.into()));
    let source = match &plan.secrets.delivery {
        SecretDelivery::Existing | SecretDelivery::ExternalSecrets { .. } => {
            ("secret", map([("secretName", Node::from(&grant.name))]))
        }
        SecretDelivery::Csi(_) => ("csi", super::secrets::csi_volume(grant)),
    };
    Some(map([name, source]))
}

/// What the configuration's components need and no more; the chart's default reads every Secret.
/// Source: the Kubernetes API that each component lists or watches.
fn rbac() -> Node {
    const PODS: &str = "pods are discovered, and their logs read through the API";
    const NODES: &str = "nodes are discovered, and their kubelets asked for container metrics";
    let rule = |why: &'static str, resources: &[&'static str], verbs: &[&'static str]| {
        map([
            ("apiGroups", list([because(why, "")])),
            ("resources", list(resources.iter().map(|name| because(why, *name)))),
            ("verbs", list(verbs.iter().map(|verb| because(why, *verb)))),
        ])
    };
    const WATCH: [&str; 3] = ["get", "list", "watch"];
    map([
        ("rules", list([rule(PODS, &["pods"], &WATCH), rule(PODS, &["pods/log"], &["get"])])),
        (
            "clusterRules",
            list([rule(NODES, &["nodes"], &WATCH), rule(NODES, &["nodes/metrics"], &["get"])]),
        ),
    ])
}

fn service_account(plan: &Plan) -> Node {
    plan.identities.alloy.service_account()
}

/// The public endpoint for browsers, bounded again in front of the collector's own bound.
fn faro_route(plan: &Plan, traefik: &Traefik) -> [Node; 2] {
    const WHY: &str = "browsers send logs through the proxy";
    const BOUND: &str = "what browsers send is bounded in front of the collector's own bound";
    let limit = || because(BOUND, "faro-rate-limit");
    let bound = map([("average", because(BOUND, 50)), ("burst", because(BOUND, 100))]);
    let host = plan.domain.derive(WHY, |domain| format!("faro.{domain}"));
    let space = Node::from(namespace(plan, ComponentId::Alloy));
    let spec = route(
        traefik,
        Route {
            why: WHY,
            host: &host,
            middlewares: vec![[limit(), space]],
            service: "alloy",
            port: FARO_PORT,
        },
    );
    let object = |kind, name, spec| {
        let metadata = metadata(plan, ComponentId::Alloy, name);
        let object = manifest::object(kind, metadata, map([("spec", spec)]));
        object.because_of(&[&plan.collect.faro.origin])
    };
    [
        object(manifest::MIDDLEWARE, limit(), map([("rateLimit", bound)])),
        object(manifest::INGRESS_ROUTE, because(WHY, "faro"), spec),
    ]
}

fn objects(plan: &Plan) -> Vec<Node> {
    let name = because("it carries `config.alloy`", CONFIG_MAP);
    let metadata = metadata(plan, ComponentId::Alloy, name);
    // What it carries is known once overlays have changed the configuration: see `carry`.
    let carrier = manifest::object(manifest::CONFIG_MAP, metadata, map::<&str>([]));
    let proxy = plan.ingress.as_ref().filter(|_| plan.collect.faro.value);
    let route = proxy.map(|traefik| faro_route(plan, traefik)).into_iter().flatten();
    std::iter::once(manifest::verbatim(carrier)).chain(route).collect()
}

/// The name of the object that carries the configuration.
pub const CARRIER: &str = CONFIG_MAP;
/// The name of the configuration's file.
pub const CONFIG: &str = CONFIG_KEY;

/// Puts the configuration's text into the object that carries it.
///
/// # Errors
/// The text that stands there already: an overlay put it there, and it would not be the file's.
pub fn carry(carrier: Node, config: &[Statement]) -> Result<Node, Node> {
    if let Some(other) = carrier.get("data").and_then(|data| data.get(CONFIG_KEY)) {
        return Err(other.clone());
    }
    let origin = Origin::whole("it carries `config.alloy`", river::origins(config));
    let text = Node { data: Data::from(river::print(config)), origin };
    Ok(carrier.with(map([("data", map([(CONFIG_KEY, text)]))])))
}
