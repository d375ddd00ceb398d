//! Calls of the standard library's functions.

use super::facts::{Stability, Takes};
use super::infer::infer;
use super::kind::Kind as Value;
use super::reference::{Target, resolve};
use super::value::{fits, origin};
use super::{Check, Kind};
use crate::river::{Expr, Path};

/// Checks the call of what `path` names: that it is a function, and what it is given.
pub(super) fn check(check: &mut Check<'_>, path: &Path, arguments: &[Expr]) {
    let name = &*path.dotted;
    match resolve(check, name) {
        Target::Function => {}
        Target::Open => return,
        Target::Nothing(message, help) => {
            return check.breach(&path.origin, Kind::Reference, message, help);
        }
        Target::Export(..) | Target::Whole => {
            let message = format!("`{name}` is no function");
            return check.breach(&path.origin, Kind::Type, message, None);
        }
    }
    if check.facts.is_experimental(name) && check.stability > Stability::Experimental {
        let help = "run the collector with `experimental`, or do without it".to_owned();
        let message = format!("`{name}` is experimental");
        check.breach(&path.origin, Kind::Conflict, message, Some(help));
    }
    if let Some(instead) = namespaced(name) {
        let message = format!("`{name}` is deprecated");
        let help = format!("write `{instead}`");
        check.breach(&path.origin, Kind::Deprecated, message, Some(help));
    }
    count(check, path, arguments.len());
    if let Some(wanted) = takes(name) {
        for argument in arguments {
            let Some(given) = infer(check, argument) else { continue };
            if !fits(check, &given, &wanted) {
                let at = origin(argument).unwrap_or(&path.origin).clone();
                let message =
                    format!("`{name}` takes {}, not {}", wanted.describe(), given.describe());
                check.breach(&at, Kind::Type, message, None);
            }
        }
    }
}

fn count(check: &mut Check<'_>, path: &Path, given: usize) {
    let Some(Takes::Between(least, most)) = check.facts.function(&path.dotted) else { return };
    if given >= least && most.is_none_or(|most| given <= most) {
        return;
    }
    let wanted = match most {
        Some(most) if most == least => format!("{least}"),
        Some(most) => format!("{least} to {most}"),
        None => format!("at least {least}"),
    };
    let message = format!("`{}` takes {wanted} arguments, not {given}", path.dotted);
    check.breach(&path.origin, Kind::Value, message, None);
}

/// The name that a function of old goes by today.
fn namespaced(name: &str) -> Option<&'static str> {
    Some(match name {
        "env" => "sys.env",
        "nonsensitive" => "convert.nonsensitive",
        "concat" => "array.concat",
        "json_decode" => "encoding.from_json",
        "yaml_decode" => "encoding.from_yaml",
        "base64_decode" => "encoding.from_base64",
        "format" => "string.format",
        "join" => "string.join",
        "replace" => "string.replace",
        "split" => "string.split",
        "to_lower" => "string.to_lower",
        "to_upper" => "string.to_upper",
        "trim" => "string.trim",
        "trim_prefix" => "string.trim_prefix",
        "trim_suffix" => "string.trim_suffix",
        "trim_space" => "string.trim_space",
        _ => return None,
    })
}

/// What all arguments of a function must be, where that is one kind.
fn takes(name: &str) -> Option<Value> {
    match namespaced(name).unwrap_or(name) {
        "array.concat" => Some(Value::List(Box::new(Value::Any))),
        "convert.nonsensitive" => Some(Value::Secret),
        "file.path_join" | "string.replace" | "string.split" | "string.to_lower"
        | "string.to_upper" | "string.trim" | "string.trim_prefix" | "string.trim_space"
        | "string.trim_suffix" | "sys.env" => Some(Value::Text),
        _ => None,
    }
}

/// What a function gives.
pub(super) fn gives(check: &Check<'_>, name: &str, arguments: &[Expr]) -> Option<Value> {
    let name = namespaced(name).unwrap_or(name);
    match name {
        "array.concat" => {
            let mut kinds = arguments.iter().map(|argument| infer(check, argument));
            let first = kinds.next()??;
            kinds.all(|kind| kind.as_ref() == Some(&first)).then_some(first)
        }
        "string.split" => Some(Value::List(Box::new(Value::Text))),
        "convert.nonsensitive" | "encoding.to_json" | "file.path_join" | "sys.env" => {
            Some(Value::Text)
        }
        name if name.starts_with("string.") => Some(Value::Text),
        _ => None,
    }
}
