//! Says which lists of Kubernetes' objects merge, and by which keys, from the `OpenAPI` version 2
//! document that Kubernetes publishes. `just merge-keys` writes `schema/kubernetes/merge-keys.json`.
//!
//! ```text
//! cargo run --example merge-keys -- <swagger.json> <what the document is>
//! ```
//!
//! What merges, and by which keys, is decided as kustomize decides it. It knows no `retainKeys`, which
//! the server and kubectl do.
//!
//! `kinds` gives each kind's type. `types` gives each type's fields, as far as something under them
//! merges. Every other field is merged as a map if it is one, and replaced if it is not.
//!
//! | field | what it holds |
//! |---|---|
//! | `{"of": T}` | one object of type `T` |
//! | `{"keys": [K, …], "of": T}` | a list that merges; items are the same if all `K` are; without `of` nothing merges within an item |
//! | `{"keys": []}` | a list of scalars that merges as a set |
//! | `{…, "retainKeys": true}` | the object, or each item of the list, has the strategy of that name |
//!
//! A list that does not merge is not there: it is replaced, so nothing within it is merged. A map with
//! any keys has no word, and the command fails if something merges within its values.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::disallowed_macros,
    reason = "a command of the developers': it reads a document and prints what it says"
)]

use serde::{Deserialize, Serialize};
use serde_json::ser::Formatter;
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::io::Write;

/// The document, as far as it is of interest.
#[derive(Deserialize)]
struct Document {
    definitions: BTreeMap<String, Schema>,
}

/// What the document says of a type or of a field.
#[derive(Deserialize)]
struct Schema {
    #[serde(rename = "type", default)]
    form: String,
    #[serde(rename = "$ref")]
    reference: Option<String>,
    #[serde(default)]
    properties: BTreeMap<String, Schema>,
    items: Option<Box<Schema>>,
    #[serde(rename = "additionalProperties")]
    values: Option<Box<Schema>>,
    #[serde(rename = "x-kubernetes-group-version-kind", default)]
    kinds: Vec<GroupVersionKind>,
    #[serde(rename = "x-kubernetes-patch-strategy", default)]
    strategy: String,
    #[serde(rename = "x-kubernetes-list-map-keys")]
    list_keys: Option<Vec<String>>,
    #[serde(rename = "x-kubernetes-patch-merge-key")]
    merge_key: Option<String>,
}

/// A kind's full name.
#[derive(Deserialize)]
struct GroupVersionKind {
    group: String,
    version: String,
    kind: String,
}

impl GroupVersionKind {
    /// Version and kind, as an object writes them.
    fn name(&self) -> String {
        let Self { group, version, kind } = self;
        if group.is_empty() {
            format!("{version}/{kind}")
        } else {
            format!("{group}/{version}/{kind}")
        }
    }
}

/// What is known of a field.
#[derive(Serialize)]
struct Field {
    #[serde(skip_serializing_if = "Option::is_none")]
    keys: Option<Vec<String>>,
    #[serde(skip)]
    map: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    of: Option<String>,
    #[serde(rename = "retainKeys", skip_serializing_if = "std::ops::Not::not")]
    retain_keys: bool,
}

type Fields = BTreeMap<String, Field>;

/// What is printed.
#[derive(Serialize)]
struct Facts {
    source: String,
    kinds: BTreeMap<String, String>,
    types: BTreeMap<String, Fields>,
}

/// A definition's group, version and name: the last three words of its path.
fn short(definition: &str) -> String {
    let start = definition.rmatch_indices('.').nth(2).map_or(0, |(dot, _)| dot + 1);
    definition.get(start..).unwrap_or(definition).to_owned()
}

impl Schema {
    /// The type that this refers to.
    fn target(&self) -> Option<String> {
        self.reference.as_deref()?.strip_prefix("#/definitions/").map(short)
    }

    fn has_strategy(&self, wanted: &str) -> bool {
        self.strategy.split(',').any(|strategy| strategy == wanted)
    }

    /// What is known of a field with this schema, before it is known where types lead.
    ///
    /// Keys count only beside the strategy `merge`, and those of the server's own merge come first,
    /// because they may be several where the older extension has room for one.
    fn field(&self) -> Field {
        let retain_keys = self.has_strategy("retainKeys");
        if self.form == "array" {
            let keys = self.has_strategy("merge").then(|| {
                self.list_keys.clone().unwrap_or_else(|| self.merge_key.iter().cloned().collect())
            });
            let item = self.items.as_ref().and_then(|item| item.target());
            let of = item.filter(|_| keys.is_some());
            return Field { retain_keys: retain_keys && keys.is_some(), keys, map: false, of };
        }
        let value = self.values.as_ref().and_then(|value| value.target());
        Field { keys: None, map: value.is_some(), of: self.target().or(value), retain_keys }
    }

