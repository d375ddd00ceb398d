//! Texts and counts for the forms that show values whole.

use super::words::counted;
use crate::diff::cause::{Line, LineEdit};
use crate::diff::group::{Change, Group};
use crate::diff::risk::Class;
use std::collections::BTreeMap;

/// A text with what a reader could not see, or be deceived by, written out: controls, characters without a
/// width, those that turn the direction of what follows (CVE-2021-42574), and those that Unicode promises never to
/// assign, which HTML does not allow.
pub fn visible(text: &str) -> String {
    let mut seen = String::with_capacity(text.len());
    for c in text.chars() {
        if hides(c) {
            seen.extend(c.escape_unicode());
        } else {
            seen.push(c);
        }
    }
    seen
}

fn hides(c: char) -> bool {
    let unseen = matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}');
    let never_assigned = matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe;
    unseen || never_assigned || (c.is_control() && c != '\t')
}

/// A text in one line, of at most so many characters. What is cut off is counted.
pub fn one_line(text: &str, most: usize) -> String {
    let line = visible(&text.replace("\r\n", " ⏎ ").replace('\n', " ⏎ "));
    let length = line.chars().count();
    if length <= most {
        return line;
    }
    let kept: String = line.chars().take(most).collect();
    format!("{kept}… (and {})", counted(length - most, "character"))
}

/// What happens to a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn<'a> {
    /// It comes.
    Added(&'a str),
    /// It goes.
    Removed(&'a str),
    /// It is another one.
    Replaced(&'a str, &'a str),
    /// Only its position changes.
    Moved,
}

impl<'a> Turn<'a> {
    /// Of a change.
    pub fn of(change: &'a Change) -> Turn<'a> {
        Turn::between(change.before.as_deref(), change.after.as_deref())
    }

    /// Of a changed line.
    pub fn of_line(edit: &'a LineEdit) -> Turn<'a> {
        let text = |line: &'a Option<Line>| line.as_ref().map(|line| line.text.as_str());
        Turn::between(text(&edit.before), text(&edit.after))
    }

    fn between(before: Option<&'a str>, after: Option<&'a str>) -> Turn<'a> {
        match (before, after) {
            (Some(before), Some(after)) => Turn::Replaced(before, after),
            (Some(before), None) => Turn::Removed(before),
            (None, Some(after)) => Turn::Added(after),
            (None, None) => Turn::Moved,
        }
    }

    /// Both sides, empty where there is none.
    pub fn sides(self) -> (&'a str, &'a str) {
        match self {
            Turn::Added(after) => ("", after),
            Turn::Removed(before) => (before, ""),
            Turn::Replaced(before, after) => (before, after),
            Turn::Moved => ("", ""),
        }
    }

    /// Whether each side is short enough to stand in a sentence.
    pub fn is_short(self) -> bool {
        let short = |text: &str| !text.contains(['\n', '\r']) && text.chars().count() <= 80;
        let (before, after) = self.sides();
        short(before) && short(after)
    }
}

/// How many places changes have.
pub fn places<'a>(changes: impl IntoIterator<Item = &'a Change>) -> usize {
    changes.into_iter().map(|change| change.spots.len()).sum()
}

/// A group's changes with an effect, and those without.
pub fn by_effect(group: &Group) -> (Vec<&Change>, Vec<&Change>) {
    group.changes.iter().partition(|change| change.class() != Class::Noise)
}

/// How many changes each class has, the worst first: `2 restart, 5 config`.
pub fn by_class<'a>(changes: impl IntoIterator<Item = &'a Change>) -> String {
    let mut counts: BTreeMap<Class, usize> = BTreeMap::new();
    for change in changes {
        *counts.entry(change.class()).or_default() += 1;
    }
    let counts: Vec<String> =
        counts.iter().map(|(class, number)| format!("{number} {class}")).collect();
    counts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hides_is_written_out() {
        assert_eq!(visible("a\u{202e}b\u{200b}\u{7}é\t"), "a\\u{202e}b\\u{200b}\\u{7}é\t");
        assert_eq!(visible("\u{fdd0}\u{1ffff}"), "\\u{fdd0}\\u{1ffff}");
        assert_eq!(one_line("one\ntwo", 80), "one ⏎ two");
        assert_eq!(one_line("abcdef", 3), "abc… (and 3 characters)");
    }
}
