//! The schedule of a `CronJob`, as the library reads it that Kubernetes uses (robfig/cron).

use super::{Found, text_at};
use crate::contract::Kind;
use crate::contract::kubernetes::place::Path;
use crate::node::Node;
use std::ops::RangeInclusive;

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/// A field: what it is called, its numbers, and the words for them.
type Field = (&'static str, RangeInclusive<u32>, &'static [&'static str]);

const FIELDS: [Field; 5] = [
    ("the minute", 0..=59, &[]),
    ("the hour", 0..=23, &[]),
    ("the day of the month", 1..=31, &[]),
    ("the month", 1..=12, &MONTHS),
    ("the day of the week", 0..=6, &DAYS),
];

/// The schedule of a `CronJob`.
pub fn check(object: &Node, found: &mut Found) {
    let Some(schedule) = text_at(object, &["spec", "schedule"]) else { return };
    if let Err(wrong) = parse(schedule) {
        let path = Path::ROOT.key("spec");
        let help = "write five fields, such as `30 4 * * mon-fri`, or a word such as `@daily`";
        let message = format!("`{schedule}` is no schedule: {wrong}");
        found.add(&path.key("schedule"), Kind::Value, message, Some(help));
    }
}

fn parse(schedule: &str) -> Result<(), String> {
    const WORDS: [&str; 7] =
        ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];
    if schedule.starts_with('@') {
        let every = schedule.strip_prefix("@every ").is_some_and(is_duration);
        let known = WORDS.contains(&schedule) || every;
        return if known { Ok(()) } else { Err("nobody knows that word".to_owned()) };
    }
    if schedule.contains("TZ") {
        return Err("a time zone belongs in `timeZone`".to_owned());
    }
    let parts: Vec<&str> = schedule.split_whitespace().collect();
    if parts.len() != FIELDS.len() {
        return Err(format!("it has {} fields, not {}", parts.len(), FIELDS.len()));
    }
    for (part, (name, range, words)) in parts.iter().zip(&FIELDS) {
        if !part.split(',').all(|one| is_range(one, range, words)) {
            return Err(format!("`{part}` is not {name}"));
        }
    }
    Ok(())
}

/// `*`, `?`, a number, or a range of them, perhaps with a step.
fn is_range(text: &str, range: &RangeInclusive<u32>, words: &[&str]) -> bool {
    let (numbers, step) = match text.split_once('/') {
        Some((numbers, step)) => (numbers, Some(step)),
        None => (text, None),
    };
    let number = |text: &str| {
        let word = words.iter().position(|word| text.eq_ignore_ascii_case(word));
        let number = match word {
            Some(at) => u32::try_from(at).ok().map(|at| at + range.start()),
            None => text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok())?,
        };
        number.filter(|number| range.contains(number))
    };
    let fine = match numbers.split_once('-') {
        _ if matches!(numbers, "*" | "?") => true,
        Some((from, to)) => match (number(from), number(to)) {
            (Some(from), Some(to)) => from <= to,
            _ => false,
        },
        None => number(numbers).is_some(),
    };
    fine && step.is_none_or(|step| step.parse::<u32>().is_ok_and(|step| step > 0))
}

/// A duration as Go writes it, such as `1h30m`.
fn is_duration(text: &str) -> bool {
    let mut rest = text;
    while !rest.is_empty() {
        let number = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        let unit = number.trim_start_matches(|c: char| c.is_ascii_alphabetic() || c == 'µ');
        let word = number.strip_suffix(unit).unwrap_or_default();
        let known = ["ns", "us", "µs", "ms", "s", "m", "h"].contains(&word);
        if number.len() == rest.len() || !known {
            return false;
        }
        rest = unit;
    }
    !text.is_empty()
}
