//! Changes that somebody has accepted, although they are dangerous.
//!
//! An acknowledgement names a change, says why, and ends: a change that comes back after that day must be
//! looked at again. What day it is the caller says; nothing here asks a clock.

use super::group::{Group, Review};
use super::risk::Class;
use crate::diag::Diagnostics;
use crate::model::{ChangeId, Date, Why, Word as _};
use crate::origin::Sourced;
use crate::source::Sources;
use crate::spec::{self, Section};
use crate::syntax;
use serde_json::Value;

/// The document's kind.
pub const KIND: &str = "Acknowledgements";
/// The file in which they are looked for.
pub const FILE: &str = "acknowledgements.yaml";

/// One acknowledgement.
#[derive(Debug, Clone)]
pub struct Acknowledgement {
    /// The change.
    pub change: Sourced<ChangeId>,
    /// The worst class that is accepted.
    pub class: Sourced<Class>,
    /// Why.
    pub why: Sourced<Why>,
    /// The last day on which it holds.
    pub until: Sourced<Date>,
}

/// What acknowledgements say of a change.
#[derive(Debug, Clone, Copy)]
pub enum Standing<'a> {
    /// Nobody has accepted it.
    Open,
    /// Somebody has.
    Accepted(&'a Acknowledgement),
    /// Somebody has, but for a milder class or only until a day that has passed.
    Outdated(&'a Acknowledgement),
}

/// Reads a file of acknowledgements.
pub fn read(
    name: &str,
    text: &str,
    sources: &mut Sources,
    diags: &mut Diagnostics,
) -> Vec<Acknowledgement> {
    let source = sources.add(name, text);
    let parsed = syntax::parse(source, text);
    let broken = !parsed.found.is_empty();
    parsed.found.into_iter().for_each(|found| diags.push(found));
    let document = parsed.document.filter(|_| !broken);
    document.and_then(|document| spec::read(&document, diags, root)).unwrap_or_default()
}

/// The JSON Schema of such a file.
pub fn schema() -> Value {
    spec::titled(spec::describe(root), "telemetree acknowledgements")
}

fn root(root: &mut Section) -> Option<Vec<Acknowledgement>> {
    let head = root.head(KIND);
    let changes = root.sections("changes", "the changes that are accepted", |change| {
        let id = change.required("change", "its name, as `telemetree diff` prints it");
        let class = change.required("class", "the worst class of it");
        let why = change.required("why", "why it is accepted");
        let until = change.required("until", "the last day on which this holds");
        Some(Acknowledgement { change: id?, class: class?, why: why?, until: until? })
    });
    head.map(|()| changes)
}

/// What the acknowledgements say of a change, on a day such as `2026-11-27`.
pub fn standing<'a>(group: &Group, all: &'a [Acknowledgement], today: &str) -> Standing<'a> {
    let mut outdated = None;
    for one in all.iter().filter(|one| one.change.value.as_str() == group.id) {
        // Days in this form are in order as text is.
        if one.until.value.as_str() >= today && one.class.value <= group.class {
            return Standing::Accepted(one);
        }
        outdated = Some(one);
    }
    outdated.map_or(Standing::Open, Standing::Outdated)
}

/// The acknowledgements of changes that are not there.
pub fn unused<'a>(review: &Review, all: &'a [Acknowledgement]) -> Vec<&'a Acknowledgement> {
    let is_there = |one: &Acknowledgement| {
        review.groups.iter().any(|group| group.id == one.change.value.as_str())
    };
    all.iter().filter(|one| !is_there(one)).collect()
}
