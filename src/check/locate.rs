//! Whose line it is: from a place in the tree to the line of a text that somebody wrote.

use crate::contract::{Breach, Place};
use crate::diag::{Code, Diagnostic};
use crate::node::{Data, Node};
use crate::pointer::Pointer;
use crate::source::{SourceId, Sources, Span};
use crate::syntax::{self, Inner, Item, Kind};
use crate::tree::{RelPath, Tree};
use std::collections::BTreeMap;

/// Finds places; each text is read again at most once, and only if something is found in it.
pub struct Locator<'a> {
    tree: &'a Tree,
    sources: &'a Sources,
    documents: BTreeMap<SourceId, Option<Item>>,
}

impl<'a> Locator<'a> {
    /// Finds places in the texts that a tree is made from.
    pub fn new(tree: &'a Tree, sources: &'a Sources) -> Self {
        Locator { tree, sources, documents: BTreeMap::new() }
    }

    /// The finding that a breach in a file is.
    pub fn diagnostic(
        &mut self,
        path: &RelPath,
        root: &Node,
        code: Code,
        breach: Breach,
    ) -> Diagnostic {
        let Breach { place, kind: _, message, help } = breach;
        let (at, pointer) = match &place {
            Place::Key(pointer) => (self.key(root, pointer), Some(pointer)),
            Place::Value(pointer) => (value(root, pointer), Some(pointer)),
            Place::Within(pointer, bytes) => {
                (self.within(root, pointer, bytes.start, bytes.end), Some(pointer))
            }
            Place::Inside(pointer, inner) => (self.inside(root, pointer, inner), Some(pointer)),
            Place::Origin(origin) => (origin.written(), None),
        };
        let at = at.or_else(|| self.removal(path, pointer?));
        let pointer = pointer.map(Pointer::to_string).unwrap_or_default();
        let file = format!("{path} {pointer}");
        let file = file.trim_end();
        let diagnostic = match at {
            Some(_) => Diagnostic::error(code, at, message).label(format!("in {file}")),
            None => Diagnostic::error(code, None, format!("{file}: {message}")),
        };
        let diagnostic = Diagnostic { severity: code.severity(), ..diagnostic };
        match help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        }
    }

    /// The key of a member: where it was written, or else the member's value.
    fn key(&mut self, root: &Node, pointer: &Pointer) -> Option<Span> {
        let name = pointer.parts().last()?;
        let (node, _) = reach(root, pointer);
        let (span, depth) = first_written(node, 0)?;
        let keys = self.keys_to(span);
        // The leaf lies some levels below the member that is meant, in the text as in the tree.
        let meant = keys.iter().rev().nth(depth).filter(|(key, _)| key == name);
        let same = || keys.iter().rev().find(|(key, _)| key == name);
        Some(meant.or_else(same).map_or(span, |(_, key_span)| *key_span))
    }

    /// The line that took away something beside a place, or below it.
    fn removal(&self, path: &RelPath, pointer: &Pointer) -> Option<Span> {
        let around = pointer.parts().split_last().map_or(&[][..], |(_, around)| around);
        let removed = self.tree.removed().filter(|(file, removal)| {
            *file == path && !around.is_empty() && removal.pointer.parts().starts_with(around)
        });
        removed.filter_map(|(_, removal)| removal.origin.written()).last()
    }

    /// Some bytes of a text.
    fn within(&self, root: &Node, pointer: &Pointer, start: usize, end: usize) -> Option<Span> {
        let (node, _) = reach(root, pointer);
        let whole = node.origin.written()?;
        let text = node.text()?;
        let source = self.sources.get(whole.source)?;
        Some(Inner::new(&source.text, whole, text).place(start, end))
    }

    /// A value in a document that is a text; the text, if the document cannot be read so.
    fn inside(&self, root: &Node, pointer: &Pointer, inner: &Pointer) -> Option<Span> {
        let text = reach(root, pointer).0.text()?;
        let document = syntax::parse_inner(&Inner::whole_file(Span::NOWHERE), text).document;
        match document.as_ref().and_then(|document| item(document, inner)) {
            Some(Item { span, .. }) => {
                self.within(root, pointer, span.start as usize, span.end as usize)
            }
            None => value(root, pointer),
        }
    }

    /// The keys that lead to a place in its text, the outermost first.
    fn keys_to(&mut self, span: Span) -> Vec<(String, Span)> {
        let sources = self.sources;
        let Some(source) = sources.get(span.source) else { return Vec::new() };
        let document = self.documents.entry(span.source);
        let document =
            document.or_insert_with(|| syntax::parse(span.source, &source.text).document).as_ref();
        let mut keys = Vec::new();
        let _ = document.is_some_and(|document| lead(&source.text, document, span, &mut keys));
        keys
    }
}

