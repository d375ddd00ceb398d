//! Requests, limits and volumes as values.

use crate::model::{Bytes, NodeSelector, Replicas, Resources, Size, StorageClass};
use crate::node::{Data, Node, derived, map};
use crate::origin::{Origin, Sourced};

/// A row of a sizing table: what one part gets at one size.
pub struct Row {
    /// Pods.
    pub replicas: u32,
    /// What each requests and may use.
    pub resources: Resources,
    /// The volume of each; empty if it has none.
    pub volume: &'static str,
}

/// A part's three rows.
pub struct Table {
    /// For [`Size::Small`].
    pub small: Row,
    /// For [`Size::Medium`].
    pub medium: Row,
    /// For [`Size::Large`].
    pub large: Row,
}

/// A row of a table: pods, CPU, memory, memory limit, volume.
pub const fn row(
    replicas: u32,
    cpu: &'static str,
    memory: &'static str,
    limit: &'static str,
    volume: &'static str,
) -> Row {
    Row { replicas, resources: Resources::new(cpu, memory, limit), volume }
}

const RULE: &str = "the sizing table for this size";

impl Table {
    fn at(&self, size: Size) -> &Row {
        match size {
            Size::Small => &self.small,
            Size::Medium => &self.medium,
            Size::Large => &self.large,
        }
    }

    /// How many pods: as asked for, or as the size says.
    pub fn replicas(&self, size: &Sourced<Size>, asked: Option<&Sourced<Replicas>>) -> Node {
        match asked {
            Some(asked) => Node::from(asked),
            None => derived(RULE, [&size.origin], self.at(size.value).replicas),
        }
    }

    /// The `resources` block.
    pub fn resources(&self, size: &Sourced<Size>) -> Node {
        resources(&self.at(size.value).resources, &Origin::derived(RULE, [&size.origin]))
    }

    /// The size of a volume: as asked for, or as the size says.
    pub fn volume(&self, size: &Sourced<Size>, asked: Option<&Sourced<Bytes>>) -> Node {
        match asked {
            Some(asked) => Node::from(asked),
            None => derived(RULE, [&size.origin], self.at(size.value).volume),
        }
    }
}

/// A `resources` block whose every leaf has the same cause.
pub fn resources(resources: &Resources, origin: &Origin) -> Node {
    let leaf = |data: Data| Node { data, origin: origin.clone() };
    map([
        (
            "requests",
            map([
                ("cpu", leaf(resources.cpu.clone().into())),
                ("memory", leaf(resources.memory.clone().into())),
            ]),
        ),
        ("limits", map([("memory", leaf(resources.memory_limit.clone().into()))])),
    ])
}

/// A member with the labels that a node must have, if any were asked for.
pub fn node_selector(labels: &NodeSelector) -> Node {
    let labels: Vec<_> =
        labels.iter().map(|(key, value)| (key.to_string(), Node::from(value))).collect();
    map((!labels.is_empty()).then(|| ("nodeSelector", map(labels))))
}

/// A member with the storage class, if one was asked for; otherwise the cluster's default holds.
pub fn storage_class(class: Option<&Sourced<StorageClass>>) -> Node {
    map(class.map(|class| ("storageClass", Node::from(class))))
}
