//! Blocks at the top of a file, of a `declare` or of a `foreach`.

use super::facts::{Label, Stability};
use super::scope::{Level, Scope, argument, attributes, blocks, id, is_true, text};
use super::{Check, Kind, body, cycle, reference};
use crate::near::{did_you_mean, nearest};
use crate::river::{Block, Statement};
use std::collections::BTreeSet;

/// Blocks that only a label tells apart.
const LABELLED: [&str; 7] =
    ["argument", "export", "foreach", "import.file", "import.git", "import.http", "import.string"];

/// Checks statements in the scope that they make.
pub(super) fn check(check: &mut Check<'_>, body: &[Statement]) {
    let mut ids = BTreeSet::new();
    for attribute in attributes(body) {
        let message = format!("`{}` stands outside of any component", attribute.name);
        check.breach(&attribute.origin, Kind::Unknown, message, None);
    }
    for block in blocks(body) {
        if !ids.insert((&block.name, &block.label)) {
            let message = format!("`{}` is there already", id(block));
            let help = "give it another label".to_owned();
            check.breach(&block.origin, Kind::Repeated, message, Some(help));
        }
        one(check, block);
    }
    cycle::check(check, body);
}

fn one(check: &mut Check<'_>, block: &Block) {
    match &*block.name {
        "declare" => {
            label(check, block, Label::Needed);
            let scope = Scope::new(&block.body, Level::Module, Some(check.scope));
            check.within(&scope, |inner| self::check(inner, &block.body));
        }
        "foreach" => foreach(check, block),
        name => match (check.facts.setting(name), check.scope.custom(name)) {
            (Some(body), None) => setting(check, block, body),
            // A module may have the name of a setting, which has no label.
            (Some(body), _) if block.label.is_none() => setting(check, block, body),
            (_, Some(maker)) => custom(check, block, maker),
            (None, None) => component(check, block),
        },
    }
}

fn component(check: &mut Check<'_>, block: &Block) {
    let facts = check.facts;
    let Some(component) = facts.component(&block.name) else {
        return unknown(check, block);
    };
    let needs = component.stability;
    if needs < check.stability && needs != Stability::Community {
        let level = check.stability.as_str();
        let message = format!("`{}` is {}", block.name, needs.as_str());
        let help = format!(
            "run the collector with `{}` in place of `{level}`, or do without it",
            needs.as_str()
        );
        check.breach(&block.origin, Kind::Conflict, message, Some(help));
    }
    if needs == Stability::Community {
        let message = format!("`{}` is a community component", block.name);
        let help = "enable community components, or do without it".to_owned();
        check.breach(&block.origin, Kind::Conflict, message, Some(help));
    }
    label(check, block, Label::Needed);
    body::check(check, block, component.arguments);
}

fn unknown(check: &mut Check<'_>, block: &Block) {
    let name = &block.name;
    if let Some(instead) = check.facts.removed(name) {
        let message = format!("Alloy has no component `{name}` any more");
        check.breach(&block.origin, Kind::Removed, message, Some(instead.to_owned()));
    } else {
        let declared = if check.suggests() { check.scope.declared() } else { Vec::new() };
        let near = check.facts.nearest_block(name, declared.into_iter());
        let help = near.map(did_you_mean);
        let message = format!("Alloy has no component `{name}`");
        check.breach(&block.origin, Kind::Unknown, message, help);
    }
    reference::walk_body(check, &block.body);
}

/// A block that configures Alloy, or the module that it stands in.
fn setting(check: &mut Check<'_>, block: &Block, body: &str) {
    let name = &*block.name;
    let of_label = if LABELLED.contains(&name) { Label::Needed } else { Label::Refused };
    label(check, block, of_label);
    let of_module = matches!(name, "argument" | "export");
    let misplaced = match check.scope.level {
        Level::Top if of_module => Some("may stand in a `declare` only"),
        Level::Module | Level::Each(_) if !of_module && !name.starts_with("import.") => {
            Some("may stand at the top of the file only")
        }
        Level::Top | Level::Module | Level::Each(_) => None,
    };
    if let Some(where_) = misplaced {
        check.breach(&block.origin, Kind::Conflict, format!("`{name}` {where_}"), None);
    }
    body::check(check, block, body);
}

