//! How fast an Alloy configuration is checked. The facts are read once, before.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::disallowed_macros,
    clippy::unwrap_used,
    reason = "a benchmark reads files and prints"
)]

use divan::Bencher;
use divan::counter::BytesCount;
use std::time::Instant;
use telemetree::contract::alloy::{Facts, Stability, check, dead_ends};
use telemetree::river::{self, Statement};
use telemetree::source::{Sources, Span};

/// The longest golden configuration.
const CONFIG: &str =
    include_str!("../golden/aws-full/expected/heron-production/20250115/alloy/config.alloy");

fn parse(text: &str) -> Vec<Statement> {
    let source = Sources::default().add("config.alloy", text);
    river::parse(text, &|start, end| Span::new(source, start, end)).unwrap()
}

#[divan::bench]
fn parsed(bencher: Bencher) {
    bencher.counter(BytesCount::of_str(CONFIG)).bench(|| parse(CONFIG));
}

#[divan::bench]
fn checked(bencher: Bencher) {
    let config = parse(CONFIG);
    bencher
        .counter(BytesCount::of_str(CONFIG))
        .bench(|| check(&config, Facts::latest(), Stability::GenerallyAvailable));
}

#[divan::bench]
fn dead_ends_found(bencher: Bencher) {
    let config = parse(CONFIG);
    bencher.counter(BytesCount::of_str(CONFIG)).bench(|| dead_ends(&config, Facts::latest()));
}

fn main() {
    let start = Instant::now();
    let version = Facts::latest().version();
    println!("the facts of {version} are read in {:?}", start.elapsed());
    divan::main();
}
