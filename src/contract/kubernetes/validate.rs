//! Compares an object with its schema.

use super::breach;
use super::kinds::Known;
use super::near;
use super::place::Path;
use super::scalar;
use super::schema::{Differ, Id, Object, Rules, Schema, Sizes, Type};
use crate::contract::{Breach, Kind};
use crate::node::{Data, Map, Node};
use regex_lite::Regex;
use std::cmp::Ordering;
use std::ops::RangeInclusive;

/// How deeply values may lie; nothing that the API server reads lies deeper.
const DEEPEST: usize = 200;

/// What of an object breaks the schema of its kind.
pub fn object(kind: &Known, object: &Node) -> Vec<Breach> {
    let mut found = Vec::new();
    let Data::Map(members) = &object.data else { return found };
    let mut check = Check { schema: kind.schema, found: &mut found };
    for (key, value) in members {
        if !matches!(key.as_ref(), "apiVersion" | "kind" | "metadata") {
            check.member(kind.object, members, &Path::ROOT, key, value);
        }
    }
    check.missing(kind.object, members, &Path::ROOT);
    let metadata = members.get("metadata").filter(|node| node.data != Data::Null);
    match metadata {
        Some(metadata) => {
            let mut check = Check { schema: kind.common, found: &mut found };
            check.value(
                metadata,
                kind.common.named("meta.v1.ObjectMeta"),
                &Path::ROOT.key("metadata"),
            );
        }
        None => {
            found.push(breach(Path::ROOT.value(), Kind::Missing, "the object has no `metadata`"));
        }
    }
    found
}

/// What of a part of an object breaks the schema of its type, which the schema names.
pub fn part(schema: &Schema, name: &str, node: &Node, path: &Path) -> Vec<Breach> {
    let mut found = Vec::new();
    Check { schema, found: &mut found }.value(node, schema.named(name), path);
    found
}

struct Check<'a> {
    schema: &'a Schema,
    found: &'a mut Vec<Breach>,
}

