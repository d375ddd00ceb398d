//! What the members of a body mean together, which Alloy's code knows and its types do not.

use super::facts::Stability;
use super::scope::{argument, attributes, blocks, text};
use super::{Check, Kind, literal};
use crate::node::Data;
use crate::origin::Origin;
use crate::river::{Block, Expr};

/// The body of `rule` and its like.
const RELABEL: &str = "common.relabel.Config";

/// The body of `prometheus.scrape`.
const SCRAPE: &str = "prometheus.scrape";

/// Ways to prove who one is; a client takes one.
const CREDENTIALS: [&str; 5] =
    ["authorization", "basic_auth", "bearer_token", "bearer_token_file", "oauth2"];

/// What a body lets one say in two ways, of which it takes one.
const EITHER: [(&str, [&str; 2]); 6] = [
    ("common.config.BasicAuth", ["password", "password_file"]),
    ("common.config.Authorization", ["credentials", "credentials_file"]),
    ("common.config.OAuth2Config", ["client_secret", "client_secret_file"]),
    ("common.config.TLSConfig", ["ca_pem", "ca_file"]),
    ("common.config.TLSConfig", ["cert_pem", "cert_file"]),
    ("common.config.TLSConfig", ["key_pem", "key_file"]),
];

/// Checks the members of a block whose body has this name among the facts.
pub(super) fn check(check: &mut Check<'_>, block: &Block, body: &str) {
    let known = check.facts.body(body);
    if CREDENTIALS.iter().all(|name| known.get(name).is_some()) {
        one_of(check, block, &CREDENTIALS);
    }
    for (_, pair) in EITHER.iter().filter(|(of, _)| *of == body) {
        one_of(check, block, pair);
    }
    match body {
        RELABEL => relabel(check, block),
        SCRAPE => scrape(check, block),
        _ => {}
    }
    for attribute in attributes(&block.body) {
        let experimental = check.facts.is_experimental(&format!("{body} {}", attribute.name));
        if experimental && check.stability > Stability::Experimental && !is_false(&attribute.value)
        {
            let message = format!("`{}` is experimental", attribute.name);
            let help = "run the collector with `experimental`, or do without it".to_owned();
            check.breach(&attribute.origin, Kind::Conflict, message, Some(help));
        }
    }
}

/// A scrape must end before the next starts.
fn scrape(check: &mut Check<'_>, block: &Block) {
    let seconds = |name, default| match (argument(&block.body, name), text(&block.body, name)) {
        (None, _) => Some(default),
        (Some(_), Some(text)) => literal::seconds(text),
        (Some(_), None) => None,
    };
    // The defaults of both.
    let (interval, timeout) = (seconds("scrape_interval", 60.0), seconds("scrape_timeout", 10.0));
    if let (Some(interval), Some(timeout)) = (interval, timeout)
        && timeout > interval
    {
        let of_time = attributes(&block.body)
            .filter(|a| matches!(&*a.name, "scrape_interval" | "scrape_timeout"));
        let at = of_time.last().map_or(&block.origin, |attribute| &attribute.origin);
        let message = "`scrape_timeout` is longer than `scrape_interval`".to_owned();
        check.breach(&at.clone(), Kind::Conflict, message, None);
    }
}

fn is_false(value: &Expr) -> bool {
    let Expr::Literal(node) = value else { return false };
    node.data == Data::Bool(false)
}

fn one_of(check: &mut Check<'_>, block: &Block, names: &[&str]) {
    let arguments = attributes(&block.body).filter(|a| !is_empty(&a.value));
    let arguments = arguments.map(|a| (&*a.name, &a.origin));
    let inner = blocks(&block.body).map(|inner| (&*inner.name, &inner.origin));
    let mut given: Vec<(&str, &Origin)> =
        arguments.chain(inner).filter(|(name, _)| names.contains(name)).collect();
    given.dedup_by_key(|(name, _)| *name);
    if let [(first, _), .., (last, at)] = given.as_slice() {
        let message = format!("`{}` takes `{first}` or `{last}`, not both", block.name);
        check.breach(at, Kind::Conflict, message, Some("keep one of them".to_owned()));
    }
}

