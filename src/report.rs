//! Findings for readers.

mod human;
mod reasons;

pub use human::{Colors, human, summary};
pub use reasons::reasons;
