//! Text that a type reads: durations, words, sizes, addresses, regular expressions.

use super::facts::Case;
use super::kind::Kind as Wanted;
use super::value::At;
use super::{Check, Kind, re2};
use crate::near::{did_you_mean, nearest};

/// Checks text against a kind that takes it.
pub(super) fn text(check: &mut Check<'_>, text: &str, wanted: &Wanted, at: At<'_>) {
    match wanted {
        Wanted::Duration if seconds(text).is_none() => {
            let help = "write a number with a unit, such as `30s` or `1m30s`".to_owned();
            let message = format!("`{}` wants a duration, not `{text}`", at.name);
            check.breach(at.origin, Kind::Value, message, Some(help));
        }
        Wanted::Number | Wanted::Int | Wanted::Uint if !is_number(text) => {
            let message = format!("`{}` wants a number, not `{text}`", at.name);
            check.breach(at.origin, Kind::Type, message, None);
        }
        Wanted::Secret => super::secret::literal(check, text, at),
        Wanted::Text => {
            let facts = check.facts;
            if let Some(words) = facts.words_of(at.body, at.name) {
                word(check, text, words, Case::Matters, at);
            }
        }
        Wanted::Read(kind) => read(check, text, kind, at),
        Wanted::Any
        | Wanted::Bool
        | Wanted::Number
        | Wanted::Int
        | Wanted::Uint
        | Wanted::Duration
        | Wanted::Custom(_)
        | Wanted::OptionalSecret
        | Wanted::List(_)
        | Wanted::Map(_)
        | Wanted::Object(_)
        | Wanted::Opaque(_)
        | Wanted::Function => {}
    }
}

fn read(check: &mut Check<'_>, text: &str, kind: &str, at: At<'_>) {
    let facts = check.facts;
    if let Some((words, case)) = facts.words(kind) {
        return word(check, text, words, case, at);
    }
    let wrong = match kind {
        "relabel.Regexp" => re2::mistake(text),
        "units.Base2Bytes" => (!is_size(text)).then(|| "it is no size such as `10MiB`".to_owned()),
        "stages.Source" => text.is_empty().then(|| "it is empty".to_owned()),
        _ => None,
    };
    if let Some(wrong) = wrong {
        let message = format!("`{}` cannot be `{text}`: {wrong}", at.name);
        check.breach(at.origin, Kind::Value, message, None);
    }
}

fn word(check: &mut Check<'_>, text: &str, words: &[&str], case: Case, at: At<'_>) {
    let known = match case {
        Case::Matters => words.contains(&text),
        Case::IsFree => words.iter().any(|word| word.eq_ignore_ascii_case(text)),
    };
    if known {
        return;
    }
    let message = format!("`{}` cannot be `{text}`", at.name);
    let words = || words.iter().copied().filter(|word| !word.is_empty());
    let help = match nearest(text, words()) {
        Some(near) => did_you_mean(near),
        None => format!("write one of {}", words().collect::<Vec<_>>().join(", ")),
    };
    check.breach(at.origin, Kind::Value, message, Some(help));
}

/// The seconds of what Go reads as a duration: numbers with units, or nothing but `0`.
/// See `time.ParseDuration`.
pub(super) fn seconds(text: &str) -> Option<f64> {
    let mut rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    if rest == "0" {
        return Some(0.0);
    }
    let mut sum = (!rest.is_empty()).then_some(0.0)?;
    let of_number = |c: char| c.is_ascii_digit() || c == '.';
    while !rest.is_empty() {
        let (number, after) = rest.split_at(rest.find(|c| !of_number(c))?);
        let (unit, next) = after.split_at(after.find(of_number).unwrap_or(after.len()));
        let scale = match unit {
            "ns" => 1e-9,
            "us" | "µs" | "μs" => 1e-6,
            "ms" => 1e-3,
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3600.0,
            _ => return None,
        };
        sum += number.parse::<f64>().ok()? * scale;
        rest = next;
    }
    Some(if text.starts_with('-') { -sum } else { sum })
}

/// Whether Alloy converts it to a number.
fn is_number(text: &str) -> bool {
    if text.starts_with('-') {
        text.parse::<i64>().is_ok()
    } else if text.contains(['.', 'e', 'E']) {
        text.parse::<f64>().is_ok()
    } else {
        text.parse::<u64>().is_ok()
    }
}

/// Whether it is a number of bytes with a unit, or several; a number alone counts bytes.
fn is_size(text: &str) -> bool {
    let mut rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    if rest == "0" {
        return true;
    }
    let mut parts = 0;
    while !rest.is_empty() {
        let after = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        if after.len() == rest.len() {
            return false;
        }
        let end = after.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(after.len());
        let (unit, next) = after.split_at(end);
        let scale = unit.strip_suffix('B').unwrap_or(unit);
        let scale = scale.strip_suffix('i').unwrap_or(scale);
        if !matches!(scale, "" | "K" | "M" | "G" | "T" | "P" | "E") || unit.is_empty() {
            return false;
        }
        rest = next;
        parts += 1;
    }
    parts > 0
}
