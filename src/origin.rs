//! Why a value is there.
//!
//! Every leaf of the output carries an [`Origin`]; a domain value on its way there is a
//! [`Sourced`]. There are four causes: somebody wrote it in the spec, an overlay put it there, a rule
//! derived it, or it is a constant of ours, which must state its reason to exist at all.
//!
//! What an origin holds is [`Kept`]. With the feature `without-origins` nothing is, so that a build
//! without them shows what they cost: see `benches/origins.rs`.

#[cfg_attr(feature = "without-origins", path = "origin/off.rs")]
mod kept;

use crate::source::Span;
use std::collections::BTreeSet;
use std::sync::Arc;

pub use kept::Kept;
use kept::keep;

/// The cause of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The user wrote it here.
    Written(Kept<Span>),
    /// A rule made it from other values.
    Derived(Kept<Arc<Derivation>>),
    /// A constant of ours, with its reason.
    Default(Kept<&'static str>),
    /// A container that exists because its members do.
    Structure,
    /// An overlay put it there.
    Overlaid(Kept<Arc<Overlaid>>),
}

/// What an overlay did, and what stood there before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlaid {
    /// The line of the overlay; of something that it made of other values, these, too.
    pub by: Origin,
    /// The overlay's name.
    pub overlay: Arc<str>,
    /// Where the spec lists the overlay, or the one that builds on it.
    pub listed: Option<Span>,
    /// What was replaced; nothing if the place was empty.
    pub was: Option<Arc<Was>>,
}

/// A value that an overlay replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Was {
    /// The value, as JSON.
    pub value: String,
    /// Why it was there.
    pub origin: Origin,
}

/// A rule and what it worked on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derivation {
    /// What the rule does, as a phrase that completes "because …".
    pub rule: &'static str,
    /// The origins of its inputs.
    pub from: Vec<Origin>,
}

impl Was {
    /// What a value was, and why; nothing if nothing is remembered.
    pub fn new(
        value: impl FnOnce() -> String,
        origin: impl FnOnce() -> Origin,
    ) -> Option<Arc<Was>> {
        kept::memory(|| Arc::new(Was { value: value(), origin: origin() }))
    }
}

impl Origin {
    /// The origin of what the user wrote at a place.
    pub fn at(place: impl FnOnce() -> Span) -> Self {
        keep(place, Origin::Written)
    }

    /// The origin of a constant of ours.
    pub fn because(why: &'static str) -> Self {
        keep(|| why, Origin::Default)
    }

    /// The origin of what a line of an overlay put in a place.
    pub fn overlaid(
        by: &Origin,
        overlay: &Arc<str>,
        listed: Option<Span>,
        was: Option<&Arc<Was>>,
    ) -> Self {
        let (overlay, was) = (Arc::clone(overlay), was.map(Arc::clone));
        let made = || Overlaid { by: by.clone(), overlay, listed, was };
        keep(|| Arc::new(made()), Origin::Overlaid)
    }

    /// The origin of a value that `rule` made from values with the origins `from`.
    pub fn derived<'a>(rule: &'static str, from: impl IntoIterator<Item = &'a Origin>) -> Self {
        let made = || Derivation { rule, from: from.into_iter().cloned().collect() };
        keep(|| Arc::new(made()), Origin::Derived)
    }

    /// Every written place that this origin leads to.
    pub fn all_written(&self, found: &mut BTreeSet<Span>) {
        match self {
            Origin::Written(span) => {
                let _ = found.insert(Span::clone(span));
            }
            Origin::Derived(derivation) => {
                derivation.from.iter().for_each(|origin| origin.all_written(found));
            }
            Origin::Overlaid(overlaid) => {
                overlaid.by.all_written(found);
                found.extend(overlaid.listed);
            }
            Origin::Default(_) | Origin::Structure => {}
        }
    }

    /// The origin of something whole that `rule` made of many parts: the written places behind them,
    /// each once.
    pub fn whole<'a>(rule: &'static str, parts: impl IntoIterator<Item = &'a Origin>) -> Self {
        let made = || {
            let mut places = BTreeSet::new();
            parts.into_iter().for_each(|origin| origin.all_written(&mut places));
            let from = places.into_iter().map(|place| Origin::at(|| place)).collect();
            Derivation { rule, from }
        };
        keep(|| Arc::new(made()), Origin::Derived)
    }

    /// The same cause for something that is there only because something else asks for it.
    #[must_use]
    pub fn because_of(&self, switches: &[&Origin]) -> Self {
        let from = [&[self], switches].concat();
        Origin::derived("it is there only where it is asked for", from)
    }

    /// The first written place that this origin leads to: where a finding should point.
    pub fn written(&self) -> Option<Span> {
        match self {
            Origin::Written(span) => Some(Span::clone(span)),
            Origin::Derived(derivation) => derivation.from.iter().find_map(Origin::written),
            Origin::Overlaid(overlaid) => overlaid.by.written(),
            Origin::Default(_) | Origin::Structure => None,
        }
    }
}

/// A domain value with its origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// Why it is what it is.
    pub origin: Origin,
}

impl<T> Sourced<T> {
    /// A constant of ours.
    pub fn default(value: T, why: &'static str) -> Self {
        Sourced { value, origin: Origin::because(why) }
    }

    /// A value that the user wrote.
    pub fn written(value: T, span: Span) -> Self {
        Sourced { value, origin: Origin::at(|| span) }
    }

    /// What `rule` makes of this value.
    pub fn derive<U>(&self, rule: &'static str, make: impl FnOnce(&T) -> U) -> Sourced<U> {
        Sourced { value: make(&self.value), origin: Origin::derived(rule, [&self.origin]) }
    }

    /// What `rule` makes of this value and another.
    pub fn derive_with<U, V>(
        &self,
        other: &Sourced<U>,
        rule: &'static str,
        make: impl FnOnce(&T, &U) -> V,
    ) -> Sourced<V> {
        Sourced {
            value: make(&self.value, &other.value),
            origin: Origin::derived(rule, [&self.origin, &other.origin]),
        }
    }

    /// The same value, which `other` helped to make.
    #[must_use]
    pub fn also_from(self, other: &Origin) -> Self {
        let Sourced { value, origin } = self;
        let origin = match origin {
            Origin::Derived(derivation) => {
                Origin::derived(derivation.rule, derivation.from.iter().chain([other]))
            }
            Origin::Written(_) | Origin::Default(_) | Origin::Structure | Origin::Overlaid(_) => {
                Origin::derived("made of both", [&origin, other])
            }
        };
        Sourced { value, origin }
    }

    /// The same cause for another form of the value.
    pub fn map<U>(&self, make: impl FnOnce(&T) -> U) -> Sourced<U> {
        Sourced { value: make(&self.value), origin: self.origin.clone() }
    }
}
