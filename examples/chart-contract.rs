//! Says which values a chart reads, from its unpacked folder. `just chart-contracts` writes
//! `schema/charts/<chart>/<version>.json`.
//!
//! ```text
//! cargo run --release --example chart-contract -- <chart folder>
//! ```
//!
//! What the paths and words mean is said at `contract::chart::parse`. Keys of the chart's own
//! defaults that nothing reads, and what could not be followed, go to standard error.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::disallowed_macros,
    reason = "a command of the developers': it reads a folder and prints what it says"
)]

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use telemetree::contract::chart;
use walkdir::WalkDir;

/// The text files of a folder, by path in it; others are no templates.
fn files(folder: &Path) -> Result<BTreeMap<String, String>, Box<dyn Error>> {
    let mut files = BTreeMap::new();
    for entry in WalkDir::new(folder) {
        let entry = entry?;
        if let Ok(text) = std::fs::read_to_string(entry.path()) {
            let path = entry.path().strip_prefix(folder)?.to_string_lossy().replace('\\', "/");
            let _ = files.insert(path, text);
        }
    }
    Ok(files)
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder] = arguments.as_slice() else {
        return Err("usage: chart-contract <chart folder>".into());
    };
    let derived = chart::derive(&files(Path::new(folder))?)?;
    for note in &derived.notes {
        eprintln!("note: {note}");
    }
    for path in &derived.dead {
        eprintln!("dead: {path}");
    }
    print!("{}", chart::print(&derived.contract));
    Ok(())
}
