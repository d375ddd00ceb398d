//! A configuration beside the facts: names, types, words and what is in text.

use super::facts::{Facts, Type};
use super::findings::{At, Findings, listed};
use super::references::{self, Expansion};
use super::scalar::{Refused, Scalar};
use super::together;
use crate::contract::Kind;
use crate::near::nearest;
use crate::node::{Data, Map, Node};

/// An application, and how it reads.
#[derive(Debug, Clone, Copy)]
pub struct Reader {
    /// Its name and version, as messages say it.
    pub name: &'static str,
    /// What it knows.
    pub facts: &'static Facts,
    /// What it makes of `$`.
    pub expansion: Expansion,
    /// What it takes for other than text.
    pub reading: Reading,
}

/// How a reader takes text for what is not text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// As Go's `yaml.v2`: never.
    Exact,
    /// As Go's `yaml.v3`: `yes`, `no`, `on` and `off` for booleans, even in quotes.
    Words,
    /// As Grafana's provisioning: whatever looks like it.
    Lenient,
}

/// Deeper than this is no configuration of anybody's.
const DEPTH: usize = 64;

impl Reader {
    /// Compares a value with what a setting takes; `path` is where the application reads it.
    pub fn check(self, node: &Node, kind: Type, path: &str, found: &mut Findings) {
        if found.here().parts().len() > DEPTH {
            let message = format!("nothing below {DEPTH} levels is checked");
            found.add(At::Value, Kind::Uncovered, message, None);
            return;
        }
        if let Data::Text(text) = &node.data {
            references::check(text, self.expansion, found);
            if references::is_open(text) {
                return;
            }
        }
        match (kind, &node.data) {
            (_, Data::Null) => {}
            (Type::Structure(structure), Data::Map(members)) => {
                self.members(members, structure, path, found);
                together::check(structure, members, found);
            }
            (Type::Map(inner), Data::Map(members)) => {
                let inner = Type::inner(inner);
                for (name, member) in members {
                    let path = format!("{path}.{name}");
                    found.within(name, |found| self.check(member, inner, &path, found));
                }
            }
            (Type::List(inner), Data::List(items)) => {
                let inner = Type::inner(inner);
                for (position, item) in items.iter().enumerate() {
                    let part = position.to_string();
                    found.within(&part, |found| self.check(item, inner, path, found));
                }
            }
            (Type::Structure(_) | Type::Map(_), other) => mistyped("a map", other, None, found),
            (Type::List(_), other) => mistyped("a list", other, None, found),
            (Type::Words(words), data) => word(words, data, found),
            (Type::Scalar(scalar), data) => {
                self.scalar(scalar, data, found);
                // Text that the application reads as one value hides nothing else.
                nested(data, self.expansion, found);
            }
        }
    }

    fn members(self, members: &Map, structure: &'static str, path: &str, found: &mut Findings) {
        for (name, member) in members {
            let inner = if path.is_empty() { name.to_string() } else { format!("{path}.{name}") };
            found.within(name, |found| match self.facts.setting(structure, name) {
                Some(kind) => {
                    if let Some(instead) = self.facts.deprecated(&inner, structure, name) {
                        let message = format!("{} will drop `{name}`", self.name);
                        found.add(At::Key, Kind::Deprecated, message, replacement(instead));
                    }
                    self.check(member, kind, &inner, found);
                }
                // A name that Helm writes is not known yet.
                None if name.contains("{{") => {}
                None => self.unknown(name, structure, path, &inner, found),
            });
        }
    }

    fn unknown(self, name: &str, structure: &str, section: &str, path: &str, found: &mut Findings) {
        let elsewhere = self.facts.places_of(name);
        let above: Vec<&str> = elsewhere
            .iter()
            .map(|path| path.rsplit_once('.').map_or("", |(above, _)| above))
            .collect();
        let moved = match above.as_slice() {
            [] => None,
            [""] => Some("move it to the top".to_owned()),
            [_, ..] => Some(format!("it belongs under {}", listed(above.into_iter()))),
        };
        if let Some(instead) = self.facts.removed(path) {
            let message = format!("{} has no `{name}` any more", self.name);
            found.add(At::Key, Kind::Removed, message, replacement(instead).or(moved));
            return;
        }
        let place = match section {
            "" => String::new(),
            above => format!(" in `{above}`"),
        };
        let message = format!("{} knows no setting `{name}`{place}", self.name);
        let siblings = self.facts.settings(structure).map(|(name, _)| name);
        let near = || nearest(name, siblings).map(|known| format!("did you mean `{known}`?"));
        found.add(At::Key, Kind::Unknown, message, moved.or_else(near));
    }

