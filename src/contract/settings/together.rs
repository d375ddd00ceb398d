//! What some structures want together, wherever they stand: Prometheus's HTTP clients, which Loki's ruler
//! and the blackbox exporter share (`prometheus/common/config`).

use super::findings::{At, Findings};
use crate::contract::Kind;
use crate::node::{Data, Map, Node};

/// Adds what is missing beside other settings.
pub fn check(structure: &str, members: &Map, found: &mut Findings) {
    match structure {
        "config.RemoteWriteConfig" if !members.contains_key("url") => {
            needed(members, &["url"], found);
        }
        "config.OAuth2" => needed(members, &["client_id", "token_url"], found),
        "config.TLSConfig" => pair(members, found),
        "azure.BlobStorageConfig" | "storage.NamedBlobStorageConfig"
            if members.get("use_service_principal").is_some_and(is_true) =>
        {
            needed(members, &["tenant_id", "client_id", "client_secret"], found);
        }
        _ => {}
    }
    if structure.starts_with("config.") && set(members, "no_proxy") && !set(members, "proxy_url") {
        lacking("no_proxy", "proxy_url", found);
    }
}

fn needed(members: &Map, names: &[&str], found: &mut Findings) {
    for name in names.iter().filter(|name| !set(members, name)) {
        let message = format!("`{name}` is needed here");
        found.add(At::Value, Kind::Missing, message, None);
    }
}

/// A certificate needs its key, and a key its certificate.
fn pair(members: &Map, found: &mut Findings) {
    let any = |name: &str| {
        ["", "_file", "_ref"].iter().any(|form| set(members, &format!("{name}{form}")))
    };
    let (certificate, key) = (any("cert"), any("key"));
    match (certificate, key) {
        (true, false) => lacking("cert", "key_file", found),
        (false, true) => lacking("key", "cert_file", found),
        (true, true) | (false, false) => {}
    }
}

fn lacking(there: &str, missing: &str, found: &mut Findings) {
    let message = format!("`{there}` is of no use without `{missing}`");
    found.add(At::Value, Kind::Missing, message, Some(format!("set `{missing}`")));
}

fn is_true(node: &Node) -> bool {
    node.data == Data::Bool(true)
}

fn set(members: &Map, name: &str) -> bool {
    members.get(name).is_some_and(|node| {
        let empty = matches!(&node.data, Data::Text(text) if text.is_empty());
        node.data != Data::Null && !empty
    })
}
