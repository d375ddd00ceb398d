//! Kubernetes objects as typed values, turned into [`Node`]s.
//!
//! Built-in kinds are k8s-openapi's types; kinds of operators are the structs of `crd`. An
//! object carries one origin: it is small, and it exists for one reason.

mod crd;

use crate::node::{Data, Node};
use crate::origin::Origin;
use serde::Serialize;
use std::collections::BTreeMap;

pub use crd::*;
pub use k8s_openapi::api::core::v1::{ConfigMap, Namespace};
pub use k8s_openapi::api::networking::v1::{
    IPBlock, NetworkPolicy, NetworkPolicyEgressRule, NetworkPolicyIngressRule, NetworkPolicyPeer,
    NetworkPolicyPort, NetworkPolicySpec,
};
pub use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};
pub use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

/// Metadata with a name, a namespace (unless empty) and labels.
pub fn metadata<const N: usize>(
    name: &str,
    namespace: &str,
    labels: [(&str, &str); N],
) -> ObjectMeta {
    ObjectMeta {
        name: Some(name.to_owned()),
        namespace: (!namespace.is_empty()).then(|| namespace.to_owned()),
        labels: Some(text_map(labels)),
        ..ObjectMeta::default()
    }
}

/// A map of texts, as labels and annotations are.
pub fn text_map<const N: usize>(members: [(&str, &str); N]) -> BTreeMap<String, String> {
    members.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

/// The object as a tree; every leaf has the object's origin, but for those that say what it is.
pub fn object<T: Serialize>(object: &T, origin: &Origin) -> Node {
    let json = serde_json::to_value(object).expect("bug: an object of ours is not JSON");
    let mut node = Node::from_json(json, origin);
    let form = [&["apiVersion"][..], &["kind"]];
    let ours = ["app.kubernetes.io/managed-by", "app.kubernetes.io/name"];
    let ours = ours.map(|label| ["metadata", "labels", label]);
    let form = form.into_iter().map(|path| (path, "the kind of object that this takes"));
    let ours = ours.iter().map(|path| (&path[..], "every object of ours says whose it is"));
    for (path, why) in form.chain(ours) {
        if let Some(leaf) = node.at_mut(path) {
            leaf.origin = Origin::because(why);
        }
    }
    node
}

/// An object's kind and name, for its file's name and for messages.
pub fn identity(object: &Node) -> Option<(String, String)> {
    let kind = object.get("kind")?.text()?;
    let name = object.get("metadata")?.get("name")?.text()?;
    Some((kind.to_owned(), name.to_owned()))
}

/// An object's annotation set, kept if it has others.
#[must_use]
pub fn annotated(object: Node, key: &'static str, value: Node) -> Node {
    use crate::node::map;
    debug_assert!(matches!(value.data, Data::Text(_)), "annotations are text");
    object.with(map([("metadata", map([("annotations", map([(key, value)]))]))]))
}
