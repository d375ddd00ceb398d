//! Schemas in the form in which objects are compared with them: types in one row, which refer to each
//! other by position, each object's fields sorted by name.

use super::facts::{Fact, File};
use regex_lite::Regex;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::OnceLock;

/// All types of a file, as of one version.
#[derive(Debug, Default)]
pub struct Schema {
    types: Vec<Type>,
    kinds: BTreeMap<&'static str, Id>,
    names: BTreeMap<&'static str, Id>,
    empty_is_unset: bool,
}

/// A type's position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Id(usize);

/// What a value may be.
#[derive(Debug)]
pub enum Type {
    /// Anything.
    Any,
    /// True or false.
    Boolean,
    /// A whole number.
    Integer(RangeInclusive<i64>),
    /// A number.
    Number(RangeInclusive<i64>),
    /// Text.
    Text(Rules),
    /// An amount with a unit.
    Quantity,
    /// A time as RFC 3339 writes it.
    Time,
    /// Bytes in base64.
    Bytes,
    /// A list.
    List(Id, Differ),
    /// A map with any keys.
    Map(Id),
    /// A map with known keys.
    Object(Object),
    /// A container of a certain size.
    Sized(Id, Sizes),
    /// One or the other.
    Union(Vec<Id>),
}

/// In what the items of a list differ.
#[derive(Debug)]
pub enum Differ {
    /// In nothing.
    Free,
    /// They are different scalars.
    Whole,
    /// They are different in these members.
    Members(Vec<&'static str>),
}

/// How much a container holds, or how long a text is.
#[derive(Debug, Clone, Copy)]
pub struct Sizes {
    /// The least.
    pub least: usize,
    /// The most.
    pub most: usize,
}

/// What a text must be.
#[derive(Debug)]
pub struct Rules {
    /// The only texts, if any are named.
    pub words: Vec<&'static str>,
    /// A pattern, with room for what it compiles to.
    pub pattern: Option<(&'static str, OnceLock<Regex>)>,
    /// Its length in characters.
    pub sizes: Sizes,
}

/// A map with known keys.
#[derive(Debug)]
pub struct Object {
    /// Sorted by name.
    fields: Vec<(&'static str, Id)>,
    /// Those that must be there.
    pub required: Vec<&'static str>,
    /// What every other field is, if there may be others.
    pub others: Option<Id>,
}

impl Sizes {
    const FREE: Sizes = Sizes { least: 0, most: usize::MAX };

    fn of(fact: &Fact) -> Sizes {
        let Sizes { least, most } = Sizes::FREE;
        Sizes { least: fact.min_size.unwrap_or(least), most: fact.max_size.unwrap_or(most) }
    }
}

impl Object {
    /// The type of a field.
    pub fn field(&self, name: &str) -> Option<Id> {
        let at = self.fields.binary_search_by(|(known, _)| (*known).cmp(name)).ok()?;
        self.fields.get(at).map(|(_, id)| *id)
    }

    /// All fields with their types.
    pub fn fields(&self) -> impl Iterator<Item = (&'static str, Id)> {
        self.fields.iter().copied()
    }
}

impl Schema {
    /// What a file says of a minor version.
    pub fn compile(file: &'static File, minor: u32) -> Schema {
        let empty_is_unset = file.minors.is_some();
        let mut schema = Schema { empty_is_unset, ..Schema::default() };
        for name in file.types.keys() {
            let id = schema.add(Type::Any);
            let _ = schema.names.insert(name, id);
        }
        for (name, members) in &file.types {
            let mut object = Object { fields: Vec::new(), required: Vec::new(), others: None };
            for (field, history) in members {
                let Some(fact) = history.at(minor) else { continue };
                let id = schema.of(fact);
                if *field == "*" {
                    object.others = Some(id);
                    continue;
                }
                object.fields.push((field, id));
                if fact.form.ends_with('!') {
                    object.required.push(field);
                }
            }
            if let Some(place) = schema.names.get(name).and_then(|id| schema.types.get_mut(id.0)) {
                *place = Type::Object(object);
            }
        }
        for (kind, history) in &file.kinds {
            if let Some(fact) = history.at(minor) {
                let id = schema.named(fact.form);
                let _ = schema.kinds.insert(kind, id);
            }
        }
        schema
    }