    /// Whether this is what users write. Lists of objects, options and answers of the server have
    /// kinds, too, but not an object's metadata.
    fn is_object(&self) -> bool {
        let metadata = self.properties.get("metadata").and_then(Schema::target);
        metadata.as_deref() == Some("meta.v1.ObjectMeta")
    }
}

impl Field {
    /// Whether something merges here or, as far as is known, further down.
    fn leads(&self, known: &BTreeSet<String>) -> bool {
        self.keys.is_some()
            || self.retain_keys
            || self.of.as_ref().is_some_and(|of| known.contains(of))
    }
}

/// The types from which something that merges can be reached. Types refer to each other in circles,
/// so they are added until none is left to add.
fn leading(types: &BTreeMap<String, Fields>) -> BTreeSet<String> {
    let mut known = BTreeSet::new();
    loop {
        let more = types.iter().filter(|(_, fields)| fields.values().any(|one| one.leads(&known)));
        let more: BTreeSet<String> = more.map(|(name, _)| name.clone()).collect();
        if more == known {
            return known;
        }
        known = more;
    }
}

/// The types that are reached from these.
fn reached(types: &BTreeMap<String, Fields>, from: Vec<String>) -> BTreeSet<String> {
    let mut open = from;
    let mut done = BTreeSet::new();
    while let Some(name) = open.pop() {
        let fields = types.get(&name).into_iter().flat_map(BTreeMap::values);
        let next: Vec<String> = fields.filter_map(|field| field.of.clone()).collect();
        if done.insert(name) {
            open.extend(next);
        }
    }
    done
}

fn facts(document: &Document, source: String) -> Result<Facts, Box<dyn Error>> {
    let mut types = BTreeMap::new();
    let mut kinds = BTreeMap::new();
    for (path, schema) in &document.definitions {
        let name = short(path);
        let fields: Fields =
            schema.properties.iter().map(|(name, schema)| (name.clone(), schema.field())).collect();
        if types.insert(name.clone(), fields).is_some() {
            return Err(format!("two types are called {name}").into());
        }
        if schema.is_object() {
            kinds.extend(schema.kinds.iter().map(|kind| (kind.name(), name.clone())));
        }
    }
    let leading = leading(&types);
    for fields in types.values_mut() {
        fields.retain(|_, field| field.leads(&leading));
        for field in fields.values_mut() {
            field.of = field.of.take().filter(|of| leading.contains(of));
            field.map &= field.of.is_some();
        }
    }
    kinds.retain(|_, name| leading.contains(name));
    let reached = reached(&types, kinds.values().cloned().collect());
    types.retain(|name, _| reached.contains(name));
    for (name, fields) in &types {
        if let Some((field, _)) = fields.iter().find(|(_, field)| field.map) {
            return Err(format!("something merges in the values of {name}.{field}").into());
        }
    }
    Ok(Facts { source, kinds, types })
}

/// One line for each fact: objects are broken down to the fields, and a field is not.
#[derive(Default)]
struct OneLineEach {
    depth: usize,
}

impl OneLineEach {
    const FIELD: usize = 4;

    fn line<W: Write + ?Sized>(&self, writer: &mut W) -> std::io::Result<()> {
        write!(writer, "\n{}", "  ".repeat(self.depth))
    }
}

impl Formatter for OneLineEach {
    fn begin_object<W: Write + ?Sized>(&mut self, writer: &mut W) -> std::io::Result<()> {
        self.depth += 1;
        writer.write_all(b"{")
    }

    fn end_object<W: Write + ?Sized>(&mut self, writer: &mut W) -> std::io::Result<()> {
        self.depth -= 1;
        if self.depth + 1 < Self::FIELD {
            self.line(writer)?;
        }
        writer.write_all(b"}")
    }

    fn begin_object_key<W: Write + ?Sized>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> std::io::Result<()> {
        if !first {
            writer.write_all(b",")?;
        }
        if self.depth < Self::FIELD {
            self.line(writer)
        } else if first {
            Ok(())
        } else {
            writer.write_all(b" ")
        }
    }

    fn begin_object_value<W: Write + ?Sized>(&mut self, writer: &mut W) -> std::io::Result<()> {
        writer.write_all(b": ")
    }

    fn begin_array_value<W: Write + ?Sized>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> std::io::Result<()> {
        writer.write_all(if first { b"" } else { b", " })
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [path, source] = arguments.as_slice() else {
        return Err("usage: merge-keys <swagger.json> <what the document is>".into());
    };
    let document: Document = serde_json::from_slice(&std::fs::read(path)?)?;
    let facts = facts(&document, source.clone())?;
    let mut text = Vec::new();
    let mut printer = serde_json::Serializer::with_formatter(&mut text, OneLineEach::default());
    facts.serialize(&mut printer)?;
    text.push(b'\n');
    std::io::stdout().write_all(&text)?;
    Ok(())
}
