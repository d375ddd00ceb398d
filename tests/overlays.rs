//! Overlays as people and their machines write them: ordinary, wrong, and hostile. Whatever is said,
//! the run ends soon, with a tree or with findings, and never with a panic.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::disallowed_macros,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::format_push_string,
    clippy::format_collect,
    clippy::case_sensitive_file_extension_comparisons,
    clippy::struct_excessive_bools,
    reason = "tests look at the world and fail by panicking"
)]

#[path = "overlays/amounts.rs"]
mod amounts;
#[path = "overlays/charts.rs"]
mod charts;
#[path = "overlays/files.rs"]
mod files;
#[path = "overlays/listing.rs"]
mod listing;
#[path = "overlays/objects.rs"]
mod objects;
#[path = "overlays/place.rs"]
mod place;
#[path = "overlays/properties.rs"]
mod properties;
mod support;
