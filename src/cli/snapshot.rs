//! The files that git keeps: of a revision, or of the index. They are read in-process.
//!
//! Links are followed inside of the snapshot, as the disk would; never out of it. Neither filters nor
//! attributes take part: a text is what the repository holds.

pub mod listing;
pub mod repository;
pub mod revision;

use crate::files::Which;
use git2::{ObjectType, Oid, Repository, Tree, TreeEntry};
use repository::{Place, failed};
use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use telemetree::layout;

/// The most links that lead to a file; more are a loop.
const MOST_LINKS: usize = 40;
/// The mode of a link.
const LINK: i32 = 0o120_000;
/// What the text in place of a file in Git LFS starts with, as its specification says:
/// <https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md>.
const LFS: &[u8] = b"version https://git-lfs.github.com/spec/";

/// The files that git keeps of a work tree.
pub struct Snapshot {
    repository: Mutex<Repository>,
    /// Its tree; nothing if no commit has been made yet.
    root: Option<Oid>,
    place: Place,
    /// What people call it.
    name: String,
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Snapshot({})", self.name)
    }
}

/// What is at a path.
enum Found {
    Folder(Option<Oid>),
    File(Oid),
}

impl Snapshot {
    /// The files of a tree. `name` is what people call it.
    pub fn new(repository: Repository, place: Place, root: Option<Oid>, name: String) -> Snapshot {
        Snapshot { repository: Mutex::new(repository), root, place, name }
    }

    /// The files of the index: what would be committed.
    ///
    /// # Errors
    /// When the index cannot be read, or holds conflicts: in words.
    pub fn of_index(repository: Repository, place: Place) -> io::Result<Snapshot> {
        let read = || -> Result<Oid, git2::Error> {
            // Trees are made of the index; in memory, so that the repository stays as it is.
            let _ = repository.odb()?.add_new_mempack_backend(i32::MAX)?;
            let mut index = repository.index()?;
            // A file that `git add -N` announced has no content yet, and is not committed.
            let announced: Vec<_> = index.iter().filter(is_announced).collect();
            for entry in announced {
                index.remove(Path::new(&*String::from_utf8_lossy(&entry.path)), 0)?;
            }
            index.write_tree_to(&repository)
        };
        match read() {
            Ok(root) => Ok(Snapshot::new(repository, place, Some(root), "the index".to_owned())),
            Err(error) if error.code() == git2::ErrorCode::Unmerged => Err(io::Error::other(
                "the index holds conflicts of a merge; resolve them and `git add` the files",
            )),
            Err(error) => Err(failed("the index cannot be read", &error)),
        }
    }

    /// Where its work tree lies.
    pub fn place(&self) -> &Place {
        &self.place
    }

