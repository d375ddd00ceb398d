//! Whether a tree is what others accept: the Kubernetes API, the charts, the applications.
//!
//! It finds and never stops. What a finding is called is decided here, and by `locate` whose line it is;
//! what is accepted is `contract`'s to say. Start with [`tree`].

pub mod allow;
mod locate;
pub mod rule;

use crate::component::chart;
use crate::contract::{Breach, Kind, kubernetes, settings};
use crate::diag::{Code, Diagnostics};
use crate::node::Node;
use crate::source::Sources;
use crate::tree::{Content, RelPath, Tree};
use locate::Locator;

/// Who accepts a thing, or does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Area {
    Kubernetes,
    Settings,
}

/// Checks the tree of a cluster of Kubernetes `1.minor`. What is true of two clusters is said once.
pub fn tree(tree: &Tree, minor: u32, sources: &Sources, diags: &mut Diagnostics) {
    let mut reporter = Reporter { locator: Locator::new(tree, sources), diags };
    objects(tree, minor, &mut reporter);
    values(tree, &mut reporter);
}

/// Turns breaches into findings.
struct Reporter<'a> {
    locator: Locator<'a>,
    diags: &'a mut Diagnostics,
}

impl Reporter<'_> {
    fn report(&mut self, path: &RelPath, root: &Node, area: Area, breaches: Vec<Breach>) {
        for breach in breaches {
            let code = code(area, breach.kind);
            self.diags.push_once(self.locator.diagnostic(path, root, code, breach));
        }
    }
}

fn objects(tree: &Tree, minor: u32, reporter: &mut Reporter) {
    let all: Vec<(&RelPath, &Node)> = tree.objects().collect();
    for (path, object) in &all {
        reporter.report(path, object, Area::Kubernetes, kubernetes::check(object, minor));
        reporter.report(path, object, Area::Kubernetes, kubernetes::sound(object));
    }
    let named: Vec<(&str, &Node)> = all.iter().map(|(path, node)| (path.as_str(), *node)).collect();
    for (position, breach) in kubernetes::together(&named) {
        if let Some((path, object)) = all.get(position) {
            reporter.report(path, object, Area::Kubernetes, vec![breach]);
        }
    }
}

fn values(tree: &Tree, reporter: &mut Reporter) {
    for (path, content) in tree.files() {
        let (Content::Values(values), Some(id)) = (content, path.component()) else { continue };
        let chart = chart(id);
        reporter.report(path, values, Area::Settings, settings::in_values(chart.name, values));
    }
}

/// What a breach of a contract is called.
fn code(area: Area, kind: Kind) -> Code {
    match area {
        Area::Kubernetes => match kind {
            Kind::Unknown => Code::KubernetesField,
            Kind::Missing => Code::KubernetesMissing,
            Kind::Removed | Kind::Deprecated | Kind::Uncovered => Code::KubernetesKind,
            Kind::Type | Kind::Value | Kind::Secret => Code::KubernetesValue,
            Kind::Repeated | Kind::Reference | Kind::Conflict => Code::KubernetesObject,
        },
        Area::Settings => match kind {
            Kind::Unknown | Kind::Uncovered => Code::SettingUnknown,
            Kind::Removed => Code::SettingRemoved,
            Kind::Deprecated => Code::SettingDeprecated,
            Kind::Type | Kind::Value | Kind::Secret => Code::SettingValue,
            Kind::Missing | Kind::Repeated | Kind::Reference | Kind::Conflict => {
                Code::SettingConflict
            }
        },
    }
}
