//! Differences for readers.

pub mod terminal;
pub mod unified;
mod words;
