//! Which files of two trees are the same ones, and how each changes.
//!
//! Objects are the same if kind, namespace and name are, wherever they stand; what is gone and what is new
//! may be one object that got another name. Other files are the same if their paths are.

use super::list::likeness;
use super::value::{self, Change};
use super::view::{self, Carried};
use crate::check::Charts;
use crate::manifest::Identity;
use crate::node::Node;
use crate::tree::{Content, RelPath, Tree};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Objects that share less than this are two different ones.
const SAME_OBJECT: f64 = 0.6;

/// A tree, and the versions of its charts.
pub type Side<'a> = (&'a Tree, &'a Charts<'a>);

/// Two trees, looked at so that they can be compared: only files that differ are kept.
pub struct Pairs<'a>(Vec<Pair<'a>>);

/// A file on both sides, or on one.
struct Pair<'a> {
    before: Option<File<'a>>,
    after: Option<File<'a>>,
    renamed: bool,
}

/// A file of a tree.
#[derive(Debug, Clone)]
pub struct File<'a> {
    /// Its path in the cluster's folder.
    pub path: &'a RelPath,
    /// What it holds.
    pub content: &'a Content,
    /// What object it is, if it is one.
    pub object: Option<Identity>,
    /// Of values of a chart: the chart's own ones beside them; nothing where they are not known, or among them.
    pub defaults: Option<&'a Node>,
    view: Cow<'a, Node>,
}

/// A file that changes.
#[derive(Debug, Clone)]
pub struct FileChange<'p> {
    /// As it was, if it was there.
    pub before: Option<&'p File<'p>>,
    /// As it is to be, if it is there.
    pub after: Option<&'p File<'p>>,
    /// Whether the object gets another name.
    pub renamed: bool,
    /// What changes in it.
    pub change: Change<'p>,
}

/// What tells files apart.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Id<'a> {
    Object { group: String, kind: String, namespace: String, name: String },
    Path(&'a RelPath),
}

impl<'a> Pairs<'a> {
    /// Looks at two trees.
    pub fn of((before, was): Side<'a>, (after, is): Side<'a>) -> Pairs<'a> {
        let mut old: BTreeMap<Id, (&RelPath, &Content)> = files(before);
        let (mut both, mut gone, mut new) = (Vec::new(), Vec::new(), Vec::new());
        for (id, file) in files(after) {
            match old.remove(&id) {
                Some(was) if same(was.1, file.1) => {}
                Some(was) => both.push((was, file)),
                None => new.push(file),
            }
        }
        gone.extend(old.into_values());
        if both.is_empty() && gone.is_empty() && new.is_empty() {
            return Pairs(Vec::new());
        }
        let carried = (Carried::of(before), Carried::of(after));
        let was = |(path, content)| File::new(path, content, &carried.0, was);
        let is = |(path, content)| File::new(path, content, &carried.1, is);
        let mut gone: Vec<File> = gone.into_iter().map(was).collect();
        let mut pairs: Vec<Pair> = both
            .into_iter()
            .map(|(old, new)| Pair { before: Some(was(old)), after: Some(is(new)), renamed: false })
            .collect();
        for file in new.into_iter().map(is) {
            let before = namesake(&file, &gone).map(|at| gone.swap_remove(at));
            let renamed = before.is_some();
            pairs.push(Pair { before, after: Some(file), renamed });
        }
        let gone =
            gone.into_iter().map(|file| Pair { before: Some(file), after: None, renamed: false });
        pairs.extend(gone);
        Pairs(pairs)
    }

    /// The files that change, by path.
    pub fn changes(&self) -> Vec<FileChange<'_>> {
        let mut changes: Vec<FileChange> = self.0.iter().filter_map(Pair::change).collect();
        changes.sort_by_key(FileChange::path);
        changes
    }
}

