//! Finds the revision that people mean, and the one to compare with if they name none.

use super::Snapshot;
use super::repository::{self, Place, failed};
use git2::{BranchType, Commit, Repository};
use std::io;
use std::path::Path;

/// How many characters of a commit's id people are shown.
const SHORT: usize = 7;

/// The files of a revision.
///
/// # Errors
/// When there is no such revision here, or when it is no commit: in words.
pub fn named(path: &Path, word: &str) -> io::Result<(Snapshot, String)> {
    let (repository, place) = repository::find(path)?;
    let commit = commit_of(&repository, word)?.id();
    snapshot_of(repository, place, commit, word)
}

/// The full name of a revision, if the repository around a path has one that is called so: how to
/// write it where the word means a file, too.
pub fn full_name(path: &Path, word: &str) -> Option<String> {
    let (repository, _) = repository::find(path).ok()?;
    let (object, reference) = repository.revparse_ext(word).ok()?;
    let commit = object.peel_to_commit().ok()?;
    let name = reference.and_then(|reference| reference.name().ok().map(str::to_owned));
    // `HEAD` is a full name that looks like a file.
    Some(name.filter(|name| name.contains('/')).unwrap_or_else(|| commit.id().to_string()))
}

/// The files of the commit that is checked out; none if no commit has been made yet.
pub fn head(path: &Path) -> io::Result<(Snapshot, String)> {
    let (repository, place) = repository::find(path)?;
    if is_unborn(&repository) {
        return Ok(nothing(repository, place));
    }
    drop(repository);
    named(path, "HEAD")
}

/// The files where the branch left the one that it will come back to: the merge base of `HEAD` with
/// its upstream branch, else with `origin`'s default one. Where there is neither, those of `HEAD`.
///
/// # Errors
/// When both have no ancestor in common here.
pub fn default(path: &Path) -> io::Result<(Snapshot, String)> {
    let (repository, place) = repository::find(path)?;
    if is_unborn(&repository) {
        return Ok(nothing(repository, place));
    }
    let head = commit_of(&repository, "HEAD")?.id();
    let Some((upstream, name)) = upstream(&repository) else {
        return snapshot_of(repository, place, head, "HEAD");
    };
    let base = repository.merge_base(head, upstream).map_err(|_| {
        let why = if repository.is_shallow() {
            "the clone is shallow: `git fetch --unshallow` gets the rest"
        } else {
            "name what to compare with by `--against`"
        };
        io::Error::other(format!("HEAD and {name} have no commit in common here; {why}"))
    })?;
    snapshot_of(repository, place, base, &format!("the merge base with {name}"))
}

/// The index, and `index` as its name.
pub fn index(path: &Path) -> io::Result<(Snapshot, String)> {
    let (repository, place) = repository::find(path)?;
    Ok((Snapshot::of_index(repository, place)?, "index".to_owned()))
}

/// The branch that this one comes back to, with its name.
fn upstream(repository: &Repository) -> Option<(git2::Oid, String)> {
    let head = repository.head().ok();
    let branch = head.as_ref().filter(|head| head.is_branch()).and_then(|head| {
        let branch = repository.find_branch(head.shorthand().ok()?, BranchType::Local).ok()?;
        let upstream = branch.upstream().ok()?;
        let name = upstream.name().ok()??.to_owned();
        Some((upstream.get().peel_to_commit().ok()?.id(), name))
    });
    let named = |name: &str| {
        let reference = repository.find_reference(&format!("refs/remotes/{name}")).ok()?;
        Some((reference.peel_to_commit().ok()?.id(), name.to_owned()))
    };
    branch.or_else(|| ["origin/HEAD", "origin/main", "origin/master"].into_iter().find_map(named))
}

fn snapshot_of(
    repository: Repository,
    place: Place,
    commit: git2::Oid,
    word: &str,
) -> io::Result<(Snapshot, String)> {
    let tree =
        repository.find_commit(commit).and_then(|commit| commit.tree()).map(|tree| tree.id());
    let tree =
        tree.map_err(|error| failed(&format!("the files of {word} cannot be read"), &error))?;
    let id: String = commit.to_string().chars().take(SHORT).collect();
    let name = if word.starts_with(&id) { id } else { format!("{word} ({id})") };
    Ok((Snapshot::new(repository, place, Some(tree), name.clone()), name))
}

fn commit_of<'r>(repository: &'r Repository, word: &str) -> io::Result<Commit<'r>> {
    let object = repository.revparse_single(word).map_err(|_| unknown(repository, word))?;
    object.peel_to_commit().map_err(|_| {
        io::Error::other(format!("`{word}` is no commit; files are compared by their paths"))
    })
}

fn unknown(repository: &Repository, word: &str) -> io::Error {
    let help = if repository.is_shallow() {
        "; the clone is shallow: `git fetch --unshallow` gets the rest"
    } else {
        ""
    };
    io::Error::other(format!("there is no revision `{word}` here{help}"))
}

fn is_unborn(repository: &Repository) -> bool {
    repository.head().is_err_and(|error| error.code() == git2::ErrorCode::UnbornBranch)
}

fn nothing(repository: Repository, place: Place) -> (Snapshot, String) {
    let name = "nothing: there is no commit yet".to_owned();
    (Snapshot::new(repository, place, None, name.clone()), name)
}
