//! Bindings of roles, scaling, and disruption.

use super::{Found, at, int, is_set, items, text_at};
use crate::contract::Kind;
use crate::contract::kubernetes::place::Path;
use crate::node::Node;

const RBAC: &str = "rbac.authorization.k8s.io";

/// The role and the subjects of a binding.
pub fn binding(object: &Node, kind: &str, found: &mut Found) {
    let role = Path::ROOT.key("roleRef");
    let kinds: &[&str] = match kind {
        "ClusterRoleBinding" => &["ClusterRole"],
        _ => &["Role", "ClusterRole"],
    };
    one_of(object, &["roleRef", "kind"], kinds, &role.key("kind"), found);
    one_of(object, &["roleRef", "apiGroup"], &[RBAC], &role.key("apiGroup"), found);
    for (position, subject) in items(object, &["subjects"]).iter().enumerate() {
        let subjects = Path::ROOT.key("subjects");
        let path = subjects.item(position);
        one_of(subject, &["kind"], &["User", "Group", "ServiceAccount"], &path.key("kind"), found);
        let groups: &[&str] = match text_at(subject, &["kind"]) {
            Some("ServiceAccount") => {
                let nowhere = text_at(subject, &["namespace"]).is_none_or(str::is_empty);
                // In a RoleBinding it is the binding's own.
                if nowhere && kind == "ClusterRoleBinding" {
                    let help = "add `namespace`";
                    found.add(
                        &path,
                        Kind::Missing,
                        "a service account has a namespace",
                        Some(help),
                    );
                }
                &[""]
            }
            Some("User" | "Group") => &["", RBAC],
            _ => continue,
        };
        one_of(subject, &["apiGroup"], groups, &path.key("apiGroup"), found);
    }
}

/// The bounds of an autoscaler.
pub fn autoscaler(object: &Node, found: &mut Found) {
    let bound = |key| int(at(object, &["spec", key]));
    let spec = Path::ROOT.key("spec");
    if let (Some(least), Some(most)) = (bound("minReplicas"), bound("maxReplicas"))
        && least > most
    {
        let message = format!("`minReplicas` is {least}, and `maxReplicas` only {most}");
        found.add(&spec.key("maxReplicas"), Kind::Conflict, message, None);
    }
}

/// The one bound of a disruption budget.
pub fn disruption(object: &Node, found: &mut Found) {
    let Some(spec) = object.get("spec") else { return };
    if is_set(spec, "minAvailable") && is_set(spec, "maxUnavailable") {
        let message = "`minAvailable` and `maxUnavailable` cannot stand together";
        let path = Path::ROOT.key("spec");
        found.add(&path.key("maxUnavailable"), Kind::Conflict, message, Some("keep one of them"));
    }
}

/// A text that is one of some.
fn one_of(node: &Node, keys: &[&str], words: &[&str], path: &Path, found: &mut Found) {
    if let Some(text) = text_at(node, keys).filter(|text| !words.contains(text)) {
        let message = format!("{} cannot be `{text}`", path.called());
        let all: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
        found.add(path, Kind::Value, message, Some(&format!("write {}", all.join(" or "))));
    }
}
