//! The two sides of a comparison: where they come from, and what of them must be compiled.
//!
//! Where both sides are states of one work tree, the files that differ are found first, and only the
//! workloads that are made from them are gathered. Else both sides are gathered whole, and workloads
//! that are made from the same texts are left out.

mod affected;
mod against;
mod apart;
mod changes;
mod names;

use crate::args::Diff;
use crate::committed::{self, BuiltTree};
use crate::files::Files;
use crate::inputs::Gathered;
use crate::snapshot::listing::{Area, Built, is_in};
use crate::snapshot::{Snapshot, revision};
use affected::Question;
use against::Against;
use changes::Changes;
use names::Names;
use std::io;
use std::path::Path;
use telemetree::layout;

/// Two sides, without the workloads that cannot differ: nothing they are made from does.
pub struct Sides {
    /// The old side.
    pub before: Side,
    /// The new side.
    pub after: Side,
    /// Which workloads of the sides belong together.
    pub pairs: Pairs,
    /// What people should know about the choice of the sides.
    pub notes: Vec<String>,
}

/// One side.
pub struct Side {
    /// What people call it: `HEAD~3 (1a2b3c4)`, `working tree`, `index`, `./old`.
    pub name: String,
    /// What is on it.
    pub contents: Contents,
}

/// What is on a side.
pub enum Contents {
    /// Specs, to be compiled.
    Specs(Gathered),
    /// Trees that were built.
    Trees(Vec<BuiltTree>),
}

/// Which workloads of two sides belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pairs {
    /// Those of the same name.
    ByName,
    /// The only one of each side: one spec was compared with another.
    Alone,
}

/// Finds both sides, and gathers what of them may differ.
///
/// # Errors
/// When a side cannot be found or read: in words.
pub fn gather(command: &Diff) -> io::Result<Sides> {
    let is_stdin = |path: &Path| path == Path::new("-");
    let near = command.paths.iter().find(|path| !is_stdin(path));
    let near = near.map_or(Path::new("."), |path| path.as_path());
    let against = match (&command.against, command.staged) {
        (Some(word), _) => Against::read(word, near)?,
        (None, true) => Against::Head,
        (None, false) => Against::Default,
    };
    let on_stdin = command.paths.iter().any(|path| is_stdin(path));
    if on_stdin {
        without_past(command, &against)?;
    }
    let after = if command.staged {
        let (snapshot, name) = revision::index(near)?;
        (Files::Snapshot(snapshot), name)
    } else {
        (Files::Disk, "working tree".to_owned())
    };
    let mut notes = Vec::new();
    let before = match &against {
        Against::Path(_) | Against::Stdin => {
            return apart::gather(command, &after, &against);
        }
        Against::Head => revision::head(near)?,
        Against::Revision(word) => revision::named(near, word)?,
        Against::Default => {
            let (snapshot, name) = revision::default(near)?;
            notes.push(format!("compared with {name}"));
            (snapshot, name)
        }
    };
    in_one_tree(command, before, after, notes)
}

/// A spec on stdin can be compared only with what is named.
fn without_past(command: &Diff, against: &Against) -> io::Result<()> {
    let message = match against {
        Against::Stdin => "one spec can be on stdin, not two",
        Against::Path(_) if !command.staged => return Ok(()),
        Against::Path(_) => "a spec on stdin is not in the index: leave out --staged",
        Against::Default | Against::Head | Against::Revision(_) => {
            "a spec on stdin is in no revision; name a spec or a folder by --against, or pipe the \
             old one and use `--against -`"
        }
    };
    Err(io::Error::other(message))
}

/// The sides, where both are states of one work tree.
fn in_one_tree(
    command: &Diff,
    (before, old): (Snapshot, String),
    (after, new): (Files, String),
    mut notes: Vec<String>,
) -> io::Result<Sides> {
    let place = before.place().clone();
    let before = Files::Snapshot(before);
    let names = Names::new(&place, &command.paths, [&before, &after])?;
    let root = command.filter.root();
    let area = Area::of(&names.folders(root)?, Built::LeftOut);
    let changes = changes::between(&before, &after, &place, &area)?;
    for folder in changes.foreign.iter().filter(|folder| names.selects_below(folder)) {
        notes.push(format!("{folder} is a repository of its own, and left out"));
    }
    let contents = if is_of_trees(&changes, &names) {
        let area = Area::of(&names.selected_folders(), Built::Listed);
        let inner = changes::between(&before, &after, &place, &area)?;
        [&before, &after].map(|files| trees(files, &changes, &inner, &names).map(Contents::Trees))
    } else {
        let question = Question { sides: [&before, &after], changes: &changes, names: &names };
        question.gather(command)?.map(|gathered| Ok(Contents::Specs(gathered)))
    };
    let [old_contents, new_contents] = contents;
    Ok(Sides {
        before: Side { name: old, contents: old_contents? },
        after: Side { name: new, contents: new_contents? },
        pairs: Pairs::ByName,
        notes,
    })
}

/// Whether the command names folders of built trees, with no spec in them.
fn is_of_trees(changes: &Changes, names: &Names) -> bool {
    let is_meant = |folder: &String| names.selects_below(folder);
    changes.built.iter().any(is_meant) && !changes.documents.iter().any(|file| names.selects(file))
}

/// The trees of a side in which a file differs.
fn trees(
    files: &Files,
    all: &Changes,
    inner: &Changes,
    names: &Names,
) -> io::Result<Vec<BuiltTree>> {
    let differs = |folder: &&String| inner.differing.iter().any(|path| is_in(path, folder));
    let folders = all.built.iter().filter(|folder| names.selects_below(folder)).filter(differs);
    let folders = folders.map(|folder| names.of(folder));
    let there = folders.filter(|folder| files.is_file(&folder.join(layout::MANIFEST)));
    there.map(|folder| committed::read_one(files, &folder)).collect()
}
