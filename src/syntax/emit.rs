//! YAML that every reader reads alike.
//!
//! Layout: two spaces, lists not indented under their key, no folding, `|` for text of several
//! lines. Keys are sorted, with the ones that people look for first in front. A text stands
//! unquoted only if [`is_plain_safe`] lets it.

use super::scalar::is_plain_safe;
use crate::node::{Data, Map, Node, Text};
use std::fmt::Write as _;

/// Keys that come before all others, in this order: those that say what a thing is.
const FIRST: [&str; 8] =
    ["apiVersion", "kind", "metadata", "name", "namespace", "labels", "annotations", "type"];

/// Prints a value as a YAML document that ends in a newline.
pub fn emit(node: &Node) -> String {
    let mut out = String::new();
    match &node.data {
        Data::Map(map) if !map.is_empty() => emit_map(&mut out, map, 0),
        Data::List(items) if !items.is_empty() => emit_list(&mut out, items, 0),
        Data::Null
        | Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::Text(_)
        | Data::List(_)
        | Data::Map(_) => {
            emit_inline(&mut out, node, 0);
            out.push('\n');
        }
    }
    out
}

/// A map's members in the order in which they are printed.
fn in_order(map: &Map) -> impl Iterator<Item = (&Text, &Node)> {
    let first = FIRST.iter().filter_map(|key| map.get_key_value(*key));
    first.chain(map.iter().filter(|(key, _)| !FIRST.contains(&key.as_ref())))
}

fn emit_map(out: &mut String, map: &Map, indent: usize) {
    for (position, (key, value)) in in_order(map).enumerate() {
        if position > 0 {
            pad(out, indent);
        }
        emit_text(out, key, None);
        out.push(':');
        emit_value(out, value, indent, Place::AfterKey);
    }
}

fn emit_list(out: &mut String, items: &[Node], indent: usize) {
    for (position, item) in items.iter().enumerate() {
        if position > 0 {
            pad(out, indent);
        }
        out.push('-');
        emit_value(out, item, indent, Place::AfterDash);
    }
}

/// What stands in front of a value on its line.
#[derive(Clone, Copy)]
enum Place {
    AfterKey,
    AfterDash,
}

fn emit_value(out: &mut String, node: &Node, indent: usize, place: Place) {
    match (&node.data, place) {
        (Data::Map(map), Place::AfterKey) if !map.is_empty() => {
            out.push('\n');
            pad(out, indent + 2);
            emit_map(out, map, indent + 2);
        }
        (Data::Map(map), Place::AfterDash) if !map.is_empty() => {
            out.push(' ');
            emit_map(out, map, indent + 2);
        }
        (Data::List(items), Place::AfterKey) if !items.is_empty() => {
            out.push('\n');
            pad(out, indent);
            emit_list(out, items, indent);
        }
        (Data::List(items), Place::AfterDash) if !items.is_empty() => {
            out.push(' ');
            emit_list(out, items, indent + 2);
        }
        (
            Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::Text(_)
            | Data::List(_)
            | Data::Map(_),
            Place::AfterKey | Place::AfterDash,
        ) => {
            out.push(' ');
            emit_inline(out, node, indent);
            out.push('\n');
        }
    }
}

/// Scalars and empty containers; a block literal ends without its last newline.
fn emit_inline(out: &mut String, node: &Node, indent: usize) {
    let _ = match &node.data {
        Data::Null => write!(out, "null"),
        Data::Bool(value) => write!(out, "{value}"),
        Data::Int(value) => write!(out, "{value}"),
        Data::Float(value) => write!(out, "{value:?}"),
        Data::List(_) => write!(out, "[]"),
        Data::Map(_) => write!(out, "{{}}"),
        Data::Text(text) => {
            emit_text(out, text, Some(indent));
            Ok(())
        }
    };
}

/// A text; `block_indent` says where a block literal may stand, or that none may.
fn emit_text(out: &mut String, text: &str, block_indent: Option<usize>) {
    match block_indent {
        Some(indent) if fits_block(text) => emit_block(out, text, indent),
        _ if is_plain_safe(text) => out.push_str(text),
        Some(_) | None => emit_quoted(out, text),
    }
}

/// Whether a text can be a block literal without any reader changing it.
///
/// Carriage returns, NEL, LS, PS, BOM and control characters are changed or refused by readers; a
/// first line that starts with a tab is refused by the Go readers.
fn fits_block(text: &str) -> bool {
    let is_fine = |c: char| {
        matches!(c, '\n' | '\t')
            || (!c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{85}'))
    };
    let first_line = text.lines().find(|line| !line.trim().is_empty());
    text.contains('\n')
        && text.chars().all(is_fine)
        && first_line.is_some_and(|line| !line.starts_with('\t'))
        && !text.lines().any(|line| !line.is_empty() && line.trim().is_empty())
}

fn emit_block(out: &mut String, text: &str, indent: usize) {
    let chomp = match (text.ends_with('\n'), text.ends_with("\n\n")) {
        (_, true) => "+",
        (true, false) => "",
        (false, false) => "-",
    };
    let needs_indicator = text.starts_with([' ', '\n']);
    let _ = write!(out, "|{}{chomp}", if needs_indicator { "2" } else { "" });
    let body = text.strip_suffix('\n').unwrap_or(text);
    for line in body.split('\n') {
        out.push('\n');
        if !line.is_empty() {
            pad(out, indent + 2);
            out.push_str(line);
        }
    }
}

fn emit_quoted(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if must_escape(c) => {
                let code = u32::from(c);
                let _ = if code > 0xffff {
                    write!(out, "\\U{code:08X}")
                } else {
                    write!(out, "\\u{code:04X}")
                };
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// Characters that some reader drops, normalises or refuses when they stand as they are.
fn must_escape(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{a0}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
        || ('\u{e000}'..='\u{f8ff}').contains(&c)
}

fn pad(out: &mut String, indent: usize) {
    const BLANK: &str = "                                                                ";
    let mut left = indent;
    while left > 0 {
        let step = left.min(BLANK.len());
        out.push_str(BLANK.get(..step).unwrap_or_default());
        left -= step;
    }
}