fn is_empty(value: &Expr) -> bool {
    let Expr::Literal(node) = value else { return false };
    matches!(&node.data, Data::Null) || node.text().is_some_and(str::is_empty)
}

/// Relabelling: which members an action needs, and which it refuses.
fn relabel(check: &mut Check<'_>, block: &Block) {
    let body = &block.body;
    let action = match argument(body, "action") {
        None => "replace",
        Some(_) => match text(body, "action") {
            Some(action) => action,
            None => return,
        },
    };
    let (needs_target, only): (bool, Option<&[&str]>) = match action {
        "replace" | "hashmod" => (true, None),
        "lowercase" | "uppercase" => {
            (true, Some(&["source_labels", "separator", "regex", "modulus", "target_label"]))
        }
        "keepequal" | "dropequal" => (true, Some(&["source_labels", "target_label"])),
        "labeldrop" | "labelkeep" => (false, Some(&["regex"])),
        _ => (false, None),
    };
    if needs_target && argument(body, "target_label").is_none_or(is_empty) {
        let message = format!("`{action}` needs `target_label`");
        check.breach(&block.origin, Kind::Missing, message, None);
    }
    if action == "hashmod" && argument(body, "modulus").is_none() {
        let message = "`hashmod` needs `modulus`".to_owned();
        check.breach(&block.origin, Kind::Missing, message, None);
    }
    for attribute in attributes(body) {
        if only.is_some_and(|only| attribute.name != "action" && !only.contains(&&*attribute.name))
            && !is_default(&attribute.name, &attribute.value)
        {
            let message = format!("`{action}` takes no `{}`", attribute.name);
            check.breach(&attribute.origin, Kind::Conflict, message, None);
        }
    }
    labels(check, body, action);
}

/// The values that count as not given.
fn is_default(name: &str, value: &Expr) -> bool {
    let Expr::Literal(node) = value else { return false };
    let default = match name {
        "separator" => ";",
        "replacement" => "$1",
        "regex" => "(.*)",
        _ => "",
    };
    node.text() == Some(default) || node.data == Data::Int(0)
}

fn labels(check: &mut Check<'_>, body: &[crate::river::Statement], action: &str) {
    let checked = match action {
        "labelmap" => "replacement",
        "replace" | "hashmod" | "lowercase" | "uppercase" | "keepequal" | "dropequal" => {
            "target_label"
        }
        _ => return,
    };
    let Some(Expr::Literal(node)) = argument(body, checked) else { return };
    let Some(name) = node.text().filter(|name| !name.is_empty()) else { return };
    let template = matches!(action, "replace" | "labelmap");
    let plain = |name: &str| {
        !name.starts_with(|c: char| c.is_ascii_digit())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let is_name = if template && name.contains('$') { is_template(name) } else { plain(name) };
    if !is_name {
        let message = format!("`{checked}` cannot be `{name}`, which is no name of a label");
        let help = "write letters, digits and `_`".to_owned();
        check.breach(&node.origin, Kind::Value, message, Some(help));
    }
}

/// Letters, digits, `_`, and groups of the expression as `$1` or `${name}`.
fn is_template(name: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut rest = name;
    if rest.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    while let Some(next) = rest.chars().next() {
        let after = rest.get(next.len_utf8()..).unwrap_or_default();
        rest = match (next, after.strip_prefix('{')) {
            ('$', Some(group)) => match group.split_once('}') {
                Some((group, after)) if !group.is_empty() && group.chars().all(word) => after,
                Some(_) | None => return false,
            },
            ('$', None) if !after.starts_with(word) => return false,
            ('$', None) => after.trim_start_matches(word),
            (c, _) if word(c) => after,
            _ => return false,
        };
    }
    true
}
