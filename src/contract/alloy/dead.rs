//! Ends that lead nowhere: what is made and not used, and what is sent to nobody.

use super::facts::Shape;
use super::kind::Kind as Value;
use super::scope::{Level, Scope, argument, attributes, blocks, exports, id, text};
use super::{Check, Kind};
use crate::node::Data;
use crate::river::{Block, Expr, Mention, Statement, references};
use std::collections::BTreeSet;

/// Checks statements in the scope that they make.
pub(super) fn check(check: &mut Check<'_>, body: &[Statement]) {
    let mentions = references(body);
    let used: BTreeSet<*const Block> = mentions
        .iter()
        .filter_map(|mention| check.scope.find(&mention.path.dotted))
        .map(|(block, _)| std::ptr::from_ref(block))
        .collect();
    for block in blocks(body) {
        match &*block.name {
            "declare" => {
                let scope = Scope::new(&block.body, Level::Module, Some(check.scope));
                check.within(&scope, |inner| self::check(inner, &block.body));
            }
            "foreach" => {
                let variable = text(&block.body, "var");
                for template in blocks(&block.body).filter(|inner| inner.name == "template") {
                    let level = Level::Each(variable);
                    let scope = Scope::new(&template.body, level, Some(check.scope));
                    check.within(&scope, |inner| self::check(inner, &template.body));
                }
            }
            _ => {
                if !used.contains(&std::ptr::from_ref(block)) {
                    unused(check, block);
                }
                // Of some only the rules are wanted, and they send nothing.
                let entrance = format!("{}.receiver", id(block));
                let is_sent_to = |mention: &Mention<'_>| *mention.path.dotted == *entrance;
                if !exports_rules(check, block) || mentions.iter().any(is_sent_to) {
                    forwards(check, block);
                }
            }
        }
    }
}

fn exports_rules(check: &Check<'_>, block: &Block) -> bool {
    exports(block, check.facts).is_some_and(|body| check.facts.body(body).get("rules").is_some())
}

fn unused(check: &mut Check<'_>, block: &Block) {
    let facts = check.facts;
    let Some(exports) = exports(block, facts).map(|exports| facts.body(exports)) else { return };
    let mut names = exports.members.iter().map(|member| member.name);
    let receives = exports.members.iter().any(|member| match &member.shape {
        Shape::Argument(Value::Opaque(kind)) => {
            kind.ends_with("Appendable") || kind.ends_with("Receiver") || kind.ends_with("Consumer")
        }
        Shape::Argument(_) | Shape::Block { .. } => false,
    });
    let sends = argument(&block.body, "forward_to").is_some()
        || blocks(&block.body).any(|inner| inner.name == "output");
    // An extension may serve by itself; what takes nothing from others and sends works on its own.
    if block.name.starts_with("otelcol.extension.") || (sends && !receives) {
        return;
    }
    let Some(name) = names.next() else { return };
    let message = format!("nobody uses `{}.{name}`", id(block));
    let help = "hand it to another component, or leave this one out".to_owned();
    check.breach(&block.origin, Kind::Missing, message, Some(help));
}

fn forwards(check: &mut Check<'_>, block: &Block) {
    for attribute in attributes(&block.body).filter(|a| a.name == "forward_to") {
        let empty = match &attribute.value {
            Expr::List(items) => items.is_empty(),
            Expr::Literal(node) => node.data == Data::List(Vec::new()),
            Expr::Object(_)
            | Expr::Path(_)
            | Expr::Asked(..)
            | Expr::Unary(..)
            | Expr::Binary(..)
            | Expr::Parens(_) => false,
        };
        if empty {
            let message = format!("`{}` sends to nobody", id(block));
            let help = "name a receiver in `forward_to`".to_owned();
            check.breach(&attribute.origin, Kind::Missing, message, Some(help));
        }
    }
}
