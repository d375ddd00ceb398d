//! What the files of `schema/` say, as they say it; `examples/kubernetes-schemas` writes them, and
//! describes their form.

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

/// A file.
#[derive(Debug, Deserialize)]
pub struct File {
    /// The first and the last minor version that it knows; a file of an operator knows none.
    pub minors: Option<(u32, u32)>,
    /// The type of each kind, by `apiVersion/kind`.
    #[serde(borrow)]
    pub kinds: BTreeMap<&'static str, History>,
    /// The fields of each type.
    pub types: BTreeMap<&'static str, BTreeMap<&'static str, History>>,
}

/// What a field is, in each version.
#[derive(Debug)]
pub struct History(Vec<Fact>);

/// What a field is.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fact {
    /// Its type, in the notation of the files.
    #[serde(rename = "type")]
    pub form: &'static str,
    /// What the items or the values are, where the type does not say.
    pub of: Option<Box<Fact>>,
    /// The only texts that it may be.
    #[serde(rename = "enum", default)]
    pub words: Vec<&'static str>,
    /// A regular expression that finds something in it.
    pub pattern: Option<Cow<'static, str>>,
    /// The smallest number.
    pub minimum: Option<i64>,
    /// The largest number.
    pub maximum: Option<i64>,
    /// The least of characters, items or members.
    pub min_size: Option<usize>,
    /// The most of them.
    pub max_size: Option<usize>,
    /// The first minor version in which this is so.
    pub since: Option<u32>,
    /// The last one.
    pub until: Option<u32>,
}

impl File {
    /// Reads a file.
    pub fn read(text: &'static str) -> File {
        serde_json::from_str(text).expect("bug: a schema of ours cannot be read")
    }
}

impl Fact {
    fn plain(form: &'static str) -> Fact {
        Fact {
            form,
            of: None,
            words: Vec::new(),
            pattern: None,
            minimum: None,
            maximum: None,
            min_size: None,
            max_size: None,
            since: None,
            until: None,
        }
    }

    /// Whether there is nothing to know but the type.
    pub fn is_plain(&self) -> bool {
        let Fact { of, words, pattern, minimum, maximum, min_size, max_size, .. } = self;
        let bounds = minimum.is_some() || maximum.is_some();
        let sizes = min_size.is_some() || max_size.is_some();
        of.is_none() && words.is_empty() && pattern.is_none() && !bounds && !sizes
    }
}

impl History {
    /// What it is in a minor version; nothing if it is not there.
    pub fn at(&self, minor: u32) -> Option<&Fact> {
        let so = |fact: &&Fact| {
            fact.since.is_none_or(|since| since <= minor)
                && fact.until.is_none_or(|until| minor <= until)
        };
        self.0.iter().find(so)
    }

    /// The last minor version in which it was; nothing if it still is.
    pub fn until(&self) -> Option<u32> {
        self.0.last()?.until
    }

    /// The first minor version in which it is; nothing if it always was.
    pub fn since(&self) -> Option<u32> {
        self.0.first()?.since
    }
}

/// A fact, or a list of facts; a fact is a type, or a map.
impl<'de: 'static> Deserialize<'de> for History {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<History, D::Error> {
        struct One;

        impl<'de: 'static> Visitor<'de> for One {
            type Value = History;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a type, a map or a list of them")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<History, E> {
                Ok(History(vec![Fact::plain(text)]))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<History, A::Error> {
                Fact::deserialize(MapAccessDeserializer::new(map)).map(|fact| History(vec![fact]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<History, A::Error> {
                let mut facts = Vec::new();
                while let Some(History(more)) = items.next_element()? {
                    facts.extend(more);
                }
                Ok(History(facts))
            }
        }

        deserializer.deserialize_any(One)
    }
}
