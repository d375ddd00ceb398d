//! Which way telemetry takes through a configuration: from where it comes in to where it ends.

use crate::diff::alloy::expression;
use crate::node::{Data, Node};
use std::collections::{BTreeMap, BTreeSet};

/// Pairs of a component that something comes from and one where it ends, by their dotted names.
pub fn of(root: Option<&Node>) -> BTreeSet<(String, String)> {
    let mut leads: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, body) in components(root) {
        let ends = leads.entry(name).or_default();
        for part in ["forward_to", "output"] {
            if let Some(part) = body.get(part) {
                mentions(part, ends);
            }
        }
    }
    let targets: BTreeSet<&String> = leads.values().flatten().collect();
    let sources = leads.keys().filter(|name| !targets.contains(name));
    let mut found = BTreeSet::new();
    for source in sources {
        let mut seen = BTreeSet::new();
        let mut open = vec![source];
        while let Some(name) = open.pop() {
            if !seen.insert(name) {
                continue;
            }
            match leads.get(name).filter(|ends| !ends.is_empty()) {
                Some(ends) => open.extend(ends),
                None => {
                    let _ = found.insert((source.clone(), name.clone()));
                }
            }
        }
    }
    found
}

/// Every component with a label.
fn components(root: Option<&Node>) -> Vec<(String, &Node)> {
    let mut found = Vec::new();
    for (kind, labels) in members(root) {
        for (label, body) in members(Some(labels)) {
            found.push((format!("{kind}.{label}"), body));
        }
    }
    found
}

fn members(node: Option<&Node>) -> Vec<(&str, &Node)> {
    match node.map(|node| &node.data) {
        Some(Data::Map(map)) => map.iter().map(|(key, value)| (key.as_ref(), value)).collect(),
        Some(
            Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::Text(_)
            | Data::List(_),
        )
        | None => Vec::new(),
    }
}

/// The components whose exports a value mentions: `loki.write.local.receiver` is of `loki.write.local`.
fn mentions(node: &Node, found: &mut BTreeSet<String>) {
    if let Some(text) = expression(node) {
        let export = text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'));
        let names =
            export.filter_map(|name| name.rsplit_once('.')).map(|(name, _)| name.to_owned());
        found.extend(names.filter(|name| name.contains('.')));
        return;
    }
    match &node.data {
        Data::Map(map) => map.values().for_each(|value| mentions(value, found)),
        Data::List(items) => items.iter().for_each(|item| mentions(item, found)),
        Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::Text(_) => {}
    }
}
