//! Configurations made of the facts, right and wrong; the same for the same seed.

use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Numbers that look random and are not: xorshift, as Marsaglia wrote it.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).expect("64 bits") % limit.max(1)
    }

    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// The facts, read on their own.
pub struct Known {
    pub root: String,
    structures: BTreeMap<String, BTreeMap<String, String>>,
}

/// A setting: its path and its type.
#[derive(Clone, Debug)]
pub struct Setting {
    pub path: Vec<String>,
    pub kind: String,
}

impl Known {
    pub fn read(file: &str) -> Known {
        let path = super::support::root().join("schema/settings").join(file);
        let text = std::fs::read_to_string(path).expect("the facts are there");
        let facts: Value = serde_json::from_str(&text).expect("the facts are JSON");
        let structures = serde_json::from_value(facts["structures"].clone()).expect("of one form");
        Known { root: facts["root"].as_str().expect("a root").to_owned(), structures }
    }

    pub fn is_structure(&self, kind: &str) -> bool {
        self.structures.contains_key(kind)
    }

    pub fn has(&self, structure: &str, name: &str) -> bool {
        self.structures.get(structure).is_some_and(|settings| settings.contains_key(name))
    }

    /// Every setting that is no section, a few levels deep.
    pub fn settings(&self) -> Vec<Setting> {
        let mut found = Vec::new();
        self.below(&self.root, &mut Vec::new(), &mut found);
        found
    }

    fn below(&self, structure: &str, path: &mut Vec<String>, found: &mut Vec<Setting>) {
        for (name, kind) in &self.structures[structure] {
            if name == "*" {
                continue;
            }
            path.push(name.clone());
            if !self.is_structure(kind) {
                found.push(Setting { path: path.clone(), kind: kind.clone() });
            } else if path.len() < 6 {
                self.below(kind, path, found);
            }
            let _ = path.pop();
        }
    }

    /// The settings that a configuration sets, sections included.
    pub fn set_in(&self, config: &Value) -> Vec<Setting> {
        let mut found = Vec::new();
        self.visit(config, &self.root, &mut Vec::new(), &mut found);
        found
    }

    fn visit(&self, value: &Value, kind: &str, path: &mut Vec<String>, found: &mut Vec<Setting>) {
        if value.is_null() {
            return;
        }
        if !path.is_empty() {
            found.push(Setting { path: path.clone(), kind: kind.to_owned() });
        }
        match (value, kind) {
            (Value::Object(members), kind) => {
                for (name, member) in members {
                    let inner = match kind.strip_prefix("{}") {
                        Some(inner) => inner,
                        None => match self.structures.get(kind).and_then(|all| all.get(name)) {
                            Some(inner) => inner,
                            None => continue,
                        },
                    };
                    path.push(name.clone());
                    self.visit(member, inner, path, found);
                    let _ = path.pop();
                }
            }
            (Value::Array(items), kind) => {
                let Some(inner) = kind.strip_prefix("[]") else { return };
                for (position, item) in items.iter().enumerate() {
                    path.push(position.to_string());
                    self.visit(item, inner, path, found);
                    let _ = path.pop();
                }
            }
            _ => {}
        }
    }

    pub fn kind_at(&self, path: &[String]) -> Option<String> {
        path.iter().try_fold(self.root.clone(), |kind, name| {
            if let Some(inner) = kind.strip_prefix("[]").or_else(|| kind.strip_prefix("{}")) {
                return Some(inner.to_owned());
            }
            self.structures.get(&kind)?.get(name).cloned()
        })
    }
}

/// A value that a type takes; `None` for types that are not made up.
pub fn valid(kind: &str, dice: &mut Dice) -> Option<Value> {
    let words: Vec<&str> = kind.strip_prefix('=').unwrap_or("").split('|').collect();
    Some(match kind {
        "bool" => json!(dice.below(2) == 1),
        "float" => dice.pick(&[json!(1), json!(1.5), json!(0.5)]).clone(),
        "text" => dice.pick(&[json!("abc"), json!("a-b.c"), json!(7), json!(true)]).clone(),
        "duration" => {
            dice.pick(&[json!("1h30m"), json!("90s"), json!("1.5h"), json!("2m")]).clone()
        }
        "days" => dice.pick(&[json!("1d"), json!("30d"), json!("1w2d"), json!("90m")]).clone(),
        "url" => dice.pick(&[json!("http://a.b:80/c"), json!("/a"), json!("")]).clone(),
        "date" => json!("2024-02-29"),
        "time" => dice.pick(&[json!("2024-02-29"), json!("2024-04-01T08:30")]).clone(),
        "bytes" => dice.pick(&[json!("100MiB"), json!("1GiB512MiB"), json!("5KB")]).clone(),
        "bytesize" => {
            dice.pick(&[json!("4MB"), json!("1024"), json!(1_048_576), json!("2 gb")]).clone()
        }
        "[]text" => json!(["a", "b"]),
        "{}text" => json!({"a": "b"}),
        _ if kind.starts_with('=') => json!(dice.pick(&words)),
        _ if kind.contains("int") && !kind.contains(['[', '{', '.']) => {
            json!([1, 2, 3, 10, 100][dice.below(5)])
        }
        _ => return None,
    })
}

