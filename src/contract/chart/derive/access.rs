//! Members and items of values, and what it means to read one.

use super::world::{Id, ObjectId, PlaceId, Read, Value, World};
use std::collections::BTreeSet;

/// The most texts that one expression may stand for.
const MAX_TEXTS: usize = 64;
/// The most bytes of a text that is put together of others.
pub const MAX_TEXT: usize = 4_096;

/// A walk through values: each is visited once, however often it lies in others.
struct Walk {
    /// What is to be visited.
    open: Vec<Id>,
    choices: Vec<Id>,
    seen: BTreeSet<Id>,
    /// What was found on the way.
    found: Vec<Id>,
}

impl Walk {
    fn from(id: Id) -> Walk {
        Walk { open: vec![id], choices: Vec::new(), seen: BTreeSet::new(), found: Vec::new() }
    }

    /// The next value: never one of several.
    fn next(&mut self, world: &World<'_>) -> Option<Id> {
        loop {
            world.spend(1);
            match self.choices.pop() {
                Some(choice) if self.seen.insert(choice) => return Some(choice),
                Some(_) => {}
                None => self.choices = world.choices(self.open.pop()?),
            }
        }
    }
}

impl World<'_> {
    /// A member by name; null if there is none.
    pub fn member(&mut self, of: Id, key: &str) -> Id {
        let mut walk = Walk::from(of);
        while let Some(choice) = walk.next(self) {
            match self.copy_of(choice) {
                Value::Place(place) => self.member_of_place(place, key, &mut walk),
                Value::Object(object) => {
                    let null = self.null();
                    let object = self.object(object);
                    let field = object.fields.get(key).copied();
                    walk.open.extend(object.merged.iter().copied());
                    walk.found.push(field.unwrap_or(null));
                    walk.found.extend(object.rest.iter().copied());
                }
                // A member of a known list is asked for by number.
                Value::List(items) => {
                    let at = key.parse::<usize>().ok();
                    let item = at.and_then(|at| items.get(at).copied());
                    walk.found.push(item.unwrap_or(self.null()));
                }
                Value::Items(item) => walk.found.push(item),
                Value::Opaque | Value::Print(_) | Value::Yaml(_) => walk.found.push(self.opaque()),
                Value::Files(_) => walk.found.push(choice),
                Value::Null
                | Value::Bool(_)
                | Value::Number(_)
                | Value::Text(_)
                | Value::Either(_) => walk.found.push(self.null()),
            }
        }
        self.join(walk.found)
    }

    fn member_of_place(&mut self, place: PlaceId, key: &str, walk: &mut Walk) {
        let mut next = Some(place);
        while let Some(place) = next {
            let child = self.member_of(place, key);
            walk.found.push(self.id(Value::Place(child)));
            let here = self.place(place);
            next = here.above.filter(|_| key == "global");
            // What was written under an unknown name may be under this one.
            let written = [key, "*"].into_iter().filter_map(|key| here.written.get(key));
            walk.found.extend(written.flatten().copied());
            walk.open.extend(here.merged.iter().copied());
        }
    }

    /// A member by a name, or an item by a number, that is known only when a template runs.
    pub fn index(&mut self, of: Id, key: Id) -> Id {
        match self.texts(key) {
            Some(keys) => {
                let number = matches!(self.value(key), Value::Number(_));
                let found: Vec<Id> = keys
                    .iter()
                    .map(|key| if number { self.item(of, key) } else { self.member(of, key) })
                    .collect();
                self.join(found)
            }
            None => self.each(of),
        }
    }

    /// An item by number: of a place, it is any.
    fn item(&mut self, of: Id, number: &str) -> Id {
        let mut found = Vec::new();
        for choice in self.choices(of) {
            let known = matches!(self.value(choice), Value::List(_));
            found.push(if known { self.member(choice, number) } else { self.each(choice) });
        }
        self.join(found)
    }

    /// Any item or member.
    pub fn each(&mut self, of: Id) -> Id {
        let mut walk = Walk::from(of);
        while let Some(choice) = walk.next(self) {
            match self.copy_of(choice) {
                Value::Place(place) => {
                    let each = self.each_of(place);
                    self.mark(place, Read::Ranged);
                    walk.found.push(self.id(Value::Place(each)));
                    let here = self.place(place);
                    walk.found.extend(here.written.values().flatten().copied());
                    walk.open.extend(here.merged.iter().copied());
                }
                Value::Object(object) => {
                    let object = self.object(object);
                    walk.found.extend(object.fields.values().copied());
                    walk.found.extend(object.rest.iter().copied());
                    walk.open.extend(object.merged.iter().copied());
                }
                Value::List(items) => walk.found.extend(items),
                Value::Items(item) => walk.found.push(item),
                Value::Files(_) => walk.found.push(choice),
                Value::Opaque
                | Value::Bool(_)
                | Value::Number(_)
                | Value::Text(_)
                | Value::Print(_)
                | Value::Yaml(_)
                | Value::Either(_) => walk.found.push(self.opaque()),
                Value::Null => {}
            }
        }
        self.join(walk.found)
    }

    /// Reads a value as text.
    pub fn read_printed(&mut self, id: Id) {
        self.read(id, Read::Printed);
    }

    /// Reads a value with everything in it.
    pub fn read_whole(&mut self, id: Id) {
        self.read(id, Read::Whole);
    }

    fn read(&mut self, id: Id, how: Read) {
        let mut seen = BTreeSet::new();
        let mut open = vec![(id, how)];
        while let Some((id, how)) = open.pop() {
            if !seen.insert(id) {
                continue;
            }
            let (inner, how): (Vec<Id>, Read) = match self.copy_of(id) {
                Value::Place(place) => {
                    if !self.read_place(place, how) {
                        continue;
                    }
                    let here = self.place(place);
                    let written = here.written.values().flatten().copied();
                    (written.chain(here.merged.iter().copied()).collect(), how)
                }
                Value::Object(object) => {
                    let object = self.object(object);
                    let inner = object.fields.values().chain(&object.rest).chain(&object.merged);
                    (inner.copied().collect(), Read::Whole)
                }
                Value::List(items) => (items, Read::Whole),
                Value::Items(item) => (vec![item], Read::Whole),
                Value::Yaml(inner) => (vec![inner], Read::Whole),
                Value::Print(pieces) => (pieces, Read::Printed),
                Value::Either(choices) => (choices, how),
                Value::Opaque
                | Value::Files(_)
                | Value::Null
                | Value::Bool(_)
                | Value::Number(_)
                | Value::Text(_) => (Vec::new(), how),
            };
            self.spend(inner.len());
            open.extend(inner.into_iter().rev().map(|id| (id, how)));
        }
    }

    /// Notes that a place is read. Not all values at once, if only a test of the chart reads them.
    fn read_place(&mut self, place: PlaceId, how: Read) -> bool {
        if self.place(place).depth == 0 {
            let hidden = self.hidden > 0;
            let when = if hidden { ", for tests of the chart only" } else { "" };
            let _ = self.notes.insert(format!("all values are read at once{when}"));
            if hidden {
                return false;
            }
        }
        self.mark(place, how);
        true
    }

    /// Notes that a value's type is asked for, so that any may be given.
    pub fn read_type(&mut self, id: Id) {
        let mut walk = Walk::from(id);
        while let Some(choice) = walk.next(self) {
            match self.copy_of(choice) {
                Value::Place(place) => self.mark(place, Read::Typed),
                Value::Print(pieces) => walk.open.extend(pieces),
                Value::Opaque
                | Value::Files(_)
                | Value::Null
                | Value::Bool(_)
                | Value::Number(_)
                | Value::Text(_)
                | Value::Object(_)
                | Value::List(_)
                | Value::Items(_)
                | Value::Yaml(_)
                | Value::Either(_) => {}
            }
        }
    }

    /// Whether a value counts as true, where that is certain.
    pub fn truth(&self, id: Id) -> Option<bool> {
        match self.value(id) {
            Value::Null => Some(false),
            Value::Bool(value) => Some(*value),
            Value::Text(text) => Some(!text.is_empty()),
            Value::Number(number) => number.parse::<f64>().ok().map(|number| number != 0.0),
            Value::List(items) => Some(!items.is_empty()),
            Value::Either(choices) => {
                let mut truths = choices.iter().map(|choice| self.truth(*choice));
                let first = truths.next().flatten()?;
                truths.all(|truth| truth == Some(first)).then_some(first)
            }
            Value::Print(pieces) => {
                let certain = |id: &Id| matches!(self.value(*id), Value::Text(t) if !t.is_empty());
                pieces.iter().any(certain).then_some(true)
            }
            Value::Opaque
            | Value::Files(_)
            | Value::Place(_)
            | Value::Object(_)
            | Value::Items(_)
            | Value::Yaml(_) => None,
        }
    }

    /// The texts that a value may be, if they are all known.
    pub fn texts(&self, id: Id) -> Option<Vec<String>> {
        match self.value(id) {
            Value::Text(text) | Value::Number(text) => {
                self.spend_on(text);
                Some(vec![text.clone()])
            }
            Value::Bool(value) => Some(vec![value.to_string()]),
            Value::Either(choices) => {
                let mut all = Vec::new();
                for choice in choices {
                    all.extend(self.texts(*choice)?);
                }
                (all.len() <= MAX_TEXTS).then_some(all)
            }
            Value::Print(pieces) => {
                let mut all = vec![String::new()];
                for piece in pieces {
                    let next = self.texts(*piece)?;
                    let both = |start: &String| -> Vec<String> {
                        next.iter().map(|end| format!("{start}{end}")).collect()
                    };
                    all = all.iter().flat_map(both).collect();
                    let longest = all.iter().map(String::len).max().unwrap_or(0);
                    self.spend(all.len() * (1 + longest / 32));
                    if all.len() > MAX_TEXTS || longest > MAX_TEXT {
                        return None;
                    }
                }
                Some(all)
            }
            Value::Opaque
            | Value::Files(_)
            | Value::Null
            | Value::Place(_)
            | Value::Object(_)
            | Value::List(_)
            | Value::Items(_)
            | Value::Yaml(_) => None,
        }
    }

    /// Writes a member, which may or may not be there then.
    pub fn write(&mut self, into: Id, key: Id, value: Id) {
        let keys = self.texts(key);
        for choice in self.choices(into) {
            let target = self.copy_of(choice);
            if let Value::Place(place) = target {
                let keys = keys.clone().unwrap_or_else(|| vec!["*".to_owned()]);
                for key in keys {
                    let new = self.place(place).written.entry(key).or_default().insert(value);
                    self.learned |= new;
                }
            } else if let Value::Object(object) = target {
                self.write_field(object, keys.as_deref(), value);
            }
        }
    }

    fn write_field(&mut self, object: ObjectId, keys: Option<&[String]>, value: Id) {
        let Some(keys) = keys else {
            let new = self.object(object).rest.insert(value);
            self.learned |= new;
            return;
        };
        for key in keys {
            let null = self.null();
            let old = self.object(object).fields.get(key).copied().unwrap_or(null);
            let both = self.join([old, value]);
            let fields = &mut self.object(object).fields;
            self.learned |= fields.insert(key.clone(), both) != Some(both);
        }
    }

    /// Merges a value into another.
    pub fn merge(&mut self, into: Id, from: Id) {
        for choice in self.choices(into) {
            let new = match self.copy_of(choice) {
                Value::Place(place) if choice != from => self.place(place).merged.insert(from),
                Value::Object(object) if choice != from => self.object(object).merged.insert(from),
                Value::Opaque
                | Value::Files(_)
                | Value::Null
                | Value::Bool(_)
                | Value::Number(_)
                | Value::Text(_)
                | Value::Place(_)
                | Value::Object(_)
                | Value::List(_)
                | Value::Items(_)
                | Value::Print(_)
                | Value::Yaml(_)
                | Value::Either(_) => false,
            };
            self.learned |= new;
        }
    }
}
