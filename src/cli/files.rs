//! Where the texts of specs, fleets, overlays and trees are read from.

use crate::snapshot::Snapshot;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use telemetree::diag::Diagnostic;
use telemetree::{layout, syntax};
use walkdir::WalkDir;

/// A place that holds files. Paths are as people name them, from where the command runs.
#[derive(Debug)]
pub enum Files {
    /// The disk, as it is now.
    Disk,
    /// What git keeps: a revision, or the index.
    Snapshot(Snapshot),
}

/// Which files of a folder are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// What may be a spec or a fleet: YAML files, none of them hidden, in a hidden folder, or in a tree
    /// that was built.
    Documents,
    /// All.
    All,
}

impl Files {
    /// The text of a file, or why it is none.
    ///
    /// # Errors
    /// When the file cannot be read; the message names it.
    pub fn text(&self, path: &Path) -> io::Result<Result<String, Diagnostic>> {
        Ok(syntax::decode(named(path, self.read(path))?))
    }

    /// The first bytes of a file: one more than may be read at most, so that the reader sees that
    /// there is too much.
    ///
    /// # Errors
    /// When the file cannot be read; the message does not name it.
    pub fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        match self {
            Files::Disk => limited(std::fs::File::open(path)?),
            Files::Snapshot(snapshot) => snapshot.read(path),
        }
    }

    /// Whether there is a regular file, links followed.
    pub fn is_file(&self, path: &Path) -> bool {
        match self {
            Files::Disk => path.is_file(),
            Files::Snapshot(snapshot) => snapshot.is_file(path),
        }
    }

    /// Whether there is a folder, links followed.
    pub fn is_folder(&self, path: &Path) -> bool {
        match self {
            Files::Disk => path.is_dir(),
            Files::Snapshot(snapshot) => snapshot.is_folder(path),
        }
    }

    /// The path to which links lead, from the root.
    ///
    /// # Errors
    /// When there is nothing at the path; the message does not name it.
    pub fn real(&self, path: &Path) -> io::Result<PathBuf> {
        match self {
            Files::Disk => std::fs::canonicalize(path),
            Files::Snapshot(snapshot) => snapshot.real(path),
        }
    }

    /// The same of a folder below which files are read; in a snapshot it need not be there yet.
    ///
    /// # Errors
    /// When there is nothing at the path of a disk; the message does not name it.
    pub fn real_folder(&self, path: &Path) -> io::Result<PathBuf> {
        match self {
            Files::Disk => std::fs::canonicalize(path),
            Files::Snapshot(snapshot) => {
                Ok(snapshot.real(path).unwrap_or_else(|_| snapshot.rooted(path)))
            }
        }
    }

    /// The regular files below a folder, each folder's entries by name. Links are not followed.
    ///
    /// # Errors
    /// When a folder cannot be read.
    pub fn below(&self, folder: &Path, which: Which) -> io::Result<Vec<PathBuf>> {
        match self {
            Files::Disk => on_disk(folder, which),
            Files::Snapshot(snapshot) => snapshot.below(folder, which),
        }
    }
}

impl Which {
    /// Whether an entry of a folder is looked at.
    pub fn sees(self, name: &str) -> bool {
        match self {
            Which::Documents => !name.starts_with('.'),
            Which::All => true,
        }
    }

    /// Whether a file is meant.
    pub fn takes(self, path: &Path) -> bool {
        match self {
            Which::Documents => is_yaml(path),
            Which::All => true,
        }
    }
}

fn on_disk(folder: &Path, which: Which) -> io::Result<Vec<PathBuf>> {
    let sees = |entry: &walkdir::DirEntry| {
        let is_seen = entry.depth() == 0 || which.sees(&entry.file_name().to_string_lossy());
        is_seen && !(which == Which::Documents && is_built(entry))
    };
    let mut files = Vec::new();
    for entry in WalkDir::new(folder).sort_by_file_name().into_iter().filter_entry(sees) {
        let entry = entry.map_err(io::Error::from)?;
        if entry.file_type().is_file() && which.takes(entry.path()) {
            files.push(entry.into_path());
        }
    }
    Ok(files)
}

/// Whether an entry is a cluster's folder that was built.
fn is_built(entry: &walkdir::DirEntry) -> bool {
    entry.file_type().is_dir() && entry.path().join(layout::MANIFEST).is_file()
}

/// Whether a file is called like a document.
pub fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "yaml" || end == "yml")
}

/// As much of a stream as is ever read.
pub fn limited(stream: impl io::Read) -> io::Result<Vec<u8>> {
    let limit = u64::try_from(syntax::MAX_BYTES + 1).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    let _ = stream.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The same result; an error says of which file.
fn named<T>(path: &Path, result: io::Result<T>) -> io::Result<T> {
    result.map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))
}
