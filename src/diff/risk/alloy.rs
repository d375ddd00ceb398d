//! What the collector's configuration decides.
//!
//! Source: the reference of Alloy 1.18's components. The configuration is reloaded without a restart.

use super::paths;
use super::reach::{is_in, narrower_set, reach, widens};
use super::when::When::{Added, Always, Becomes, Lost, Lower, Removed, Set};
use super::when::amount;
use super::{Class, Risks, Rule, ask, note, rules};
use crate::diff::edit::{Edit, Part};
use crate::diff::tree::{File, FileChange};
use crate::node::Node;

const ELSEWHERE: &str = "what was sent there no longer is";
const ALSO_THERE: &str = "what is collected is sent to another place, too";
const NOT_WATCHED: &str = "what stood here is no longer watched";
const DROPPED: &str = "some of what is collected is dropped";
const LABEL: &str = "queries, dashboards and alerts by this label no longer find what is new";
const COMES_IN: &str = "anybody who reaches it may send to it";
const UNVERIFIED: &str = "it no longer looks whether the other side is who it says";
const OTHER_TENANT: &str = "what was stored stays with the old tenant, and is no longer found";
const UNANSWERED: &str = "what is asked may no longer answer";
const PLAIN: &str = "what is sent can be read on the way";

const RULES: &[Rule] = rules! {
    "prometheus.remote_write|loki.write/*/endpoint/*/url" Lost => TelemetryLoss, ELSEWHERE;
    "prometheus.remote_write|loki.write/*/endpoint/*/url" Added => Exposure, ALSO_THERE;
    "*/*/endpoint/*/headers/X-Scope-OrgID" Lost => DataLoss, OTHER_TENANT;
    "*/*/endpoint/*/headers/X-Scope-OrgID" Added => DataLoss, OTHER_TENANT;
    "*/*/endpoint/*/tenant_id" Lost => DataLoss, OTHER_TENANT;
    "*/*/endpoint/*/tenant_id" Added => DataLoss, OTHER_TENANT;
    "*/*/targets/**" Lost => TelemetryLoss, NOT_WATCHED;
    "*/*/target/*/address|name|module" Lost => TelemetryLoss, NOT_WATCHED;
    "*/*/discovery|static/**" Lost => TelemetryLoss, NOT_WATCHED;
    "*/*/metrics/*" Lost => TelemetryLoss, NOT_WATCHED;
    "*/*/resource_graph_query_filter|resource_type|resource_groups/**" Lost => TelemetryLoss, NOT_WATCHED;
    "discovery.kubernetes/*/selectors/**" Added => TelemetryLoss, DROPPED;
    "*/*/set_collectors|enable_collectors/*" Lost => TelemetryLoss, NOT_WATCHED;
    "*/*/disable_collectors/*" Added => TelemetryLoss, NOT_WATCHED;
    "*/*/metrics_path|path|role|region|regions|subscriptions/**" Lost => TelemetryLoss, NOT_WATCHED;
    "*/*/external_labels|labels|extra_log_labels/*/**" Lost => TelemetryLoss, LABEL;
    "*/*/rule|write_relabel_config/*/target_label" Lost => TelemetryLoss, LABEL;
    "*/*/rule/*/action" Becomes(&["drop", "keep", "labeldrop", "labelkeep", "dropequal", "keepequal"])
        => TelemetryLoss, DROPPED;
    "*/*/endpoint/*/write_relabel_config/*/action" Becomes(&["drop", "keep", "labeldrop", "labelkeep"])
        => TelemetryLoss, DROPPED;
    "loki.process/*/stage/*/drop|sampling|limit|label_drop|label_keep/**" Added => TelemetryLoss, DROPPED;
    "loki.process/*/stage/**/drop_counter_reason|action" Added => TelemetryLoss, DROPPED;
    "*/*/sample_limit|label_limit|target_limit|body_size_limit|max_streams|sample_age_limit" Lower
        => TelemetryLoss, DROPPED;
    "*/*/endpoint/*/queue_config/sample_age_limit" Lower => TelemetryLoss, DROPPED;
    "prometheus.scrape/*/bearer_token_file|scheme|bearer_token" Lost => TelemetryLoss, UNANSWERED;
    "prometheus.scrape/*/scheme" Added => TelemetryLoss, UNANSWERED;
    "prometheus.scrape/*/authorization|basic_auth|oauth2/**" Lost => TelemetryLoss, UNANSWERED;
    "prometheus.scrape/*/tls_config/ca_file|ca_pem" Lost => TelemetryLoss, UNANSWERED;
    "prometheus.exporter.unix/*/rootfs_path|procfs_path|sysfs_path" Lost => TelemetryLoss, NOT_WATCHED;
    "*/*/labels_snake_case" Always => TelemetryLoss, LABEL;
    "*/**/dimensions|included_dimensions/**" Lost => TelemetryLoss, LABEL;
    "prometheus.remote_write|loki.write/*/endpoint/*/basic_auth|authorization|oauth2/**" Lost => TelemetryLoss, UNANSWERED;
    "prometheus.scrape/*/metrics_path|job_name" Set => TelemetryLoss, LABEL;
    "loki.source.journal/*/matches" Set => TelemetryLoss, DROPPED;
    "loki.process/*/stage/*/drop/older_than" Lower => TelemetryLoss, DROPPED;
    "prometheus.exporter.unix/*/filesystem/mount_points_exclude|fs_types_exclude" Set => TelemetryLoss, NOT_WATCHED;
    "faro.receiver/*/server/rate_limiting/enabled" Becomes(&["false"]) => Exposure, "more is let through at once";
    "faro.receiver/*/server/rate_limiting/rate|burst_size" Lower => TelemetryLoss, DROPPED;
    "faro.receiver/*/server/listen_address|listen_port" Added => Exposure, COMES_IN;
    "faro.receiver/*/server/listen_address|api_key" Lost => Exposure, COMES_IN;
    "faro.receiver/*/server/cors_allowed_origins/*" Added => Exposure, COMES_IN;
    "loki.source.api|prometheus.receive_http|pyroscope.receive_http/*/http/**" Added => Exposure, COMES_IN;
    "**/insecure_skip_verify|insecure" Becomes(&["true"]) => Exposure, UNVERIFIED;
    "**/tls_config/**" Removed => Exposure, UNVERIFIED;
};

