//! Where an expression is wrong, and in which words. The parser tells neither place nor word, so both
//! are found by asking it about the expression's beginnings.

use super::lex::{Kind, Token};
use promql_parser::parser::parse;
use std::ops::Range;

/// What is wrong with an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The fact; lower case, no full stop, offending text in backticks.
    pub message: String,
    /// The bytes of the expression that cause it.
    pub at: Range<usize>,
}

/// What the parser says of an expression that its grammar refuses.
const REFUSED: &str = "invalid promql query";

/// The mistake behind what the parser says of `text`. `tokens` are its words, none of them a variable.
pub fn mistake(text: &str, tokens: &[Token], said: &str) -> Mistake {
    let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else {
        return Mistake { message: "there is no expression".to_owned(), at: 0..text.len() };
    };
    let whole = || first.at.start..last.at.end;
    if let Some(open) = unclosed(text, tokens) {
        let message = format!("`{}` is not closed", word(text, open));
        return Mistake { message, at: open.at.clone() };
    }
    if !in_form(said) {
        let wrong = wrong_word(text, tokens);
        return match wrong {
            Some(token) => Mistake {
                message: format!("`{}` cannot stand here", word(text, token)),
                at: token.at.clone(),
            },
            None => {
                Mistake { message: "the expression ends too early".to_owned(), at: last.at.clone() }
            }
        };
    }
    let named = said.split('\'').nth(1).or_else(|| said.strip_prefix("illegal regex for "));
    let is_named = |token: &&Token| {
        let own = word(text, token);
        named.is_some_and(|name| own == name || own.trim_matches(['"', '\'', '`']) == name)
    };
    let at = tokens.iter().find(is_named).map_or_else(whole, |token| token.at.clone());
    Mistake { message: in_our_words(said), at }
}

/// Whether the parser got past the grammar: it complains of a type, a name or a number of arguments.
fn in_form(said: &str) -> bool {
    const FORM: [&str; 7] =
        [REFUSED, "unexpected", "unclosed", "unterminated", "'!'", "bad number", "no expression"];
    !FORM.iter().any(|start| said.starts_with(start))
}

fn in_our_words(said: &str) -> String {
    if let Some(regex) = said.strip_prefix("illegal regex for ") {
        return format!("`{regex}` is no regular expression");
    }
    let mut letters = said.chars();
    let first = letters.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(letters).collect::<String>().replace('\'', "`")
}

fn word<'a>(text: &'a str, token: &Token) -> &'a str {
    text.get(token.at.clone()).unwrap_or_default()
}

/// The innermost bracket or quote that the text leaves open.
fn unclosed<'a>(text: &str, tokens: &'a [Token]) -> Option<&'a Token> {
    let quote = tokens.last().filter(|last| {
        let own = word(text, last);
        let closed = own.len() > 1 && own.chars().next() == own.chars().next_back();
        last.kind == Kind::Text && !closed
    });
    let mut open: Vec<&Token> = Vec::new();
    for token in tokens {
        match token.kind {
            Kind::Open => open.push(token),
            Kind::Close if open.last().is_some_and(|open| closes(text, open, token)) => {
                let _ = open.pop();
            }
            // A bracket of another kind is a mistake of its own.
            Kind::Close => return None,
            Kind::Word | Kind::Text | Kind::Variable | Kind::Sign => {}
        }
    }
    quote.or(open.last().copied())
}

fn closes(text: &str, open: &Token, close: &Token) -> bool {
    matches!((word(text, open), word(text, close)), ("(", ")") | ("[", "]") | ("{", "}"))
}

/// The first word after which no expression can go on; nothing if the text is the beginning of one.
fn wrong_word<'a>(text: &str, tokens: &'a [Token]) -> Option<&'a Token> {
    // Beginnings that can go on come first: the search may halve.
    let mut low = 0;
    let mut high = tokens.len();
    while low < high {
        let middle = usize::midpoint(low, high);
        if goes_on(text, tokens.get(..=middle).unwrap_or_default()) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    tokens.get(low)
}

/// Whether a beginning is one of some expression: of those that are tried, one is.
fn goes_on(text: &str, tokens: &[Token]) -> bool {
    let Some(last) = tokens.last() else { return true };
    let start = text.get(..last.at.end).unwrap_or_default();
    let mut open: Vec<&str> = Vec::new();
    for token in tokens {
        match token.kind {
            Kind::Open => open.push(word(text, token)),
            Kind::Close => {
                let _ = open.pop();
            }
            Kind::Word | Kind::Text | Kind::Variable | Kind::Sign => {}
        }
    }
    let rests: &[&str] = match open.last() {
        Some(&"{") => &["", "=\"b\"", "\"b\"", "a=\"b\""],
        Some(&"[") => &["", "5m", ":5m"],
        _ => &["", " a", "(a)", " (a) a", " (a) (a)", " 1", " 5m", "= a", "=~\"\"", "1", "\"\""],
    };
    let closers = open.iter().rev().map(|open| match *open {
        "{" => "}",
        "[" => "]",
        _ => ")",
    });
    let closers: String = closers.collect();
    // After the first closed bracket something may still be owed: `sum by (a` wants `) (b)`.
    let first = closers.get(..1).unwrap_or_default();
    let others = closers.get(1..).unwrap_or_default();
    ["", " a", "(a)"].iter().any(|owed| {
        rests.iter().any(|rest| {
            let whole = format!("{start}{rest}{first}{owed}{others}");
            parse(&whole).err().is_none_or(|said| in_form(&said))
        })
    })
}