/// The item that a pointer leads to.
fn item<'i>(document: &'i Item, pointer: &Pointer) -> Option<&'i Item> {
    pointer.parts().iter().try_fold(document, |item, part| match &item.kind {
        Kind::Map(members) => {
            members.iter().find(|member| member.key == *part).map(|member| &member.value)
        }
        Kind::List(items) => items.get(part.parse::<usize>().ok()?),
        Kind::Null
        | Kind::Bool(_)
        | Kind::Int(_)
        | Kind::Float(_)
        | Kind::Text(_)
        | Kind::Reported => None,
    })
}

/// Whether an item is, or holds, what stands at a place; notes the keys on the way.
fn lead(text: &str, item: &Item, span: Span, keys: &mut Vec<(String, Span)>) -> bool {
    if item.span == span {
        return true;
    }
    let covers = |outer: Span| outer.start <= span.start && span.end <= outer.end;
    if !covers(item.span) {
        return false;
    }
    match &item.kind {
        Kind::Map(members) => members.iter().any(|member| {
            keys.push((member.key.clone(), member.key_span));
            let found = member.key_span == span || lead(text, &member.value, span, keys);
            if !found {
                let _ = keys.pop();
            }
            found
        }),
        Kind::List(items) => items.iter().any(|item| lead(text, item, span, keys)),
        // A patch may be a document inside a text.
        Kind::Text(inner) if inner.contains('\n') => {
            let places = Inner::new(text, item.span, inner);
            let document = syntax::parse_inner(&places, inner).document;
            document.is_some_and(|document| lead("", &document, span, keys))
        }
        Kind::Null
        | Kind::Bool(_)
        | Kind::Int(_)
        | Kind::Float(_)
        | Kind::Text(_)
        | Kind::Reported => false,
    }
}

/// The value at a place, or the closest one around it that is there.
fn reach<'n>(root: &'n Node, pointer: &Pointer) -> (&'n Node, bool) {
    let mut node = root;
    for part in pointer.parts() {
        let next = match &node.data {
            Data::Map(map) => map.get(part.as_str()),
            Data::List(items) => part.parse::<usize>().ok().and_then(|at| items.get(at)),
            Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::Text(_) => None,
        };
        match next {
            Some(next) => node = next,
            None => return (node, false),
        }
    }
    (node, true)
}

/// The line of a value: its own, or that of the first thing in it that somebody wrote.
fn value(root: &Node, pointer: &Pointer) -> Option<Span> {
    first_written(reach(root, pointer).0, 0).map(|(span, _)| span)
}

/// The first written place in a tree, and how many keys lie between.
fn first_written(node: &Node, depth: usize) -> Option<(Span, usize)> {
    if let Some(span) = node.origin.written() {
        return Some((span, depth));
    }
    match &node.data {
        Data::Map(map) => map.values().find_map(|node| first_written(node, depth + 1)),
        Data::List(items) => items.iter().find_map(|node| first_written(node, depth)),
        Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::Text(_) => None,
    }
}
