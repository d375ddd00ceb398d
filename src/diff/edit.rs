//! A change as a list of edits, each at a place, as people read it.

use super::value::{Change, Items, Step};
use crate::node::{Data, Node};
use crate::pointer::Pointer;
use std::fmt;

/// One edit.
#[derive(Debug, Clone)]
pub struct Edit<'a> {
    /// Where.
    pub place: Place<'a>,
    /// What stood there, if anything did.
    pub before: Option<&'a Node>,
    /// What is to stand there, if anything is.
    pub after: Option<&'a Node>,
}

/// A place that holds for both sides: list items are called by their names where they have any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place<'a>(Vec<Part<'a>>);

/// A step on the way to a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part<'a> {
    /// A member of a map.
    Member(&'a str),
    /// An item with a name.
    Named(String),
    /// An item without one, at its position: in the new list, or in the old one if it is gone.
    At(usize),
}

impl<'a> Place<'a> {
    fn with(&self, part: Part<'a>) -> Place<'a> {
        let mut parts = self.0.clone();
        parts.push(part);
        Place(parts)
    }

    /// The place that a JSON pointer means, all of whose parts are members.
    pub fn of(pointer: &'a Pointer) -> Place<'a> {
        Place(pointer.parts().iter().map(|part| Part::Member(part)).collect())
    }

    /// The parts.
    pub fn parts(&self) -> &[Part<'a>] {
        &self.0
    }
}

impl Part<'_> {
    /// The member's name; of an item `*`, which no member of what we make is called.
    pub fn key(&self) -> &str {
        match self {
            Part::Member(name) => name,
            Part::Named(_) | Part::At(_) => "*",
        }
    }
}

/// As a JSON pointer, but with items' names in brackets.
impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|part| match part {
            Part::Member(name) => write!(f, "/{}", name.replace('~', "~0").replace('/', "~1")),
            Part::Named(name) => write!(f, "/[{name}]"),
            Part::At(position) => write!(f, "/{position}"),
        })
    }
}

/// The edits of a change, in the order of their places.
pub fn edits<'a>(change: &Change<'a>) -> Vec<Edit<'a>> {
    let mut found = Vec::new();
    collect(change, &Place::default(), &mut found);
    found
}

fn collect<'a>(change: &Change<'a>, place: &Place<'a>, found: &mut Vec<Edit<'a>>) {
    let mut add = |before, after| found.push(Edit { place: place.clone(), before, after });
    match change {
        Change::Added(node) => add(None, Some(node)),
        Change::Removed(node) => add(Some(node), None),
        Change::Replaced(before, after) => add(Some(before), Some(after)),
        Change::Members(members) => members.iter().for_each(|(key, change)| {
            collect(change, &place.with(Part::Member(key)), found);
        }),
        Change::Items(items) => collect_items(items, place, found),
    }
}

fn collect_items<'a>(items: &Items<'a>, place: &Place<'a>, found: &mut Vec<Edit<'a>>) {
    let part = |at, item: &Node| match items.name_of(item) {
        Some(name) => Part::Named(name),
        None => Part::At(at),
    };
    for (at, item) in items.dropped() {
        let place = place.with(part(at, item));
        found.push(Edit { place, before: Some(item), after: None });
    }
    for (at, step) in items.steps.iter().enumerate() {
        match step {
            Step::Kept(_) => {}
            Step::Changed(from, change) => {
                let part = items.before.get(*from).map_or(Part::At(at), |item| part(at, item));
                collect(change, &place.with(part), found);
            }
            Step::Added(item) => {
                let place = place.with(part(at, item));
                found.push(Edit { place, before: None, after: Some(item) });
            }
        }
    }
    for (at, item) in items.moved() {
        let place = place.with(part(at, item));
        found.push(Edit { place, before: Some(item), after: Some(item) });
    }
}

impl<'a> Edit<'a> {
    /// Whether only its position among others changes.
    pub fn is_move(&self) -> bool {
        self.before.is_some() && self.before == self.after
    }

    /// The edit of each leaf that it adds, removes or replaces.
    pub fn leaves(&self) -> Vec<Edit<'a>> {
        let mut found = Vec::new();
        match (self.before, self.after) {
            (Some(before), Some(after)) if is_leaf(before) && is_leaf(after) => {
                found.push(self.clone());
            }
            _ if self.is_move() => found.push(self.clone()),
            (before, after) => {
                let place = &self.place;
                let gone = before.into_iter().flat_map(|node| leaves(place, node));
                found.extend(gone.map(|(place, node)| Edit {
                    place,
                    before: Some(node),
                    after: None,
                }));
                let new = after.into_iter().flat_map(|node| leaves(place, node));
                found.extend(new.map(|(place, node)| Edit {
                    place,
                    before: None,
                    after: Some(node),
                }));
            }
        }
        found
    }
}

fn is_leaf(node: &Node) -> bool {
    match &node.data {
        Data::Map(map) => map.is_empty(),
        Data::List(items) => items.is_empty(),
        Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::Text(_) => true,
    }
}

fn leaves<'a>(place: &Place<'a>, node: &'a Node) -> Vec<(Place<'a>, &'a Node)> {
    match &node.data {
        Data::Map(map) if !map.is_empty() => {
            let member = |(key, value): (&'a crate::node::Text, &'a Node)| {
                leaves(&place.with(Part::Member(key)), value)
            };
            map.iter().flat_map(member).collect()
        }
        Data::List(items) if !items.is_empty() => {
            let item = |(at, item)| leaves(&place.with(Part::At(at)), item);
            items.iter().enumerate().flat_map(item).collect()
        }
        Data::Map(_)
        | Data::List(_)
        | Data::Null
        | Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::Text(_) => vec![(place.clone(), node)],
    }
}
