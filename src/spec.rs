//! The front end: from a document to a [`Workload`], with every finding at its place.
//!
//! The decoder is written once and read twice: [`decode`] runs it over a document,
//! [`schema`] runs it over nothing and writes down what it asks for. So the published JSON Schema
//! cannot say anything else than the decoder.

mod clouds;
mod components;
mod field;
mod lower;
mod section;
mod stores;

pub use field::Field;
pub use section::{Section, Shape, describe, read};

use crate::diag::Diagnostics;
use crate::model::Workload;
use crate::syntax::Item;

/// The spec's version.
pub const API_VERSION: &str = "telemetree/v1";
/// The document's kind.
pub const KIND: &str = "Workload";

/// Reads a workload. All findings of the document are reported, not the first.
pub fn decode(item: &Item, diags: &mut Diagnostics) -> Option<Workload> {
    section::read(item, diags, lower::workload)
}

/// The JSON Schema of a workload, as the decoder describes itself.
pub fn schema() -> serde_json::Value {
    titled(section::describe(lower::workload), "telemetree workload")
}

/// A schema with the words that a document of its own starts with.
pub fn titled(mut schema: serde_json::Value, title: &str) -> serde_json::Value {
    if let Some(object) = schema.as_object_mut() {
        let heading =
            [("$schema", "https://json-schema.org/draft/2020-12/schema"), ("title", title)];
        for (key, value) in heading {
            let _ = object.insert(key.to_owned(), value.into());
        }
    }
    schema
}
