//! What somebody may have meant by a name that nobody reads.

use super::place::Path;
use super::schema::{Object, Schema};
use crate::node::Map;

/// Help for an unknown member `key` of a map at `path`.
pub fn help(schema: &Schema, object: &Object, map: &Map, path: &Path, key: &str) -> Option<String> {
    let close = closest(key, object.fields().map(|(name, _)| name));
    let misspelt = close.map(|(_, name)| format!("did you mean `{name}`?"));
    match close {
        Some((0 | 1, _)) => misspelt,
        _ => below(schema, object, map, key).or_else(|| above(path, key)).or(misspelt),
    }
}

/// The name that is like `wanted`, and how many changes apart they are; case does not count.
pub fn closest<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Option<(usize, &'a str)> {
    let wanted = wanted.to_lowercase();
    let most = (wanted.len() / 3).min(3);
    names
        .map(|name| (strsim::damerau_levenshtein(&wanted, &name.to_lowercase()), name))
        .filter(|(changes, _)| *changes <= most)
        .min()
}

/// The member is known in something that this map holds; rather in what is there than in what is not.
fn below(schema: &Schema, object: &Object, map: &Map, key: &str) -> Option<String> {
    let knows = |id| schema.object(id).is_some_and(|inner| inner.field(key).is_some());
    let mut holders = object.fields().filter(|(_, id)| knows(*id)).map(|(name, _)| name);
    let first = holders.next()?;
    let there = |name: &&str| map.contains_key(*name);
    let holder = Some(first).filter(there).or_else(|| holders.find(there)).unwrap_or(first);
    Some(format!("it belongs under `{holder}`"))
}

/// The member is known in something that holds this map.
fn above(path: &Path, key: &str) -> Option<String> {
    let holders = path.upwards().filter(|holder| holder.object.is_some());
    let knows = |holder: &&Path| holder.object.is_some_and(|object| object.field(key).is_some());
    let neighbour = holders.take(2).find(knows)?.last_key()?;
    Some(format!("it belongs beside `{neighbour}`"))
}
