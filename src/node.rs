//! The one tree that carries values from the model to the output, origins included.
//!
//! Start with [`map`], [`list`] and [`because`]; a [`Sourced`] value becomes a leaf through
//! [`Node::from`]. Maps are sorted, so equal trees print equally.

use crate::origin::{Origin, Sourced};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Text that is mostly constant.
pub type Text = Cow<'static, str>;
/// A map's members, sorted by key.
pub type Map = BTreeMap<Text, Node>;

/// A value and the reason for it.
#[derive(Debug, Clone)]
pub struct Node {
    /// The value.
    pub data: Data,
    /// Why it is there.
    pub origin: Origin,
}

/// The values of JSON, with whole numbers kept whole.
#[derive(Debug, Clone, PartialEq)]
pub enum Data {
    /// No value; in Helm it deletes a chart's default.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// Text.
    Text(Text),
    /// An ordered list.
    List(Vec<Node>),
    /// Named members.
    Map(Map),
}

impl Data {
    /// What people call this kind of value.
    pub fn name(&self) -> &'static str {
        match self {
            Data::Null => "nothing",
            Data::Bool(_) => "a boolean",
            Data::Int(_) | Data::Float(_) => "a number",
            Data::Text(_) => "text",
            Data::List(_) => "a list",
            Data::Map(_) => "a map",
        }
    }
}

/// Two nodes are equal when their values are: why a value is there does not change it.
impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.data == other.data
    }
}

/// A constant of ours. It cannot be made without its reason.
pub fn because(why: &'static str, value: impl Into<Data>) -> Node {
    Node { data: value.into(), origin: Origin::because(why) }
}

/// A map of the given members.
pub fn map<K: Into<Text>>(members: impl IntoIterator<Item = (K, Node)>) -> Node {
    Node {
        data: Data::Map(members.into_iter().map(|(key, node)| (key.into(), node)).collect()),
        origin: Origin::Structure,
    }
}

/// A list of the given items.
pub fn list(items: impl IntoIterator<Item = Node>) -> Node {
    Node { data: Data::List(items.into_iter().collect()), origin: Origin::Structure }
}

/// A leaf whose text a rule made from other values.
pub fn derived<'a>(
    rule: &'static str,
    from: impl IntoIterator<Item = &'a Origin>,
    value: impl Into<Data>,
) -> Node {
    Node { data: value.into(), origin: Origin::derived(rule, from) }
}

impl Node {
    /// A member of a map.
    pub fn get(&self, key: &str) -> Option<&Node> {
        match &self.data {
            Data::Map(map) => map.get(key),
            Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::Text(_)
            | Data::List(_) => None,
        }
    }

    /// A member of members, to be changed.
    pub fn at_mut(&mut self, path: &[&str]) -> Option<&mut Node> {
        path.iter().try_fold(self, |node, key| match &mut node.data {
            Data::Map(map) => map.get_mut(*key),
            Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::Text(_)
            | Data::List(_) => None,
        })
    }

    /// The text of a text leaf.
    pub fn text(&self) -> Option<&str> {
        match &self.data {
            Data::Text(text) => Some(text),
            Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::List(_)
            | Data::Map(_) => None,
        }
    }

    /// The items of a list.
    pub fn items(&self) -> Option<&[Node]> {
        match &self.data {
            Data::List(items) => Some(items),
            Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::Text(_)
            | Data::Map(_) => None,
        }
    }

    /// The members of a map.
    pub fn members(&self) -> Option<&Map> {
        match &self.data {
            Data::Map(members) => Some(members),
            Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::Text(_)
            | Data::List(_) => None,
        }
    }

    /// This map with the members of `more` added, deeply: maps merge, anything else of `more`
    /// takes the place of what stood there.
    #[must_use]
    pub fn with(self, more: Node) -> Node {
        match (self.data, more.data) {
            (Data::Map(mut mine), Data::Map(theirs)) => {
                for (key, value) in theirs {
                    let merged = match mine.remove(&key) {
                        Some(old) => old.with(value),
                        None => value,
                    };
                    let _ = mine.insert(key, merged);
                }
                Node { data: Data::Map(mine), origin: self.origin }
            }
            (_, data) => Node { data, origin: more.origin },
        }
    }

    /// Whether this is a map.
    pub fn is_map(&self) -> bool {
        matches!(self.data, Data::Map(_))
    }

