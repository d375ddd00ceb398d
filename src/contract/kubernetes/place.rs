//! Where a check is in an object. Nothing is allocated until something is found.

use super::schema::Object;
use crate::contract::Place;
use crate::pointer::Pointer;
use std::borrow::Cow;

/// A way from the root of an object.
#[derive(Debug, Clone, Copy)]
pub struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    step: Step<'a>,
    depth: usize,
    /// The type of the map that the step leads out of.
    pub object: Option<&'a Object>,
}

/// One step of it.
#[derive(Debug, Clone, Copy)]
enum Step<'a> {
    Root,
    Key(&'a str),
    Item(usize),
}

impl<'a> Path<'a> {
    /// The object itself.
    pub const ROOT: Path<'static> = Path { parent: None, step: Step::Root, depth: 0, object: None };

    /// On to a member.
    pub fn key(&'a self, key: &'a str) -> Path<'a> {
        Path { parent: Some(self), step: Step::Key(key), depth: self.depth + 1, object: None }
    }

    /// On to a member of a map whose type is known.
    pub fn field(&'a self, key: &'a str, object: &'a Object) -> Path<'a> {
        Path { object: Some(object), ..self.key(key) }
    }

    /// On to an item.
    pub fn item(&'a self, position: usize) -> Path<'a> {
        Path { parent: Some(self), step: Step::Item(position), depth: self.depth + 1, object: None }
    }

    /// How many steps it has.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// The value at its end.
    pub fn value(&self) -> Place {
        Place::Value(self.pointer())
    }

    /// The key of the member at its end.
    pub fn name(&self) -> Place {
        Place::Key(self.pointer())
    }

    /// The way as a JSON pointer.
    pub fn pointer(&self) -> Pointer {
        let mut steps: Vec<Cow<'_, str>> = Vec::with_capacity(self.depth);
        for path in self.upwards() {
            match path.step {
                Step::Root => {}
                Step::Key(key) => steps.push(key.into()),
                Step::Item(position) => steps.push(position.to_string().into()),
            }
        }
        let mut pointer = Pointer::default();
        steps.iter().rev().for_each(|step| pointer.push(step));
        pointer
    }

    /// This way, the way to what holds its end, and so on.
    pub fn upwards(&'a self) -> impl Iterator<Item = &'a Path<'a>> {
        std::iter::successors(Some(self), |path| path.parent)
    }

    /// The last key.
    pub fn last_key(&self) -> Option<&'a str> {
        match self.step {
            Step::Key(key) => Some(key),
            Step::Root | Step::Item(_) => None,
        }
    }

    /// What people call the value at its end.
    pub fn called(&self) -> String {
        match (self.step, self.parent) {
            (Step::Root, _) => "the object".to_owned(),
            (Step::Key(key), _) => format!("`{key}`"),
            (Step::Item(_), Some(list)) => format!("an item of {}", list.called()),
            (Step::Item(_), None) => "an item".to_owned(),
        }
    }
}
