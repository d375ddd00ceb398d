//! The other reading of a decoder: what it would ask for, as a JSON Schema.

use super::{Mode, Section};
use crate::node::{Data, Node};
use crate::origin::Origin;
use serde_json::{Map, Value, json};

/// What has been asked for so far.
#[derive(Default)]
pub struct Description {
    pub properties: Map<String, Value>,
    pub required: Vec<&'static str>,
    pub exactly_one: Vec<&'static str>,
}

/// The JSON Schema of what `body` would read.
pub fn describe<T>(body: impl FnOnce(&mut Section) -> Option<T>) -> Value {
    let mode = Mode::Describe(Description::default());
    let mut section = Section::new(mode);
    let _ = body(&mut section);
    match section.mode {
        Mode::Describe(description) => description.into_schema(),
        Mode::Read { .. } => Value::Null,
    }
}

impl Description {
    fn into_schema(self) -> Value {
        let Description { properties, required, exactly_one } = self;
        let mut schema = Map::new();
        let _ = schema.insert("type".into(), "object".into());
        let _ = schema.insert("additionalProperties".into(), false.into());
        let _ = schema.insert("properties".into(), Value::Object(properties));
        if !required.is_empty() {
            let _ = schema.insert("required".into(), json!(required));
        }
        if !exactly_one.is_empty() {
            let arms = exactly_one.iter().map(|key| json!({"required": [key]}));
            let _ = schema.insert("oneOf".into(), arms.collect());
        }
        Value::Object(schema)
    }
}

impl Section<'_> {
    /// Notes a key and what it takes.
    pub fn describe_key(&mut self, key: &'static str, doc: &str, schema: impl FnOnce() -> Value) {
        if let Mode::Describe(Description { properties, .. }) = &mut self.mode {
            let mut schema = schema();
            if let Some(object) = schema.as_object_mut() {
                let rule = object.get("description").and_then(Value::as_str).unwrap_or_default();
                let doc = match rule {
                    "" => doc.to_owned(),
                    rule => format!("{doc} ({rule})"),
                };
                let _ = object.insert("description".into(), doc.into());
            }
            let _ = properties.insert(key.to_owned(), schema);
        }
    }

    /// Notes what an absent key means.
    pub fn describe_default<T: Clone + Into<Data>>(&mut self, key: &'static str, default: &T) {
        let Mode::Describe(Description { properties, .. }) = &mut self.mode else { return };
        if let Some(schema) = properties.get_mut(key).and_then(Value::as_object_mut) {
            let default = Node { data: default.clone().into(), origin: Origin::Structure };
            let _ = schema.insert("default".to_owned(), default.to_json());
        }
    }
}
