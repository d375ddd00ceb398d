//! Values of arguments, against the kinds that are wanted.

use super::facts::{Member, Shape};
use super::infer::infer;
use super::kind::{Kind as Wanted, TARGET};
use super::literal;
use super::{Check, Kind, secret};
use crate::near::{did_you_mean, nearest};
use crate::node::{Data, Node};
use crate::origin::Origin;
use crate::river::{Attribute, Expr, Unary};

/// Where a value stands: in which argument, of which body.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    /// The argument's name.
    pub name: &'a str,
    /// The name of the argument's body among the facts.
    pub body: &'a str,
    /// Where to point when the value has no place of its own.
    pub origin: &'a Origin,
}

/// Checks the value of an argument.
pub(super) fn check(check: &mut Check<'_>, attribute: &Attribute, wanted: &Wanted, body: &str) {
    let at = At { name: &attribute.name, body, origin: &attribute.origin };
    secret::check(check, attribute, wanted);
    expr(check, &attribute.value, wanted, at);
}

fn expr(check: &mut Check<'_>, value: &Expr, wanted: &Wanted, at: At<'_>) {
    if matches!(wanted, Wanted::Any | Wanted::Custom(_)) {
        return;
    }
    match value {
        Expr::Literal(node) => literal(check, node, wanted, at),
        Expr::Parens(inner) => expr(check, inner, wanted, at),
        Expr::List(items) => {
            let Wanted::List(item) = wanted else {
                return mismatch(check, at.origin, at, wanted, "a list");
            };
            items.iter().for_each(|value| expr(check, value, item, at));
        }
        Expr::Object(fields) => object(check, fields, wanted, at),
        Expr::Unary(Unary::Minus, inner) if matches!(**inner, Expr::Literal(_)) => {
            expr(check, inner, wanted, at);
        }
        Expr::Path(_) | Expr::Asked(..) | Expr::Unary(..) | Expr::Binary(..) => {
            let Some(given) = infer(check, value) else { return };
            if !fits(check, &given, wanted) {
                let origin = origin(value).unwrap_or(at.origin).clone();
                if secret_as_text(&given, wanted) {
                    return secret_shown(check, &origin, at);
                }
                mismatch(check, &origin, at, wanted, &given.describe());
            }
        }
    }
}

fn object<K: AsRef<str>>(check: &mut Check<'_>, fields: &[(K, Expr)], wanted: &Wanted, at: At<'_>) {
    if let Wanted::Map(item) = wanted {
        fields.iter().for_each(|(_, value)| expr(check, value, item, at));
    } else if *wanted == Wanted::Opaque(TARGET) {
        fields.iter().for_each(|(_, value)| label_of_target(check, value, at));
    } else if let Wanted::Object(body) = wanted {
        members(check, fields, body, at);
    } else {
        mismatch(check, at.origin, at, wanted, "an object");
    }
}

fn members<K: AsRef<str>>(check: &mut Check<'_>, fields: &[(K, Expr)], body: &str, at: At<'_>) {
    let facts = check.facts;
    let body = facts.body(body);
    for (name, value) in fields {
        let name = name.as_ref();
        if let Some(Member { shape: Shape::Argument(kind), .. }) = body.get(name) {
            expr(check, value, kind, at);
        } else {
            let names = body.members.iter().map(|member| member.name);
            let help = nearest(name, names).map(did_you_mean);
            let origin = origin(value).unwrap_or(at.origin).clone();
            let message = format!("`{}` has no member `{name}`", at.name);
            check.breach(&origin, Kind::Unknown, message, help);
        }
    }
    for member in body.members.iter().filter(|member| member.required) {
        if !fields.iter().any(|(name, _)| name.as_ref() == member.name) {
            let message = format!("`{}` needs `{}`", at.name, member.name);
            check.breach(at.origin, Kind::Missing, message, None);
        }
    }
}

/// Labels take everything that can be written, and never a secret.
fn label_of_target(check: &mut Check<'_>, value: &Expr, at: At<'_>) {
    if infer(check, value) == Some(Wanted::Secret) {
        let origin = origin(value).unwrap_or(at.origin).clone();
        secret_shown(check, &origin, at);
    }
}

