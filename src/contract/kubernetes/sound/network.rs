//! Services, ingresses and network policies.

use super::metadata::is_port;
use super::{Found, int, is_set, items, metadata, text_at};
use crate::contract::Kind;
use crate::contract::kubernetes::names;
use crate::contract::kubernetes::place::Path;
use crate::contract::kubernetes::scalar;
use crate::node::Node;
use std::collections::BTreeMap;

const PORT: &str = "write a number from 1 to 65535";
const PORT_NAME: &str =
    "use at most 15 lower-case letters, digits and dashes, and a letter among them";

/// The selector and the ports of a Service.
pub fn service(object: &Node, found: &mut Found) {
    let Some(spec) = object.get("spec") else { return };
    let path = Path::ROOT.key("spec");
    metadata::labels(spec, "selector", &path, found);
    let external = text_at(spec, &["type"]) == Some("ExternalName");
    if external && text_at(spec, &["externalName"]).is_none_or(str::is_empty) {
        let message = "a Service of the type `ExternalName` has an `externalName`";
        found.add(&path, Kind::Missing, message, Some("add `externalName`"));
    }
    let ports = items(spec, &["ports"]);
    let path = path.key("ports");
    let mut seen = BTreeMap::new();
    for (position, port) in ports.iter().enumerate() {
        let path = path.item(position);
        for key in ["port", "nodePort", "targetPort"] {
            let unset = key == "nodePort" && int(port.get(key)) == Some(0);
            if !unset && !is_port(port.get(key)) {
                port_breach(port.get(key), &path.key(key), found);
            }
        }
        target_port(port.get("targetPort"), &path.key("targetPort"), found);
        match text_at(port, &["name"]) {
            Some(name) if !name.is_empty() => {
                if !names::is_label(name) {
                    let message = format!("`{name}` is no name of a port");
                    let help = "use at most 63 lower-case letters, digits and dashes";
                    found.add(&path.key("name"), Kind::Value, message, Some(help));
                }
                if let Some(first) = seen.insert(name, position) {
                    let message = format!("item {first} of `ports` is `{name}`, too");
                    found.add(&path.key("name"), Kind::Repeated, message, None);
                }
            }
            _ if ports.len() > 1 && !is_set(port, "name") => {
                let message = "each of several ports has a name";
                found.add(&path, Kind::Missing, message, Some("add `name`"));
            }
            _ => {}
        }
    }
}

/// A port's name that something refers to.
pub fn target_port(port: Option<&Node>, path: &Path, found: &mut Found) {
    if let Some(name) = port.and_then(Node::text).filter(|name| !names::is_port_name(name)) {
        let message = format!("`{name}` is neither a port's number nor its name");
        let digits = name.bytes().all(|byte| byte.is_ascii_digit()) && !name.is_empty();
        let help = if digits { "write the number without quotes" } else { PORT_NAME };
        found.add(path, Kind::Value, message, Some(help));
    }
}

/// That a number is no port.
pub fn port_breach(port: Option<&Node>, path: &Path, found: &mut Found) {
    let shown = port.map(scalar::shown).unwrap_or_default();
    found.add(path, Kind::Value, format!("`{shown}` is no port"), Some(PORT));
}

/// The hosts and paths of an Ingress.
pub fn ingress(object: &Node, found: &mut Found) {
    let spec = Path::ROOT.key("spec");
    let tls = spec.key("tls");
    for (position, entry) in items(object, &["spec", "tls"]).iter().enumerate() {
        for (at, host) in items(entry, &["hosts"]).iter().enumerate() {
            check_host(Some(host), &tls.item(position).key("hosts").item(at), found);
        }
    }
    let rules = spec.key("rules");
    for (position, rule) in items(object, &["spec", "rules"]).iter().enumerate() {
        let rule_path = rules.item(position);
        check_host(rule.get("host"), &rule_path.key("host"), found);
        let http = rule_path.key("http");
        let paths = http.key("paths");
        for (at, entry) in items(rule, &["http", "paths"]).iter().enumerate() {
            let path = paths.item(at);
            let exact = matches!(text_at(entry, &["pathType"]), Some("Exact" | "Prefix"));
            let text = text_at(entry, &["path"]).unwrap_or("/");
            if exact && !text.starts_with('/') {
                let message = format!("the path `{text}` does not start with `/`");
                found.add(&path.key("path"), Kind::Value, message, None);
            }
            if let Some(backend) = entry.get("backend") {
                check_backend(backend, &path.key("backend"), found);
            }
        }
    }
    if let Some(backend) = super::at(object, &["spec", "defaultBackend"]) {
        check_backend(backend, &spec.key("defaultBackend"), found);
    }
}

