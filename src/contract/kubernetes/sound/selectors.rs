//! Selectors of workloads, and whether labels are selected.

use super::{Found, at, items, members, metadata};
use crate::contract::Kind;
use crate::contract::kubernetes::place::Path;
use crate::node::{Map, Node};

/// The selector of a workload, which must select the workload's own pods.
pub fn workload(object: &Node, found: &mut Found) {
    let Some(selector) = at(object, &["spec", "selector"]) else { return };
    let spec = Path::ROOT.key("spec");
    let path = spec.key("selector");
    metadata::selector(object, &["spec", "selector"], &Path::ROOT, found);
    let words = members(selector, &["matchLabels"]);
    let expressions = items(selector, &["matchExpressions"]);
    if words.is_empty() && expressions.is_empty() {
        let help = "select the labels of the pods";
        return found.add(&path, Kind::Value, "`selector` selects everything", Some(help));
    }
    let labels = members(object, &["spec", "template", "metadata", "labels"]);
    for (key, value) in words {
        let Some(wanted) = value.text() else { continue };
        let has = match labels.get(key).map(Node::text) {
            Some(Some(other)) if other == wanted => continue,
            Some(Some(other)) => format!("have `{other}` there"),
            Some(None) => continue,
            None => "have no such label".to_owned(),
        };
        let message =
            format!("`selector` asks for `{key}: {wanted}`, but the template's pods {has}");
        let help = format!("give `spec.template.metadata.labels` the label `{key}: {wanted}`");
        found.add(&path.key("matchLabels").key(key), Kind::Reference, message, Some(&help));
    }
    for (position, expression) in expressions.iter().enumerate() {
        if meets(expression, labels) == Some(false) {
            let message = "the template's pods do not meet this expression";
            let path = path.key("matchExpressions");
            found.add(&path.item(position), Kind::Reference, message, None);
        }
    }
}

/// Whether all members are among the labels.
pub fn selects(selector: &Map, labels: &Map) -> bool {
    selector.iter().all(|(key, value)| labels.get(key) == Some(value))
}

/// Whether labels meet an expression; nothing if it is none.
fn meets(expression: &Node, labels: &Map) -> Option<bool> {
    let value = labels.get(expression.get("key")?.text()?).and_then(Node::text);
    let among = || {
        let values = items(expression, &["values"]);
        values.iter().any(|one| one.text().is_some() && one.text() == value)
    };
    match expression.get("operator")?.text()? {
        "In" => Some(among()),
        "NotIn" => Some(!among()),
        "Exists" => Some(value.is_some()),
        "DoesNotExist" => Some(value.is_none()),
        _ => None,
    }
}
