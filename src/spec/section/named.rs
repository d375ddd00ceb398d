//! Maps whose keys are names that users choose.

use super::{Section, describe};
use crate::diag::{Code, Diagnostic};
use crate::model::Word;
use crate::origin::Sourced;
use crate::spec::field::Field;
use crate::syntax::{Item, Kind, Member};
use serde_json::json;

impl Section<'_> {
    /// A map whose keys are names, `most` of them: sorted by key; `None` if absent.
    pub fn named<K: Word, T>(
        &mut self,
        key: &'static str,
        doc: &str,
        most: usize,
        body: impl Fn(Sourced<K>, &mut Section) -> Option<T>,
    ) -> Option<Vec<T>> {
        self.describe_key(key, doc, || {
            let name = K::parse("main").or_else(|| K::parse("1"));
            let mut inner = describe(|section| {
                body(Sourced::default(name.clone()?, "an example name"), section)
            });
            // A name without a value gets all defaults, unless a key has none.
            if let Some(object) = inner.as_object_mut().filter(|one| !one.contains_key("required"))
            {
                let _ = object.insert("type".to_owned(), json!(["object", "null"]));
            }
            json!({
                "type": "object", "minProperties": 1, "maxProperties": most,
                "propertyNames": {"pattern": K::PATTERN}, "additionalProperties": inner,
            })
        });
        let member = self.find(key)?;
        let Kind::Map(members) = &member.value.kind else {
            let message = format!("this is {}; a map is wanted", member.value.kind.name());
            self.report(Diagnostic::error(Code::Type, member.value.span, message));
            return None;
        };
        if members.is_empty() {
            let message = format!("`{key}` is empty");
            self.report(Diagnostic::error(Code::Value, member.key_span, message).help(doc));
        }
        if members.len() > most {
            let message = format!("`{key}` has {} members; at most {most} are read", members.len());
            self.report(Diagnostic::error(Code::Value, member.key_span, message));
            return None;
        }
        let mut sorted: Vec<&Member> = members.iter().collect();
        sorted.sort_by(|a, b| a.key.cmp(&b.key));
        let values = sorted.into_iter().filter_map(|member| self.named_member(member, &body));
        Some(values.collect())
    }

    /// A map of words to words, sorted by key; empty if the key is absent.
    pub fn words<K: Word, V: Field>(
        &mut self,
        key: &'static str,
        doc: &str,
    ) -> Vec<(K, Sourced<V>)> {
        self.describe_key(key, doc, || {
            json!({
                "type": "object", "minProperties": 1,
                "propertyNames": {"pattern": K::PATTERN}, "additionalProperties": V::schema(),
            })
        });
        let Some(member) = self.find(key) else { return Vec::new() };
        let Kind::Map(members) = &member.value.kind else {
            let message = format!("this is {}; a map is wanted", member.value.kind.name());
            self.report(Diagnostic::error(Code::Type, member.value.span, message));
            return Vec::new();
        };
        if members.is_empty() {
            let message = format!("`{key}` is empty");
            self.report(Diagnostic::error(Code::Value, member.key_span, message));
        }
        let mut words = Vec::new();
        for member in members.iter().filter(|member| member.value.kind != Kind::Reported) {
            let name = K::parse(&member.key);
            if name.is_none() {
                let message = format!("`{}` is not {}", member.key, K::WHAT);
                self.report(Diagnostic::error(Code::Value, member.key_span, message).help(K::RULE));
            }
            match V::read(&member.value) {
                Ok(value) => {
                    let value = Sourced::written(value, member.value.span);
                    words.extend(name.map(|name| (name, value)));
                }
                Err(diagnostic) => self.report(diagnostic),
            }
        }
        words.sort_by(|(a, _), (b, _)| a.as_str().cmp(b.as_str()));
        words
    }

    fn named_member<K: Word, T>(
        &mut self,
        member: &Member,
        body: impl Fn(Sourced<K>, &mut Section) -> Option<T>,
    ) -> Option<T> {
        let Some(name) = K::parse(&member.key) else {
            let message = format!("`{}` is not {}", member.key, K::WHAT);
            self.report(Diagnostic::error(Code::Value, member.key_span, message).help(K::RULE));
            return None;
        };
        let name = Sourced::written(name, member.key_span);
        let empty = Item { span: member.key_span, kind: Kind::Map(Vec::new()) };
        let item = if member.value.kind == Kind::Null { &empty } else { &member.value };
        self.read_inner(item, |section| body(name, section))
    }
}
