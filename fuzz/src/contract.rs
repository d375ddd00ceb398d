//! A chart from which a contract is derived, or a contract as it is kept.

use crate::archive;
use telemetree::contract::chart;

/// What the first file is called if the input does not say.
const TEMPLATE: &str = "templates/a.yaml";

/// Derives a contract, prints it and reads it again; and reads the input as if it were one.
///
/// # Panics
/// When what is printed is no contract, or another.
pub fn one(bytes: &[u8]) {
    let Some(text) = crate::text(bytes) else { return };
    if let Ok(kept) = chart::parse(&text) {
        same(&kept);
    }
    let mut files = archive::files(&text, TEMPLATE);
    let about = files.entry("Chart.yaml".to_owned());
    let _ = about.or_insert_with(|| "name: a\nversion: 1.0.0\n".to_owned());
    if let Ok(derived) = chart::derive(&files) {
        same(&derived.contract);
    }
}

fn same(contract: &chart::Contract) {
    let printed = chart::print(contract);
    match chart::parse(&printed) {
        // What is read whole prints alike, whether it is known to be open or not.
        Ok(again) => assert_eq!(chart::print(&again), printed),
        Err(error) => panic!("{error}:\n{printed}"),
    }
}
