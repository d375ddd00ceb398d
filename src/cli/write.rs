//! Writes a workload's folder: what is ours is replaced, what is not is never touched, and all of
//! it happens at once.

use crate::compiled::Folder;
use crate::swap;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use telemetree::digest::digest;
use telemetree::layout;
use telemetree::ownership::Manifest;
use walkdir::WalkDir;

/// What happens to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// It is new.
    Create,
    /// It is ours and becomes another.
    Replace,
    /// It is ours and no longer made.
    Remove,
    /// It stays as it is.
    Keep,
}

impl Change {
    /// The change as a verb.
    pub fn verb(self) -> &'static str {
        match self {
            Change::Create => "create",
            Change::Replace => "replace",
            Change::Remove => "remove",
            Change::Keep => "keep",
        }
    }
}

/// What a workload's folder holds, against what it should hold.
pub struct Survey {
    home: PathBuf,
    workload: String,
    /// Every file of ours, by path below the output folder.
    pub changes: Vec<(Change, String)>,
    obstacles: Vec<String>,
    wanted: BTreeMap<String, String>,
    kept: BTreeSet<String>,
    strangers: BTreeSet<String>,
}

impl Survey {
    /// Files that forbid writing, each with the reason.
    pub fn in_the_way(&self) -> Vec<String> {
        self.obstacles.clone()
    }

    fn changes_anything(&self) -> bool {
        self.changes.iter().any(|(change, _)| *change != Change::Keep)
    }
}

/// Makes the output folder and locks it, so that two builds cannot meet in it.
pub fn prepare(output: &Path) -> io::Result<swap::Lock> {
    std::fs::create_dir_all(output).map_err(|error| at(output, &error))?;
    swap::lock(output)
}

fn at(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

/// Looks at a workload's folder and decides about every file, without touching any.
pub fn survey(output: &Path, workload: &str, folder: &Folder) -> io::Result<Survey> {
    let root = output.join(workload);
    let mut wanted = BTreeMap::new();
    for (cluster, files) in folder {
        for (path, text) in files {
            let _ = wanted.insert(format!("{cluster}/{path}"), text.clone());
        }
    }
    let mut survey = Survey {
        home: output.to_owned(),
        workload: workload.to_owned(),
        changes: Vec::new(),
        obstacles: Vec::new(),
        kept: BTreeSet::new(),
        strangers: BTreeSet::new(),
        wanted,
    };
    let present = present_files(&root)?;
    let owned = owned_files(&root, workload, &present)?;
    for path in &present {
        survey.judge(&root, path, owned.get(path))?;
    }
    survey.clear_the_way(&root);
    for path in survey.wanted.keys().filter(|path| !present.contains(*path)) {
        survey.changes.push((Change::Create, format!("{workload}/{path}")));
    }
    Ok(survey)
}

/// Every file and link below a folder, as a path with `/`; nothing if there is no folder.
fn present_files(root: &Path) -> io::Result<BTreeSet<String>> {
    let mut present = BTreeSet::new();
    if std::fs::symlink_metadata(root).is_err() {
        return Ok(present);
    }
    for entry in WalkDir::new(root).follow_links(false).follow_root_links(false) {
        let entry = entry.map_err(io::Error::from)?;
        if entry.depth() == 0 && !entry.file_type().is_dir() {
            let message = format!("{} is not a folder", root.display());
            return Err(io::Error::new(io::ErrorKind::NotADirectory, message));
        }
        if !entry.file_type().is_dir() {
            let path = entry.path().strip_prefix(root).unwrap_or(entry.path());
            let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
            let _ = present.insert(parts.join("/"));
        }
    }
    Ok(present)
}

/// The digest that the manifests give for each file of ours; of a manifest itself, its own.
fn owned_files(
    root: &Path,
    workload: &str,
    present: &BTreeSet<String>,
) -> io::Result<BTreeMap<String, String>> {
    let mut owned = BTreeMap::new();
    for path in present {
        let Some((cluster, name)) = path.split_once('/') else {
            continue;
        };
        if name != layout::MANIFEST {
            continue;
        }
        let Some(bytes) = read_plain(&root.join(path))? else {
            continue;
        };
        let Ok(manifest) = Manifest::parse(&String::from_utf8_lossy(&bytes)) else {
            continue;
        };
        if manifest.workload != workload || manifest.cluster != cluster {
            continue;
        }
        let _ = owned.insert(path.clone(), digest(&bytes));
        for (file, sha) in manifest.files {
            let _ = owned.insert(format!("{cluster}/{file}"), sha);
        }
    }
    Ok(owned)
}

/// A file's bytes; nothing if it is a link or a device, which are never ours.
fn read_plain(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let metadata = std::fs::symlink_metadata(path).map_err(|error| at(path, &error))?;
    if !metadata.is_file() {
        return Ok(None);
    }
    std::fs::read(path).map(Some).map_err(|error| at(path, &error))
}

impl Survey {
    /// A stranger's file (or link) where a folder of ours belongs, or below a file of ours, is in the
    /// way: writing through it would touch what is not ours.
    fn clear_the_way(&mut self, root: &Path) {
        let below = |inner: &str, outer: &str| {
            inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'))
        };
        let blocks = |stranger: &String| {
            self.wanted.keys().any(|path| below(path, stranger) || below(stranger, path))
        };
        let (blocking, fine) = self.strangers.iter().cloned().partition(blocks);
        self.strangers = fine;
        let blocking: BTreeSet<String> = blocking;
        self.obstacles.extend(blocking.iter().map(|path| {
            let shown = root.join(path);
            format!("{} is not telemetree's and stands in the way", shown.display())
        }));
    }

    /// Decides about a file that exists.
    fn judge(&mut self, root: &Path, path: &str, owned: Option<&String>) -> io::Result<()> {
        let shown = root.join(path);
        let shown = shown.display();
        let bytes = read_plain(&root.join(path))?;
        let found = bytes.as_deref().map(digest);
        let wanted = self.wanted.get(path).map(String::as_bytes);
        let full = format!("{}/{path}", self.workload);
        if wanted.is_some() && wanted == bytes.as_deref() {
            self.changes.push((Change::Keep, full));
            let _ = self.kept.insert(path.to_owned());
            return Ok(());
        }
        let change = if wanted.is_some() { Change::Replace } else { Change::Remove };
        match owned {
            None if change == Change::Remove => {
                let _ = self.strangers.insert(path.to_owned());
                return Ok(());
            }
            None => {
                self.obstacles.push(format!("{shown} is not telemetree's and stands in the way"));
            }
            Some(sha) if found.as_ref() != Some(sha) => {
                self.obstacles.push(format!("{shown} was edited by hand since it was made"));
            }
            Some(_) => {}
        }
        self.changes.push((change, full));
        Ok(())
    }
}

/// Puts the new folder in the place of the old one. Files that stay are linked, not copied.
pub fn apply(survey: &Survey) -> io::Result<()> {
    if !survey.changes_anything() {
        return Ok(());
    }
    let root = survey.home.join(&survey.workload);
    let stage = swap::stage(&survey.home, &survey.workload)?;
    for path in survey.kept.iter().chain(&survey.strangers) {
        carry_over(&root, stage.path(), path)?;
    }
    for (path, text) in survey.wanted.iter().filter(|(path, _)| !survey.kept.contains(*path)) {
        let to = stage.path().join(path);
        make_parent(&to)?;
        std::fs::write(&to, text).map_err(|error| at(&to, &error))?;
    }
    carry_folders(&root, stage.path(), survey)?;
    stage.replace(&root)
}

fn make_parent(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(parent) => std::fs::create_dir_all(parent).map_err(|error| at(parent, &error)),
        None => Ok(()),
    }
}

