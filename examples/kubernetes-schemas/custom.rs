//! The kinds of operators, from their `CustomResourceDefinition`s. Objects within objects have no names
//! there: equal ones become one type, named after the field that holds the first.

use crate::facts::{Fact, Facts, Fields};
use regex_lite::Regex;
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;

#[derive(Deserialize)]
struct Definition {
    spec: Spec,
}

#[derive(Deserialize)]
struct Spec {
    group: String,
    names: Names,
    versions: Vec<Version>,
}

#[derive(Deserialize)]
struct Names {
    kind: String,
}

#[derive(Deserialize)]
struct Version {
    name: String,
    served: bool,
    schema: Wrapped,
}

#[derive(Deserialize)]
struct Wrapped {
    #[serde(rename = "openAPIV3Schema")]
    schema: Schema,
}

/// What the document says of a type or of a field.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Schema {
    #[serde(rename = "type")]
    form: Option<String>,
    format: Option<String>,
    #[serde(default)]
    properties: BTreeMap<String, Schema>,
    #[serde(default)]
    required: BTreeSet<String>,
    default: Option<Value>,
    items: Option<Box<Schema>>,
    additional_properties: Option<Box<Schema>>,
    #[serde(rename = "enum", default)]
    words: Vec<Value>,
    pattern: Option<String>,
    minimum: Option<f64>,
    maximum: Option<f64>,
    min_length: Option<i64>,
    max_length: Option<i64>,
    min_items: Option<i64>,
    max_items: Option<i64>,
    min_properties: Option<i64>,
    max_properties: Option<i64>,
    #[serde(default)]
    one_of: Vec<Value>,
    #[serde(default)]
    any_of: Vec<Value>,
    #[serde(default)]
    all_of: Vec<Value>,
    #[serde(rename = "x-kubernetes-validations", default)]
    rules: Vec<Value>,
    #[serde(rename = "x-kubernetes-int-or-string", default)]
    int_or_string: bool,
    #[serde(rename = "x-kubernetes-preserve-unknown-fields", default)]
    open: bool,
    #[serde(rename = "x-kubernetes-embedded-resource", default)]
    embedded: bool,
    #[serde(rename = "x-kubernetes-list-type", default)]
    list: String,
    #[serde(rename = "x-kubernetes-list-map-keys", default)]
    list_keys: Vec<String>,
}

impl Schema {
    /// Whether a field must be written. What has a default is put there before anybody asks.
    fn needs(&self, field: &str, inner: &Schema) -> bool {
        self.required.contains(field) && inner.default.is_none()
    }

    /// Whether it is one of several schemas, which has no word here. An int-or-string is so by nature.
    fn is_union(&self) -> bool {
        let lists = [&self.one_of, &self.any_of, &self.all_of];
        !self.int_or_string && lists.iter().any(|list| !list.is_empty())
    }
}

/// Words of the notation that no type may be called.
const WORDS: [&str; 9] =
    ["any", "boolean", "byte", "date-time", "int32", "int64", "number", "quantity", "string"];

/// What all documents say.
pub fn facts(source: &str, documents: &[&str]) -> Result<Facts, Box<dyn Error>> {
    let mut types = Types::default();
    let mut kinds = Fields::new();
    for path in documents {
        let text = std::fs::read_to_string(path)?;
        for document in serde_yaml::Deserializer::from_str(&text) {
            let Some(Definition { spec }) = Option::deserialize(document)? else { continue };
            for version in spec.versions.iter().filter(|version| version.served) {
                let kind = &spec.names.kind;
                let name = format!("{}/{}/{kind}", spec.group, version.name);
                let root = types.root(kind, &version.name, &version.schema.schema)?;
                let _ = kinds.insert(name, vec![root]);
            }
        }
    }
    for (what, count) in types.left_out {
        eprintln!("left out: {what} ({count})");
    }
    let types = types.names.into_iter().map(|(fields, name)| {
        (name, fields.into_iter().map(|(field, fact)| (field, vec![fact])).collect())
    });
    Ok(Facts { source: source.to_owned(), minors: None, kinds, types: types.collect() })
}

/// The types that have been named.
#[derive(Default)]
struct Types {
    names: BTreeMap<Fields<Fact>, String>,
    taken: BTreeSet<String>,
    left_out: BTreeMap<String, usize>,
}

impl Types {
    fn root(&mut self, kind: &str, version: &str, schema: &Schema) -> Result<Fact, Box<dyn Error>> {
        let mut fields = Fields::new();
        for (field, inner) in &schema.properties {
            let fact = match field.as_str() {
                "apiVersion" | "kind" | "metadata" => continue,
                "status" => Fact::of_type("map[string]any"),
                _ => self.fact(&mut vec![kind.to_owned(), field.clone()], inner)?,
            };
            let must = field != "status" && schema.needs(field, inner);
            let _ = fields.insert(field.clone(), if must { fact.required() } else { fact });
        }
        self.note_rules(schema);
        Ok(Fact::of_type(self.name(fields, &[version.to_owned(), kind.to_owned()])))
    }

