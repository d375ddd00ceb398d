//! What is said of Alloy configurations, against what Alloy says.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::disallowed_macros,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::format_push_string,
    clippy::format_collect,
    clippy::case_sensitive_file_extension_comparisons,
    reason = "tests look at the world and fail by panicking"
)]

#[path = "alloy/mistakes.rs"]
mod mistakes;
#[path = "alloy/mutations.rs"]
mod mutations;
#[path = "alloy/real.rs"]
mod real;
mod support;

use support::{read_folder, root};
use telemetree::contract::alloy::{Facts, Stability, check, dead_ends};
use telemetree::contract::{Breach, Place};
use telemetree::river::{self, Statement};
use telemetree::source::{SourceId, Sources, Span};

fn source() -> SourceId {
    Sources::default().add("test", "")
}

fn parse(text: &str) -> Option<Vec<Statement>> {
    let source = source();
    river::parse(text, &|start, end| Span::new(source, start, end)).ok()
}

fn breaches_at(text: &str, stability: Stability) -> Vec<Breach> {
    let config = parse(text).unwrap_or_else(|| panic!("no configuration:\n{text}"));
    check(&config, Facts::latest(), stability)
}

fn breaches(text: &str) -> Vec<Breach> {
    breaches_at(text, Stability::GenerallyAvailable)
}

/// The bytes that a breach points at.
fn pointed<'t>(text: &'t str, breach: &Breach) -> &'t str {
    let Place::Origin(origin) = &breach.place else { panic!("{breach:?} is at no origin") };
    let Some(span) = origin.written() else { panic!("{breach:?} is nowhere") };
    &text[span.start as usize..span.end as usize]
}

fn golden_configs() -> Vec<(String, String)> {
    let files = read_folder(&root().join("golden")).into_iter();
    let configs: Vec<_> = files.filter(|(path, _)| path.ends_with("/config.alloy")).collect();
    assert!(!configs.is_empty());
    configs
}

#[test]
fn nothing_is_wrong_with_the_golden_configurations() {
    for (path, text) in golden_configs() {
        assert_eq!(breaches(&text), [], "{path}");
    }
}

#[test]
fn nothing_in_the_golden_configurations_is_of_no_use() {
    for (path, text) in golden_configs() {
        let config = parse(&text).expect("it parses");
        assert_eq!(dead_ends(&config, Facts::latest()), [], "{path}");
    }
}
