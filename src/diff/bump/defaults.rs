//! The defaults of two versions of a chart, place by place.

use crate::node::{Data, Map, Node};
use crate::pointer::Pointer;
use std::collections::BTreeSet;

/// Whether the chart takes a default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// Nothing stands in its place.
    Yes,
    /// A value stands in its place, or takes it away.
    No,
}

/// A default that changes.
#[derive(Debug)]
pub struct DefaultChange {
    /// Where.
    pub place: Pointer,
    /// What stood, and what is to stand there.
    pub sides: [Option<Node>; 2],
    /// Whether the chart takes it.
    pub taken: Taken,
}

/// The defaults that change, beside values that are set. Lists are compared whole: Helm does not merge them.
pub fn changes(before: &Node, after: &Node, set: &Node) -> Vec<DefaultChange> {
    let mut walk = Walk { at: Pointer::default(), found: Vec::new() };
    walk.compare(Some(before), Some(after), Set::Beside(Some(set)));
    walk.found
}

/// What is set at a place.
#[derive(Clone, Copy)]
enum Set<'n> {
    /// This, if anything, whose members stand beside those of the default.
    Beside(Option<&'n Node>),
    /// Something that leaves nothing of the default.
    Instead,
}

impl<'n> Set<'n> {
    fn member(self, key: &str) -> Set<'n> {
        match self {
            Set::Beside(None) => self,
            Set::Beside(Some(set)) if set.is_map() => match set.get(key) {
                Some(member) if member.is_map() => Set::Beside(Some(member)),
                Some(_) => Set::Instead,
                None => Set::Beside(None),
            },
            Set::Beside(Some(_)) | Set::Instead => Set::Instead,
        }
    }
}

struct Walk {
    at: Pointer,
    found: Vec<DefaultChange>,
}

impl Walk {
    fn compare(&mut self, old: Option<&Node>, new: Option<&Node>, set: Set) {
        if old == new {
            return;
        }
        match (old.map(Node::members), new.map(Node::members)) {
            (Some(Some(old)), Some(Some(new))) => self.members(Some(old), Some(new), set),
            (Some(Some(old)), None) if !old.is_empty() => self.members(Some(old), None, set),
            (None, Some(Some(new))) if !new.is_empty() => self.members(None, Some(new), set),
            _ => {
                let taken = match set {
                    Set::Beside(None) => Taken::Yes,
                    Set::Beside(Some(_)) | Set::Instead => Taken::No,
                };
                let (place, sides) = (self.at.clone(), [old.cloned(), new.cloned()]);
                self.found.push(DefaultChange { place, sides, taken });
            }
        }
    }

    fn members(&mut self, old: Option<&Map>, new: Option<&Map>, set: Set) {
        let both = [old, new].into_iter().flatten();
        let keys: BTreeSet<&str> = both.flat_map(|map| map.keys().map(AsRef::as_ref)).collect();
        for key in keys {
            self.at.push(key);
            let (old, new) = (old.and_then(|map| map.get(key)), new.and_then(|map| map.get(key)));
            self.compare(old, new, set.member(key));
            self.at.pop();
        }
    }
}

/// The value at a place; where `*` stands, that of the first item or member that has one.
pub fn at<'n>(values: &'n Node, place: &Pointer) -> Option<&'n Node> {
    let parts: Vec<&str> = place.parts().iter().map(String::as_str).collect();
    at_parts(values, &parts)
}

fn at_parts<'n>(value: &'n Node, parts: &[&str]) -> Option<&'n Node> {
    match parts.split_first() {
        None => Some(value),
        Some((&"*", below)) => match &value.data {
            Data::List(items) => items.iter().find_map(|item| at_parts(item, below)),
            Data::Map(members) => members.values().find_map(|member| at_parts(member, below)),
            Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::Text(_) => None,
        },
        Some((part, below)) => at_parts(value.get(part)?, below),
    }
}

/// The values below a place that hold no others, each with its own.
pub fn leaves(value: &Node, at: &mut Pointer, found: &mut Vec<(Pointer, Node)>) {
    match value.members() {
        Some(members) if !members.is_empty() => {
            for (key, member) in members {
                at.push(key);
                leaves(member, at, found);
                at.pop();
            }
        }
        Some(_) | None => found.push((at.clone(), value.clone())),
    }
}
