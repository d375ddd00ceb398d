//! Prints values.

use super::super::{Ask, Binary, Expr, literal};
use super::indent;
use crate::node::{Data, Node};
use std::fmt::Write as _;

/// A list of literals longer than this takes a line for each item; in characters.
const MAX_INLINE: usize = 80;

/// Whether a value takes several lines.
pub(super) fn spans_lines(expr: &Expr) -> bool {
    match expr {
        Expr::Literal(node) => literal_spans_lines(node),
        Expr::Object(fields) => !fields.is_empty(),
        Expr::List(items) => list_spans_lines(items),
        Expr::Path(_) => false,
        Expr::Asked(of, asked) => {
            spans_lines(of)
                || asked.iter().any(|ask| match ask {
                    Ask::Member(_) => false,
                    Ask::Index(index) => spans_lines(index),
                    Ask::Call(arguments) => arguments.iter().any(spans_lines),
                })
        }
        Expr::Unary(_, value) | Expr::Parens(value) => spans_lines(value),
        Expr::Binary(first, rest) => {
            spans_lines(first) || rest.iter().any(|(_, value)| spans_lines(value))
        }
    }
}

/// Scalars share a line while there is room; of other values only a single one stays on it.
fn list_spans_lines(items: &[Expr]) -> bool {
    let scalars: Option<Vec<&Node>> = items.iter().map(scalar).collect();
    match scalars {
        Some(scalars) => inline_width(scalars) > MAX_INLINE,
        None => items.len() > 1 || items.iter().any(|item| is_container(item) || spans_lines(item)),
    }
}

fn scalar(expr: &Expr) -> Option<&Node> {
    match expr {
        Expr::Literal(node) if !holds_nodes(node) => Some(node),
        Expr::Literal(_)
        | Expr::Object(_)
        | Expr::List(_)
        | Expr::Path(_)
        | Expr::Asked(..)
        | Expr::Unary(..)
        | Expr::Binary(..)
        | Expr::Parens(_) => None,
    }
}

fn is_container(expr: &Expr) -> bool {
    match expr {
        Expr::Literal(node) => holds_nodes(node),
        Expr::Object(_) | Expr::List(_) => true,
        Expr::Path(_) | Expr::Asked(..) | Expr::Unary(..) | Expr::Binary(..) | Expr::Parens(_) => {
            false
        }
    }
}

fn holds_nodes(node: &Node) -> bool {
    matches!(node.data, Data::Map(_) | Data::List(_))
}

fn literal_spans_lines(node: &Node) -> bool {
    match &node.data {
        Data::Map(map) => !map.is_empty(),
        Data::List(items) => items.iter().any(holds_nodes) || inline_width(items) > MAX_INLINE,
        Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::Text(_) => false,
    }
}

fn inline_width<'a>(items: impl IntoIterator<Item = &'a Node>) -> usize {
    let width = |item: &Node| item.text().map_or(8, |text| text.chars().count()) + 4;
    items.into_iter().map(width).sum()
}

pub(super) fn print_expr(out: &mut String, expr: &Expr, depth: usize) {
    match expr {
        Expr::Literal(node) => print_literal(out, node, depth),
        Expr::Object(fields) => {
            let fields: Vec<_> = fields.iter().map(|(key, value)| (key_text(key), value)).collect();
            print_fields(out, &fields, depth, spans_lines, print_expr);
        }
        Expr::List(items) => print_items(
            out,
            items,
            depth,
            if spans_lines(expr) { Layout::ALineEach } else { Layout::OneLine },
            print_expr,
        ),
        Expr::Path(path) => out.push_str(&path.dotted),
        Expr::Asked(of, asked) => {
            print_bound(out, of, PRIMARY, depth);
            // `1.x` would be a float and a name.
            if is_int(of) && matches!(asked.first(), Some(Ask::Member(_))) {
                out.push(' ');
            }
            asked.iter().for_each(|ask| print_ask(out, ask, depth));
        }
        Expr::Unary(operator, value) => {
            out.push_str(operator.as_str());
            print_bound(out, value, UNARY, depth);
        }
        Expr::Binary(first, rest) => {
            let tighter = strength(expr) + 1;
            print_bound(out, first, tighter, depth);
            for (operator, value) in rest {
                let _ = write!(out, " {} ", operator.as_str());
                print_bound(out, value, tighter, depth);
            }
        }
        Expr::Parens(value) => {
            out.push('(');
            print_expr(out, value, depth);
            out.push(')');
        }
    }
}

fn print_ask(out: &mut String, ask: &Ask, depth: usize) {
    match ask {
        Ask::Member(name) => {
            let _ = write!(out, ".{name}");
        }
        Ask::Index(index) => {
            out.push('[');
            print_expr(out, index, depth);
            out.push(']');
        }
        Ask::Call(arguments) => {
            out.push('(');
            for (position, argument) in arguments.iter().enumerate() {
                if position > 0 {
                    out.push_str(", ");
                }
                print_expr(out, argument, depth);
            }
            out.push(')');
        }
    }
}

