//! Strategic merge, with a memory: whatever a patch writes knows the patch's line and what stood
//! there before.
//!
//! The semantics are kustomize's, measured against `kubectl kustomize` by the conformance tests:
//! maps merge, null deletes, a list merges by the keys that its schema names and replaces otherwise,
//! merged items come first. The directives `$patch`, `$retainKeys`, `$setElementOrder/…` and
//! `$deleteFromPrimitiveList/…` are those of the Kubernetes API. In a chart's values, which have no
//! schema, a list merges only when it says `$patch: merge`, and null is a value: in Helm it deletes
//! the chart's default. A list and a map take each other's place there, as some charts take either.

mod directive;
mod list;

use super::fault::{Fault, fault};
use super::writer::Writer;
use crate::manifest::keys::{Field, Schema};
use crate::node::{Data, Map, Node, Text};
use directive::{Directive, Directives};

/// How null and lists without a schema are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// As the Kubernetes API does.
    Object,
    /// As Helm does.
    Values,
}

/// A merge that is going on.
pub struct Merge<'w, 'o> {
    /// Who writes.
    pub writer: &'w mut Writer<'o>,
    /// How.
    pub mode: Mode,
}

impl Merge<'_, '_> {
    /// Merges `patch` into `old`. `None` is a value that is not there.
    ///
    /// # Errors
    /// When the patch is of another kind than what it patches, or an item has no key.
    pub fn merge(
        &mut self,
        old: Option<Node>,
        patch: &Node,
        field: Field,
    ) -> Result<Option<Node>, Fault> {
        match &patch.data {
            Data::Null => Ok(self.null(old, patch)),
            Data::Map(members) => self.map(old, patch, members, field),
            Data::List(items) => self.list(old, patch, items, field),
            Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::Text(_) => {
                self.scalar(old, patch).map(Some)
            }
        }
    }

    fn null(&mut self, old: Option<Node>, patch: &Node) -> Option<Node> {
        match (self.mode, old) {
            (Mode::Object, Some(old)) => {
                self.writer.remove(&old, patch);
                None
            }
            (Mode::Object, None) => None,
            (Mode::Values, old) => Some(self.writer.replace(old, patch)),
        }
    }

    fn scalar(&mut self, old: Option<Node>, patch: &Node) -> Result<Node, Fault> {
        match old.as_ref().map(|old| &old.data) {
            Some(Data::Map(_) | Data::List(_)) => Err(self.another_kind(old.as_ref(), patch)),
            None
            | Some(Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::Text(_)) => {
                Ok(self.writer.replace(old, patch))
            }
        }
    }

    fn another_kind(&self, old: Option<&Node>, patch: &Node) -> Fault {
        let stands = old.map_or("nothing", |old| old.data.name());
        let message =
            format!("this is {}; `{}` is {stands}", patch.data.name(), self.writer.shown());
        fault(&patch.origin, message).help(
            "to replace it, delete it by one overlay (`$patch: delete`) and add it by the next",
        )
    }

    fn map(
        &mut self,
        old: Option<Node>,
        patch: &Node,
        members: &Map,
        field: Field,
    ) -> Result<Option<Node>, Fault> {
        let directives = Directives::of(members)?;
        match directives.whole {
            Directive::Delete => {
                if let Some(old) = old {
                    self.writer.remove(&old, patch);
                }
                return Ok(None);
            }
            Directive::Replace => {
                return self.replaced(old, patch, members, field, &directives).map(Some);
            }
            Directive::Merge => {}
        }
        let (had, origin) = match old {
            None => (None, None),
            Some(Node { data: Data::Map(map), origin }) => (Some(map), Some(origin)),
            Some(old @ Node { data: Data::List(_), .. }) if self.mode == Mode::Object => {
                return Err(self.another_kind(Some(&old), patch));
            }
            // Where something else stood, nothing of it can be merged.
            Some(old) if self.mode == Mode::Values || old.data == Data::Null => {
                return self.replaced(Some(old), patch, members, field, &directives).map(Some);
            }
            Some(old) => return Err(self.another_kind(Some(&old), patch)),
        };
        if had.is_none() {
            self.writer.note_change();
        }
        let merged = self.members(had.unwrap_or_default(), members, field.schema, &directives)?;
        let origin = origin.unwrap_or_else(|| self.writer.origin(patch, None));
        Ok(Some(Node { data: Data::Map(merged), origin }))
    }

    /// The patch's members in the place of `old`, nothing of which stays.
    fn replaced(
        &mut self,
        old: Option<Node>,
        patch: &Node,
        members: &Map,
        field: Field,
        directives: &Directives,
    ) -> Result<Node, Fault> {
        let mut quiet = Writer::quiet();
        let mut merge = Merge { writer: &mut quiet, mode: self.mode };
        let new = merge.members(Map::new(), members, field.schema, directives)?;
        let new = Node { data: Data::Map(new), origin: patch.origin.clone() };
        Ok(self.writer.replace(old, &new))
    }

    fn members(
        &mut self,
        mut old: Map,
        patch: &Map,
        schema: Schema,
        directives: &Directives,
    ) -> Result<Map, Fault> {
        for (key, value) in directive::plain(patch) {
            let field = schema.member(key);
            self.writer.enter(key);
            let had = old.remove(key);
            let mut merged = self.merge(had, value, field)?;
            if let Some(order) = directives.order_of(key) {
                merged = merged.map(|list| self.in_order(list, order, field)).transpose()?;
            }
            self.writer.leave();
            if let Some(merged) = merged {
                let _ = old.insert(key.clone(), merged);
            }
        }
        for (key, value) in directives.lists_without_patch(patch) {
            let Some(list) = old.remove(key) else { continue };
            self.writer.enter(key);
            let field = schema.member(key);
            let list = match value {
                directive::ListDirective::Order(order) => self.in_order(list, order, field)?,
                directive::ListDirective::Delete(values) => self.without(list, values)?,
            };
            self.writer.leave();
            let _ = old.insert(Text::Owned(key.to_owned()), list);
        }
        if let Some(keep) = directives.retain {
            let gone: Vec<Text> =
                old.keys().filter(|key| !directive::names(keep, key)).cloned().collect();
            for key in gone {
                self.writer.enter(&key);
                if let Some(value) = old.remove(&key) {
                    self.writer.remove(&value, keep);
                }
                self.writer.leave();
            }
        }
        Ok(old)
    }
}
