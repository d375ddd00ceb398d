//! `build`: compile everything, look at everything, and only then write.

use crate::args::{Args, Build};
use crate::compiled::{Built, Everything};
use crate::files::Files;
use crate::findings::report_all;
use crate::inputs;
use crate::write::{self, Change, Survey};
use crate::{End, print_out, say};
use anstream::eprintln;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use telemetree::report;

/// Runs the command.
pub fn run(command: &Build, args: &Args) -> std::io::Result<End> {
    let selection = command.filter.of(&command.paths);
    let gathered = inputs::gather(&selection, &Files::Disk, command.jobs)?;
    if gathered.is_empty() {
        say(args, inputs::none_found(&selection));
        return Ok(End::Findings);
    }
    let everything = Everything::compile(gathered, command.jobs, command.output.as_deref());
    let errors = report_all(&everything.findings());
    if errors > 0 {
        say(args, &report::summary(errors));
        return Ok(End::Findings);
    }
    let built = &everything.built;
    if command.output.as_deref() == Some(Path::new("-")) {
        return match stream(built) {
            Ok(text) => print_out(text.trim_end()),
            Err(message) => {
                say(args, message);
                Ok(End::Findings)
            }
        };
    }
    write_all(command, args, built)
}

/// The objects of the one cluster that was built, as a stream of documents headed by their paths.
fn stream(built: &[Built]) -> Result<String, &'static str> {
    let clusters = built.iter().flat_map(|one| one.folder.iter().map(move |folder| (one, folder)));
    let clusters: Vec<_> = clusters.collect();
    let [(one, (cluster, files))] = clusters.as_slice() else {
        return Err("a stream holds one cluster; objects of several would take each other's place");
    };
    let mut out = String::new();
    for path in &one.objects {
        let name = path.strip_prefix(&format!("{cluster}/")).unwrap_or(path);
        let text = files.iter().find(|(path, _)| path.as_str() == name).map(|(_, text)| text);
        let _ = write!(out, "---\n# {path}\n{}", text.map_or("", String::as_str));
    }
    Ok(out)
}

fn write_all(command: &Build, args: &Args, built: &[Built]) -> std::io::Result<End> {
    let homes: BTreeSet<&PathBuf> = built.iter().map(|one| &one.home).collect();
    // In one order, so that two builds cannot wait for each other.
    let locks = homes.into_iter().filter(|_| !command.dry_run).map(|home| write::prepare(home));
    let locks = locks.collect::<std::io::Result<Vec<_>>>()?;
    let surveys: Vec<Survey> = built
        .iter()
        .filter_map(|one| Some((&one.home, &one.claimed.as_ref()?.workload, &one.folder)))
        .map(|(home, workload, folder)| write::survey(home, workload, folder))
        .collect::<std::io::Result<_>>()?;
    let in_the_way: Vec<String> = surveys.iter().flat_map(Survey::in_the_way).collect();
    if !in_the_way.is_empty() && !command.force {
        in_the_way.iter().for_each(|line| eprintln!("error: {line}"));
        say(args, "nothing was written; move the files away, or use --force to give them up");
        return Ok(End::Findings);
    }
    let mut counts: BTreeMap<Change, usize> = BTreeMap::new();
    for survey in &surveys {
        for (change, path) in &survey.changes {
            *counts.entry(*change).or_default() += 1;
            if command.dry_run && *change != Change::Keep {
                say(args, &format!("would {} {path}", change.verb()));
            }
        }
        if !command.dry_run {
            write::apply(survey)?;
        }
    }
    drop(locks);
    let count = |change| counts.get(&change).copied().unwrap_or_default();
    let changed = count(Change::Create) + count(Change::Replace) + count(Change::Remove);
    let text = format!(
        "{} workload{}: {} files created, {} replaced, {} removed, {} unchanged{}",
        surveys.len(),
        if surveys.len() == 1 { "" } else { "s" },
        count(Change::Create),
        count(Change::Replace),
        count(Change::Remove),
        count(Change::Keep),
        if command.dry_run { " (nothing was written)" } else { "" },
    );
    say(args, &text);
    Ok(if command.dry_run && changed > 0 { End::Differences } else { End::Clean })
}
