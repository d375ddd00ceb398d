//! Differences for readers.

pub mod terminal;
mod words;