fn foreach(check: &mut Check<'_>, block: &Block) {
    label(check, block, Label::Needed);
    if check.stability > Stability::Experimental {
        let help = "run the collector with `experimental`, or do without it".to_owned();
        let message = "`foreach` is experimental".to_owned();
        check.breach(&block.origin, Kind::Conflict, message, Some(help));
    }
    let (templates, rest): (Vec<_>, Vec<_>) = block.body.iter().partition(
        |statement| matches!(statement, Statement::Block(inner) if inner.name == "template"),
    );
    let rest: Vec<Statement> = rest.into_iter().cloned().collect();
    let own = Block { body: rest, ..block.clone() };
    body::check(check, &own, check.facts.setting("foreach").unwrap_or_default());
    if templates.is_empty() {
        let message = "`foreach` needs a block `template`".to_owned();
        check.breach(&block.origin, Kind::Missing, message, None);
    }
    let variable = text(&block.body, "var");
    for template in templates {
        let Statement::Block(template) = template else { continue };
        let scope = Scope::new(&template.body, Level::Each(variable), Some(check.scope));
        check.within(&scope, |inner| self::check(inner, &template.body));
    }
}

/// A component that a `declare` or an `import` makes.
fn custom(check: &mut Check<'_>, block: &Block, maker: &Block) {
    label(check, block, Label::Needed);
    reference::walk_body(check, &block.body);
    if maker.name != "declare" {
        return;
    }
    let known: Vec<&Block> = blocks(&maker.body).filter(|b| b.name == "argument").collect();
    let names = || known.iter().filter_map(|argument| argument.label.as_deref());
    let mut seen = BTreeSet::new();
    for attribute in attributes(&block.body) {
        if !seen.insert(&*attribute.name) {
            body::repeated(check, attribute);
        } else if !names().any(|name| name == attribute.name) {
            let message = format!("`{}` declares no argument `{}`", block.name, attribute.name);
            let help = nearest(&attribute.name, names()).map(did_you_mean);
            check.breach(&attribute.origin, Kind::Unknown, message, help);
        }
    }
    for inner in blocks(&block.body) {
        let message = format!("`{}` declares no block `{}`", block.name, inner.name);
        check.breach(&inner.origin, Kind::Unknown, message, None);
    }
    for argument in &known {
        let Some(name) = argument.label.as_deref() else { continue };
        if !is_true(&argument.body, "optional") && self::argument(&block.body, name).is_none() {
            let message = format!("`{}` needs `{name}`", id(block));
            check.breach(&block.origin, Kind::Missing, message, None);
        }
    }
}

/// Checks that a block has a label, or that it has none.
pub(super) fn label(check: &mut Check<'_>, block: &Block, wanted: Label) {
    let (message, kind, help) = match (&block.label, wanted) {
        (None, Label::Needed) => {
            let help = format!("write `{} \"default\" {{ … }}`", block.name);
            (format!("`{}` needs a label", block.name), Kind::Missing, Some(help))
        }
        (Some(label), Label::Refused) => {
            (format!("`{}` has no label, and `{label}` is one", block.name), Kind::Unknown, None)
        }
        (None, Label::Refused) | (Some(_), Label::Needed) => return,
    };
    check.breach(&block.origin, kind, message, help);
}

/// The names of what a `declare` exports.
pub(super) fn declared_exports(maker: &Block) -> impl Iterator<Item = &str> {
    blocks(&maker.body).filter(|block| block.name == "export").filter_map(|b| b.label.as_deref())
}
