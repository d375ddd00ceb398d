//! What stands for something else inside text: Helm's templates and references to the environment.
//!
//! Mimir expands with Go's `os.Expand`, in which `$$` vanishes and `$name` is a reference, too (tried with
//! 3.0.4); Loki with `drone/envsubst`, which reads `${name}` only and for which `$$` is a `$` (tried with
//! 3.7.6).

use super::findings::{At, Findings};
use crate::contract::Kind;

/// How an application expands `$`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expansion {
    /// As Go's `os.Expand` does.
    Everything,
    /// Only within braces.
    Braces,
    /// Not at all.
    None,
}

/// Whether something will still be put into this text, so that nothing is known of its type.
pub fn is_open(text: &str) -> bool {
    text.contains("{{") || text.contains("${")
}

/// Adds a breach for a `$` that is read as a reference and does not look like one.
pub fn check(text: &str, expansion: Expansion, found: &mut Findings) {
    let Some(written) = mistaken(text, expansion) else { return };
    let help = match expansion {
        Expansion::Everything => "write `${dollar:$}` for a `$`",
        Expansion::Braces => "write `$$` for a `$`",
        Expansion::None => return,
    };
    let message = format!("`{written}` is read as a reference to the environment");
    found.add(At::Value, Kind::Value, message, Some(help.to_owned()));
}

fn mistaken(text: &str, expansion: Expansion) -> Option<String> {
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('$') {
        rest = after;
        if let Some(inner) = after.strip_prefix('{') {
            let name: String = inner.chars().take_while(|c| is_name(*c)).collect();
            let end = inner.find('}');
            if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) || end.is_none() {
                return Some(format!("${{{name}{}", if end.is_some() { "}" } else { "" }));
            }
            rest = inner.get(end.unwrap_or_default()..).unwrap_or_default();
        } else if expansion == Expansion::Braces {
            rest = after.strip_prefix('$').unwrap_or(after);
        } else if expansion == Expansion::Everything {
            let name: String = after.chars().take_while(|c| is_name(*c)).collect();
            // Names of the environment are written in capitals; whoever writes one means it.
            let meant = name.starts_with(|c: char| c.is_ascii_uppercase())
                && !name.contains(|c: char| c.is_ascii_lowercase());
            if !name.is_empty() && !meant {
                return Some(format!("${name}"));
            }
            if let Some(special) = after.chars().next().filter(|c| "*#$@!?-".contains(*c)) {
                return Some(format!("${special}"));
            }
        }
    }
    None
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_that_looks_like_one_is_meant() {
        for text in ["${A}", "x${A_B:c}y", "$", "a$ b", "$HOME/x", "^a$", "\"$\"", "${dollar:$}"] {
            assert_eq!(mistaken(text, Expansion::Everything), None, "{text}");
        }
        for text in ["$1", "a$b", "$$", "${1}", "${", "${}"] {
            assert!(mistaken(text, Expansion::Everything).is_some(), "{text}");
        }
        for text in ["$1", "a$b", "$$", "$${1", "${A}"] {
            assert_eq!(mistaken(text, Expansion::Braces), None, "{text}");
        }
        for text in ["${1}", "a${"] {
            assert!(mistaken(text, Expansion::Braces).is_some(), "{text}");
        }
    }
}
