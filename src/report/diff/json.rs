//! A difference for scripts: one JSON object, whose form [`schema`] describes.

mod schema;

pub use schema::schema;

use super::extent::Extent;
use super::{Heading, classes};
use crate::diff::acknowledge::{Acknowledgement, Judged, JudgedGroup, Standing};
use crate::diff::cause::{Line, LineEdit};
use crate::diff::group::Change;
use crate::diff::review::{Risk, Spot};
use crate::diff::risk::Class;
use crate::explain;
use crate::model::Word as _;
use serde::Serialize;
use std::collections::BTreeMap;

/// The form's version. It changes when a key goes away or means something else; keys may be added to it.
const VERSION: u32 = 1;

/// The whole difference as one JSON object, which ends with a newline. Every key is always there; what there is
/// not is null.
pub fn json(judged: &Judged, heading: &Heading) -> String {
    let review = judged.review;
    let counts = review.counts();
    let count = |class: Class| (class.as_str(), counts.get(&class).copied().unwrap_or_default());
    let Extent { workloads, clusters, files, places } = Extent::of(review);
    let report = Report {
        version: VERSION,
        before: &heading.before,
        after: &heading.after,
        compared: heading.compared,
        workloads,
        clusters,
        files,
        places,
        worst: review.worst(),
        counts: classes().map(count).collect(),
        groups: judged.groups.iter().map(group).collect(),
        unused_acknowledgements: judged.unused.iter().map(|one| acknowledgement(one)).collect(),
    };
    let mut text = serde_json::to_string_pretty(&report).expect("bug: a difference is JSON");
    text.push('\n');
    text
}

/// The whole report.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report<'a> {
    version: u32,
    before: &'a str,
    after: &'a str,
    compared: usize,
    workloads: usize,
    clusters: usize,
    files: usize,
    places: usize,
    worst: Option<Class>,
    counts: BTreeMap<&'static str, usize>,
    groups: Vec<GroupEntry<'a>>,
    unused_acknowledgements: Vec<AcknowledgementEntry<'a>>,
}

/// Changes with one cause.
#[derive(Serialize)]
struct GroupEntry<'a> {
    id: &'a str,
    class: Class,
    standing: &'static str,
    acknowledgement: Option<AcknowledgementEntry<'a>>,
    causes: Vec<Cause<'a>>,
    changes: Vec<ChangeEntry<'a>>,
}

/// What somebody has accepted.
#[derive(Serialize)]
struct AcknowledgementEntry<'a> {
    change: &'a str,
    class: Class,
    why: &'a str,
    until: &'a str,
}

/// A changed line.
#[derive(Serialize)]
struct Cause<'a> {
    file: &'a str,
    before: Option<&'a Line>,
    after: Option<&'a Line>,
}

/// One change, wherever it is made.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ChangeEntry<'a> {
    class: Class,
    before: Option<&'a str>,
    after: Option<&'a str>,
    risks: &'a [Risk],
    consequence: &'static str,
    places: Vec<SpotEntry<'a>>,
    why_before: Option<Reason<'a>>,
    why_after: Option<Reason<'a>>,
}

/// A place in the output.
#[derive(Serialize)]
struct SpotEntry<'a> {
    workload: &'a str,
    cluster: &'a str,
    file: Option<&'a str>,
    object: Option<&'a str>,
    chart: Option<&'a str>,
    place: &'a str,
}

/// Why a value is there.
#[derive(Serialize)]
struct Reason<'a> {
    kind: &'static str,
    text: &'a str,
    place: Option<&'a explain::Place>,
    overlay: Option<&'a str>,
    replaced: Option<Box<Replaced<'a>>>,
    from: Vec<Reason<'a>>,
}

/// What an overlay replaced.
#[derive(Serialize)]
struct Replaced<'a> {
    value: &'a str,
    reason: Reason<'a>,
}

fn group<'a>(JudgedGroup { group, standing }: &JudgedGroup<'a>) -> GroupEntry<'a> {
    let (standing, by) = match *standing {
        Standing::Open => ("open", None),
        Standing::Accepted(by) => ("accepted", Some(by)),
        Standing::Ended(by) => ("ended", Some(by)),
        Standing::Milder(by) => ("milder", Some(by)),
    };
    GroupEntry {
        id: &group.id,
        class: group.class,
        standing,
        acknowledgement: by.map(acknowledgement),
        causes: group.causes.iter().map(cause).collect(),
        changes: group.changes.iter().map(change).collect(),
    }
}

fn acknowledgement(one: &Acknowledgement) -> AcknowledgementEntry<'_> {
    AcknowledgementEntry {
        change: one.change.value.as_str(),
        class: one.class.value,
        why: one.why.value.as_str(),
        until: one.until.value.as_str(),
    }
}

fn cause(edit: &LineEdit) -> Cause<'_> {
    Cause { file: &edit.file, before: edit.before.as_ref(), after: edit.after.as_ref() }
}

fn change(change: &Change) -> ChangeEntry<'_> {
    ChangeEntry {
        class: change.class(),
        before: change.before.as_deref(),
        after: change.after.as_deref(),
        risks: &change.risks,
        consequence: change.consequence,
        places: change.spots.iter().map(place).collect(),
        why_before: change.why_before.as_ref().map(reason),
        why_after: change.why_after.as_ref().map(reason),
    }
}

fn place(spot: &Spot) -> SpotEntry<'_> {
    SpotEntry {
        workload: &spot.workload,
        cluster: &spot.cluster,
        file: Some(spot.file.as_str()).filter(|file| !file.is_empty()),
        object: spot.object.as_deref(),
        chart: spot.chart.as_deref(),
        place: &spot.place,
    }
}

fn reason(of: &explain::Reason) -> Reason<'_> {
    let replaced = of.replaced.as_deref().map(|replaced| {
        Box::new(Replaced { value: &replaced.value, reason: reason(&replaced.reason) })
    });
    Reason {
        kind: of.kind,
        text: &of.text,
        place: of.place.as_ref(),
        overlay: of.overlay.as_deref(),
        replaced,
        from: of.from.iter().map(reason).collect(),
    }
}
