//! What a key that nobody reads was meant to be.

use super::tree::{Contract, Shape};
use crate::contract::Kind;
use crate::node::{Data, Node};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What to say of a dead key.
pub struct Advice {
    /// Whether the key was ever read.
    pub kind: Kind,
    /// What to do.
    pub help: Option<String>,
}

/// The most keys that are named in one sentence.
const MAX_NAMED: usize = 3;

/// What is known of keys beyond the chart's own templates, by chart.
static KNOWN: LazyLock<BTreeMap<String, Known>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../schema/charts/misplaced.json"))
        .expect("bug: the facts about misplaced keys are broken")
});

/// Keys of a chart that people write and that it does not read.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Known {
    /// Where they belong.
    moved: BTreeMap<String, String>,
    /// What to do instead, for what is gone.
    removed: BTreeMap<String, String>,
    /// What to do instead, for what the chart reads only to refuse it or to speak of it.
    refused: BTreeMap<String, String>,
}

/// The nearest live key, or what became of this one.
pub fn advice(chart: &Contract, path: &[String], node: &Node, siblings: &[&Shape]) -> Advice {
    if let Some(advice) = known(&chart.chart, path, node) {
        return advice;
    }
    if path.len() == 1 && is_wrapper(chart, node) {
        let help = Some("move its keys to the top".to_owned());
        return Advice { kind: Kind::Unknown, help };
    }
    let Some((last, above)) = path.split_last() else {
        return Advice { kind: Kind::Unknown, help: None };
    };
    let near = sibling(last, siblings).map(|key| [above, &[key]].concat());
    let found = match near {
        Some(path) => vec![path],
        None => elsewhere(chart, path, node),
    };
    let names: Vec<String> =
        found.iter().take(MAX_NAMED).map(|path| format!("`{}`", dotted(path))).collect();
    let help = match names.split_last() {
        None => None,
        Some((only, [])) => Some(format!("did you mean {only}?")),
        Some((last, before)) => Some(format!("did you mean {} or {last}?", before.join(", "))),
    };
    Advice { kind: Kind::Unknown, help }
}

/// Whether a key at the top holds what belongs there itself, as it does in a chart of charts.
fn is_wrapper(chart: &Contract, node: &Node) -> bool {
    let mut keys = members(node).peekable();
    keys.peek().is_some() && keys.all(|key| chart.values.members.contains_key(key))
}

/// What to do instead of a key that the chart reads for no other purpose than to refuse it. That is
/// known of the versions that come with telemetree only.
pub fn refused(contract: &Contract, path: &[String]) -> Option<Advice> {
    let Contract { chart, version, .. } = contract;
    let known = super::bundled(chart, version).and_then(|_| KNOWN.get(chart))?;
    let help = known.refused.get(&dotted(path))?;
    Some(Advice { kind: Kind::Removed, help: Some(help.clone()) })
}

/// What is written down of a key that nothing reads, of one above it, or of one below it.
fn known(chart: &str, path: &[String], node: &Node) -> Option<Advice> {
    let known = KNOWN.get(chart)?;
    let mut paths: Vec<Vec<String>> =
        (1..=path.len()).rev().filter_map(|length| path.get(..length)).map(<[_]>::to_vec).collect();
    below(node, &mut path.to_vec(), &mut paths);
    let names: Vec<String> = paths.iter().map(|path| dotted(path)).collect();
    if let Some(to) = names.iter().find_map(|name| known.moved.get(name)) {
        return Some(Advice { kind: Kind::Unknown, help: Some(format!("did you mean `{to}`?")) });
    }
    let removed = names.iter().find_map(|name| known.removed.get(name))?;
    Some(Advice { kind: Kind::Removed, help: Some(removed.clone()) })
}

fn below(node: &Node, path: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    if let Data::Map(members) = &node.data {
        for (key, member) in members {
            path.push(key.to_string());
            found.push(path.clone());
            below(member, path, found);
            let _ = path.pop();
        }
    }
}

/// A live key beside a dead one that is spelt almost the same.
fn sibling(key: &str, shapes: &[&Shape]) -> Option<String> {
    let keys = shapes.iter().flat_map(|shape| shape.members.keys());
    let limit = (key.chars().count() / 4).clamp(1, 3);
    let far = |other: &String| -> usize {
        if plain(other) == plain(key) { 0 } else { strsim::damerau_levenshtein(other, key) }
    };
    keys.map(|other| (far(other), other))
        .filter(|(far, _)| *far <= limit)
        .min()
        .map(|(_, key)| key.clone())
}

/// A key without what spellings differ in: case, dashes and underscores.
fn plain(key: &str) -> String {
    key.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Live keys of the same name at other paths, the nearest only.
fn elsewhere(chart: &Contract, path: &[String], node: &Node) -> Vec<Vec<String>> {
    let Some((last, above)) = path.split_last() else { return Vec::new() };
    let mut found = Vec::new();
    named(&chart.values, &plain(last), &mut Vec::new(), &mut found);
    // Nearer is what reads the same members, has a default, shares names with the path, and is not deep.
    let mut ranked: Vec<(usize, usize, usize, Vec<String>)> = found
        .into_iter()
        .map(|(there, shape)| {
            let unread = members(node).filter(|key| !reads(shape, key)).count();
            let shared = above.iter().filter(|part| there.contains(part)).count();
            let hidden = usize::from(!is_documented(shape));
            (unread + hidden, above.len() - shared, there.len(), there)
        })
        .collect();
    ranked.sort();
    let Some((unread, distance, length, _)) = ranked.first().cloned() else { return Vec::new() };
    let same = ranked.into_iter().filter(|(a, b, c, _)| (*a, *b, *c) == (unread, distance, length));
    same.map(|(_, _, _, path)| path).collect()
}

/// Whether the chart has a default here or below.
fn is_documented(shape: &Shape) -> bool {
    shape.default.is_some() || shape.members.values().any(is_documented)
}

fn members(node: &Node) -> impl Iterator<Item = &str> {
    let members = match &node.data {
        Data::Map(members) => Some(members),
        Data::Null
        | Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::Text(_)
        | Data::List(_) => None,
    };
    members.into_iter().flat_map(|members| members.keys().map(AsRef::as_ref))
}

fn reads(shape: &Shape, key: &str) -> bool {
    shape.open || shape.is_leaf() || shape.each.is_some() || shape.members.contains_key(key)
}

fn named<'a>(
    shape: &'a Shape,
    name: &str,
    path: &mut Vec<String>,
    found: &mut Vec<(Vec<String>, &'a Shape)>,
) {
    for (key, inner) in &shape.members {
        path.push(key.clone());
        if plain(key) == name {
            found.push((path.clone(), inner));
        }
        named(inner, name, path, found);
        let _ = path.pop();
    }
}

/// A path as people write it; a key that holds a dot is quoted.
pub fn dotted(path: &[String]) -> String {
    let part = |key: &String| if key.contains('.') { format!("\"{key}\"") } else { key.clone() };
    path.iter().map(part).collect::<Vec<_>>().join(".")
}
