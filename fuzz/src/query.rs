//! An expression of PromQL, perhaps with variables of Grafana.

use telemetree::contract::query;

/// Reads it.
///
/// # Panics
/// When a mistake is at no place of the text.
pub fn one(bytes: &[u8]) {
    let Some(text) = crate::text(bytes) else { return };
    if let Err(mistake) = query::promql(&text) {
        assert!(text.get(mistake.at.clone()).is_some(), "{mistake:?} of `{text}`");
    }
}
