//! A map of the spec, read key by key.
//!
//! A [`Section`] either reads a document or describes what would be read; the functions that use
//! it cannot tell. Findings accumulate: an invalid value is reported and reading goes on.

mod describe;
mod free;
mod named;

pub use describe::describe;
pub use free::Shape;

use super::field::Field;
use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::near::nearest;
use crate::node::Data;
use crate::origin::Sourced;
use crate::source::Span;
use crate::syntax::{Item, Kind, Member};
use describe::Description;
use serde_json::json;

/// A map that is being read, or described.
pub struct Section<'a> {
    mode: Mode<'a>,
    asked: Vec<&'static str>,
    /// Reported at the end, when it is known which of them are only misspelt.
    missing: Vec<(&'static str, Diagnostic)>,
}

enum Mode<'a> {
    Read { members: &'a [Member], at: Span, diags: &'a mut Diagnostics },
    Describe(Description),
}

/// Reads a document that must be a map.
pub fn read<T>(
    item: &Item,
    diags: &mut Diagnostics,
    body: impl FnOnce(&mut Section) -> Option<T>,
) -> Option<T> {
    let Kind::Map(members) = &item.kind else {
        let message = format!("this is {}; a map is wanted", item.kind.name());
        diags.push(Diagnostic::error(Code::Type, item.span, message));
        return None;
    };
    let mode = Mode::Read { members, at: item.span, diags };
    let mut section = Section::new(mode);
    let value = body(&mut section);
    section.finish();
    value
}

impl<'a> Section<'a> {
    fn new(mode: Mode<'a>) -> Self {
        Section { mode, asked: Vec::new(), missing: Vec::new() }
    }

