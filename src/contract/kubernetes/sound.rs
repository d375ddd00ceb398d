//! What no schema can say of an object, and of objects together.

mod data;
mod metadata;
mod network;
mod pods;
mod policy;
mod schedule;
mod selectors;
mod set;

pub use set::together;

use super::breach;
use super::place::Path;
use crate::contract::{Breach, Kind};
use crate::node::{Data, Map, Node};

/// What is wrong with one object.
pub fn alone(object: &Node) -> Vec<Breach> {
    let mut found = Found::default();
    let Some((group, kind)) = group_and_kind(object) else { return found.0 };
    metadata::check(object, group, kind, &mut found);
    if let Some(pod) = Pods::of(object, group, kind) {
        metadata::of_template(&pod, &mut found);
        pods::check(&pod, &mut found);
    }
    match (group, kind) {
        ("apps", "Deployment" | "DaemonSet" | "StatefulSet" | "ReplicaSet") => {
            selectors::workload(object, &mut found);
        }
        ("batch", "CronJob") => schedule::check(object, &mut found),
        ("", "Service") => network::service(object, &mut found),
        ("networking.k8s.io", "Ingress") => network::ingress(object, &mut found),
        ("networking.k8s.io", "NetworkPolicy") => network::policy(object, &mut found),
        ("rbac.authorization.k8s.io", "RoleBinding" | "ClusterRoleBinding") => {
            policy::binding(object, kind, &mut found);
        }
        ("autoscaling", "HorizontalPodAutoscaler") => policy::autoscaler(object, &mut found),
        ("policy", "PodDisruptionBudget") => policy::disruption(object, &mut found),
        ("", "ConfigMap" | "Secret") => data::check(object, kind, &mut found),
        _ => {}
    }
    found.0
}

/// An object's group and kind.
fn group_and_kind(object: &Node) -> Option<(&str, &str)> {
    let version = object.get("apiVersion")?.text()?;
    let group = version.split_once('/').map_or("", |(group, _)| group);
    Some((group, object.get("kind")?.text()?))
}

/// The value below some members.
fn at<'a>(node: &'a Node, keys: &[&str]) -> Option<&'a Node> {
    keys.iter().try_fold(node, |node, key| node.get(key))
}

/// A text below some members.
fn text_at<'a>(node: &'a Node, keys: &[&str]) -> Option<&'a str> {
    at(node, keys)?.text()
}

/// The items below some members; none if that is no list.
fn items<'a>(node: &'a Node, keys: &[&str]) -> &'a [Node] {
    match at(node, keys).map(|node| &node.data) {
        Some(Data::List(items)) => items,
        _ => &[],
    }
}

/// The members below some members; none if that is no map.
fn members<'a>(node: &'a Node, keys: &[&str]) -> &'a Map {
    static NONE: Map = Map::new();
    match at(node, keys).map(|node| &node.data) {
        Some(Data::Map(members)) => members,
        _ => &NONE,
    }
}

/// A whole number.
fn int(node: Option<&Node>) -> Option<i64> {
    match node?.data {
        Data::Int(value) => Some(value),
        Data::Null
        | Data::Bool(_)
        | Data::Float(_)
        | Data::Text(_)
        | Data::List(_)
        | Data::Map(_) => None,
    }
}

/// Whether something is written there.
fn is_set(node: &Node, key: &str) -> bool {
    node.get(key).is_some_and(|node| node.data != Data::Null)
}

/// Goes down some members; `see` is given the last place.
fn below(path: &Path, keys: &[&str], see: &mut dyn FnMut(&Path)) {
    match keys.split_first() {
        Some((first, rest)) => below(&path.key(first), rest, see),
        None => see(path),
    }
}

/// What has been found.
#[derive(Default)]
struct Found(Vec<Breach>);

impl Found {
    fn add(&mut self, path: &Path, kind: Kind, message: impl Into<String>, help: Option<&str>) {
        self.0.push(breach(path.value(), kind, message).help(help.map(str::to_owned)));
    }

    fn add_key(&mut self, path: &Path, kind: Kind, message: impl Into<String>, help: &str) {
        self.0.push(breach(path.name(), kind, message).help(Some(help.to_owned())));
    }
}

/// The template of pods in an object.
struct Pods<'a> {
    /// The object.
    object: &'a Node,
    /// Its kind.
    kind: &'a str,
    /// Where the template is, which has metadata and a spec.
    keys: &'static [&'static str],
    /// The template.
    template: &'a Node,
    /// The spec.
    spec: &'a Node,
}

impl<'a> Pods<'a> {
    /// The template of an object, if its kind has one.
    fn of(object: &'a Node, group: &str, kind: &'a str) -> Option<Pods<'a>> {
        let keys: &[&str] = match (group, kind) {
            ("", "Pod") => &[],
            ("", "PodTemplate") => &["template"],
            ("", "ReplicationController")
            | ("apps", "Deployment" | "DaemonSet" | "StatefulSet" | "ReplicaSet")
            | ("batch", "Job") => &["spec", "template"],
            ("batch", "CronJob") => &["spec", "jobTemplate", "spec", "template"],
            _ => return None,
        };
        let template = at(object, keys)?;
        let spec = template.get("spec")?;
        Some(Pods { object, kind, keys, template, spec })
    }
}
