//! What a comment is made of. Everything that somebody else wrote stands in code, where Markdown, HTML and
//! GitHub's mentions, links and emojis mean nothing.

use crate::report::diff::text::{one_line, visible};

/// Characters of a text that stands in a line of the comment.
const WIDEST: usize = 160;

/// A text as a code span: in one line, between more backticks than are in it.
pub fn code(text: &str) -> String {
    span(&one_line(text, WIDEST))
}

/// The same of a text that is told whole, however long it is.
pub fn whole_code(text: &str) -> String {
    span(&one_line(text, usize::MAX))
}

fn span(text: &str) -> String {
    if text.trim().is_empty() {
        return "(nothing)".to_owned();
    }
    let fence = "`".repeat(longest_run(text) + 1);
    // A blank at both ends is taken off by whoever reads it; one at one end is not.
    let pad = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// A text as code in a line of HTML, where Markdown means nothing.
pub fn html_code(text: &str) -> String {
    let text = one_line(text, WIDEST);
    if text.trim().is_empty() {
        return "(nothing)".to_owned();
    }
    let mut code = String::from("<code>");
    for c in text.chars() {
        match c {
            '&' => code.push_str("&amp;"),
            '<' => code.push_str("&lt;"),
            '>' => code.push_str("&gt;"),
            '"' => code.push_str("&quot;"),
            '\'' => code.push_str("&#39;"),
            c => code.push(c),
        }
    }
    code + "</code>"
}

/// Lines as a fenced block that highlights differences, between more backticks than are in it.
pub fn fenced(lines: &[String]) -> String {
    let lines: Vec<String> = lines.iter().map(|line| visible(line)).collect();
    let run = lines.iter().map(|line| longest_run(line)).max().unwrap_or_default();
    let fence = "`".repeat(run.max(2) + 1);
    format!("{fence}diff\n{}\n{fence}", lines.join("\n"))
}

/// A sentence of ours.
pub fn words(text: &'static str) -> String {
    let special = |c: char| matches!(c, '\\' | '`' | '*' | '_' | '<' | '>' | '[' | ']' | '|' | '~');
    text.chars().fold(String::with_capacity(text.len()), |mut words, c| {
        if special(c) {
            words.push('\\');
        }
        words.push(c);
        words
    })
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backticks_are_outnumbered() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("``"), "``` `` ```");
        assert_eq!(code(" a"), "`  a `");
        assert_eq!(code("a\n\n@b"), "`a ⏎  ⏎ @b`");
        assert_eq!(fenced(&["+````".to_owned()]), "`````diff\n+````\n`````");
        assert_eq!(html_code("</details>"), "<code>&lt;/details&gt;</code>");
    }
}
