//! Opens the repository that files lie in. No program is run: git's own library reads it in-process.
//!
//! Where the repository is, which index counts and where the work tree lies is found as git finds it,
//! `GIT_DIR`, `GIT_WORK_TREE` and `GIT_INDEX_FILE` included: a hook of `git commit -a` has another
//! index than `.git/index`. Nothing is ever written into it.

use git2::{ErrorCode, Repository, RepositoryOpenFlags};
use std::io;
use std::path::{Path, PathBuf};

/// A place in which to open a repository, once for each user of it.
#[derive(Debug, Clone)]
pub struct Place {
    start: PathBuf,
    /// The top of the work tree, without links.
    pub top: PathBuf,
    /// Where the command runs, without links.
    pub here: PathBuf,
}

/// The repository in which a path lies, or where it would.
///
/// # Errors
/// When there is none, when it has no work tree, or when it may not be read: in words.
pub fn find(path: &Path) -> io::Result<(Repository, Place)> {
    let start = path.ancestors().find(|folder| folder.is_dir()).unwrap_or(Path::new("."));
    let start = if start.as_os_str().is_empty() { Path::new(".") } else { start };
    let repository = open(start)?;
    let Some(top) = repository.workdir() else {
        let folder = repository.path().display();
        return Err(io::Error::other(format!("{folder} is a bare repository: it has no files")));
    };
    let top = std::fs::canonicalize(top)?;
    let here = std::fs::canonicalize(".")?;
    Ok((repository, Place { start: start.to_owned(), top, here }))
}

impl Place {
    /// The repository once more: each handle is used by one thread.
    ///
    /// # Errors
    /// When it cannot be opened any more.
    pub fn open(&self) -> io::Result<Repository> {
        open(&self.start)
    }

    /// A path from the top of the work tree, as far as its text says: links are not followed.
    ///
    /// # Errors
    /// When it lies outside, or when its text is not UTF-8: in words.
    pub fn inside(&self, path: &Path) -> io::Result<String> {
        let whole = self.rooted(path);
        let Some(inside) = self.below_top(&whole) else {
            let message =
                format!("{} is outside of the repository {}", path.display(), self.top.display());
            return Err(io::Error::other(message));
        };
        let parts: Option<Vec<&str>> = inside.iter().map(|part| part.to_str()).collect();
        let parts = parts.ok_or_else(|| {
            io::Error::other(format!("{}: the name is not UTF-8", path.display()))
        })?;
        Ok(parts.join("/"))
    }

    /// A path from the root. Where the command runs has no links, so its parents are its text's.
    pub fn rooted(&self, path: &Path) -> PathBuf {
        let mut base = self.here.clone();
        let mut rest = path.components().peekable();
        while let Some(component) = rest.peek() {
            match component {
                std::path::Component::CurDir => {}
                std::path::Component::ParentDir => {
                    let _ = base.pop();
                }
                std::path::Component::Normal(_)
                | std::path::Component::RootDir
                | std::path::Component::Prefix(_) => break,
            }
            let _ = rest.next();
        }
        base.join(rest.collect::<PathBuf>())
    }

    /// The part of a path below the work tree; its beginning may lead there by links.
    fn below_top(&self, whole: &Path) -> Option<PathBuf> {
        if let Ok(inside) = whole.strip_prefix(&self.top) {
            return Some(inside.to_owned());
        }
        let is_top = |folder: &&Path| std::fs::canonicalize(folder).is_ok_and(|f| f == self.top);
        let top = whole.ancestors().find(is_top)?;
        whole.strip_prefix(top).ok().map(Path::to_owned)
    }
}

fn open(start: &Path) -> io::Result<Repository> {
    let opened = if std::env::var_os("GIT_DIR").is_some() {
        Repository::open_from_env()
    } else {
        let none: [&str; 0] = [];
        Repository::open_ext(start, RepositoryOpenFlags::FROM_ENV, none)
    };
    opened.map_err(|error| unopened(start, &error))
}

/// Why a repository cannot be opened, and what to do.
fn unopened(start: &Path, error: &git2::Error) -> io::Error {
    let folder = std::fs::canonicalize(start).unwrap_or_else(|_| start.to_owned());
    let folder = folder.display();
    if error.code() == ErrorCode::Owner {
        return io::Error::other(format!(
            "the repository of {folder} belongs to another user, so git does not trust it; \
             if you do: git config --global --add safe.directory {folder}"
        ));
    }
    if error.code() == ErrorCode::NotFound {
        return io::Error::other(format!(
            "{folder} lies in no git repository; `--against` takes a folder or a spec, too"
        ));
    }
    let message = error.message();
    let help = if message.contains("partialclone") {
        "; a clone made with `--filter` cannot be read: clone it whole"
    } else {
        ""
    };
    io::Error::other(format!("the repository of {folder} cannot be read: {message}{help}"))
}

/// An error of the library, in the words of this program.
pub fn failed(what: &str, error: &git2::Error) -> io::Error {
    io::Error::other(format!("{what}: {}", error.message()))
}
