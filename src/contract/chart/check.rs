//! Values against a chart's contract.

use super::facts::type_of;
use super::package::Package;
use super::tree::{Contract, Shape, Type};
use super::{derive, facts, near, template};
use crate::contract::{Breach, Kind, Place};
use crate::node::{Data, Node};
use crate::pointer::Pointer;

/// Finds the keys that a chart does not read, and the values that surely break it.
///
/// Null is fine wherever a key is read: Helm then deletes the chart's default. Keys that the values'
/// own templates read are read.
pub fn check(values: &Node, chart: &Contract) -> Vec<Breach> {
    let own = own_reads(values);
    let own = Some(&own).filter(|own| own.open || !own.is_leaf());
    let shapes: Vec<&Shape> = [&chart.values].into_iter().chain(own).collect();
    let mut check = Check { chart, at: Pointer::default(), found: Vec::new() };
    check.value(values, &Read { shapes, open: false });
    check.found
}

/// What is read of a value.
struct Read<'a> {
    /// Each of what is read at this place.
    shapes: Vec<&'a Shape>,
    /// Whether everything is read, whatever its name.
    open: bool,
}

impl<'a> Read<'a> {
    /// What is read of a member, or, without a key, of an item.
    fn inner(&self, key: Option<&str>) -> Read<'a> {
        let is_open = |shape: &&Shape| shape.open || shape.is_leaf();
        let open = self.open || self.shapes.iter().any(is_open);
        Read { shapes: inner(&self.shapes, key), open }
    }
}

struct Check<'a> {
    chart: &'a Contract,
    at: Pointer,
    found: Vec<Breach>,
}

impl Check<'_> {
    fn value(&mut self, node: &Node, read: &Read<'_>) {
        if let Some(wanted) = refused(node, &read.shapes) {
            let path = near::dotted(self.at.parts());
            self.found.push(Breach {
                place: Place::Value(self.at.clone()),
                kind: Kind::Type,
                message: format!("`{path}` is {}, and {} is read here", node.data.name(), wanted),
                help: Some(format!("write {wanted}")),
            });
            return;
        }
        match &node.data {
            Data::Map(members) => {
                for (key, member) in members {
                    self.at.push(key);
                    self.member(member, read, key);
                    self.at.pop();
                }
            }
            Data::List(items) => {
                for (number, item) in items.iter().enumerate() {
                    self.at.push(&number.to_string());
                    self.value(item, &read.inner(None));
                    self.at.pop();
                }
            }
            Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::Text(_) => {}
        }
    }

    fn member(&mut self, node: &Node, read: &Read<'_>, key: &str) {
        let inner = read.inner(Some(key));
        let path = self.at.parts();
        let advice = if !inner.open && inner.shapes.is_empty() {
            near::advice(self.chart, path, node, &read.shapes)
        } else if let Some(advice) = near::refused(self.chart, path) {
            advice
        } else {
            self.value(node, &inner);
            return;
        };
        let path = near::dotted(path);
        let Contract { chart, version, .. } = self.chart;
        let what = if advice.kind == Kind::Removed { "gone from" } else { "read by nothing in" };
        let message = format!("`{path}` is {what} {chart} {version}");
        let place = Place::Key(self.at.clone());
        self.found.push(Breach { place, kind: advice.kind, message, help: advice.help });
    }
}

/// What is read of a member, or of an item.
pub fn inner<'a>(shapes: &[&'a Shape], key: Option<&str>) -> Vec<&'a Shape> {
    let mut found = Vec::new();
    for shape in shapes {
        found.extend(key.and_then(|key| shape.members.get(key)));
        found.extend(shape.each.as_deref());
    }
    found
}

/// What is read instead of a value of a type that surely breaks the chart.
fn refused(node: &Node, shapes: &[&Shape]) -> Option<String> {
    let given = type_of(node)?;
    let allowed: Vec<&Shape> =
        shapes.iter().filter(|shape| !shape.allowed.is_empty()).copied().collect();
    if let Some(shape) = allowed.iter().find(|shape| !shape.allowed.contains(&given)) {
        let names: Vec<&str> = shape.allowed.iter().map(|kind| kind.name()).collect();
        return Some(names.join(" or "));
    }
    let [shape] = shapes else { return None };
    let default = shape.default.filter(|_| !shape.lenient)?;
    let breaks = match (default, given) {
        // A template asks for members, which only maps have; what counts as false is passed over.
        (Type::Map, Type::Bool | Type::Number | Type::Text | Type::List) => {
            !shape.members.is_empty() && !is_false(node)
        }
        // A template goes through items, which text has none of.
        (Type::List, Type::Bool | Type::Text) => shape.each.is_some() && !is_false(node),
        // A list or a map is printed in Go's notation.
        (Type::Bool | Type::Number | Type::Text, Type::List | Type::Map) => {
            shape.is_leaf() && !is_false(node)
        }
        (Type::Bool | Type::Number | Type::Text, Type::Bool | Type::Number | Type::Text)
        | (Type::Map, Type::Map)
        | (Type::List, Type::List | Type::Map | Type::Number) => false,
    };
    breaks.then(|| default.name().to_owned())
}

/// Whether templates take a value for false.
fn is_false(node: &Node) -> bool {
    match &node.data {
        Data::Null => true,
        Data::Bool(value) => !value,
        Data::Int(number) => *number == 0,
        Data::Float(number) => *number == 0.0,
        Data::Text(text) => text.is_empty(),
        Data::List(items) => items.is_empty(),
        Data::Map(members) => members.is_empty(),
    }
}

/// What templates in the values read themselves.
fn own_reads(values: &Node) -> Shape {
    let mut texts = Vec::new();
    templates(values, &mut texts);
    // Helm refuses what is no template, if it is to be one.
    texts.retain(|text| template::parse(text, &mut 0).is_ok());
    if texts.is_empty() {
        return Shape::default();
    }
    let package = Package::of_texts(&texts);
    derive::run(&package).map_or(Shape::default(), |found| facts::shape(&package, &found))
}

fn templates<'a>(node: &'a Node, found: &mut Vec<&'a str>) {
    match &node.data {
        Data::Text(text) if text.contains("Values") && text.contains("{{") => found.push(text),
        Data::List(items) => items.iter().for_each(|item| templates(item, found)),
        Data::Map(members) => members.values().for_each(|member| templates(member, found)),
        Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::Text(_) => {}
    }
}
