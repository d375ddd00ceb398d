//! Findings for readers.

mod human;

pub use human::{Colors, human, summary};
