//! Who may talk to whom: one list of edges, from which every network policy is made.
//!
//! Each namespace refuses everything that no edge allows, in and out. An edge between two of our
//! namespaces opens both ends at once, so the two cannot disagree.

use super::alloy::{FARO_PORT, HTTP_PORT};
use super::{ComponentId, grafana, metadata, namespace};
use crate::manifest::{
    self, IPBlock, IntOrString, LabelSelector, NetworkPolicy, NetworkPolicyEgressRule,
    NetworkPolicyIngressRule, NetworkPolicyPeer, NetworkPolicyPort, NetworkPolicySpec,
};
use crate::model::{Amount as _, Plan, Word as _};
use crate::node::Node;
use crate::origin::Origin;

/// One end of an edge.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Peer {
    /// Pods of a component.
    Component(ComponentId),
    /// All pods of a namespace.
    Namespace(String),
    /// Anything at these addresses.
    Addresses(String),
    /// Anything anywhere: the address is not known before it runs.
    Anywhere,
}

/// Traffic that is allowed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    /// Who connects.
    pub from: Peer,
    /// To whom.
    pub to: Peer,
    /// To which ports of the pod, not of the Service; all if empty.
    pub ports: Vec<(Protocol, u16)>,
    /// What for.
    pub why: &'static str,
}

/// A transport.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Protocol {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
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
    let ports = ports.into_iter().map(|port| (Protocol::Tcp, port)).collect();
    Edge { from: Peer::Component(from), to: to.into(), ports, why }
}

impl From<ComponentId> for Peer {
    fn from(id: ComponentId) -> Peer {
        Peer::Component(id)
    }
}

/// Everything that the stack needs, and nothing else.
pub fn edges(plan: &Plan) -> Vec<Edge> {
    let collector = collector_edges(plan).into_iter();
    collector.chain(store_edges(plan)).chain(ingress(plan)).chain(credentials(plan)).collect()
}

