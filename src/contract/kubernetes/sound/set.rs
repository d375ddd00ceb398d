//! What is wrong between objects. Only what these objects say themselves is known: another may be there
//! without being among them.

use super::pods::CONTAINERS;
use super::{Found, Pods, at, below, group_and_kind, items, members, selectors, text_at};
use crate::contract::kubernetes::near;
use crate::contract::kubernetes::place::Path;
use crate::contract::{Breach, Kind};
use crate::node::{Data, Map, Node};
use std::collections::BTreeMap;

/// An object's group, kind, namespace and name.
type Key<'a> = (&'a str, &'a str, &'a str, &'a str);

/// The objects by what they are.
struct Set<'a> {
    first: BTreeMap<Key<'a>, usize>,
    all: &'a [(&'a str, &'a Node)],
}

/// What is wrong between objects, each with its position.
pub fn together(objects: &[(&str, &Node)]) -> Vec<(usize, Breach)> {
    let mut set = Set { first: BTreeMap::new(), all: objects };
    let mut all = Vec::new();
    for (position, (_, object)) in objects.iter().enumerate() {
        let Some(key) = key(object) else { continue };
        if let Some(first) = set.first.get(&key).copied() {
            let mut found = Found::default();
            let name = objects.get(first).map_or("another", |(name, _)| name);
            let message = format!("{name} is the {} `{}`, too", key.1, key.3);
            let metadata = Path::ROOT.key("metadata");
            found.add(&metadata.key("name"), Kind::Repeated, message, Some("rename one of them"));
            all.extend(found.0.into_iter().map(|breach| (position, breach)));
        } else {
            let _ = set.first.insert(key, position);
        }
    }
    for (position, (_, object)) in objects.iter().enumerate() {
        let mut found = Found::default();
        set.check(object, &mut found);
        all.extend(found.0.into_iter().map(|breach| (position, breach)));
    }
    all
}

fn key(object: &Node) -> Option<Key<'_>> {
    let (group, kind) = group_and_kind(object)?;
    let name = text_at(object, &["metadata", "name"]).filter(|name| !name.is_empty())?;
    Some((group, kind, namespace(object), name))
}

/// The namespace of an object; nothing if whoever applies it decides.
fn namespace(object: &Node) -> &str {
    text_at(object, &["metadata", "namespace"]).unwrap_or_default()
}