fn literal(check: &mut Check<'_>, node: &Node, wanted: &Wanted, at: At<'_>) {
    let origin = if node.origin == Origin::Structure { at.origin } else { &node.origin };
    let at = At { origin, ..at };
    match (&node.data, wanted) {
        (Data::Null, _) | (_, Wanted::Any | Wanted::Custom(_)) => {}
        (Data::List(items), Wanted::List(item)) => {
            items.iter().for_each(|node| literal(check, node, item, at));
        }
        (Data::Map(members), Wanted::Map(item)) => {
            members.values().for_each(|node| literal(check, node, item, at));
        }
        (Data::Map(members), Wanted::Object(_) | Wanted::Opaque(TARGET)) => {
            let fields: Vec<_> =
                members.iter().map(|(name, node)| (name, Expr::Literal(node.clone()))).collect();
            object(check, &fields, wanted, at);
        }
        (Data::Text(text), wanted) if wanted.takes_text() => {
            literal::text(check, text, wanted, at);
        }
        (Data::Int(number), Wanted::Uint) if *number < 0 => {
            let message = format!("`{}` takes no negative number", at.name);
            check.breach(at.origin, Kind::Value, message, None);
        }
        (
            Data::Int(_) | Data::Float(_),
            Wanted::Number | Wanted::Int | Wanted::Uint | Wanted::Text,
        )
        | (Data::Bool(_), Wanted::Bool) => {}
        (Data::Int(number), Wanted::Duration | Wanted::Read(_)) => {
            literal::text(check, &number.to_string(), wanted, at);
        }
        (Data::Float(number), Wanted::Duration | Wanted::Read(_)) => {
            literal::text(check, &number.to_string(), wanted, at);
        }
        (data, wanted) => mismatch(check, at.origin, at, wanted, data.name()),
    }
}

fn mismatch(check: &mut Check<'_>, origin: &Origin, at: At<'_>, wanted: &Wanted, given: &str) {
    let message = format!("`{}` wants {}, not {given}", at.name, wanted.describe());
    let help = if matches!(wanted, Wanted::List(_)) {
        "write it in `[` and `]`".to_owned()
    } else {
        format!("write {}", wanted.describe())
    };
    let help = (!given.starts_with("a list")).then_some(help);
    check.breach(origin, Kind::Type, message, help);
}

fn secret_as_text(given: &Wanted, wanted: &Wanted) -> bool {
    *given == Wanted::Secret && wanted.takes_text()
}

fn secret_shown(check: &mut Check<'_>, origin: &Origin, at: At<'_>) {
    let message = format!("`{}` wants text, and a secret never becomes text", at.name);
    let help = "write `convert.nonsensitive(…)` if it is no secret".to_owned();
    check.breach(origin, Kind::Type, message, Some(help));
}

/// Where an expression stands.
pub(super) fn origin(expr: &Expr) -> Option<&Origin> {
    match expr {
        Expr::Literal(node) => Some(&node.origin),
        Expr::Path(path) => Some(&path.origin),
        Expr::Asked(of, _) => origin(of),
        Expr::Unary(_, inner) | Expr::Parens(inner) => origin(inner),
        Expr::Binary(first, _) => origin(first),
        Expr::List(items) => items.iter().find_map(origin),
        Expr::Object(fields) => fields.iter().find_map(|(_, value)| origin(value)),
    }
}

/// Whether a value of one kind is taken where another is wanted. Containers whose values only differ
/// by what text says fit.
pub(super) fn fits(check: &Check<'_>, given: &Wanted, wanted: &Wanted) -> bool {
    match (given, wanted) {
        (Wanted::Any | Wanted::Custom(_), _)
        | (_, Wanted::Any | Wanted::Custom(_))
        | (Wanted::Secret, Wanted::Secret | Wanted::OptionalSecret)
        | (Wanted::Object(_), Wanted::Map(_) | Wanted::Object(_))
        | (Wanted::Map(_), Wanted::Object(_)) => true,
        (Wanted::Text | Wanted::Duration | Wanted::Read(_) | Wanted::OptionalSecret, wanted) => {
            wanted.takes_text()
        }
        (Wanted::Number | Wanted::Int | Wanted::Uint, wanted) => {
            wanted.takes_text() && !matches!(wanted, Wanted::Secret | Wanted::OptionalSecret)
        }
        (Wanted::List(given), Wanted::List(wanted)) | (Wanted::Map(given), Wanted::Map(wanted)) => {
            fits(check, given, wanted)
        }
        (Wanted::Map(given), Wanted::Opaque(TARGET)) => **given != Wanted::Secret,
        (Wanted::Opaque(TARGET), Wanted::Map(wanted)) => wanted.takes_text(),
        (Wanted::Opaque(given), Wanted::Opaque(wanted)) => check.facts.converts(given, wanted),
        (given, wanted) => given == wanted,
    }
}
