//! Which files differ between two sides of one work tree.

use crate::files::{Files, is_yaml};
use crate::snapshot::listing::{Area, Built, Listing, above, is_in};
use crate::snapshot::repository::Place;
use std::collections::BTreeSet;
use std::io;
use std::path::Path;
use telemetree::overlay;

/// What differs, and what there is. Paths are from the top of the work tree.
#[derive(Debug)]
pub struct Changes {
    /// Files that differ, or that one side lacks; by every path under which they may be read.
    pub differing: BTreeSet<String>,
    /// Links that lead elsewhere now, or that one side lacks.
    pub links: BTreeSet<String>,
    /// Folders of overlays, on either side.
    pub overlays: BTreeSet<String>,
    /// What may be a spec or a fleet, on either side.
    pub documents: BTreeSet<String>,
    /// Folders of built trees, on either side.
    pub built: BTreeSet<String>,
    /// Folders that are repositories of their own, and left out.
    pub foreign: BTreeSet<String>,
}

/// Compares two sides.
///
/// # Errors
/// When a file cannot be read.
pub fn between(before: &Files, after: &Files, place: &Place, area: &Area) -> io::Result<Changes> {
    // Both take about as long: one reads the repository's trees, the other one the disk.
    let (old, new) = std::thread::scope(|scope| {
        let old = scope.spawn(|| list(before, place, area));
        let new = list(after, place, area);
        (old.join().expect("bug: a thread died"), new)
    });
    let (old, new) = (old?, new?);
    let all: BTreeSet<&String> = old.files.keys().chain(new.files.keys()).collect();
    let links: BTreeSet<&String> = old.links.iter().chain(&new.links).collect();
    let named = all.iter().chain(&links).filter(|path| is_called(path, overlay::FILE));
    let overlays: BTreeSet<String> =
        named.filter_map(|path| above(path).next()).map(str::to_owned).collect();
    let counts = |path: &str| {
        area.built == Built::Listed
            || is_yaml(Path::new(path))
            || above(path).any(|folder| overlays.contains(folder))
    };
    let mut differing = BTreeSet::new();
    let foreign: BTreeSet<String> = old.foreign.union(&new.foreign).cloned().collect();
    let is_foreign = |path: &str| above(path).any(|folder| foreign.contains(folder));
    for path in all.iter().filter(|path| counts(path) && !is_foreign(path)) {
        if differs(path, (before, &old), (after, &new), place)? {
            let _ = differing.insert((*path).clone());
        }
    }
    let moved = by_links(&links, [before, after], place, &mut differing);
    let documents =
        all.iter().chain(&links).filter(|path| is_yaml(Path::new(path)) && !is_foreign(path));
    Ok(Changes {
        documents: documents.map(|path| (*path).clone()).collect(),
        differing,
        links: moved,
        overlays,
        built: old.built.union(&new.built).cloned().collect(),
        foreign,
    })
}

/// The files of a side, as far as a command looks at them.
fn list(files: &Files, place: &Place, area: &Area) -> io::Result<Listing> {
    match files {
        Files::Disk => Listing::of_disk(&place.open()?, place, area),
        Files::Snapshot(snapshot) => Listing::of_snapshot(snapshot, area),
    }
}

/// Whether a file differs. Line ends do not count: no reader of ours sees them, and git may write
/// others than it keeps.
fn differs(
    path: &str,
    (before, old): (&Files, &Listing),
    (after, new): (&Files, &Listing),
    place: &Place,
) -> io::Result<bool> {
    if !(old.files.contains_key(path) && new.files.contains_key(path)) {
        return Ok(true);
    }
    let (was, is) = (old.known(path), new.known(path));
    if was.is_some() && was == is {
        return Ok(false);
    }
    let read = |files: &Files| {
        let bytes = files.read(&place.top.join(path));
        bytes.map_err(|error| io::Error::new(error.kind(), format!("{path}: {error}")))
    };
    let (was, is) = (read(before)?, read(after)?);
    Ok(lines(&was).ne(lines(&is)))
}

/// Lines without their ends.
fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let lines = bytes.split(|byte| *byte == b'\n');
    lines.map(|line| line.strip_suffix(b"\r").unwrap_or(line))
}

/// Adds the paths under which links show what differs. Gives the links that themselves do.
fn by_links(
    links: &BTreeSet<&String>,
    sides: [&Files; 2],
    place: &Place,
    differing: &mut BTreeSet<String>,
) -> BTreeSet<String> {
    let mut moved = BTreeSet::new();
    for link in links {
        let target = |files: &Files| {
            let real = files.real(&place.top.join(link)).ok()?;
            Some(real.strip_prefix(&place.top).ok()?.to_string_lossy().into_owned())
        };
        let targets = sides.map(target);
        let [was, is] = &targets;
        if was != is {
            let _ = differing.insert((*link).clone());
            let _ = moved.insert((*link).clone());
        }
        let shown: Vec<String> = differing
            .iter()
            .flat_map(|path| targets.iter().flatten().map(move |target| (path, target)))
            .filter(|(path, target)| is_in(path, target))
            .filter_map(|(path, target)| path.strip_prefix(target.as_str()))
            .map(|rest| format!("{link}{rest}"))
            .collect();
        differing.extend(shown);
    }
    moved
}

fn is_called(path: &str, name: &str) -> bool {
    path.rsplit('/').next() == Some(name)
}
