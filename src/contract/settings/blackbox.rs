//! The modules of the blackbox exporter, as Alloy reads them: strictly, and with checks of
//! `config.Module` and its probes.

use super::facts::{BLACKBOX, Type};
use super::findings::{At, Findings};
use super::references::Expansion;
use super::walk::{Reader, Reading, word};
use crate::contract::Kind;
use crate::node::{Data, Node};

/// Adds what is wrong with a configuration.
pub fn check(config: &Node, found: &mut Findings) {
    let reader = Reader {
        name: "the blackbox exporter",
        facts: &BLACKBOX,
        expansion: Expansion::None,
        reading: Reading::Words,
    };
    reader.check(config, Type::Structure(BLACKBOX.root), "", found);
    let Some(Node { data: Data::Map(modules), .. }) = config.get("modules") else { return };
    found.within("modules", |found| {
        for (name, node) in modules {
            found.within(name, |found| module(node, found));
        }
    });
}

/// The probers, each with the section that says how it probes.
const PROBERS: &str = "http|tcp|icmp|dns|grpc";

fn module(node: &Node, found: &mut Findings) {
    let prober = node.get("prober");
    if let Some(prober) = prober {
        found.within("prober", |found| word(PROBERS, &prober.data, found));
    } else {
        let message = "a module needs a `prober`".to_owned();
        let help = "set `prober` to `http`, `tcp`, `icmp`, `dns` or `grpc`".to_owned();
        found.add(At::Value, Kind::Missing, message, Some(help));
    }
    let prober = prober.and_then(Node::text);
    for section in PROBERS.split('|') {
        let Some(probe) = node.get(section) else { continue };
        found.within(section, |found| {
            if let Some(prober) = prober.filter(|prober| *prober != section) {
                let message = format!("a prober of `{prober}` does not read `{section}`");
                let help = Some(format!("write `{prober}`, or set `prober` to `{section}`"));
                found.add(At::Key, Kind::Conflict, message, help);
            }
            choice(probe, "preferred_ip_protocol", "ip4|ip6|", found);
        });
    }
    if let Some(dns) = node.get("dns") {
        found.within("dns", |found| {
            choice(dns, "transport_protocol", "udp|tcp|", found);
            if dns.get("query_name").is_none_or(|name| name.text() == Some("")) {
                let message = "a module of `dns` needs a `query_name`".to_owned();
                found.add(At::Value, Kind::Missing, message, None);
            }
        });
    }
    if let Some(http) = node.get("http") {
        found.within("http", |found| {
            choice(http, "compression", "br|deflate|gzip|identity|*|", found);
        });
    }
}

fn choice(probe: &Node, name: &str, words: &'static str, found: &mut Findings) {
    if let Some(value) = probe.get(name) {
        found.within(name, |found| word(words, &value.data, found));
    }
}