    fn scalar(self, scalar: Scalar, data: &Data, found: &mut Findings) {
        if let Data::Text(text) = data
            && self.reading.takes(text, scalar)
        {
            return;
        }
        if let (Reading::Exact, Scalar::Duration, Data::Int(1..)) = (self.reading, scalar, data) {
            let message = format!("{} is read as nanoseconds", shown(data));
            let help = scalar.example().map(str::to_owned);
            found.add(At::Value, Kind::Value, message, help);
            return;
        }
        match scalar.accept(data) {
            Ok(()) => {}
            Err(Refused::Type) => mistyped(scalar.name(), data, scalar.example(), found),
            Err(Refused::Value) => {
                let message = format!("{} is not {}", shown(data), scalar.name());
                let help = scalar.example().map(str::to_owned);
                found.add(At::Value, Kind::Value, message, help);
            }
        }
    }
}

impl Reading {
    fn takes(self, text: &str, scalar: Scalar) -> bool {
        const WORDS: [&str; 18] = [
            "y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "n", "N", "no", "No", "NO", "off",
            "Off", "OFF", "true", "false",
        ];
        let (words, plain) = WORDS.split_at(16);
        match (self, scalar) {
            (Reading::Words, Scalar::Bool) => words.contains(&text),
            (Reading::Lenient, Scalar::Bool) => plain.contains(&text),
            (Reading::Lenient, Scalar::Whole(..)) => text.parse::<i64>().is_ok(),
            _ => false,
        }
    }
}

/// References in text below a value whose members have no types.
fn nested(data: &Data, expansion: Expansion, found: &mut Findings) {
    match data {
        Data::List(items) => {
            for (position, item) in items.iter().enumerate() {
                found.within(&position.to_string(), |found| inside(&item.data, expansion, found));
            }
        }
        Data::Map(members) if found.here().parts().len() <= DEPTH => {
            for (name, member) in members {
                found.within(name, |found| inside(&member.data, expansion, found));
            }
        }
        Data::Map(_)
        | Data::Null
        | Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::Text(_) => {}
    }
}

fn inside(data: &Data, expansion: Expansion, found: &mut Findings) {
    if let Data::Text(text) = data {
        references::check(text, expansion, found);
    }
    nested(data, expansion, found);
}

/// Says that a value is of another type.
pub fn mistyped(wanted: &str, data: &Data, help: Option<&str>, found: &mut Findings) {
    let message = format!("this takes {wanted}, not {}", data.name());
    found.add(At::Value, Kind::Type, message, help.map(str::to_owned));
}

/// Says that a word is none of those that are allowed.
pub fn word(words: &'static str, data: &Data, found: &mut Findings) {
    let written = match data {
        Data::Text(text) => text.to_string(),
        Data::Bool(_) | Data::Int(_) | Data::Float(_) => shown(data).replace('`', ""),
        Data::Null => return,
        Data::List(_) | Data::Map(_) => return mistyped("a word", data, None, found),
    };
    if words.split('|').any(|word| word == written) {
        return;
    }
    let known = || words.split('|').filter(|word| !word.is_empty());
    let help = match nearest(&written, known()) {
        Some(word) => format!("did you mean `{word}`?"),
        None => format!("write {}", listed(known())),
    };
    let message = format!("`{written}` is not a word that this takes");
    found.add(At::Value, Kind::Value, message, Some(help));
}

/// A single value as messages show it.
pub fn shown(data: &Data) -> String {
    match data {
        Data::Text(text) => format!("`{text}`"),
        Data::Int(number) => format!("`{number}`"),
        Data::Float(number) => format!("`{number}`"),
        Data::Bool(value) => format!("`{value}`"),
        Data::Null | Data::List(_) | Data::Map(_) => data.name().to_owned(),
    }
}

fn replacement(instead: &str) -> Option<String> {
    (!instead.is_empty()).then(|| format!("use `{instead}` instead"))
}
