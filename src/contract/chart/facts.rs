//! From places to shapes: the types of defaults, and what a chart's JSON schema allows.

use super::derive::{Found, Place, PlaceId, Read};
use super::package::Package;
use super::tree::{Shape, Type};
use crate::node::{Data, Node};
use crate::pointer::Pointer;
use serde_json::Value;

/// The most references that are followed one after the other.
const MAX_REFERENCES: usize = 16;

/// The shape of a chart's values.
pub fn shape(package: &Package<'_>, found: &Found<'_>) -> Shape {
    let mut shape = of_place(found, PlaceId(0));
    apply_schemas(package, &mut shape);
    shape
}

/// Keys that `values.yaml` files hold and nothing reads.
pub fn dead(values: &Node, shape: &Shape) -> Vec<Pointer> {
    let mut found = Vec::new();
    collect_dead(values, &[shape], &mut Pointer::default(), &mut found);
    found
}

fn collect_dead(node: &Node, shapes: &[&Shape], at: &mut Pointer, found: &mut Vec<Pointer>) {
    if shapes.iter().any(|shape| shape.open || shape.is_leaf()) {
        return;
    }
    if let Data::Map(members) = &node.data {
        for (key, member) in members {
            let inner = super::check::inner(shapes, Some(key));
            at.push(key);
            if inner.is_empty() {
                found.push(at.clone());
            } else {
                collect_dead(member, &inner, at, found);
            }
            at.pop();
        }
    }
}

fn of_place(found: &Found<'_>, id: PlaceId) -> Shape {
    let Some(place) = found.places.get(id.0 as usize) else {
        return Shape::default();
    };
    let members = place.members.iter().map(|(key, id)| (key.clone(), of_place(found, *id)));
    let members = members.filter(|(key, _)| key != "*").collect();
    let open = is(place, Read::Whole) || is(place, Read::Printed);
    let each = place.each.filter(|_| !open).map(|id| Box::new(of_place(found, id)));
    let mut shape =
        Shape { open, default: default(place), lenient: false, allowed: Vec::new(), members, each };
    let settled = is(place, Read::Typed) || is(place, Read::Whole);
    shape.lenient = shape.default.is_some() && (settled || shape.is_leaf() && is_tested(place));
    shape
}

fn is(place: &Place<'_>, read: Read) -> bool {
    place.read.contains(&read)
}

/// Whether a place is only tested, so that a value of any type does.
fn is_tested(place: &Place<'_>) -> bool {
    !is(place, Read::Printed) && !is(place, Read::Ranged)
}

/// The type that all defaults have.
fn default(place: &Place<'_>) -> Option<Type> {
    let mut types = place.defaults.iter().filter_map(|node| type_of(node));
    let first = types.next()?;
    types.all(|next| next == first).then_some(first)
}

/// A value's type; none for null.
pub fn type_of(node: &Node) -> Option<Type> {
    match &node.data {
        Data::Null => None,
        Data::Bool(_) => Some(Type::Bool),
        Data::Int(_) | Data::Float(_) => Some(Type::Number),
        Data::Text(_) => Some(Type::Text),
        Data::List(_) => Some(Type::List),
        Data::Map(_) => Some(Type::Map),
    }
}

/// Applies the schemas of a chart and of those within it.
fn apply_schemas(package: &Package<'_>, shape: &mut Shape) {
    if let Some(schema) = &package.schema {
        apply(schema, schema, shape);
    }
    for held in &package.charts {
        if let Some(inner) = shape.members.get_mut(&held.key) {
            apply_schemas(&held.package, inner);
        }
    }
}

/// Says what a schema allows where something is read. Combinations of schemas allow anything.
fn apply(root: &Value, schema: &Value, shape: &mut Shape) {
    let Some(schema) = resolve(root, schema) else { return };
    shape.allowed = allowed(schema);
    // Only one of them: a schema that refers to itself in both would double with every level.
    let mut any = ["additionalProperties", "items"].into_iter().filter_map(|key| schema.get(key));
    if let Some(each) = any.find(|each| each.is_object()) {
        let typed = resolve(root, each).is_some_and(|each| !allowed(each).is_empty());
        if shape.is_leaf() && typed {
            shape.open = true;
            shape.each = Some(Box::new(Shape { open: true, ..Shape::default() }));
        }
        if let Some(shape) = &mut shape.each {
            apply(root, each, shape);
        }
    }
    let properties = schema.get("properties").and_then(Value::as_object);
    for (key, schema) in properties.into_iter().flatten() {
        if let Some(shape) = shape.members.get_mut(key) {
            apply(root, schema, shape);
        }
    }
}

fn resolve<'a>(root: &'a Value, mut schema: &'a Value) -> Option<&'a Value> {
    for _ in 0..MAX_REFERENCES {
        match schema.get("$ref").and_then(Value::as_str) {
            Some(reference) => schema = root.pointer(reference.strip_prefix('#')?)?,
            None => return Some(schema),
        }
    }
    None
}

fn allowed(schema: &Value) -> Vec<Type> {
    let words: Vec<&str> = match schema.get("type") {
        Some(Value::String(word)) => vec![word],
        Some(Value::Array(words)) => words.iter().filter_map(Value::as_str).collect(),
        Some(_) | None => return Vec::new(),
    };
    let mut types: Vec<Type> = words
        .iter()
        .filter_map(|word| match *word {
            "boolean" => Some(Type::Bool),
            "number" | "integer" => Some(Type::Number),
            "string" => Some(Type::Text),
            "array" => Some(Type::List),
            "object" => Some(Type::Map),
            _ => None,
        })
        .collect();
    types.sort_unstable();
    types.dedup();
    types
}
