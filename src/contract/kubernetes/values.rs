//! Parts of objects inside of a chart's values: what a chart hands on to the API as it is.

use super::kinds::built_in;
use super::place::Path;
use super::validate;
use crate::contract::{Breach, Kind, Place};
use crate::node::{Data, Node};

/// Keys under which charts take a part of an object, or a list of such parts, and hand it on whole, with
/// the type of the part. Source: the four pinned charts' templates.
const PARTS: [(&str, &[&str]); 12] = [
    ("affinity", &["core.v1.Affinity"]),
    ("containerSecurityContext", &["core.v1.SecurityContext"]),
    ("extraEnv", &["core.v1.EnvVar"]),
    ("extraVolumeMounts", &["core.v1.VolumeMount"]),
    ("livenessProbe", &["core.v1.Probe"]),
    ("podSecurityContext", &["core.v1.PodSecurityContext"]),
    ("readinessProbe", &["core.v1.Probe"]),
    ("resources", &["core.v1.ResourceRequirements"]),
    // A pod's in one chart and a container's in another.
    ("securityContext", &["core.v1.SecurityContext", "core.v1.PodSecurityContext"]),
    ("startupProbe", &["core.v1.Probe"]),
    ("tolerations", &["core.v1.Toleration"]),
    ("topologySpreadConstraints", &["core.v1.TopologySpreadConstraint"]),
];

/// Keys under which each member is such a part.
const NAMED_PARTS: [(&str, &[&str]); 1] = [("envValueFrom", &["core.v1.EnvVarSource"])];

/// Settings of applications, in which the same names mean other things, and objects of any kind.
const OTHERS: [&str; 7] = [
    "alerting",
    "config",
    "datasources",
    "extraObjects",
    "grafana.ini",
    "runtimeConfig",
    "structuredConfig",
];

/// Fields that no part of the API's has, in values. What is missing may be a default of the chart's, and
/// texts may be templates, so only names are looked at.
pub fn unknown_fields(values: &Node, minor: u32) -> Vec<Breach> {
    let mut found = Vec::new();
    walk(values, &Path::ROOT, minor, &mut found);
    found.retain(|breach| breach.kind == Kind::Unknown);
    found
}

fn walk(node: &Node, path: &Path, minor: u32, found: &mut Vec<Breach>) {
    let Data::Map(members) = &node.data else { return };
    let types = |parts: &[(&str, &'static [&'static str])], key: &str| {
        parts.iter().find(|(name, _)| *name == key).map(|(_, types)| *types)
    };
    for (key, value) in members {
        let here = path.key(key);
        if let Some(types) = types(&PARTS, key) {
            part(value, types, &here, minor, found);
        } else if let (Some(types), Data::Map(inner)) = (types(&NAMED_PARTS, key), &value.data) {
            for (key, value) in inner {
                part(value, types, &here.key(key), minor, found);
            }
        } else if !OTHERS.contains(&key.as_ref()) && here.depth() < super::DEEPEST_VALUES {
            walk(value, &here, minor, found);
        }
    }
}

/// What no type that the part may have knows.
fn part(node: &Node, types: &[&str], path: &Path, minor: u32, found: &mut Vec<Breach>) {
    if let Data::List(items) = &node.data {
        for (position, item) in items.iter().enumerate() {
            part(item, types, &path.item(position), minor, found);
        }
        return;
    }
    if !matches!(node.data, Data::Map(_)) || path.depth() > super::DEEPEST_VALUES {
        return;
    }
    let of = |name: &&str| validate::part(built_in(minor), name, node, path);
    let mut all = types.iter().map(of);
    let first = all.next().unwrap_or_default();
    let rest: Vec<Vec<Breach>> = all.collect();
    // What a type does not know it says nothing of below, either.
    let is_in = |breaches: &Vec<Breach>, breach: &Breach| {
        breaches.iter().any(|other| match (&other.place, &breach.place) {
            (Place::Key(around), Place::Key(inner)) => inner.is_within(around),
            (around, inner) => around == inner,
        })
    };
    found.extend(first.into_iter().filter(|one| rest.iter().all(|others| is_in(others, one))));
}
