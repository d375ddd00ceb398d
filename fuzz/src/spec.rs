//! A spec, as somebody wrote it.

/// Compiles it.
pub fn one(bytes: &[u8]) {
    if let Some(text) = crate::text(bytes) {
        crate::made(&telemetree::compile::compile("workload.yaml", &text));
    }
}
