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
    /// Somebody had, until a day that has passed.
    Ended(&'a Acknowledgement),
    /// Somebody has accepted a milder class of it only.
    Milder(&'a Acknowledgement),
}

/// A review with what acknowledgements say of it on a day: what every form shows.
#[derive(Debug, Clone)]
pub struct Judged<'a> {
    /// Everything that changes.
    pub review: &'a Review,
    /// Its groups in their order, each with its standing.
    pub groups: Vec<JudgedGroup<'a>>,
    /// The acknowledgements of changes that are not there.
    pub unused: Vec<&'a Acknowledgement>,
}

/// A group with what acknowledgements say of it.
#[derive(Debug, Clone, Copy)]
pub struct JudgedGroup<'a> {
    /// The group.
    pub group: &'a Group,
    /// Whether it is accepted.
    pub standing: Standing<'a>,
}

impl<'a> Judged<'a> {
    /// Judges every group on a day such as `2026-11-27`.
    pub fn of(review: &'a Review, all: &'a [Acknowledgement], today: &str) -> Judged<'a> {
        let judged = |group| JudgedGroup { group, standing: standing(group, all, today) };
        let is_there = |one: &Acknowledgement| review.groups.iter().any(|group| names(one, group));
        Judged {
            review,
            groups: review.groups.iter().map(judged).collect(),
            unused: all.iter().filter(|one| !is_there(one)).collect(),
        }
    }
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

fn names(one: &Acknowledgement, group: &Group) -> bool {
    one.change.value.as_str() == group.id
}

/// The first acknowledgement that accepts a group, or else the last that names it.
fn standing<'a>(group: &Group, all: &'a [Acknowledgement], today: &str) -> Standing<'a> {
    let mut standing = Standing::Open;
    for one in all.iter().filter(|one| names(one, group)) {
        standing = if one.class.value > group.class {
            Standing::Milder(one)
        // Days in this form are in order as text is.
        } else if one.until.value.as_str() < today {
            Standing::Ended(one)
        } else {
            return Standing::Accepted(one);
        };
    }
    standing
}
