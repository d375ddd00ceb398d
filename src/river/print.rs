//! Prints a config as `alloy fmt` would.
//!
//! The rules kept here: one tab per level; one blank line before every block that is not first in
//! its body; `=` aligned within a run of attributes, where a run ends at a block, at a comment and
//! after an attribute of several lines; a trailing comma where a closing bracket has a line of its
//! own. Objects always take several lines, because `fmt` pads one-line objects on adjacent lines
//! against each other.
//!
//! The layout follows from the tree alone, so a text that was read and printed is printed the same
//! when it is read again.

mod expr;

use super::{Attribute, Block, Statement};
use expr::{print_expr, spans_lines};
use std::fmt::Write as _;

/// Prints a whole file; it ends in one newline.
pub fn print(body: &[Statement]) -> String {
    let mut out = String::new();
    print_body(&mut out, body, 0);
    if out.is_empty() {
        out.push('\n');
    }
    out
}

/// Prints one value, as it would stand in an argument at the top.
pub fn print_expression(expr: &super::Expr) -> String {
    let mut out = String::new();
    print_expr(&mut out, expr, 0);
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
                text.split('\n').for_each(|line| print_comment(out, line, depth));
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

fn print_comment(out: &mut String, line: &str, depth: usize) {
    // What cannot stand in a comment.
    let line = line.replace(['\0', '\r', '\u{feff}'], "");
    let line = line.trim_end();
    // A line of slashes stays one.
    let gap = if line.is_empty() || line.starts_with('/') { "" } else { " " };
    indent(out, depth);
    let _ = writeln!(out, "//{gap}{line}");
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
    let width =
        run.iter().map(|attribute| attribute.name.chars().count()).max().unwrap_or_default();
    for attribute in run {
        indent(out, depth);
        let _ = write!(out, "{:width$} = ", attribute.name);
        print_expr(out, &attribute.value, depth);
        out.push('\n');
    }
}

fn print_block(out: &mut String, block: &Block, depth: usize) {
    indent(out, depth);
    out.push_str(&block.name);
    if let Some(label) = &block.label {
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

fn indent(out: &mut String, depth: usize) {
    out.extend(std::iter::repeat_n('\t', depth));
}
