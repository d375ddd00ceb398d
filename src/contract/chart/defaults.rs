//! What a chart takes where its values say nothing.
//!
//! Kept are the defaults that something reads, at the places that hold no others. A long text is no fact but
//! somebody's work: only its length and its digest are kept, which tell whether it is another one.

use super::check::inner;
use super::package::Package;
use super::tree::Shape;
use crate::digest::digest;
use crate::node::{self, Data, Map, Node, Text};
use crate::origin::Origin;
use crate::pointer::Pointer;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Why a default stands at its place.
const WHY: &str = "the chart takes it where its values say nothing";
/// The most characters of a text that is kept as it is.
const SHORT: usize = 120;
/// How many hexadecimal digits of a long text's digest are kept.
const DIGITS: usize = 16;
/// The most defaults. The largest of our charts has two thousand.
const MOST: usize = 20_000;
/// How deeply they may lie. A chart's values are at most half as deep, and so are those of charts in charts.
const DEEPEST: usize = 128;

/// Of a place below which everything is read.
static EVERYTHING: Shape = Shape {
    open: true,
    default: None,
    lenient: false,
    allowed: Vec::new(),
    members: BTreeMap::new(),
    each: None,
};

/// The defaults of a chart, as a tree of values. Those of a contract that comes with telemetree are only read when
/// somebody asks for them: checks do not.
#[derive(Debug, Clone)]
pub struct Defaults(Read);

#[derive(Debug, Clone)]
enum Read {
    Already(Node),
    WhenAsked(&'static str, OnceLock<Node>),
}

impl Defaults {
    /// Those of a kept text that comes with telemetree.
    pub(super) fn of_bundled(text: &'static str) -> Defaults {
        Defaults(Read::WhenAsked(text, OnceLock::new()))
    }

    /// The tree.
    pub fn values(&self) -> &Node {
        match &self.0 {
            Read::Already(values) => values,
            Read::WhenAsked(text, read) => read.get_or_init(|| super::kept::defaults(text)),
        }
    }
}

impl From<Node> for Defaults {
    fn from(values: Node) -> Defaults {
        Defaults(Read::Already(values))
    }
}

impl PartialEq for Defaults {
    fn eq(&self, other: &Defaults) -> bool {
        self.values() == other.values()
    }
}

/// The defaults of a chart and of those within it, as far as something reads them.
///
/// # Errors
/// When they are too many, or lie too deep.
pub fn of(package: &Package<'_>, read: &Shape) -> Result<Node, String> {
    let kept = kept(&merged(package), &[read]).unwrap_or_else(nothing);
    let mut building = Building::default();
    lines(&kept).into_iter().try_for_each(|(place, value)| building.add(&place, value))?;
    Ok(building.finish())
}

/// A chart's values over those of the charts within it, as Helm lays them.
fn merged(package: &Package<'_>) -> Node {
    let inner = package.charts.iter().map(|held| (held.key.clone(), merged(&held.package)));
    node::map(inner.filter(|(_, values)| !values.is_empty())).with(package.values.clone())
}

/// What is kept of a value: as much of it as these shapes read. Null takes a default away.
fn kept(value: &Node, shapes: &[&Shape]) -> Option<Node> {
    let data = match &value.data {
        Data::Null => return None,
        Data::Map(members) if !members.is_empty() => {
            let member = |(key, value): (&Text, &Node)| {
                let below = below(shapes, key);
                let is_read = !below.is_empty();
                is_read.then(|| kept(value, &below)).flatten().map(|value| (key.clone(), value))
            };
            let kept: Map = members.iter().filter_map(member).collect();
            if kept.is_empty() {
                return None;
            }
            Data::Map(kept)
        }
        Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::Text(_)
        | Data::List(_)
        | Data::Map(_) => return Some(shortened(value)),
    };
    Some(Node { data, origin: Origin::Structure })
}

/// What is read of a member.
fn below<'s>(shapes: &[&'s Shape], key: &str) -> Vec<&'s Shape> {
    if shapes.iter().any(|shape| shape.open || shape.is_leaf()) {
        vec![&EVERYTHING]
    } else {
        inner(shapes, Some(key))
    }
}

/// A value whose long texts stand for themselves by their length and their digest.
fn shortened(value: &Node) -> Node {
    let data = match &value.data {
        Data::Text(text) if text.contains('\n') || text.chars().count() > SHORT => {
            let digest: String = digest(text.as_bytes()).chars().take(DIGITS).collect();
            Data::Text(format!("({} characters, {digest})", text.chars().count()).into())
        }
        Data::List(items) => Data::List(items.iter().map(shortened).collect()),
        Data::Map(members) => {
            let member = |(key, value): (&Text, &Node)| (key.clone(), shortened(value));
            Data::Map(members.iter().map(member).collect())
        }
        data @ (Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::Text(_)) => {
            data.clone()
        }
    };
    Node { data, origin: Origin::Structure }
}

fn nothing() -> Node {
    node::map::<Text>([])
}

/// The places of defaults, each with its value as JSON, sorted.
pub fn lines(defaults: &Node) -> Vec<(Pointer, Value)> {
    let mut found = Vec::new();
    collect(defaults, &mut Pointer::default(), &mut found);
    found
}

fn collect(value: &Node, at: &mut Pointer, found: &mut Vec<(Pointer, Value)>) {
    match &value.data {
        Data::Map(members) if !members.is_empty() || at.parts().is_empty() => {
            for (key, value) in members {
                at.push(key);
                collect(value, at, found);
                at.pop();
            }
        }
        Data::Null
        | Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::Text(_)
        | Data::List(_)
        | Data::Map(_) => found.push((at.clone(), value.to_json())),
    }
}

/// Defaults that are put together place by place.
pub struct Building {
    values: Node,
    count: usize,
}

impl Default for Building {
    fn default() -> Self {
        Building { values: nothing(), count: 0 }
    }
}

impl Building {
    /// Adds a default.
    ///
    /// # Errors
    /// When something stands at the place or on the way to it, when the value would hold places of its own, or when
    /// there are too many.
    pub fn add(&mut self, place: &Pointer, value: Value) -> Result<(), String> {
        let holds = matches!(&value, Value::Object(members) if !members.is_empty());
        if holds || value.is_null() {
            return Err(format!("`{place}`: this is no default"));
        }
        self.count += 1;
        if self.count > MOST || place.parts().len() > DEEPEST {
            return Err(format!(
                "more than {MOST} defaults, or one that lies more than {DEEPEST} deep"
            ));
        }
        let Some((last, around)) = place.parts().split_last() else {
            return Err("a default stands below the values".to_owned());
        };
        let taken = || format!("`{place}` stands in another default, or is there twice");
        let mut here = &mut self.values;
        for part in around {
            let Data::Map(members) = &mut here.data else { return Err(taken()) };
            here = members.entry(part.clone().into()).or_insert_with(nothing);
        }
        let Data::Map(members) = &mut here.data else { return Err(taken()) };
        let value = Node::from_json(value, &Origin::because(WHY));
        match members.insert(last.clone().into(), value) {
            None => Ok(()),
            Some(_) => Err(taken()),
        }
    }

    /// All of them.
    pub fn finish(self) -> Node {
        self.values
    }
}
