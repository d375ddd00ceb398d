//! Where comments go: to lines of their own, above what they are about.
//!
//! The tree holds comments only as statements. One that stands in or after a statement moves above
//! it, and a block comment becomes lines with `//`: the words stay, the place is near.

use super::lex::Comment;
use super::{Statement, Text};

/// Comments on adjacent lines: one statement.
pub(super) struct Group {
    text: String,
    last: usize,
}

impl Group {
    fn add(&mut self, comment: &Comment<'_>) {
        self.text.push('\n');
        self.text.push_str(&text(comment));
        self.last = comment.last;
    }
}

/// Comments by the lines they are on.
pub(super) fn groups(comments: &[Comment<'_>]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for comment in comments {
        match groups.last_mut() {
            Some(group) if comment.first <= group.last + 1 => group.add(comment),
            Some(_) | None => groups.push(Group { text: text(comment), last: comment.last }),
        }
    }
    groups
}

/// Moves the comments in or after the statement that starts on `line` above it: to the group that
/// stands right there, or to one of their own.
pub(super) fn move_above(groups: &mut Vec<Group>, line: usize, comments: &[Comment<'_>]) {
    for (position, comment) in comments.iter().enumerate() {
        match groups.last_mut() {
            Some(group) if position > 0 || group.last + 1 >= line => group.add(comment),
            Some(_) | None => groups.push(Group { text: text(comment), last: comment.last }),
        }
    }
}

/// Groups as statements.
pub(super) fn statements(groups: Vec<Group>) -> impl Iterator<Item = Statement> {
    groups.into_iter().map(|group| Statement::Comment(Text::Owned(group.text)))
}

/// The words of a comment, without what makes it one.
fn text(comment: &Comment<'_>) -> String {
    // As Alloy does: a file with Windows' line ends means the same.
    let plain = comment.text.replace('\r', "");
    if let Some(line) = plain.strip_prefix("//") {
        return line.strip_prefix(' ').unwrap_or(line).trim_end().to_owned();
    }
    let inner = plain.strip_prefix("/*").unwrap_or(&plain);
    let inner = inner.strip_suffix("*/").unwrap_or(inner);
    let (first, rest) = inner.split_once('\n').unwrap_or((inner, ""));
    let rest: Vec<&str> = rest.split('\n').map(str::trim_end).collect();
    let words = || rest.iter().filter(|line| !line.is_empty());
    // A column of stars, or the depth of the code around, is no part of the words.
    let stars = words().all(|line| line.trim_start().starts_with('*'));
    let indent = words().map(|line| line.len() - line.trim_start().len()).min().unwrap_or_default();
    let rest = rest.iter().map(|line| {
        let line = if stars { line.trim_start() } else { line.get(indent..).unwrap_or_default() };
        match line.strip_prefix('*').filter(|_| stars) {
            Some(line) => line.strip_prefix(' ').unwrap_or(line),
            None => line,
        }
    });
    let first = first.trim_start_matches('*').trim();
    let lines: Vec<&str> = std::iter::once(first).chain(rest).collect();
    let is_word = |line: &&str| !line.is_empty();
    let from = lines.iter().position(is_word).unwrap_or_default();
    let to = lines.iter().rposition(is_word).map_or(from, |at| at + 1);
    lines.get(from..to).unwrap_or_default().join("\n")
}
