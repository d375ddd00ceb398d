//! A contract as the text that is kept: a line for each path and each default, and a reader that believes no text.
//!
//! | word | what it says of a path |
//! |---|---|
//! | `bool` `number` `text` `list` `map` | the type of the chart's default |
//! | `lenient` | another type than the default's may do |
//! | `open` | everything in it is read; so it is where no path goes on |
//! | `=<type>` | the chart's JSON schema allows this type |
//!
//! In a path, `*` stands for every item or member, `~0` for `~`, `~1` for `/`, and `~2` for `*`.
//! A path that others go on may be missing: it is a `map`. Defaults stand at JSON pointers; contracts that were made
//! before there were any have none.

use super::defaults::{self, Building, Defaults};
use super::tree::{Contract, Shape, Type};
use crate::node::Node;
use crate::pointer::Pointer;
use serde::de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeSet;
use std::fmt;
use std::fmt::Write as _;

/// The deepest path that is read.
const MAX_DEPTH: usize = 64;
/// The most places that a contract may name, those on the way to others among them.
const MAX_PLACES: usize = 100_000;

/// What is wrong with a text, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// What is wrong.
    pub message: String,
    /// The line, from 1.
    pub line: usize,
    /// The byte of the line, from 1: the last that was read.
    pub column: usize,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

/// Reads a contract. Whatever it does not know is a mistake: what is passed over is not checked.
///
/// # Errors
/// What is wrong with it.
pub fn parse(text: &str) -> Result<Contract, Mistake> {
    let kept: Kept<Values> = read(text)?;
    Ok(kept.contract(|Values(values)| values.into()))
}

/// Reads a contract that comes with telemetree, but for its defaults.
pub fn parse_bundled(text: &'static str) -> Result<Contract, Mistake> {
    let kept: Kept<IgnoredAny> = read(text)?;
    Ok(kept.contract(|_| Defaults::of_bundled(text)))
}

/// The defaults of a contract that comes with telemetree.
pub fn defaults(text: &str) -> Node {
    #[derive(Deserialize)]
    struct Only {
        defaults: Values,
    }
    let Only { defaults: Values(values) } =
        read(text).expect("bug: the defaults of a contract that comes with telemetree are broken");
    values
}

fn read<'t, T: Deserialize<'t>>(text: &'t str) -> Result<T, Mistake> {
    serde_json::from_str(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let message = error.to_string();
        let place = format!(" at line {line} column {column}");
        let message = message.strip_suffix(&place).unwrap_or(&message).to_owned();
        Mistake { message, line, column }
    })
}

/// Prints a contract: a line for each path, sorted.
pub fn print(contract: &Contract) -> String {
    let Contract { chart, version, application, values, defaults } = contract;
    let mut lines = Vec::new();
    write(values, &mut String::new(), &mut lines);
    lines.sort();
    let text = |text: &str| serde_json::Value::from(text);
    let mut json = String::new();
    let _ = writeln!(json, "{{\n\"chart\": {},\n\"version\": {},", text(chart), text(version));
    if let Some(application) = application {
        let _ = writeln!(json, "\"application\": {},", text(application));
    }
    let _ = write!(json, "\"keys\": {{\n{}\n}}", lines.join(",\n"));
    if let Some(defaults) = defaults {
        let line = |(place, value): (Pointer, serde_json::Value)| {
            format!("{}: {value}", text(&place.to_string()))
        };
        let lines: Vec<String> = defaults::lines(defaults.values()).into_iter().map(line).collect();
        let _ = write!(json, ",\n\"defaults\": {{\n{}\n}}", lines.join(",\n"));
    }
    json.push_str("\n}\n");
    json
}

fn write(shape: &Shape, path: &mut String, lines: &mut Vec<String>) {
    let words = words(shape);
    if shape.is_leaf() || words != "map" {
        let key = serde_json::Value::from(path.as_str());
        lines.push(format!("{key}: \"{words}\""));
    }
    let named = shape.members.iter().map(|(key, shape)| (escape(key), shape));
    let each = shape.each.iter().map(|shape| ("*".to_owned(), &**shape));
    for (key, shape) in each.chain(named) {
        let length = path.len();
        path.push('/');
        path.push_str(&key);
        write(shape, path, lines);
        path.truncate(length);
    }
}

fn words(shape: &Shape) -> String {
    let mut words: Vec<String> = Vec::new();
    words.extend(shape.default.map(|default| default.word().to_owned()));
    words.extend(shape.lenient.then(|| "lenient".to_owned()));
    words.extend((shape.open && !shape.is_leaf()).then(|| "open".to_owned()));
    words.extend(shape.allowed.iter().map(|kind| format!("={}", kind.word())));
    words.join(" ")
}

/// The kept text.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept<D> {
    chart: String,
    version: String,
    application: Option<String>,
    keys: Keys,
    defaults: Option<D>,
}

