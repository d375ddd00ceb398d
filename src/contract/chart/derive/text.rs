//! Functions of text: constants are followed, anything else is text made of its parts.

use super::Machine;
use super::access::MAX_TEXT;
use super::world::{Id, Value};

/// The most results that constants are combined to.
const MAX_RESULTS: usize = 64;

/// The functions whose result is made of their arguments and of nothing else.
const FOLLOWED: [&str; 46] = [
    "abbrev",
    "abbrevboth",
    "adler32sum",
    "atoi",
    "b64dec",
    "b64enc",
    "camelcase",
    "cat",
    "contains",
    "float64",
    "hasPrefix",
    "hasSuffix",
    "indent",
    "int",
    "int64",
    "join",
    "kebabcase",
    "lower",
    "nindent",
    "nospace",
    "print",
    "printf",
    "println",
    "quote",
    "regexReplaceAll",
    "regexReplaceAllLiteral",
    "regexSplit",
    "repeat",
    "replace",
    "sha1sum",
    "sha256sum",
    "snakecase",
    "splitList",
    "squote",
    "substr",
    "swapcase",
    "title",
    "toString",
    "trim",
    "trimAll",
    "trimPrefix",
    "trimSuffix",
    "trunc",
    "untitle",
    "upper",
    "wrap",
];

impl Machine<'_> {
    /// A function of text.
    pub fn text_function(&mut self, name: &str, arguments: &[Id]) -> Option<Id> {
        let is_list = matches!(name, "splitList" | "regexSplit");
        if !FOLLOWED.contains(&name) {
            return None;
        }
        if name == "join" {
            // A list will do as well as its default, which may be text.
            arguments.iter().for_each(|id| self.world.read_type(*id));
        }
        if let Some(combined) = self.combined(arguments) {
            let short =
                |texts: &&Vec<String>| texts.iter().map(String::len).sum::<usize>() <= MAX_TEXT;
            let apply = |texts| Some(texts).filter(short).and_then(|texts| apply(name, texts));
            let results: Option<Vec<Vec<String>>> = combined.iter().map(apply).collect();
            if let Some(results) = results {
                let ids: Vec<Id> = results
                    .iter()
                    .map(|texts| {
                        let ids: Vec<Id> = texts.iter().map(|text| self.world.text(text)).collect();
                        match ids.as_slice() {
                            [only] if !is_list => *only,
                            _ => self.world.id(Value::List(ids)),
                        }
                    })
                    .collect();
                return Some(self.truths(name, &ids));
            }
        }
        Some(match name {
            "contains" | "hasPrefix" | "hasSuffix" => {
                self.read_all(arguments);
                self.world.opaque()
            }
            "splitList" | "regexSplit" => {
                self.read_all(arguments);
                let item = self.world.opaque();
                self.world.id(Value::Items(item))
            }
            _ => self.world.id(Value::Print(arguments.to_vec())),
        })
    }

    /// Booleans, where a function gives them.
    fn truths(&mut self, name: &str, ids: &[Id]) -> Id {
        if !matches!(name, "contains" | "hasPrefix" | "hasSuffix") {
            return self.world.join(ids.iter().copied());
        }
        let truths: Vec<Id> = ids
            .iter()
            .map(|id| {
                let truth = matches!(self.world.value(*id), Value::Text(text) if text == "true");
                self.world.id(Value::Bool(truth))
            })
            .collect();
        self.world.join(truths)
    }

    /// All combinations of what the arguments may be, if that is known.
    fn combined(&self, arguments: &[Id]) -> Option<Vec<Vec<String>>> {
        let mut all = vec![Vec::new()];
        for argument in arguments {
            let texts = self.world.texts(*argument)?;
            let longer = |start: &Vec<String>| -> Vec<Vec<String>> {
                texts
                    .iter()
                    .map(|text| [start.as_slice(), std::slice::from_ref(text)].concat())
                    .collect()
            };
            all = all.iter().flat_map(longer).collect();
            if all.len() > MAX_RESULTS {
                return None;
            }
        }
        Some(all)
    }
}

/// A function's value for constants: one text, or a list of them. None where it is not followed.
fn apply(name: &str, arguments: &[String]) -> Option<Vec<String>> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let one = |text: String| Some(vec![text]);
    match (name, words.as_slice()) {
        ("print", all) => one(all.concat()),
        ("printf", [format, all @ ..]) => one(formatted(format, all)?),
        ("replace", [old, new, text]) => one(text.replace(old, new)),
        ("lower", [text]) => one(text.to_lowercase()),
        ("upper", [text]) => one(text.to_uppercase()),
        ("trim", [text]) => one(text.trim().to_owned()),
        ("trimSuffix", [end, text]) => one(text.strip_suffix(end).unwrap_or(text).to_owned()),
        ("trimPrefix", [start, text]) => one(text.strip_prefix(start).unwrap_or(text).to_owned()),
        ("toString" | "int" | "int64", [text]) => one((*text).to_owned()),
        ("title", [text]) => {
            let mut chars = text.chars();
            one(chars.next().map_or(String::new(), |c| c.to_uppercase().chain(chars).collect()))
        }
        ("contains", [part, text]) => one(text.contains(part).to_string()),
        ("hasPrefix", [start, text]) => one(text.starts_with(start).to_string()),
        ("hasSuffix", [end, text]) => one(text.ends_with(end).to_string()),
        ("splitList", [between, text]) => Some(text.split(between).map(str::to_owned).collect()),
        ("regexSplit", [between, text, _]) => {
            let literal = literal(between)?;
            Some(text.split(literal.as_str()).map(str::to_owned).collect())
        }
        _ => None,
    }
}

/// A regular expression that stands for itself, without its escapes.
fn literal(pattern: &str) -> Option<String> {
    let mut text = String::new();
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => text.push(chars.next().filter(|c| !c.is_alphanumeric())?),
            '.' | '*' | '+' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '|' | '^' | '$' => {
                return None;
            }
            _ => text.push(c),
        }
    }
    (!text.is_empty()).then_some(text)
}

fn formatted(format: &str, arguments: &[&str]) -> Option<String> {
    let mut text = String::new();
    let mut rest = arguments.iter();
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            text.push(c);
            continue;
        }
        match chars.next()? {
            '%' => text.push('%'),
            's' | 'v' | 'd' => text.push_str(rest.next()?),
            'q' => text = format!("{text}{:?}", rest.next()?),
            _ => return None,
        }
    }
    Some(text)
}
