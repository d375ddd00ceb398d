//! Pods: what their parts say of each other.

use super::metadata::is_port;
use super::{Found, Pods, at, below, int, is_set, items, members, network, text_at};
use crate::contract::Kind;
use crate::contract::kubernetes::names;
use crate::contract::kubernetes::near;
use crate::contract::kubernetes::place::Path;
use crate::contract::kubernetes::scalar;
use crate::node::{Data, Node};
use std::collections::{BTreeMap, BTreeSet};

/// The lists of containers in a spec.
pub const CONTAINERS: [&str; 3] = ["initContainers", "containers", "ephemeralContainers"];

const LABEL: &str = "use at most 63 lower-case letters, digits and dashes, with no dash at an end";

/// The spec of pods.
pub fn check(pod: &Pods, found: &mut Found) {
    below(&Path::ROOT, pod.keys, &mut |path| {
        let path = path.key("spec");
        restarts(pod, &path, found);
        volumes(pod, &path, found);
        let mut seen = BTreeSet::new();
        for list in CONTAINERS {
            let list_path = path.key(list);
            for (position, container) in items(pod.spec, &[list]).iter().enumerate() {
                let path = list_path.item(position);
                if let Some(name) = text_at(container, &["name"]) {
                    container_name(name, list, &mut seen, &path, found);
                }
                check_container(pod, container, &path, found);
            }
        }
    });
}

/// Which restarts a kind's pods can have.
fn restarts(pod: &Pods, path: &Path, found: &mut Found) {
    let policy = text_at(pod.spec, &["restartPolicy"]).filter(|policy| !policy.is_empty());
    let allowed: &[&str] = match pod.kind {
        "Job" | "CronJob" => &["OnFailure", "Never"],
        "Pod" | "PodTemplate" => return,
        _ => &["Always"],
    };
    let path = path.key("restartPolicy");
    let write = allowed.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" or ");
    let help = format!("write {write}");
    match policy {
        Some(policy) if !allowed.contains(&policy) => {
            let message =
                format!("the pods of a {} cannot have the restart policy `{policy}`", pod.kind);
            found.add(&path, Kind::Conflict, message, Some(&help));
        }
        None if !allowed.contains(&"Always") => {
            let message = format!(
                "the pods of a {} need a restart policy: the default is `Always`",
                pod.kind
            );
            found.add(&path, Kind::Missing, message, Some(&help));
        }
        _ => {}
    }
}

fn container_name<'n>(
    name: &'n str,
    list: &str,
    seen: &mut BTreeSet<(&'n str, bool)>,
    path: &Path,
    found: &mut Found,
) {
    let path = path.key("name");
    if !names::is_label(name) {
        let message = format!("`{name}` is no name of a container");
        found.add(&path, Kind::Value, message, Some(LABEL));
    }
    // Within one list the schema finds it.
    let first = list == "containers";
    if seen.contains(&(name, !first)) {
        let message = format!("another container is called `{name}`, too");
        found.add(&path, Kind::Repeated, message, None);
    }
    let _ = seen.insert((name, first));
}

fn volumes(pod: &Pods, path: &Path, found: &mut Found) {
    let path = path.key("volumes");
    for (position, volume) in items(pod.spec, &["volumes"]).iter().enumerate() {
        let path = path.item(position);
        if let Some(name) = text_at(volume, &["name"]).filter(|name| !names::is_label(name)) {
            let message = format!("`{name}` is no name of a volume");
            found.add(&path.key("name"), Kind::Value, message, Some(LABEL));
        }
        let Data::Map(all) = &volume.data else { continue };
        let mut sources =
            all.iter().filter(|(key, value)| *key != "name" && value.data != Data::Null);
        if let (Some((first, _)), Some((second, _))) = (sources.next(), sources.next()) {
            let message = format!("a volume is `{first}` or `{second}`, not both");
            found.add(&path.key(second), Kind::Conflict, message, Some("keep one of them"));
        }
    }
}

fn check_container(pod: &Pods, container: &Node, path: &Path, found: &mut Found) {
    ports(container, path, found);
    environment(container, path, found);
    mounts(pod, container, path, found);
    resources(container, &path.key("resources"), found);
    for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
        if let Some(node) = container.get(probe) {
            handler(container, node, &path.key(probe), found);
        }
    }
    for hook in ["postStart", "preStop"] {
        if let Some(node) = at(container, &["lifecycle", hook]) {
            handler(container, node, &path.key("lifecycle").key(hook), found);
        }
    }
}

