//! Differences for readers: in a terminal, in a pull request, for scripts, and as a page.
//!
//! Each form is a pure function of a [`crate::diff::acknowledge::Judged`] review and of what it is told about the
//! comparison.

mod extent;
mod html;
mod json;
mod lines;
mod markdown;
mod places;
mod standing;
pub mod terminal;
mod text;
pub mod unified;
mod words;

pub use html::html;
pub use json::{json, schema};
pub use markdown::{Budget, markdown};

use crate::diff::risk::Class;
use crate::model::Choice as _;

/// What is compared, and where all of the difference is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// The old side, as people know it: a revision, a folder.
    pub before: String,
    /// The new side.
    pub after: String,
    /// How many workloads were compared, those without a change among them.
    pub compared: usize,
    /// The command, or the address, that gives the whole difference. A form that leaves something out names it.
    pub whole: String,
}

/// Every class, the worst first.
fn classes() -> impl Iterator<Item = Class> {
    Class::ALL.iter().map(|(_, class)| *class)
}

/// What a class is about, for who meets it for the first time.
fn meaning(class: Class) -> &'static str {
    match class {
        Class::DataLoss => {
            "stored telemetry, or the state of a component, is lost or no longer found"
        }
        Class::Immutable => "the API server refuses the change of an existing object",
        Class::Exposure => "it is reachable by more, or with less in between",
        Class::Privilege => "more may be done with it",
        Class::TelemetryLoss => "a path, a target, a metric or a label goes away",
        Class::Restart => "running pods are replaced",
        Class::Config => "anything else that has an effect",
        Class::Noise => "nothing that has an effect",
    }
}

/// Whether a reviewer should look at a class before all others.
fn is_dangerous(class: Class) -> bool {
    class < Class::Restart
}