    fn repository(&self) -> MutexGuard<'_, Repository> {
        self.repository.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The first bytes of a file, as `Files::read`.
    pub fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let repository = self.repository();
        match self.find(&repository, path)? {
            (_, Found::File(id)) => {
                let bytes = self.content(&repository, id)?;
                if bytes.starts_with(LFS) {
                    let message = "Git LFS keeps its content outside of the repository";
                    return Err(io::Error::other(message));
                }
                crate::files::limited(&*bytes)
            }
            (_, Found::Folder(_)) => Err(io::ErrorKind::IsADirectory.into()),
        }
    }

    /// Whether there is a file.
    pub fn is_file(&self, path: &Path) -> bool {
        matches!(self.find(&self.repository(), path), Ok((_, Found::File(_))))
    }

    /// Whether there is a folder.
    pub fn is_folder(&self, path: &Path) -> bool {
        matches!(self.find(&self.repository(), path), Ok((_, Found::Folder(_))))
    }

    /// The path to which links lead, as if the files lay in the work tree.
    pub fn real(&self, path: &Path) -> io::Result<PathBuf> {
        let (parts, _) = self.find(&self.repository(), path)?;
        Ok(parts.iter().fold(self.place.top.clone(), |path, part| path.join(part)))
    }

    /// The path from the root, whether anything is there or not.
    pub fn rooted(&self, path: &Path) -> PathBuf {
        self.place.rooted(path)
    }

    /// The files below a folder, as `Files::below`.
    pub fn below(&self, folder: &Path, which: Which) -> io::Result<Vec<PathBuf>> {
        let repository = self.repository();
        let mut files = Vec::new();
        if let (_, Found::Folder(Some(id))) = self.find(&repository, folder)? {
            self.collect(&repository, id, folder, which, &mut files)?;
        }
        Ok(files)
    }

    fn collect(
        &self,
        repository: &Repository,
        folder: Oid,
        path: &Path,
        which: Which,
        files: &mut Vec<PathBuf>,
    ) -> io::Result<()> {
        let tree = self.tree(repository, folder)?;
        if which == Which::Documents && tree.get_name(layout::MANIFEST).is_some() {
            return Ok(());
        }
        let mut entries: Vec<TreeEntry> = tree.iter().collect();
        // Git sorts a folder as if its name ended with a slash.
        entries.sort_by(|a, b| a.name_bytes().cmp(b.name_bytes()));
        for entry in entries {
            let Ok(name) = entry.name() else {
                let name = String::from_utf8_lossy(entry.name_bytes()).into_owned();
                if which.takes(Path::new(&name)) {
                    return Err(self.not_utf8(&path.join(name)));
                }
                continue;
            };
            let path = path.join(name);
            match entry.kind() {
                Some(ObjectType::Tree) if which.sees(name) => {
                    self.collect(repository, entry.id(), &path, which, files)?;
                }
                Some(ObjectType::Blob)
                    if entry.filemode() != LINK && which.sees(name) && which.takes(&path) =>
                {
                    files.push(path);
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn not_utf8(&self, path: &Path) -> io::Error {
        io::Error::other(format!("{}: {} has a name that is not UTF-8", self.name, path.display()))
    }

    fn tree<'r>(&self, repository: &'r Repository, id: Oid) -> io::Result<Tree<'r>> {
        repository.find_tree(id).map_err(|error| self.missing("a folder", &error))
    }

    fn content(&self, repository: &Repository, id: Oid) -> io::Result<Vec<u8>> {
        let blob = repository.find_blob(id).map_err(|error| self.missing("its content", &error))?;
        Ok(blob.content().to_owned())
    }

    fn missing(&self, what: &str, error: &git2::Error) -> io::Error {
        if error.code() == git2::ErrorCode::NotFound {
            let why = "in a shallow or partial clone, fetch it first";
            return io::Error::other(format!(
                "the repository lacks {what} at {}; {why}",
                self.name
            ));
        }
        failed(&format!("{what} at {} cannot be read", self.name), error)
    }

    /// What is at a path, and the names of the folders and the file that lead there without links.
    fn find(&self, repository: &Repository, path: &Path) -> io::Result<(Vec<String>, Found)> {
        let inside = self.place.inside(path)?;
        let mut todo: VecDeque<String> = inside.split('/').map(str::to_owned).collect();
        let mut folders: Vec<(String, Oid)> = Vec::new();
        let mut links = 0;
        while let Some(part) = todo.pop_front() {
            match part.as_str() {
                ".." if folders.pop().is_none() => return Err(leads_out(path)),
                "" | "." | ".." => continue,
                _ => {}
            }
            let folder = folders.last().map(|(_, id)| *id).or(self.root);
            let Some(folder) = folder else { return Err(io::ErrorKind::NotFound.into()) };
            let tree = self.tree(repository, folder)?;
            let Some(entry) = tree.get_name(&part) else {
                // A folder that is there on the disk only may still be on the way.
                if todo.pop_front().is_some_and(|next| next == "..") {
                    continue;
                }
                return Err(io::ErrorKind::NotFound.into());
            };
            match entry.kind() {
                Some(ObjectType::Tree) => folders.push((part, entry.id())),
                Some(ObjectType::Blob) if entry.filemode() == LINK => {
                    links += 1;
                    if links > MOST_LINKS {
                        return Err(io::Error::other("links lead in a circle"));
                    }
                    let target = self.content(repository, entry.id())?;
                    let target = String::from_utf8_lossy(&target).into_owned();
                    if target.starts_with('/') {
                        return Err(leads_out(path));
                    }
                    target.split('/').rev().for_each(|part| todo.push_front(part.to_owned()));
                }
                Some(ObjectType::Blob) if todo.iter().all(String::is_empty) => {
                    let mut names: Vec<String> =
                        folders.into_iter().map(|(name, _)| name).collect();
                    names.push(part);
                    return Ok((names, Found::File(entry.id())));
                }
                Some(ObjectType::Commit) => {
                    let message = format!("{part} is a submodule; its files are not followed");
                    return Err(io::Error::other(message));
                }
                _ => return Err(io::ErrorKind::NotADirectory.into()),
            }
        }
        let last = folders.last().map(|(_, id)| *id).or(self.root);
        Ok((folders.into_iter().map(|(name, _)| name).collect(), Found::Folder(last)))
    }
}

fn is_announced(entry: &git2::IndexEntry) -> bool {
    git2::IndexEntryExtendedFlag::from_bits_truncate(entry.flags_extended).is_intent_to_add()
}

fn leads_out(path: &Path) -> io::Error {
    io::Error::other(format!("{} leads out of the repository by a link", path.display()))
}
