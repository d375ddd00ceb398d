//! Sides that have nothing to do with each other: folders, specs, what is on stdin.

use super::against::Against;
use super::{Contents, Pairs, Side, Sides};
use crate::args::Diff;
use crate::committed;
use crate::files::Files;
use crate::inputs::{self, Gathered, Spec};
use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use telemetree::compile::Front;

/// What a spec on stdin is called.
const STDIN: &str = "<stdin>";

/// Gathers both sides, without the workloads that are made from the same texts.
pub fn gather(
    command: &Diff,
    (files, name): &(Files, String),
    against: &Against,
) -> io::Result<Sides> {
    let (before, is_one) = match against {
        Against::Path(path) => (path.clone(), path.is_file()),
        Against::Stdin => (PathBuf::from("-"), true),
        Against::Default | Against::Head | Against::Revision(_) => (PathBuf::new(), false),
    };
    let new = match files {
        Files::Disk => called(&command.paths),
        Files::Snapshot(_) => name.clone(),
    };
    let old = called(std::slice::from_ref(&before));
    let mut before = contents(command, &Files::Disk, &[before])?;
    let mut after = contents(command, files, &command.paths)?;
    let mut pairs = Pairs::ByName;
    if let (Contents::Specs(before), Contents::Specs(after)) = (&mut before, &mut after) {
        if is_one && before.specs.len() == 1 && after.specs.len() == 1 {
            pairs = Pairs::Alone;
        }
        leave_out_same(before, after, pairs);
    }
    Ok(Sides {
        before: Side { name: old, contents: before },
        after: Side { name: new, contents: after },
        pairs,
        notes: Vec::new(),
    })
}

/// What people call a side that they named.
fn called(paths: &[PathBuf]) -> String {
    let one = |path: &PathBuf| match path.to_str() {
        Some("-") => STDIN.to_owned(),
        _ => path.display().to_string(),
    };
    paths.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// The specs of some paths; if there are none, the trees that were built there.
fn contents(command: &Diff, files: &Files, paths: &[PathBuf]) -> io::Result<Contents> {
    let gathered = inputs::gather(&command.filter.of(paths), files, command.jobs)?;
    if gathered.is_empty() {
        let folders = paths.iter().filter(|path| files.is_folder(path));
        let trees = folders.map(|folder| committed::read(files, folder));
        let trees: Vec<_> = trees.collect::<io::Result<Vec<_>>>()?.into_iter().flatten().collect();
        if !trees.is_empty() {
            return Ok(Contents::Trees(trees));
        }
        let selection = command.filter.of(paths);
        if !selection.leaves_out() {
            let message = format!("{}: {}", called(paths), inputs::none_found(&selection));
            return Err(io::Error::other(message));
        }
    }
    Ok(Contents::Specs(gathered))
}

/// Leaves out the workloads that are made from the same texts on both sides.
fn leave_out_same(before: &mut Gathered, after: &mut Gathered, pairs: Pairs) {
    let key = |spec: &Spec| match pairs {
        Pairs::Alone => Some(String::new()),
        Pairs::ByName => Some(spec.front.as_ref().ok()?.identity()?.0.to_string()),
    };
    let texts = |gathered: &Gathered| {
        let mut all: BTreeMap<String, Option<Vec<String>>> = BTreeMap::new();
        for spec in &gathered.specs {
            let texts = spec.front.as_ref().ok().and_then(|front| owned(front, gathered));
            if let Some(key) = key(spec) {
                // Of two that share a name neither is left out.
                let entry = all.entry(key);
                let _ = entry.and_modify(|texts| *texts = None).or_insert(texts);
            }
        }
        all
    };
    let (old, new) = (texts(before), texts(after));
    let is_same = |spec: &Spec| {
        let key = key(spec).unwrap_or_default();
        let old = old.get(&key).and_then(Option::as_ref);
        old.is_some() && old == new.get(&key).and_then(Option::as_ref)
    };
    before.specs.retain(|spec| !is_same(spec));
    after.specs.retain(|spec| !is_same(spec));
}

fn owned(front: &Front, gathered: &Gathered) -> Option<Vec<String>> {
    let texts = front.texts(&gathered.library)?;
    let unified = |text: &str| text.replace("\r\n", "\n");
    Some(texts.into_iter().map(unified).collect())
}
