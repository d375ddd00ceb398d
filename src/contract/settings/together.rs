//! What some structures want together, wherever they stand: Prometheus's HTTP clients, which Loki's ruler
//! and the blackbox exporter share (`prometheus/common/config`).

use super::findings::{At, Findings};
use crate::contract::Kind;
use crate::node::{Data, Map};

/// Adds what is missing beside other settings.
pub fn check(structure: &str, members: &Map, found: &mut Findings) {
    match structure {
        "config.RemoteWriteConfig" => needed(members, &["url"], found),
        "config.OAuth2" => needed(members, &["client_id", "token_url"], found),
        "config.TLSConfig" => pair(members, found),
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
    let certificate = set(members, "cert") || set(members, "cert_file");
    let key = set(members, "key") || set(members, "key_file");
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

fn set(members: &Map, name: &str) -> bool {
    members.get(name).is_some_and(|node| {
        let empty = matches!(&node.data, Data::Text(text) if text.is_empty());
        node.data != Data::Null && !empty
    })
}
