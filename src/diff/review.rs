//! Everything that a reviewer must see, put together: what changed, because of which line, how dangerous.
//!
//! [`compare`] makes the entries of one workload; [`super::group`] puts those of all workloads together.

use super::bump::{self, Shift};
use super::cause::{Edited, LineEdit, Side, Texts};
use super::edit::{self, Edit, Part};
use super::risk::{self, Class, Risks};
use super::show::shown;
use super::tree::{FileChange, Pairs};
use crate::check::Charts;
use crate::contract::chart::Contract;
use crate::explain::Reason;
use crate::manifest::Identity;
use crate::node::Node;
use crate::origin::Origin;
use crate::tree::{RelPath, Tree};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// One side of a workload.
#[derive(Debug, Clone, Copy)]
pub struct Version<'a> {
    /// Its clusters, by release id.
    pub clusters: &'a BTreeMap<String, Tree>,
    /// The texts that it is made from; none of a tree that was built before.
    pub texts: Texts<'a>,
    /// What versions of charts read that telemetree does not know.
    pub contracts: &'a [Arc<Contract>],
}

impl<'a> Version<'a> {
    /// Whether it is known what it is made from.
    fn has_texts(&self) -> bool {
        !self.texts.all.is_empty()
    }

    /// The charts of one of its trees.
    fn charts(&self, tree: &Tree) -> Charts<'a> {
        let contracts: &'a [Arc<Contract>] = self.contracts;
        Charts::of_tree(tree, contracts.iter().map(AsRef::as_ref))
    }
}

/// Who applies the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Delivery {
    /// Argo CD.
    ArgoCd,
    /// Flux.
    Flux,
    /// Somebody else.
    Other,
}

/// A place in the output.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Spot {
    /// The workload.
    pub workload: String,
    /// The cluster's release id.
    pub cluster: String,
    /// The file in the cluster's folder.
    pub file: String,
    /// The object in it, if it is one: kind, namespace and name.
    pub object: Option<String>,
    /// The place in the file: a JSON pointer, with list items by their names in brackets.
    pub place: String,
    /// The chart whose own it is: then the file does not say it, but the chart where the file is silent.
    // Without one a spot is what it was before there were any: its group keeps its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chart: Option<String>,
}

/// One change of a value.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// Where.
    pub spot: Spot,
    /// What stood there: YAML, or Alloy.
    pub before: Option<String>,
    /// What is to stand there.
    pub after: Option<String>,
    /// Its classes, the worst first, each with its reason.
    pub risks: Vec<Risk>,
    /// The changed lines that made it.
    pub causes: Vec<LineEdit>,
    /// Why the old value was there.
    pub why_before: Option<Reason>,
    /// Why the new one is.
    pub why_after: Option<Reason>,
    /// Who applies it.
    pub delivery: Delivery,
}

/// A class, and why a change is of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Risk {
    /// The class.
    pub class: Class,
    /// A clause in the present tense.
    pub why: &'static str,
}

/// The changes of a workload; a side on which it is not there is absent.
pub fn compare(workload: &str, before: Option<Version>, after: Option<Version>) -> Vec<Entry> {
    let edited = match (before, after) {
        (Some(before), Some(after)) if before.has_texts() && after.has_texts() => {
            Edited::between(before.texts, after.texts)
        }
        (Some(_) | None, Some(_) | None) => Edited::default(),
    };
    let sides = [before, after].into_iter().flatten();
    let all: BTreeSet<&String> = sides.flat_map(|side| side.clusters.keys()).collect();
    let mut entries = Vec::new();
    for cluster in all {
        Sides { workload, cluster, before, after, edited: &edited }.entries(&mut entries);
    }
    let claimed = entries.iter().flat_map(|(_, lines)| lines).copied().collect();
    let rest = edited.unclaimed(&claimed);
    let with_causes = |(entry, lines): (Entry, BTreeSet<usize>)| {
        let lines = if lines.is_empty() { &rest } else { &lines };
        Entry { causes: edited.edits(lines), ..entry }
    };
    entries.into_iter().map(with_causes).collect()
}

