//! Folders of one process must not lie in one another (`validateFilesystemPaths` of Mimir's
//! `pkg/mimir`, for the target `all`).

use crate::contract::Kind;
use crate::contract::settings::findings::{At, Findings};
use crate::contract::settings::references::is_open;
use crate::contract::settings::view::View;
use crate::node::Data;
use crate::pointer::Pointer;

/// A folder: the setting that names it, where it is set, and where it is, below a root that nobody names.
struct Folder {
    setting: &'static str,
    at: Option<Pointer>,
    path: Vec<String>,
}

/// Adds folders that overlap.
pub fn check(view: &View<'_>, found: &mut Findings) {
    let folders = folders(view);
    for (position, first) in folders.iter().enumerate() {
        for second in folders.iter().skip(position + 1).filter(|second| overlap(first, second)) {
            let Some(at) = first.at.as_ref().or(second.at.as_ref()) else { continue };
            let message =
                format!("the folders of `{}` and `{}` overlap", first.setting, second.setting);
            let help = "let neither lie in the other".to_owned();
            found.add(At::Other(at), Kind::Conflict, message, Some(help));
        }
    }
}

/// Every folder of a process, as far as it is known.
fn folders(view: &View<'_>) -> Vec<Folder> {
    let backend = |store: &str| {
        let own = view.text(&format!("{store}.backend"));
        own.or_else(|| view.text("common.storage.backend")).unwrap_or("filesystem")
    };
    let mut folders = Vec::new();
    let mut add = |setting: &'static str, default: &str, within: &str| {
        let common = || view.get("common.storage.filesystem.dir");
        let shared = setting.ends_with(".filesystem.dir");
        let written = view.get(setting).or_else(|| shared.then(common).flatten());
        let named = match written.as_ref().map(|found| &found.node.data) {
            None => default.to_owned(),
            Some(Data::Text(text)) if !is_open(text) => text.to_string(),
            Some(Data::Int(number)) => number.to_string(),
            Some(Data::Bool(value)) => value.to_string(),
            Some(Data::Null | Data::Text(_) | Data::Float(_) | Data::List(_) | Data::Map(_)) => {
                return;
            }
        };
        let path = clean(&format!("{named}/{within}"), &named);
        folders.push(Folder { setting, at: written.map(|found| found.at), path });
    };
    if backend("blocks_storage") == "filesystem" {
        let prefix = view.text("blocks_storage.storage_prefix").unwrap_or_default();
        add("blocks_storage.filesystem.dir", "blocks", prefix);
    }
    add("blocks_storage.tsdb.dir", "./tsdb/", "");
    add("blocks_storage.bucket_store.sync_dir", "./tsdb-sync/", "");
    add("compactor.data_dir", "./data-compactor/", "");
    add("ruler.rule_path", "./data-ruler/", "");
    match backend("ruler_storage") {
        "filesystem" => add("ruler_storage.filesystem.dir", "ruler", "rules"),
        "local" => add("ruler_storage.local.directory", "", ""),
        _ => {}
    }
    folders
}

/// The folders on the way to one. What does not start at the root starts where the process runs.
fn clean(path: &str, named: &str) -> Vec<String> {
    let mut parts = Vec::new();
    if !named.starts_with('/') {
        parts.push("\0here".to_owned());
    }
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            name => parts.push(name.to_owned()),
        }
    }
    parts
}

/// Mimir compares letters, not names, of folders that are not beside each other.
fn overlap(first: &Folder, second: &Folder) -> bool {
    let (one, other) = (first.path.split_last(), second.path.split_last());
    let (Some((name, above)), Some((other_name, other_above))) = (one, other) else { return true };
    if above == other_above {
        return name == other_name;
    }
    let (one, other) = (first.path.join("/"), second.path.join("/"));
    one.starts_with(&other) || other.starts_with(&one)
}
