//! A change in the few words that fit into a line of a terminal; and how all forms count.

use crate::diff::cause::{Line, LineEdit};
use crate::diff::group::{Change, Group};
use crate::diff::risk::Class;
use std::collections::BTreeMap;

/// A changed line in a few words: `retention: 90d → 30d`.
pub fn cause(edit: &LineEdit) -> String {
    let text = |line: &Line| line.text.clone();
    match (&edit.before, &edit.after) {
        (Some(before), Some(after)) => {
            match (before.text.split_once(": "), after.text.split_once(": ")) {
                (Some((key, old)), Some((same, new))) if key == same => {
                    format!("{key}: {old} → {new}")
                }
                _ => format!("{} → {}", before.text, after.text),
            }
        }
        (Some(before), None) => format!("− {}", text(before)),
        (None, Some(after)) => format!("+ {}", text(after)),
        (None, None) => String::new(),
    }
}

/// Where a changed line is: `workload.yaml:58`; of one that is gone, where it was.
pub fn at(edit: &LineEdit) -> String {
    let line = edit.after.as_ref().or(edit.before.as_ref());
    format!("{}:{}", edit.file, line.map_or(0, |line| line.number))
}

/// A change of a value in a few words, if it is one line: `90d → 30d`.
pub fn values(change: &Change) -> Option<String> {
    let short = |text: &Option<String>| text.as_ref().filter(|text| !text.contains('\n')).cloned();
    match (&change.before, &change.after) {
        (Some(_), Some(_)) => {
            Some(format!("{} → {}", short(&change.before)?, short(&change.after)?))
        }
        (Some(_), None) => Some(format!("− {}", short(&change.before)?)),
        (None, Some(_)) => Some(format!("+ {}", short(&change.after)?)),
        (None, None) => Some("moved".to_owned()),
    }
}

/// The classes of a group, the worst first, each with the reason that is met first.
pub fn risks(group: &Group) -> BTreeMap<Class, &'static str> {
    let mut risks = BTreeMap::new();
    for risk in group.changes.iter().flat_map(|change| &change.risks) {
        let _ = risks.entry(risk.class).or_insert(risk.why);
    }
    risks
}

/// `1 place`, `2 places`.
pub fn counted(number: usize, thing: &str) -> String {
    if number == 1 { format!("1 {thing}") } else { format!("{number} {thing}s") }
}
