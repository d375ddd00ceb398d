//! Why is this value here? Every leaf of every file, with its chain of reasons.
//!
//! [`leaves`] walks a file; [`Reason`] is what an origin says to people. The same walk answers the
//! inverse question: which leaves a line of the spec decides.

use crate::node::{Data, Node};
use crate::origin::Origin;
use crate::river::{Block, Expr, Statement};
use crate::source::{Sources, Span};
use crate::tree::Content;
use serde::Serialize;

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

/// Paths and calls are no leaves: they are the structure of the pipelines. What is computed has no
/// one origin; its operands are leaves.
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
        Expr::Path(_) | Expr::Asked(..) => {}
    }
}

/// What an origin says to people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reason {
    /// `spec`, `rule`, `default` or `structure`.
    pub kind: &'static str,
    /// The line of the spec, the rule, or the reason of the default.
    pub text: String,
    /// The place, for a line of the spec.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// What a rule worked on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<Reason>,
}

/// A place in a spec.
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
            from: Vec::new(),
        };
        match origin {
            Origin::Written(span) => {
                let (text, place) = line_of(*span, sources);
                Reason { place, ..plain("spec", &text) }
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

/// Whether a value comes, in any way, from a line of a spec.
pub fn comes_from(origin: &Origin, line: usize, sources: &Sources) -> bool {
    match origin {
        Origin::Written(span) => {
            sources.position(*span).is_some_and(|position| position.line == line)
        }
        Origin::Derived(derivation) => {
            derivation.from.iter().any(|origin| comes_from(origin, line, sources))
        }
        Origin::Default(_) | Origin::Structure => false,
    }
}
