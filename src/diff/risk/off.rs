//! Values that a chart makes nothing of: of parts that are off, and what the chart would take anyway.
//!
//! Sources: the defaults that the contracts of the charts hold, and the conditions in the templates of the pinned
//! charts.

use super::when::text;
use crate::diff::edit::{Edit, Part};
use crate::diff::tree::{File, FileChange};
use crate::model::ComponentId;
use crate::node::{Data, Node};

/// What a chart makes of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Something.
    On,
    /// Nothing, before and after.
    Off,
    /// What it makes without it, too.
    Default,
}

/// Parts of Loki's chart by the mode in which they are there; a mode on the way between two has the parts of both.
const PARTS_OF_LOKI: [(&[&str], &[&str]); 3] = [
    (&["SimpleScalable"], &["read", "write", "backend"]),
    (&["Monolithic", "SingleBinary"], &["singleBinary"]),
    (
        &["Distributed"],
        &[
            "ingester",
            "distributor",
            "querier",
            "queryFrontend",
            "queryScheduler",
            "indexGateway",
            "compactor",
            "patternIngester",
            "overridesExporter",
            "bloomBuilder",
            "bloomGateway",
            "bloomPlanner",
        ],
    ),
];

/// Where `enabled: false` does not turn off what stands beside or below it: applications' own settings, of which it
/// says what it likes, and what the charts read wherever it stands. Found by rendering each value with Helm.
const NO_SWITCH: [(ComponentId, &str); 14] = [
    (ComponentId::Mimir, "mimir"),
    (ComponentId::Mimir, "alertmanager/zoneAwareReplication"),
    (ComponentId::Mimir, "alertmanager/serviceAccount"),
    (ComponentId::Mimir, "ruler/serviceAccount"),
    (ComponentId::Mimir, "ruler/kedaAutoscaling"),
    (ComponentId::Mimir, "ruler/remoteEvaluationDedicatedQueryPath"),
    (ComponentId::Mimir, "metaMonitoring"),
    (ComponentId::Loki, "loki"),
    (ComponentId::Loki, "networkPolicy"),
    (ComponentId::Loki, "ruler"),
    (ComponentId::Loki, "tableManager"),
    (ComponentId::Grafana, "grafana.ini"),
    (ComponentId::Grafana, "persistence/inMemory"),
    (ComponentId::Alloy, "controller/autoscaling"),
];

/// Parts that only `helm test` makes: neither Argo CD nor, unless it is told to, Flux does.
const TESTS: [(ComponentId, &str); 3] = [
    (ComponentId::Grafana, "testFramework"),
    (ComponentId::Mimir, "smoke_test"),
    (ComponentId::Loki, "test"),
];

/// The switch of Loki's sidecars, which is not where others are.
const SIDECARS: [&str; 3] = ["sidecar", "rules", "enabled"];

/// Switches, and which of the values beside them they are for: all, where none is named.
const SWITCHES: [(&str, &[&str]); 3] = [
    ("enabled", &[]),
    ("enableStatefulSetAutoDeletePVC", &["whenDeleted", "whenScaled"]),
    ("enableRetentionPolicy", &["whenDeleted", "whenScaled"]),
];

/// What a chart makes of the value that changes.
pub fn state(component: ComponentId, file: &FileChange, leaf: &Edit) -> State {
    let parts: Vec<&str> = leaf.place.parts().iter().map(Part::key).collect();
    // A side without the value makes nothing of it, whatever is on there.
    let off = |side: Option<&Node>, file: Option<&File>| {
        let is_off = |file: &File| is_off(component, &Effective::of(file), &parts);
        side.is_none() || file.is_none_or(is_off)
    };
    if off(leaf.before, file.before) && off(leaf.after, file.after) {
        return State::Off;
    }
    let leaf = taken(file, leaf);
    let is_same = leaf.before.map(text) == leaf.after.map(text);
    if is_same && leaf.before.is_some() { State::Default } else { State::On }
}

/// A leaf with what the chart takes on a side where nothing is set.
pub fn taken<'e>(file: &'e FileChange, leaf: &Edit<'e>) -> Edit<'e> {
    let parts: Vec<&str> = leaf.place.parts().iter().map(Part::key).collect();
    let value = |set: Option<&'e Node>, file: Option<&'e File>| {
        set.or_else(|| Effective::of(file?).default(&parts))
    };
    Edit {
        place: leaf.place.clone(),
        before: value(leaf.before, file.before),
        after: value(leaf.after, file.after),
    }
}

