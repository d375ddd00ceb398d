//! Which files there are on a side, and what is known of them without reading them.

use super::Snapshot;
use super::repository::{Place, failed};
use crate::files::is_yaml;
use git2::{IndexEntry, ObjectType, Oid, Repository};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use telemetree::{fleet, layout};

/// The part of a work tree that is looked at. Paths are from its top.
#[derive(Debug, Clone)]
pub struct Area {
    /// The folders; an empty path is the top. Above them only fleets count.
    folders: BTreeSet<String>,
    /// What is made of the trees that were built.
    pub built: Built,
}

/// What is made of trees that were built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Built {
    /// Their folders are named, not looked into: nothing in them is an input.
    LeftOut,
    /// Their files are listed, too.
    Listed,
}

/// The files of a side.
#[derive(Debug, Default)]
pub struct Listing {
    /// Regular files; with their content's id, where that is known.
    pub files: BTreeMap<String, Option<Oid>>,
    /// Links.
    pub links: BTreeSet<String>,
    /// Folders of built trees: those with an ownership manifest.
    pub built: BTreeSet<String>,
    /// Folders that are repositories of their own, such as submodules.
    pub foreign: BTreeSet<String>,
    stats: Option<Stats>,
}

/// What the index says of the files on the disk.
#[derive(Debug)]
struct Stats {
    top: PathBuf,
    entries: BTreeMap<String, IndexEntry>,
    /// When the index was written: a file that was changed in the same moment may have changed after.
    #[cfg(unix)]
    written: (i64, i64),
}

impl Area {
    /// Folders, each once and none below another one.
    pub fn of(folders: &BTreeSet<String>, built: Built) -> Area {
        let is_below =
            |folder: &String| folders.iter().any(|other| other != folder && is_in(folder, other));
        let folders = folders.iter().filter(|folder| !is_below(folder)).cloned().collect();
        Area { folders, built }
    }

    fn holds(&self, file: &str) -> bool {
        let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
        let name = file.rsplit('/').next().unwrap_or_default();
        self.covers(folder) || (name == fleet::FILE && self.leads(folder))
    }

    /// Whether a folder is one of the area's, or below one.
    fn covers(&self, folder: &str) -> bool {
        self.folders.iter().any(|own| is_in(folder, own))
    }

    /// Whether a folder is above one of the area's.
    fn leads(&self, folder: &str) -> bool {
        self.folders.iter().any(|own| is_in(own, folder))
    }
}