/// An entry, and the numbers of the lines that made it.
type Caused = (Entry, BTreeSet<usize>);

/// Both sides of a cluster.
struct Sides<'a> {
    workload: &'a str,
    cluster: &'a str,
    before: Option<Version<'a>>,
    after: Option<Version<'a>>,
    edited: &'a Edited,
}

impl<'a> Sides<'a> {
    fn version(&self, side: Side) -> Option<Version<'a>> {
        match side {
            Side::Before => self.before,
            Side::After => self.after,
        }
    }

    fn tree(&self, side: Side) -> Option<&'a Tree> {
        self.version(side)?.clusters.get(self.cluster)
    }

    fn entries(&self, entries: &mut Vec<Caused>) {
        match (self.tree(Side::Before), self.tree(Side::After)) {
            (Some(before), Some(after)) => {
                let charts = |side, tree| self.version(side).map(|version| version.charts(tree));
                let (old, new) = (charts(Side::Before, before), charts(Side::After, after));
                let (Some(old), Some(new)) = (&old, &new) else { return };
                let pairs = Pairs::of((before, old), (after, new));
                for file in pairs.changes() {
                    let edits = edit::edits(&file.change);
                    entries.extend(edits.iter().map(|edit| self.entry(&file, edit)));
                }
                let shifts = bump::shifts((before, old), (after, new));
                entries.extend(shifts.iter().map(|shift| self.shifted(shift)));
            }
            (Some(gone), None) => entries.push(self.whole(gone, Side::Before)),
            (None, Some(new)) => entries.push(self.whole(new, Side::After)),
            (None, None) => {}
        }
    }

    /// A cluster that comes or goes as a whole.
    fn whole(&self, tree: &Tree, side: Side) -> Caused {
        let files = tree.files().count();
        let text = Some(format!("{files} files"));
        let mut origins = Vec::new();
        tree.objects().for_each(|(_, object)| object.origins(&mut origins));
        let risks = match side {
            Side::Before => vec![
                Risk { class: Class::DataLoss, why: "everything in the cluster's tree is deleted" },
                Risk {
                    class: Class::TelemetryLoss,
                    why: "nothing of the cluster is watched any more",
                },
            ],
            Side::After => added_risks(tree),
        };
        let lines = self.lines(side, origins);
        let entry = Entry {
            spot: Spot {
                workload: self.workload.to_owned(),
                cluster: self.cluster.to_owned(),
                file: String::new(),
                object: None,
                place: String::new(),
                chart: None,
            },
            before: text.clone().filter(|_| side == Side::Before),
            after: text.filter(|_| side == Side::After),
            risks,
            causes: Vec::new(),
            why_before: None,
            why_after: None,
            delivery: delivery(tree),
        };
        (entry, lines)
    }

    fn lines<'o>(
        &self,
        side: Side,
        origins: impl IntoIterator<Item = &'o Origin>,
    ) -> BTreeSet<usize> {
        self.version(side)
            .map(|version| self.edited.lines_of(side, origins, version.texts.sources))
            .unwrap_or_default()
    }

    fn entry(&self, file: &FileChange, edit: &Edit) -> Caused {
        let spot = Spot {
            workload: self.workload.to_owned(),
            cluster: self.cluster.to_owned(),
            file: file.path().map(RelPath::to_string).unwrap_or_default(),
            object: file.object().map(Identity::shown),
            place: edit.place.to_string(),
            chart: None,
        };
        let entry = Entry {
            before: edit.before.filter(|_| !edit.is_move()).map(shown),
            after: edit.after.filter(|_| !edit.is_move()).map(shown),
            ..self.judged(spot, [edit.before, edit.after], risk::of(file, edit))
        };
        (entry, self.causes(file, edit))
    }

    /// What another version of a chart changes. It is caused by the lines that ask for the versions.
    fn shifted(&self, shift: &Shift) -> Caused {
        let spot = Spot {
            workload: self.workload.to_owned(),
            cluster: self.cluster.to_owned(),
            file: shift.path.to_string(),
            object: None,
            place: shift.place.to_string(),
            chart: Some(shift.chart.to_owned()),
        };
        let sides = [shift.before.as_ref(), shift.after.as_ref()];
        let entry = self.judged(spot, sides, shift.risks.clone());
        let [old, new] = shift.origins;
        let mut lines = self.lines(Side::Before, [old]);
        lines.extend(self.lines(Side::After, [new]));
        (entry, lines)
    }

    /// An entry whose causes are not known yet.
    fn judged(&self, spot: Spot, [before, after]: [Option<&Node>; 2], risks: Risks) -> Entry {
        let reason = |side: Side, node: Option<&Node>| {
            let node = node.filter(|node| node.origin != Origin::Structure)?;
            Some(Reason::of(&node.origin, self.version(side)?.texts.sources))
        };
        let delivered = self.tree(Side::After).or(self.tree(Side::Before));
        Entry {
            spot,
            before: before.map(shown),
            after: after.map(shown),
            risks: risks.into_iter().map(|(class, why)| Risk { class, why }).collect(),
            causes: Vec::new(),
            why_before: reason(Side::Before, before),
            why_after: reason(Side::After, after),
            delivery: delivered.map_or(Delivery::Other, delivery),
        }
    }

    fn causes(&self, file: &FileChange, edit: &Edit) -> BTreeSet<usize> {
        let origins = |node: Option<&Node>| -> Vec<Origin> {
            let mut found = Vec::new();
            if let Some(node) = node {
                node.origins(&mut found);
            }
            found.into_iter().cloned().collect()
        };
        let mut lines = self.lines(Side::Before, &origins(edit.before));
        lines.extend(self.lines(Side::After, &origins(edit.after)));
        // What an overlay takes away, or took away and does no longer.
        let removed = |tree: Option<&Tree>, path: Option<&RelPath>| -> Vec<Origin> {
            let all = tree.into_iter().flat_map(Tree::removed);
            let here = all.filter(|(file, removal)| {
                Some(*file) == path && meets(&removal.pointer.parts().join("/"), edit)
            });
            here.map(|(_, removal)| removal.origin.clone()).collect()
        };
        lines.extend(self.lines(
            Side::After,
            &removed(self.tree(Side::After), file.before.map(|file| file.path)),
        ));
        lines.extend(self.lines(
            Side::Before,
            &removed(self.tree(Side::Before), file.after.map(|file| file.path)),
        ));
        lines
    }
}

