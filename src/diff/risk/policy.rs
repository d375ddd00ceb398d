//! What a change of a network policy lets through, and what no longer.
//!
//! Source: the reference of `NetworkPolicy` in the Kubernetes API: rules add up; of a rule, no peers or no ports,
//! whether absent or an empty list, means all of them.

use super::reach::{narrower_networks, reach};
use super::{Class, Risks, note};
use crate::diff::edit::{Edit, Part};
use crate::diff::tree::FileChange;
use crate::model::ComponentId;
use crate::node::{Data, Node};
use crate::tree::RelPath;

const MORE: &str = "more may reach it, or be reached from it";
const FEWER: &str = "fewer may reach it, or be reached from it";
const CUT: &str = "the collector and the stores no longer reach each other this way";
const NO_BUCKET: &str = "the store no longer reaches its bucket";
const NO_NAMES: &str = "the pods no longer learn addresses by names, the stores' among them";
const UNSELECTED: &str = "the pods that it no longer selects are open to all";

/// Namespaces between which telemetry goes.
const OF_TELEMETRY: [&str; 4] = ["alloy", "mimir", "loki", "grafana"];

/// What an edit does.
enum Effect {
    More,
    Fewer,
    Unselected,
}

/// The classes of an edit of a policy.
pub fn judge(file: &FileChange, edit: &Edit, risks: &mut Risks) {
    let (Some(before), Some(after)) = (file.before, file.after) else { return };
    match effect(before.view(), after.view(), edit) {
        Some(Effect::More) => note(risks, Class::Exposure, MORE),
        Some(Effect::Unselected) => note(risks, Class::Exposure, UNSELECTED),
        Some(Effect::Fewer) if is_way_to_bucket(file, edit) => {
            note(risks, Class::DataLoss, NO_BUCKET);
        }
        Some(Effect::Fewer) if is_way_of_names(edit) => {
            note(risks, Class::TelemetryLoss, NO_NAMES);
        }
        Some(Effect::Fewer) if is_way_of_telemetry(file, edit) => {
            note(risks, Class::TelemetryLoss, CUT);
        }
        Some(Effect::Fewer) => note(risks, Class::Config, FEWER),
        None => {}
    }
}

fn effect(before: &Node, after: &Node, edit: &Edit) -> Option<Effect> {
    let parts = edit.place.parts();
    let keys: Vec<&str> = parts.iter().map(Part::key).collect();
    let (added, removed) = (edit.before.is_none(), edit.after.is_none());
    let way = |wider: bool| Some(if wider { Effect::More } else { Effect::Fewer });
    match keys.as_slice() {
        ["spec", "podSelector", ..] if removed => way(false),
        ["spec", "podSelector", ..] => Some(Effect::Unselected),
        ["spec", "policyTypes", ..]
        | ["spec", "ingress" | "egress", .., "except"]
        | ["spec", "ingress" | "egress", .., "except", _] => way(!added),
        ["spec", "ingress" | "egress"]
        | ["spec", "ingress" | "egress", "*"]
        | ["spec", "ingress" | "egress", .., "endPort"] => way(!removed),
        ["spec", "ingress" | "egress", "*", "from" | "to" | "ports"] => {
            let empty = edit.after.is_none_or(Node::is_empty);
            way(!added && empty)
        }
        ["spec", "ingress" | "egress", "*", "from" | "to" | "ports", "*"] => {
            let list = parts.split_last().map_or(parts, |(_, list)| list);
            let all = |root: &Node| reach(root, list).is_none_or(Node::is_empty);
            way(if removed { all(after) } else { !all(before) })
        }
        ["spec", "ingress" | "egress", .., "cidr"] => {
            let text =
                |side: Option<&Node>| side.and_then(Node::text).unwrap_or_default().to_owned();
            way(!narrower_networks(&text(edit.after), &text(edit.before)))
        }
        ["spec", "ingress" | "egress", .., "matchExpressions", _, "values", _] => {
            let requirement = parts.get(..parts.len() - 2).unwrap_or(parts);
            let operator = reach(after, requirement).or_else(|| reach(before, requirement));
            match operator.and_then(|requirement| requirement.get("operator")?.text()) {
                Some("In") => way(!removed),
                _ => way(!added),
            }
        }
        // Part of a peer or a port: a condition more narrows, another one lets others in.
        ["spec", "ingress" | "egress", ..] => way(!added),
        _ => None,
    }
}

/// Whether it is the rule by which a store reaches what is outside of the cluster: there is its bucket.
fn is_way_to_bucket(file: &FileChange, edit: &Edit) -> bool {
    let component = file.path().and_then(RelPath::component);
    let is_store = matches!(component, Some(ComponentId::Mimir | ComponentId::Loki));
    let peers = edit.before.and_then(|rule| rule.get("to")?.items());
    let is_outside =
        peers.is_some_and(|peers| peers.iter().all(|peer| peer.get("ipBlock").is_some()));
    is_store && is_rule(edit, "egress") && is_outside
}

/// Whether it is the rule by which pods ask for names.
fn is_way_of_names(edit: &Edit) -> bool {
    let ports = edit.before.and_then(|rule| rule.get("ports")?.items()).unwrap_or_default();
    let is_dns = |port: &Node| port.get("port").is_some_and(|port| port.data == Data::Int(53));
    is_rule(edit, "egress") && ports.iter().any(is_dns)
}

/// Whether an edit is of a whole rule.
fn is_rule(edit: &Edit, way: &str) -> bool {
    let keys: Vec<&str> = edit.place.parts().iter().map(Part::key).collect();
    keys == ["spec", way, "*"]
}

/// Whether telemetry goes where less may go now: between the components, and, of what the collector may reach,
/// wherever only a part of a rule goes.
fn is_way_of_telemetry(file: &FileChange, edit: &Edit) -> bool {
    let is_collectors = file.path().and_then(RelPath::component) == Some(ComponentId::Alloy);
    let parts = edit.place.parts().len();
    (names_telemetry(edit.before) && parts > 2) || (is_collectors && parts > 3)
}

/// Whether a peer is one of the namespaces between which telemetry goes.
fn names_telemetry(node: Option<&Node>) -> bool {
    node.is_some_and(|node| match &node.data {
        Data::Text(text) => OF_TELEMETRY.contains(&text.as_ref()),
        Data::List(items) => items.iter().any(|item| names_telemetry(Some(item))),
        Data::Map(map) => map.values().any(|value| names_telemetry(Some(value))),
        Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) => false,
    })
}
