//! The four components. Each turns what it was granted into a [`Release`]: a pinned chart, the
//! values that we decide, and the objects that the chart does not make.
//!
//! Every component file has the same order: the chart, `render`, then a function for each block of
//! the values. Rendering is total: nothing here can fail, and nothing here knows a cloud.

mod access;
mod alloy;
mod grafana;
mod images;
mod loki;
mod mimir;
mod network;
mod route;
mod secrets;
mod sizing;

use crate::manifest;
use crate::model::{ChartVersion, Plan};
use crate::node::Node;
use crate::origin::Sourced;
use crate::river::Statement;
use route::{Route, route};

pub use crate::model::ComponentId;
pub use alloy::{CARRIER, CONFIG, carry};
pub use images::{ChartImage, DigestForm, IMAGES, ImageForm};
pub use network::policy;

/// A pinned chart. The same name exists in several repositories, so all three parts belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chart {
    /// The repository's URL.
    pub repository: &'static str,
    /// The chart's name there.
    pub name: &'static str,
    /// The exact version.
    pub version: &'static str,
}

impl Chart {
    /// The version that the values are written for.
    fn pinned(self) -> Sourced<ChartVersion> {
        Sourced::default(
            ChartVersion::constant(self.version),
            "the version that the values were written for",
        )
    }
}

/// A chart with the values that we decide, and what goes with it.
#[derive(Debug, Clone)]
pub struct Release {
    /// The component.
    pub id: ComponentId,
    /// Its chart.
    pub chart: Chart,
    /// The version that is deployed: the chart's own, unless an overlay asks for another.
    pub version: Sourced<ChartVersion>,
    /// The chart's values.
    pub values: Node,
    /// A configuration in a file of its own: its name, and what it says.
    pub config: Option<(&'static str, Vec<Statement>)>,
    /// Objects that the chart does not make.
    pub objects: Vec<Node>,
}

/// Renders every component of a cluster.
pub fn render_all(plan: &Plan) -> Vec<Release> {
    vec![mimir::render(plan), loki::render(plan), grafana::render(plan), alloy::render(plan)]
}

/// The chart of a component.
pub fn chart(id: ComponentId) -> Chart {
    match id {
        ComponentId::Mimir => mimir::CHART,
        ComponentId::Loki => loki::CHART,
        ComponentId::Grafana => grafana::CHART,
        ComponentId::Alloy => alloy::CHART,
    }
}

/// The objects that make a component's Secrets, where one of ours does.
pub fn secrets(plan: &Plan, id: ComponentId) -> Vec<Node> {
    let home = &namespace(plan, id).value;
    let grants = plan.secrets.all().filter(|grant| grant.namespace.value == *home);
    grants.filter_map(|grant| secrets::object(plan, id, grant)).collect()
}

/// The namespace of a component.
pub fn namespace(plan: &Plan, id: ComponentId) -> &Sourced<crate::model::Namespace> {
    match id {
        ComponentId::Mimir => &plan.names.namespaces.mimir,
        ComponentId::Loki => &plan.names.namespaces.loki,
        ComponentId::Grafana => &plan.names.grafana_namespace,
        ComponentId::Alloy => &plan.names.namespaces.alloy,
    }
}

/// The URL of a component's gateway inside the cluster.
fn gateway_url(plan: &Plan, id: ComponentId, path: &str) -> Sourced<String> {
    namespace(plan, id).derive("a store is reached through its gateway", |namespace| {
        format!("http://{}-gateway.{namespace}.svc.cluster.local{path}", id.as_str())
    })
}

/// Metadata of an object in a component's namespace.
fn metadata(plan: &Plan, id: ComponentId, name: Node) -> Node {
    manifest::metadata(name, Some(Node::from(namespace(plan, id))), [manifest::part(id.as_str())])
}
