//! What Alloy accepts: its components, what they take, what they hand to each other.
//!
//! [`check`] says what the collector would refuse of a configuration, and what it would refuse only
//! when values are there; [`dead_ends`] says what would be accepted and is of no use. What can only be
//! known where the collector runs is believed.

mod body;
mod call;
mod cycle;
mod dead;
mod facts;
mod infer;
mod kind;
mod literal;
mod module;
mod re2;
mod reference;
mod rule;
mod scope;
mod secret;
mod value;

use super::{Breach, Kind, Place};
use crate::origin::Origin;
use crate::river::Statement;
use scope::{Level, Scope};

pub use facts::{Facts, Stability};

/// What of a configuration Alloy would refuse, in the order of the text. `stability` is the level that
/// the collector runs with.
pub fn check(config: &[Statement], facts: &Facts, stability: Stability) -> Vec<Breach> {
    let scope = Scope::new(config, Level::Top, None);
    let mut check = Check { facts, stability, scope: &scope, breaches: Vec::new() };
    module::check(&mut check, config);
    check.breaches
}

/// What of a configuration does nothing: components whose exports nobody reads, and ways that lead
/// nowhere. Alloy accepts them.
pub fn dead_ends(config: &[Statement], facts: &Facts) -> Vec<Breach> {
    let scope = Scope::new(config, Level::Top, None);
    let mut check =
        Check { facts, stability: Stability::Experimental, scope: &scope, breaches: Vec::new() };
    dead::check(&mut check, config);
    check.breaches
}

/// Breaches after which no names are suggested any more.
const MOST_SUGGESTED: usize = 100;

/// A check under way.
struct Check<'a> {
    facts: &'a Facts,
    stability: Stability,
    scope: &'a Scope<'a>,
    breaches: Vec<Breach>,
}

impl Check<'_> {
    /// Notes a breach.
    fn breach(&mut self, at: &Origin, kind: Kind, message: String, help: Option<String>) {
        let place = Place::Origin(at.clone());
        self.breaches.push(Breach { place, kind, message, help });
    }

    /// Whether names that were meant are still looked for, which takes time.
    fn suggests(&self) -> bool {
        self.breaches.len() < MOST_SUGGESTED
    }

    /// Checks in another scope what is noted here.
    fn within(&mut self, scope: &Scope<'_>, check: impl FnOnce(&mut Check<'_>)) {
        let (facts, stability) = (self.facts, self.stability);
        let breaches = std::mem::take(&mut self.breaches);
        let mut inner = Check { facts, stability, scope, breaches };
        check(&mut inner);
        self.breaches = inner.breaches;
    }
}
