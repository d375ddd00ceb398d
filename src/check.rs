//! Whether a tree is what others accept: the Kubernetes API, the charts, the applications.
//!
//! It finds and never stops. What a finding is called is decided here, and by `locate` whose line it is;
//! what is accepted is `contract`'s to say. Start with [`tree`].

pub mod allow;
mod area;
mod charts;
mod locate;
mod provisioned;
mod reference;
pub mod rule;
mod stores;

use crate::contract::alloy::{Facts, Stability};
use crate::contract::{Breach, Place, alloy, chart, kubernetes, query, settings};
use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::layout;
use crate::model::ComponentId;
use crate::node::{Data, Node};
use crate::origin::Origin;
use crate::river::{Expr, Statement};
use crate::source::{Sources, Span};
use crate::syntax::{self, Inner};
use crate::tree::{Content, RelPath, Tree};
use area::{Area, code};
use locate::Locator;

pub use charts::{Charts, Known};

/// Checks the tree of a cluster of Kubernetes `1.minor`, with these charts. What is true of two
/// clusters is said once.
pub fn tree(tree: &Tree, minor: u32, charts: &Charts, sources: &Sources, diags: &mut Diagnostics) {
    let mut reporter = Reporter { locator: Locator::new(tree, sources), otherwise: None, diags };
    objects(tree, minor, &mut reporter);
    for (path, object, breach) in charts.breaches(tree) {
        reporter.report(path, object, Area::Deployment, vec![breach]);
    }
    values(tree, minor, charts, &mut reporter);
    configurations(tree, &mut reporter);
    reference::check(tree, &mut reporter);
    stores::check(tree, &mut reporter);
    provisioned::check(tree, &mut reporter);
}

/// Turns breaches into findings.
struct Reporter<'a> {
    locator: Locator<'a>,
    /// The line of what nobody wrote.
    otherwise: Option<Span>,
    diags: &'a mut Diagnostics,
}

impl Reporter<'_> {
    fn report(&mut self, path: &RelPath, root: &Node, area: Area, breaches: Vec<Breach>) {
        for breach in breaches {
            let code = code(area, breach.kind);
            self.add(path, root, code, breach);
        }
    }

    fn add(&mut self, path: &RelPath, root: &Node, code: Code, breach: Breach) {
        let found = self.locator.diagnostic(path, root, code, breach);
        self.diags.push_once(Diagnostic { at: found.at.or(self.otherwise), ..found });
    }
}

fn objects(tree: &Tree, minor: u32, reporter: &mut Reporter) {
    let all: Vec<(&RelPath, &Node)> = tree.objects().collect();
    for (path, object) in &all {
        reporter.report(path, object, Area::Kubernetes, kubernetes::check(object, minor));
        reporter.report(path, object, Area::Kubernetes, kubernetes::sound(object));
        reporter.report(path, object, Area::Query, query::breaches(object));
    }
    let named: Vec<(&str, &Node)> = all.iter().map(|(path, node)| (path.as_str(), *node)).collect();
    for (position, breach) in kubernetes::together(&named) {
        if let Some((path, object)) = all.get(position) {
            reporter.report(path, object, Area::Kubernetes, vec![breach]);
        }
    }
}

fn values(tree: &Tree, minor: u32, charts: &Charts, reporter: &mut Reporter) {
    for (path, content) in tree.files() {
        let (Content::Values(values), Some(id)) = (content, path.component()) else { continue };
        let chart = charts.of(id);
        if let Some(warning) = chart.unchecked(id) {
            reporter.diags.push_once(warning);
        }
        let breaches = |contract| chart::check(values, contract);
        let of_chart = chart.contract.map(breaches).unwrap_or_default();
        let mut of_settings = settings::in_values(chart.name, values);
        // Of one place one says what it is: who knows more of it than that nobody reads it.
        let of_chart: Vec<Breach> = of_chart
            .into_iter()
            .filter(|breach| of_settings.iter().all(|other| other.place != breach.place))
            .collect();
        of_settings.dedup();
        // What we write for another version is the doing of whoever asks for this one.
        reporter.otherwise = chart.origin.written();
        reporter.report(path, values, Area::Chart, of_chart);
        reporter.otherwise = None;
        let of_parts = kubernetes::unknown_fields(values, minor);
        reporter.report(path, values, Area::Kubernetes, of_parts);
        reporter.report(path, values, Area::Settings, of_settings);
        reporter.report(path, values, Area::Query, query::breaches(values));
    }
}

fn configurations(tree: &Tree, reporter: &mut Reporter) {
    let nothing = Node { data: Data::Null, origin: Origin::Structure };
    let level = stability(tree);
    for (path, content) in tree.files() {
        let Content::Alloy(config) = content else { continue };
        let facts = Facts::latest();
        reporter.report(path, &nothing, Area::Alloy, alloy::check(config, facts, level));
        reporter.report(path, &nothing, Area::DeadEnd, alloy::dead_ends(config, facts));
        reporter.report(path, &nothing, Area::Settings, probes(config));
    }
}

/// The level of stability that the collector runs with; the chart's default if nobody says.
fn stability(tree: &Tree) -> Stability {
    let values = tree.get(&RelPath::of(ComponentId::Alloy, layout::VALUES));
    let Some(Content::Values(values)) = values else { return Stability::GenerallyAvailable };
    let level = values.get("alloy").and_then(|alloy| alloy.get("stabilityLevel"));
    let level = level.and_then(Node::text).unwrap_or_default();
    let known = [Stability::Experimental, Stability::PublicPreview];
    known.into_iter().find(|known| known.as_str() == level).unwrap_or(Stability::GenerallyAvailable)
}

/// What is wrong with the probes' modules, which are YAML inside of a text.
fn probes(config: &[Statement]) -> Vec<Breach> {
    let mut found = Vec::new();
    for statement in config {
        let Statement::Block(block) = statement else { continue };
        if block.name != "prometheus.exporter.blackbox" {
            continue;
        }
        for inner in &block.body {
            let Statement::Attribute(attribute) = inner else { continue };
            let Expr::Literal(Node { data: Data::Text(text), origin }) = &attribute.value else {
                continue;
            };
            if attribute.name == "config" {
                found.extend(modules(text, origin));
            }
        }
    }
    found
}

fn modules(text: &str, origin: &Origin) -> Vec<Breach> {
    let whole = origin.written().unwrap_or(Span::NOWHERE);
    let document = syntax::parse_inner(&Inner::whole_file(whole), text).document;
    let breaches = document.map(|document| settings::blackbox(&document.to_node()));
    let here = |breach: Breach| Breach { place: Place::Origin(origin.clone()), ..breach };
    breaches.into_iter().flatten().map(here).collect()
}
