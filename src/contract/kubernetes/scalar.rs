//! The syntax of single values, as Kubernetes reads them.

use crate::node::{Data, Node};
use std::cmp::Ordering;
use std::ops::RangeInclusive;

/// An amount as `apimachinery`'s `resource.ParseQuantity` reads it, in thousandths of its unit.
///
/// Nothing if it is none. Amounts too large for a number are the largest number.
pub fn quantity(text: &str) -> Option<f64> {
    let end = text.rfind(|c: char| c.is_ascii_digit() || c == '.')? + 1;
    let exponent = text.find(['e', 'E']).filter(|at| *at < end);
    let (number, unit) = text.split_at_checked(exponent.unwrap_or(end))?;
    let (_, digits) = number.split_at_checked(usize::from(number.starts_with(['+', '-'])))?;
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() + fraction.len() == 0 || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let factor = match unit {
        "n" => 1e-9,
        "u" => 1e-6,
        "m" => 1e-3,
        "" => 1.0,
        "k" => 1e3,
        "M" => 1e6,
        "G" => 1e9,
        "T" => 1e12,
        "P" => 1e15,
        "E" => 1e18,
        "Ki" => 1024.0,
        "Mi" => 1_048_576.0,
        "Gi" => 1_073_741_824.0,
        "Ti" => 1_099_511_627_776.0,
        "Pi" => 1_125_899_906_842_624.0,
        "Ei" => 1_152_921_504_606_846_976.0,
        _ => 10_f64.powi(unit.strip_prefix(['e', 'E'])?.parse::<i16>().ok()?.into()),
    };
    Some(number.parse::<f64>().ok()? * factor * 1000.0)
}

/// An amount that may be written as a number, too.
pub fn amount(node: &Node) -> Option<f64> {
    match &node.data {
        Data::Text(text) => quantity(text),
        #[allow(clippy::cast_precision_loss, reason = "it is only compared with another amount")]
        Data::Int(value) => Some(*value as f64 * 1000.0),
        Data::Float(value) => Some(value * 1000.0),
        Data::Null | Data::Bool(_) | Data::List(_) | Data::Map(_) => None,
    }
}

/// Whether this is a time as RFC 3339 writes it.
pub fn is_time(text: &str) -> bool {
    let Some((date, clock)) = text.split_once(['T', 't']) else { return false };
    let Some(at) = clock.find(['Z', 'z', '+', '-']) else { return false };
    let Some((clock, zone)) = clock.split_at_checked(at) else { return false };
    let (seconds, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let numbers = |text: &str, mark: char, rules: &[(usize, RangeInclusive<u32>)]| {
        let parts: Vec<&str> = text.split(mark).collect();
        parts.len() == rules.len()
            && parts.iter().zip(rules).all(|(part, (length, range))| {
                let digits = part.len() == *length && part.bytes().all(|b| b.is_ascii_digit());
                digits && part.parse().is_ok_and(|number| range.contains(&number))
            })
    };
    let zone = zone.get(1..).unwrap_or_default();
    numbers(date, '-', &[(4, 0..=9999), (2, 1..=12), (2, 1..=31)])
        && numbers(seconds, ':', &[(2, 0..=23), (2, 0..=59), (2, 0..=60)])
        && !fraction.is_empty()
        && fraction.bytes().all(|byte| byte.is_ascii_digit())
        && (zone.is_empty() && text.ends_with(['Z', 'z'])
            || numbers(zone, ':', &[(2, 0..=23), (2, 0..=59)]))
}

/// Whether this is base64 with padding, as Go's decoder takes it: line breaks do not count.
pub fn is_base64(text: &str) -> bool {
    let kept = || text.bytes().filter(|byte| !matches!(byte, b'\n' | b'\r'));
    let padding = kept().rev().take_while(|byte| *byte == b'=').count();
    let length = kept().count();
    let word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    length % 4 == 0 && padding <= 2 && kept().take(length - padding).all(word)
}

/// A value, short enough for a message.
pub fn shown(node: &Node) -> String {
    match &node.data {
        Data::Text(text) => text.to_string(),
        Data::Bool(value) => value.to_string(),
        Data::Int(value) => value.to_string(),
        Data::Float(value) => value.to_string(),
        data @ (Data::Null | Data::List(_) | Data::Map(_)) => data.name().to_owned(),
    }
}

/// Bounds in words.
pub fn range(bounds: &RangeInclusive<i64>) -> String {
    let wide = |bound: i64| bound == i64::MIN || bound == i64::MAX;
    match (*bounds.start(), *bounds.end()) {
        (least, most) if wide(most) => format!("at least {least}"),
        (least, most) if wide(least) => format!("at most {most}"),
        (least, most) => format!("{least} to {most}"),
    }
}

/// Whether this is neither a list nor a map.
pub fn is_scalar(node: &Node) -> bool {
    !matches!(node.data, Data::List(_) | Data::Map(_))
}

/// An order in which equal scalars are neighbours.
pub fn order(one: Option<&Node>, other: Option<&Node>) -> Ordering {
    match (one.map(|node| &node.data), other.map(|node| &node.data)) {
        (Some(Data::Text(one)), Some(Data::Text(other))) => one.cmp(other),
        (Some(Data::Int(one)), Some(Data::Int(other))) => one.cmp(other),
        (Some(Data::Bool(one)), Some(Data::Bool(other))) => one.cmp(other),
        (Some(Data::Float(one)), Some(Data::Float(other))) => one.total_cmp(other),
        (one, other) => rank(one).cmp(&rank(other)),
    }
}

fn rank(data: Option<&Data>) -> u8 {
    match data {
        None | Some(Data::Null) => 0,
        Some(Data::Bool(_)) => 1,
        Some(Data::Int(_)) => 2,
        Some(Data::Float(_)) => 3,
        Some(Data::Text(_)) => 4,
        Some(Data::List(_) | Data::Map(_)) => 5,
    }
}
