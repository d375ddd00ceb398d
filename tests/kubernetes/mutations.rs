//! Objects made wrong in one place, the same ones on each run.

#![allow(dead_code, reason = "each test uses a part of it")]

use serde_json::{Map, Value, json};

/// An object with one mistake.
pub struct Mutation {
    /// What was done, and where.
    pub what: String,
    /// Where it must be found, as a JSON pointer.
    pub pointer: String,
    /// Whether the key is wrong, rather than the value.
    pub key: bool,
    pub object: Value,
}

/// A member of a map whose keys a schema names.
struct Member {
    holder: String,
    key: String,
}

/// Maps whose keys are free.
const FREE: [&str; 14] = [
    "annotations",
    "binaryData",
    "customRequestHeaders",
    "data",
    "labels",
    "limits",
    "matchLabels",
    "nodeSelector",
    "openAPIV3Schema",
    "parameters",
    "properties",
    "requests",
    "selector",
    "values",
];

/// Names that many types have, so that they may be right where they are moved to.
const COMMON: [&str; 22] = [
    "annotations",
    "apiVersion",
    "args",
    "command",
    "group",
    "key",
    "kind",
    "labels",
    "metadata",
    "name",
    "namespace",
    "path",
    "port",
    "protocol",
    "scheme",
    "secretName",
    "selector",
    "spec",
    "template",
    "type",
    "value",
    "version",
];

/// Closed sets.
const CLOSED: [&str; 24] = [
    "action",
    "concurrencyPolicy",
    "creationPolicy",
    "crds",
    "deletionPolicy",
    "dnsPolicy",
    "effect",
    "imagePullPolicy",
    "internalTrafficPolicy",
    "pathType",
    "podManagementPolicy",
    "policyTypes",
    "preemptionPolicy",
    "protocol",
    "reclaimPolicy",
    "restartPolicy",
    "scheme",
    "scope",
    "sessionAffinity",
    "unhealthyPodEvictionPolicy",
    "volumeBindingMode",
    "whenUnsatisfiable",
    "decodingStrategy",
    "accessModes",
];

/// Reproducible numbers (Knuth's generator).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }

    fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// `count` mutations of each sort.
pub fn all(objects: &[Value], count: usize, seed: u64) -> Vec<Mutation> {
    let mut random = Random::new(seed);
    let sorts = [misspelt, misplaced, mistyped, miswritten];
    let mut found = Vec::new();
    for sort in sorts {
        let mut tries = 0;
        let before = found.len();
        while found.len() < before + count {
            tries += 1;
            assert!(tries < 100 * count, "a sort of mutation finds nothing to do");
            let object = random.pick(objects).clone();
            found.extend(sort(object, &mut random));
        }
    }
    found
}

fn misspelt(mut object: Value, random: &mut Random) -> Option<Mutation> {
    let all = members(&object);
    let Member { holder, key } = random.pick(&all);
    let wrong = typo(key, random);
    let map = map_at(&mut object, holder)?;
    if map.contains_key(&wrong) {
        return None;
    }
    let value = map.remove(key)?;
    let _ = map.insert(wrong.clone(), value);
    let what = format!("{holder}/{key} is spelt {wrong}");
    Some(Mutation { what, pointer: format!("{holder}/{wrong}"), key: true, object })
}

/// A member goes to a map within its own, or to the one that holds its own.
fn misplaced(mut object: Value, random: &mut Random) -> Option<Mutation> {
    let all = members(&object);
    let Member { holder, key } = random.pick(&all);
    let near: Vec<&str> = all
        .iter()
        .map(|other| other.holder.as_str())
        .filter(|other| {
            let apart = |outer: &str, inner: &str| {
                inner.strip_prefix(outer).is_some_and(|rest| {
                    let steps = rest.split('/').filter(|step| step.parse::<usize>().is_err());
                    rest.starts_with('/') && steps.count() == 2
                })
            };
            apart(holder, other) || apart(other, holder)
        })
        .collect();
    if near.is_empty() || COMMON.contains(&key.as_str()) {
        return None;
    }
    let target = *random.pick(&near);
    // What moves away takes what is in it with it.
    if format!("{target}/").starts_with(&format!("{holder}/{key}/")) {
        return None;
    }
    if map_at(&mut object, target)?.contains_key(key) {
        return None;
    }
    let value = map_at(&mut object, holder)?.remove(key)?;
    let _ = map_at(&mut object, target)?.insert(key.clone(), value);
    let what = format!("{holder}/{key} is in {target}");
    Some(Mutation { what, pointer: format!("{target}/{key}"), key: true, object })
}

