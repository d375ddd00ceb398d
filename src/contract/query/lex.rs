//! The words of a PromQL expression with their places: what Grafana fills in, and what a mistake points at.

use std::ops::Range;

/// A word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// Its bytes.
    pub at: Range<usize>,
}

/// The kinds of word, as far as they matter here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A name, a number, a duration or a keyword.
    Word,
    /// Text in quotes; to the end if the quote is not closed.
    Text,
    /// What Grafana fills in: `$name`, `${name}`, `${name:format}`, `[[name]]`.
    Variable,
    /// An opening bracket.
    Open,
    /// A closing bracket.
    Close,
    /// Anything else, a character.
    Sign,
}

/// The words of a text. Spaces and comments are none.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut all = Vec::new();
    let mut at = 0;
    while let Some((kind, length)) = text.get(at..).and_then(next) {
        if let Some(kind) = kind {
            all.push(Token { kind, at: at..at + length });
        }
        at += length;
    }
    all
}

/// The first word of a text, or what lies before it, and its bytes.
fn next(text: &str) -> Option<(Option<Kind>, usize)> {
    let first = text.chars().next()?;
    if let Some(length) = variable(text) {
        return Some((Some(Kind::Variable), length));
    }
    Some(match first {
        '#' => (None, text.find(['\r', '\n']).unwrap_or(text.len())),
        '"' | '\'' | '`' => (Some(Kind::Text), quoted(text, first)),
        '(' | '{' | '[' => (Some(Kind::Open), 1),
        ')' | '}' | ']' => (Some(Kind::Close), 1),
        space if space.is_ascii_whitespace() => (None, 1),
        letter if in_word(letter) => {
            (Some(Kind::Word), text.find(|other| !in_word(other)).unwrap_or(text.len()))
        }
        sign => (Some(Kind::Sign), sign.len_utf8()),
    })
}

fn in_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '_' | ':' | '.')
}

fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            end if end == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The length of a variable of Grafana at the start of a text.
fn variable(text: &str) -> Option<usize> {
    let name = |rest: &str| {
        let end = rest.find(|other: char| !other.is_ascii_alphanumeric() && other != '_');
        Some(end.unwrap_or(rest.len())).filter(|length| *length > 0)
    };
    if let Some(rest) = text.strip_prefix("${") {
        let _ = name(rest)?;
        return Some(rest.find('}')? + 3);
    }
    if let Some(rest) = text.strip_prefix("[[") {
        let length = name(rest)?;
        let end = rest.find("]]")?;
        return (rest.get(length..end)?.is_empty() || rest.get(length..)?.starts_with(':'))
            .then_some(end + 4);
    }
    text.strip_prefix('$').and_then(name).map(|length| length + 1)
}
