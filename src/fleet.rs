//! A fleet: many workloads, what they share, and where their trees go.
//!
//! Defaults are put under each workload's spec before it is decoded, item by item with their places,
//! so a value that comes from the fleet says so, and a mistake in it is reported at its line.

use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::model::{FolderPath, LabelKey, LabelValue, Labels, SpecGlob, WorkloadName};
use crate::origin::Sourced;
use crate::source::{SourceId, Sources};
use crate::spec::{Section, Shape};
use crate::syntax::{Item, Kind, Member};

/// The document's kind.
pub const KIND: &str = "Fleet";
/// The name under which a fleet is found from its workloads.
pub const FILE: &str = "fleet.yaml";

/// A fleet.
#[derive(Debug, Clone)]
pub struct Fleet {
    /// Its text.
    pub source: SourceId,
    /// Which files are its workloads, from its folder.
    pub workloads: Vec<Sourced<SpecGlob>>,
    /// What stands under each workload's spec.
    pub defaults: Option<Item>,
    /// Where the trees go, from its folder.
    pub folder: Sourced<FolderPath>,
    /// The label whose value is a folder between the output and the workload's.
    pub group_by: Option<Sourced<LabelKey>>,
}

/// Reads a fleet.
pub fn decode(item: &Item, diags: &mut Diagnostics) -> Option<Fleet> {
    crate::spec::read(item, diags, |root| document(root, item.span.source))
}

/// The JSON Schema of a fleet.
pub fn schema() -> serde_json::Value {
    let nowhere = Sources::to_be_shared().add("", "");
    let schema = crate::spec::describe(|root| document(root, nowhere));
    crate::spec::titled(schema, "telemetree fleet")
}

fn document(root: &mut Section, source: SourceId) -> Option<Fleet> {
    let head = root.head(KIND);
    let fleet = root.required_section("spec", "which workloads, and what they share", |spec| {
        let workloads = spec.list("workloads", "patterns of files, from this file's folder");
        if workloads.is_none() {
            spec.demand("workloads", "patterns of files, such as `workloads/*.yaml`");
        }
        let doc = "any part of a workload's `spec`; what a workload says itself comes first, and a \
                   null there takes the default away";
        let defaults = spec.free("defaults", doc, Shape::Map);
        let defaults = defaults.map(|found| found.value.clone());
        let output = spec.defaulted("output", "where the trees go", |output| {
            let folder = output.or_default(
                "folder",
                "a folder beside this file",
                FolderPath::constant("rendered"),
                "where single workloads go, too",
            );
            let doc = "a label of the workloads; its value is a folder around each tree";
            Some((folder, output.optional("groupBy", doc)))
        });
        let (folder, group_by) = output?;
        Some(Fleet { source, workloads: workloads?, defaults, folder, group_by })
    });
    head?;
    fleet
}

/// Maps of which one member excludes the others: a workload's choice drops the fleet's.
const EXCLUSIVE: [&str; 4] = ["cloud", "secrets", "ingress", "delivery"];

impl Fleet {
    /// A workload's document with the fleet's defaults under its spec.
    pub fn under(&self, mut document: Item) -> Item {
        let (Some(defaults), Kind::Map(members)) = (&self.defaults, &mut document.kind) else {
            return document;
        };
        if let Some(spec) = members.iter_mut().find(|member| member.key == "spec") {
            put_under(&mut spec.value, defaults, &EXCLUSIVE);
        }
        document
    }

    /// The folder of a workload among the fleet's.
    ///
    /// # Errors
    /// When it has no label to be grouped by.
    pub fn group(
        &self,
        name: &Sourced<WorkloadName>,
        labels: &Labels,
    ) -> Result<Option<Sourced<LabelValue>>, Diagnostic> {
        let Some(key) = &self.group_by else { return Ok(None) };
        let label = labels.iter().find(|(label, _)| *label == key.value);
        let value = label.map(|(_, value)| value).filter(|value| !value.value.is_empty());
        value.cloned().map(Some).ok_or_else(|| {
            let message = format!("`{}` has no label `{}`", name.value, key.value);
            let error = Diagnostic::derived_error(Code::MissingKey, &name.origin, message);
            let help = format!("add `labels: {{{}: …}}` to the metadata", key.value);
            error.related(key.origin.written(), "the fleet groups by it").help(help)
        })
    }
}

fn put_under(item: &mut Item, defaults: &Item, exclusive: &[&str]) {
    let (Kind::Map(members), Kind::Map(more)) = (&mut item.kind, &defaults.kind) else { return };
    for default in more {
        let own = members.iter().position(|member| member.key == default.key);
        match own.and_then(|at| members.get_mut(at)) {
            None => members.push(default.clone()),
            Some(own) if own.value.kind == Kind::Null => {
                members.retain(|member| member.key != default.key);
            }
            Some(own) => {
                let excludes = exclusive.contains(&default.key.as_str());
                if !(excludes && is_another_choice(own, default)) {
                    put_under(&mut own.value, &default.value, &[]);
                }
            }
        }
    }
}

fn is_another_choice(own: &Member, default: &Member) -> bool {
    match (&own.value.kind, &default.value.kind) {
        (Kind::Map(own), Kind::Map(default)) => {
            !own.iter().any(|member| default.iter().any(|other| other.key == member.key))
        }
        (_, _) => true,
    }
}
