//! Kubernetes objects: whether the API server of a version would take one, and whether it is sound.
//!
//! [`check`] compares an object with its kind's schema. [`sound`] finds in one object what no schema can
//! say, [`together`] in several. The schemas are facts of `k8s.io/kubernetes` and of the operators'
//! `CustomResourceDefinition`s, see `examples/kubernetes-schemas`.

mod facts;
mod kinds;
mod names;
mod near;
mod place;
mod scalar;
mod schema;
mod sound;
mod validate;
mod values;

use super::{Breach, Kind, Place};
use crate::node::Node;
use std::ops::RangeInclusive;

/// The minor versions of Kubernetes 1 that have a schema. Later ones are taken for the last of these.
pub const MINORS: RangeInclusive<u32> = 29..=37;

/// What of an object the API server of Kubernetes `1.minor` would refuse.
///
/// Nothing is taken for absent, as the server does. What a schema cannot express in types, closed
/// sets, patterns and bounds (rules in CEL, `oneOf`) is not looked at.
pub fn check(object: &Node, minor: u32) -> Vec<Breach> {
    match kinds::find(object, minor) {
        Ok(kind) => validate::object(&kind, object),
        Err(breach) => vec![breach],
    }
}

/// What is wrong with an object that its schema allows: names, labels, references within it, amounts,
/// syntax within texts.
///
/// An object of the wrong form gives fewer breaches here, and others in [`check`].
pub fn sound(object: &Node) -> Vec<Breach> {
    sound::alone(object)
}

/// What is wrong between objects that are applied together, each with what messages call it: the same
/// object twice, and references to what is known not to be there. Each breach comes with the position
/// of the object that it is in.
pub fn together(objects: &[(&str, &Node)]) -> Vec<(usize, Breach)> {
    sound::together(objects)
}

/// How deeply values of charts are looked through; no chart's lie deeper.
const DEEPEST_VALUES: usize = 64;

pub use values::unknown_fields;

/// A breach without help.
fn breach(place: Place, kind: Kind, message: impl Into<String>) -> Breach {
    Breach { place, kind, message: message.into(), help: None }
}

impl Breach {
    /// The same, with something to do about it.
    fn help(self, help: Option<String>) -> Breach {
        Breach { help, ..self }
    }
}

#[cfg(test)]
mod tests;