fn files(tree: &Tree) -> BTreeMap<Id<'_>, (&RelPath, &Content)> {
    let id = |path, content: &Content| {
        let Content::Object(object) = content else { return Id::Path(path) };
        let Some(identity) = Identity::of(object) else { return Id::Path(path) };
        let Identity { group, kind, namespace, name, version: _ } = identity;
        Id::Object { group, kind, namespace, name }
    };
    let mut files = BTreeMap::new();
    for (path, content) in tree.files() {
        let id = id(path, content);
        // Two objects of one name are a mistake that checks report; here both are kept.
        let id = if files.contains_key(&id) { Id::Path(path) } else { id };
        let _ = files.insert(id, (path, content));
    }
    files
}

/// Whether two contents say the same to the letter.
fn same(before: &Content, after: &Content) -> bool {
    match (before, after) {
        (Content::Alloy(before), Content::Alloy(after)) => before == after,
        (Content::Values(before), Content::Values(after))
        | (Content::Object(before), Content::Object(after))
        | (Content::Document(before), Content::Document(after)) => before == after,
        (Content::Alloy(_) | Content::Values(_) | Content::Object(_) | Content::Document(_), _) => {
            false
        }
    }
}

/// The object among those that are gone which a new one is under another name.
fn namesake(new: &File, gone: &[File]) -> Option<usize> {
    let kind = |file: &File| {
        file.object.as_ref().map(|object| (object.group.clone(), object.kind.clone()))
    };
    let wanted = kind(new)?;
    let alike = gone.iter().enumerate().filter(|(_, old)| kind(old).as_ref() == Some(&wanted));
    let alike = alike.map(|(at, old)| (likeness(&old.view, &new.view), at));
    let best = alike.max_by(|one, other| one.0.total_cmp(&other.0).then(other.1.cmp(&one.1)));
    best.filter(|(likeness, _)| *likeness >= SAME_OBJECT).map(|(_, at)| at)
}

impl<'a> File<'a> {
    fn new(
        path: &'a RelPath,
        content: &'a Content,
        carried: &Carried,
        charts: &'a Charts<'a>,
    ) -> File<'a> {
        let object = match content {
            Content::Object(object) => Identity::of(object),
            Content::Values(_) | Content::Document(_) | Content::Alloy(_) => None,
        };
        let defaults = match content {
            Content::Values(_) => path.component().and_then(|id| charts.defaults(id)),
            Content::Object(_) | Content::Document(_) | Content::Alloy(_) => None,
        };
        File { path, content, object, defaults, view: view::view(content, carried) }
    }

    /// All values of a chart, as if a file held them; nothing if it holds something else.
    pub fn of_values(path: &'a RelPath, content: &'a Content) -> Option<File<'a>> {
        match content {
            Content::Values(all) => {
                let view = Cow::Borrowed(all);
                Some(File { path, content, object: None, defaults: None, view })
            }
            Content::Object(_) | Content::Document(_) | Content::Alloy(_) => None,
        }
    }

    /// Its tree of values.
    pub fn view(&self) -> &Node {
        &self.view
    }
}

impl Pair<'_> {
    fn change(&self) -> Option<FileChange<'_>> {
        let (before, after) = (self.before.as_ref(), self.after.as_ref());
        let change = match (before, after) {
            (Some(old), Some(new)) => {
                value::between(old.view(), new.view(), view::known(new.content))?
            }
            (Some(old), None) => Change::Removed(old.view()),
            (None, Some(new)) => Change::Added(new.view()),
            (None, None) => return None,
        };
        Some(FileChange { before, after, renamed: self.renamed, change })
    }
}

impl<'p> FileChange<'p> {
    /// Its path; of a file that moves, the new one.
    pub fn path(&self) -> Option<&'p RelPath> {
        self.after.or(self.before).map(|file| file.path)
    }

    /// What object it is; of one that is renamed, as it is to be called.
    pub fn object(&self) -> Option<&'p Identity> {
        self.after.or(self.before).and_then(|file| file.object.as_ref())
    }
}
