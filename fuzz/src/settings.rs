//! Settings of applications, as charts' values hold them.

use telemetree::contract::settings;
use telemetree::contract::{Breach, chart, kubernetes, query};
use telemetree::node::Node;
use telemetree::source::Sources;
use telemetree::syntax;

type Check = fn(&Node) -> Vec<Breach>;

const CHECKS: [Check; 9] = [
    settings::mimir,
    settings::mimir_runtime,
    settings::loki,
    settings::loki_runtime,
    settings::grafana_ini,
    settings::datasources,
    settings::dashboard_providers,
    settings::alerting,
    settings::blackbox,
];

/// The charts of our releases.
const CHARTS: [(&str, &str); 4] = [
    ("alloy", "1.11.1"),
    ("grafana", "12.11.1"),
    ("loki", "18.11.0"),
    ("mimir-distributed", "6.0.6"),
];

/// Checks it as everything that it may be.
pub fn one(bytes: &[u8]) {
    let Some(text) = crate::text(bytes) else { return };
    let parsed = syntax::parse(Sources::default().add("values.yaml", ""), &text);
    let Some(document) = parsed.document else { return };
    let node = document.to_node();
    CHECKS.iter().for_each(|check| drop(check(&node)));
    for (name, version) in CHARTS {
        drop(settings::in_values(name, &node));
        let contract = chart::bundled(name, version).expect("the chart is one of ours");
        drop(chart::check(&node, contract));
    }
    drop(kubernetes::check(&node, 33));
    drop(kubernetes::sound(&node));
    drop(kubernetes::unknown_fields(&node, 33));
    drop(query::breaches(&node));
}
