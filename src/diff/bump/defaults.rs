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

/// A place, what stood and what is to stand there, and whether it is taken.
pub type DefaultChange = (Pointer, [Option<Node>; 2], Taken);

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
        match (old.map(members), new.map(members)) {
            (Some(Some(old)), Some(Some(new))) => self.members(Some(old), Some(new), set),
            (Some(Some(old)), None) if !old.is_empty() => self.members(Some(old), None, set),
            (None, Some(Some(new))) if !new.is_empty() => self.members(None, Some(new), set),
            _ => {
                let taken = match set {
                    Set::Beside(None) => Taken::Yes,
                    Set::Beside(Some(_)) | Set::Instead => Taken::No,
                };
                self.found.push((self.at.clone(), [old.cloned(), new.cloned()], taken));
            }
        }
    }

    fn members(&mut self, old: Option<&Map>, new: Option<&Map>, set: Set) {
        let both = [old, new].into_iter().flatten();
        let keys: BTreeSet<&str> = both.flat_map(|map| map.keys().map(AsRef::as_ref)).collect();
        for key in keys {
            let of = |map: Option<&'_ Map>| map.and_then(|map| map.get(key)).cloned();
            let (old, new) = (of(old), of(new));
            self.at.push(key);
            self.compare(old.as_ref(), new.as_ref(), set.member(key));
            self.at.pop();
        }
    }
}

fn members(node: &Node) -> Option<&Map> {
    match &node.data {
        Data::Map(members) => Some(members),
        Data::Null
        | Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::Text(_)
        | Data::List(_) => None,
    }
}

/// The value at a place.
pub fn at<'n>(values: &'n Node, place: &Pointer) -> Option<&'n Node> {
    place.parts().iter().try_fold(values, |node, part| node.get(part))
}

/// The switch of everything beside it, and those of some values.
const SWITCHES: [(&str, &[&str]); 3] = [
    ("enabled", &[]),
    ("enableStatefulSetAutoDeletePVC", &["whenDeleted", "whenScaled"]),
    ("enableRetentionPolicy", &["whenDeleted", "whenScaled"]),
];

/// Whether a place lies in a part that a switch turns off on both sides.
pub fn is_off((before, after): &(Node, Node), place: &Pointer) -> bool {
    let off = |values: &Node| {
        let mut node = Some(values);
        place.parts().iter().any(|part| {
            let here = node;
            node = here.and_then(|node| node.get(part));
            SWITCHES.iter().any(|(switch, of)| {
                let is_meant = if of.is_empty() { part != switch } else { of.contains(&&**part) };
                let switch = here.and_then(|here| here.get(switch));
                is_meant && switch.is_some_and(|switch| switch.data == Data::Bool(false))
            })
        })
    };
    off(before) && off(after)
}
