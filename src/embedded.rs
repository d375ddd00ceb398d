//! The overlays that come with telemetree. A test proves that the list is complete.

/// Every built-in overlay: its name, and its document.
pub const OVERLAYS: [(&str, &str); 5] = [
    ("airgapped", include_str!("../overlays/airgapped/overlay.yaml")),
    ("high-availability", include_str!("../overlays/high-availability/overlay.yaml")),
    ("large", include_str!("../overlays/large/overlay.yaml")),
    ("private-network", include_str!("../overlays/private-network/overlay.yaml")),
    ("small", include_str!("../overlays/small/overlay.yaml")),
];

/// The document of a built-in overlay.
pub fn overlay(name: &str) -> Option<&'static str> {
    OVERLAYS.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// The page of every rule, by its code.
pub const RULES: [(&str, &str); 52] = [
    ("spec/yaml", include_str!("../rules/spec/yaml.md")),
    ("spec/limit", include_str!("../rules/spec/limit.md")),
    ("spec/unknown-key", include_str!("../rules/spec/unknown-key.md")),
    ("spec/missing-key", include_str!("../rules/spec/missing-key.md")),
    ("spec/type", include_str!("../rules/spec/type.md")),
    ("spec/value", include_str!("../rules/spec/value.md")),
    ("spec/conflict", include_str!("../rules/spec/conflict.md")),
    ("bind/name", include_str!("../rules/bind/name.md")),
    ("bind/collision", include_str!("../rules/bind/collision.md")),
    ("overlay/file", include_str!("../rules/overlay/file.md")),
    ("overlay/cycle", include_str!("../rules/overlay/cycle.md")),
    ("overlay/target", include_str!("../rules/overlay/target.md")),
    ("overlay/patch", include_str!("../rules/overlay/patch.md")),
    ("overlay/idle", include_str!("../rules/overlay/idle.md")),
    ("overlay/conflict", include_str!("../rules/overlay/conflict.md")),
    ("overlay/index", include_str!("../rules/overlay/index.md")),
    ("overlay/chart", include_str!("../rules/overlay/chart.md")),
    ("kubernetes/field", include_str!("../rules/kubernetes/field.md")),
    ("kubernetes/missing", include_str!("../rules/kubernetes/missing.md")),
    ("kubernetes/value", include_str!("../rules/kubernetes/value.md")),
    ("kubernetes/kind", include_str!("../rules/kubernetes/kind.md")),
    ("kubernetes/object", include_str!("../rules/kubernetes/object.md")),
    ("chart/dead-key", include_str!("../rules/chart/dead-key.md")),
    ("chart/value", include_str!("../rules/chart/value.md")),
    ("chart/version", include_str!("../rules/chart/version.md")),
    ("chart/unchecked", include_str!("../rules/chart/unchecked.md")),
    ("settings/unknown", include_str!("../rules/settings/unknown.md")),
    ("settings/removed", include_str!("../rules/settings/removed.md")),
    ("settings/deprecated", include_str!("../rules/settings/deprecated.md")),
    ("settings/unchecked", include_str!("../rules/settings/unchecked.md")),
    ("settings/value", include_str!("../rules/settings/value.md")),
    ("settings/conflict", include_str!("../rules/settings/conflict.md")),
    ("alloy/unknown", include_str!("../rules/alloy/unknown.md")),
    ("alloy/missing", include_str!("../rules/alloy/missing.md")),
    ("alloy/repeated", include_str!("../rules/alloy/repeated.md")),
    ("alloy/type", include_str!("../rules/alloy/type.md")),
    ("alloy/value", include_str!("../rules/alloy/value.md")),
    ("alloy/reference", include_str!("../rules/alloy/reference.md")),
    ("alloy/dead-end", include_str!("../rules/alloy/dead-end.md")),
    ("secret/plain-text", include_str!("../rules/secret/plain-text.md")),
    ("reference/object", include_str!("../rules/reference/object.md")),
    ("reference/key", include_str!("../rules/reference/key.md")),
    ("reference/host", include_str!("../rules/reference/host.md")),
    ("reference/identity", include_str!("../rules/reference/identity.md")),
    ("reference/store", include_str!("../rules/reference/store.md")),
    ("reference/datasource", include_str!("../rules/reference/datasource.md")),
    ("reference/repeated", include_str!("../rules/reference/repeated.md")),
    ("query/syntax", include_str!("../rules/query/syntax.md")),
    ("tree/drift", include_str!("../rules/tree/drift.md")),
    ("alloy/syntax", include_str!("../rules/alloy/syntax.md")),
    ("check/allow", include_str!("../rules/check/allow.md")),
    ("check/unused-allow", include_str!("../rules/check/unused-allow.md")),
];