/// What goes where null takes the chart's own values away, or comes where it no longer does: an edit of these.
pub fn taken_away<'e>(file: &'e FileChange, leaf: &Edit<'e>) -> Option<Edit<'e>> {
    let is_null = |side: Option<&Node>| side.is_some_and(|node| node.data == Data::Null);
    let parts: Vec<&str> = leaf.place.parts().iter().map(Part::key).collect();
    let value = |set: Option<&'e Node>, file: Option<&'e File>| {
        let default = || at(file?.defaults?, &parts);
        if is_null(set) { None } else { set.or_else(default) }
    };
    let goes = is_null(leaf.before) || is_null(leaf.after);
    goes.then(|| Edit {
        place: leaf.place.clone(),
        before: value(leaf.before, file.before),
        after: value(leaf.after, file.after),
    })
}

/// Values over a chart's own.
struct Effective<'n> {
    own: &'n Node,
    defaults: Option<&'n Node>,
}

impl<'n> Effective<'n> {
    fn of(file: &'n File<'n>) -> Effective<'n> {
        Effective { own: file.view(), defaults: file.defaults }
    }

    /// The value at a place.
    fn at(&self, place: &[&str]) -> Option<&'n Node> {
        at(self.own, place).or_else(|| self.default(place))
    }

    /// The chart's own value at a place, unless something that is no map stands on the way to it.
    fn default(&self, place: &[&str]) -> Option<&'n Node> {
        let mut way = (0..=place.len()).filter_map(|depth| at(self.own, place.get(..depth)?));
        if way.any(|node| !node.is_map()) { None } else { at(self.defaults?, place) }
    }
}

fn at<'n>(values: &'n Node, place: &[&str]) -> Option<&'n Node> {
    place.iter().try_fold(values, |node, part| node.get(part))
}

fn is_off(component: ComponentId, values: &Effective, parts: &[&str]) -> bool {
    let path = parts.join("/");
    let lies_in = |place: &str| path == place || path.starts_with(&format!("{place}/"));
    if TESTS.iter().any(|(of, place)| *of == component && lies_in(place)) {
        return true;
    }
    let is_free = NO_SWITCH.iter().any(|(of, place)| *of == component && lies_in(place));
    let by_switch = (0..parts.len()).any(|depth| {
        let (around, below) = parts.split_at(depth);
        let name = below.first().copied().unwrap_or_default();
        let is_meant = |switch: &str, of: &[&str]| match of {
            // Loki's volumes have a switch of another name where this one stands, too.
            [] if component == ComponentId::Loki && around.ends_with(&["persistence"]) => false,
            [] => name != switch && !is_free,
            of => of.contains(&name),
        };
        SWITCHES.iter().any(|(switch, of)| {
            let place: Vec<&str> = around.iter().copied().chain([*switch]).collect();
            is_meant(switch, of) && says(values, &place, "false")
        })
    });
    let is_lokis = component == ComponentId::Loki;
    by_switch || (is_lokis && (is_of_another_mode(values, parts) || is_sidecars(values, parts)))
}

fn says(values: &Effective, place: &[&str], what: &str) -> bool {
    values.at(place).is_some_and(|value| text(value) == what)
}

fn is_sidecars(values: &Effective, parts: &[&str]) -> bool {
    parts.first() == SIDECARS.first() && parts != SIDECARS && says(values, &SIDECARS, "false")
}

/// Whether a part is not there in the mode; in a mode that is not known all are.
fn is_of_another_mode(values: &Effective, parts: &[&str]) -> bool {
    let mode = values.at(&["deploymentMode"]).map(text).unwrap_or_default();
    let has = |modes: &[&str]| mode.split("<->").any(|one| modes.contains(&one));
    let is_known = PARTS_OF_LOKI.iter().any(|(modes, _)| has(modes));
    let of =
        PARTS_OF_LOKI.iter().find(|(_, of)| parts.first().is_some_and(|part| of.contains(part)));
    is_known && of.is_some_and(|(modes, _)| !has(modes))
}
