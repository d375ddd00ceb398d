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