/// Components that things come from or end in; what stands between them only matters for where these lead.
const ENDS: [&str; 9] = [
    "prometheus.scrape",
    "prometheus.exporter.",
    "prometheus.operator.",
    "prometheus.remote_write",
    "loki.source.",
    "loki.write",
    "discovery.kubernetes",
    "faro.",
    "otelcol.receiver.",
];
/// Components that can drop what passes.
const FILTERS: [&str; 3] = ["prometheus.relabel", "loki.process", "loki.relabel"];
/// Labels that queries go by.
const KNOWN_LABELS: [&str; 7] =
    ["cluster", "tenant_name", "namespace", "pod", "job", "instance", "app"];

/// The classes of a leaf of the configuration.
pub fn judge(file: &FileChange, leaf: &Edit, risks: &mut Risks) {
    let (before, after) = (file.before.map(File::view), file.after.map(File::view));
    let parts = leaf.place.parts();
    let component = parts.get(..2).unwrap_or(parts);
    let kind = component.first().map(Part::key).unwrap_or_default();
    let there =
        |root: Option<&Node>, parts: &[Part]| root.is_some_and(|root| reach(root, parts).is_some());
    let is = |kinds: &[&str]| kinds.iter().any(|start| kind.starts_with(start));
    let fewer_paths = || !paths::of(before).is_subset(&paths::of(after));
    if !there(after, component) {
        if is(&ENDS) || (is(&FILTERS) && fewer_paths()) {
            note(risks, Class::TelemetryLoss, NOT_WATCHED);
        }
        return;
    }
    if !there(before, component) {
        let mut found = Risks::new();
        ask(RULES, leaf, &mut found);
        if is(&["otelcol.receiver."]) {
            note(&mut found, Class::Exposure, COMES_IN);
        }
        found.retain(|class, _| {
            *class == Class::Exposure || (*class == Class::TelemetryLoss && is(&FILTERS))
        });
        risks.append(&mut found);
        return;
    }
    ask(RULES, leaf, risks);
    let member = parts.get(2).map(Part::key).unwrap_or_default();
    if matches!(member, "forward_to" | "output") && leaf.before.is_some() && fewer_paths() {
        note(risks, Class::TelemetryLoss, ELSEWHERE);
    }
    values(before, after, leaf, risks);
    if kind == "discovery.kubernetes"
        && is_in(leaf, "names")
        && leaf.before.is_some()
        && !widens(file, leaf)
    {
        note(risks, Class::TelemetryLoss, NOT_WATCHED);
    }
    let block = parts.iter().position(|part| part.key() == "namespaces");
    let block = block.and_then(|at| parts.get(..=at));
    if kind == "discovery.kubernetes" && block.is_some_and(|block| !there(before, block)) {
        note(risks, Class::TelemetryLoss, NOT_WATCHED);
    }
}

/// What follows from values, and from what stands beside them.
fn values(before: Option<&Node>, after: Option<&Node>, leaf: &Edit, risks: &mut Risks) {
    let Some((last, around)) = leaf.place.parts().split_last() else { return };
    let text = |side: Option<&Node>| side.and_then(Node::text).unwrap_or_default().to_owned();
    let (old, new) = (text(leaf.before), text(leaf.after));
    match last.key() {
        "regex" if leaf.before.is_some() && leaf.after.is_some() => {
            let action = after.and_then(|root| reach(root, around)?.get("action")?.text());
            let same = narrower_set(&old, &new, '|') && narrower_set(&new, &old, '|');
            let narrows = match action.unwrap_or("replace") {
                "keep" | "labelkeep" => !narrower_set(&old, &new, '|'),
                "drop" | "labeldrop" => !narrower_set(&new, &old, '|'),
                _ => false,
            };
            if same {
                note(risks, Class::Noise, "the same alternatives in another order");
            } else if narrows {
                note(risks, Class::TelemetryLoss, DROPPED);
            }
        }
        "replacement" if leaf.before.is_some() => note(risks, Class::TelemetryLoss, LABEL),
        "target_label" if leaf.before.is_none() && KNOWN_LABELS.contains(&new.as_str()) => {
            let rules = around.split_last().map_or(around, |(_, rules)| rules);
            let rules = before.and_then(|root| reach(root, rules)?.items());
            let set = |rule: &Node| rule.get("target_label").and_then(Node::text) == Some(&new);
            if rules.is_some_and(|rules| rules.iter().any(set)) {
                note(risks, Class::TelemetryLoss, LABEL);
            }
        }
        // A sample is looked for during five minutes.
        "scrape_interval" if amount(&new).is_some_and(|interval| interval > 300.0) => {
            note(risks, Class::TelemetryLoss, "queries find nothing between two samples");
        }
        "url" if old.starts_with("https://") && new.starts_with("http://") => {
            note(risks, Class::Exposure, PLAIN);
        }
        _ => {}
    }
}
