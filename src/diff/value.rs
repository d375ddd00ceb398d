//! How one value becomes another.
//!
//! [`between`] compares two values and says nothing where they mean the same: the order of a map's members
//! and of a set-like list is no difference. [`apply`] makes the second value of the first, so nothing that
//! means something can be missing from a [`Change`].

use super::list::{self, Known};
use crate::node::{Data, Map, Node};

/// What makes one value of another.
#[derive(Debug, Clone, PartialEq)]
pub enum Change<'a> {
    /// Nothing stood there.
    Added(&'a Node),
    /// Nothing stands there any more.
    Removed(&'a Node),
    /// Another value takes the place of one.
    Replaced(&'a Node, &'a Node),
    /// Some members of a map change, by their names.
    Members(Vec<(&'a str, Change<'a>)>),
    /// A list changes.
    Items(Items<'a>),
}

/// How a list becomes another.
#[derive(Debug, Clone, PartialEq)]
pub struct Items<'a> {
    /// The list as it was.
    pub before: &'a [Node],
    /// The list as it is to be, in its order.
    pub steps: Vec<Step<'a>>,
    /// The members that tell its items apart; none where only their order does.
    pub named_by: Vec<&'static str>,
    /// Whether items stand in another order, where that means something.
    pub reordered: bool,
}

/// An item of the new list. Positions are those of the old one.
#[derive(Debug, Clone, PartialEq)]
pub enum Step<'a> {
    /// An old item, as it was.
    Kept(usize),
    /// An old item that changes.
    Changed(usize, Change<'a>),
    /// A new item.
    Added(&'a Node),
}

/// What makes `after` of `before`; nothing if they mean the same.
pub fn between<'a>(before: &'a Node, after: &'a Node, known: Known) -> Option<Change<'a>> {
    match (&before.data, &after.data) {
        (Data::Map(old), Data::Map(new)) => members(old, new, known),
        (Data::List(old), Data::List(new)) => list::between(old, new, known).map(Change::Items),
        _ if before == after => None,
        _ => Some(Change::Replaced(before, after)),
    }
}

fn members<'a>(old: &'a Map, new: &'a Map, known: Known) -> Option<Change<'a>> {
    let mut found = Vec::new();
    for (key, before) in old {
        let change = match new.get(key) {
            Some(after) => between(before, after, known.member(key)),
            None => Some(Change::Removed(before)),
        };
        found.extend(change.map(|change| (key.as_ref(), change)));
    }
    let added = new.iter().filter(|(key, _)| !old.contains_key(*key));
    found.extend(added.map(|(key, after)| (key.as_ref(), Change::Added(after))));
    found.sort_by_key(|(key, _)| *key);
    (!found.is_empty()).then_some(Change::Members(found))
}

/// What [`apply`] says of a value that a change was not made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mismatch;

/// Makes the new value of the old one; nothing is a value that is not there.
///
/// # Errors
/// When the change was made from another value.
pub fn apply(change: &Change, old: Option<&Node>) -> Result<Option<Node>, Mismatch> {
    match (change, old) {
        (Change::Added(new), None) => Ok(Some((*new).clone())),
        (Change::Removed(before), Some(old)) if *before == old => Ok(None),
        (Change::Replaced(before, after), Some(old)) if *before == old => {
            Ok(Some((*after).clone()))
        }
        (Change::Members(changes), Some(old)) => {
            let Data::Map(map) = &old.data else { return Err(Mismatch) };
            let mut map = map.clone();
            for (key, change) in changes {
                let made = apply(change, map.get(*key))?;
                let _ = map.remove(*key);
                if let Some(made) = made {
                    let _ = map.insert((*key).to_owned().into(), made);
                }
            }
            Ok(Some(Node { data: Data::Map(map), origin: old.origin.clone() }))
        }
        (Change::Items(items), Some(old)) => {
            let Data::List(list) = &old.data else { return Err(Mismatch) };
            if items.before != list.as_slice() {
                return Err(Mismatch);
            }
            let made = items.steps.iter().map(|step| step.apply(list));
            let made = made.collect::<Result<Vec<_>, _>>()?;
            Ok(Some(Node { data: Data::List(made), origin: old.origin.clone() }))
        }
        (
            Change::Added(_)
            | Change::Removed(_)
            | Change::Replaced(..)
            | Change::Members(_)
            | Change::Items(_),
            _,
        ) => Err(Mismatch),
    }
}

impl Step<'_> {
    fn apply(&self, old: &[Node]) -> Result<Node, Mismatch> {
        match self {
            Step::Kept(from) => old.get(*from).cloned().ok_or(Mismatch),
            Step::Changed(from, change) => apply(change, old.get(*from))?.ok_or(Mismatch),
            Step::Added(node) => Ok((*node).clone()),
        }
    }

    /// The position of the old item that it takes.
    pub fn from(&self) -> Option<usize> {
        match self {
            Step::Kept(from) | Step::Changed(from, _) => Some(*from),
            Step::Added(_) => None,
        }
    }
}

impl<'a> Items<'a> {
    /// The old items that are no longer there, with their positions.
    pub fn dropped(&self) -> impl Iterator<Item = (usize, &'a Node)> {
        let mut kept = vec![false; self.before.len()];
        for from in self.steps.iter().filter_map(Step::from) {
            if let Some(seen) = kept.get_mut(from) {
                *seen = true;
            }
        }
        let all = self.before.iter().enumerate().zip(kept);
        all.filter(|(_, kept)| !kept).map(|(dropped, _)| dropped)
    }

    /// The items that stand elsewhere among the others, if their order means something, with their new positions:
    /// as few as account for the new order.
    pub fn moved(&self) -> Vec<(usize, &'a Node)> {
        if !self.reordered {
            return Vec::new();
        }
        let taken: Vec<(usize, usize)> = self
            .steps
            .iter()
            .enumerate()
            .filter_map(|(at, step)| Some((at, step.from()?)))
            .collect();
        let stay = list::longest_rise(&taken.iter().map(|(_, from)| *from).collect::<Vec<_>>());
        let moved = taken.iter().enumerate().filter(|(position, _)| !stay.contains(position));
        moved.filter_map(|(_, (at, from))| Some((*at, self.before.get(*from)?))).collect()
    }

    /// What people call an item.
    pub fn name_of(&self, item: &Node) -> Option<String> {
        list::name_by(&self.named_by, item)
    }
}