impl<D> Kept<D> {
    fn contract(self, defaults: impl FnOnce(D) -> Defaults) -> Contract {
        let Kept { chart, version, application, keys, defaults: kept } = self;
        let defaults = kept.map(defaults);
        Contract { chart, version, application, values: keys.values, defaults }
    }
}

/// The defaults, as the values that they are together.
struct Values(Node);

/// The paths, as the tree that they span.
struct Keys {
    values: Shape,
    /// How many places it has.
    places: usize,
    /// The paths that were said.
    known: BTreeSet<String>,
}

/// What is on the way to others, and said to be nothing else.
fn implied() -> Shape {
    Shape { default: Some(Type::Map), ..Shape::default() }
}

impl Keys {
    fn add(&mut self, path: String, words: &str) -> Result<(), String> {
        let mut shape = &mut self.values;
        for (part, depth) in parts(&path)?.iter().zip(1..) {
            if depth > MAX_DEPTH {
                return Err(format!("a path goes more than {MAX_DEPTH} deep"));
            }
            let places = &mut self.places;
            let mut new = || {
                *places += 1;
                implied()
            };
            shape = match *part {
                "*" => shape.each.get_or_insert_with(|| Box::new(new())),
                part => shape.members.entry(unescape(part)?).or_insert_with(new),
            };
        }
        if self.places > MAX_PLACES {
            return Err(format!("more than {MAX_PLACES} places"));
        }
        read_words(shape, words).map_err(|error| format!("`{path}`: {error}"))?;
        match self.known.replace(path) {
            Some(path) => Err(format!("`{path}` is there twice")),
            None => Ok(()),
        }
    }
}

impl<'de> Deserialize<'de> for Keys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Keys, D::Error> {
        deserializer.deserialize_map(KeysVisitor)
    }
}

struct KeysVisitor;

impl<'de> Visitor<'de> for KeysVisitor {
    type Value = Keys;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map of paths")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Keys, A::Error> {
        let mut keys = Keys { values: implied(), places: 0, known: BTreeSet::new() };
        while let Some(path) = map.next_key::<String>()? {
            map.next_value_seed(Entry { keys: &mut keys, path })?;
        }
        Ok(keys)
    }
}

impl<'de> Deserialize<'de> for Values {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Values, D::Error> {
        deserializer.deserialize_map(ValuesVisitor)
    }
}

struct ValuesVisitor;

impl<'de> Visitor<'de> for ValuesVisitor {
    type Value = Values;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map of places")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Values, A::Error> {
        let mut building = Building::default();
        while let Some(place) = map.next_key::<String>()? {
            let place = Pointer::parse(&place).map_err(A::Error::custom)?;
            building.add(&place, map.next_value()?).map_err(A::Error::custom)?;
        }
        Ok(Values(building.finish()))
    }
}

/// What is said of a path. It is looked at as soon as it is read, so that a mistake has its line.
struct Entry<'k> {
    keys: &'k mut Keys,
    path: String,
}

impl<'de> DeserializeSeed<'de> for Entry<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Entry<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E: serde::de::Error>(self, words: &str) -> Result<(), E> {
        self.keys.add(self.path, words).map_err(E::custom)
    }
}

fn parts(path: &str) -> Result<Vec<&str>, String> {
    match path.strip_prefix('/') {
        Some(rest) => Ok(rest.split('/').collect()),
        None if path.is_empty() => Ok(Vec::new()),
        None => Err(format!("`{path}` is no path; one starts with `/`")),
    }
}

fn read_words(shape: &mut Shape, words: &str) -> Result<(), String> {
    shape.default = None;
    let mut known = BTreeSet::new();
    for word in words.split(' ').filter(|word| !word.is_empty()) {
        if !known.insert(word) {
            return Err(format!("`{word}` is said twice"));
        }
        let kind = |word: &str| {
            let kind = Type::ALL.into_iter().find(|kind| kind.word() == word);
            kind.ok_or_else(|| format!("`{word}` says nothing of a value"))
        };
        match (word, word.strip_prefix('='), shape.default) {
            ("open", _, _) => shape.open = true,
            ("lenient", _, _) => shape.lenient = true,
            (_, Some(allowed), _) => shape.allowed.push(kind(allowed)?),
            (_, None, None) => shape.default = Some(kind(word)?),
            (_, None, Some(_)) => return Err("a default has one type".to_owned()),
        }
    }
    Ok(())
}

fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1").replace('*', "~2")
}

fn unescape(part: &str) -> Result<String, String> {
    let mut key = String::new();
    let mut chars = part.chars();
    while let Some(c) = chars.next() {
        key.push(match (c, if c == '~' { chars.next() } else { None }) {
            ('~', Some('0')) => '~',
            ('~', Some('1')) => '/',
            ('~', Some('2')) => '*',
            ('~', _) => return Err(format!("`{part}` holds a `~` that stands for nothing")),
            (c, _) => c,
        });
    }
    Ok(key)
}
