//! What the collector's configuration decides.
//!
//! Source: the reference of Alloy 1.18's components. The configuration is reloaded without a restart.

use super::when::When::{Added, Always, Becomes, Lost, Lower, Removed};
use super::{Class, Risks, Rule, ask, note, rules};
use crate::diff::edit::{Edit, Part};
use crate::diff::tree::FileChange;
use crate::node::Node;
use std::collections::BTreeSet;

const ELSEWHERE: &str = "what was sent there no longer is";
const ALSO_THERE: &str = "what is collected is sent to another place, too";
const NOT_WATCHED: &str = "what stood here is no longer watched";
const DROPPED: &str = "some of what is collected is dropped";
const LABEL: &str = "queries, dashboards and alerts by this label no longer find what is new";
const COMES_IN: &str = "anybody who reaches it may send to it";
const UNVERIFIED: &str = "it no longer looks whether the other side is who it says";
const OTHER_TENANT: &str = "what was stored stays with the old tenant, and is no longer found";

const RULES: &[Rule] = rules! {
    "prometheus.remote_write|loki.write/*/endpoint/*/url" Lost => TelemetryLoss, ELSEWHERE;
    "prometheus.remote_write|loki.write/*/endpoint/*/url" Added => Exposure, ALSO_THERE;
    "*/*/endpoint/*/headers/X-Scope-OrgID" Always => DataLoss, OTHER_TENANT;
    "*/*/endpoint/*/tenant_id" Always => DataLoss, OTHER_TENANT;
    "*/*/forward_to/**" Lost => TelemetryLoss, ELSEWHERE;
    "*/*/output/logs|metrics|traces/**" Lost => TelemetryLoss, ELSEWHERE;
    "*/*/targets/**" Lost => TelemetryLoss, NOT_WATCHED;
    "*/*/target/*/address|name|module" Lost => TelemetryLoss, NOT_WATCHED;
    "*/*/discovery|static/**" Lost => TelemetryLoss, NOT_WATCHED;
    "discovery.kubernetes/*/namespaces/names/*" Lost => TelemetryLoss, NOT_WATCHED;
    "discovery.kubernetes/*/selectors/**" Added => TelemetryLoss, DROPPED;
    "*/*/set_collectors|enable_collectors/*" Lost => TelemetryLoss, NOT_WATCHED;
    "*/*/disable_collectors/*" Added => TelemetryLoss, NOT_WATCHED;
    "*/*/metrics_path|path|role|region|regions|subscriptions|resource_type/**" Lost => TelemetryLoss, NOT_WATCHED;
    "*/*/external_labels|labels|extra_log_labels/*/**" Lost => TelemetryLoss, LABEL;
    "*/*/rule|write_relabel_config/*/target_label" Lost => TelemetryLoss, LABEL;
    "*/*/rule/*/action" Becomes(&["drop", "keep", "labeldrop", "labelkeep", "dropequal", "keepequal"])
        => TelemetryLoss, DROPPED;
    "*/*/endpoint/*/write_relabel_config/*/action" Becomes(&["drop", "keep", "labeldrop", "labelkeep"])
        => TelemetryLoss, DROPPED;
    "loki.process/*/stage/*/drop|sampling|limit|label_drop|label_keep|labelkeep/**" Added => TelemetryLoss, DROPPED;
    "loki.process/*/stage/**/drop_counter_reason|action" Added => TelemetryLoss, DROPPED;
    "*/*/sample_limit|label_limit|target_limit|body_size_limit|max_streams|sample_age_limit" Lower
        => TelemetryLoss, DROPPED;
    "*/*/endpoint/*/queue_config/sample_age_limit" Lower => TelemetryLoss, DROPPED;
    "faro.receiver/*/server/listen_address|listen_port" Added => Exposure, COMES_IN;
    "faro.receiver/*/server/listen_address" Lost => Exposure, COMES_IN;
    "faro.receiver/*/server/api_key" Lost => Exposure, COMES_IN;
    "faro.receiver/*/server/cors_allowed_origins/*" Added => Exposure, COMES_IN;
    "loki.source.api|prometheus.receive_http|pyroscope.receive_http/*/http/**" Added => Exposure, COMES_IN;
    "**/insecure_skip_verify" Becomes(&["true"]) => Exposure, UNVERIFIED;
    "**/tls_config/**" Removed => Exposure, UNVERIFIED;
    "**/insecure" Becomes(&["true"]) => Exposure, UNVERIFIED;
};

/// Parts of a component without which nothing comes out of it.
const CARRIES: [&str; 6] = ["prometheus.", "loki.", "discovery.", "faro.", "otelcol.", "mimir."];

/// The classes of a leaf of the configuration.
pub fn judge(file: &FileChange, leaf: &Edit, risks: &mut Risks) {
    ask(RULES, leaf, risks);
    let root = |file: Option<&crate::diff::tree::File>| file.map(|file| file.view().clone());
    let (before, after) = (root(file.before), root(file.after));
    let parts = leaf.place.parts();
    let (component, _) = parts.split_at_checked(2).unwrap_or((parts, &[]));
    let kind = component.first().map(Part::key).unwrap_or_default();
    let there = |root: &Option<Node>, parts: &[Part]| {
        root.as_ref().is_some_and(|root| reach(root, parts).is_some())
    };
    if CARRIES.iter().any(|start| kind.starts_with(start)) && !there(&after, component) {
        note(risks, Class::TelemetryLoss, NOT_WATCHED);
    }
    if kind.starts_with("otelcol.receiver.") && !there(&before, component) {
        note(risks, Class::Exposure, COMES_IN);
    }
    let Some((last, around)) = parts.split_last() else { return };
    if last.key() == "regex" {
        let action = after.as_ref().and_then(|root| reach(root, around)?.get("action")?.text());
        if narrows(action.unwrap_or("replace"), leaf) {
            note(risks, Class::TelemetryLoss, DROPPED);
        }
    }
    if last.key() == "replacement" && leaf.before.is_some() && leaf.after.is_some() {
        note(risks, Class::TelemetryLoss, LABEL);
    }
    let block = parts.iter().position(|part| part.key() == "namespaces");
    let block = block.and_then(|at| parts.get(..=at));
    if kind == "discovery.kubernetes"
        && block.is_some_and(|block| there(&before, component) && !there(&before, block))
    {
        note(risks, Class::TelemetryLoss, NOT_WATCHED);
    }
}

/// Whether a rule with another expression lets less through. What cannot be told counts as less.
fn narrows(action: &str, leaf: &Edit) -> bool {
    let all = |node: Option<&Node>| -> Option<BTreeSet<String>> {
        let text = node?.text()?;
        Some(text.split('|').map(str::to_owned).collect())
    };
    let (old, new) = (all(leaf.before), all(leaf.after));
    let (Some(old), Some(new)) = (old, new) else { return false };
    match action {
        "keep" | "labelkeep" => !old.is_subset(&new),
        "drop" | "labeldrop" => !new.is_subset(&old),
        _ => false,
    }
}

/// What stands at a place in one side's tree.
pub fn reach<'n>(root: &'n Node, parts: &[Part]) -> Option<&'n Node> {
    parts.iter().try_fold(root, |node, part| match part {
        Part::Member(name) => node.get(name),
        Part::At(position) => node.items()?.get(*position),
        Part::Named(name) => node
            .items()?
            .iter()
            .find(|item| crate::diff::list::usual_name(item).as_ref() == Some(name)),
    })
}
