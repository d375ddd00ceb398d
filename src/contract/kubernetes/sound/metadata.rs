//! Names, labels and annotations.

use super::{Found, Pods, at, below, int, is_set, members};
use crate::contract::Kind;
use crate::contract::kubernetes::names;
use crate::contract::kubernetes::place::Path;
use crate::node::Node;

/// What all annotations of an object may hold together, in bytes.
const ANNOTATIONS: usize = 256 << 10;

const LABEL: &str = "use at most 63 lower-case letters, digits and dashes, with no dash at an end";
const SUBDOMAIN: &str = "use at most 253 lower-case letters, digits, dashes and dots, with a letter or digit at each end";
const KEY: &str = "use at most 63 letters, digits and `-_.`, perhaps after a DNS name and `/`";
const VALUE: &str = "use at most 63 letters, digits and `-_.`, with a letter or digit at each end";

/// The metadata of an object.
pub fn check(object: &Node, group: &str, kind: &str, found: &mut Found) {
    let Some(metadata) = object.get("metadata") else { return };
    let path = Path::ROOT.key("metadata");
    match metadata.get("name").and_then(Node::text) {
        Some(name) => check_name(name, group, kind, &path.key("name"), found),
        None if is_set(metadata, "name") || is_set(metadata, "generateName") => {}
        None => found.add(&path, Kind::Missing, "`metadata` has no `name`", Some("add `name`")),
    }
    let namespace = metadata.get("namespace").and_then(Node::text).unwrap_or_default();
    if !namespace.is_empty() && !names::is_label(namespace) {
        let message = format!("`{namespace}` is no name of a namespace");
        found.add(&path.key("namespace"), Kind::Value, message, Some(LABEL));
    }
    labels_and_annotations(metadata, &path, found);
}

/// The metadata of pods that an object makes.
pub fn of_template(pod: &Pods, found: &mut Found) {
    if pod.keys.is_empty() {
        return;
    }
    below(&Path::ROOT, pod.keys, &mut |path| {
        if let Some(metadata) = pod.template.get("metadata") {
            labels_and_annotations(metadata, &path.key("metadata"), found);
        }
    });
}

/// The labels that a map selects by.
pub fn labels(holder: &Node, key: &str, path: &Path, found: &mut Found) {
    let path = path.key(key);
    for (label, value) in members(holder, &[key]) {
        if !names::is_qualified(label) {
            let message = format!("`{label}` is no key of a label");
            found.add_key(&path.key(label), Kind::Value, message, KEY);
        }
        if let Some(text) = value.text().filter(|text| !names::is_label_value(text)) {
            let message = format!("`{text}` is no value of a label");
            found.add(&path.key(label), Kind::Value, message, Some(VALUE));
        }
    }
}

fn check_name(name: &str, group: &str, kind: &str, path: &Path, found: &mut Found) {
    let (fine, help) = match (group, kind) {
        ("rbac.authorization.k8s.io", _) | ("apiregistration.k8s.io", "APIService") => {
            (names::is_path_segment(name), "write a name without `/` and `%`")
        }
        // Their names begin with another name and a colon.
        ("certificates.k8s.io", "ClusterTrustBundle") => return,
        ("", "Namespace") => (names::is_label(name), LABEL),
        ("", "Service") => {
            let help = "use at most 63 lower-case letters, digits and dashes, and a letter first";
            (names::is_service_name(name), help)
        }
        _ => (names::is_subdomain(name), SUBDOMAIN),
    };
    if !fine {
        found.add(path, Kind::Value, format!("`{name}` is no name of a {kind}"), Some(help));
    } else if (group, kind) == ("batch", "CronJob") && name.len() > 52 {
        let message =
            format!("`{name}` has {} characters; a CronJob's name has at most 52", name.len());
        found.add(path, Kind::Value, message, Some("leave room for the names of its jobs"));
    }
}

fn labels_and_annotations(metadata: &Node, path: &Path, found: &mut Found) {
    labels(metadata, "labels", path, found);
    let annotations = path.key("annotations");
    let mut size = 0;
    for (key, value) in members(metadata, &["annotations"]) {
        size += key.len() + value.text().map_or(0, str::len);
        if !names::is_qualified(&key.to_lowercase()) {
            let message = format!("`{key}` is no key of an annotation");
            found.add_key(&annotations.key(key), Kind::Value, message, KEY);
        }
    }
    if size > ANNOTATIONS {
        let message = format!("the annotations hold {size} bytes; the server takes {ANNOTATIONS}");
        found.add(&annotations, Kind::Value, message, None);
    }
}

/// Whether a port's number can be one.
pub fn is_port(node: Option<&Node>) -> bool {
    int(node).is_none_or(|number| (1..=65535).contains(&number))
}

/// What a label selector selects by, checked as labels.
pub fn selector(holder: &Node, keys: &[&str], path: &Path, found: &mut Found) {
    if let Some(selector) = at(holder, keys) {
        below(path, keys, &mut |path| labels(selector, "matchLabels", path, found));
    }
}
