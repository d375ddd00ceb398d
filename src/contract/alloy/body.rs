//! What stands in a block's braces, against what may.

use super::facts::{Body, Member, Shape};
use super::scope::{attributes, blocks};
use super::{Check, Kind, module, reference, rule, value};
use crate::near::{did_you_mean, nearest};
use crate::river::{Attribute, Block};
use std::collections::BTreeSet;

/// Checks the members of a block whose body has this name among the facts.
pub(super) fn check(check: &mut Check<'_>, block: &Block, id: &str) {
    let facts = check.facts;
    let body = facts.body(id);
    let mut seen = BTreeSet::new();
    for attribute in attributes(&block.body) {
        reference::walk(check, &attribute.value);
        if !seen.insert(&*attribute.name) {
            repeated(check, attribute);
            continue;
        }
        match body.get(&attribute.name).map(|member| &member.shape) {
            Some(Shape::Argument(kind)) => value::check(check, attribute, kind, id),
            Some(Shape::Block { .. }) => {
                let message = format!("`{}` is a block", attribute.name);
                let help = format!("write `{} {{ … }}`", attribute.name);
                check.breach(&attribute.origin, Kind::Type, message, Some(help));
            }
            None => unknown_argument(check, block, attribute, body),
        }
    }
    for inner in blocks(&block.body) {
        inner_block(check, block, inner, body, &mut seen);
    }
    let missing = body.members.iter().filter(|member| member.required);
    for member in missing.filter(|member| !seen.contains(member.name)) {
        let what = match &member.shape {
            Shape::Argument(_) => String::new(),
            Shape::Block { .. } => "a block ".to_owned(),
        };
        let message = format!("`{}` needs {what}`{}`", block.name, member.name);
        check.breach(&block.origin, Kind::Missing, message, None);
    }
    rule::check(check, block, id);
}

/// Says that an argument stands there twice.
pub(super) fn repeated(check: &mut Check<'_>, attribute: &Attribute) {
    let message = format!("`{}` is set already", attribute.name);
    check.breach(&attribute.origin, Kind::Repeated, message, None);
}

fn inner_block<'b>(
    check: &mut Check<'_>,
    block: &Block,
    inner: &'b Block,
    body: &Body,
    seen: &mut BTreeSet<&'b str>,
) {
    let first = seen.insert(&inner.name);
    match body.get(&inner.name).map(|member| &member.shape) {
        Some(Shape::Block { body, repeated }) => {
            if !first && !repeated {
                let message = format!("`{}` takes one block `{}`", block.name, inner.name);
                check.breach(&inner.origin, Kind::Repeated, message, None);
            }
            module::label(check, inner, check.facts.body(body).label);
            self::check(check, inner, body);
        }
        Some(Shape::Argument(_)) => {
            let message = format!("`{}` is an argument", inner.name);
            let help = format!("write `{} = …`", inner.name);
            check.breach(&inner.origin, Kind::Type, message, Some(help));
        }
        None => {
            let message = format!("`{}` has no block `{}`", block.name, inner.name);
            let help =
                help(&inner.name, body, |member| matches!(member.shape, Shape::Block { .. }));
            check.breach(&inner.origin, Kind::Unknown, message, help);
            reference::walk_body(check, &inner.body);
        }
    }
}

fn unknown_argument(check: &mut Check<'_>, block: &Block, attribute: &Attribute, body: &Body) {
    let message = format!("`{}` has no argument `{}`", block.name, attribute.name);
    let help = help(&attribute.name, body, |member| matches!(member.shape, Shape::Argument(_)));
    check.breach(&attribute.origin, Kind::Unknown, message, help);
}

/// The name that was meant: one of the same shape, or else any.
fn help(name: &str, body: &Body, same: impl Fn(&Member) -> bool) -> Option<String> {
    let names = |of: &dyn Fn(&&Member) -> bool| {
        nearest(name, body.members.iter().filter(of).map(|member| member.name)).map(did_you_mean)
    };
    names(&|member| same(member)).or_else(|| names(&|_| true))
}
