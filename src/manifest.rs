//! Kubernetes objects, as trees of values.
//!
//! What fields an object may have is a contract of the API's, which the whole tree is checked against,
//! overlays included. Here is only what all objects of ours have in common.

mod identity;
pub mod keys;

pub use identity::Identity;

use crate::node::{Data, Node, Text, because, map};

/// What kind of object it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// Group and version.
    pub api_version: &'static str,
    /// Kind.
    pub kind: &'static str,
}

const fn kind(api_version: &'static str, kind: &'static str) -> Kind {
    Kind { api_version, kind }
}

/// Text that pods read.
pub const CONFIG_MAP: Kind = kind("v1", "ConfigMap");
/// A namespace.
pub const NAMESPACE: Kind = kind("v1", "Namespace");
/// Who may talk to whom.
pub const NETWORK_POLICY: Kind = kind("networking.k8s.io/v1", "NetworkPolicy");
/// A Secret that the External Secrets Operator keeps.
pub const EXTERNAL_SECRET: Kind = kind("external-secrets.io/v1", "ExternalSecret");
/// Secrets that the Secrets Store CSI driver mounts, and the Secrets it makes of them.
pub const SECRET_PROVIDER_CLASS: Kind =
    kind("secrets-store.csi.x-k8s.io/v1", "SecretProviderClass");
/// Something that Traefik does to a request.
pub const MIDDLEWARE: Kind = kind("traefik.io/v1alpha1", "Middleware");
/// A route of Traefik's.
pub const INGRESS_ROUTE: Kind = kind("traefik.io/v1alpha1", "IngressRoute");
/// An application of Argo CD.
pub const APPLICATION: Kind = kind("argoproj.io/v1alpha1", "Application");
/// A release of Flux's.
pub const HELM_RELEASE: Kind = kind("helm.toolkit.fluxcd.io/v2", "HelmRelease");
/// A repository of charts, for Flux.
pub const HELM_REPOSITORY: Kind = kind("source.toolkit.fluxcd.io/v1", "HelmRepository");

/// An object: its kind, its metadata, and what else it has.
pub fn object(kind: Kind, metadata: Node, body: Node) -> Node {
    const WHY: &str = "the kind of object that this takes";
    let kind = map([
        ("apiVersion", because(WHY, kind.api_version)),
        ("kind", because(WHY, kind.kind)),
        ("metadata", metadata),
    ]);
    kind.with(body)
}

/// Metadata of an object of ours: its name, its namespace unless it has none, and labels besides the
/// one that says whose it is.
pub fn metadata<K: Into<Text>>(
    name: Node,
    namespace: Option<Node>,
    labels: impl IntoIterator<Item = (K, Node)>,
) -> Node {
    let ours = [("app.kubernetes.io/managed-by", because(WHY_LABELS, "telemetree"))];
    let metadata = map([("name", name), ("labels", map(labels).with(map(ours)))]);
    match namespace {
        Some(namespace) => metadata.with(map([("namespace", namespace)])),
        None => metadata,
    }
}

/// The label with the name of the part that an object belongs to.
pub fn part(name: &'static str) -> (Text, Node) {
    ("app.kubernetes.io/name".into(), because(WHY_LABELS, name))
}

const WHY_LABELS: &str = "every object of ours says whose it is";

/// An object's kind and name, for its file's name and for messages.
pub fn identity(object: &Node) -> Option<(String, String)> {
    let kind = object.get("kind")?.text()?;
    let name = object.get("metadata")?.get("name")?.text()?;
    Some((kind.to_owned(), name.to_owned()))
}

/// An object's annotation set, kept if it has others.
#[must_use]
pub fn annotated(object: Node, key: &'static str, value: Node) -> Node {
    debug_assert!(matches!(value.data, Data::Text(_)), "annotations are text");
    object.with(map([("metadata", map([("annotations", map([(key, value)]))]))]))
}

/// The object with the mark that keeps Flux's substitution of variables away from its text.
#[must_use]
pub fn verbatim(object: Node) -> Node {
    const WHY: &str = "Flux's substitution of variables would eat the text's own `${…}`";
    annotated(object, "kustomize.toolkit.fluxcd.io/substitute", because(WHY, "disabled"))
}
