//! Who may talk to whom: one list of edges, from which every network policy is made.
//!
//! Each namespace refuses everything that no edge allows, in and out. An edge between two of our
//! namespaces opens both ends at once, so the two cannot disagree.

use super::alloy::{FARO_PORT, HTTP_PORT};
use super::{ComponentId, grafana, metadata, namespace};
use crate::manifest;
use crate::model::{Plan, Word as _};
use crate::node::{Map, Node, because, list, map};
use crate::origin::{Origin, Sourced};

/// One end of an edge.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Peer {
    /// Pods of a component.
    Component(ComponentId),
    /// All pods of a namespace.
    Namespace(Sourced<String>),
    /// Anything at these addresses.
    Addresses(Sourced<String>),
    /// Anything anywhere: the address is not known before it runs.
    Anywhere,
}

/// Traffic that is allowed.
#[derive(Debug, Clone)]
struct Edge {
    /// Who connects.
    from: Peer,
    /// To whom.
    to: Peer,
    /// To which TCP ports of the pod, not of the Service; all if empty.
    ports: Vec<Node>,
    /// What for.
    why: &'static str,
    /// What asked for it, where not everybody has it.
    asked: Vec<Origin>,
}

/// The gateways' port. Source: the defaults of the pinned charts.
const GATEWAY_PORT: u16 = 8080;
/// HTTPS: object stores, token services, the Kubernetes API, the control room, public probes.
const HTTPS: u16 = 443;
/// The Kubernetes API where its Service is rewritten to the server's own port.
const API_SERVER: u16 = 6443;
const KUBELET: u16 = 10250;

fn edge(
    from: ComponentId,
    to: impl Into<Peer>,
    ports: impl IntoIterator<Item = u16>,
    why: &'static str,
) -> Edge {
    let ports = ports.into_iter().map(|port| because(why, u32::from(port))).collect();
    Edge { from: Peer::Component(from), to: to.into(), ports, why, asked: Vec::new() }
}

impl Edge {
    /// The edge, which is there only because somebody asked for it.
    fn because_of(mut self, switch: &Origin) -> Edge {
        self.asked.push(switch.clone());
        self
    }
}

impl From<ComponentId> for Peer {
    fn from(id: ComponentId) -> Peer {
        Peer::Component(id)
    }
}

/// Everything that the stack needs, and nothing else.
fn edges(plan: &Plan) -> Vec<Edge> {
    let collector = collector_edges(plan).into_iter();
    collector.chain(store_edges(plan)).chain(ingress(plan)).chain(credentials(plan)).collect()
}

fn store_edges(plan: &Plan) -> Vec<Edge> {
    use ComponentId::{Grafana, Loki, Mimir};
    let database = Edge {
        ports: vec![Node::from(&plan.grafana.database_port)],
        ..edge(Grafana, Peer::Anywhere, [], "Grafana's database")
    };
    let reports = plan.telemetry_reporting.value.then(|| {
        edge(Grafana, Peer::Anywhere, [HTTPS], "Grafana reports usage and looks for updates")
            .because_of(&plan.telemetry_reporting.origin)
    });
    let edges = [
        edge(Grafana, Mimir, [GATEWAY_PORT], "metrics are queried"),
        edge(Grafana, Loki, [GATEWAY_PORT], "logs are queried"),
        database,
        edge(Mimir, Mimir, [], "its parts talk to each other"),
        edge(Loki, Loki, [], "its parts talk to each other"),
        edge(Mimir, Peer::Anywhere, [HTTPS], "the object store and its tokens"),
        edge(Loki, Peer::Anywhere, [HTTPS], "the object store and its tokens"),
    ];
    edges.into_iter().chain(reports).collect()
}

fn collector_edges(plan: &Plan) -> Vec<Edge> {
    use ComponentId::{Alloy, Loki, Mimir};
    const OUTSIDE: &str = "the Kubernetes API, kubelets, cloud metrics, the control room, probes";
    const PODS: &str = "pods are scraped at their own ports, and probed";
    let products = &plan.collect.product_namespace;
    let applications = &plan.collect.application_namespaces;
    let others =
        (!applications.iter().any(|space| space.value == products.value)).then_some(products);
    let applications = applications
        .iter()
        .chain(others)
        .map(|space| edge(Alloy, Peer::Namespace(space.map(ToString::to_string)), [], PODS));
    let own = [
        edge(Alloy, Mimir, [GATEWAY_PORT], "metrics are written"),
        edge(Alloy, Loki, [], "logs are written, Loki's pods are scraped"),
        edge(Alloy, Alloy, [HTTP_PORT], "peers share the targets"),
        edge(Alloy, Peer::Anywhere, [HTTPS, API_SERVER, KUBELET], OUTSIDE),
    ];
    own.into_iter().chain(applications).chain([kube_state(plan)]).collect()
}

