//! Values that a chart makes nothing of: of parts that are off, and what the chart would take anyway.
//!
//! Source: the conditions in the templates of the pinned charts, and their defaults.

use super::when::text;
use crate::diff::edit::{Edit, Part};
use crate::diff::tree::{File, FileChange};
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

/// Defaults of the charts: the values' names from the last on, and what they are.
const DEFAULTS: [(ComponentId, &[&str], &str); 6] = [
    (ComponentId::Mimir, &["podManagementPolicy"], "Parallel"),
    (ComponentId::Loki, &["podManagementPolicy"], "Parallel"),
    (ComponentId::Mimir, &["persistentVolume", "accessModes"], "ReadWriteOnce"),
    (ComponentId::Grafana, &["service", "type"], "ClusterIP"),
    (ComponentId::Mimir, &["service", "type"], "ClusterIP"),
    (ComponentId::Loki, &["service", "type"], "ClusterIP"),
];

/// Parts of Mimir's chart that `enabled` turns on.
const PARTS_OF_MIMIR: [&str; 6] =
    ["alertmanager", "ruler", "overrides_exporter", "rollout_operator", "minio", "kafka"];

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
        ],
    ),
];

/// What a chart makes of the value that changes.
pub fn state(component: ComponentId, file: &FileChange, leaf: &Edit) -> State {
    let parts: Vec<&str> = leaf.place.parts().iter().map(Part::key).collect();
    let off = |file: Option<&File>| file.is_none_or(|file| is_off(component, file.view(), &parts));
    if off(file.before) && off(file.after) {
        return State::Off;
    }
    let default = DEFAULTS.iter().find(|(of, names, _)| *of == component && ends(&parts, names));
    let value = |side: Option<&Node>, default: &str| side.map_or(default.to_owned(), text);
    match default {
        Some((.., default)) if value(leaf.before, default) == value(leaf.after, default) => {
            State::Default
        }
        Some(_) | None => State::On,
    }
}

/// Whether a place ends in these names; items of lists count as their list.
fn ends(parts: &[&str], names: &[&str]) -> bool {
    let parts: Vec<&str> = parts.iter().copied().filter(|part| *part != "*").collect();
    parts.ends_with(names)
}

fn is_off(component: ComponentId, values: &Node, parts: &[&str]) -> bool {
    let Some((part, below)) = parts.split_first() else { return false };
    let says = |node: Option<&Node>, what: &str| node.is_some_and(|node| text(node) == what);
    match component {
        ComponentId::Mimir => {
            let switch = values.get(part).and_then(|part| part.get("enabled"));
            PARTS_OF_MIMIR.contains(part)
                && below.first() != Some(&"enabled")
                && says(switch, "false")
        }
        ComponentId::Loki => {
            let mode = values.get("deploymentMode").map(text).unwrap_or_default();
            let of = PARTS_OF_LOKI.iter().find(|(_, parts)| parts.contains(part));
            of.is_some_and(|(of, _)| *of != mode)
        }
        ComponentId::Alloy | ComponentId::Grafana => false,
    }
}