/// How tightly operators before a value bind.
const UNARY: u8 = Binary::TIGHTEST + 1;
/// How tightly a value without operators holds together.
const PRIMARY: u8 = UNARY + 1;

/// How tightly the parts of a value hold together.
fn strength(expr: &Expr) -> u8 {
    match expr {
        Expr::Literal(node) if is_negative(node) => UNARY,
        Expr::Unary(..) => UNARY,
        Expr::Binary(_, rest) => {
            let precedences = rest.iter().map(|(operator, _)| operator.precedence());
            precedences.min().unwrap_or_default()
        }
        Expr::Literal(_)
        | Expr::Object(_)
        | Expr::List(_)
        | Expr::Path(_)
        | Expr::Asked(..)
        | Expr::Parens(_) => PRIMARY,
    }
}

fn is_negative(node: &Node) -> bool {
    match node.data {
        Data::Int(number) => number < 0,
        Data::Float(number) => number.is_sign_negative(),
        Data::Null | Data::Bool(_) | Data::Text(_) | Data::List(_) | Data::Map(_) => false,
    }
}

fn is_int(expr: &Expr) -> bool {
    scalar(expr).is_some_and(|node| matches!(node.data, Data::Int(_)))
}

/// Prints a value where it must hold together at least this tightly. The parser makes no tree that
/// needs parentheses; a tree made otherwise gets them.
fn print_bound(out: &mut String, expr: &Expr, least: u8, depth: usize) {
    if strength(expr) >= least {
        return print_expr(out, expr, depth);
    }
    out.push('(');
    print_expr(out, expr, depth);
    out.push(')');
}

fn print_literal(out: &mut String, node: &Node, depth: usize) {
    match &node.data {
        Data::Null => out.push_str("null"),
        Data::Bool(value) => {
            let _ = write!(out, "{value}");
        }
        Data::Int(value) => {
            let _ = write!(out, "{value}");
        }
        Data::Float(value) => {
            let _ = write!(out, "{value:?}");
        }
        Data::Text(text) => print_string(out, text),
        Data::List(items) => {
            print_items(
                out,
                items,
                depth,
                if literal_spans_lines(node) { Layout::ALineEach } else { Layout::OneLine },
                print_literal,
            );
        }
        Data::Map(map) => {
            let fields: Vec<_> = map.iter().map(|(key, value)| (key_text(key), value)).collect();
            print_fields(out, &fields, depth, literal_spans_lines, print_literal);
        }
    }
}

/// Whether a list's items share a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Layout {
    OneLine,
    ALineEach,
}

fn print_items<T>(
    out: &mut String,
    items: &[T],
    depth: usize,
    layout: Layout,
    print: fn(&mut String, &T, usize),
) {
    out.push('[');
    for (position, item) in items.iter().enumerate() {
        if layout == Layout::ALineEach {
            out.push('\n');
            indent(out, depth + 1);
            print(out, item, depth + 1);
            out.push(',');
        } else {
            if position > 0 {
                out.push_str(", ");
            }
            print(out, item, depth);
        }
    }
    if layout == Layout::ALineEach {
        out.push('\n');
        indent(out, depth);
    }
    out.push(']');
}

fn print_fields<T>(
    out: &mut String,
    fields: &[(String, &T)],
    depth: usize,
    spans_lines: impl Fn(&T) -> bool,
    print: fn(&mut String, &T, usize),
) {
    if fields.is_empty() {
        out.push_str("{}");
        return;
    }
    out.push_str("{\n");
    let mut rest = fields;
    while !rest.is_empty() {
        let ends = rest.iter().position(|(_, value)| spans_lines(value));
        let (run, after) = rest.split_at(ends.map_or(rest.len(), |at| at + 1));
        let width = run.iter().map(|(key, _)| key.chars().count()).max().unwrap_or_default();
        for (key, value) in run {
            indent(out, depth + 1);
            let _ = write!(out, "{key:width$} = ");
            print(out, value, depth + 1);
            out.push_str(",\n");
        }
        rest = after;
    }
    indent(out, depth);
    out.push('}');
}

/// An object's key. Alloy takes the text between quotes as it is written, so what a string would
/// escape stands as it is. Bare if it is a plain word.
fn key_text(key: &str) -> String {
    if key.is_ascii() && literal::is_name(key) {
        return key.to_owned();
    }
    let quotes = ['"', '`'].map(|quote| format!("{quote}{key}{quote}"));
    quotes.into_iter().find(|quoted| literal::is_string(quoted)).unwrap_or_else(|| {
        // The language has no way to write this key; the nearest that is one.
        let mut escaped = String::new();
        print_string(&mut escaped, key);
        escaped
    })
}

/// A double-quoted string. The escapes are those that the scanner accepts; `\'` is not one.
fn print_string(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() || c == '\u{feff}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}
