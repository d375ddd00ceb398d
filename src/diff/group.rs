//! All changes of a run in the order in which a reviewer should read them.
//!
//! Changes with one cause are one [`Group`]; equal changes at many places are one [`Change`] of it; the worst
//! comes first. A cause is known by what its lines say, so that one edit in forty specs is one group.

use super::cause::LineEdit;
use super::review::{Delivery, Entry, Risk, Spot};
use super::risk::Class;
use crate::digest::digest;
use crate::explain::Reason;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Everything that changes.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Review {
    /// The changes by their causes, the worst first.
    pub groups: Vec<Group>,
}

/// What one cause changes.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Group {
    /// A name that stays as long as the same lines make the same changes.
    pub id: String,
    /// The worst class in it.
    pub class: Class,
    /// The lines that were changed; none if the cause is not known.
    pub causes: Vec<LineEdit>,
    /// The changes, the worst first.
    pub changes: Vec<Change>,
}

/// One change, wherever it is made.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// What stood there.
    pub before: Option<String>,
    /// What is to stand there.
    pub after: Option<String>,
    /// Its classes, the worst first.
    pub risks: Vec<Risk>,
    /// What who applies the tree will do about the worst of them.
    pub consequence: &'static str,
    /// Where it is made, by workload, cluster and file.
    pub spots: Vec<Spot>,
    /// Why the old value was there, at the first of these places.
    pub why_before: Option<Reason>,
    /// Why the new one is.
    pub why_after: Option<Reason>,
}

impl Change {
    /// The worst class.
    pub fn class(&self) -> Class {
        self.risks.first().map_or(Class::Config, |risk| risk.class)
    }
}

/// What makes changes one: the causes' words.
type CauseKey = Vec<(Option<String>, Option<String>)>;
/// What makes entries one change.
type ChangeKey = (Option<String>, Option<String>, Vec<Risk>, Delivery);
/// The lines of a group, and its entries by what makes them one change.
type Gathered = (BTreeSet<LineEdit>, BTreeMap<ChangeKey, Vec<Entry>>);

impl Review {
    /// Puts entries together.
    pub fn of(entries: Vec<Entry>) -> Review {
        let mut groups: BTreeMap<CauseKey, Gathered> = BTreeMap::new();
        for entry in entries {
            let (causes, changes) = groups.entry(cause_key(&entry)).or_default();
            causes.extend(entry.causes.iter().cloned());
            let key =
                (entry.before.clone(), entry.after.clone(), entry.risks.clone(), entry.delivery);
            changes.entry(key).or_default().push(entry);
        }
        let mut groups: Vec<Group> = groups.into_values().map(Group::of).collect();
        groups.sort_by(|one, other| {
            let key = |group: &Group| (group.class, group.causes.clone(), group.id.clone());
            key(one).cmp(&key(other))
        });
        Review { groups }
    }

    /// How many places each class has changes at.
    pub fn counts(&self) -> BTreeMap<Class, usize> {
        let mut counts = BTreeMap::new();
        for change in self.groups.iter().flat_map(|group| &group.changes) {
            *counts.entry(change.class()).or_default() += change.spots.len();
        }
        counts
    }

    /// The worst class of all.
    pub fn worst(&self) -> Option<Class> {
        self.groups.iter().map(|group| group.class).min()
    }
}

fn cause_key(entry: &Entry) -> CauseKey {
    let text = |line: &Option<super::cause::Line>| line.as_ref().map(|line| line.text.clone());
    entry.causes.iter().map(|edit| (text(&edit.before), text(&edit.after))).collect()
}

