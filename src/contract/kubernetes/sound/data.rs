//! The data of a `ConfigMap` or of a Secret.

use super::{Found, members};
use crate::contract::Kind;
use crate::contract::kubernetes::names;
use crate::contract::kubernetes::place::Path;
use crate::node::Node;

/// What the values of an object may hold together, in bytes.
const MOST: usize = 1 << 20;

/// Keys that a Secret of a type must have.
const NEEDED: [(&str, &[&str]); 4] = [
    ("kubernetes.io/dockercfg", &[".dockercfg"]),
    ("kubernetes.io/dockerconfigjson", &[".dockerconfigjson"]),
    ("kubernetes.io/ssh-auth", &["ssh-privatekey"]),
    ("kubernetes.io/tls", &["tls.crt", "tls.key"]),
];

/// Keys, their values' size, and what a Secret's type asks for.
pub fn check(object: &Node, kind: &str, found: &mut Found) {
    let mut size = 0;
    for (holder, in_base64) in
        [("data", kind == "Secret"), ("binaryData", true), ("stringData", false)]
    {
        for (key, value) in members(object, &[holder]) {
            let length = value.text().map_or(0, str::len);
            size += if in_base64 { length / 4 * 3 } else { length };
            if !names::is_data_key(key) {
                let message = format!("`{key}` is no key of a {kind}");
                let help = "use at most 253 letters, digits and `-_.`";
                found.add_key(&Path::ROOT.key(holder).key(key), Kind::Value, message, help);
            }
        }
    }
    if size > MOST {
        let message = format!("the values hold {size} bytes; a {kind} takes {MOST}");
        found.add(&Path::ROOT, Kind::Value, message, Some("split it"));
    }
    for key in members(object, &["binaryData"]).keys() {
        if members(object, &["data"]).contains_key(key) {
            let message = format!("`{key}` is in `data`, too");
            let path = Path::ROOT.key("binaryData");
            found.add_key(&path.key(key), Kind::Repeated, message, "keep one of them");
        }
    }
    if kind == "Secret" {
        needed(object, found);
    }
}

fn needed(object: &Node, found: &mut Found) {
    let Some(form) = object.get("type").and_then(Node::text) else { return };
    let keys = NEEDED.iter().find(|(known, _)| *known == form).map_or(&[][..], |(_, keys)| keys);
    let there = |key: &str| {
        ["data", "stringData"].iter().any(|at| members(object, &[at]).contains_key(key))
    };
    for key in keys.iter().filter(|key| !there(key)) {
        let message = format!("a Secret of the type `{form}` has `{key}`, and this one has not");
        found.add(&Path::ROOT.key("type"), Kind::Missing, message, Some(&format!("add `{key}`")));
    }
}
