//! Names in expressions: what they refer to, and whether it is there.

use super::call;
use super::facts::{Shape, Takes};
use super::kind::Kind as ValueKind;
use super::module::declared_exports;
use super::scope::{Level, exports, id};
use super::{Check, Kind, scope};
use crate::near::{did_you_mean, nearest};
use crate::river::{Ask, Block, Expr, Path, Statement};

/// What a dotted name refers to.
pub(super) enum Target<'a> {
    /// An export of a kind, and the part of the name that asks for something in it.
    Export(ValueKind, &'a str),
    /// A component as a whole.
    Whole,
    /// A function of the standard library.
    Function,
    /// What is only known where the collector runs.
    Open,
    /// Nothing.
    Nothing(String, Option<String>),
}

/// Checks all names and calls in statements of which nothing else is known.
pub(super) fn walk_body(check: &mut Check<'_>, body: &[Statement]) {
    for statement in body {
        match statement {
            Statement::Comment(_) => {}
            Statement::Attribute(attribute) => walk(check, &attribute.value),
            Statement::Block(block) => walk_body(check, &block.body),
        }
    }
}

/// Checks all names and calls in an expression.
pub(super) fn walk(check: &mut Check<'_>, expr: &Expr) {
    match expr {
        Expr::Literal(_) => {}
        Expr::Path(path) => exists(check, path),
        Expr::List(items) => items.iter().for_each(|item| walk(check, item)),
        Expr::Object(fields) => fields.iter().for_each(|(_, value)| walk(check, value)),
        Expr::Unary(_, value) | Expr::Parens(value) => walk(check, value),
        Expr::Binary(first, rest) => {
            walk(check, first);
            rest.iter().for_each(|(_, value)| walk(check, value));
        }
        Expr::Asked(of, asked) => {
            match (&**of, asked.first()) {
                (Expr::Path(path), Some(Ask::Call(arguments))) => {
                    call::check(check, path, arguments);
                }
                (of, _) => walk(check, of),
            }
            for ask in asked {
                match ask {
                    Ask::Member(_) => {}
                    Ask::Index(index) => walk(check, index),
                    Ask::Call(arguments) => arguments.iter().for_each(|item| walk(check, item)),
                }
            }
        }
    }
}

fn exists(check: &mut Check<'_>, path: &Path) {
    match resolve(check, &path.dotted) {
        Target::Nothing(message, help) => {
            check.breach(&path.origin, Kind::Reference, message, help);
        }
        Target::Export(..) | Target::Whole | Target::Function | Target::Open => {}
    }
}

/// What a dotted name refers to here.
pub(super) fn resolve<'p>(check: &Check<'_>, dotted: &'p str) -> Target<'p> {
    if let Some((block, rest)) = check.scope.find(dotted) {
        return of_block(check, block, rest);
    }
    let first = dotted.split('.').next().unwrap_or(dotted);
    if check.scope.is_variable(first) || first == "module_path" {
        return Target::Open;
    }
    let functions = || check.facts.functions();
    match check.facts.function(dotted) {
        Some(Takes::Between(..)) => return Target::Function,
        Some(Takes::Constant) => return Target::Export(ValueKind::Text, ""),
        None => {}
    }
    let library = functions().any(|name| name.split('.').next() == Some(first));
    let message = if library {
        format!("the standard library has no `{dotted}`")
    } else if first == "argument" && check.scope.level == Level::Top {
        format!("`{dotted}` means something in a `declare` only")
    } else {
        format!("`{dotted}` does not exist")
    };
    // An export at the end does not make two components alike.
    let component = dotted.rsplit_once('.').map_or(dotted, |(component, _)| component);
    // Of a thousand names that are wrong nobody wants to know the nearest.
    let near = check.suggests().then(|| {
        let names: Vec<&str> = check.scope.ids().into_iter().chain(functions()).collect();
        let near = |text| nearest(text, names.iter().copied()).map(did_you_mean);
        near(component).or_else(|| near(dotted))
    });
    Target::Nothing(message, near.flatten())
}

fn of_block<'p>(check: &Check<'_>, block: &Block, rest: &'p str) -> Target<'p> {
    let (export, further) = rest.split_once('.').unwrap_or((rest, ""));
    let nothing = |names: &mut dyn Iterator<Item = &str>| {
        let id = id(block);
        let help = nearest(export, names).map(|near| did_you_mean(&format!("{id}.{near}")));
        let message = if export.is_empty() {
            format!("`{id}` exports nothing")
        } else {
            format!("`{id}` does not export `{export}`")
        };
        Target::Nothing(message, help)
    };
    if let Some(maker) = check.scope.custom(&block.name) {
        let mut names = declared_exports(maker);
        let known = maker.name != "declare" || declared_exports(maker).any(|name| name == export);
        return match (known, export.is_empty()) {
            (_, true) => Target::Whole,
            (true, false) => Target::Open,
            (false, false) => nothing(&mut names),
        };
    }
    if block.name == "argument" {
        let known = matches!(export, "value" | "");
        return if known { Target::Open } else { nothing(&mut ["value"].into_iter()) };
    }
    let facts = check.facts;
    if facts.component(&block.name).is_none() && facts.setting(&block.name).is_none() {
        return Target::Open;
    }
    let Some(exports) = exports(block, facts) else {
        return nothing(&mut std::iter::empty());
    };
    let exports = facts.body(exports);
    match exports.get(export).map(|member| &member.shape) {
        Some(Shape::Argument(kind)) if is_secret(block) => Target::Export(kept(kind), further),
        Some(Shape::Argument(kind)) => Target::Export(kind.clone(), further),
        Some(Shape::Block { .. }) => Target::Open,
        None if export.is_empty() => Target::Whole,
        None => nothing(&mut exports.members.iter().map(|member| member.name)),
    }
}

/// Whether what may be a secret is one of this component.
fn is_secret(block: &Block) -> bool {
    block.name == "remote.kubernetes.secret" || scope::is_true(&block.body, "is_secret")
}

/// A kind whose values that may be secrets are.
fn kept(kind: &ValueKind) -> ValueKind {
    if *kind == ValueKind::OptionalSecret {
        return ValueKind::Secret;
    }
    if *kind == ValueKind::Map(Box::new(ValueKind::OptionalSecret)) {
        return ValueKind::Map(Box::new(ValueKind::Secret));
    }
    kind.clone()
}