    /// Whether this is a map or list without members, or null.
    pub fn is_empty(&self) -> bool {
        match &self.data {
            Data::Null => true,
            Data::List(items) => items.is_empty(),
            Data::Map(map) => map.is_empty(),
            Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::Text(_) => false,
        }
    }

    /// The origins of everything in this tree.
    pub fn origins<'a>(&'a self, found: &mut Vec<&'a Origin>) {
        found.push(&self.origin);
        match &self.data {
            Data::List(items) => items.iter().for_each(|item| item.origins(found)),
            Data::Map(map) => map.values().for_each(|node| node.origins(found)),
            Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::Text(_) => {}
        }
    }

    /// The origins of everything in this tree, to be changed.
    pub fn origins_mut(&mut self, see: &mut dyn FnMut(&mut Origin)) {
        see(&mut self.origin);
        match &mut self.data {
            Data::List(items) => items.iter_mut().for_each(|item| item.origins_mut(see)),
            Data::Map(map) => map.values_mut().for_each(|node| node.origins_mut(see)),
            Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::Text(_) => {}
        }
    }

    /// The same tree, which is there only because of some switches.
    #[must_use]
    pub fn because_of(mut self, switches: &[&Origin]) -> Node {
        self.origins_mut(&mut |origin| {
            if *origin != Origin::Structure {
                *origin = origin.because_of(switches);
            }
        });
        self
    }

    /// Gives every leaf below this node the same origin; for objects built by typed code.
    #[must_use]
    pub fn caused_by(self, origin: &Origin) -> Node {
        let data = match self.data {
            Data::List(items) => {
                Data::List(items.into_iter().map(|item| item.caused_by(origin)).collect())
            }
            Data::Map(map) => Data::Map(
                map.into_iter().map(|(key, node)| (key, node.caused_by(origin))).collect(),
            ),
            leaf @ (Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::Text(_)) => {
                leaf
            }
        };
        Node { data, origin: origin.clone() }
    }

    /// The same value as JSON, origins dropped.
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::Value;
        match &self.data {
            Data::Null => Value::Null,
            Data::Bool(value) => Value::Bool(*value),
            Data::Int(value) => Value::from(*value),
            Data::Float(value) => Value::from(*value),
            Data::Text(text) => Value::String(text.to_string()),
            Data::List(items) => Value::Array(items.iter().map(Node::to_json).collect()),
            Data::Map(map) => Value::Object(
                map.iter().map(|(key, node)| (key.to_string(), node.to_json())).collect(),
            ),
        }
    }

    /// A tree whose every value has the same cause.
    pub fn from_json(value: serde_json::Value, origin: &Origin) -> Node {
        use serde_json::Value;
        let data = match value {
            Value::Null => Data::Null,
            Value::Bool(value) => Data::Bool(value),
            Value::Number(number) => match number.as_i64() {
                Some(whole) => Data::Int(whole),
                None => Data::Float(number.as_f64().unwrap_or(f64::MAX)),
            },
            Value::String(text) => Data::Text(text.into()),
            Value::Array(items) => {
                Data::List(items.into_iter().map(|item| Node::from_json(item, origin)).collect())
            }
            Value::Object(members) => Data::Map(
                members
                    .into_iter()
                    .map(|(key, value)| (Text::from(key), Node::from_json(value, origin)))
                    .collect(),
            ),
        };
        Node { data, origin: origin.clone() }
    }
}

impl<T: Clone + Into<Data>> From<&Sourced<T>> for Node {
    fn from(sourced: &Sourced<T>) -> Self {
        Node { data: sourced.value.clone().into(), origin: sourced.origin.clone() }
    }
}

impl From<bool> for Data {
    fn from(value: bool) -> Self {
        Data::Bool(value)
    }
}

impl From<i32> for Data {
    fn from(value: i32) -> Self {
        Data::Int(value.into())
    }
}

impl From<u32> for Data {
    fn from(value: u32) -> Self {
        Data::Int(value.into())
    }
}

impl From<&'static str> for Data {
    fn from(value: &'static str) -> Self {
        Data::Text(Text::Borrowed(value))
    }
}

impl From<String> for Data {
    fn from(value: String) -> Self {
        Data::Text(Text::Owned(value))
    }
}

impl From<Map> for Data {
    fn from(value: Map) -> Self {
        Data::Map(value)
    }
}

impl From<Vec<Node>> for Data {
    fn from(value: Vec<Node>) -> Self {
        Data::List(value)
    }
}
