//! The output of one cluster, as files that are not written yet.

use crate::model::{ComponentId, Namespace};
use crate::node::Node;
use crate::origin::Origin;
use crate::pointer::Pointer;
use crate::river::{self, Statement};
use crate::syntax;
use std::collections::BTreeMap;
use std::fmt;

/// A path below the cluster's folder, with `/` between its parts and never a `..` in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RelPath(String);

impl RelPath {
    /// A path as it is read back; nothing if it leads out of the folder.
    pub fn parse(text: &str) -> Option<Self> {
        let leads_out = text.split('/').any(|part| matches!(part, "" | "." | ".."));
        (!leads_out).then(|| RelPath(text.to_owned()))
    }

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

    /// A path in the folder of objects that overlays add outside of the components' namespaces.
    pub fn resource(namespace: Option<&Namespace>, name: &str) -> Self {
        match namespace {
            Some(namespace) => RelPath(format!("resources/{namespace}/{}", clean(name))),
            None => RelPath(format!("resources/{}", clean(name))),
        }
    }

    /// The component in whose folder it is.
    pub fn component(&self) -> Option<ComponentId> {
        let (folder, _) = self.0.split_once('/')?;
        ComponentId::ALL.into_iter().find(|id| id.as_str() == folder)
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

/// All files of a cluster, by path, and what overlays took away from them.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    files: BTreeMap<RelPath, Content>,
    removed: Vec<(RelPath, Removal)>,
}

/// A value that an overlay took away.
#[derive(Debug, Clone)]
pub struct Removal {
    /// Where it stood.
    pub pointer: Pointer,
    /// The overlay's line, and what stood there.
    pub origin: Origin,
}

impl Tree {
    /// Adds a file. Two files of one path would be a bug of ours.
    pub fn add(&mut self, path: RelPath, content: Content) {
        let before = self.files.insert(path, content);
        debug_assert!(before.is_none(), "bug: a path is used twice");
    }

    /// Puts another content into a file.
    pub fn set(&mut self, path: &RelPath, content: Content) {
        let _ = self.files.insert(path.clone(), content);
    }

    /// Leaves a file out.
    pub fn remove(&mut self, path: &RelPath) {
        let _ = self.files.remove(path);
    }

    /// A file.
    pub fn get(&self, path: &RelPath) -> Option<&Content> {
        self.files.get(path)
    }

    /// A file, to be changed.
    pub fn get_mut(&mut self, path: &RelPath) -> Option<&mut Content> {
        self.files.get_mut(path)
    }

    /// Notes what was taken away from a file.
    pub fn note_removed(&mut self, path: &RelPath, removed: Vec<Removal>) {
        self.removed.extend(removed.into_iter().map(|removal| (path.clone(), removal)));
    }

    /// What was taken away, and from where.
    pub fn removed(&self) -> impl Iterator<Item = (&RelPath, &Removal)> {
        self.removed.iter().map(|(path, removal)| (path, removal))
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
