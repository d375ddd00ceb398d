//! A value, and the way to it.

use crate::contract::Place;
use crate::node::{Data, Node};
use crate::pointer::Pointer;
use std::borrow::Cow;
use std::rc::Rc;

/// A value in a tree, with its place.
#[derive(Debug, Clone)]
pub struct Spot<'a> {
    /// The value.
    pub node: &'a Node,
    way: Option<Rc<Step<'a>>>,
}

/// The last step of a way, and those before it, which neighbours share.
#[derive(Debug)]
struct Step<'a> {
    before: Option<Rc<Step<'a>>>,
    part: Cow<'a, str>,
}

impl<'a> Spot<'a> {
    /// A whole tree.
    pub fn root(node: &'a Node) -> Self {
        Spot { node, way: None }
    }

    /// A member, unless it is missing or null.
    pub fn get(&self, key: &str) -> Option<Spot<'a>> {
        let Data::Map(members) = &self.node.data else { return None };
        let (key, node) = members.get_key_value(key)?;
        (node.data != Data::Null).then(|| self.step(key.as_ref().into(), node))
    }

    /// A member of members.
    pub fn at(&self, keys: &[&str]) -> Option<Spot<'a>> {
        keys.iter().try_fold(self.clone(), |spot, key| spot.get(key))
    }

    /// The items of a list; none of anything else.
    pub fn items(&self) -> Vec<Spot<'a>> {
        let Data::List(items) = &self.node.data else { return Vec::new() };
        let item = |(at, node): (usize, &'a Node)| self.step(at.to_string().into(), node);
        items.iter().enumerate().map(item).collect()
    }

    /// The items of a member that is a list.
    pub fn items_at(&self, keys: &[&str]) -> Vec<Spot<'a>> {
        self.at(keys).map(|list| list.items()).unwrap_or_default()
    }

    /// The members of a map, by key; none of anything else.
    pub fn members(&self) -> Vec<(&'a str, Spot<'a>)> {
        let Data::Map(members) = &self.node.data else { return Vec::new() };
        let member = |(key, node): (&'a Cow<'static, str>, &'a Node)| {
            (key.as_ref(), self.step(key.as_ref().into(), node))
        };
        members.iter().map(member).collect()
    }

    /// The text of a leaf.
    pub fn text(&self) -> Option<&'a str> {
        self.node.text()
    }

    /// The text of a member.
    pub fn text_at(&self, keys: &[&str]) -> Option<&'a str> {
        self.at(keys)?.text()
    }

    /// What a switch says.
    pub fn flag_at(&self, keys: &[&str]) -> Option<bool> {
        match self.at(keys)?.node.data {
            Data::Bool(on) => Some(on),
            Data::Null
            | Data::Int(_)
            | Data::Float(_)
            | Data::Text(_)
            | Data::List(_)
            | Data::Map(_) => None,
        }
    }

    /// The value's place.
    pub fn place(&self) -> Place {
        Place::Value(self.pointer())
    }

    /// The way to the value.
    pub fn pointer(&self) -> Pointer {
        let mut parts = Vec::new();
        let mut way = self.way.as_deref();
        while let Some(Step { before, part }) = way {
            parts.push(part);
            way = before.as_deref();
        }
        let mut pointer = Pointer::default();
        parts.iter().rev().for_each(|part| pointer.push(part));
        pointer
    }

    fn step(&self, part: Cow<'a, str>, node: &'a Node) -> Spot<'a> {
        Spot { node, way: Some(Rc::new(Step { before: self.way.clone(), part })) }
    }
}
