//! Reasons for people.

use crate::explain::{Place, Reason};
use std::fmt::Write as _;

/// A value with its chain of reasons, a line for each, the closest first.
pub fn reasons(file: &str, pointer: &str, value: &str, reason: &Reason) -> String {
    let mut text = format!("{file} {pointer} = {value}\n");
    push(&mut text, reason, 1);
    text
}

fn push(text: &mut String, reason: &Reason, depth: usize) {
    let what = match (reason.kind, &reason.place) {
        ("overlay", Some(place)) => {
            let overlay = reason.overlay.as_deref().unwrap_or_default();
            let Place { file, line, column } = place;
            format!("overlay `{overlay}`: {file}:{line}:{column}: {}", reason.text)
        }
        (_, Some(place)) => {
            format!("{}:{}:{}: {}", place.file, place.line, place.column, reason.text)
        }
        ("rule", _) => format!("rule: {}", reason.text),
        ("default", _) => format!("default: {}", reason.text),
        _ => reason.text.clone(),
    };
    text.push_str(&"  ".repeat(depth));
    text.push_str(&what);
    text.push('\n');
    if let Some(replaced) = &reason.replaced {
        text.push_str(&"  ".repeat(depth + 1));
        let _ = writeln!(text, "in place of {}", replaced.value);
        push(text, &replaced.reason, depth + 2);
    }
    for inner in &reason.from {
        push(text, inner, depth + 1);
    }
}
