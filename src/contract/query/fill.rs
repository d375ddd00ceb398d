//! What Grafana fills in, filled in for reading. Every filling has the length of its variable, so that
//! places stay.
//!
//! Nobody knows here what a variable will be: a number, a name, a duration, an operator. An expression
//! is right if some filling makes it right.

use super::lex::{Kind, Token};
use std::ops::Range;

/// The most fillings that are tried. Few variables stand where several kinds of value would do.
const MOST: usize = 300;

/// The texts that an expression may become, the likeliest first; itself if it has no variable.
pub fn fillings<'a>(
    text: &'a str,
    tokens: &[Token],
    unused: char,
) -> impl Iterator<Item = String> + 'a {
    let holes: Vec<(Range<usize>, Vec<String>)> = holes(text, tokens, unused);
    let product = |all: usize, hole: &(_, Vec<String>)| all.saturating_mul(hole.1.len());
    let count = holes.iter().fold(1, product).min(MOST);
    (0..count).map(move |number| {
        let mut left = number;
        let mut out = text.to_owned();
        for (at, values) in &holes {
            let value = values.get(left % values.len().max(1));
            left /= values.len().max(1);
            if let Some(value) = value {
                out.replace_range(at.clone(), value);
            }
        }
        out
    })
}

/// A letter that a text does not hold: names made of it are nobody's.
pub fn unused(text: &str) -> char {
    ('a'..='z').rev().chain('A'..='Z').find(|letter| !text.contains(*letter)).unwrap_or('_')
}

/// Each variable outside quotes, with what may stand in its place.
fn holes(text: &str, tokens: &[Token], unused: char) -> Vec<(Range<usize>, Vec<String>)> {
    let mut open: Vec<&str> = Vec::new();
    let mut found = Vec::new();
    for (number, token) in tokens.iter().enumerate() {
        let own = text.get(token.at.clone()).unwrap_or_default();
        match token.kind {
            Kind::Open => open.push(own),
            Kind::Close => {
                let _ = open.pop();
            }
            Kind::Variable => {
                let before = number.checked_sub(1).and_then(|before| tokens.get(before));
                let context = Context {
                    inside: open.last().copied().unwrap_or_default(),
                    before: before.and_then(|token| text.get(token.at.clone())).unwrap_or_default(),
                    touches_before: before.is_some_and(|before| joins(before, token)),
                    after: tokens.get(number + 1).map(|after| after.at.clone()),
                    touches_after: tokens.get(number + 1).is_some_and(|after| joins(token, after)),
                };
                found.push((token.at.clone(), values(text, &context, token.at.len(), unused)));
            }
            Kind::Word | Kind::Text | Kind::Sign => {}
        }
    }
    found
}

/// Whether two words are one once Grafana has filled them in.
fn joins(first: &Token, second: &Token) -> bool {
    let joinable = |token: &Token| matches!(token.kind, Kind::Word | Kind::Variable);
    first.at.end == second.at.start && joinable(first) && joinable(second)
}

struct Context<'a> {
    inside: &'a str,
    before: &'a str,
    after: Option<Range<usize>>,
    touches_before: bool,
    touches_after: bool,
}

fn values(text: &str, context: &Context<'_>, length: usize, unused: char) -> Vec<String> {
    let name = unused.to_string().repeat(length);
    let digits = format!("1{}", "0".repeat(length.saturating_sub(1)));
    let few_digits = format!("{}1", "0".repeat(length.saturating_sub(1)));
    let duration = format!("{}5m", "0".repeat(length.saturating_sub(2)));
    let padded = |text: &str| {
        (text.len() <= length).then(|| format!("{text}{}", " ".repeat(length - text.len())))
    };
    let after = context.after.clone().and_then(|at| text.get(at)).unwrap_or_default();
    let touches = context.touches_before || context.touches_after;
    if context.inside == "[" || context.before.eq_ignore_ascii_case("offset") {
        let unit = padded("m").filter(|_| context.touches_before);
        return unit.into_iter().chain([duration, few_digits]).collect();
    }
    if context.inside == "{" {
        let quoted = format!("\"{}\"", unused.to_string().repeat(length - 2));
        let matcher = padded("x=\"\"");
        return match context.before {
            "=" | "~" => vec![quoted],
            "{" | "," if matches!(after, "," | "}") => matcher.into_iter().chain([name]).collect(),
            _ => vec![name],
        };
    }
    if touches {
        // `${how}_over_time(…)` is a function only if it has a function's name.
        let how = (length > 2 && !context.touches_before).then(|| format!("{:>length$}", "sum"));
        return [name, digits].into_iter().chain(how).collect();
    }
    if after == "(" {
        let functions = ["sum", "rate", "abs", "topk", "by"].into_iter();
        let operators = functions.filter_map(padded).chain(padded("+"));
        return operators.collect();
    }
    if matches!(after, "{" | "[") {
        return vec![name];
    }
    [Some(name), Some(digits), Some(duration), padded("+")].into_iter().flatten().collect()
}
