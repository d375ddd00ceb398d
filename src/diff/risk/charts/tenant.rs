//! Limits of single tenants, which are those of all where they say nothing.

use super::DELETED_SOONER;
use crate::diff::edit::Edit;
use crate::diff::risk::when::When::{KeptShorter, Lower};
use crate::diff::risk::{Class, Risks, note};
use crate::diff::tree::{File, FileChange};
use crate::model::ComponentId;
use crate::node::Node;

/// Limits below which more is refused.
const LIMITS: [&str; 8] = [
    "max_global_series_per_user",
    "ingestion_rate",
    "ingestion_burst_size",
    "ingestion_rate_mb",
    "ingestion_burst_size_mb",
    "per_stream_rate_limit",
    "max_global_streams_per_user",
    "max_label_names_per_series",
];

/// The classes of a tenant's limit.
pub fn judge(component: ComponentId, key: &str, file: &FileChange, leaf: &Edit, risks: &mut Risks) {
    let of_all = |file: Option<&File>| -> Option<Node> {
        let limits: &[&str] = match component {
            ComponentId::Mimir => &["mimir", "structuredConfig", "limits"],
            ComponentId::Loki => &["loki", "limits_config"],
            ComponentId::Alloy | ComponentId::Grafana => return None,
        };
        let limits = limits.iter().try_fold(file?.view(), |node, key| node.get(key))?;
        limits.get(key).cloned()
    };
    let (old, new) = (of_all(file.before), of_all(file.after));
    let (old, new) = (leaf.before.or(old.as_ref()), leaf.after.or(new.as_ref()));
    match key {
        "compactor_blocks_retention_period" | "retention_period" if KeptShorter.holds(old, new) => {
            note(risks, Class::DataLoss, DELETED_SOONER);
        }
        // What the program takes where nobody says anything is not known here.
        _ if LIMITS.contains(&key) && (old.is_none() || Lower.holds(old, new)) => {
            note(risks, Class::TelemetryLoss, "the store refuses more of what is sent to it");
        }
        _ => {}
    }
}
