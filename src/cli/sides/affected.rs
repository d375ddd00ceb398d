//! From files that differ to the workloads that are made from them, on both sides.
//!
//! A spec that differs is affected itself. A fleet affects its members on either side. A file of an
//! overlay affects the workloads that use the overlay; who they are is known once all specs are read,
//! so all are. Anything else affects nobody.

use super::changes::Changes;
use super::names::Names;
use crate::args::Diff;
use crate::files::{Files, is_yaml};
use crate::fleets::Fleets;
use crate::inputs::{self, Gathered, says};
use crate::snapshot::listing::above;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use telemetree::{embedded, fleet, spec};

/// Two sides of one work tree, and what differs between them.
pub struct Question<'a> {
    /// The old side, and the new one.
    pub sides: [&'a Files; 2],
    /// What differs.
    pub changes: &'a Changes,
    /// What the command names.
    pub names: &'a Names<'a>,
}

/// Files that differ and are no text of an overlay alone. Paths are from the work tree's top.
#[derive(Debug, Default)]
struct Sorted {
    specs: BTreeSet<String>,
    fleets: BTreeSet<String>,
    /// They are specs if a fleet says so.
    others: BTreeSet<String>,
}

impl Question<'_> {
    /// Gathers the affected workloads of each side.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn gather(&self, command: &Diff) -> io::Result<[Gathered; 2]> {
        let sorted = self.sort()?;
        let specs = self.affected(&sorted)?;
        let touched = self.touched();
        let [before, after] = if touched.is_empty() {
            let fleets = self.fleets(&sorted, &specs)?;
            let specs: Vec<PathBuf> = specs.iter().map(|spec| self.names.of(spec)).collect();
            self.sides.map(|files| few(files, command, &specs, &fleets))
        } else {
            self.sides.map(|files| all(files, command))
        };
        let (mut before, mut after) = (before?, after?);
        if !touched.is_empty() {
            let [old, new] = self.sides;
            let mut specs = specs;
            specs.extend(self.users(old, &before, &touched));
            specs.extend(self.users(new, &after, &touched));
            for side in [&mut before, &mut after] {
                side.specs.retain(|spec| {
                    let path = self.names.inside(Path::new(&spec.name));
                    path.is_none_or(|path| specs.contains(&path))
                });
            }
        }
        Ok([before, after])
    }

    /// What the files that differ are, on either side.
    fn sort(&self) -> io::Result<Sorted> {
        let mut sorted = Sorted::default();
        for path in self.changes.differing.iter().filter(|path| is_yaml(Path::new(path))) {
            let name = self.names.of(path);
            for files in self.sides.iter().filter(|files| files.is_file(&name)) {
                let into = match files.text(&name)? {
                    Ok(text) if says(&text, fleet::KIND) => &mut sorted.fleets,
                    Ok(text) if says(&text, spec::KIND) => &mut sorted.specs,
                    Ok(_) | Err(_) => &mut sorted.others,
                };
                let _ = into.insert(path.clone());
            }
        }
        Ok(sorted)
    }

    /// The specs that the command means and that differ themselves or by their fleet.
    fn affected(&self, sorted: &Sorted) -> io::Result<BTreeSet<String>> {
        let mut affected = BTreeSet::new();
        let mut specs = sorted.specs.clone();
        // A file that is named is meant as a spec, whatever it says.
        let named = sorted.others.iter().filter(|path| self.names.selects(path));
        let is_named = |path: &&String| {
            let mut files = self.names.files();
            files.any(|file| self.names.inside(file).as_ref() == Some(*path))
        };
        specs.extend(named.filter(is_named).cloned());
        for files in self.sides {
            let mut fleets = Fleets::new(files, None);
            self.names.files().try_for_each(|file| fleets.know(file))?;
            for path in &sorted.fleets {
                let members = fleets.members_of(&self.names.of(path))?;
                specs.extend(members.iter().filter_map(|member| self.names.inside(member)));
            }
            for path in &sorted.others {
                if fleets.of_spec(&self.names.of(path))?.is_some() {
                    let _ = specs.insert(path.clone());
                }
            }
            let is_meant = |spec: &&String| {
                let name = self.names.of(spec);
                let mut named = self.names.files();
                self.names.selects(spec) || named.any(|fleet| fleets.has(fleet, &name))
            };
            affected.extend(specs.iter().filter(is_meant).cloned());
        }
        Ok(affected)
    }

    /// The fleets that gathering single specs would not find above them: those that are named, and,
    /// if a spec may belong to one, those that are called otherwise than fleets are.
    fn fleets(&self, sorted: &Sorted, specs: &BTreeSet<String>) -> io::Result<Vec<PathBuf>> {
        let mut known: Vec<PathBuf> = self.names.files().cloned().collect();
        known.extend(sorted.fleets.iter().map(|path| self.names.of(path)));
        let mut is_alone = false;
        for files in self.sides {
            let mut fleets = Fleets::new(files, None);
            known.iter().try_for_each(|file| fleets.know(file))?;
            for spec in specs {
                let name = self.names.of(spec);
                is_alone |= files.is_file(&name) && fleets.of_spec(&name)?.is_none();
            }
        }
        if is_alone {
            let [_, now] = self.sides;
            let same =
                self.changes.documents.iter().filter(|path| {
                    self.names.selects(path) && !self.changes.differing.contains(*path)
                });
            for name in same.map(|path| self.names.of(path)) {
                if files_text(now, &name)?.is_some_and(|text| says(&text, fleet::KIND)) {
                    known.push(name);
                }
            }
        }
        Ok(known)
    }

    /// The overlays of which a file differs, and links that may lead to others now.
    fn touched(&self) -> BTreeSet<&str> {
        let folders = self.changes.differing.iter().flat_map(|path| above(path));
        let overlays = folders.filter(|folder| self.changes.overlays.contains(*folder));
        overlays.chain(self.changes.links.iter().map(String::as_str)).collect()
    }

    /// The specs of a side that use one of these overlays.
    fn users(&self, files: &Files, gathered: &Gathered, overlays: &BTreeSet<&str>) -> Vec<String> {
        let mut known: BTreeMap<&str, bool> = BTreeMap::new();
        let is_touched = |name: &str| {
            let path = Path::new(name);
            let real = files.real(path).ok().and_then(|real| self.names.inside(&real));
            // Links on the way count, and what they lead to.
            let is_among = |path: &String| {
                overlays.contains(path.as_str()) || above(path).any(|one| overlays.contains(one))
            };
            let is_own = embedded::overlay(name).is_some();
            !is_own && real.iter().chain(&self.names.inside(path)).any(is_among)
        };
        let mut users = Vec::new();
        for spec in &gathered.specs {
            let Ok(front) = &spec.front else { continue };
            let names = front.overlay_names(&gathered.library);
            if names.iter().any(|name| *known.entry(name).or_insert_with(|| is_touched(name))) {
                users.extend(self.names.inside(Path::new(&spec.name)));
            }
        }
        users
    }
}

/// A file's text; none if it is no text.
fn files_text(files: &Files, name: &Path) -> io::Result<Option<String>> {
    if files.is_file(name) { Ok(files.text(name)?.ok()) } else { Ok(None) }
}

/// Gathers single specs, those that are there.
fn few(
    files: &Files,
    command: &Diff,
    specs: &[PathBuf],
    fleets: &[PathBuf],
) -> io::Result<Gathered> {
    let there: Vec<PathBuf> = specs.iter().filter(|spec| files.is_file(spec)).cloned().collect();
    let mut selection = command.filter.of(&there);
    selection.fleets = fleets;
    inputs::gather(&selection, files, command.jobs)
}

/// Gathers everything that the command names and that is there.
fn all(files: &Files, command: &Diff) -> io::Result<Gathered> {
    let is_there = |path: &&PathBuf| files.is_file(path) || files.is_folder(path);
    let there: Vec<PathBuf> = command.paths.iter().filter(is_there).cloned().collect();
    inputs::gather(&command.filter.of(&there), files, command.jobs)
}
