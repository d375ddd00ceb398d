//! JSON patch (RFC 6902), with a memory: every value knows the operation that put it there.
//!
//! An operation that counts on the position of a list's item is reported unless an earlier `test`
//! looks into that item: positions change when somebody adds an item, and the patch would then hit
//! another one without a word.
//!
//! What operations make of an object is no deeper and no larger than what can be read: a few dozen
//! copies of a map into itself would fill any memory, and moves could nest it without end.

use super::fault::{Fault, fault};
use super::writer::Writer;
use crate::node::{Data, Node, Text};
use crate::origin::Origin;
use crate::pointer::Pointer;
use crate::syntax::{MAX_DEPTH, MAX_ITEMS};

/// One operation.
#[derive(Debug, Clone)]
pub struct Operation {
    /// Where it works.
    pub path: Pointer,
    /// What it does.
    pub action: Action,
    /// Its place, as a value of the patch: what it moves or copies comes from here.
    pub here: Node,
}

/// What an operation does.
#[derive(Debug, Clone)]
pub enum Action {
    /// Adds a member or an item, or replaces a member.
    Add(Node),
    /// Removes what is there.
    Remove,
    /// Replaces what is there.
    Replace(Node),
    /// Moves a value from another place.
    Move(Pointer),
    /// Copies a value from another place.
    Copy(Pointer),
    /// Fails unless the value is there.
    Test(Node),
}

/// The members of an operation. Others mean nothing, and RFC 6902 says to ignore them.
const MEMBERS: [&str; 4] = ["op", "path", "from", "value"];

impl Operation {
    /// Reads one operation.
    ///
    /// # Errors
    /// When it is none.
    pub fn read(node: &Node) -> Result<Operation, Fault> {
        let wrong = |message: String| fault(&node.origin, message);
        let Data::Map(members) = &node.data else {
            return Err(wrong(format!("this is {}; an operation is a map", node.data.name())));
        };
        let pointer = |key: &str| {
            let value = members.get(key).ok_or_else(|| wrong(format!("`{key}` is missing")))?;
            let text =
                value.text().ok_or_else(|| fault(&value.origin, format!("`{key}` is a text")))?;
            Pointer::parse(text).map_err(|message| fault(&value.origin, message))
        };
        let value = || {
            let help = "write `value: null` for null";
            members
                .get("value")
                .cloned()
                .ok_or_else(|| wrong("`value` is missing".into()).help(help))
        };
        let path = pointer("path")?;
        let op = members.get("op").and_then(Node::text).unwrap_or_default();
        let action = match op {
            "add" => Action::Add(value()?),
            "remove" => Action::Remove,
            "replace" => Action::Replace(value()?),
            "move" => Action::Move(pointer("from")?),
            "copy" => Action::Copy(pointer("from")?),
            "test" => Action::Test(value()?),
            "" => return Err(wrong("`op` is missing".into())),
            other => {
                let origin = members.get("op").map_or(&node.origin, |op| &op.origin);
                let error = fault(origin, format!("`{other}` is no operation"));
                return Err(error.help("write add, remove, replace, move, copy or test"));
            }
        };
        let here = Node { data: Data::Null, origin: node.origin.clone() };
        Ok(Operation { path, action, here })
    }

    /// The members of an operation that mean nothing.
    pub fn strangers(node: &Node) -> Vec<(&str, &Origin)> {
        let Data::Map(members) = &node.data else { return Vec::new() };
        let strange = members.iter().filter(|(key, _)| !MEMBERS.contains(&key.as_ref()));
        strange.map(|(key, value)| (key.as_ref(), &value.origin)).collect()
    }
}

/// Applies operations, in order. Gives those that count on a position that nothing tests.
///
/// # Errors
/// At the first operation that cannot be applied; `root` is then of no use.
pub fn apply<'p>(
    root: &mut Node,
    operations: &'p [Operation],
    writer: &mut Writer,
) -> Result<Vec<&'p Operation>, Fault> {
    let mut tested: Vec<&Pointer> = Vec::new();
    let mut unguarded = Vec::new();
    let mut left = MAX_ITEMS.saturating_sub(Extent::of(root).values);
    for operation in operations {
        if let Action::Test(_) = operation.action {
            tested.push(&operation.path);
        } else if counts_on_a_position(root, operation, &tested) {
            unguarded.push(operation);
        }
        check_growth(root, operation, &mut left)?;
        one(root, operation, writer)?;
    }
    Ok(unguarded)
}

