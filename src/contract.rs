//! What others accept: the Kubernetes API, charts, Mimir, Loki, Grafana and Alloy.
//!
//! Theirs are schemas, not types: facts about names and values, derived by commands of ours and kept
//! under `schema/`. A contract says what of a value breaks it, and where; `check` says what that is
//! called and who caused it.

pub mod alloy;
pub mod chart;
pub mod kubernetes;
pub mod query;
pub mod reference;
pub mod settings;

use crate::origin::Origin;
use crate::pointer::Pointer;
use std::ops::Range;

/// What of a value breaks a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breach {
    /// Where.
    pub place: Place,
    /// In which way.
    pub kind: Kind,
    /// Fact, in the user's words; lower case, no full stop, offending text in backticks.
    pub message: String,
    /// What to do, in the imperative.
    pub help: Option<String>,
}

/// Where a contract is broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The key of the member that the pointer leads to.
    Key(Pointer),
    /// The value that the pointer leads to.
    Value(Pointer),
    /// Some bytes of the text that the pointer leads to.
    Within(Pointer, Range<usize>),
    /// The value that the second pointer leads to, in the document that is the text that the first one
    /// leads to.
    Inside(Pointer, Pointer),
    /// What has this origin, for what is no tree of values.
    Origin(Origin),
}

/// How a contract is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A name that nobody reads.
    Unknown,
    /// A name that was read once, and is not any more.
    Removed,
    /// A name that is still read, and will not be.
    Deprecated,
    /// Something that must be there and is not.
    Missing,
    /// Something that may be there once and is there again.
    Repeated,
    /// A value of another type.
    Type,
    /// A value that its type refuses.
    Value,
    /// Something that refers to what is not there.
    Reference,
    /// What cannot stand together.
    Conflict,
    /// A secret in plain text.
    Secret,
    /// No contract is known for it.
    Uncovered,
}
