//! What a chart reads, as a tree.

use super::defaults::Defaults;
use std::collections::BTreeMap;

/// Which values a version of a chart reads.
#[derive(Debug, Clone, PartialEq)]
pub struct Contract {
    /// The chart's name.
    pub chart: String,
    /// Its version.
    pub version: String,
    /// The version of the application that it deploys, if it says so.
    pub application: Option<String>,
    /// The values.
    pub values: Shape,
    /// What it takes where its values say nothing, if that is known.
    pub defaults: Option<Defaults>,
}

/// What is read of a value.
///
/// A shape without members and items is read as it is, with all that it may hold.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Shape {
    /// Whether everything in it is read, whatever its name.
    pub open: bool,
    /// The type of the chart's default.
    pub default: Option<Type>,
    /// Whether a value of another type than the default's may do.
    pub lenient: bool,
    /// The types that the chart's JSON schema allows; all if there are none.
    pub allowed: Vec<Type>,
    /// What is read by name.
    pub members: BTreeMap<String, Shape>,
    /// What is read of every item of a list or member of a map.
    pub each: Option<Box<Shape>>,
}

/// The types of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Type {
    /// True or false.
    Bool,
    /// A number.
    Number,
    /// Text.
    Text,
    /// A list.
    List,
    /// A map.
    Map,
}

impl Type {
    /// All of them.
    pub const ALL: [Type; 5] = [Type::Bool, Type::Number, Type::Text, Type::List, Type::Map];

    /// Its word in the kept text.
    pub fn word(self) -> &'static str {
        match self {
            Type::Bool => "bool",
            Type::Number => "number",
            Type::Text => "text",
            Type::List => "list",
            Type::Map => "map",
        }
    }

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Type::Bool => "a boolean",
            Type::Number => "a number",
            Type::Text => "text",
            Type::List => "a list",
            Type::Map => "a map",
        }
    }
}

impl Shape {
    /// Whether nothing is known of what it holds.
    pub fn is_leaf(&self) -> bool {
        self.members.is_empty() && self.each.is_none()
    }
}
