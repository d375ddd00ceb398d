//! The four components, by name.

use super::quantity::Choice;

/// Which component.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ComponentId {
    /// The metrics store.
    Mimir,
    /// The log store.
    Loki,
    /// The user interface.
    Grafana,
    /// The collector.
    Alloy,
}

impl ComponentId {
    /// All, in the order in which they are applied.
    pub const ALL: [ComponentId; 4] =
        [ComponentId::Mimir, ComponentId::Loki, ComponentId::Grafana, ComponentId::Alloy];

    /// Its name: also its folder, its Helm release and the value of `app.kubernetes.io/name`.
    pub fn as_str(self) -> &'static str {
        match self {
            ComponentId::Mimir => "mimir",
            ComponentId::Loki => "loki",
            ComponentId::Grafana => "grafana",
            ComponentId::Alloy => "alloy",
        }
    }
}

impl Choice for ComponentId {
    const WHAT: &'static str = "a component";
    const ALL: &'static [(&'static str, Self)] = &[
        ("alloy", ComponentId::Alloy),
        ("mimir", ComponentId::Mimir),
        ("loki", ComponentId::Loki),
        ("grafana", ComponentId::Grafana),
    ];
}
