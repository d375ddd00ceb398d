//! Logs: of the applications, of the cluster's machinery, of the nodes, and of browsers.

use super::FARO_PORT;
use super::config::{LabelSource, Section, Targets, clustered, rule};
use super::metrics::namespaces;
use super::probes::browser_origins;
use super::sinks::LogsReceiver;
use crate::model::Plan;
use crate::node::{Node, because, map};
use crate::river::{Block, Expr};

/// Stream labels, and the discovery labels that they come from. Container and pod ids and
/// addresses are left out: each new value would start a new stream.
const POD_LABELS: [(&str, &str); 4] = [
    ("namespace", "__meta_kubernetes_namespace"),
    ("pod_name", "__meta_kubernetes_pod_name"),
    ("container", "__meta_kubernetes_pod_container_name"),
    ("host_name", "__meta_kubernetes_pod_node_name"),
];

const WHO: &str = "a log stream says whose it is";

/// Stream labels for pods; `app` is the discovery label that names their application.
fn relabel(plan: &Plan, label: &'static str, discovery: &Block, app: &'static str) -> Block {
    let cluster = LabelSource::Constant(Node::from(&plan.cluster.label).into());
    Block::new("discovery.relabel", label)
        .set("targets", Targets::of(discovery).expr())
        .block(rule("app", LabelSource::Label(app), WHO))
        .blocks(POD_LABELS.map(|(target, source)| rule(target, LabelSource::Label(source), WHO)))
        .block(rule("cluster", cluster, WHO))
}

/// Tails pods through the API server. Clustered: otherwise every node would tail every pod.
fn tail(label: &'static str, relabel: &Block, to: &LogsReceiver) -> Block {
    Block::new("loki.source.kubernetes", label)
        .set("targets", Targets::relabelled(relabel).expr())
        .set("forward_to", to.forward())
        .block(clustered())
}

/// Logs of the applications' pods.
pub fn pods(plan: &Plan, to: &LogsReceiver) -> Section {
    let mut section = Section::new("Logs of the applications' pods.");
    let discovery = Block::new("discovery.kubernetes", "pod_logs")
        .set("role", because("logs belong to pods", "pod"))
        .block(namespaces(&plan.collect.application_namespaces));
    let relabel = relabel(
        plan,
        "pod_logs",
        &discovery,
        "__meta_kubernetes_pod_label_app_kubernetes_io_instance",
    );
    let source = tail("pods", &relabel, to);
    [discovery, relabel, source].into_iter().for_each(|block| section.push(block));
    section
}

/// Logs of the node autoscaler: Karpenter, where it runs.
pub fn autoscaler(plan: &Plan, to: &LogsReceiver) -> Section {
    let mut section = Section::new("Logs of the cluster's own machinery.");
    if let Some(pods) = &plan.autoscaler {
        let selector = pods
            .app
            .derive("pods are found by their label", |app| format!("app.kubernetes.io/name={app}"));
        let discovery = Block::new("discovery.kubernetes", "karpenter_logs")
            .set("role", because("logs belong to pods", "pod"))
            .block(namespaces(std::slice::from_ref(&pods.namespace)))
            .block(
                Block::unlabelled("selectors")
                    .set("role", because("the selector is about pods", "pod"))
                    .set("label", Node::from(&selector)),
            );
        let relabel = relabel(
            plan,
            "karpenter_logs",
            &discovery,
            "__meta_kubernetes_pod_label_app_kubernetes_io_name",
        );
        let source = tail("karpenter", &relabel, to);
        [discovery, relabel, source].into_iter().for_each(|block| section.push(block));
    }
    section
}

/// Journals of the nodes. Not clustered: each peer reads its own node.
pub fn journal(plan: &Plan, to: &LogsReceiver) -> Section {
    let mut section = Section::new("The journal of this node.");
    if !plan.collect.system_logs.value {
        return section;
    }
    const WHERE: &str = "the node's persistent journal, mounted by the chart";
    let rules = Block::new("loki.relabel", "journal")
        .set("forward_to", Expr::List(Vec::new()))
        .block(rule("unit", LabelSource::Label("__journal__systemd_unit"), WHO));
    let node = Expr::call("sys.env", vec![because(WHO, "HOSTNAME").into()]);
    let labels = Expr::object([
        ("app", because(WHO, "journal").into()),
        ("cluster", Node::from(&plan.cluster.label).into()),
        ("host_name", node),
    ]);
    let source = Block::new("loki.source.journal", "journal")
        .set("path", because(WHERE, "/var/log/journal"))
        .set("relabel_rules", rules.export("rules"))
        .set("labels", labels)
        .set("forward_to", to.forward());
    section.push(rules);
    section.push(source);
    section
}

/// Logs that browsers send. Bounded, and only from pages of the workload's own sites.
pub fn browsers(plan: &Plan, to: &LogsReceiver) -> Section {
    let mut section = Section::new("Logs of browsers on the sites' pages.");
    if !plan.collect.faro.value {
        return section;
    }
    const LISTEN: &str = "the default listens to the pod itself only";
    const RATE: &str = "the endpoint is public: a client gets this much and no more";
    let limits = Block::unlabelled("rate_limiting")
        .set("rate", because(RATE, 50))
        .set("burst_size", because(RATE, 100));
    let server = Block::unlabelled("server")
        .set("listen_address", because(LISTEN, "0.0.0.0"))
        .set("listen_port", because(LISTEN, u32::from(FARO_PORT)))
        .set("cors_allowed_origins", browser_origins(plan))
        .block(limits);
    let output = Block::unlabelled("output").set("logs", to.forward());
    let labels = map([
        ("app", because("what dashboards look for", "home")),
        ("cluster", Node::from(&plan.cluster.label)),
    ]);
    section.push(
        Block::new("faro.receiver", "frontend")
            .set("extra_log_labels", labels)
            .block(server)
            .block(output),
    );
    section
}