    /// The name of the type with these fields: the end of the path to the first, as long as it must be.
    fn name(&mut self, fields: Fields<Fact>, path: &[String]) -> String {
        if let Some(name) = self.names.get(&fields) {
            return name.clone();
        }
        let ends = (1..=path.len()).filter_map(|length| path.get(path.len() - length..));
        let mut names = ends.map(|end| end.join("."));
        let free = |name: &String| !self.taken.contains(name) && !WORDS.contains(&name.as_str());
        let name = names.find(free).expect("bug: no two fields have the same path");
        let _ = self.taken.insert(name.clone());
        let _ = self.names.insert(fields, name.clone());
        name
    }

    fn fact(&mut self, path: &mut Vec<String>, schema: &Schema) -> Result<Fact, Box<dyn Error>> {
        self.note_rules(schema);
        if schema.int_or_string {
            let amount =
                schema.pattern.as_ref().is_some_and(|pattern| pattern.contains("[KMGTPE]i"));
            return Ok(Fact::of_type(if amount { "quantity" } else { "int64|string" }));
        }
        let form = match (schema.form.as_deref(), schema.format.as_deref()) {
            (None, _) if schema.open => "any",
            (Some("array"), _) => {
                let item = schema.items.as_ref().ok_or("a list of nothing")?;
                let item = self.fact(path, item)?;
                let container = match schema.list.as_str() {
                    "set" => "[.]".to_owned(),
                    _ => format!("[{}]", schema.list_keys.join(",")),
                };
                let (min_size, max_size) = (schema.min_items, schema.max_items);
                return Ok(Fact { min_size, max_size, ..Fact::container(&container, item) });
            }
            (Some("object"), _) => return self.object(path, schema),
            (Some("string"), Some("byte")) => "byte",
            (Some("string"), Some("date-time")) => "date-time",
            (Some("string"), None) => "string",
            (Some("boolean"), _) => "boolean",
            (Some("integer"), Some("int32")) => "int32",
            (Some("integer"), _) => "int64",
            (Some("number"), _) => "number",
            (form, format) => return Err(format!("nothing is known of {form:?} {format:?}").into()),
        };
        let shown = |word: &Value| word.as_str().map_or_else(|| word.to_string(), str::to_owned);
        let words = schema.words.iter().map(shown);
        Ok(Fact {
            words: words.collect(),
            pattern: self.pattern(schema),
            minimum: schema.minimum.map(whole).transpose()?,
            maximum: schema.maximum.map(whole).transpose()?,
            min_size: schema.min_length,
            max_size: schema.max_length,
            ..Fact::of_type(form)
        })
    }

    fn object(&mut self, path: &mut Vec<String>, schema: &Schema) -> Result<Fact, Box<dyn Error>> {
        let (min_size, max_size) = (schema.min_properties, schema.max_properties);
        if let Some(values) = &schema.additional_properties {
            let values = self.fact(path, values)?;
            return Ok(Fact { min_size, max_size, ..Fact::container("map[string]", values) });
        }
        let open = schema.open || schema.embedded;
        if open && schema.properties.is_empty() {
            return Ok(Fact { min_size, max_size, ..Fact::of_type("map[string]any") });
        }
        let mut fields = Fields::new();
        if open {
            let _ = fields.insert("*".to_owned(), Fact::of_type("any"));
        }
        for (field, inner) in &schema.properties {
            path.push(field.clone());
            let fact = self.fact(path, inner)?;
            let must = schema.needs(field, inner);
            let _ = fields.insert(field.clone(), if must { fact.required() } else { fact });
            let _ = path.pop();
        }
        Ok(Fact { min_size, max_size, ..Fact::of_type(self.name(fields, path)) })
    }

    /// The pattern, if our own expressions can read it.
    fn pattern(&mut self, schema: &Schema) -> Option<String> {
        let pattern = schema.pattern.clone()?;
        if Regex::new(&pattern).is_err() {
            *self.left_out.entry(format!("pattern {pattern}")).or_default() += 1;
            return None;
        }
        Some(pattern)
    }

    fn note_rules(&mut self, schema: &Schema) {
        if schema.is_union() {
            *self.left_out.entry("oneOf, anyOf or allOf".to_owned()).or_default() += 1;
        }
        if !schema.rules.is_empty() {
            *self.left_out.entry("rules in CEL".to_owned()).or_default() += schema.rules.len();
        }
    }
}

#[allow(clippy::cast_possible_truncation, reason = "it is compared with what it was")]
fn whole(bound: f64) -> Result<i64, String> {
    let whole = bound as i64;
    #[allow(clippy::cast_precision_loss, clippy::float_cmp, reason = "a whole number is itself")]
    if whole as f64 == bound { Ok(whole) } else { Err(format!("the bound {bound} is not whole")) }
}
