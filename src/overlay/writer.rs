//! Who writes a value into the tree, and what is remembered of it.

use crate::node::{Data, Node};
use crate::origin::{Origin, Overlaid, Was};
use crate::pointer::Pointer;
use crate::source::Span;
use crate::tree::Removal;
use std::sync::Arc;

/// A value of one overlay that another one took away.
#[derive(Debug, Clone)]
pub struct Undone {
    /// The later line.
    pub at: Option<Span>,
    /// Where the value stood.
    pub pointer: Pointer,
    /// The earlier line.
    pub earlier: Arc<Overlaid>,
}

/// One patch's hand: it writes values with their reason and notes what they replace.
#[derive(Debug)]
pub struct Writer<'o> {
    overlay: Option<&'o Arc<str>>,
    listed: Option<Span>,
    here: Pointer,
    changed: bool,
    /// What is gone.
    pub removed: Vec<Removal>,
    /// What earlier overlays had written.
    pub undone: Vec<Undone>,
}

impl<'o> Writer<'o> {
    /// The hand of an overlay that the spec lists somewhere.
    pub fn new(overlay: &'o Arc<str>, listed: Option<Span>) -> Self {
        Writer {
            overlay: Some(overlay),
            listed,
            here: Pointer::default(),
            changed: false,
            removed: Vec::new(),
            undone: Vec::new(),
        }
    }

    /// A hand that leaves the patch's own origins: for working out a value that is not placed yet.
    pub fn quiet() -> Self {
        Writer {
            overlay: None,
            listed: None,
            here: Pointer::default(),
            changed: false,
            removed: Vec::new(),
            undone: Vec::new(),
        }
    }

    /// Goes to a place.
    pub fn go(&mut self, place: Pointer) {
        self.here = place;
    }

    /// Goes to a member.
    pub fn enter(&mut self, key: &str) {
        self.here.push(key);
    }

    /// Comes back from a member.
    pub fn leave(&mut self) {
        self.here.pop();
    }

    /// The place, for people.
    pub fn shown(&self) -> String {
        self.here.to_string()
    }

    /// Whether anything is different now.
    pub fn has_changed(&self) -> bool {
        self.changed
    }

    /// Notes a change that no value shows: a new container, another order.
    pub fn note_change(&mut self) {
        self.changed = true;
    }

    /// The origin of what a patch wrote.
    pub fn origin(&self, patch: &Node, was: Option<&Arc<Was>>) -> Origin {
        self.origin_at(&patch.origin, was)
    }

    /// The origin of something that stands at a written place.
    pub fn origin_at(&self, written: &Origin, was: Option<&Arc<Was>>) -> Origin {
        match self.overlay {
            Some(overlay) => Origin::overlaid(written, overlay, self.listed, was),
            None => written.clone(),
        }
    }

    /// Notes a statement of a configuration that is gone.
    pub fn note_taken(&mut self, because: &Origin, was: Option<&Arc<Was>>) {
        self.changed = true;
        let pointer = self.here.clone();
        let origin = self.origin_at(because, was);
        self.removed.push(Removal { pointer, origin });
    }

    /// The value that the patch puts in the place of `old`. Where it is the same nothing changes, but
    /// it is the patch's from here on: who edits `old` sees no difference any more.
    pub fn replace(&mut self, old: Option<Node>, patch: &Node) -> Node {
        let Some(old) = old else {
            self.changed = true;
            return self.written(patch, None);
        };
        if old.data != patch.data {
            self.changed = true;
            self.note_undone(&old, patch);
        }
        let was = self.before(|| old.to_json().to_string(), &reason_of(&old));
        self.written(patch, was.as_ref())
    }

    /// What stood in a place before this overlay, given what stands there now: of ten thousand patches
    /// of one value the last is told, and what the first one found.
    pub fn before(&self, value: impl FnOnce() -> String, origin: &Origin) -> Option<Arc<Was>> {
        match (origin, self.overlay) {
            (Origin::Overlaid(earlier), Some(overlay)) if earlier.overlay == *overlay => {
                earlier.was.clone()
            }
            (_, _) => Was::new(value, || origin.clone()),
        }
    }

    /// Takes `old` away, because of a line of the patch.
    pub fn remove(&mut self, old: &Node, patch: &Node) {
        self.changed = true;
        self.note_undone(old, patch);
        let mut pointer = self.here.clone();
        self.note_removed(old, patch, &mut pointer);
    }

    fn written(&self, patch: &Node, was: Option<&Arc<Was>>) -> Node {
        let data = match &patch.data {
            Data::List(items) => {
                Data::List(items.iter().map(|item| self.written(item, was)).collect())
            }
            Data::Map(members) => {
                let pair =
                    |(key, value): (&_, &Node)| (Clone::clone(key), self.written(value, was));
                Data::Map(members.iter().map(pair).collect())
            }
            leaf @ (Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::Text(_)) => {
                leaf.clone()
            }
        };
        Node { data, origin: self.origin(patch, was) }
    }

    fn note_removed(&mut self, old: &Node, patch: &Node, pointer: &mut Pointer) {
        let members: Vec<(String, &Node)> = match &old.data {
            Data::Map(map) => map.iter().map(|(key, node)| (key.to_string(), node)).collect(),
            Data::List(items) => {
                items.iter().enumerate().map(|(at, node)| (at.to_string(), node)).collect()
            }
            Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::Text(_) => {
                Vec::new()
            }
        };
        if members.is_empty() {
            let was = Was::new(|| old.to_json().to_string(), || old.origin.clone());
            let origin = self.origin(patch, was.as_ref());
            self.removed.push(Removal { pointer: pointer.clone(), origin });
        }
        for (key, node) in members {
            pointer.push(&key);
            self.note_removed(node, patch, pointer);
            pointer.pop();
        }
    }

    /// Notes the first value below `old` that another overlay wrote.
    fn note_undone(&mut self, old: &Node, patch: &Node) {
        let mut origins = Vec::new();
        old.origins(&mut origins);
        self.note_undone_among(origins.into_iter(), &patch.origin);
    }

    /// Notes the first of some origins that another overlay's line is.
    pub fn note_undone_of(&mut self, origins: &[Origin], because: &Origin) {
        self.note_undone_among(origins.iter(), because);
    }

    fn note_undone_among<'a>(
        &mut self,
        mut origins: impl Iterator<Item = &'a Origin>,
        because: &Origin,
    ) {
        let Some(overlay) = self.overlay else { return };
        let earlier = origins.find_map(|origin| match origin {
            Origin::Overlaid(earlier) if earlier.overlay != *overlay => Some(Arc::clone(earlier)),
            Origin::Overlaid(_)
            | Origin::Written(_)
            | Origin::Derived(_)
            | Origin::Default(_)
            | Origin::Structure => None,
        });
        let (at, pointer) = (because.written(), self.here.clone());
        self.undone.extend(earlier.map(|earlier| Undone { at, pointer, earlier }));
    }
}

/// Why a value was there; of a container, why what is in it was.
fn reason_of(old: &Node) -> Origin {
    if old.origin != Origin::Structure {
        return old.origin.clone();
    }
    let mut origins = Vec::new();
    old.origins(&mut origins);
    let inner = origins.into_iter().find(|origin| **origin != Origin::Structure);
    inner.cloned().unwrap_or(Origin::Structure)
}