/// How much there is of a value.
struct Extent {
    values: usize,
    depth: usize,
}

impl Extent {
    fn of(node: &Node) -> Extent {
        let around = |inner: &mut dyn Iterator<Item = &Node>| {
            inner.map(Extent::of).fold(Extent { values: 1, depth: 0 }, |sum, one| Extent {
                values: sum.values + one.values,
                depth: sum.depth.max(one.depth + 1),
            })
        };
        match &node.data {
            Data::List(items) => around(&mut items.iter()),
            Data::Map(members) => around(&mut members.values()),
            Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::Text(_) => {
                Extent { values: 1, depth: 0 }
            }
        }
    }
}

/// Refuses what would nest an object deeper than any that is read, or copy more than there is room for.
fn check_growth(root: &mut Node, operation: &Operation, left: &mut usize) -> Result<(), Fault> {
    let Operation { path, action, here } = operation;
    let extent = match action {
        Action::Add(value) | Action::Replace(value) => Extent::of(value),
        // Where nothing is, the operation itself says so.
        Action::Move(from) | Action::Copy(from) => match find_mut(root, from) {
            Ok(value) => Extent::of(value),
            Err(_) => return Ok(()),
        },
        Action::Remove | Action::Test(_) => return Ok(()),
    };
    if path.parts().len() + extent.depth > MAX_DEPTH {
        let message = format!("this nests the object more than {MAX_DEPTH} levels deep");
        return Err(fault(&here.origin, message));
    }
    if let Action::Copy(_) = action {
        *left = left.checked_sub(extent.values).ok_or_else(|| {
            let message = format!("copies make the object larger than {MAX_ITEMS} values");
            fault(&here.origin, message)
        })?;
    }
    Ok(())
}

fn counts_on_a_position(root: &Node, operation: &Operation, tested: &[&Pointer]) -> bool {
    let from = match &operation.action {
        Action::Move(from) | Action::Copy(from) => Some(from),
        Action::Add(_) | Action::Remove | Action::Replace(_) | Action::Test(_) => None,
    };
    std::iter::once(&operation.path).chain(from).any(|path| {
        let items = items_on_the_way(root, path);
        items.iter().any(|item| !tested.iter().any(|tested| tested.is_within(item)))
    })
}

/// The list items, by position, that a path leads to or through.
fn items_on_the_way(root: &Node, path: &Pointer) -> Vec<Pointer> {
    let mut found = Vec::new();
    let mut here = Pointer::default();
    let mut node = Some(root);
    for part in path.parts() {
        here.push(part);
        node = match node.map(|node| &node.data) {
            Some(Data::List(items)) => {
                if part != "-" {
                    found.push(here.clone());
                }
                index(part).and_then(|at| items.get(at))
            }
            Some(Data::Map(members)) => members.get(part.as_str()),
            None
            | Some(Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::Text(_)) => {
                None
            }
        };
    }
    found
}

fn one(root: &mut Node, operation: &Operation, writer: &mut Writer) -> Result<(), Fault> {
    let Operation { path, action, here } = operation;
    let wrong = |message: String| fault(&here.origin, message);
    writer.go(path.clone());
    match action {
        Action::Add(value) => put(root, path, value, writer).map_err(wrong),
        Action::Remove => {
            let old = take(root, path).map_err(wrong)?;
            writer.remove(&old, here);
            Ok(())
        }
        Action::Replace(value) => replace_at(root, path, value, writer).map_err(wrong),
        Action::Move(from) if path != from && path.is_within(from) => {
            Err(wrong(format!("`{from}` cannot be moved into itself")))
        }
        Action::Move(from) => {
            if path == from {
                return find_mut(root, from).map(|_| ()).map_err(wrong);
            }
            let value = take(root, from).map_err(wrong)?;
            writer.go(from.clone());
            writer.remove(&value, here);
            writer.go(path.clone());
            put(root, path, &value.caused_by(&here.origin), writer).map_err(wrong)
        }
        Action::Copy(from) => {
            let value = find_mut(root, from).map_err(wrong)?.clone();
            put(root, path, &value.caused_by(&here.origin), writer).map_err(wrong)
        }
        Action::Test(value) => {
            let found = find_mut(root, path).map_err(wrong)?;
            if is_same(found, value) {
                return Ok(());
            }
            let message = format!("`{path}` is {}, not {}", found.to_json(), value.to_json());
            let error = fault(&value.origin, message).help("the patch was made for another value");
            Err(error.related(found.origin.written(), "the value comes from here"))
        }
    }
}

