//! Which schema an object has, and what to say if it has none.

use super::facts::File;
use super::near;
use super::place::Path;
use super::schema::{Object, Schema};
use super::{MINORS, breach};
use crate::contract::{Breach, Kind};
use crate::node::{Data, Node};
use std::sync::{LazyLock, OnceLock};

/// The schema of a kind.
pub struct Known {
    /// The kind's own types.
    pub schema: &'static Schema,
    /// The kind.
    pub object: &'static Object,
    /// The types of Kubernetes itself, which all kinds share.
    pub common: &'static Schema,
}

/// The schema of an object's kind in a minor version.
///
/// # Errors
/// That there is none, and why.
pub fn find(object: &Node, minor: u32) -> Result<Known, Breach> {
    let Data::Map(_) = &object.data else {
        let message = format!("an object is a map, not {}", object.data.name());
        return Err(breach(Path::ROOT.value(), Kind::Type, message));
    };
    let version = word(object, "apiVersion")?;
    let kind = word(object, "kind")?;
    let name = format!("{version}/{kind}");
    let common = built_in(minor);
    let schema = match operator(group(version)) {
        Some(schema) => schema,
        None => common,
    };
    match schema.kind(&name) {
        Some(object) => Ok(Known { schema, object, common }),
        None if group_is_built_in(group(version)) => Err(refused(version, kind, minor)),
        None => Err(uncovered(version, kind, minor)),
    }
}

static BUILT_IN: LazyLock<File> =
    LazyLock::new(|| File::read(include_str!("../../../schema/kubernetes/objects.json")));

type Lazy = LazyLock<Schema>;

macro_rules! operators {
    ($count:literal: $($group:literal)*) => {
        static OPERATORS: [(&str, Lazy); $count] = [$((
            $group,
            LazyLock::new(|| {
                static FILE: LazyLock<File> = LazyLock::new(|| {
                    File::read(include_str!(concat!("../../../schema/crd/", $group, ".json")))
                });
                Schema::compile(&FILE, *MINORS.end())
            }),
        )),*];
    };
}

operators! { 9:
    "argoproj.io"
    "external-secrets.io"
    "gateway.networking.k8s.io"
    "helm.toolkit.fluxcd.io"
    "kustomize.toolkit.fluxcd.io"
    "monitoring.coreos.com"
    "secrets-store.csi.x-k8s.io"
    "source.toolkit.fluxcd.io"
    "traefik.io"
}

/// Groups whose objects Kubernetes took before the first version that has a schema.
const OLD_GROUPS: [&str; 2] = ["extensions", "settings.k8s.io"];

fn operator(group: &str) -> Option<&'static Schema> {
    OPERATORS.iter().find(|(known, _)| *known == group).map(|(_, schema)| &**schema)
}

/// The types of Kubernetes itself in a minor version.
pub fn built_in(minor: u32) -> &'static Schema {
    static SCHEMAS: [OnceLock<Schema>; 9] = [const { OnceLock::new() }; 9];
    let minor = minor.clamp(*MINORS.start(), *MINORS.end());
    let place = usize::try_from(minor - MINORS.start()).ok().and_then(|at| SCHEMAS.get(at));
    let place = place.expect("bug: a minor version has no place");
    place.get_or_init(|| Schema::compile(&BUILT_IN, minor))
}

/// The group of an `apiVersion`; Kubernetes' first group has no name.
fn group(version: &str) -> &str {
    version.split_once('/').map_or("", |(group, _)| group)
}

fn group_is_built_in(wanted: &str) -> bool {
    let known =
        |name: &&str| group(name.rsplit_once('/').map_or("", |(version, _)| version)) == wanted;
    OLD_GROUPS.contains(&wanted) || BUILT_IN.kinds.keys().any(known)
}