fn ports(container: &Node, path: &Path, found: &mut Found) {
    let path = path.key("ports");
    let mut seen = BTreeMap::new();
    for (position, port) in items(container, &["ports"]).iter().enumerate() {
        let path = path.item(position);
        for key in ["containerPort", "hostPort"] {
            let unset = key == "hostPort" && int(port.get(key)) == Some(0);
            if !unset && !is_port(port.get(key)) {
                network::port_breach(port.get(key), &path.key(key), found);
            }
        }
        network::target_port(port.get("name"), &path.key("name"), found);
        let Some(name) = text_at(port, &["name"]) else { continue };
        if let Some(first) = seen.insert(name, position) {
            let message = format!("item {first} of `ports` is `{name}`, too");
            found.add(&path.key("name"), Kind::Repeated, message, None);
        }
    }
}

fn environment(container: &Node, path: &Path, found: &mut Found) {
    let path = path.key("env");
    for (position, variable) in items(container, &["env"]).iter().enumerate() {
        let path = path.item(position);
        let printable = |name: &str| name.chars().all(|c| (' '..='~').contains(&c) && c != '=');
        if let Some(name) = text_at(variable, &["name"])
            && (name.is_empty() || !printable(name))
        {
            let message = format!("`{name}` is no name of a variable");
            found.add(&path.key("name"), Kind::Value, message, None);
        }
        let value = text_at(variable, &["value"]).is_some_and(|value| !value.is_empty());
        if value && is_set(variable, "valueFrom") {
            let message = "`value` and `valueFrom` cannot stand together";
            found.add(&path.key("valueFrom"), Kind::Conflict, message, Some("keep one of them"));
        }
    }
}

fn mounts(pod: &Pods, container: &Node, path: &Path, found: &mut Found) {
    let own = items(pod.spec, &["volumes"]).iter().filter_map(|volume| text_at(volume, &["name"]));
    let claims = items(pod.object, &["spec", "volumeClaimTemplates"]).iter();
    let claims = claims.filter_map(|claim| text_at(claim, &["metadata", "name"]));
    let known: BTreeSet<&str> = own.chain(claims).collect();
    for list in ["volumeMounts", "volumeDevices"] {
        let path = path.key(list);
        for (position, mount) in items(container, &[list]).iter().enumerate() {
            let Some(name) = text_at(mount, &["name"]).filter(|name| !known.contains(name)) else {
                continue;
            };
            let help = match near::closest(name, known.iter().copied()) {
                Some((_, near)) => format!("did you mean `{near}`?"),
                None => "add it to `volumes`".to_owned(),
            };
            let message = format!("the pod has no volume `{name}`");
            found.add(&path.item(position).key("name"), Kind::Reference, message, Some(&help));
        }
    }
}

fn resources(container: &Node, path: &Path, found: &mut Found) {
    let limits = members(container, &["resources", "limits"]);
    for (name, request) in members(container, &["resources", "requests"]) {
        let Some(limit) = limits.get(name) else { continue };
        let (Some(asked), Some(most)) = (scalar::amount(request), scalar::amount(limit)) else {
            continue;
        };
        if asked > most {
            let (asked, most) = (scalar::shown(request), scalar::shown(limit));
            let message = format!("`{asked}` of {name} is requested, and `{most}` is the limit");
            found.add(&path.key("requests").key(name), Kind::Conflict, message, None);
        }
    }
}

/// A probe or a hook, whose port may be one of the container's by name.
fn handler(container: &Node, probe: &Node, path: &Path, found: &mut Found) {
    for way in ["httpGet", "tcpSocket"] {
        let Some(port) = at(probe, &[way, "port"]) else { continue };
        let path = path.key(way);
        let path = path.key("port");
        if !is_port(Some(port)) {
            network::port_breach(Some(port), &path, found);
        }
        let Some(name) = port.text() else { continue };
        if !names::is_port_name(name) {
            network::target_port(Some(port), &path, found);
            continue;
        }
        let known =
            || items(container, &["ports"]).iter().filter_map(|port| text_at(port, &["name"]));
        if !known().any(|known| known == name) {
            let near = near::closest(name, known());
            let help = near.map(|(_, near)| format!("did you mean `{near}`?"));
            let message = format!("the container has no port `{name}`");
            found.add(&path, Kind::Reference, message, help.as_deref());
        }
    }
}
