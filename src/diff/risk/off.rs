//! Values that a chart makes nothing of: of parts that are off, and what the chart would take anyway.
//!
//! Sources: the defaults that the contracts of the charts hold, and the conditions in the templates of the pinned
//! charts.

use super::when::text;
use crate::component;
use crate::contract::chart;
use crate::diff::edit::{Edit, Part};
use crate::diff::tree::{File, FileChange, Values};
use crate::model::ComponentId;
use crate::node::Node;

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

/// Parts of Loki's chart by the modes in which they are there.
const PARTS_OF_LOKI: [(&str, &[&str]); 3] = [
    ("SimpleScalable", &["read", "write", "backend"]),
    ("Monolithic", &["singleBinary"]),
    (
        "Distributed",
        &[
            "ingester",
            "distributor",
            "querier",
            "queryFrontend",
            "queryScheduler",
            "indexGateway",
            "compactor",
            "ruler",
            "patternIngester",
            "overridesExporter",
            "bloomBuilder",
            "bloomGateway",
            "bloomPlanner",
        ],
    ),
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
    let off = |file: Option<&File>| {
        file.is_none_or(|file| is_off(component, &Effective::of(component, file), &parts))
    };
    if off(file.before) && off(file.after) {
        return State::Off;
    }
    let leaf = taken(component, file, leaf);
    let is_same = leaf.before.map(text) == leaf.after.map(text);
    if is_same && leaf.before.is_some() { State::Default } else { State::On }
}

/// A leaf with what the chart takes on a side where nothing is set.
pub fn taken<'e>(component: ComponentId, file: &'e FileChange, leaf: &Edit<'e>) -> Edit<'e> {
    let parts: Vec<&str> = leaf.place.parts().iter().map(Part::key).collect();
    let default = |file: Option<&'e File>| at(Effective::of(component, file?).defaults?, &parts);
    Edit {
        place: leaf.place.clone(),
        before: leaf.before.or_else(|| default(file.before)),
        after: leaf.after.or_else(|| default(file.after)),
    }
}

/// What our version of a component's chart takes where its values say nothing.
fn defaults(component: ComponentId) -> Option<&'static Node> {
    let component::Chart { name, version, .. } = component::chart(component);
    Some(chart::bundled(name, version)?.defaults.as_ref()?.values())
}

/// Values over a chart's own.
struct Effective<'n> {
    own: &'n Node,
    defaults: Option<&'n Node>,
}

impl<'n> Effective<'n> {
    fn of(component: ComponentId, file: &'n File<'n>) -> Effective<'n> {
        let defaults = match file.values {
            Values::Set => defaults(component),
            Values::All => None,
        };
        Effective { own: file.view(), defaults }
    }

    /// The plain value at a place.
    fn at(&self, place: &[&str]) -> Option<&'n Node> {
        at(self.own, place).or_else(|| at(self.defaults?, place))
    }
}

fn at<'n>(values: &'n Node, place: &[&str]) -> Option<&'n Node> {
    place.iter().try_fold(values, |node, part| node.get(part))
}

fn is_off(component: ComponentId, values: &Effective, parts: &[&str]) -> bool {
    let by_switch = (0..parts.len()).any(|depth| {
        let (around, below) = parts.split_at(depth);
        let name = below.first().copied().unwrap_or_default();
        let is_meant = |switch: &str, of: &[&str]| match of {
            // Loki's volumes have a switch of another name where this one stands, too.
            [] if component == ComponentId::Loki && around.ends_with(&["persistence"]) => false,
            [] => name != switch,
            of => of.contains(&name),
        };
        SWITCHES.iter().any(|(switch, of)| {
            let place: Vec<&str> = around.iter().copied().chain([*switch]).collect();
            is_meant(switch, of) && values.at(&place).is_some_and(|switch| text(switch) == "false")
        })
    });
    let is_lokis = component == ComponentId::Loki;
    by_switch || (is_lokis && (is_of_another_mode(values, parts) || is_sidecars(values, parts)))
}

fn is_sidecars(values: &Effective, parts: &[&str]) -> bool {
    let is_on = values.at(&SIDECARS).is_some_and(|switch| text(switch) == "true");
    parts.first() == SIDECARS.first() && parts != SIDECARS && !is_on
}

fn is_of_another_mode(values: &Effective, parts: &[&str]) -> bool {
    let mode = values.at(&["deploymentMode"]).map(text).unwrap_or_default();
    let of =
        PARTS_OF_LOKI.iter().find(|(_, of)| parts.first().is_some_and(|part| of.contains(part)));
    of.is_some_and(|(of, _)| *of != mode)
}