/// kube-state-metrics, in the namespace that its address names. The address has the Service's port;
/// the policy would need the pod's, which it does not say, so the namespace is open to the collector.
fn kube_state(plan: &Plan) -> Edge {
    let space = plan.collect.kube_state_metrics.derive("the namespace in its address", |address| {
        address.as_str().split('.').nth(1).unwrap_or_default().to_owned()
    });
    edge(ComponentId::Alloy, Peer::Namespace(space), [], "the state of the cluster's objects")
}

fn ingress(plan: &Plan) -> Vec<Edge> {
    let Some(traefik) = &plan.ingress else { return Vec::new() };
    let proxy = || Peer::Namespace(traefik.namespace.map(ToString::to_string));
    let to = |id, port, why| Edge { from: proxy(), ..edge(id, id, [port], why) };
    // A public name may lead back to the proxy without leaving the cluster, at a port of its pods.
    let probes = edge(ComponentId::Alloy, proxy(), [], "public probes come in through the proxy");
    let users = to(ComponentId::Grafana, grafana::PORT, "users come through the proxy only");
    let browsers = plan
        .collect
        .faro
        .value
        .then(|| to(ComponentId::Alloy, FARO_PORT, "browsers send logs through the proxy"))
        .map(|edge| edge.because_of(&plan.collect.faro.origin));
    [probes, users].into_iter().chain(browsers).collect()
}

fn credentials(plan: &Plan) -> Vec<Edge> {
    let Some(agent) = &plan.credential_agent else {
        return Vec::new();
    };
    const WHY: &str = "credentials come from the agent on the node";
    let clients = [ComponentId::Alloy, ComponentId::Mimir, ComponentId::Loki];
    let to = || Peer::Addresses(agent.map(ToString::to_string));
    clients.map(|id| edge(id, to(), [80], WHY).because_of(&agent.origin)).to_vec()
}

/// The policy of a component's namespace: all of its pods, both directions.
pub fn policy(plan: &Plan, id: ComponentId) -> Node {
    const ALL: &str = "what no rule allows is refused, to every pod of the namespace";
    let edges = edges(plan);
    let own = Peer::Component(id);
    let incoming = edges.iter().filter(|edge| edge.to == own);
    let outgoing = edges.iter().filter(|edge| edge.from == own);
    let ingress: Vec<Node> = incoming.map(|edge| rule(plan, "from", &edge.from, edge)).collect();
    let egress = outgoing.map(|edge| rule(plan, "to", &edge.to, edge));
    let spec = map([
        ("podSelector", because(ALL, Map::new())),
        ("policyTypes", list([because(ALL, "Ingress"), because(ALL, "Egress")])),
        ("ingress", if ingress.is_empty() { because(ALL, ingress) } else { list(ingress) }),
        ("egress", list(std::iter::once(dns()).chain(egress))),
    ]);
    let metadata = metadata(plan, id, because("there is one for the namespace", id.as_str()));
    manifest::object(manifest::NETWORK_POLICY, metadata, map([("spec", spec)]))
}

/// Names are resolved by the cluster's DNS, or by a cache of it on the node, which has a link-local
/// address (169.254.20.10 for the node-local cache, others for a cloud's own).
fn dns() -> Node {
    const WHY: &str = "names are resolved by the cluster's DNS, or by a cache of it on the node";
    let peers =
        [in_namespace(because(WHY, "kube-system")), addresses(because(WHY, "169.254.0.0/16"))];
    let ports = ["TCP", "UDP"].map(|protocol| port(WHY, protocol, because(WHY, 53)));
    map([("to", list(peers)), ("ports", list(ports))])
}

/// One direction of an edge.
fn rule(plan: &Plan, direction: &'static str, peer: &Peer, edge: &Edge) -> Node {
    let peers = map([(direction, list(peers(plan, peer, edge.why)))]);
    let ports: Vec<Node> =
        edge.ports.iter().map(|number| port(edge.why, "TCP", number.clone())).collect();
    let rule = if ports.is_empty() { peers } else { peers.with(map([("ports", list(ports))])) };
    let asked: Vec<&Origin> = edge.asked.iter().collect();
    if asked.is_empty() { rule } else { rule.because_of(&asked) }
}

fn peers(plan: &Plan, peer: &Peer, why: &'static str) -> Vec<Node> {
    match peer {
        Peer::Component(id) => vec![in_namespace(Node::from(namespace(plan, *id)))],
        Peer::Namespace(name) => vec![in_namespace(Node::from(name))],
        Peer::Addresses(range) => vec![addresses(Node::from(range))],
        Peer::Anywhere => ["0.0.0.0/0", "::/0"].map(|all| addresses(because(why, all))).to_vec(),
    }
}

/// All pods of a namespace. Nothing else of ours runs there, and labels differ between charts.
fn in_namespace(name: Node) -> Node {
    let labels = map([("matchLabels", map([("kubernetes.io/metadata.name", name)]))]);
    map([("namespaceSelector", labels)])
}

fn addresses(range: Node) -> Node {
    map([("ipBlock", map([("cidr", range)]))])
}

fn port(why: &'static str, protocol: &'static str, number: Node) -> Node {
    map([("port", number), ("protocol", because(why, protocol))])
}
