//! The output of one cluster, as files that are not written yet.

use crate::component::ComponentId;
use crate::node::Node;
use crate::river::{self, Statement};
use crate::syntax;
use std::collections::BTreeMap;
use std::fmt;

/// A path below the cluster's folder, with `/` between its parts and never a `..` in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RelPath(String);

impl RelPath {
    /// A path at the top of the folder.
    pub fn top(name: &str) -> Self {
        RelPath(clean(name))
    }

    /// A path in a component's folder.
    pub fn of(component: ComponentId, name: &str) -> Self {
        RelPath(format!("{}/{}", component.as_str(), clean(name)))
    }

    /// A path in the folder of what applies the tree.
    pub fn delivery(name: &str) -> Self {
        RelPath(format!("delivery/{}", clean(name)))
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A file name holds what Kubernetes names hold, so nothing is ever replaced here.
fn clean(name: &str) -> String {
    debug_assert!(!name.contains('/'), "bug: `{name}` is no file name");
    name.replace('/', "-")
}

impl fmt::Display for RelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a file holds.
#[derive(Debug, Clone)]
pub enum Content {
    /// A chart's values.
    Values(Node),
    /// A Kubernetes object.
    Object(Node),
    /// A document of ours or of kustomize's.
    Document(Node),
    /// A configuration of Alloy.
    Alloy(Vec<Statement>),
}

impl Content {
    /// The file's text.
    pub fn emit(&self) -> String {
        match self {
            Content::Values(node) | Content::Object(node) | Content::Document(node) => {
                syntax::emit(node)
            }
            Content::Alloy(body) => river::print(body),
        }
    }
}

/// All files of a cluster, by path.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    files: BTreeMap<RelPath, Content>,
}

impl Tree {
    /// Adds a file. Two files of one path would be a bug of ours.
    pub fn add(&mut self, path: RelPath, content: Content) {
        let before = self.files.insert(path, content);
        debug_assert!(before.is_none(), "bug: a path is used twice");
    }

    /// All files, by path.
    pub fn files(&self) -> impl Iterator<Item = (&RelPath, &Content)> {
        self.files.iter()
    }

    /// Paths of the files that hold Kubernetes objects.
    pub fn objects(&self) -> impl Iterator<Item = (&RelPath, &Node)> {
        self.files.iter().filter_map(|(path, content)| match content {
            Content::Object(node) => Some((path, node)),
            Content::Values(_) | Content::Document(_) | Content::Alloy(_) => None,
        })
    }
}
