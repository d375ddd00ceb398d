//! What a chart reads, as a tree, and as the text that is kept.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Which values a version of a chart reads.
#[derive(Debug, Clone, PartialEq)]
pub struct Contract {
    /// The chart's name.
    pub chart: String,
    /// Its version.
    pub version: String,
    /// The values.
    pub values: Shape,
}

/// What is read of a value.
///
/// A shape without members and items is read as it is, with all that it may hold.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Shape {
    /// Whether everything in it is read, whatever its name.
    pub open: bool,
    /// The type of the chart's default.
    pub default: Option<Type>,
    /// Whether a value of another type than the default's may do.
    pub lenient: bool,
    /// The types that the chart's JSON schema allows; all if there are none.
    pub allowed: Vec<Type>,
    /// What is read by name.
    pub members: BTreeMap<String, Shape>,
    /// What is read of every item of a list or member of a map.
    pub each: Option<Box<Shape>>,
}

/// The types of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Type {
    /// True or false.
    Bool,
    /// A number.
    Number,
    /// Text.
    Text,
    /// A list.
    List,
    /// A map.
    Map,
}

impl Type {
    const ALL: [Type; 5] = [Type::Bool, Type::Number, Type::Text, Type::List, Type::Map];

    /// Its word in the kept text.
    fn word(self) -> &'static str {
        match self {
            Type::Bool => "bool",
            Type::Number => "number",
            Type::Text => "text",
            Type::List => "list",
            Type::Map => "map",
        }
    }

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Type::Bool => "a boolean",
            Type::Number => "a number",
            Type::Text => "text",
            Type::List => "a list",
            Type::Map => "a map",
        }
    }
}

impl Shape {
    /// Whether nothing is known of what it holds.
    pub fn is_leaf(&self) -> bool {
        self.members.is_empty() && self.each.is_none()
    }

    fn write(&self, path: &mut String, lines: &mut Vec<String>) {
        let words = self.words();
        if self.is_leaf() || words != "map" {
            let key = serde_json::Value::from(path.as_str());
            lines.push(format!("{key}: \"{words}\""));
        }
        let named = self.members.iter().map(|(key, shape)| (escape(key), shape));
        let each = self.each.iter().map(|shape| ("*".to_owned(), &**shape));
        for (key, shape) in each.chain(named) {
            let length = path.len();
            path.push('/');
            path.push_str(&key);
            shape.write(path, lines);
            path.truncate(length);
        }
    }

    fn words(&self) -> String {
        let mut words: Vec<String> = Vec::new();
        words.extend(self.default.map(|default| default.word().to_owned()));
        words.extend(self.lenient.then(|| "lenient".to_owned()));
        words.extend((self.open && !self.is_leaf()).then(|| "open".to_owned()));
        words.extend(self.allowed.iter().map(|kind| format!("={}", kind.word())));
        words.join(" ")
    }

    fn read_words(&mut self, words: &str) -> Result<(), String> {
        for word in words.split(' ').filter(|word| !word.is_empty()) {
            let kind = |word: &str| Type::ALL.into_iter().find(|kind| kind.word() == word);
            match (word, word.strip_prefix('=')) {
                ("open", _) => self.open = true,
                ("lenient", _) => self.lenient = true,
                (_, Some(allowed)) => {
                    let allowed = kind(allowed).ok_or_else(|| format!("`{word}` is no type"))?;
                    self.allowed.push(allowed);
                }
                (_, None) => {
                    self.default = Some(kind(word).ok_or_else(|| format!("`{word}` is no type"))?);
                }
            }
        }
        Ok(())
    }
}

/// The kept text.
#[derive(Serialize, Deserialize)]
struct Kept {
    chart: String,
    version: String,
    keys: BTreeMap<String, String>,
}

/// The deepest path that is read.
const MAX_DEPTH: usize = 64;

/// Reads a contract.
///
/// | word | what it says of a path |
/// |---|---|
/// | `bool` `number` `text` `list` `map` | the type of the chart's default |
/// | `lenient` | another type than the default's may do |
/// | `open` | everything in it is read; so it is where no path goes on |
/// | `=<type>` | the chart's JSON schema allows this type |
///
/// In a path, `*` stands for every item or member, `~0` for `~`, `~1` for `/`, and `~2` for `*`.
/// A path that others go on may be missing: it is a `map`.
///
/// # Errors
/// What is wrong with it.
pub fn parse(text: &str) -> Result<Contract, String> {
    let kept: Kept = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let mut values = Shape { default: Some(Type::Map), ..Shape::default() };
    for (path, words) in &kept.keys {
        let parts: Vec<&str> = path.split('/').skip(1).collect();
        if parts.len() > MAX_DEPTH || (!path.is_empty() && !path.starts_with('/')) {
            return Err(format!("`{path}` is no path"));
        }
        let mut shape = &mut values;
        for part in parts {
            let implied = || Shape { default: Some(Type::Map), ..Shape::default() };
            shape = match part {
                "*" => shape.each.get_or_insert_with(|| Box::new(implied())),
                _ => shape.members.entry(unescape(part)).or_insert_with(implied),
            };
        }
        shape.default = None;
        shape.read_words(words).map_err(|error| format!("`{path}`: {error}"))?;
    }
    Ok(Contract { chart: kept.chart, version: kept.version, values })
}

/// Prints a contract: a line for each path, sorted.
pub fn print(contract: &Contract) -> String {
    let mut lines = Vec::new();
    contract.values.write(&mut String::new(), &mut lines);
    lines.sort();
    let text = |text: &str| serde_json::Value::from(text);
    let (chart, version) = (text(&contract.chart), text(&contract.version));
    let mut json = String::new();
    let keys = lines.join(",\n");
    let _ = writeln!(
        json,
        "{{\n\"chart\": {chart},\n\"version\": {version},\n\"keys\": {{\n{keys}\n}}\n}}"
    );
    json
}

fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1").replace('*', "~2")
}

fn unescape(part: &str) -> String {
    part.replace("~2", "*").replace("~1", "/").replace("~0", "~")
}