    /// Whether an empty text is as good as none: the built-in types are structs of Go.
    pub fn empty_is_unset(&self) -> bool {
        self.empty_is_unset
    }

    /// The type at a position.
    pub fn get(&self, id: Id) -> &Type {
        self.types.get(id.0).expect("bug: a type has no place")
    }

    /// The type of a kind, by `apiVersion/kind`.
    pub fn kind(&self, name: &str) -> Option<&Object> {
        self.object(*self.kinds.get(name)?)
    }

    /// All kinds, by `apiVersion/kind`.
    pub fn kinds(&self) -> impl Iterator<Item = &'static str> {
        self.kinds.keys().copied()
    }

    /// A type that the file names.
    pub fn named(&self, name: &str) -> Id {
        *self.names.get(name).expect("bug: a schema names a type that it does not have")
    }

    /// The object that a value of this type is, or that its items are.
    pub fn object(&self, id: Id) -> Option<&Object> {
        match self.get(id) {
            Type::Object(object) => Some(object),
            Type::List(inner, _) | Type::Map(inner) | Type::Sized(inner, _) => self.object(*inner),
            Type::Union(either) => either.iter().find_map(|id| self.object(*id)),
            Type::Any
            | Type::Boolean
            | Type::Integer(_)
            | Type::Number(_)
            | Type::Text(_)
            | Type::Quantity
            | Type::Time
            | Type::Bytes => None,
        }
    }

    fn add(&mut self, one: Type) -> Id {
        self.types.push(one);
        Id(self.types.len() - 1)
    }

    fn of(&mut self, fact: &'static Fact) -> Id {
        let form = fact.form.trim_end_matches('!');
        if fact.is_plain() {
            return self.plain(form);
        }
        let bounds = |least, most| fact.minimum.unwrap_or(least)..=fact.maximum.unwrap_or(most);
        match form {
            "string" => {
                let pattern = fact.pattern.as_deref().map(|pattern| (pattern, OnceLock::new()));
                let words = fact.words.clone();
                self.add(Type::Text(Rules { words, pattern, sizes: Sizes::of(fact) }))
            }
            "int32" => self.add(Type::Integer(bounds(i32::MIN.into(), i32::MAX.into()))),
            "int64" => self.add(Type::Integer(bounds(i64::MIN, i64::MAX))),
            "number" => self.add(Type::Number(bounds(i64::MIN, i64::MAX))),
            _ => {
                let inner = match &fact.of {
                    Some(item) => {
                        let item = self.of(item);
                        self.container(form, item)
                    }
                    None => self.plain(form),
                };
                let sizes = Sizes::of(fact);
                self.add(Type::Sized(inner, sizes))
            }
        }
    }

    /// The type that a word of the notation is; the same word gives the same type.
    fn plain(&mut self, form: &'static str) -> Id {
        if let Some(id) = self.names.get(form) {
            return *id;
        }
        let id = match form {
            "any" => self.add(Type::Any),
            "boolean" => self.add(Type::Boolean),
            "int32" => self.add(Type::Integer(i32::MIN.into()..=i32::MAX.into())),
            "int64" => self.add(Type::Integer(i64::MIN..=i64::MAX)),
            "number" => self.add(Type::Number(i64::MIN..=i64::MAX)),
            "string" => {
                let rules = Rules { words: Vec::new(), pattern: None, sizes: Sizes::FREE };
                self.add(Type::Text(rules))
            }
            "quantity" => self.add(Type::Quantity),
            "date-time" => self.add(Type::Time),
            "byte" => self.add(Type::Bytes),
            _ if form.contains('|') => {
                let either = form.split('|').map(|one| self.plain(one)).collect();
                self.add(Type::Union(either))
            }
            _ => {
                let (container, item) = form
                    .find(']')
                    .and_then(|end| form.split_at_checked(end + 1))
                    .expect("bug: a schema names a type that it does not have");
                let item = self.plain(item);
                self.container(container, item)
            }
        };
        let _ = self.names.insert(form, id);
        id
    }

    fn container(&mut self, form: &'static str, item: Id) -> Id {
        let keys = form.trim_start_matches('[').trim_end_matches(']');
        self.add(match form {
            "map[string]" => Type::Map(item),
            "[]" => Type::List(item, Differ::Free),
            "[.]" => Type::List(item, Differ::Whole),
            _ => Type::List(item, Differ::Members(keys.split(',').collect())),
        })
    }
}
