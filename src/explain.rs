//! Why is this value here? Every leaf of every file, with its chain of reasons.
//!
//! [`leaves`] walks a file; [`Reason`] is what an origin says to people. The same walk answers the
//! inverse question: which leaves a line of the spec decides.

use crate::node::{Data, Node};
use crate::origin::Origin;
use crate::river::{Ask, Block, Expr, Statement};
use crate::source::{Sources, Span};
use crate::tree::{Content, RelPath, Tree};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A value at the end of a path.
#[derive(Debug, Clone)]
pub struct Leaf<'a> {
    /// Where it stands, as a JSON pointer (RFC 6901). In an Alloy configuration: the component, its
    /// label, then blocks and arguments; blocks of one name are numbered.
    pub pointer: String,
    /// The value, as JSON prints it; in Alloy, as the language does.
    pub value: String,
    /// Why it is there.
    pub origin: &'a Origin,
}

/// The value of a leaf that an overlay took away.
pub const REMOVED: &str = "(removed)";

/// Everything in a tree that has a reason, by file: its leaves, and what overlays took away and nobody
/// put back.
pub fn all(tree: &Tree) -> Vec<(&RelPath, Leaf<'_>)> {
    let mut found: Vec<(&RelPath, Leaf)> = tree
        .files()
        .flat_map(|(path, content)| leaves(content).into_iter().map(move |leaf| (path, leaf)))
        .collect();
    let mut gone: BTreeMap<(&RelPath, String), &Origin> = BTreeMap::new();
    for (path, removal) in tree.removed() {
        let _ = gone.insert((path, removal.pointer.to_string()), &removal.origin);
    }
    if !gone.is_empty() {
        for (path, leaf) in &found {
            let _ = gone.remove(&(*path, leaf.pointer.clone()));
        }
    }
    let gone = gone.into_iter().map(|((path, pointer), origin)| {
        (path, Leaf { pointer, value: REMOVED.to_owned(), origin })
    });
    found.extend(gone);
    found.sort_by_key(|(path, _)| *path);
    found
}

/// Every leaf of a file, in the order of its paths.
pub fn leaves(content: &Content) -> Vec<Leaf<'_>> {
    let mut found = Vec::new();
    match content {
        Content::Values(node) | Content::Object(node) | Content::Document(node) => {
            node_leaves(node, "", &mut found);
        }
        Content::Alloy(body) => body_leaves(body, "", &mut found),
    }
    found
}

/// A member's place below another, escaped as RFC 6901 asks.
fn below(pointer: &str, member: &str) -> String {
    format!("{pointer}/{}", member.replace('~', "~0").replace('/', "~1"))
}

fn node_leaves<'a>(node: &'a Node, pointer: &str, found: &mut Vec<Leaf<'a>>) {
    match &node.data {
        Data::Map(map) if !map.is_empty() => {
            for (key, value) in map {
                node_leaves(value, &below(pointer, key), found);
            }
        }
        Data::List(items) if !items.is_empty() => {
            for (position, item) in items.iter().enumerate() {
                node_leaves(item, &below(pointer, &position.to_string()), found);
            }
        }
        Data::Null
        | Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::Text(_)
        | Data::List(_)
        | Data::Map(_) => found.push(Leaf {
            pointer: pointer.to_owned(),
            value: node.to_json().to_string(),
            origin: &node.origin,
        }),
    }
}

fn body_leaves<'a>(body: &'a [Statement], pointer: &str, found: &mut Vec<Leaf<'a>>) {
    let names: Vec<&str> = body.iter().filter_map(block_name).collect();
    let mut seen: Vec<&str> = Vec::new();
    for statement in body {
        match statement {
            Statement::Comment(_) => {}
            Statement::Attribute(attribute) => {
                expr_leaves(&attribute.value, &below(pointer, &attribute.name), found);
            }
            Statement::Block(block) => {
                let place = block_place(block, pointer);
                let alike = names.iter().filter(|name| **name == block.name).count();
                let position = seen.iter().filter(|name| **name == block.name).count();
                seen.push(&block.name);
                let place = match block.label {
                    None if alike > 1 => below(&place, &position.to_string()),
                    Some(_) | None => place,
                };
                body_leaves(&block.body, &place, found);
            }
        }
    }
}

fn block_name(statement: &Statement) -> Option<&str> {
    match statement {
        Statement::Block(block) => Some(&block.name),
        Statement::Attribute(_) | Statement::Comment(_) => None,
    }
}

fn block_place(block: &Block, pointer: &str) -> String {
    let place = below(pointer, &block.name);
    match &block.label {
        Some(label) => below(&place, label),
        None => place,
    }
}

