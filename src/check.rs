//! Rules, and what is allowed to break them.

pub mod allow;
pub mod rule;
