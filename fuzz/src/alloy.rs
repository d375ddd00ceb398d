//! A configuration of the collector.

use telemetree::contract::alloy::{Facts, Stability, check, dead_ends};
use telemetree::river;
use telemetree::source::{Sources, Span};

/// Reads it, checks it, prints it and reads it again.
///
/// # Panics
/// When what is printed says something else, or prints otherwise.
pub fn one(bytes: &[u8]) {
    let Some(text) = crate::text(bytes) else { return };
    let source = Sources::default().add("config.alloy", "");
    let place = |start, end| Span::new(source, start, end);
    let Ok(config) = river::parse(&text, &place) else { return };
    drop(check(&config, Facts::latest(), Stability::GenerallyAvailable));
    drop(dead_ends(&config, Facts::latest()));
    let printed = river::print(&config);
    let again = match river::parse(&printed, &place) {
        Ok(again) => again,
        Err(mistake) => panic!("{mistake:?} in what was printed:\n{printed}"),
    };
    assert_eq!(again, config, "it says something else:\n{printed}");
    assert_eq!(river::print(&again), printed);
}