fn mistyped(mut object: Value, random: &mut Random) -> Option<Mutation> {
    let all = members(&object);
    let Member { holder, key } = random.pick(&all);
    // What is there and null is absent; kind and version say what the object is.
    if matches!(key.as_str(), "apiVersion" | "kind" | "values" | "default" | "openAPIV3Schema") {
        return None;
    }
    let place = map_at(&mut object, holder)?.get_mut(key)?;
    let wrong = match place {
        Value::Bool(_) => random.pick(&[json!("true"), json!(1), json!([])]).clone(),
        Value::Number(_) => random.pick(&[json!({}), json!(true), json!([1])]).clone(),
        Value::String(_) => random.pick(&[json!(true), json!({"a": 1}), json!(["a"])]).clone(),
        Value::Array(_) => random.pick(&[json!("a"), json!(1), json!({"a": 1})]).clone(),
        Value::Object(_) => random.pick(&[json!("a"), json!(1), json!([])]).clone(),
        Value::Null => return None,
    };
    let what = format!("{holder}/{key} is {wrong}");
    *place = wrong;
    Some(Mutation { what, pointer: format!("{holder}/{key}"), key: false, object })
}

/// A word of a closed set is spelt otherwise.
fn miswritten(mut object: Value, random: &mut Random) -> Option<Mutation> {
    let all = members(&object);
    let closed: Vec<&Member> =
        all.iter().filter(|member| CLOSED.contains(&member.key.as_str())).collect();
    if closed.is_empty() {
        return None;
    }
    let Member { holder, key } = *random.pick(&closed);
    let place = map_at(&mut object, holder)?.get_mut(key)?;
    let more = if place.is_array() { "/0" } else { "" };
    let place = place.pointer_mut(more)?;
    let wrong = typo(place.as_str()?, random);
    let what = format!("{holder}/{key} is {wrong}");
    *place = Value::String(wrong);
    Some(Mutation { what, pointer: format!("{holder}/{key}{more}"), key: false, object })
}

/// All members of maps whose keys are not free, but for what says what the object is.
fn members(object: &Value) -> Vec<Member> {
    let mut found = Vec::new();
    collect(object, "", &mut found);
    found.retain(|member| {
        !matches!(member.key.as_str(), "apiVersion" | "kind") || !member.holder.is_empty()
    });
    found
}

fn collect(value: &Value, at: &str, found: &mut Vec<Member>) {
    match value {
        Value::Object(map) => {
            for (key, inner) in map {
                found.push(Member { holder: at.to_owned(), key: key.clone() });
                // A Service selects labels; others have a selector with known keys.
                let labels = key == "selector" && inner.get("matchLabels").is_none();
                if !FREE.contains(&key.as_str()) || key == "selector" && !labels || inner.is_array()
                {
                    collect(inner, &format!("{at}/{key}"), found);
                }
            }
        }
        Value::Array(items) => {
            for (position, item) in items.iter().enumerate() {
                collect(item, &format!("{at}/{position}"), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn map_at<'a>(object: &'a mut Value, pointer: &str) -> Option<&'a mut Map<String, Value>> {
    object.pointer_mut(pointer)?.as_object_mut()
}

/// A slip of the hand: a letter lost, doubled, exchanged with its neighbour, or another one.
fn typo(word: &str, random: &mut Random) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    let at = random.below(letters.len());
    match random.below(4) {
        0 if letters.len() > 2 => {
            let _ = letters.remove(at);
        }
        1 => letters.insert(at, letters[at]),
        2 if at + 1 < letters.len() && letters[at] != letters[at + 1] => letters.swap(at, at + 1),
        _ => letters[at] = if letters[at] == 'q' { 'z' } else { 'q' },
    }
    letters.into_iter().collect()
}
