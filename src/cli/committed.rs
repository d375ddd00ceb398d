//! Trees that were built before, read from their folders.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use telemetree::committed::{self, Committed};
use telemetree::contract::chart::Contract;
use telemetree::layout;
use walkdir::WalkDir;

/// Checks every cluster's tree below a folder; none if there is no ownership manifest.
pub fn check(folder: &Path, contracts: &[Contract]) -> io::Result<Vec<Committed>> {
    let mut found = Vec::new();
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.map_err(io::Error::from)?;
        if entry.file_type().is_file() && entry.file_name() == layout::MANIFEST {
            let cluster = entry.path().parent().unwrap_or(folder);
            found.push(committed::check(&cluster.to_string_lossy(), &files(cluster)?, contracts));
        }
    }
    Ok(found)
}

/// The text files of a cluster's folder, by path below it.
fn files(folder: &Path) -> io::Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.map_err(io::Error::from)?;
        if !entry.file_type().is_file() {
            continue;
        }
        let path = entry.path().strip_prefix(folder).unwrap_or(entry.path());
        let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
        // What is no text is none of ours; its name is told all the same.
        let text = crate::inputs::text_of(entry.path())?.unwrap_or_default();
        let _ = files.insert(parts.join("/"), text);
    }
    Ok(files)
}
