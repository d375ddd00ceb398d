//! Values that the spec does not define: what stands there is someone else's, and is taken as it is.

use super::Section;
use crate::diag::{Code, Diagnostic};
use crate::origin::Sourced;
use crate::spec::API_VERSION;
use crate::syntax::{Item, Kind};
use serde_json::{Value, json};

/// What a free value may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A map.
    Map,
    /// A map, a list, or text.
    MapListOrText,
}

impl Shape {
    fn schema(self) -> Value {
        match self {
            Shape::Map => json!({"type": "object", "minProperties": 1}),
            Shape::MapListOrText => json!({"type": ["object", "array", "string"]}),
        }
    }

    fn takes(self, kind: &Kind) -> bool {
        match kind {
            Kind::Map(members) => self == Shape::MapListOrText || !members.is_empty(),
            Kind::List(_) | Kind::Text(_) => self == Shape::MapListOrText,
            Kind::Null | Kind::Bool(_) | Kind::Int(_) | Kind::Float(_) | Kind::Reported => false,
        }
    }

    fn wanted(self) -> &'static str {
        match self {
            Shape::Map => "a map",
            Shape::MapListOrText => "a map, a list or text",
        }
    }
}

impl<'a> Section<'a> {
    /// The first two keys of every document: the version, and what it is.
    pub fn head(&mut self, kind: &'static str) -> Option<()> {
        let version = self.fixed("apiVersion", "the format's version", API_VERSION);
        let kind = self.fixed("kind", "the document's kind", kind);
        version.and(kind)
    }

    fn fixed(&mut self, key: &'static str, doc: &str, word: &'static str) -> Option<()> {
        self.describe_key(key, doc, || json!({"const": word}));
        let Some(member) = self.find(key) else {
            self.demand(key, doc);
            return None;
        };
        if matches!(&member.value.kind, Kind::Text(text) if text == word) {
            return Some(());
        }
        let message = format!("this is not `{word}`");
        let error = Diagnostic::error(Code::Value, member.value.span, message);
        self.report(error.help(format!("write `{word}`")));
        None
    }

    /// A value of any content; `None` if the key is absent.
    pub fn free(
        &mut self,
        key: &'static str,
        doc: &str,
        shape: Shape,
    ) -> Option<Sourced<&'a Item>> {
        self.describe_key(key, doc, || shape.schema());
        let member = self.find(key)?;
        if !shape.takes(&member.value.kind) {
            let message = if matches!(member.value.kind, Kind::Map(_)) {
                "this map is empty".to_owned()
            } else {
                format!("this is {}; {} is wanted", member.value.kind.name(), shape.wanted())
            };
            self.report(Diagnostic::error(Code::Type, member.value.span, message));
            return None;
        }
        Some(Sourced::written(&member.value, member.key_span))
    }

    /// Text of any content: another language, or a path. `None` if the key is absent.
    pub fn text(&mut self, key: &'static str, doc: &str) -> Option<Sourced<String>> {
        self.describe_key(key, doc, || json!({"type": "string", "minLength": 1}));
        let member = self.find(key)?;
        let text = if let Kind::Text(text) = &member.value.kind { Some(text) } else { None };
        if let Some(text) = text.filter(|text| !text.trim().is_empty()) {
            return Some(Sourced::written(text.clone(), member.value.span));
        }
        let found = text.map_or(member.value.kind.name(), |_| "empty");
        let message = format!("this is {found}; text is wanted");
        self.report(Diagnostic::error(Code::Type, member.value.span, message));
        None
    }

    /// A list of texts of any content; empty if the key is absent.
    pub fn texts(&mut self, key: &'static str, doc: &str) -> Vec<Sourced<String>> {
        let schema = || json!({"type": "array", "minItems": 1, "items": {"type": "string"}});
        self.describe_key(key, doc, schema);
        let mut texts = Vec::new();
        for item in self.items(key).unwrap_or_default() {
            if let Kind::Text(text) = &item.kind {
                texts.push(Sourced::written(text.clone(), item.span));
            } else {
                let message = format!("this is {}; text is wanted", item.kind.name());
                self.report(Diagnostic::error(Code::Type, item.span, message));
            }
        }
        texts
    }
}