impl<'a> Set<'a> {
    fn get(&self, key: &Key) -> Option<&'a Node> {
        self.all.get(*self.first.get(key)?).map(|(_, object)| *object)
    }

    fn check(&self, object: &Node, found: &mut Found) {
        let Some((group, kind)) = group_and_kind(object) else { return };
        let namespace = namespace(object);
        match (group, kind) {
            ("", "Service") => self.service(object, namespace, found),
            ("networking.k8s.io", "Ingress") => self.ingress(object, namespace, found),
            ("traefik.io", "IngressRoute") => self.routes(object, namespace, found),
            _ => {}
        }
        if let Some(pods) = Pods::of(object, group, kind) {
            below(&Path::ROOT, pods.keys, &mut |path| {
                self.pod(&pods, namespace, &path.key("spec"), found);
            });
        }
    }

    /// The workloads of a namespace.
    fn workloads(&self, namespace: &str) -> impl Iterator<Item = Pods<'a>> {
        let all = self.all.iter().filter_map(|(_, object)| {
            let (group, kind) = group_and_kind(object)?;
            Pods::of(object, group, kind)
        });
        all.filter(move |pods| self::namespace(pods.object) == namespace)
    }

    /// A Service whose pods are among the objects has their ports, and one that is called like a workload
    /// selects it.
    fn service(&self, object: &Node, namespace: &str, found: &mut Found) {
        let selector = members(object, &["spec", "selector"]);
        if selector.is_empty() {
            return;
        }
        let labels = |pods: &Pods<'a>| members(pods.template, &["metadata", "labels"]);
        let selected: Vec<Pods> = self
            .workloads(namespace)
            .filter(|pods| selectors::selects(selector, labels(pods)))
            .collect();
        if selected.is_empty() {
            let name = text_at(object, &["metadata", "name"]);
            let called = |pods: &Pods| text_at(pods.object, &["metadata", "name"]) == name;
            if let Some(pods) = self.workloads(namespace).find(called) {
                not_selected(selector, labels(&pods), pods.kind, found);
            }
            return;
        }
        let spec = Path::ROOT.key("spec");
        let ports = spec.key("ports");
        for (position, port) in items(object, &["spec", "ports"]).iter().enumerate() {
            let Some(name) = text_at(port, &["targetPort"]) else { continue };
            let known: Vec<&str> = selected.iter().flat_map(port_names).collect();
            if !known.contains(&name) {
                let message = format!("no selected pod has a port `{name}`");
                let path = ports.item(position);
                missing(name, known.into_iter(), message, &path.key("targetPort"), found);
            }
        }
    }

    fn ingress(&self, object: &Node, namespace: &str, found: &mut Found) {
        let spec = Path::ROOT.key("spec");
        let rules = spec.key("rules");
        for (position, rule) in items(object, &["spec", "rules"]).iter().enumerate() {
            let rule_path = rules.item(position);
            let http = rule_path.key("http");
            let paths = http.key("paths");
            for (at, entry) in items(rule, &["http", "paths"]).iter().enumerate() {
                let path = paths.item(at);
                let backend = path.key("backend");
                let Some(service) = super::at(entry, &["backend", "service"]) else { continue };
                self.backend(service, &["port"], namespace, &backend.key("service"), found);
            }
        }
    }

    fn routes(&self, object: &Node, namespace: &str, found: &mut Found) {
        let spec = Path::ROOT.key("spec");
        let routes = spec.key("routes");
        for (position, route) in items(object, &["spec", "routes"]).iter().enumerate() {
            let services = routes.item(position);
            let services = services.key("services");
            for (at, service) in items(route, &["services"]).iter().enumerate() {
                let of_traefik = text_at(service, &["kind"]).is_some_and(|kind| kind != "Service");
                let namespace = text_at(service, &["namespace"]).unwrap_or(namespace);
                if !of_traefik {
                    self.backend(service, &[], namespace, &services.item(at), found);
                }
            }
        }
    }

    /// A reference to a port of a Service, if the Service is among the objects. The port is below `keys`, or
    /// it is a number or a name itself.
    fn backend(&self, to: &Node, keys: &[&str], namespace: &str, path: &Path, found: &mut Found) {
        let Some(name) = text_at(to, &["name"]) else { return };
        let Some(service) = self.get(&("", "Service", namespace, name)) else { return };
        if text_at(service, &["spec", "type"]) == Some("ExternalName") {
            return;
        }
        let ports = items(service, &["spec", "ports"]);
        let holder = at(to, keys).unwrap_or(to);
        let key = ["name", "number"]
            .into_iter()
            .find(|key| !keys.is_empty() && holder.get(key).is_some());
        let key = key.unwrap_or("port");
        let (wanted, known): (String, Vec<&str>) = match holder.get(key).map(|node| &node.data) {
            Some(Data::Int(number)) => {
                if ports.iter().any(|port| super::int(port.get("port")) == Some(*number)) {
                    return;
                }
                (number.to_string(), Vec::new())
            }
            Some(Data::Text(text)) => {
                let known =
                    ports.iter().filter_map(|port| text_at(port, &["name"])).collect::<Vec<_>>();
                if known.contains(&text.as_ref()) {
                    return;
                }
                (text.to_string(), known)
            }
            _ => return,
        };
        let message = format!("the Service `{name}` has no port `{wanted}`");
        below(path, keys, &mut |path| {
            missing(&wanted, known.iter().copied(), message.clone(), &path.key(key), found);
        });
    }

    /// Keys of objects that are among these.
    fn pod(&self, pods: &Pods, namespace: &str, path: &Path, found: &mut Found) {
        for list in CONTAINERS {
            let list_path = path.key(list);
            for (position, container) in items(pods.spec, &[list]).iter().enumerate() {
                self.variables(container, namespace, &list_path.item(position), found);
            }
        }
        let volumes = path.key("volumes");
        for (position, volume) in items(pods.spec, &["volumes"]).iter().enumerate() {
            let volume_path = volumes.item(position);
            for (key, by, kind) in
                [("configMap", "name", "ConfigMap"), ("secret", "secretName", "Secret")]
            {
                let Some(source) = volume.get(key) else { continue };
                let path = volume_path.key(key);
                let path = path.key("items");
                let to = ("", kind, namespace, needed(source, by));
                for (at, item) in items(source, &["items"]).iter().enumerate() {
                    self.key(&to, item, &path.item(at), found);
                }
            }
        }
    }

    fn variables(&self, container: &Node, namespace: &str, path: &Path, found: &mut Found) {
        let path = path.key("env");
        for (at, variable) in items(container, &["env"]).iter().enumerate() {
            let path = path.item(at);
            let path = path.key("valueFrom");
            for (key, kind) in [("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret")] {
                if let Some(source) = super::at(variable, &["valueFrom", key]) {
                    let to = ("", kind, namespace, needed(source, "name"));
                    self.key(&to, source, &path.key(key), found);
                }
            }
        }
    }

    /// The member `key` of a reference is a key of the object that it leads to, if that is among these.
    fn key(&self, to: &Key, reference: &Node, path: &Path, found: &mut Found) {
        let Some(object) = self.get(to) else { return };
        let Some(wanted) = text_at(reference, &["key"]) else { return };
        let holders = ["data", "binaryData", "stringData"];
        let known =
            || holders.iter().flat_map(|at| members(object, &[at]).keys()).map(AsRef::as_ref);
        if !known().any(|key: &str| key == wanted) {
            let message = format!("the {} `{}` has no key `{wanted}`", to.1, to.3);
            missing(wanted, known(), message, &path.key("key"), found);
        }
    }
}

