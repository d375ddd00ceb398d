//! A plain patch of the trees' files, which `git apply` takes.

use crate::tree::RelPath;
use similar::TextDiff;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// A folder's files, by path, with their text.
pub type Files = BTreeMap<RelPath, String>;

/// The patch that makes one folder of another; empty if there is nothing to do. `folder` is the path that stands
/// before each file's own.
pub fn unified(folder: &str, before: &Files, after: &Files) -> String {
    let paths: BTreeSet<&RelPath> = before.keys().chain(after.keys()).collect();
    let mut patch = String::new();
    for path in paths {
        let (old, new) = (before.get(path), after.get(path));
        if old != new {
            patch.push_str(&file(&format!("{folder}/{path}"), old, new));
        }
    }
    patch
}

fn file(path: &str, old: Option<&String>, new: Option<&String>) -> String {
    const NEW: &str = "new file mode 100644\n";
    const GONE: &str = "deleted file mode 100644\n";
    let mut out = format!("diff --git {} {}\n", name("a", path), name("b", path));
    match (old, new) {
        (None, Some(_)) => out.push_str(NEW),
        (Some(_), None) => out.push_str(GONE),
        (Some(_), Some(_)) | (None, None) => {}
    }
    let side =
        |sign, text: Option<&String>| text.map_or("/dev/null".to_owned(), |_| name(sign, path));
    let (before, after) = (side("a", old), side("b", new));
    let empty = String::new();
    let diff = TextDiff::from_lines(old.unwrap_or(&empty), new.unwrap_or(&empty));
    out.push_str(&diff.unified_diff().context_radius(3).header(&before, &after).to_string());
    out
}

/// A path as git writes it: in quotes if it holds anything but plain characters.
fn name(side: &str, path: &str) -> String {
    let plain = path.chars().all(|c| c.is_ascii_graphic() && c != '"' && c != '\\');
    if plain {
        return format!("{side}/{path}");
    }
    let mut quoted = format!("\"{side}/");
    for byte in path.bytes() {
        match byte {
            b'"' | b'\\' => quoted.extend(['\\', char::from(byte)]),
            b' '..=b'~' => quoted.push(char::from(byte)),
            _ => {
                let _ = write!(quoted, "\\{byte:03o}");
            }
        }
    }
    quoted.push('"');
    quoted
}
