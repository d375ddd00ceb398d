//! A configuration that stands in several places, read as one.

use crate::node::{Data, Node};
use crate::pointer::Pointer;

/// Where parts of a configuration stand; later parts win.
#[derive(Debug, Default)]
pub struct View<'a> {
    parts: Vec<Part<'a>>,
}

#[derive(Debug)]
struct Part<'a> {
    /// What of the configuration it is: names with dots, empty for the whole.
    section: &'static str,
    at: Pointer,
    node: &'a Node,
}

/// A value, and where it stands.
#[derive(Debug, Clone)]
pub struct Found<'a> {
    /// The value.
    pub node: &'a Node,
    /// Where.
    pub at: Pointer,
}

impl<'a> View<'a> {
    /// A configuration that stands in one place.
    pub fn of(node: &'a Node, at: Pointer) -> View<'a> {
        let mut view = View::default();
        view.add("", node, at);
        view
    }

    /// Adds a part that wins over those before.
    pub fn add(&mut self, section: &'static str, node: &'a Node, at: Pointer) {
        self.parts.push(Part { section, at, node });
    }

    /// The value at a path of names with dots between them, if one is set.
    pub fn get(&self, path: &str) -> Option<Found<'a>> {
        self.written(path).filter(|found| found.node.data != Data::Null)
    }

    /// Whether null stands at a path, which takes away what a chart says there.
    pub fn is_null(&self, path: &str) -> bool {
        self.written(path).is_some_and(|found| found.node.data == Data::Null)
    }

    fn written(&self, path: &str) -> Option<Found<'a>> {
        self.parts.iter().rev().find_map(|part| {
            let rest = match part.section {
                "" => path,
                section if section == path => "",
                section => path.strip_prefix(section)?.strip_prefix('.')?,
            };
            let mut at = part.at.clone();
            let names = rest.split('.').filter(|name| !name.is_empty());
            let node = names.into_iter().try_fold(part.node, |node, name| {
                at.push(name);
                node.get(name)
            })?;
            Some(Found { node, at })
        })
    }

    /// The boolean at a path.
    pub fn flag(&self, path: &str) -> Option<bool> {
        match self.get(path)?.node.data {
            Data::Bool(value) => Some(value),
            Data::Null
            | Data::Int(_)
            | Data::Float(_)
            | Data::Text(_)
            | Data::List(_)
            | Data::Map(_) => None,
        }
    }

    /// The text at a path.
    pub fn text(&self, path: &str) -> Option<&'a str> {
        self.get(path)?.node.text()
    }
}
