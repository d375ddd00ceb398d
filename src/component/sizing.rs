//! Requests, limits and volumes as values.

use crate::model::{Bytes, NodeSelector, Replicas, Resources, Size, StorageClass};
use crate::node::{Data, Node, because, derived, map};
use crate::origin::Sourced;

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
            None => self.cell(size, |row| row.replicas.into()),
        }
    }

    /// The `resources` block.
    pub fn resources(&self, size: &Sourced<Size>) -> Node {
        resources_of(
            self.cell(size, |row| row.resources.cpu.clone().into()),
            self.cell(size, |row| row.resources.memory.clone().into()),
            self.cell(size, |row| row.resources.memory_limit.clone().into()),
        )
    }

    /// The size of a volume: as asked for, or as the size says.
    pub fn volume(&self, size: &Sourced<Size>, asked: Option<&Sourced<Bytes>>) -> Node {
        match asked {
            Some(asked) => Node::from(asked),
            None => self.cell(size, |row| row.volume.into()),
        }
    }

    /// What a row says, because of the size, or of nothing where all rows say the same.
    fn cell(&self, size: &Sourced<Size>, read: fn(&Row) -> Data) -> Node {
        let value = read(self.at(size.value));
        let is_same = [&self.small, &self.medium, &self.large].map(|row| read(row) == value);
        match is_same {
            [true, true, true] => because("the sizing tables, at every size", value),
            _ => derived(RULE, [&size.origin], value),
        }
    }
}

fn resources_of(cpu: Node, memory: Node, memory_limit: Node) -> Node {
    let limits = map([("memory", memory_limit)]);
    map([("requests", map([("cpu", cpu), ("memory", memory)])), ("limits", limits)])
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
