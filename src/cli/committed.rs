//! Trees that were built before, read from their folders.

use crate::files::{Files, Which};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use telemetree::committed::{self, Committed};
use telemetree::contract::chart::Contract;
use telemetree::layout;

/// A cluster's tree: its folder, and its text files by path below it.
pub struct BuiltTree {
    /// The folder, as people name it.
    pub folder: PathBuf,
    /// The files, the ownership manifest among them.
    pub files: BTreeMap<String, String>,
}

/// Checks every cluster's tree below a folder; none if there is no ownership manifest.
pub fn check(folder: &Path, contracts: &[Contract]) -> io::Result<Vec<Committed>> {
    let trees = read(&Files::Disk, folder)?;
    let check =
        |tree: &BuiltTree| committed::check(&tree.folder.to_string_lossy(), &tree.files, contracts);
    Ok(trees.iter().map(check).collect())
}

/// Reads every cluster's tree below a folder; none if there is no ownership manifest.
pub fn read(files: &Files, folder: &Path) -> io::Result<Vec<BuiltTree>> {
    let all = files.below(folder, Which::All)?;
    let manifests = all.iter().filter(|file| file.ends_with(layout::MANIFEST));
    let folders = manifests.filter_map(|manifest| manifest.parent());
    folders.map(|folder| read_one(files, folder)).collect()
}

/// Reads the tree in a cluster's folder.
pub fn read_one(files: &Files, folder: &Path) -> io::Result<BuiltTree> {
    let inside = files.below(folder, Which::All)?;
    let texts = inside.iter().map(|file| {
        let path = file.strip_prefix(folder).unwrap_or(file);
        let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
        // What is no text is none of ours; its name is told all the same.
        Ok((parts.join("/"), files.text(file)?.unwrap_or_default()))
    });
    Ok(BuiltTree { folder: folder.to_owned(), files: texts.collect::<io::Result<_>>()? })
}
