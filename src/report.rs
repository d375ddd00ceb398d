//! Findings and differences for readers: people, scripts and code hosts.

pub mod diff;
mod finding;
mod github;
mod human;
mod json;
mod reasons;
mod sarif;

pub use github::github;
pub use human::{Colors, human, summary};
pub use json::json;
pub use reasons::reasons;
pub use sarif::{RuleText, sarif};
