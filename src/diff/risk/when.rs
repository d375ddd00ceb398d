//! What happens to a value, as rules ask about it.

use crate::node::{Data, Node};

/// A condition on the values before and after; either may be absent.
#[derive(Debug, Clone, Copy)]
pub enum When {
    /// Whatever happens.
    Always,
    /// There was none.
    Added,
    /// There is none any more.
    Removed,
    /// There was one, and it is another one now or none.
    Lost,
    /// There is one, and there was none or another one.
    Set,
    /// A number gets smaller; where it is absent it is this.
    FewerThan(&'static str),
    /// It becomes one of these texts.
    Becomes(&'static [&'static str]),
    /// It was one of these texts and is no longer.
    NoLonger(&'static [&'static str]),
    /// A time for which something is kept gets shorter; none, and zero, is for ever.
    KeptShorter,
    /// A limit gets lower; none, and zero, is no limit.
    Lower,
    /// The same; where nothing is said it is this.
    LowerThan(&'static str),
    /// A number or an amount gets smaller; one that is absent on either side is not compared.
    Fewer,
    /// A number becomes zero.
    Zero,
}

impl When {
    /// Whether it compares what is taken, wherever that is said, and not what is said.
    pub fn is_of_what_is_taken(self) -> bool {
        match self {
            When::Becomes(_) | When::NoLonger(_) | When::Fewer | When::Zero => true,
            When::Always
            | When::Added
            | When::Removed
            | When::Lost
            | When::Set
            | When::FewerThan(_)
            | When::KeptShorter
            | When::Lower
            | When::LowerThan(_) => false,
        }
    }

    /// Whether it is so.
    pub fn holds(self, before: Option<&Node>, after: Option<&Node>) -> bool {
        let texts = (before.map(text), after.map(text));
        let is = |value: &Option<String>, of: &[&str]| {
            value.as_deref().is_some_and(|one| of.contains(&one))
        };
        match self {
            When::Always => true,
            When::Added => before.is_none(),
            When::Removed => after.is_none(),
            When::Lost => before.is_some() && texts.0 != texts.1,
            When::Set => after.is_some() && texts.0 != texts.1,
            When::FewerThan(usual) => {
                let number = |node| amount_of(node).or_else(|| amount(usual));
                number(after) < number(before)
            }
            When::Becomes(of) => is(&texts.1, of) && texts.0 != texts.1,
            When::NoLonger(of) => is(&texts.0, of) && texts.0 != texts.1,
            When::KeptShorter | When::Lower => limit(after) < limit(before),
            When::LowerThan(usual) => {
                let usual = amount(usual).unwrap_or(f64::INFINITY);
                let said = |node: Option<&Node>| node.map_or(usual, |node| limit(Some(node)));
                said(after) < said(before)
            }
            When::Fewer => pair(before, after).is_some_and(|(old, new)| new < old),
            When::Zero => amount_of(after) == Some(0.0) && amount_of(before) != Some(0.0),
        }
    }
}

fn pair(before: Option<&Node>, after: Option<&Node>) -> Option<(f64, f64)> {
    Some((amount_of(before)?, amount_of(after)?))
}

/// A limit as a number: infinite if there is none.
fn limit(node: Option<&Node>) -> f64 {
    amount_of(node).filter(|amount| *amount > 0.0).unwrap_or(f64::INFINITY)
}

fn amount_of(node: Option<&Node>) -> Option<f64> {
    amount(&text(node?))
}

/// A plain value as text; of a container its kind.
pub fn text(node: &Node) -> String {
    match &node.data {
        Data::Null => "null".to_owned(),
        Data::Bool(value) => value.to_string(),
        Data::Int(value) => value.to_string(),
        Data::Float(value) => value.to_string(),
        Data::Text(text) => text.to_string(),
        Data::List(_) | Data::Map(_) => node.to_json().to_string(),
    }
}

/// A number with a unit of time, of bytes, or of CPUs, as Go, Prometheus and Kubernetes write them: seconds,
/// bytes, or just the number. `m` is minutes where other units of time stand, and else a thousandth; either way
/// amounts of one kind compare rightly, because no setting takes both.
pub fn amount(text: &str) -> Option<f64> {
    let mut rest = text.trim();
    let mut sum = 0.0;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, tail) = rest.split_at_checked(end)?;
        let number: f64 = number.parse().ok()?;
        let end = tail.find(|c: char| c.is_ascii_digit()).unwrap_or(tail.len());
        let (unit, tail) = tail.split_at_checked(end)?;
        sum += number * factor(unit)?;
        rest = tail;
    }
    (!text.trim().is_empty()).then_some(sum)
}

fn factor(unit: &str) -> Option<f64> {
    const KIBI: f64 = 1024.0;
    Some(match unit {
        "" | "s" | "B" => 1.0,
        "ms" => 0.001,
        "m" => 60.0,
        "h" => 3600.0,
        "d" => 86_400.0,
        "w" => 604_800.0,
        "y" => 31_536_000.0,
        "k" | "K" | "KB" | "kB" => 1e3,
        "M" | "MB" => 1e6,
        "G" | "GB" => 1e9,
        "T" | "TB" => 1e12,
        "Ki" | "KiB" => KIBI,
        "Mi" | "MiB" => KIBI.powi(2),
        "Gi" | "GiB" => KIBI.powi(3),
        "Ti" | "TiB" => KIBI.powi(4),
        _ => return None,
    })
}
