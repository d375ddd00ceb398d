//! The sections of `grafana.ini`, as the chart's values have them.
//!
//! Grafana passes over names that it does not know, so a typo is silent. It reads values as text; the
//! names of version 13 are not all known to us, so that a name with no likeness to a known one is said
//! to be uncovered, not wrong.

use super::facts::{GRAFANA, Type};
use super::findings::{At, Findings};
use super::scalar::Scalar;
use super::walk::{mistyped, shown, word};
use crate::contract::Kind;
use crate::near::nearest;
use crate::node::{Data, Node};

/// Families of sections whose names or settings are free.
const FREE: [&str; 12] = [
    "plugin.",
    "auth.",
    "log.",
    "caching.",
    "keystore.",
    "unified_storage.",
    "tracing.",
    "navigation.",
    "feature_toggles.",
    "grafana-apiserver.",
    "rbac.",
    "analytics.",
];

/// Adds what is wrong with sections.
pub fn check(sections: &Node, found: &mut Findings) {
    let Data::Map(members) = &sections.data else {
        if sections.data != Data::Null {
            mistyped("a map", &sections.data, None, found);
        }
        return;
    };
    for (name, section) in members {
        found.within(name, |found| match GRAFANA.setting(GRAFANA.root, name) {
            Some(Type::Structure(structure)) => settings(name, section, structure, found),
            Some(kind) => value(&section.data, kind, found),
            None if GRAFANA.removed(name).is_some() => gone(name, name, found),
            None if FREE.iter().any(|family| name.starts_with(family)) => {}
            None => {
                let known = GRAFANA.settings(GRAFANA.root).map(|(name, _)| name);
                unknown(&format!("a section `[{name}]`"), name, nearest(name, known), found);
            }
        });
    }
}

fn settings(section: &str, node: &Node, structure: &'static str, found: &mut Findings) {
    let Data::Map(members) = &node.data else {
        if node.data != Data::Null {
            mistyped("a section", &node.data, None, found);
        }
        return;
    };
    for (name, member) in members {
        found.within(name, |found| match GRAFANA.setting(structure, name) {
            Some(kind) => {
                value(&member.data, kind, found);
                secret(section, name, &member.data, found);
            }
            None if GRAFANA.removed(&format!("{section}.{name}")).is_some() => {
                gone(&format!("{section}.{name}"), name, found);
            }
            None => {
                let known = GRAFANA.settings(structure).map(|(name, _)| name);
                unknown(&format!("`{name}` in `[{section}]`"), name, nearest(name, known), found);
            }
        });
    }
}

/// The file is a `ConfigMap`; secrets come into it by reference. The chart looks at some of these itself,
/// not at the address of the database, which may hold a password.
fn secret(section: &str, name: &str, data: &Data, found: &mut Findings) {
    const SECRETS: [&str; 5] =
        ["password", "client_secret", "secret_key", "account_key", "install_token"];
    let Data::Text(text) = data else { return };
    let by_name = SECRETS.iter().any(|secret| name.ends_with(secret));
    let login = text.split_once("://").and_then(|(_, rest)| rest.split_once('@'));
    let in_address = section == "database"
        && name == "url"
        && login.is_some_and(|(login, _)| login.contains(':'));
    let open =
        text.is_empty() || text.contains("$__") || text.contains("${") || text.contains("{{");
    if (by_name || in_address) && !open {
        let message = format!("`{name}` of `[{section}]` is a secret in plain text");
        let help = "refer to an environment variable, as in `$__env{NAME}`".to_owned();
        found.add(At::Value, Kind::Secret, message, Some(help));
    }
}

fn gone(path: &str, name: &str, found: &mut Findings) {
    let message = format!("Grafana 13.2.0 has no `{name}` any more");
    let instead = GRAFANA.removed(path).filter(|instead| !instead.is_empty());
    let help = instead.map(|instead| format!("use `{instead}` instead"));
    found.add(At::Key, Kind::Removed, message, help);
}

fn unknown(what: &str, name: &str, near: Option<&str>, found: &mut Findings) {
    let places = GRAFANA.places_of(name);
    let elsewhere = places.first().and_then(|path| path.rsplit_once('.'));
    let (kind, help) = match (near, elsewhere) {
        (_, Some((section, _))) => (Kind::Unknown, Some(format!("it belongs under `[{section}]`"))),
        (Some(known), None) => (Kind::Unknown, Some(format!("did you mean `{known}`?"))),
        (None, None) => (Kind::Uncovered, None),
    };
    found.add(At::Key, kind, format!("we know of no {what} of Grafana 13.2.0"), help);
}

/// Values are text in the file, however they stand in YAML; lists become JSON.
fn value(data: &Data, kind: Type, found: &mut Findings) {
    let text = match data {
        Data::Text(text) => text.to_string(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number.to_string(),
        Data::Bool(value) => value.to_string(),
        Data::Null => return,
        Data::List(_) if kind == Type::Scalar(Scalar::Text) => return,
        Data::List(_) | Data::Map(_) => {
            if kind != Type::Scalar(Scalar::Any) {
                mistyped("a single value", data, None, found);
            }
            return;
        }
    };
    // Filled in by Helm, or by Grafana: `$__env{…}`, `${…}`, `%(…)s`.
    let open = ["{{", "$__", "${", "%("].iter().any(|mark| text.contains(mark));
    if open || text.is_empty() {
        return;
    }
    // As Grafana's reader of INI files takes booleans.
    const BOOLEANS: [&str; 10] = ["1", "0", "t", "f", "true", "false", "yes", "no", "on", "off"];
    let good = match kind {
        Type::Words(words) => return word(words, &Data::Text(text.into()), found),
        Type::Scalar(Scalar::Bool) => BOOLEANS.contains(&text.to_lowercase().as_str()),
        Type::Scalar(Scalar::Whole(..)) => text.parse::<i64>().is_ok(),
        Type::Scalar(scalar) => scalar.accept(&Data::Text(text.into())).is_ok(),
        Type::List(_) | Type::Map(_) | Type::Structure(_) => true,
    };
    if let (false, Type::Scalar(scalar)) = (good, kind) {
        let message = format!("{} is not {}", shown(data), scalar.name());
        found.add(At::Value, Kind::Value, message, scalar.example().map(str::to_owned));
    }
}