/// A word that says what an object is.
fn word<'a>(object: &'a Node, key: &str) -> Result<&'a str, Breach> {
    match object.get(key).map(|node| &node.data) {
        Some(Data::Text(text)) if !text.is_empty() => Ok(text),
        None | Some(Data::Null | Data::Text(_)) => {
            let message = format!("the object has no `{key}`");
            Err(breach(Path::ROOT.value(), Kind::Missing, message)
                .help(Some(format!("add `{key}`"))))
        }
        Some(
            data @ (Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::List(_) | Data::Map(_)),
        ) => {
            let message = format!("`{key}` takes text, not {}", data.name());
            Err(breach(Path::ROOT.key(key).value(), Kind::Type, message))
        }
    }
}

/// A kind of Kubernetes' own groups that this version does not have.
fn refused(version: &str, kind: &str, minor: u32) -> Breach {
    let minor = minor.clamp(*MINORS.start(), *MINORS.end());
    let here = Path::ROOT.key("apiVersion").value();
    let message = format!("Kubernetes 1.{minor} has no `{kind}` in `{version}`");
    if let Some(history) = BUILT_IN.kinds.get(format!("{version}/{kind}").as_str()) {
        return match (history.since(), history.until()) {
            (Some(since), _) if minor < since => {
                let message = format!("{message}; it came with 1.{since}");
                breach(here, Kind::Unknown, message).help(other_version(kind, minor))
            }
            (_, Some(until)) => {
                let message = format!("{message}; 1.{until} was the last with it");
                breach(here, Kind::Removed, message).help(other_version(kind, minor))
            }
            (_, None) => breach(here, Kind::Unknown, message),
        };
    }
    if let Some(help) = other_version(kind, minor) {
        let how = if version.contains("beta") || version.contains("alpha") {
            Kind::Removed
        } else {
            Kind::Unknown
        };
        return breach(here, how, message).help(Some(help));
    }
    let kinds =
        built_in(minor).kinds().filter_map(|name| name.strip_prefix(version)?.strip_prefix('/'));
    let help = near::closest(kind, kinds).map(|(_, name)| format!("did you mean `{name}`?"));
    breach(Path::ROOT.key("kind").value(), Kind::Unknown, message).help(help)
}

/// A kind of a group of which nothing is known here.
fn uncovered(version: &str, kind: &str, minor: u32) -> Breach {
    let message = format!("`{kind}` in `{version}` has no schema here, so it was not checked");
    let of_operators = OPERATORS.iter().flat_map(|(_, schema)| schema.kinds());
    let known: Vec<(&str, &str)> = built_in(minor)
        .kinds()
        .chain(of_operators)
        .filter_map(|name| name.rsplit_once('/'))
        .collect();
    let same_kind = known.iter().filter(|(_, known)| *known == kind).map(|(version, _)| *version);
    let product = |version| group(version).split('.').next().unwrap_or_default();
    let same_product = same_kind
        .clone()
        .filter(|known| !group_is_built_in(group(known)) && product(known) == product(version));
    let misspelt = || {
        let same_group = known.iter().filter(|(known, _)| group(known) == group(version));
        near::closest(kind, same_group.map(|(_, kind)| *kind))
    };
    let help = match near::closest(version, same_kind).map(|(_, version)| version) {
        Some(near) if group(near) != group(version) => Some(format!("did you mean `{near}`?")),
        _ => newest(same_product)
            .or_else(|| misspelt().map(|(_, near)| format!("did you mean `{near}`?"))),
    };
    breach(Path::ROOT.key("apiVersion").value(), Kind::Uncovered, message).help(help)
}

/// In which version Kubernetes itself has a kind of this name.
fn other_version(kind: &str, minor: u32) -> Option<String> {
    let known = built_in(minor).kinds().filter_map(|name| name.rsplit_once('/'));
    newest(known.filter(|(_, known)| *known == kind).map(|(version, _)| version))
}

/// Help to write an object in the newest of some versions; stable ones are newer than others.
fn newest<'a>(versions: impl Iterator<Item = &'a str>) -> Option<String> {
    let stable = |version: &str| !version.contains("alpha") && !version.contains("beta");
    let best = versions.max_by_key(|version| (stable(version), *version))?;
    Some(format!("write it as `{best}`"))
}
