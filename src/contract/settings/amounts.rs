//! What start-up checks ask of numbers and durations: limits, and that several fit together.

use super::findings::{At, Findings};
use super::references::is_open;
use super::text;
use super::view::{Found, View};
use super::walk::shown;
use crate::contract::Kind;
use crate::node::{Data, Node};

/// A minute, in seconds.
pub const MINUTE: f64 = 60.0;
/// An hour, in seconds.
pub const HOUR: f64 = 3600.0;

/// What a setting amounts to: a number, the seconds of a duration, 1 for true and 0 for false. `None`
/// if nobody can tell.
pub fn amount(node: &Node) -> Option<f64> {
    match &node.data {
        Data::Int(number) => Some(precise(*number)),
        Data::Float(number) => Some(*number),
        Data::Bool(value) => Some(f64::from(u8::from(*value))),
        Data::Text(text) if is_open(text) => None,
        Data::Text(text) => text::duration(text).or_else(|| text::days(text)),
        Data::Null | Data::List(_) | Data::Map(_) => None,
    }
}

/// Limits are far below the numbers that a float rounds.
#[allow(clippy::cast_precision_loss, reason = "limits are far below 2^53")]
fn precise(number: i64) -> f64 {
    number as f64
}

/// What a setting must be by itself.
#[derive(Debug)]
pub struct Bound {
    path: &'static str,
    good: fn(f64) -> bool,
    wanted: &'static str,
}

/// A setting, whether it is good, and what it must be in words: `1 or more`.
pub const fn bound(path: &'static str, good: fn(f64) -> bool, wanted: &'static str) -> Bound {
    Bound { path, good, wanted }
}

/// Adds what is beyond its bounds.
pub fn bounds(view: &View<'_>, bounds: &[Bound], found: &mut Findings) {
    for Bound { path, good, wanted } in bounds {
        let Some(Found { node, at }) = view.get(path) else { continue };
        // What is no number at all has been said already.
        if amount(node).is_some_and(|amount| !good(amount)) && !found.has(&at) {
            let message = format!("{} is not {wanted}", shown(&node.data));
            found.add(At::Other(&at), Kind::Value, message, Some(format!("write {wanted}")));
        }
    }
}

/// Adds that settings do not fit together, if some of them are set. `settings` has their paths, each
/// with what it amounts to if it is not set.
pub fn fit<const N: usize>(
    view: &View<'_>,
    settings: [(&str, f64); N],
    good: impl Fn([f64; N]) -> bool,
    message: &str,
    help: &str,
    found: &mut Findings,
) {
    let of = settings.map(|(path, default)| match view.get(path) {
        Some(Found { node, .. }) => amount(node).unwrap_or(f64::NAN),
        None => default,
    });
    let place = settings.iter().find_map(|(path, _)| view.get(path));
    let known = of.iter().all(|amount| !amount.is_nan());
    if let (true, false, Some(Found { at, .. })) = (known, good(of), place) {
        found.add(At::Other(&at), Kind::Conflict, message.to_owned(), Some(help.to_owned()));
    }
}

/// Whether a number is at least one.
pub fn some(number: f64) -> bool {
    number >= 1.0
}

/// Whether a number is zero or more.
pub fn natural(number: f64) -> bool {
    number >= 0.0
}
