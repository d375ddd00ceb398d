//! Prints a config as `alloy fmt` would.
//!
//! The rules kept here: one tab per level; one blank line before every block that is not first in
//! its body; `=` aligned within a run of attributes, where a run ends at a block, at a comment and
//! after an attribute of several lines; a trailing comma where a closing bracket has a line of its
//! own. Objects always take several lines, because `fmt` pads one-line objects on adjacent lines
//! against each other.

use super::{Attribute, Block, Expr, Statement};
use crate::node::{Data, Node};
use std::fmt::Write as _;

/// A list of literals longer than this takes a line for each item; in characters.
const MAX_INLINE: usize = 80;

/// Prints a whole file; it ends in one newline.
pub fn print(body: &[Statement]) -> String {
    let mut out = String::new();
    print_body(&mut out, body, 0);
    if out.is_empty() {
        out.push('\n');
    }
    out
}

fn print_body(out: &mut String, body: &[Statement], depth: usize) {
    let mut rest = body;
    let mut before: Option<&Statement> = None;
    while let Some((statement, after)) = rest.split_first() {
        match statement {
            Statement::Attribute(_) => {
                let run = run_of(rest);
                print_run(out, &run, depth);
                before = rest.get(run.len().saturating_sub(1));
                rest = rest.get(run.len()..).unwrap_or_default();
                continue;
            }
            Statement::Comment(text) => {
                if before.is_some() {
                    out.push('\n');
                }
                for line in text.lines() {
                    indent(out, depth);
                    let _ = writeln!(out, "// {line}");
                }
            }
            Statement::Block(block) => {
                if matches!(before, Some(Statement::Attribute(_) | Statement::Block(_))) {
                    out.push('\n');
                }
                print_block(out, block, depth);
            }
        }
        before = Some(statement);
        rest = after;
    }
}

/// The attributes at the start of `rest` whose `=` align.
fn run_of(rest: &[Statement]) -> Vec<&Attribute> {
    let mut run = Vec::new();
    for statement in rest {
        let Statement::Attribute(attribute) = statement else {
            break;
        };
        run.push(attribute);
        if spans_lines(&attribute.value) {
            break;
        }
    }
    run
}

fn print_run(out: &mut String, run: &[&Attribute], depth: usize) {
    let width = run.iter().map(|attribute| attribute.name.len()).max().unwrap_or_default();
    for attribute in run {
        indent(out, depth);
        let _ = write!(out, "{:width$} = ", attribute.name);
        print_expr(out, &attribute.value, depth);
        out.push('\n');
    }
}

fn print_block(out: &mut String, block: &Block, depth: usize) {
    indent(out, depth);
    out.push_str(block.name);
    if let Some(label) = block.label {
        let _ = write!(out, " \"{label}\"");
    }
    if block.body.is_empty() {
        out.push_str(" { }\n");
        return;
    }
    out.push_str(" {\n");
    print_body(out, &block.body, depth + 1);
    indent(out, depth);
    out.push_str("}\n");
}

fn spans_lines(expr: &Expr) -> bool {
    match expr {
        Expr::Literal(node) => literal_spans_lines(node),
        Expr::Object(fields) => !fields.is_empty(),
        Expr::List(items) => items.len() > 1 || items.iter().any(spans_lines),
        Expr::Reference(_) => false,
        Expr::Call(_, arguments) => arguments.iter().any(spans_lines),
    }
}

fn literal_spans_lines(node: &Node) -> bool {
    match &node.data {
        Data::Map(map) => !map.is_empty(),
        Data::List(items) => {
            items.iter().any(|item| matches!(item.data, Data::Map(_) | Data::List(_)))
                || inline_width(items) > MAX_INLINE
        }
        Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::Text(_) => false,
    }
}

fn inline_width(items: &[Node]) -> usize {
    items.iter().map(|item| item.text().map_or(8, |text| text.chars().count()) + 4).sum()
}

fn print_expr(out: &mut String, expr: &Expr, depth: usize) {
    match expr {
        Expr::Literal(node) => print_literal(out, node, depth),
        Expr::Object(fields) => {
            let fields: Vec<_> = fields.iter().map(|(key, value)| (key_text(key), value)).collect();
            print_fields(out, &fields, depth, spans_lines, print_expr);
        }
        Expr::List(items) => print_items(out, items, depth, layout_of_expr(expr), print_expr),
        Expr::Reference(to) => {
            let _ = write!(out, "{}.{}.{}", to.component, to.label, to.export);
        }
        Expr::Call(function, arguments) => {
            let _ = write!(out, "{function}(");
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
            print_items(out, items, depth, layout_of(node), print_literal);
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

fn layout_of(node: &Node) -> Layout {
    if literal_spans_lines(node) { Layout::ALineEach } else { Layout::OneLine }
}

fn layout_of_expr(expr: &Expr) -> Layout {
    if spans_lines(expr) { Layout::ALineEach } else { Layout::OneLine }
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

/// An object's key: bare if it is an identifier and no keyword, quoted otherwise.
fn key_text(key: &str) -> String {
    let starts_well = key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let is_word = key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if starts_well && is_word && !matches!(key, "true" | "false" | "null") {
        return key.to_owned();
    }
    let mut quoted = String::new();
    print_string(&mut quoted, key);
    quoted
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

fn indent(out: &mut String, depth: usize) {
    out.extend(std::iter::repeat_n('\t', depth));
}