/// An Ingress's backend: a Service and one of its ports, or a resource.
fn check_backend(backend: &Node, path: &Path, found: &mut Found) {
    match (is_set(backend, "service"), is_set(backend, "resource")) {
        (true, true) => {
            let message = "`service` and `resource` cannot stand together";
            found.add(&path.key("resource"), Kind::Conflict, message, Some("keep one of them"));
        }
        (false, false) => {
            let message = "a backend is a `service` or a `resource`";
            found.add(path, Kind::Missing, message, Some("add `service`"));
        }
        (true, false) | (false, true) => {}
    }
    let Some(port) = super::at(backend, &["service", "port"]) else { return };
    let path = path.key("service");
    let path = path.key("port");
    if is_set(port, "name") == is_set(port, "number") {
        let help = Some("write either of them");
        found.add(&path, Kind::Conflict, "a port has a `name` or a `number`", help);
    }
    if !is_port(port.get("number")) {
        port_breach(port.get("number"), &path.key("number"), found);
    }
}

fn check_host(host: Option<&Node>, path: &Path, found: &mut Found) {
    let Some(host) = host.and_then(Node::text).filter(|host| !host.is_empty()) else { return };
    let address = host.parse::<core::net::IpAddr>().is_ok();
    if address || !names::is_subdomain(host.strip_prefix("*.").unwrap_or(host)) {
        let help = "write a DNS name, without `https://` and without a port";
        found.add(path, Kind::Value, format!("`{host}` is no host name"), Some(help));
    }
}

/// The addresses and ports of a `NetworkPolicy`.
pub fn policy(object: &Node, found: &mut Found) {
    let spec = Path::ROOT.key("spec");
    metadata::selector(object, &["spec", "podSelector"], &Path::ROOT, found);
    for (direction, peers) in [("ingress", "from"), ("egress", "to")] {
        let rules = spec.key(direction);
        for (position, rule) in items(object, &["spec", direction]).iter().enumerate() {
            let rule_path = rules.item(position);
            for (at, peer) in items(rule, &[peers]).iter().enumerate() {
                check_peer(peer, &rule_path.key(peers).item(at), found);
            }
            for (at, port) in items(rule, &["ports"]).iter().enumerate() {
                check_policy_port(port, &rule_path.key("ports").item(at), found);
            }
        }
    }
}

fn check_peer(peer: &Node, path: &Path, found: &mut Found) {
    for key in ["podSelector", "namespaceSelector"] {
        metadata::selector(peer, &[key], path, found);
        if is_set(peer, "ipBlock") && is_set(peer, key) {
            let message = format!("`ipBlock` and `{key}` cannot stand together");
            let help = Some("write them as two items");
            found.add(&path.key("ipBlock"), Kind::Conflict, message, help);
        }
    }
    let block = path.key("ipBlock");
    let except = block.key("except");
    let inner = items(peer, &["ipBlock", "except"]).iter().enumerate();
    let inner: Vec<_> = inner.map(|(at, node)| (except.item(at), node)).collect();
    let outer = super::at(peer, &["ipBlock", "cidr"]).map(|node| (block.key("cidr"), node));
    for (path, node) in outer.iter().chain(&inner) {
        if let Some(text) = node.text().filter(|text| !names::is_cidr(text)) {
            let help = Some("write an address and the length of its network, such as `10.0.0.0/8`");
            found.add(path, Kind::Value, format!("`{text}` is no block of addresses"), help);
        }
    }
}

fn check_policy_port(port: &Node, path: &Path, found: &mut Found) {
    if !is_port(port.get("port")) {
        port_breach(port.get("port"), &path.key("port"), found);
    }
    target_port(port.get("port"), &path.key("port"), found);
    if !is_set(port, "endPort") {
        return;
    }
    let end = path.key("endPort");
    match (int(port.get("port")), int(port.get("endPort"))) {
        (Some(first), Some(last)) if last < first => {
            let message = format!("`endPort` is {last}, and `port` already {first}");
            found.add(&end, Kind::Conflict, message, None);
        }
        (None, Some(_)) => {
            found.add(&end, Kind::Conflict, "`endPort` needs a `port` that is a number", None);
        }
        _ => {}
    }
}