impl Check<'_> {
    fn add(&mut self, path: &Path, kind: Kind, message: String, help: Option<String>) {
        self.found.push(breach(path.value(), kind, message).help(help));
    }

    fn value(&mut self, node: &Node, id: Id, path: &Path) {
        if path.depth() > DEEPEST {
            let message = format!("{} lies deeper than {DEEPEST} levels", path.called());
            return self.add(path, Kind::Value, message, None);
        }
        match (self.schema.get(id), &node.data) {
            (Type::Any, _)
            | (Type::Boolean, Data::Bool(_))
            | (Type::Quantity, Data::Int(_) | Data::Float(_)) => {}
            (Type::Integer(bounds) | Type::Number(bounds), Data::Int(value)) => {
                self.bounds(*value, bounds, path);
            }
            (Type::Number(bounds), Data::Float(value)) => self.float(*value, bounds, path),
            (Type::Text(rules), Data::Text(text)) => self.text(text, rules, path),
            (Type::Quantity, Data::Text(text)) => self.quantity(text, path),
            (Type::Time, Data::Text(text)) => self.time(text, path),
            (Type::Bytes, Data::Text(text)) => self.bytes(text, path),
            (Type::List(item, differ), Data::List(items)) => self.list(items, *item, differ, path),
            (Type::Map(value), Data::Map(members)) => self.map(members, *value, path),
            (Type::Object(object), Data::Map(members)) => {
                for (key, value) in members {
                    self.member(object, members, path, key, value);
                }
                self.missing(object, members, path);
            }
            (Type::Sized(inner, sizes), data) => {
                self.value(node, *inner, path);
                self.size(data, *sizes, path);
            }
            (Type::Union(either), data) => match self.fitting(either, data) {
                Some(id) => self.value(node, id, path),
                None => self.mismatch(id, node, path),
            },
            (
                Type::Boolean
                | Type::Integer(_)
                | Type::Number(_)
                | Type::Text(_)
                | Type::Quantity
                | Type::Time
                | Type::Bytes
                | Type::List(..)
                | Type::Map(_)
                | Type::Object(_),
                _,
            ) => self.mismatch(id, node, path),
        }
    }

    fn member(&mut self, object: &Object, all: &Map, at: &Path, key: &str, value: &Node) {
        let path = at.field(key, object);
        match object.field(key).or(object.others) {
            Some(_) if value.data == Data::Null => {}
            Some(id) => self.value(value, id, &path),
            None => {
                let message = if at.depth() == 0 {
                    format!("this kind has no `{key}`")
                } else {
                    format!("{} has no `{key}`", at.called())
                };
                let help = near::help(self.schema, object, all, at, key);
                self.found.push(breach(path.name(), Kind::Unknown, message).help(help));
            }
        }
    }

    fn missing(&mut self, object: &Object, members: &Map, path: &Path) {
        let absent = |name: &&&str| members.get(**name).is_none_or(|node| node.data == Data::Null);
        for name in object.required.iter().filter(absent) {
            let message = format!("{} has no `{name}`", path.called());
            self.add(path, Kind::Missing, message, Some(format!("add `{name}`")));
        }
    }

    fn map(&mut self, members: &Map, id: Id, path: &Path) {
        for (key, value) in members.iter().filter(|(_, value)| value.data != Data::Null) {
            self.value(value, id, &path.key(key));
        }
    }

    fn list(&mut self, items: &[Node], id: Id, differ: &Differ, path: &Path) {
        for (position, item) in items.iter().enumerate() {
            self.value(item, id, &path.item(position));
        }
        match differ {
            Differ::Free => {}
            Differ::Whole => self.repeated(items, path, &[], |item| vec![Some(item)]),
            Differ::Members(keys) => {
                let of = |item| keys.iter().map(|key| Node::get(item, key)).collect();
                self.repeated(items, path, keys, of);
            }
        }
    }

    /// Items that are the same as one before, if `of` says in what they differ.
    fn repeated<'n>(
        &mut self,
        items: &'n [Node],
        path: &Path,
        keys: &[&str],
        of: impl Fn(&'n Node) -> Vec<Option<&'n Node>>,
    ) {
        if items.len() < 2 {
            return;
        }
        let mut sorted: Vec<_> = items.iter().map(of).enumerate().collect();
        sorted.retain(|(_, values)| {
            let mut there = values.iter().flatten();
            there.clone().next().is_some() && there.all(|node| scalar::is_scalar(node))
        });
        sorted.sort_by(|(_, one), (_, other)| order_all(one, other));
        for ((first, one), (second, other)) in sorted.iter().zip(sorted.iter().skip(1)) {
            if order_all(one, other) == Ordering::Equal {
                let shown = one.iter().flatten().map(|node| format!("`{}`", scalar::shown(node)));
                let shown = shown.collect::<Vec<_>>().join(" and ");
                let message = format!("item {first} of {} is {shown}, too", path.called());
                let item = path.item(*second);
                let place = match keys {
                    [key] => item.key(key).value(),
                    _ => item.value(),
                };
                self.found.push(breach(place, Kind::Repeated, message));
            }
        }
    }

    /// The alternative that takes this kind of value.
    fn fitting(&self, either: &[Id], data: &Data) -> Option<Id> {
        let fits = |id: &Id| {
            matches!(
                (self.schema.get(*id), data),
                (Type::Boolean, Data::Bool(_))
                    | (Type::Integer(_), Data::Int(_))
                    | (Type::Text(_), Data::Text(_))
                    | (Type::List(..), Data::List(_))
                    | (Type::Object(_), Data::Map(_))
            )
        };
        either.iter().copied().find(fits)
    }

    fn mismatch(&mut self, id: Id, node: &Node, path: &Path) {
        let wanted = self.wanted(id);
        let message = format!("{} takes {wanted}, not {}", path.called(), node.data.name());
        let help = match (self.schema.get(id), &node.data) {
            (Type::Text(_), Data::Bool(_) | Data::Int(_) | Data::Float(_)) => {
                Some(format!("put it in quotes: `\"{}\"`", scalar::shown(node)))
            }
            (Type::Boolean, Data::Text(text)) if matches!(text.as_ref(), "true" | "false") => {
                Some(format!("write `{text}` without quotes"))
            }
            (Type::Integer(_), Data::Text(text)) if text.parse::<i64>().is_ok() => {
                Some(format!("write `{text}` without quotes"))
            }
            (Type::List(..), Data::Map(_) | Data::Text(_)) => {
                Some("write it as an item, after `- `".to_owned())
            }
            _ => None,
        };
        self.add(path, Kind::Type, message, help);
    }

    /// What a type takes, in words.
    fn wanted(&self, id: Id) -> String {
        match self.schema.get(id) {
            Type::Any => "anything".to_owned(),
            Type::Boolean => "a boolean".to_owned(),
            Type::Integer(_) => "a whole number".to_owned(),
            Type::Number(_) => "a number".to_owned(),
            Type::Text(_) => "text".to_owned(),
            Type::Quantity => "an amount".to_owned(),
            Type::Time => "a time".to_owned(),
            Type::Bytes => "text in base64".to_owned(),
            Type::List(..) => "a list".to_owned(),
            Type::Map(_) | Type::Object(_) => "a map".to_owned(),
            Type::Sized(inner, _) => self.wanted(*inner),
            Type::Union(either) => {
                either.iter().map(|id| self.wanted(*id)).collect::<Vec<_>>().join(" or ")
            }
        }
    }

    fn bounds(&mut self, value: i64, bounds: &RangeInclusive<i64>, path: &Path) {
        if !bounds.contains(&value) {
            let message =
                format!("{} takes {}, not `{value}`", path.called(), scalar::range(bounds));
            self.add(path, Kind::Value, message, None);
        }
    }

    #[allow(clippy::cast_precision_loss, reason = "bounds of fractions are small or absent")]
    fn float(&mut self, value: f64, bounds: &RangeInclusive<i64>, path: &Path) {
        if value < *bounds.start() as f64 || value > *bounds.end() as f64 {
            let message =
                format!("{} takes {}, not `{value}`", path.called(), scalar::range(bounds));
            self.add(path, Kind::Value, message, None);
        }
    }

    fn text(&mut self, text: &str, rules: &Rules, path: &Path) {
        let unset = text.is_empty() && self.schema.empty_is_unset();
        if !rules.words.is_empty() && !unset && !rules.words.contains(&text) {
            let close = near::closest(text, rules.words.iter().copied());
            let all = rules.words.iter().map(|word| format!("`{word}`"));
            let help = match close {
                Some((_, word)) => format!("did you mean `{word}`?"),
                None => format!("write one of {}", all.collect::<Vec<_>>().join(", ")),
            };
            let message = format!("{} cannot be `{text}`", path.called());
            return self.add(path, Kind::Value, message, Some(help));
        }
        if let Some((pattern, compiled)) = &rules.pattern {
            let compile = || Regex::new(pattern).expect("bug: a schema's pattern cannot be read");
            if !compiled.get_or_init(compile).is_match(text) {
                let message = format!("{} cannot be `{text}`", path.called());
                let help = format!("write something that matches `{pattern}`");
                return self.add(path, Kind::Value, message, Some(help));
            }
        }
        self.amount(text.chars().count(), "characters", rules.sizes, path);
    }

    fn size(&mut self, data: &Data, sizes: Sizes, path: &Path) {
        match data {
            Data::List(items) => self.amount(items.len(), "items", sizes, path),
            Data::Map(members) => {
                let there = members.values().filter(|node| node.data != Data::Null).count();
                self.amount(there, "members", sizes, path);
            }
            Data::Text(text) => self.amount(text.chars().count(), "characters", sizes, path),
            Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) => {}
        }
    }

    fn amount(&mut self, amount: usize, of: &str, Sizes { least, most }: Sizes, path: &Path) {
        let bound = match amount {
            _ if amount < least => format!("at least {least}"),
            _ if amount > most => format!("at most {most}"),
            _ => return,
        };
        let message = format!("{} takes {bound} {of}, not {amount}", path.called());
        self.add(path, Kind::Value, message, None);
    }

    fn quantity(&mut self, text: &str, path: &Path) {
        if scalar::quantity(text).is_none() {
            let message = format!("`{text}` is no amount");
            let help = "write a number and perhaps a unit, such as `500m`, `2`, `512Mi` or `10G`";
            self.add(path, Kind::Value, message, Some(help.to_owned()));
        }
    }

    fn time(&mut self, text: &str, path: &Path) {
        if !scalar::is_time(text) {
            let help = "write it as RFC 3339 does: `2025-01-31T12:00:00Z`".to_owned();
            self.add(path, Kind::Value, format!("`{text}` is no time"), Some(help));
        }
    }

    fn bytes(&mut self, text: &str, path: &Path) {
        if !scalar::is_base64(text) {
            // The text may be a secret, so it is not shown.
            let message = format!("{} is not base64", path.called());
            self.add(path, Kind::Value, message, Some("encode it".to_owned()));
        }
    }
}

fn order_all(one: &[Option<&Node>], other: &[Option<&Node>]) -> Ordering {
    let pairs = one.iter().zip(other);
    pairs
        .map(|(one, other)| scalar::order(*one, *other))
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}