/// Whether something that was removed stood at the place of an edit, above or below it.
fn meets(pointer: &str, edit: &Edit) -> bool {
    let removed = pointer.split('/');
    removed.zip(edit.place.parts()).all(|(name, part)| match part {
        Part::Member(member) => *member == name,
        Part::Named(_) | Part::At(_) => true,
    })
}

fn added_risks(tree: &Tree) -> Vec<Risk> {
    let is_route = |(_, object): (&RelPath, &Node)| {
        object.get("kind").and_then(Node::text) == Some("IngressRoute")
    };
    let mut risks = Vec::new();
    if tree.objects().any(is_route) {
        risks.push(Risk { class: Class::Exposure, why: "it is reached from where it was not" });
    }
    risks.push(Risk { class: Class::Config, why: "a cluster gets a stack of its own" });
    risks
}

/// Who applies a tree.
pub fn delivery(tree: &Tree) -> Delivery {
    let kinds = |kind: &str| {
        tree.objects().any(|(path, object)| {
            path.as_str().starts_with("delivery/")
                && object.get("kind").and_then(Node::text) == Some(kind)
        })
    };
    if kinds("Application") {
        Delivery::ArgoCd
    } else if kinds("HelmRelease") {
        Delivery::Flux
    } else {
        Delivery::Other
    }
}
