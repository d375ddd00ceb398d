//! Metrics of the cluster: its pods, its nodes, its objects and its containers.

use super::config::{LabelSource, Section, Targets, clustered, rule};
use super::sinks::MetricsReceiver;
use crate::component::{ComponentId, namespace};
use crate::model::{KubeletTls, LabelKey, Plan};
use crate::node::{Node, because, derived, list, map};
use crate::origin::Sourced;
use crate::river::Block;

/// `namespaces { names = […] }`
pub fn namespaces(names: &[Sourced<crate::model::Namespace>]) -> Block {
    Block::unlabelled("namespaces").set("names", list(names.iter().map(Node::from)))
}

/// The pods of the applications, and Loki's own.
pub fn pods(plan: &Plan, to: &MetricsReceiver) -> Section {
    let mut section = Section::new("Metrics of the applications' pods, and of Loki.");
    let mut names = plan.collect.application_namespaces.clone();
    let loki = namespace(plan, ComponentId::Loki);
    if !names.iter().any(|name| name.value == loki.value) {
        names.push(loki.clone());
    }
    let discovery = Block::new("discovery.kubernetes", "pod_metrics")
        .set("role", because("targets are pods", "pod"))
        .block(namespaces(&names));
    let relabel = Block::new("discovery.relabel", "pod_metrics")
        .set("targets", Targets::of(&discovery).expr())
        .blocks(pod_rules(plan));
    let scrape = Block::new("prometheus.scrape", "pods")
        .set("targets", Targets::relabelled(&relabel).expr())
        .set("forward_to", to.forward())
        .block(clustered());
    [discovery, relabel, scrape].into_iter().for_each(|block| section.push(block));
    section
}

fn pod_rules(plan: &Plan) -> Vec<Block> {
    const DONE: &str = "a pod that has ended answers no scrape";
    const PORT: &str = "a container without a declared TCP port serves no metrics";
    const OTHER: &str = "ports of Loki's pods that serve no metrics";
    const OPT_OUT: &str = "a pod can say that it has no metrics";
    const WHO: &str = "a series says which pod it is from";
    let drop = |label: &'static str, regex: &'static str, why: &'static str| {
        filter("drop", because(why, label), because(why, regex), why)
    };
    let site =
        plan.names.suffix.derive("the site is in the pods' label `<suffix>/site`", |suffix| {
            meta_label(&LabelKey::prefixed(suffix, "site"))
        });
    let site_rule = Block::unlabelled("rule")
        .set("source_labels", list([Node::from(&site)]))
        .set("target_label", because("the site's label on every series", "ptd_site"));
    let other_ports = Block::unlabelled("rule")
        .set(
            "source_labels",
            list([
                because(OTHER, "__meta_kubernetes_namespace"),
                because(OTHER, "__meta_kubernetes_pod_container_port_name"),
            ]),
        )
        .set(
            "regex",
            Node::from(&namespace(plan, ComponentId::Loki).derive(OTHER, |space| {
                format!("{space};(http|syslog|client|grpc.*|.*memberlist)")
            })),
        )
        .set("action", because(OTHER, "drop"));
    let protocol = "__meta_kubernetes_pod_container_port_protocol";
    vec![
        drop("__meta_kubernetes_pod_phase", "Succeeded|Failed", DONE),
        filter("keep", because(PORT, protocol), because(PORT, "TCP"), PORT),
        other_ports,
        drop("__meta_kubernetes_pod_annotation_prometheus_io_scrape", "false", OPT_OUT),
        site_rule,
        rule("namespace", LabelSource::Label("__meta_kubernetes_namespace"), WHO),
        rule("pod", LabelSource::Label("__meta_kubernetes_pod_name"), WHO),
        rule("container", LabelSource::Label("__meta_kubernetes_pod_container_name"), WHO),
    ]
}

fn filter(action: &'static str, label: Node, regex: Node, why: &'static str) -> Block {
    Block::unlabelled("rule")
        .set("source_labels", list([label]))
        .set("regex", regex)
        .set("action", because(why, action))
}

/// The label under which discovery shows a pod's label.
fn meta_label(label: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    format!("__meta_kubernetes_pod_label_{}", label.chars().map(safe).collect::<String>())
}