/// What was done to a configuration, and where it shows.
#[derive(Debug)]
pub struct Mistake {
    pub what: &'static str,
    pub config: Value,
    pub path: Vec<String>,
}

/// A configuration with one mistake.
pub fn mistaken(known: &Known, config: &Value, dice: &mut Dice) -> Option<Mistake> {
    let set = known.set_in(config);
    let target = dice.pick(&set).clone();
    let mut config = config.clone();
    match dice.below(3) {
        0 => misspell(known, &mut config, target.path, dice),
        1 => misplace(known, &mut config, target.path),
        _ => {
            let (what, value) = wrong(known, &target.kind, dice)?;
            put(&mut config, &target.path, value);
            Some(Mistake { what, config, path: target.path })
        }
    }
}

fn misspell(
    known: &Known,
    config: &mut Value,
    mut path: Vec<String>,
    dice: &mut Dice,
) -> Option<Mistake> {
    let name = path.pop()?;
    let above = known.kind_at(&path)?;
    if !known.is_structure(&above) || known.has(&above, "*") {
        return None;
    }
    let at = dice.below(name.len());
    let mut wrong = name.clone();
    match dice.below(3) {
        0 => drop(wrong.remove(at)),
        1 => wrong.insert(at, 'x'),
        _ => wrong.push('s'),
    }
    if known.has(&above, &wrong) {
        return None;
    }
    let members = get(config, &path)?.as_object_mut()?;
    let value = members.remove(&name)?;
    let _ = members.insert(wrong.clone(), value);
    path.push(wrong);
    Some(Mistake { what: "misspelt", config: config.take(), path })
}

fn misplace(known: &Known, config: &mut Value, mut path: Vec<String>) -> Option<Mistake> {
    let name = path.pop()?;
    let members = get(config, &path)?.as_object_mut()?;
    let value = members.remove(&name)?;
    let _ = path.pop()?;
    let above = known.kind_at(&path)?;
    if !known.is_structure(&above) || known.has(&above, &name) || known.has(&above, "*") {
        return None;
    }
    let _ = get(config, &path)?.as_object_mut()?.insert(name.clone(), value);
    path.push(name);
    Some(Mistake { what: "misplaced", config: config.take(), path })
}

/// A value that a type refuses, and what is wrong with it.
fn wrong(known: &Known, kind: &str, dice: &mut Dice) -> Option<(&'static str, Value)> {
    let bad_durations =
        [json!("5 minutes"), json!("5"), json!("1x"), json!("soon"), json!(""), json!(5)];
    Some(match kind {
        "bool" => {
            ("type", dice.pick(&[json!("true"), json!(1), json!("maybe"), json!([])]).clone())
        }
        "float" => ("type", dice.pick(&[json!("1"), json!(true), json!({"a": 1})]).clone()),
        "text" => ("type", dice.pick(&[json!({"a": 1}), json!(["a"])]).clone()),
        "duration" | "days" if dice.below(3) > 0 => ("duration", dice.pick(&bad_durations).clone()),
        "duration" => ("duration", dice.pick(&[json!("1d"), json!("30d"), json!(["5m"])]).clone()),
        "days" => ("duration", dice.pick(&[json!("1.5d"), json!("1m1h"), json!({"a": 1})]).clone()),
        "url" => {
            ("url", dice.pick(&[json!("http://a b"), json!(":a"), json!("http://a:b")]).clone())
        }
        "date" | "time" => ("time", dice.pick(&[json!("2024-13-01"), json!("today")]).clone()),
        "bytes" => ("size", dice.pick(&[json!("100"), json!("5 apples"), json!("1GX")]).clone()),
        "bytesize" => ("size", dice.pick(&[json!("4MiB"), json!("many"), json!("1.5MB")]).clone()),
        _ if kind.starts_with('=') => ("word", dice.pick(&[json!("nonsense"), json!([])]).clone()),
        _ if kind.starts_with("[]") || kind.starts_with("{}") => ("type", json!("a")),
        _ if known.is_structure(kind) => ("type", dice.pick(&[json!("a"), json!([])]).clone()),
        _ if kind.contains("int") => {
            ("type", dice.pick(&[json!("1"), json!("5m"), json!(true)]).clone())
        }
        _ => return None,
    })
}

/// Sets a value, and makes the sections that lead to it.
pub fn put(config: &mut Value, path: &[String], value: Value) {
    let mut node = config;
    for name in path {
        if let Value::Array(items) = node {
            node = &mut items[name.parse::<usize>().expect("a position")];
            continue;
        }
        if !node.is_object() {
            *node = Value::Object(Map::new());
        }
        node = node.as_object_mut().expect("just made").entry(name).or_insert(Value::Null);
    }
    *node = value;
}

fn get<'a>(config: &'a mut Value, path: &[String]) -> Option<&'a mut Value> {
    path.iter().try_fold(config, |node, name| {
        if node.is_array() {
            return node.get_mut(name.parse::<usize>().ok()?);
        }
        node.get_mut(name.as_str())
    })
}

pub fn pointer(path: &[String]) -> String {
    let parts = path.iter().map(|name| name.replace('~', "~0").replace('/', "~1"));
    parts.fold(String::new(), |pointer, part| pointer + "/" + &part)
}
