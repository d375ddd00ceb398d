//! What is wrong, and where: a place that follows the walk, and the breaches found on it.

use crate::contract::{Breach, Kind, Place};
use crate::pointer::Pointer;

/// The breaches found so far, and where the walk is.
#[derive(Debug, Default)]
pub struct Findings {
    at: Pointer,
    found: Vec<Breach>,
}

/// Where a value stands.
#[derive(Debug, Clone, Copy)]
pub enum At<'a> {
    /// The key of the member that the walk has reached.
    Key,
    /// The value that the walk has reached.
    Value,
    /// A value elsewhere.
    Other(&'a Pointer),
}

impl Findings {
    /// A walk that starts here.
    pub fn below(at: Pointer) -> Findings {
        Findings { at, found: Vec::new() }
    }

    /// Goes on to a member, and comes back.
    pub fn within(&mut self, part: &str, walk: impl FnOnce(&mut Findings)) {
        self.at.push(part);
        walk(self);
        self.at.pop();
    }

    /// Where the walk is.
    pub fn here(&self) -> &Pointer {
        &self.at
    }

    /// Adds a breach.
    pub fn add(&mut self, at: At<'_>, kind: Kind, message: String, help: Option<String>) {
        let place = match at {
            At::Key => Place::Key(self.at.clone()),
            At::Value => Place::Value(self.at.clone()),
            At::Other(pointer) => Place::Value(pointer.clone()),
        };
        self.found.push(Breach { place, kind, message, help });
    }

    /// Whether something has been said of the value there.
    pub fn has(&self, at: &Pointer) -> bool {
        self.found.iter().any(|breach| breach.place == Place::Value(at.clone()))
    }

    /// Adds the breaches of another walk.
    pub fn extend(&mut self, more: Vec<Breach>) {
        self.found.extend(more);
    }

    /// Everything that was found.
    pub fn all(self) -> Vec<Breach> {
        self.found
    }
}

/// Words as people list them: `a`, `b` or `c`.
pub fn listed<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let words: Vec<String> = words.map(|word| format!("`{word}`")).collect();
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}