impl Group {
    fn of((causes, changes): Gathered) -> Group {
        let mut changes: Vec<Change> = changes
            .into_iter()
            .map(|((before, after, risks, delivery), mut entries)| {
                entries.sort_by(|one, other| one.spot.cmp(&other.spot));
                let first = entries.first();
                let why_before = first.and_then(|entry| entry.why_before.clone());
                let why_after = first.and_then(|entry| entry.why_after.clone());
                let worst = risks.first().map_or(Class::Config, |risk| risk.class);
                Change {
                    before,
                    after,
                    consequence: consequence(worst, delivery),
                    risks,
                    spots: entries.into_iter().map(|entry| entry.spot).collect(),
                    why_before,
                    why_after,
                }
            })
            .collect();
        changes.sort_by(|one, other| (one.class(), &one.spots).cmp(&(other.class(), &other.spots)));
        let class = changes.first().map_or(Class::Noise, Change::class);
        Group { id: id(&causes, &changes), class, causes: causes.into_iter().collect(), changes }
    }
}

/// The name of a group: what its lines say, and what they change. Line numbers are no part of it.
fn id(causes: &BTreeSet<LineEdit>, changes: &[Change]) -> String {
    let said = |edit: &LineEdit| {
        let text = |line: &Option<super::cause::Line>| line.as_ref().map(|line| line.text.clone());
        serde_json::json!([edit.file, text(&edit.before), text(&edit.after)])
    };
    let causes: Vec<_> = causes.iter().map(said).collect();
    let changes: Vec<_> = changes
        .iter()
        .map(|change| serde_json::json!([change.before, change.after, change.spots]))
        .collect();
    let text = serde_json::json!([causes, changes]).to_string();
    digest(text.as_bytes()).chars().take(12).collect()
}

/// What who applies the tree does about a change of a class.
///
/// Sources: Argo CD's documentation of automated sync and its options; Flux's of `HelmRelease` upgrades and of
/// `Kustomization`; `kubectl`'s of `--cascade=orphan`.
pub fn consequence(class: Class, delivery: Delivery) -> &'static str {
    use Delivery::{ArgoCd, Flux, Other};
    match (class, delivery) {
        (Class::DataLoss, ArgoCd) => {
            "Argo CD applies it with the next sync; going back in Git does not bring the data back"
        }
        (Class::DataLoss, Flux) => {
            "Flux applies it with the next reconciliation; going back in Git does not bring the data back"
        }
        (Class::DataLoss, Other) => {
            "it holds once the tree is applied; going back in Git does not bring the data back"
        }
        (Class::Immutable, ArgoCd) => {
            "Argo CD's sync fails until the object is deleted, with --cascade=orphan if its pods are to stay"
        }
        (Class::Immutable, Flux) => {
            "Flux's upgrade fails until the object is deleted, with --cascade=orphan if its pods are to stay"
        }
        (Class::Immutable, Other) => {
            "applying fails until the object is deleted, with --cascade=orphan if its pods are to stay"
        }
        (Class::Exposure | Class::Privilege, ArgoCd) => "it holds from the next sync of Argo CD on",
        (Class::Exposure | Class::Privilege, Flux) => {
            "it holds from the next reconciliation of Flux on"
        }
        (Class::Exposure | Class::Privilege, Other) => "it holds as soon as the tree is applied",
        (Class::TelemetryLoss, ArgoCd) => {
            "it holds from the next sync of Argo CD on; what is missed is not collected later"
        }
        (Class::TelemetryLoss, Flux) => {
            "it holds from the next reconciliation of Flux on; what is missed is not collected later"
        }
        (Class::TelemetryLoss, Other) => {
            "it holds as soon as the tree is applied; what is missed is not collected later"
        }
        (Class::Restart, ArgoCd) => "Argo CD applies it, and Kubernetes replaces the pods in turn",
        (Class::Restart, Flux) => "Flux applies it, and Kubernetes replaces the pods in turn",
        (Class::Restart, Other) => "Kubernetes replaces the pods in turn",
        (Class::Config, ArgoCd) => "Argo CD applies it; nothing is restarted",
        (Class::Config, Flux) => "Flux applies it; nothing is restarted",
        (Class::Config, Other) => "nothing is restarted",
        (Class::Noise, _) => "nothing happens",
    }
}