    /// Reports a finding; nothing is reported while describing.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        match &mut self.mode {
            Mode::Read { diags, .. } => diags.push(diagnostic),
            Mode::Describe(_) => {}
        }
    }

    fn find(&mut self, key: &'static str) -> Option<&'a Member> {
        self.asked.push(key);
        let Mode::Read { members, .. } = &self.mode else {
            return None;
        };
        let member = members.iter().find(|member| member.key == key)?;
        if member.value.kind == Kind::Reported {
            return None;
        }
        if member.value.kind == Kind::Null {
            let message = format!("`{key}` has no value");
            let error = Diagnostic::error(Code::Type, member.key_span, message);
            self.report(error.help("remove the key to get its default"));
            return None;
        }
        Some(member)
    }

    /// Reports a missing key, or notes that the schema requires it. For keys whose reading
    /// function has no form that requires them.
    pub fn demand(&mut self, key: &'static str, doc: &str) {
        self.require(key, doc);
    }

    fn require(&mut self, key: &'static str, doc: &str) {
        match &mut self.mode {
            Mode::Describe(description) => description.required.push(key),
            Mode::Read { at, members, .. } => {
                // A key with an invalid value has been reported already.
                if !members.iter().any(|member| member.key == key) {
                    let start = Span { end: at.start + 1, ..*at };
                    let error =
                        Diagnostic::error(Code::MissingKey, start, format!("`{key}` is missing"));
                    self.missing.push((key, error.help(format!("add `{key}:`: {doc}"))));
                }
            }
        }
    }

    /// A value that may be absent.
    pub fn optional<T: Field>(&mut self, key: &'static str, doc: &str) -> Option<Sourced<T>> {
        self.describe_key(key, doc, T::schema);
        let member = self.find(key)?;
        match T::read(&member.value) {
            Ok(value) => Some(Sourced::written(value, member.value.span)),
            Err(diagnostic) => {
                self.report(diagnostic);
                None
            }
        }
    }

    /// A value that must be there.
    pub fn required<T: Field>(&mut self, key: &'static str, doc: &str) -> Option<Sourced<T>> {
        let value = self.optional(key, doc);
        if value.is_none() {
            self.require(key, doc);
        }
        value
    }

    /// A value that has a default, with the default's reason.
    pub fn or_default<T: Field + Clone + Into<Data>>(
        &mut self,
        key: &'static str,
        doc: &str,
        default: T,
        why: &'static str,
    ) -> Sourced<T> {
        let asked = self.optional(key, doc);
        self.describe_default(key, &default);
        asked.unwrap_or_else(|| Sourced::default(default, why))
    }

    /// A list of values; `None` if the key is absent.
    pub fn list<T: Field>(&mut self, key: &'static str, doc: &str) -> Option<Vec<Sourced<T>>> {
        self.describe_key(
            key,
            doc,
            || json!({"type": "array", "items": T::schema(), "minItems": 1}),
        );
        let items = self.items(key)?;
        let mut values = Vec::new();
        for item in items.iter().filter(|item| item.kind != Kind::Reported) {
            match T::read(item) {
                Ok(value) => values.push(Sourced::written(value, item.span)),
                Err(diagnostic) => self.report(diagnostic),
            }
        }
        Some(values)
    }

    /// A list of maps; empty if the key is absent.
    pub fn sections<T>(
        &mut self,
        key: &'static str,
        doc: &str,
        body: impl Fn(&mut Section) -> Option<T>,
    ) -> Vec<T> {
        self.describe_key(
            key,
            doc,
            || json!({"type": "array", "items": describe(&body), "minItems": 1}),
        );
        let items = self.items(key).unwrap_or_default();
        items.iter().filter_map(|item| self.read_inner(item, &body)).collect()
    }

    fn items(&mut self, key: &'static str) -> Option<&'a [Item]> {
        let member = self.find(key)?;
        let Kind::List(items) = &member.value.kind else {
            let message = format!("this is {}; a list is wanted", member.value.kind.name());
            self.report(Diagnostic::error(Code::Type, member.value.span, message));
            return None;
        };
        if items.is_empty() {
            let error = Diagnostic::error(Code::Value, member.value.span, "this list is empty");
            self.report(error.help(format!("remove `{key}` or add an item")));
            return None;
        }
        Some(items)
    }

    fn read_inner<T>(
        &mut self,
        item: &Item,
        body: impl FnOnce(&mut Section) -> Option<T>,
    ) -> Option<T> {
        match &mut self.mode {
            Mode::Read { diags, .. } => read(item, diags, body),
            Mode::Describe(_) => None,
        }
    }

    /// A map that may be absent, with its place.
    pub fn section<T>(
        &mut self,
        key: &'static str,
        doc: &str,
        body: impl Fn(&mut Section) -> Option<T>,
    ) -> Option<Sourced<T>> {
        self.describe_key(key, doc, || describe(&body));
        let member = self.find(key)?;
        let value = self.read_inner(&member.value, &body)?;
        Some(Sourced::written(value, member.key_span))
    }

    /// A map whose keys all have defaults: an absent one is read as an empty one.
    pub fn defaulted<T>(
        &mut self,
        key: &'static str,
        doc: &str,
        body: impl Fn(&mut Section) -> Option<T>,
    ) -> Option<T> {
        self.describe_key(key, doc, || describe(&body));
        if let Some(member) = self.find(key) {
            return self.read_inner(&member.value, &body);
        }
        match &mut self.mode {
            Mode::Read { at, diags, .. } => {
                let empty = Item { span: *at, kind: Kind::Map(Vec::new()) };
                read(&empty, diags, body)
            }
            Mode::Describe(_) => None,
        }
    }

    /// A map that must be there.
    pub fn required_section<T>(
        &mut self,
        key: &'static str,
        doc: &str,
        body: impl Fn(&mut Section) -> Option<T>,
    ) -> Option<T> {
        let value = self.section(key, doc, body);
        if value.is_none() {
            self.require(key, doc);
        }
        value.map(|sourced| sourced.value)
    }

    /// Says in the schema that exactly one of these keys stands here.
    pub fn exactly_one(&mut self, keys: &[&'static str]) {
        match &mut self.mode {
            Mode::Describe(description) => description.exactly_one.extend(keys),
            Mode::Read { members, at, diags } => {
                let given: Vec<&Member> =
                    members.iter().filter(|member| keys.contains(&member.key.as_str())).collect();
                match given.as_slice() {
                    [_] => {}
                    [] => {
                        let words = keys.join("` or `");
                        let start = Span { end: at.start + 1, ..*at };
                        let message = format!("one of `{words}` is missing");
                        diags.push(Diagnostic::error(Code::MissingKey, start, message));
                    }
                    [first, second, ..] => {
                        let message =
                            format!("`{}` and `{}` exclude each other", first.key, second.key);
                        let error = Diagnostic::error(Code::Conflict, second.key_span, message);
                        let error = error.related(Some(first.key_span), "the other one");
                        diags.push(error.help("keep one of them"));
                    }
                }
            }
        }
    }

    /// Reports what is unknown and what is missing; a misspelt key is one mistake, not two.
    fn finish(self) {
        let Mode::Read { members, diags, .. } = self.mode else {
            return;
        };
        let mut misspelt = Vec::new();
        for member in members {
            if self.asked.contains(&member.key.as_str()) {
                continue;
            }
            let message = format!("unknown key `{}`", member.key);
            let error = Diagnostic::error(Code::UnknownKey, member.key_span, message);
            let meant = nearest(&member.key, self.asked.iter().copied());
            misspelt.extend(meant);
            let help = match meant {
                Some(known) => format!("did you mean `{known}`?"),
                None if self.asked.is_empty() => "nothing is configured here".to_owned(),
                None => format!("the keys here are {}", self.asked.join(", ")),
            };
            diags.push(error.help(help));
        }
        let missing = self.missing.into_iter().filter(|(key, _)| !misspelt.contains(key));
        missing.for_each(|(_, error)| diags.push(error));
    }
}