/// Whether a path is a folder or below it.
pub fn is_in(path: &str, folder: &str) -> bool {
    let rest = path.strip_prefix(folder);
    folder.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The folders above a path, the nearest first; the top is an empty one.
pub fn above(path: &str) -> impl Iterator<Item = &str> {
    fn parent(path: &str) -> Option<&str> {
        let folder = path.rsplit_once('/').map(|(folder, _)| folder);
        folder.or((!path.is_empty()).then_some(""))
    }
    std::iter::successors(parent(path), |folder| parent(folder))
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

fn not_utf8(folder: &str, name: &[u8]) -> io::Error {
    let name = String::from_utf8_lossy(name).into_owned();
    io::Error::other(format!("{} has a name that is not UTF-8", join(folder, &name)))
}

impl Listing {
    /// The files of a snapshot.
    ///
    /// # Errors
    /// When a folder cannot be read, or a document's name is not UTF-8.
    pub fn of_snapshot(snapshot: &Snapshot, area: &Area) -> io::Result<Listing> {
        let mut listing = Listing::default();
        if let Some(root) = snapshot.root {
            listing.add_tree(snapshot, &snapshot.repository(), root, "", area)?;
        }
        Ok(listing)
    }

    fn add_tree(
        &mut self,
        snapshot: &Snapshot,
        repository: &Repository,
        id: Oid,
        folder: &str,
        area: &Area,
    ) -> io::Result<()> {
        let tree = snapshot.tree(repository, id)?;
        if tree.get_name(layout::MANIFEST).is_some() {
            let _ = self.built.insert(folder.to_owned());
            if area.built == Built::LeftOut {
                return Ok(());
            }
        }
        for entry in &tree {
            let Ok(name) = entry.name() else {
                let name = entry.name_bytes();
                if is_yaml(Path::new(&*String::from_utf8_lossy(name))) && area.covers(folder) {
                    return Err(not_utf8(folder, name));
                }
                continue;
            };
            let path = join(folder, name);
            match entry.kind() {
                Some(ObjectType::Tree) if area.covers(&path) || area.leads(&path) => {
                    self.add_tree(snapshot, repository, entry.id(), &path, area)?;
                }
                Some(ObjectType::Blob) if area.holds(&path) => {
                    if entry.filemode() == super::LINK {
                        let _ = self.links.insert(path);
                    } else {
                        let _ = self.files.insert(path, Some(entry.id()));
                    }
                }
                Some(ObjectType::Commit) => {
                    let _ = self.foreign.insert(path);
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// The files on the disk. What git ignores counts, because a build reads it; hidden files count
    /// if git knows them.
    ///
    /// # Errors
    /// When a folder or the index cannot be read, or a document's name is not UTF-8.
    pub fn of_disk(repository: &Repository, place: &Place, area: &Area) -> io::Result<Listing> {
        let mut listing = Listing::default();
        for folder in &area.folders {
            listing.add_folder(&place.top.join(folder), folder, area)?;
        }
        for folder in area.folders.iter().flat_map(|folder| above(folder)) {
            let path = join(folder, fleet::FILE);
            if is_file(&place.top.join(&path)) {
                let _ = listing.files.insert(path, None);
            }
        }
        let stats = Stats::read(repository, place, area, &listing.built)?;
        for (path, entry) in &stats.entries {
            let is_hidden = path.split('/').any(|part| part.starts_with('.'));
            if is_hidden && is_file(&place.top.join(path)) {
                let _ = listing.files.insert(path.clone(), None);
            } else if is_left_out(entry) && !listing.files.contains_key(path) {
                let _ = listing.files.insert(path.clone(), Some(entry.id));
            }
        }
        listing.stats = Some(stats);
        Ok(listing)
    }

    fn add_folder(&mut self, folder: &Path, path: &str, area: &Area) -> io::Result<()> {
        let entries = match std::fs::read_dir(folder) {
            Ok(entries) => entries.collect::<io::Result<Vec<_>>>()?,
            // What was named on the command line may be there on the other side only.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => {
                return Err(io::Error::new(error.kind(), format!("{}: {error}", folder.display())));
            }
        };
        if entries.iter().any(|entry| entry.file_name() == layout::MANIFEST) {
            let _ = self.built.insert(path.to_owned());
            if area.built == Built::LeftOut {
                return Ok(());
            }
        }
        if !path.is_empty() && entries.iter().any(|entry| entry.file_name() == ".git") {
            let _ = self.foreign.insert(path.to_owned());
            return Ok(());
        }
        for entry in entries {
            let name = entry.file_name();
            let Some(name) = name.to_str() else {
                if is_yaml(Path::new(&name)) {
                    return Err(not_utf8(path, name.to_string_lossy().as_bytes()));
                }
                continue;
            };
            let is_hidden = name.starts_with('.') && area.built == Built::LeftOut;
            if is_hidden || name == ".git" {
                continue;
            }
            let path = join(path, name);
            let kind = entry.file_type()?;
            if kind.is_dir() {
                self.add_folder(&entry.path(), &path, area)?;
            } else if kind.is_symlink() {
                let _ = self.links.insert(path);
            } else if kind.is_file() {
                let _ = self.files.insert(path, None);
            }
        }
        Ok(())
    }

    /// The id of a file's content, if it is known without reading it.
    pub fn known(&self, path: &str) -> Option<Oid> {
        let known = self.files.get(path)?;
        known.or_else(|| self.stats.as_ref().and_then(|stats| stats.known(path)))
    }
}

/// Whether a sparse checkout leaves the file out of the work tree.
fn is_left_out(entry: &IndexEntry) -> bool {
    git2::IndexEntryExtendedFlag::from_bits_truncate(entry.flags_extended).is_skip_worktree()
}

fn is_file(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_file())
}

impl Stats {
    fn read(
        repository: &Repository,
        place: &Place,
        area: &Area,
        built: &BTreeSet<String>,
    ) -> io::Result<Stats> {
        let index =
            repository.index().map_err(|error| failed("the index cannot be read", &error))?;
        let mut entries = BTreeMap::new();
        let mut inside: Option<&String> = None;
        for entry in index.iter() {
            let Ok(path) = std::str::from_utf8(&entry.path) else { continue };
            // Entries are sorted, so that those of a folder follow each other.
            if area.built == Built::LeftOut {
                if inside.is_none_or(|folder| !is_in(path, folder)) {
                    inside = above(path).find_map(|folder| built.get(folder));
                }
                if inside.is_some() {
                    continue;
                }
            }
            let stage = (entry.flags >> 12) & 3;
            if stage == 0 && area.holds(path) {
                let _ = entries.insert(path.to_owned(), entry);
            }
        }
        Ok(Stats {
            top: place.top.clone(),
            entries,
            #[cfg(unix)]
            written: index.path().map_or((0, 0), written),
        })
    }

    /// What the index holds of a file, if the file is as it was when the index was written.
    #[cfg(unix)]
    fn known(&self, path: &str) -> Option<Oid> {
        use std::os::unix::fs::MetadataExt as _;
        let entry = self.entries.get(path)?;
        let now = std::fs::symlink_metadata(self.top.join(path)).ok()?;
        // The index keeps 32 bits of each figure; nanoseconds are none where git was built without.
        let low = |figure: u64| u32::try_from(figure & u64::from(u32::MAX)).unwrap_or_default();
        let is_then = |then: git2::IndexTime, seconds: i64, nanoseconds: i64| {
            let known = i64::from(then.nanoseconds());
            i64::from(then.seconds()) == seconds && (known == 0 || known == nanoseconds)
        };
        let is_same = now.is_file()
            && low(now.size()) == entry.file_size
            && low(now.ino()) == entry.ino
            && is_then(entry.mtime, now.mtime(), now.mtime_nsec())
            && is_then(entry.ctime, now.ctime(), now.ctime_nsec());
        let is_racy = (now.mtime(), now.mtime_nsec()) >= self.written;
        (is_same && !is_racy).then_some(entry.id)
    }

    /// Without figures of the system's own every file is read.
    #[cfg(not(unix))]
    fn known(&self, _path: &str) -> Option<Oid> {
        None
    }
}

#[cfg(unix)]
fn written(index: &Path) -> (i64, i64) {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata(index).map_or((0, 0), |now| (now.mtime(), now.mtime_nsec()))
}
