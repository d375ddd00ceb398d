//! Reasons for people.

use crate::explain::Reason;

/// A value with its chain of reasons, a line for each, the closest first.
pub fn reasons(file: &str, pointer: &str, value: &str, reason: &Reason) -> String {
    let mut text = format!("{file} {pointer} = {value}\n");
    push(&mut text, reason, 1);
    text
}

fn push(text: &mut String, reason: &Reason, depth: usize) {
    let what = match (reason.kind, &reason.place) {
        ("spec", Some(place)) => {
            format!("{}:{}:{}: {}", place.file, place.line, place.column, reason.text)
        }
        ("rule", _) => format!("rule: {}", reason.text),
        ("default", _) => format!("default: {}", reason.text),
        _ => reason.text.clone(),
    };
    text.push_str(&"  ".repeat(depth));
    text.push_str(&what);
    text.push('\n');
    for inner in &reason.from {
        push(text, inner, depth + 1);
    }
}