/// What is computed has no one origin; its operands are leaves, a function's name among them.
fn expr_leaves<'a>(expr: &'a Expr, pointer: &str, found: &mut Vec<Leaf<'a>>) {
    match expr {
        Expr::Literal(node) => node_leaves(node, pointer, found),
        Expr::Object(fields) => {
            for (key, value) in fields {
                expr_leaves(value, &below(pointer, key), found);
            }
        }
        Expr::List(items) => {
            for (position, item) in items.iter().enumerate() {
                expr_leaves(item, &below(pointer, &position.to_string()), found);
            }
        }
        Expr::Unary(_, value) => expr_leaves(value, &below(pointer, "0"), found),
        Expr::Binary(first, rest) => {
            let operands = std::iter::once(&**first).chain(rest.iter().map(|(_, value)| value));
            for (position, operand) in operands.enumerate() {
                expr_leaves(operand, &below(pointer, &position.to_string()), found);
            }
        }
        Expr::Parens(value) => expr_leaves(value, pointer, found),
        Expr::Path(path) => found.push(Leaf {
            pointer: pointer.to_owned(),
            value: path.dotted.to_string(),
            origin: &path.origin,
        }),
        Expr::Asked(of, asked) => {
            let place = match &**of {
                Expr::Path(_) => pointer.to_owned(),
                Expr::Literal(_)
                | Expr::Object(_)
                | Expr::List(_)
                | Expr::Asked(..)
                | Expr::Unary(..)
                | Expr::Binary(..)
                | Expr::Parens(_) => below(pointer, "of"),
            };
            expr_leaves(of, &place, found);
            let operands = asked.iter().flat_map(|ask| match ask {
                Ask::Member(_) => std::slice::Iter::default(),
                Ask::Index(index) => std::slice::from_ref(index).iter(),
                Ask::Call(arguments) => arguments.iter(),
            });
            for (position, operand) in operands.enumerate() {
                expr_leaves(operand, &below(pointer, &position.to_string()), found);
            }
        }
    }
}

/// What an origin says to people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reason {
    /// `spec`, `fleet`, `overlay`, `rule`, `default` or `structure`.
    pub kind: &'static str,
    /// The line that somebody wrote, the rule, or the reason of the default.
    pub text: String,
    /// The place, for a line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// The overlay's name, for a line of one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overlay: Option<String>,
    /// What an overlay replaced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaced: Option<Box<Replaced>>,
    /// What a rule worked on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<Reason>,
}

/// A value that an overlay replaced, and why it was there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Replaced {
    /// The value, as JSON prints it.
    pub value: String,
    /// Its reason.
    pub reason: Reason,
}

/// A place in a spec, a fleet file or an overlay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The file, as it was named.
    pub file: String,
    /// 1-based.
    pub line: usize,
    /// 1-based, in characters.
    pub column: usize,
}

impl Reason {
    /// What `origin` says.
    pub fn of(origin: &Origin, sources: &Sources) -> Reason {
        let plain = |kind, text: &str| Reason {
            kind,
            text: text.to_owned(),
            place: None,
            overlay: None,
            replaced: None,
            from: Vec::new(),
        };
        match origin {
            Origin::Written(span) => {
                let (text, place) = line_of(Span::clone(span), sources);
                // Specs are nobody else's; what several workloads share and no overlay wrote is a fleet's.
                let kind = if span.source.is_shared() { "fleet" } else { "spec" };
                Reason { place, ..plain(kind, &text) }
            }
            Origin::Overlaid(overlaid) => {
                let line = overlaid.by.written().map(|span| line_of(span, sources));
                let (text, place) = line.unwrap_or_default();
                let from = match &overlaid.by {
                    // The first is the line itself.
                    Origin::Derived(made) => made.from.get(1..).unwrap_or_default(),
                    Origin::Written(_)
                    | Origin::Default(_)
                    | Origin::Structure
                    | Origin::Overlaid(_) => &[],
                };
                let listed = overlaid.listed.map(|place| Origin::at(|| place));
                let from = from.iter().chain(&listed);
                let from = from.map(|origin| Reason::of(origin, sources)).collect();
                let replaced = overlaid.was.as_ref().map(|was| {
                    let reason = Reason::of(&was.origin, sources);
                    Box::new(Replaced { value: was.value.clone(), reason })
                });
                let overlay = Some(overlaid.overlay.to_string());
                Reason { place, overlay, replaced, from, ..plain("overlay", &text) }
            }
            Origin::Derived(derivation) => {
                let from = derivation.from.iter().map(|origin| Reason::of(origin, sources));
                Reason { from: from.collect(), ..plain("rule", derivation.rule) }
            }
            Origin::Default(why) => plain("default", why),
            Origin::Structure => plain("structure", "it holds what is in it"),
        }
    }
}

fn line_of(span: Span, sources: &Sources) -> (String, Option<Place>) {
    let source = sources.get(span.source);
    let position = sources.position(span);
    let (Some(source), Some(position)) = (source, position) else { return (String::new(), None) };
    let line = source.text.lines().nth(position.line - 1).unwrap_or_default();
    let place = Place { file: source.name.clone(), line: position.line, column: position.column };
    (line.trim().to_owned(), Some(place))
}

/// Whether a value comes, in any way, from a line of a text: of the spec, or of what `file` names.
pub fn comes_from(origin: &Origin, file: Option<&str>, line: usize, sources: &Sources) -> bool {
    let is_at = |span: &Span| {
        let named = match file {
            None => !span.source.is_shared(),
            Some(file) => sources.get(span.source).is_some_and(|source| source.name == file),
        };
        named && sources.position(*span).is_some_and(|position| position.line == line)
    };
    let mut places = BTreeSet::new();
    origin.all_written(&mut places);
    places.iter().any(is_at)
}
