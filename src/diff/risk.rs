//! How dangerous an edit is.
//!
//! Rules are data: where (a file's kind and a pattern of places), when (what happens to the value there), which
//! class, and why. They are asked about every leaf of an edit, so that a section that goes away counts like all
//! that was in it. What no rule names is `config`.

mod alloy;
mod charts;
mod objects;
mod off;
mod paths;
mod pods;
mod policy;
mod prerequisites;
mod reach;
mod routes;
pub mod when;
mod whole;

use super::alloy::EXPRESSION;
use super::edit::{Edit, Part};
use super::tree::FileChange;
use crate::layout;
pub use crate::model::RiskClass as Class;
use crate::tree::Content;
use std::collections::BTreeMap;
use when::When;

/// The classes of an edit, each with the reason: a clause in the present tense.
pub type Risks = BTreeMap<Class, &'static str>;

/// A rule about the values at some places of a file.
struct Rule {
    /// Names with `/` between them; `*` is any one, `**` any number of them.
    at: &'static str,
    when: When,
    class: Class,
    why: &'static str,
}

/// A list of rules: `"places" When => Class, "why";`
macro_rules! rules {
    ($($at:literal $when:expr => $class:ident, $why:expr;)*) => {
        &[$($crate::diff::risk::Rule {
            at: $at,
            when: $when,
            class: $crate::diff::risk::Class::$class,
            why: $why,
        }),*]
    };
}
use rules;

/// The classes of an edit of a file.
pub fn of(file: &FileChange, edit: &Edit) -> Risks {
    let mut risks = Risks::new();
    if edit.is_move() {
        note(&mut risks, Class::Config, "the order changes");
    }
    for leaf in edit.leaves() {
        judge(file, &leaf, &mut risks);
    }
    if file.object().is_some_and(|object| object.kind == "NetworkPolicy") {
        policy::judge(file, edit, &mut risks);
    }
    // What is not there yet has nothing to lose, to keep, or to restart.
    if file.before.is_none() || file.renamed {
        risks.retain(|class, _| matches!(class, Class::Exposure | Class::Privilege));
    }
    whole::judge(file, edit, &mut risks);
    if risks.is_empty() {
        let _ = risks.insert(Class::Config, "a setting changes");
    }
    // What is worse says it all.
    for mild in [Class::Noise, Class::Config] {
        if risks.len() > 1 {
            let _ = risks.remove(&mild);
        }
    }
    risks
}

fn judge(file: &FileChange, leaf: &Edit, risks: &mut Risks) {
    let Some(new) = file.after else { return };
    match new.content {
        Content::Values(_) => {
            let Some(component) = new.path.component() else { return };
            charts::judge(component, file, leaf, risks);
        }
        Content::Object(_) => objects::judge(file, leaf, risks),
        Content::Alloy(_) => alloy::judge(file, leaf, risks),
        Content::Document(_) if new.path.as_str() == layout::PREREQUISITES => {
            ask(prerequisites::RULES, leaf, risks);
        }
        Content::Document(_) => note(risks, Class::Noise, "it follows from the objects"),
    }
}

/// Adds a class. The first reason stays.
fn note(risks: &mut Risks, class: Class, why: &'static str) {
    let _ = risks.entry(class).or_insert(why);
}

fn ask(rules: &[Rule], leaf: &Edit, risks: &mut Risks) {
    for rule in rules {
        if matches(rule.at, leaf) && rule.when.holds(leaf.before, leaf.after) {
            note(risks, rule.class, rule.why);
        }
    }
}

/// Asks the rules that compare what is taken, wherever that is said.
fn ask_of_taken(rules: &[Rule], taken: &Edit, risks: &mut Risks) {
    for rule in rules.iter().filter(|rule| rule.when.is_of_what_is_taken()) {
        ask(std::slice::from_ref(rule), taken, risks);
    }
}

/// Whether a leaf stands at a place that a pattern means.
fn matches(pattern: &str, leaf: &Edit) -> bool {
    let pattern: Vec<&str> = pattern.split('/').collect();
    // An expression of Alloy stands where a plain value would.
    let parts = match leaf.place.parts() {
        [around @ .., last] if last.key() == EXPRESSION => around,
        parts => parts,
    };
    matches_parts(&pattern, parts)
}

fn matches_parts(pattern: &[&str], parts: &[Part]) -> bool {
    match (pattern.split_first(), parts.split_first()) {
        (None, None) => true,
        (Some((&"**", rest)), None) => matches_parts(rest, parts),
        (Some((&"**", rest)), Some((_, below))) => {
            matches_parts(rest, parts) || matches_parts(pattern, below)
        }
        (Some((name, rest)), Some((part, below))) => {
            matches_name(name, part) && matches_parts(rest, below)
        }
        (None, Some(_)) | (Some(_), None) => false,
    }
}

/// A pattern's name is a member's, any (`*`), or one of several with `|` between them.
fn matches_name(name: &str, part: &Part) -> bool {
    name == "*" || name.split('|').any(|one| one == part.key())
}
