//! Secrets in plain text.

use super::kind::Kind as Wanted;
use super::value::At;
use super::{Check, Kind};
use crate::origin::Origin;
use crate::river::{Attribute, Expr};

/// Arguments and headers of a type that takes any text, whose text is a secret.
const NAMES: [&str; 10] = [
    "authorization",
    "proxy-authorization",
    "cookie",
    "x-api-key",
    "api-key",
    "api_key",
    "password",
    "passphrase",
    "secret",
    "token",
];

/// Says that a secret is written down, if it is one: headers that are all kept as secrets need not be.
pub(super) fn literal(check: &mut Check<'_>, text: &str, at: At<'_>) {
    let header = matches!(at.name, "http_headers" | "proxy_connect_header");
    if !text.is_empty() && !header {
        written(check, at.origin, at.name);
    }
}

/// Checks what no type marks as a secret: by the argument's name, by the header's, by the address.
pub(super) fn check(check: &mut Check<'_>, attribute: &Attribute, wanted: &Wanted) {
    let name = &attribute.name;
    if matches!(wanted, Wanted::Text) && is_secret(name) {
        plain(check, &attribute.value, name);
    }
    if let (Wanted::Map(_), Expr::Object(fields)) = (wanted, &attribute.value) {
        for (key, value) in fields.iter().filter(|(key, _)| is_secret(key)) {
            plain(check, value, key);
        }
    }
    if let Expr::Literal(node) = &attribute.value
        && node.text().is_some_and(has_password)
    {
        written(check, &node.origin, name);
    }
}

fn plain(check: &mut Check<'_>, value: &Expr, name: &str) {
    if let Expr::Literal(node) = value
        && node.text().is_some_and(|text| !text.is_empty())
    {
        written(check, &node.origin, name);
    }
    if let Expr::List(items) = value {
        items.iter().for_each(|item| plain(check, item, name));
    }
}

fn written(check: &mut Check<'_>, origin: &Origin, name: &str) {
    let message = format!("`{name}` is a secret in plain text");
    let help = "read it from a mounted file or from `remote.kubernetes.secret`".to_owned();
    check.breach(origin, Kind::Secret, message, Some(help));
}

fn is_secret(name: &str) -> bool {
    NAMES.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Whether an address holds a password: `scheme://user:password@host`.
fn has_password(text: &str) -> bool {
    let Some((_, rest)) = text.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let Some((user, _)) = authority.rsplit_once('@') else { return false };
    user.split_once(':').is_some_and(|(_, password)| !password.is_empty())
}