fn store_edges(plan: &Plan) -> Vec<Edge> {
    use ComponentId::{Grafana, Loki, Mimir};
    let database = u16::try_from(plan.grafana.database_port.value.get()).ok();
    let reports = plan.telemetry_reporting.value.then(|| {
        edge(Grafana, Peer::Anywhere, [HTTPS], "Grafana reports usage and looks for updates")
    });
    let edges = [
        edge(Grafana, Mimir, [GATEWAY_PORT], "metrics are queried"),
        edge(Grafana, Loki, [GATEWAY_PORT], "logs are queried"),
        edge(Grafana, Peer::Anywhere, database, "Grafana's database"),
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
        .map(|space| edge(Alloy, Peer::Namespace(space.value.to_string()), [], PODS));
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
    let address = plan.collect.kube_state_metrics.value.as_str();
    let space = address.split('.').nth(1).unwrap_or_default().to_owned();
    edge(ComponentId::Alloy, Peer::Namespace(space), [], "the state of the cluster's objects")
}

fn ingress(plan: &Plan) -> Vec<Edge> {
    let Some(traefik) = &plan.ingress else { return Vec::new() };
    let proxy = || Peer::Namespace(traefik.namespace.value.to_string());
    let to = |id, port, why| Edge {
        from: proxy(),
        to: Peer::Component(id),
        ports: vec![(Protocol::Tcp, port)],
        why,
    };
    // A public name may lead back to the proxy without leaving the cluster, at a port of its pods.
    let probes = edge(ComponentId::Alloy, proxy(), [], "public probes come in through the proxy");
    let users = to(ComponentId::Grafana, grafana::PORT, "users come through the proxy only");
    let browsers = plan
        .collect
        .faro
        .value
        .then(|| to(ComponentId::Alloy, FARO_PORT, "browsers send logs through the proxy"));
    [probes, users].into_iter().chain(browsers).collect()
}

fn credentials(plan: &Plan) -> Vec<Edge> {
    let Some(agent) = &plan.credential_agent else {
        return Vec::new();
    };
    let clients = [ComponentId::Alloy, ComponentId::Mimir, ComponentId::Loki];
    let to = || Peer::Addresses(agent.value.to_string());
    clients
        .map(|id| Edge {
            from: Peer::Component(id),
            to: to(),
            ports: vec![(Protocol::Tcp, 80)],
            why: "credentials come from the agent on the node",
        })
        .to_vec()
}

/// The policy of a component's namespace: all of its pods, both directions.
pub fn policy(plan: &Plan, id: ComponentId) -> Node {
    let edges = edges(plan);
    let own = Peer::Component(id);
    let incoming = edges.iter().filter(|edge| edge.to == own);
    let outgoing = edges.iter().filter(|edge| edge.from == own);
    let ingress = incoming.map(|edge| NetworkPolicyIngressRule {
        from: Some(peers(plan, &edge.from)),
        ports: ports(&edge.ports),
    });
    let egress = outgoing.map(|edge| NetworkPolicyEgressRule {
        to: Some(peers(plan, &edge.to)),
        ports: ports(&edge.ports),
    });
    let spec = NetworkPolicySpec {
        pod_selector: Some(LabelSelector::default()),
        policy_types: Some(vec!["Ingress".to_owned(), "Egress".to_owned()]),
        ingress: Some(ingress.collect()),
        egress: Some(std::iter::once(dns()).chain(egress).collect()),
    };
    let space = namespace(plan, id).value.to_string();
    let policy = NetworkPolicy { metadata: metadata(id, &space, id.as_str()), spec: Some(spec) };
    let spaces = ComponentId::ALL.map(|id| &namespace(plan, id).origin);
    let asked = origins(plan);
    let from = spaces.into_iter().chain(asked);
    let origin = Origin::whole("what the stack needs, and nothing else", from);
    manifest::object(&policy, &origin)
}

/// What the edges are made from, besides the components' namespaces.
fn origins(plan: &Plan) -> Vec<&Origin> {
    let collect = &plan.collect;
    let applications = collect.application_namespaces.iter().map(|space| &space.origin);
    let others = [
        &collect.product_namespace.origin,
        &collect.kube_state_metrics.origin,
        &collect.faro.origin,
        &plan.grafana.database_port.origin,
        &plan.telemetry_reporting.origin,
    ];
    let proxy = plan.ingress.iter().map(|traefik| &traefik.namespace.origin);
    let agent = plan.credential_agent.iter().map(|agent| &agent.origin);
    applications.chain(others).chain(proxy).chain(agent).collect()
}

/// Names are resolved by the cluster's DNS, or by a cache of it on the node, which has a link-local
/// address (169.254.20.10 for the node-local cache, others for a cloud's own).
fn dns() -> NetworkPolicyEgressRule {
    NetworkPolicyEgressRule {
        to: Some(vec![in_namespace("kube-system"), addresses("169.254.0.0/16")]),
        ports: ports(&[(Protocol::Tcp, 53), (Protocol::Udp, 53)]),
    }
}

fn peers(plan: &Plan, peer: &Peer) -> Vec<NetworkPolicyPeer> {
    match peer {
        Peer::Component(id) => vec![in_namespace(&namespace(plan, *id).value.to_string())],
        Peer::Namespace(name) => vec![in_namespace(name)],
        Peer::Addresses(range) => vec![addresses(range)],
        Peer::Anywhere => vec![addresses("0.0.0.0/0"), addresses("::/0")],
    }
}

/// All pods of a namespace. Nothing else of ours runs there, and labels differ between charts.
fn in_namespace(name: &str) -> NetworkPolicyPeer {
    let labels = manifest::text_map([("kubernetes.io/metadata.name", name)]);
    let selector = LabelSelector { match_labels: Some(labels), match_expressions: None };
    NetworkPolicyPeer { namespace_selector: Some(selector), ..NetworkPolicyPeer::default() }
}

fn addresses(range: &str) -> NetworkPolicyPeer {
    let block = IPBlock { cidr: range.to_owned(), except: None };
    NetworkPolicyPeer { ip_block: Some(block), ..NetworkPolicyPeer::default() }
}

fn ports(ports: &[(Protocol, u16)]) -> Option<Vec<NetworkPolicyPort>> {
    let port = |(protocol, number): &(Protocol, u16)| NetworkPolicyPort {
        port: Some(IntOrString::Int(i32::from(*number))),
        protocol: Some(match protocol {
            Protocol::Tcp => "TCP".to_owned(),
            Protocol::Udp => "UDP".to_owned(),
        }),
        end_port: None,
    };
    (!ports.is_empty()).then(|| ports.iter().map(port).collect())
}
