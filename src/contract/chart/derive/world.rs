//! What a template can hold while it runs, and what is known of the places of the values.

use crate::node::Node;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

/// A value, known by number: equal values have equal numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Id(pub u32);
/// A place in the values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PlaceId(pub u32);
/// A map that a template made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObjectId(pub u32);

/// The most values that one value may stand for; more are given up.
const MAX_CHOICES: usize = 120;
/// The deepest place; what lies below is read whole.
const MAX_DEPTH: usize = 24;
/// The most values, places and maps.
const MAX_KNOWN: usize = 400_000;
/// The most that all of it may hold, in items and in pieces of text.
const MAX_HELD: usize = 2_000_000;
/// The most places; no chart has a tenth of them.
const MAX_PLACES: usize = 40_000;
/// The longest key. Kubernetes has none that are longer, and no chart does.
const MAX_KEY: usize = 253;
/// How deeply values may lie in values; what lies deeper is read whole.
const MAX_HEIGHT: u8 = 60;
/// The most work: steps, and what each of them goes through. The largest of our charts takes a fifth.
const MAX_WORK: u64 = 20_000_000;
/// How many bytes of text are as much work as a step.
const BYTES_A_STEP: usize = 32;

/// What an expression may be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// Nothing is known of it but that it is no place.
    Opaque,
    /// The files of a chart, or text of any of them.
    Files(u32),
    /// No value.
    Null,
    /// A boolean.
    Bool(bool),
    /// A number, as written.
    Number(String),
    /// A text.
    Text(String),
    /// What stands at a place of the values.
    Place(PlaceId),
    /// A map.
    Object(ObjectId),
    /// A list of these items.
    List(Vec<Id>),
    /// A list of any number of such items.
    Items(Id),
    /// Text made of these, one after the other.
    Print(Vec<Id>),
    /// A value as YAML or JSON.
    Yaml(Id),
    /// One of several.
    Either(Vec<Id>),
}

impl Value {
    /// The values that lie in it.
    fn inner(&self) -> &[Id] {
        match self {
            Value::List(inner) | Value::Print(inner) | Value::Either(inner) => inner,
            Value::Items(inner) | Value::Yaml(inner) => std::slice::from_ref(inner),
            Value::Opaque
            | Value::Files(_)
            | Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::Text(_)
            | Value::Place(_)
            | Value::Object(_) => &[],
        }
    }

    /// How much of it there is to go through.
    fn size(&self) -> usize {
        let text = match self {
            Value::Text(text) | Value::Number(text) => text.len(),
            Value::Opaque
            | Value::Files(_)
            | Value::Null
            | Value::Bool(_)
            | Value::Place(_)
            | Value::Object(_)
            | Value::List(_)
            | Value::Items(_)
            | Value::Print(_)
            | Value::Yaml(_)
            | Value::Either(_) => 0,
        };
        1 + self.inner().len() + text / BYTES_A_STEP
    }
}

/// What is known of a place.
#[derive(Debug, Default)]
pub struct Place<'a> {
    /// What `values.yaml` files have here.
    pub defaults: Vec<&'a Node>,
    /// How many keys lead here.
    pub depth: usize,
    /// Its members that were asked for.
    pub members: BTreeMap<String, PlaceId>,
    /// Any of its items, or of its members.
    pub each: Option<PlaceId>,
    /// The outer chart's values, if this is a chart's: it shares their `global`.
    pub above: Option<PlaceId>,
    /// How it was read.
    pub read: BTreeSet<Read>,
    /// What templates wrote into it, by key.
    pub written: BTreeMap<String, BTreeSet<Id>>,
    /// What templates merged into it.
    pub merged: BTreeSet<Id>,
}

/// A way to read a place, beyond asking for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Read {
    /// As text.
    Printed,
    /// With everything below it.
    Whole,
    /// Item by item.
    Ranged,
    /// Its type was asked for.
    Typed,
}

/// A map that a template made.
#[derive(Debug, Default)]
pub struct Object {
    /// Its members.
    pub fields: BTreeMap<String, Id>,
    /// What members with other names may be.
    pub rest: BTreeSet<Id>,
    /// What was merged into it.
    pub merged: BTreeSet<Id>,
}

/// Everything that is known.
#[derive(Debug, Default)]
pub struct World<'a> {
    values: Vec<Value>,
    /// How deeply values lie in each of them.
    heights: Vec<u8>,
    /// What all of them hold.
    held: usize,
    /// What has been done.
    work: Cell<u64>,
    numbers: BTreeMap<Value, Id>,
    /// The places.
    pub places: Vec<Place<'a>>,
    /// The maps.
    pub objects: Vec<Object>,
    /// What the maps were made from.
    made: BTreeMap<(u32, u32, Vec<Id>), ObjectId>,
    /// What could not be followed.
    pub notes: BTreeSet<String>,
    /// How many switches for the chart's own tests are on: all values put out then are read by
    /// nothing that is deployed.
    pub hidden: usize,
    /// Whether something was learned since this was last set to false.
    pub learned: bool,
}

impl<'a> World<'a> {
    /// Whether more is known than ought to be needed.
    pub fn is_full(&self) -> bool {
        let known = self.values.len() + self.places.len() + self.objects.len();
        known > MAX_KNOWN
            || self.held > MAX_HELD
            || self.places.len() > MAX_PLACES
            || self.work.get() > MAX_WORK
    }

