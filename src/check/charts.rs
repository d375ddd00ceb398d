//! Which version of its chart each component has, and what is known of it.

use crate::component::{self, Chart};
use crate::contract::chart::{self, Contract, Defaults};
use crate::contract::{Breach, Kind, Place};
use crate::diag::{Code, Diagnostic};
use crate::layout;
use crate::model::ComponentId;
use crate::node::Node;
use crate::origin::Origin;
use crate::pointer::Pointer;
use crate::tree::{Content, RelPath, Tree};
use std::collections::BTreeMap;

const OURS: &str = "the version that the values are written for";

/// The charts of a tree.
#[derive(Debug, Clone)]
pub struct Charts<'a>(BTreeMap<ComponentId, Known<'a>>);

/// A chart, and what is known of it.
#[derive(Debug, Clone)]
pub struct Known<'a> {
    /// The chart's name.
    pub name: &'static str,
    /// The version.
    pub version: String,
    /// What it reads; nothing if nobody here knows.
    pub contract: Option<&'a Contract>,
    /// Why it is this version.
    pub origin: Origin,
}

impl<'a> Charts<'a> {
    /// The charts for which values are written.
    pub fn ours() -> Charts<'a> {
        let of = |id: ComponentId| {
            let Chart { name, version, .. } = component::chart(id);
            let contract = chart::bundled(name, version);
            (
                id,
                Known {
                    name,
                    version: version.to_owned(),
                    contract,
                    origin: Origin::because(OURS),
                },
            )
        };
        Charts(ComponentId::ALL.into_iter().map(of).collect())
    }

    /// Puts another version of a chart in the place of ours. What telemetree knows of it need not be
    /// said.
    pub fn set(
        &mut self,
        id: ComponentId,
        version: &str,
        contract: Option<&'a Contract>,
        origin: &Origin,
    ) {
        let Chart { name, .. } = component::chart(id);
        let contract = contract.or_else(|| chart::bundled(name, version));
        let version = version.to_owned();
        let origin = origin.clone();
        let _ = self.0.insert(id, Known { name, version, contract, origin });
    }

    /// The charts that a tree says it is for, in its list of what must exist. `contracts` are of
    /// versions that telemetree does not know.
    pub fn of_tree(
        tree: &Tree,
        contracts: impl IntoIterator<Item = &'a Contract, IntoIter: Clone>,
    ) -> Charts<'a> {
        let contracts = contracts.into_iter();
        let mut charts = Charts::ours();
        let Some(Content::Document(needs)) = tree.get(&RelPath::top(layout::PREREQUISITES)) else {
            return charts;
        };
        for said in needs.get("charts").and_then(Node::items).unwrap_or_default() {
            let component = said.get("component").and_then(Node::text);
            let id = ComponentId::ALL.into_iter().find(|id| Some(id.as_str()) == component);
            let (Some(id), Some(version)) = (id, said.get("version")) else { continue };
            let Some(text) = version.text() else { continue };
            let name = component::chart(id).name;
            let known = contracts.clone().find(|one| (&*one.chart, &*one.version) == (name, text));
            charts.set(id, text, known, &version.origin);
        }
        charts
    }

    /// The chart of a component.
    pub fn of(&self, id: ComponentId) -> &Known<'a> {
        self.0.get(&id).expect("bug: a component has no chart")
    }

    /// What the chart of a component takes where its values say nothing, if that is known.
    pub fn defaults(&self, id: ComponentId) -> Option<&'a Node> {
        let contract: &'a Contract = self.0.get(&id)?.contract?;
        contract.defaults.as_ref().map(Defaults::values)
    }

    /// Where a tree has charts deployed in other versions than these.
    pub fn breaches<'t>(&self, tree: &'t Tree) -> Vec<(&'t RelPath, &'t Node, Breach)> {
        let of_delivery =
            tree.objects().filter(|(path, _)| path.as_str().starts_with(layout::DELIVERY));
        let breaches = of_delivery.flat_map(|(path, object)| {
            let found = deployed(object).into_iter();
            found.filter_map(move |(name, version, at)| {
                let known = self.0.values().find(|known| known.name == name)?;
                let breach = (known.version != version).then(|| other(known, version, at))?;
                Some((path, object, breach))
            })
        });
        breaches.collect()
    }
}

impl Known<'_> {
    /// What is not checked of it as it should be.
    pub fn unchecked(&self, id: ComponentId) -> Option<Diagnostic> {
        let Known { name, version, contract, origin } = self;
        let at = origin.written();
        let Some(contract) = contract else {
            let message = format!("what {name} {version} reads is not known here, and not checked");
            let warning = Diagnostic::warning(Code::ChartUnchecked, at, message);
            return Some(warning.help("name its contract with `--contract`"));
        };
        let ours = chart::bundled(name, component::chart(id).version)?.application.as_deref();
        let theirs = contract.application.as_deref();
        (ours != theirs).then(|| {
            let deploys = theirs.map_or("does not say what it deploys".to_owned(), |theirs| {
                format!("deploys {} {theirs}", id.as_str())
            });
            let checked = ours.unwrap_or("another version");
            let message = format!(
                "{name} {version} {deploys}; what it is configured with is checked as for {checked}"
            );
            let warning = Diagnostic::warning(Code::SettingUnchecked, at, message);
            warning
                .help("look up what changed in between, and allow this with a comment that says so")
        })
    }
}

fn other(known: &Known, version: &str, at: Pointer) -> Breach {
    let message = format!(
        "{} is deployed in version {version}, and its values are for {}",
        known.name, known.version
    );
    let help = "ask for a version by `charts` of an overlay, with the contract of that version";
    Breach { place: Place::Value(at), kind: Kind::Conflict, message, help: Some(help.to_owned()) }
}

/// The charts that an Application or a `HelmRelease` deploys: name, version, and where that stands.
fn deployed(object: &Node) -> Vec<(&str, &str, Pointer)> {
    let Some(spec) = object.get("spec") else { return Vec::new() };
    let sources = spec.get("sources").and_then(Node::items).unwrap_or_default().iter().enumerate();
    let sources = sources.map(|(at, source)| (source, vec!["sources".to_owned(), at.to_string()]));
    let source = spec.get("source").map(|source| (source, vec!["source".to_owned()]));
    let argo = sources.chain(source).map(|(source, at)| (source, at, "targetRevision"));
    let release = spec.get("chart").and_then(|chart| chart.get("spec"));
    let release =
        release.map(|chart| (chart, vec!["chart".to_owned(), "spec".to_owned()], "version"));
    let all = argo.chain(release).filter_map(|(source, at, key)| {
        let name = source.get("chart").and_then(Node::text)?;
        let version = source.get(key).and_then(Node::text)?;
        let mut pointer = Pointer::default();
        pointer.push("spec");
        at.iter().map(String::as_str).chain([key]).for_each(|part| pointer.push(part));
        Some((name, version, pointer))
    });
    all.collect()
}