/// The node this pod runs on: CPU, memory, disks and file systems, as the node sees them.
///
/// `netdev` and `netstat` are left out: they read the network namespace of their process, which is
/// the pod's. The node's own interfaces are in cAdvisor's series with `id="/"`. `zfs` is left out: it
/// fails on every node without it.
pub fn nodes(to: &MetricsReceiver) -> Section {
    const SET: &str = "what alerts and dashboards use, less what would describe the pod";
    const PATHS: &str = "the node's files, as they are mounted";
    const PER_POD: &str = "mounts of pods come and go, and belong to their pods";
    // The exporter's own default, and the mounts of the kubelet's and containerd's pods.
    const NOT_THE_NODES: &str = "^/(dev|proc|sys|run/credentials/.+|run/containerd/.+|\
                                 var/lib/docker/.+|var/lib/containers/.+|var/lib/kubelet/pods/.+)($|/)";
    const COLLECTORS: [&str; 10] = [
        "cpu",
        "cpufreq",
        "diskstats",
        "filesystem",
        "loadavg",
        "meminfo",
        "mountstats",
        "os",
        "pressure",
        "uname",
    ];
    let mut section = Section::new("This node. Not clustered: each peer scrapes its own.");
    let exporter = Block::new("prometheus.exporter.unix", "nodes")
        .set("set_collectors", list(COLLECTORS.map(|name| because(SET, name))))
        .set("procfs_path", because(PATHS, "/host/proc"))
        .set("sysfs_path", because(PATHS, "/host/sys"))
        .set("rootfs_path", because(PATHS, "/host/root"))
        .block(
            Block::unlabelled("filesystem")
                .set("mount_points_exclude", because(PER_POD, NOT_THE_NODES)),
        );
    let scrape = Block::new("prometheus.scrape", "nodes")
        .set("targets", Targets::of(&exporter).expr())
        .set("forward_to", to.forward());
    section.push(exporter);
    section.push(scrape);
    section
}

/// The state of the cluster's objects.
pub fn kube_state(plan: &Plan, to: &MetricsReceiver) -> Section {
    let mut section = Section::new("The state of the cluster's objects.");
    let address = map([("__address__", Node::from(&plan.collect.kube_state_metrics))]);
    section.push(
        Block::new("prometheus.scrape", "kube_state_metrics")
            .set("targets", list([address]))
            .set("forward_to", to.forward())
            .block(clustered()),
    );
    section
}

/// Containers, from each kubelet's cAdvisor. Asked directly: the way through the API server needs
/// the right to run anything on any node.
pub fn containers(plan: &Plan, to: &MetricsReceiver) -> Section {
    const KUBELET: &str =
        "the kubelet serves container metrics with TLS, to those who may see nodes";
    const ACCOUNT: &str = "/var/run/secrets/kubernetes.io/serviceaccount";
    let mut section = Section::new("Containers: memory and CPU against their limits, and network.");
    let discovery = Block::new("discovery.kubernetes", "nodes")
        .set("role", because("targets are kubelets", "node"));
    let relabel = Block::new("discovery.relabel", "kubelet")
        .set("targets", Targets::of(&discovery).expr())
        .block(rule(
            "node",
            LabelSource::Label("__meta_kubernetes_node_name"),
            "a series says which node it is from",
        ));
    let tls = Block::unlabelled("tls_config");
    let tls = match plan.collect.kubelet_tls.value {
        KubeletTls::ClusterCa => tls.set("ca_file", because(KUBELET, format!("{ACCOUNT}/ca.crt"))),
        KubeletTls::Insecure => {
            let origin = &plan.collect.kubelet_tls.origin;
            tls.set("insecure_skip_verify", derived("kubelets sign their own", [origin], true))
        }
    };
    let scrape = Block::new("prometheus.scrape", "kubelet_cadvisor")
        .set("targets", Targets::relabelled(&relabel).expr())
        .set("forward_to", to.forward())
        .set("scheme", because(KUBELET, "https"))
        .set("metrics_path", because(KUBELET, "/metrics/cadvisor"))
        .set("bearer_token_file", because(KUBELET, format!("{ACCOUNT}/token")))
        .block(tls)
        .block(clustered());
    [discovery, relabel, scrape].into_iter().for_each(|block| section.push(block));
    section
}