/// Puts a value in the place of the one that is there.
///
/// # Errors
/// When none is there.
pub fn replace_at(
    root: &mut Node,
    path: &Pointer,
    value: &Node,
    writer: &mut Writer,
) -> Result<(), String> {
    writer.go(path.clone());
    let place = find_mut(root, path)?;
    let old = std::mem::replace(place, nothing());
    *place = writer.replace(Some(old), value);
    Ok(())
}

fn nothing() -> Node {
    Node { data: Data::Null, origin: Origin::Structure }
}

/// A position in a list: digits without leading zeros.
fn index(part: &str) -> Option<usize> {
    let plain = part.bytes().all(|byte| byte.is_ascii_digit());
    let fine = plain && (part == "0" || !part.starts_with('0'));
    fine.then(|| part.parse().ok()).flatten()
}

fn find_mut<'n>(root: &'n mut Node, path: &Pointer) -> Result<&'n mut Node, String> {
    let mut node = root;
    let mut walked = Pointer::default();
    for part in path.parts() {
        let parent = walked.clone();
        walked.push(part);
        node = match &mut node.data {
            Data::Map(members) => members
                .get_mut(part.as_str())
                .ok_or_else(|| format!("there is no `{walked}` in the object"))?,
            Data::List(items) => {
                let length = items.len();
                index(part).and_then(|at| items.get_mut(at)).ok_or_else(|| {
                    format!("`{parent}` has {length} items; there is none at `{part}`")
                })?
            }
            other
            @ (Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::Text(_)) => {
                return Err(format!("`{parent}` is {}; it holds no `{part}`", other.name()));
            }
        };
    }
    Ok(node)
}

/// The parent of a place, and the place's name in it; nothing for the root.
fn split(path: &Pointer) -> Option<(Pointer, String)> {
    let mut parent = path.clone();
    let last = path.parts().last()?.clone();
    parent.pop();
    Some((parent, last))
}

fn put(root: &mut Node, path: &Pointer, value: &Node, writer: &mut Writer) -> Result<(), String> {
    let Some((parent_path, last)) = split(path) else {
        let old = std::mem::replace(root, nothing());
        *root = writer.replace(Some(old), value);
        return Ok(());
    };
    let parent = find_mut(root, &parent_path)?;
    match &mut parent.data {
        Data::Map(members) => {
            let old = members.remove(last.as_str());
            let _ = members.insert(Text::Owned(last), writer.replace(old, value));
            Ok(())
        }
        Data::List(items) => {
            let length = items.len();
            let at =
                if last == "-" { Some(length) } else { index(&last).filter(|at| *at <= length) };
            let at = at.ok_or_else(|| {
                format!("`{parent_path}` has {length} items; nothing can be added at `{last}`")
            })?;
            items.insert(at, writer.replace(None, value));
            Ok(())
        }
        other @ (Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::Text(_)) => {
            Err(format!("`{parent_path}` is {}; nothing can be added to it", other.name()))
        }
    }
}

fn take(root: &mut Node, path: &Pointer) -> Result<Node, String> {
    let Some((parent_path, last)) = split(path) else {
        return Err("the whole object cannot be removed by an operation".to_owned());
    };
    let _ = find_mut(root, path)?;
    let parent = find_mut(root, &parent_path)?;
    let taken = match &mut parent.data {
        Data::Map(members) => members.remove(last.as_str()),
        Data::List(items) => index(&last).filter(|at| *at < items.len()).map(|at| items.remove(at)),
        Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::Text(_) => None,
    };
    taken.ok_or_else(|| format!("there is no `{path}`"))
}

/// Whether two values are equal as RFC 6902 compares them: numbers by their value.
fn is_same(one: &Node, other: &Node) -> bool {
    match (&one.data, &other.data) {
        (Data::Int(whole), Data::Float(float)) | (Data::Float(float), Data::Int(whole)) => {
            // Compared as whole numbers: as floats, those beyond 2^53 would equal their neighbours.
            #[allow(clippy::cast_possible_truncation, reason = "a greater float equals nothing")]
            let same = float.fract() == 0.0 && *float as i128 == i128::from(*whole);
            same
        }
        (Data::List(ones), Data::List(others)) => {
            ones.len() == others.len() && ones.iter().zip(others).all(|(a, b)| is_same(a, b))
        }
        (Data::Map(ones), Data::Map(others)) => {
            ones.len() == others.len()
                && ones.iter().zip(others).all(|((k, a), (l, b))| k == l && is_same(a, b))
        }
        (a, b) => a == b,
    }
}