    /// Counts work.
    pub fn spend(&self, steps: usize) {
        let steps = u64::try_from(steps).unwrap_or(u64::MAX);
        self.work.set(self.work.get().saturating_add(steps));
    }

    /// Counts the work of going through a text.
    pub fn spend_on(&self, text: &str) {
        self.spend(1 + text.len() / BYTES_A_STEP);
    }

    /// The number of a value. One that lies too deep in itself is read whole, and unknown.
    pub fn id(&mut self, value: Value) -> Id {
        let size = value.size();
        self.spend(size);
        if let Some(id) = self.numbers.get(&value) {
            return *id;
        }
        let height = self.height(&value);
        if height > MAX_HEIGHT {
            value.inner().iter().for_each(|id| self.read_whole(*id));
            return self.opaque();
        }
        let id = Id(u32::try_from(self.values.len()).unwrap_or(u32::MAX));
        self.held += size;
        self.heights.push(height);
        self.values.push(value.clone());
        let _ = self.numbers.insert(value, id);
        id
    }

    fn height(&self, value: &Value) -> u8 {
        let heights = value.inner().iter().map(|id| self.heights.get(id.0 as usize));
        heights.map(|height| height.map_or(0, |height| height.saturating_add(1))).max().unwrap_or(0)
    }

    /// The value with a number, to be kept while others are made.
    pub fn copy_of(&self, id: Id) -> Value {
        let value = self.value(id);
        self.spend(value.size());
        value.clone()
    }

    /// The value with a number.
    pub fn value(&self, id: Id) -> &Value {
        self.values.get(id.0 as usize).unwrap_or(&Value::Opaque)
    }

    /// A text.
    pub fn text(&mut self, text: &str) -> Id {
        self.id(Value::Text(text.to_owned()))
    }

    /// An unknown value.
    pub fn opaque(&mut self) -> Id {
        self.id(Value::Opaque)
    }

    /// No value.
    pub fn null(&mut self) -> Id {
        self.id(Value::Null)
    }

    /// A new place.
    pub fn new_place(&mut self, place: Place<'a>) -> PlaceId {
        self.learned = true;
        self.places.push(place);
        PlaceId(u32::try_from(self.places.len() - 1).unwrap_or(u32::MAX))
    }

    /// A place.
    pub fn place(&mut self, id: PlaceId) -> &mut Place<'a> {
        self.places.get_mut(id.0 as usize).expect("bug: a place has no entry")
    }

    /// A map.
    pub fn object(&mut self, id: ObjectId) -> &mut Object {
        self.objects.get_mut(id.0 as usize).expect("bug: a map has no entry")
    }

    /// The map that a command makes of some values in a context.
    pub fn make(&mut self, site: u32, context: u32, from: Vec<Id>) -> ObjectId {
        let next = ObjectId(u32::try_from(self.objects.len()).unwrap_or(u32::MAX));
        let id = *self.made.entry((site, context, from)).or_insert(next);
        if id == next {
            self.learned = true;
            self.objects.push(Object::default());
        }
        id
    }

    /// A member of a place.
    pub fn member_of(&mut self, place: PlaceId, key: &str) -> PlaceId {
        let here = self.place(place);
        if let Some(known) = here.members.get(key) {
            return *known;
        }
        if here.depth >= MAX_DEPTH || key.len() > MAX_KEY {
            let _ = here.read.insert(Read::Whole);
            return place;
        }
        let defaults = here.defaults.iter().filter_map(|node| node.get(key)).collect();
        let child = Place { defaults, depth: here.depth + 1, ..Place::default() };
        let id = self.new_place(child);
        let _ = self.place(place).members.insert(key.to_owned(), id);
        id
    }

    /// Any item or member of a place.
    pub fn each_of(&mut self, place: PlaceId) -> PlaceId {
        let here = self.place(place);
        if let Some(known) = here.each {
            return known;
        }
        if here.depth >= MAX_DEPTH {
            let _ = here.read.insert(Read::Whole);
            return place;
        }
        let defaults = here.defaults.iter().flat_map(|node| super::inner(node)).collect();
        let child = Place { defaults, depth: here.depth + 1, ..Place::default() };
        let id = self.new_place(child);
        self.place(place).each = Some(id);
        id
    }

    /// One of some values.
    pub fn join(&mut self, from: impl IntoIterator<Item = Id>) -> Id {
        let mut choices = BTreeSet::new();
        for id in from {
            let value = self.value(id);
            self.spend(value.size());
            match value {
                Value::Either(inner) => choices.extend(inner.iter().copied()),
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
                | Value::Yaml(_) => {
                    let _ = choices.insert(id);
                }
            }
        }
        if choices.len() > MAX_CHOICES {
            let _ = self.notes.insert("a value has too many choices; they are read whole".into());
            choices.into_iter().for_each(|id| self.read_whole(id));
            return self.opaque();
        }
        match choices.first() {
            Some(only) if choices.len() == 1 => *only,
            Some(_) => self.id(Value::Either(choices.into_iter().collect())),
            None => self.null(),
        }
    }

    /// What a value may be, one by one.
    pub fn choices(&self, id: Id) -> Vec<Id> {
        match self.value(id) {
            Value::Either(choices) => choices.clone(),
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
            | Value::Yaml(_) => vec![id],
        }
    }

    /// Adds to what is known of how a place is read.
    pub fn mark(&mut self, place: PlaceId, read: Read) {
        self.learned |= self.place(place).read.insert(read);
    }
}
