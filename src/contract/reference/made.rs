//! What there is once an object is: the object, and what others make of it.

use super::spot::Spot;
use super::{Kind, Named};
use crate::node::Node;
use std::collections::BTreeSet;

/// Something that there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// What.
    pub what: Named,
    /// The keys of its data; nothing if they are not known.
    pub keys: Option<BTreeSet<String>>,
}

/// What there is because of an object: itself, and the Secrets that operators make of it. Objects
/// without a namespace are taken to be of `home`.
pub fn made_by_object(object: &Node, home: &str) -> Vec<Made> {
    in_spot(&Spot::root(object), home)
}

/// The same of an object that stands inside of something.
pub(super) fn in_spot(object: &Spot, home: &str) -> Vec<Made> {
    let own = object.text_at(&["metadata", "name"]);
    let (Some((group, word)), Some(own)) = (group_and_kind(object), own) else { return Vec::new() };
    let place = namespace(object).unwrap_or(home);
    let made = |kind: Kind, name: &str, keys| Made {
        what: Named { kind, namespace: place.to_owned(), name: name.to_owned() },
        keys,
    };
    let secret = |name: Option<&str>, keys| made(Kind::Secret, name.unwrap_or(own), keys);
    let itself = Kind::named(word).filter(|kind| group_of(*kind) == group);
    let itself = itself.map(|kind| match kind {
        Kind::ClusterSecretStore => Made {
            what: Named { kind, namespace: String::new(), name: own.to_owned() },
            keys: None,
        },
        Kind::Secret | Kind::ConfigMap => made(kind, own, Some(data_keys(object))),
        Kind::Claim
        | Kind::ServiceAccount
        | Kind::Service
        | Kind::Middleware
        | Kind::MiddlewareTcp
        | Kind::SecretStore
        | Kind::ProviderClass => made(kind, own, None),
    });
    let mut all: Vec<Made> = itself.into_iter().collect();
    match (group, word) {
        ("external-secrets.io", "ExternalSecret") => {
            all.push(secret(object.text_at(&["spec", "target", "name"]), external_keys(object)));
        }
        ("secrets-store.csi.x-k8s.io", "SecretProviderClass") => {
            for one in object.items_at(&["spec", "secretObjects"]) {
                let keys = texts(&one.items_at(&["data"]), "key");
                all.push(secret(one.text_at(&["secretName"]), Some(keys)));
            }
        }
        ("cert-manager.io", "Certificate") => {
            all.push(secret(object.text_at(&["spec", "secretName"]), None));
        }
        ("bitnami.com", "SealedSecret") => all.push(secret(None, None)),
        _ => {}
    }
    all
}

/// The namespaces in which somebody may make anything because of an object; an empty one means all.
pub fn opened_by_object(object: &Node, home: &str) -> Vec<String> {
    opened(&Spot::root(object), home)
}

/// The same of an object that stands inside of something.
pub(super) fn opened(object: &Spot, home: &str) -> Vec<String> {
    match group_and_kind(object) {
        Some((group, kind)) if is_inert(group, kind) => Vec::new(),
        Some(_) | None => {
            let own = namespace(object).unwrap_or(home);
            let targets = [&["spec", "destination", "namespace"][..], &["spec", "targetNamespace"]];
            let targets = targets.iter().filter_map(|keys| object.text_at(keys));
            targets.chain([own]).map(str::to_owned).collect()
        }
    }
}

/// Kinds of which nobody makes what pods and routes name, but what [`made_by_object`] lists.
fn is_inert(group: &str, kind: &str) -> bool {
    const GROUPS: [&str; 10] = [
        "",
        "apps",
        "autoscaling",
        "batch",
        "bitnami.com",
        "cert-manager.io",
        "kustomize.config.k8s.io",
        "policy",
        "secrets-store.csi.x-k8s.io",
        "traefik.io",
    ];
    match group {
        "external-secrets.io" => {
            matches!(kind, "ExternalSecret" | "SecretStore" | "ClusterSecretStore" | "PushSecret")
        }
        "gateway.networking.k8s.io" => kind.ends_with("Route") || kind == "ReferenceGrant",
        "monitoring.coreos.com" => {
            kind.ends_with("Monitor") || matches!(kind, "PrometheusRule" | "Probe" | "ScrapeConfig")
        }
        _ => GROUPS.contains(&group) || group.ends_with(".k8s.io"),
    }
}

/// The group of a kind.
fn group_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Secret | Kind::ConfigMap | Kind::Claim | Kind::ServiceAccount | Kind::Service => "",
        Kind::Middleware | Kind::MiddlewareTcp => "traefik.io",
        Kind::SecretStore | Kind::ClusterSecretStore => "external-secrets.io",
        Kind::ProviderClass => "secrets-store.csi.x-k8s.io",
    }
}

/// An object's group and kind.
pub(super) fn group_and_kind<'a>(object: &Spot<'a>) -> Option<(&'a str, &'a str)> {
    let version = object.text_at(&["apiVersion"])?;
    let group = version.split_once('/').map_or("", |(group, _)| group);
    Some((group, object.text_at(&["kind"])?))
}

/// The namespace that an object says.
pub(super) fn namespace<'a>(object: &Spot<'a>) -> Option<&'a str> {
    object.text_at(&["metadata", "namespace"])
}

/// The template of pods in an object, if its kind has one.
pub(super) fn pods_of<'a>(object: &Spot<'a>, group: &str, kind: &str) -> Option<Spot<'a>> {
    let keys: &[&str] = match (group, kind) {
        ("", "Pod") => &[],
        ("apps", "Deployment" | "DaemonSet" | "StatefulSet" | "ReplicaSet") | ("batch", "Job") => {
            &["spec", "template"]
        }
        ("batch", "CronJob") => &["spec", "jobTemplate", "spec", "template"],
        _ => return None,
    };
    object.at(keys)
}

fn data_keys(object: &Spot) -> BTreeSet<String> {
    let holders = ["data", "binaryData", "stringData"];
    let members = holders.iter().filter_map(|key| object.get(key)).flat_map(|data| data.members());
    members.map(|(key, _)| key.to_owned()).collect()
}

/// The keys that an `ExternalSecret` lists, if it lists all.
fn external_keys(object: &Spot) -> Option<BTreeSet<String>> {
    let spec = object.get("spec")?;
    let whole = spec.items_at(&["dataFrom"]).is_empty()
        && spec.at(&["target", "template"]).is_none()
        && matches!(spec.text_at(&["target", "creationPolicy"]), None | Some("Owner" | "Orphan"));
    whole.then(|| texts(&spec.items_at(&["data"]), "secretKey"))
}

fn texts(items: &[Spot], key: &str) -> BTreeSet<String> {
    items.iter().filter_map(|item| item.text_at(&[key])).map(str::to_owned).collect()
}