/// The name of an object that a reference needs; no object has the empty one.
fn needed<'n>(reference: &'n Node, by: &str) -> &'n str {
    match reference.get("optional").map(|node| &node.data) {
        Some(Data::Bool(true)) => "",
        _ => text_at(reference, &[by]).unwrap_or_default(),
    }
}

fn port_names<'a>(pods: &Pods<'a>) -> Vec<&'a str> {
    let containers = CONTAINERS.iter().flat_map(|list| items(pods.spec, &[list]));
    let ports = containers.flat_map(|container| items(container, &["ports"]));
    ports.filter_map(|port| text_at(port, &["name"])).collect()
}

fn missing<'n>(
    wanted: &str,
    known: impl Iterator<Item = &'n str>,
    message: String,
    path: &Path,
    found: &mut Found,
) {
    let near = near::closest(wanted, known);
    let help = near.map(|(_, near)| format!("did you mean `{near}`?"));
    found.add(path, Kind::Reference, message, help.as_deref());
}

fn not_selected(selector: &Map, labels: &Map, kind: &str, found: &mut Found) {
    let Some((label, _)) = selector.iter().find(|(key, value)| labels.get(*key) != Some(*value))
    else {
        return;
    };
    let message = format!("the selector does not select the pods of the {kind} of the same name");
    let help = match labels.get(label).and_then(Node::text) {
        Some(text) => format!("their label `{label}` is `{text}`"),
        None => format!("they have no label `{label}`"),
    };
    let spec = Path::ROOT.key("spec");
    let path = spec.key("selector");
    found.add(&path.key(label), Kind::Reference, message, Some(&help));
}
