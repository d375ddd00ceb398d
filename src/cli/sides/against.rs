//! What `--against` means: a revision, a path, or a spec on stdin.

use crate::snapshot::revision;
use std::io;
use std::path::{Path, PathBuf};

/// What to compare with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Against {
    /// What the branch will come back to.
    Default,
    /// The commit that is checked out.
    Head,
    /// A revision, as it was written.
    Revision(String),
    /// Specs, or trees that were built.
    Path(PathBuf),
    /// A spec.
    Stdin,
}

impl Against {
    /// What a word means; `near` is a path in whose repository revisions are looked for.
    ///
    /// # Errors
    /// When it means nothing, or two things: in words.
    pub fn read(word: &str, near: &Path) -> io::Result<Against> {
        if word == "-" {
            return Ok(Against::Stdin);
        }
        let path = Path::new(word);
        let is_there = path.symlink_metadata().is_ok();
        if is_written_as_path(word) {
            let missing = || io::Error::other(format!("there is no file or folder `{word}`"));
            return if is_there { Ok(Against::Path(path.to_owned())) } else { Err(missing()) };
        }
        match (is_there, revision::full_name(near, word)) {
            (true, Some(revision)) => Err(io::Error::other(format!(
                "`{word}` is both a path and a revision; write `./{word}` for the path, or \
                 `{revision}` for the revision"
            ))),
            (true, None) => Ok(Against::Path(path.to_owned())),
            (false, Some(_)) => Ok(Against::Revision(word.to_owned())),
            (false, None) => Err(unknown(word, near)),
        }
    }
}

/// Whether a word is a path by its looks, whatever revisions there are.
fn is_written_as_path(word: &str) -> bool {
    let starts = ["/", "./", "../"].iter().any(|start| word.starts_with(start));
    starts || word.ends_with('/') || word == "." || word == ".."
}

fn unknown(word: &str, near: &Path) -> io::Error {
    match revision::named(near, word) {
        // It is looked up once more, for the reason.
        Err(why) => io::Error::other(format!("`{word}` is no file or folder, and {why}")),
        Ok(_) => io::Error::other(format!("`{word}` is no file or folder")),
    }
}
