//! What dashboards and alerts of Grafana name: data sources; and what they are called themselves.

use super::spot::Spot;
use crate::node::Node;
use crate::pointer::Pointer;

/// A data source that something asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Where it is named.
    pub at: Pointer,
    /// Its uid; in old dashboards its name.
    pub name: String,
}

/// Data sources that Grafana has without being told.
const BUILT_IN: [&str; 8] = [
    "-- Grafana --",
    "-- Mixed --",
    "-- Dashboard --",
    "grafana",
    "default",
    "__expr__",
    "-100",
    "",
];
const MIXED: &str = "-- Mixed --";

/// The data sources that a dashboard names and Grafana does not have anyway. Those that a variable of the
/// dashboard chooses are left out.
pub fn in_dashboard(dashboard: &Node) -> Vec<Source> {
    let dashboard = Spot::root(dashboard);
    let variables = dashboard.items_at(&["templating", "list"]);
    let names: Vec<&str> = variables.iter().filter_map(|one| one.text_at(&["name"])).collect();
    let mut asked = Vec::new();
    dashboard.items_at(&["panels"]).iter().for_each(|panel| of_panel(panel, &mut asked));
    for row in dashboard.items_at(&["rows"]) {
        row.items_at(&["panels"]).iter().for_each(|panel| of_panel(panel, &mut asked));
    }
    let annotations = dashboard.items_at(&["annotations", "list"]);
    asked.extend(variables.iter().chain(&annotations).filter_map(of_holder));
    asked.retain(|source| {
        !BUILT_IN.contains(&source.name.as_str()) && !is_variable(&source.name, &names)
    });
    asked
}

/// The data sources that alert rules ask, by uid.
pub fn in_alerts(file: &Node) -> Vec<Source> {
    let mut asked = Vec::new();
    for group in Spot::root(file).items_at(&["groups"]) {
        for rule in group.items_at(&["rules"]) {
            for query in rule.items_at(&["data"]) {
                let Some(uid) = query.get("datasourceUid") else { continue };
                let name = uid.text().filter(|name| !name.contains("{{") && !name.contains('$'));
                let source = |name: &str| Source { at: uid.pointer(), name: name.to_owned() };
                asked.extend(name.map(source));
            }
        }
    }
    asked.retain(|source| !BUILT_IN.contains(&source.name.as_str()));
    asked
}

/// A panel asks its own data source; its queries are asked for theirs where it has none or mixes them.
fn of_panel(panel: &Spot, asked: &mut Vec<Source>) {
    panel.items_at(&["panels"]).iter().for_each(|panel| of_panel(panel, asked));
    match of_holder(panel) {
        Some(own) if own.name != MIXED => asked.push(own),
        Some(_) | None => asked.extend(panel.items_at(&["targets"]).iter().filter_map(of_holder)),
    }
}

/// `datasource: name` or `datasource: {uid: …}`.
fn of_holder(holder: &Spot) -> Option<Source> {
    let source = holder.get("datasource")?;
    let name = match source.text() {
        Some(_) => source,
        None => source.get("uid")?,
    };
    Some(Source { at: name.pointer(), name: name.text()?.to_owned() })
}

/// Whether a name is a variable that the dashboard has, or one of Grafana's own.
fn is_variable(name: &str, known: &[&str]) -> bool {
    let Some(rest) = name.strip_prefix('$').or_else(|| name.strip_prefix("[[")) else {
        return name.contains("${") || name.contains("{{");
    };
    let inner = rest.trim_start_matches('{');
    let word = inner.split([':', '}', ']', '.']).next().unwrap_or_default();
    word.starts_with("__") || known.contains(&word)
}
