//! `diff`: compiles what may differ of both sides, and says which workloads do.

use crate::args::{Args, Diff};
use crate::committed::BuiltTree;
use crate::compiled::{Built, Everything};
use crate::findings::report_all;
use crate::sides::{self, Contents, Pairs, Side};
use crate::{End, print_out, say};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use telemetree::report;

/// Workloads by name, each with its files by path below its folder; none if it does not compile.
type Workloads = BTreeMap<String, Option<BTreeMap<String, String>>>;

/// Runs the command.
pub fn run(command: &Diff, args: &Args) -> io::Result<End> {
    let sides = sides::gather(command)?;
    sides.notes.iter().for_each(|note| say(args, note));
    let title = format!("{} → {}", sides.before.name, sides.after.name);
    let (before, _) = workloads(sides.before, command)?;
    let (after, errors) = workloads(sides.after, command)?;
    if errors > 0 {
        say(args, &report::summary(errors));
        return Ok(End::Findings);
    }
    let lines = match sides.pairs {
        Pairs::ByName => compare(&before, &after),
        Pairs::Alone => {
            let name = after.keys().next().cloned().unwrap_or_default();
            let alone =
                |side: Workloads| side.into_values().map(|one| (name.clone(), one)).collect();
            compare(&alone(before), &alone(after.clone()))
        }
    };
    if lines.is_empty() {
        say(args, &format!("{title}: no workload differs"));
        return Ok(End::Clean);
    }
    say(args, &title);
    let _ = print_out(&lines.join("\n"))?;
    Ok(End::Differences)
}

/// The workloads of a side, and how many errors stand in their way.
fn workloads(side: Side, command: &Diff) -> io::Result<(Workloads, usize)> {
    match side.contents {
        Contents::Trees(trees) => Ok((of_trees(trees), 0)),
        Contents::Specs(gathered) => {
            let everything = Everything::compile(gathered, command.jobs, None);
            let errors = report_all(&everything.failures());
            let name = |one: &Built| match &one.claimed {
                Some(claimed) => claimed.workload.clone(),
                None => one.name.clone(),
            };
            let built = everything.built.iter().map(|one| (name(one), files(one))).collect();
            Ok((built, errors))
        }
    }
}

/// The files of a workload that compiles.
fn files(built: &Built) -> Option<BTreeMap<String, String>> {
    let _ = built.claimed.as_ref()?;
    let of = |(cluster, files): (&String, &BTreeMap<_, String>)| {
        let path = |path: &telemetree::tree::RelPath| format!("{cluster}/{path}");
        files.iter().map(|(name, text)| (path(name), text.clone())).collect::<Vec<_>>()
    };
    Some(built.folder.iter().flat_map(of).collect())
}

/// Trees that were built, by the names of the folders around them.
fn of_trees(trees: Vec<BuiltTree>) -> Workloads {
    let mut workloads = Workloads::new();
    for tree in trees {
        let name = |folder: Option<&std::path::Path>| {
            let name = folder.and_then(std::path::Path::file_name);
            name.unwrap_or_default().to_string_lossy().into_owned()
        };
        let (cluster, workload) = (name(Some(&tree.folder)), name(tree.folder.parent()));
        let files = workloads.entry(workload).or_default().get_or_insert_default();
        files
            .extend(tree.files.into_iter().map(|(path, text)| (format!("{cluster}/{path}"), text)));
    }
    workloads
}

/// A line for each workload that differs.
fn compare(before: &Workloads, after: &Workloads) -> Vec<String> {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let line = |name: &String| match (before.get(name), after.get(name)) {
        (None, _) => Some(format!("added    {name}")),
        (_, None) => Some(format!("removed  {name}")),
        (Some(Some(old)), Some(Some(new))) => {
            let paths: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
            let differs = |path: &&&String| old.get(**path) != new.get(**path);
            let count = paths.iter().filter(differs).count();
            (count > 0).then(|| format!("changed  {name}  ({count} files)"))
        }
        (Some(_), Some(_)) => Some(format!("changed  {name}  (it does not compile on one side)")),
    };
    names.into_iter().filter_map(line).collect()
}