/// The same file at its new place: a second name for it, or a copy where there can be none.
fn carry_over(from: &Path, to: &Path, path: &str) -> io::Result<()> {
    let (from, to): (PathBuf, PathBuf) = (from.join(path), to.join(path));
    make_parent(&to)?;
    if std::fs::hard_link(&from, &to).is_ok() {
        return Ok(());
    }
    std::fs::copy(&from, &to).map(|_| ()).map_err(|error| at(&from, &error))
}

/// Folders that were there are there again, also empty ones, with their permissions.
fn carry_folders(root: &Path, stage: &Path, survey: &Survey) -> io::Result<()> {
    if !root.is_dir() {
        return Ok(());
    }
    let holds_wanted = |folder: &str| {
        survey
            .wanted
            .keys()
            .any(|path| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')))
    };
    // The deepest first: a folder that may not be written to is made so after what it holds.
    for entry in WalkDir::new(root).follow_links(false).contents_first(true) {
        let entry = entry.map_err(io::Error::from)?;
        if !entry.file_type().is_dir() {
            continue;
        }
        let below = entry.path().strip_prefix(root).unwrap_or(entry.path());
        let to = stage.join(below);
        let is_empty = std::fs::read_dir(entry.path())
            .map_err(|error| at(entry.path(), &error))?
            .next()
            .is_none();
        if is_empty && !holds_wanted(&below.to_string_lossy()) {
            std::fs::create_dir_all(&to).map_err(|error| at(&to, &error))?;
        }
        if to.is_dir() {
            let permissions =
                std::fs::metadata(entry.path()).map_err(|error| at(&to, &error))?.permissions();
            std::fs::set_permissions(&to, permissions).map_err(|error| at(&to, &error))?;
        }
    }
    Ok(())
}
