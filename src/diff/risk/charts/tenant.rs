//! Limits of single tenants, which are those of all where they say nothing.

use super::DELETED_SOONER;
use crate::diff::edit::{Edit, Part};
use crate::diff::risk::when::When::{KeptShorter, Lower};
use crate::diff::risk::{Class, Risks, note};
use crate::diff::tree::{File, FileChange};
use crate::model::ComponentId;
use crate::node::Node;

/// Limits below which more is refused.
const LIMITS: [&str; 14] = [
    "max_line_size",
    "max_label_name_length",
    "max_label_value_length",
    "max_global_series_per_metric",
    "per_stream_rate_limit_burst",
    "reject_old_samples_max_age",
    "max_global_series_per_user",
    "ingestion_rate",
    "ingestion_burst_size",
    "ingestion_rate_mb",
    "ingestion_burst_size_mb",
    "per_stream_rate_limit",
    "max_global_streams_per_user",
    "max_label_names_per_series",
];

/// The limit that holds for all who have none of their own.
pub fn of_all<'f>(component: ComponentId, key: &str, file: Option<&'f File>) -> Option<&'f Node> {
    let limits: &[&str] = match component {
        ComponentId::Mimir => &["mimir", "structuredConfig", "limits"],
        ComponentId::Loki => &["loki", "limits_config"],
        ComponentId::Alloy | ComponentId::Grafana => return None,
    };
    limits.iter().chain([&key]).try_fold(file?.view(), |node, key| node.get(key))
}

/// The classes of a rule for some of Loki's streams, which have their own retention instead of that of all.
pub fn streams(file: &FileChange, leaf: &Edit, risks: &mut Risks) {
    let [.., Part::Member("retention_stream"), _, Part::Member(key)] = leaf.place.parts() else {
        return;
    };
    let all = |file| of_all(ComponentId::Loki, "retention_period", file);
    let is_sooner = match *key {
        "period" => {
            KeptShorter.holds(leaf.before.or(all(file.before)), leaf.after.or(all(file.after)))
        }
        "selector" | "priority" => leaf.before.is_some() && leaf.after.is_some(),
        _ => false,
    };
    if is_sooner {
        note(risks, Class::DataLoss, DELETED_SOONER);
    }
}

/// The classes of a tenant's limit.
pub fn judge(component: ComponentId, key: &str, file: &FileChange, leaf: &Edit, risks: &mut Risks) {
    let of = |file| of_all(component, key, file);
    let (old, new) = (leaf.before.or(of(file.before)), leaf.after.or(of(file.after)));
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
