//! What is printed, and how.

use serde::Serialize;
use std::collections::BTreeMap;
use std::io::Write;

/// All that is known from a set of documents.
pub struct Facts {
    pub source: String,
    /// The first and the last minor version, where the documents have versions.
    pub minors: Option<[u32; 2]>,
    /// By `apiVersion/kind`.
    pub kinds: BTreeMap<String, Vec<Fact>>,
    pub types: BTreeMap<String, Fields<Vec<Fact>>>,
}

/// A type's fields.
pub type Fields<F> = BTreeMap<String, F>;

/// What is known of a field.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Fact {
    #[serde(rename = "type")]
    pub form: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<Box<Fact>>,
    #[serde(rename = "enum", skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_size: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_size: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<u32>,
}

impl Fact {
    /// A type without rules.
    pub fn of_type(form: impl Into<String>) -> Fact {
        Fact { form: form.into(), ..Fact::default() }
    }

    /// A container of such items: `[]` or `map[string]` and the item, in one word where it has no rules.
    pub fn container(container: &str, item: Fact) -> Fact {
        // A union of containers would need brackets, so it is not written as one word.
        if item.is_bare() && !item.form.contains('|') {
            Fact::of_type(format!("{container}{}", item.form))
        } else {
            Fact { form: container.to_owned(), of: Some(Box::new(item)), ..Fact::default() }
        }
    }

    /// The same, which must be there.
    pub fn required(mut self) -> Fact {
        self.form.push('!');
        self
    }

    fn is_bare(&self) -> bool {
        *self == Fact::of_type(self.form.clone())
    }

    /// The types of the file that this names, and words of the notation.
    pub fn names(&self) -> Vec<&str> {
        let words = self.form.trim_end_matches('!').split('|');
        let item = |word: &'_ str| word.rfind(']').map_or(0, |end| end + 1);
        let mine = words.map(|word| word.get(item(word)..).unwrap_or_default());
        mine.chain(self.of.iter().flat_map(|of| of.names())).collect()
    }

    fn json(&self) -> Result<String, serde_json::Error> {
        if self.is_bare() { serde_json::to_string(&self.form) } else { serde_json::to_string(self) }
    }
}

fn one_or_more(facts: &[Fact]) -> Result<String, serde_json::Error> {
    match facts {
        [fact] => fact.json(),
        facts => {
            let all: Result<Vec<_>, _> = facts.iter().map(Fact::json).collect();
            Ok(format!("[{}]", all?.join(",")))
        }
    }
}

impl Facts {
    /// Prints one line for each fact.
    pub fn print(&self, out: &mut dyn Write) -> std::io::Result<()> {
        writeln!(out, "{{\n\"source\": {},", serde_json::to_string(&self.source)?)?;
        if let Some([first, last]) = self.minors {
            writeln!(out, "\"minors\": [{first}, {last}],")?;
        }
        write!(out, "\"kinds\": ")?;
        fields(out, &self.kinds)?;
        write!(out, ",\n\"types\": {{")?;
        let mut comma = "";
        for (name, members) in &self.types {
            write!(out, "{comma}\n{}: ", serde_json::to_string(name)?)?;
            fields(out, members)?;
            comma = ",";
        }
        writeln!(out, "\n}}\n}}")
    }
}

fn fields(out: &mut dyn Write, members: &Fields<Vec<Fact>>) -> std::io::Result<()> {
    write!(out, "{{")?;
    let mut comma = "";
    for (name, fact) in members {
        write!(out, "{comma}\n {}: {}", serde_json::to_string(name)?, one_or_more(fact)?)?;
        comma = ",";
    }
    write!(out, "}}")
}
