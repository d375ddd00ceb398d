//! `diff`: compiles what may differ of both sides, and shows what changes, why, and how dangerous it is.

mod acknowledged;
mod versions;

use crate::args::{Args, Diff, DiffFormat};
use crate::compiled::Folder;
use crate::contracts::contracts;
use crate::parallel::in_parallel;
use crate::sides;
use crate::{End, print_out, say};
use anstream::eprintln;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io;
use std::io::IsTerminal as _;
use std::path::Path;
use telemetree::diff::group::Review;
use telemetree::diff::review::{Entry, compare};
use telemetree::diff::risk::Class;
use telemetree::report::Colors;
use telemetree::report::diff::terminal::{Look, terminal};
use telemetree::report::diff::unified::unified;
use telemetree::report::diff::{Budget, Heading, html, json, markdown};
use versions::{Pair, Sides, Version};

/// What is made of a workload: its changes, and its part of the patch.
struct Compared {
    line: Option<String>,
    entries: Vec<Entry>,
    patch: String,
}

/// Runs the command.
pub fn run(command: &Diff, args: &Args) -> io::Result<End> {
    let acknowledged = acknowledged::read(command)?;
    let sides = sides::gather(command)?;
    sides.notes.iter().for_each(|note| say(args, note));
    let title = format!("{} → {}", sides.before.name, sides.after.name);
    let sides = Sides::of(sides, contracts(&command.contracts)?);
    if sides.report() > 0 {
        return Ok(End::Findings);
    }
    let pairs = sides.pairs();
    let compared =
        in_parallel(&pairs, command.jobs, |pair| compare_one(&sides, pair, command.format));
    let failures = sides.failures();
    failures.notes.iter().for_each(|note| say(args, note));
    if failures.errors > 0 {
        return Ok(End::Findings);
    }
    let patch: String = compared.iter().map(|one| one.patch.as_str()).collect();
    let lines: Vec<String> = compared.iter().filter_map(|one| one.line.clone()).collect();
    let review = Review::of(compared.into_iter().flat_map(|one| one.entries).collect());
    let judged = acknowledged.judge(command, &review);
    let heading = Heading {
        before: sides.before_name().to_owned(),
        after: sides.after_name().to_owned(),
        compared: pairs.len(),
        whole: whole(command),
    };
    let text = match command.format {
        DiffFormat::Human => terminal(&judged, look(command)),
        DiffFormat::Markdown => markdown(&judged, &heading, Budget::COMMENT),
        DiffFormat::Json => json(&judged, &heading),
        DiffFormat::Html => html(&judged, &heading),
        DiffFormat::Unified => patch,
        DiffFormat::Workloads => lines.join("\n"),
    };
    if !text.is_empty() {
        let _ = print_out(text.trim_end_matches('\n'))?;
    }
    say(args, &format!("{title}: {}", summary(&review)));
    let refused = acknowledged.refuses(command, args, &judged);
    Ok(match (refused, review.groups.is_empty()) {
        (true, _) => End::Findings,
        (false, false) if command.exit_code => End::Differences,
        (false, _) => End::Clean,
    })
}

fn compare_one(sides: &Sides, pair: &Pair, format: DiffFormat) -> Compared {
    let (before, after) = (sides.before(pair), sides.after(pair));
    let (old, new) = (before.as_ref().map(Version::view), after.as_ref().map(Version::view));
    let entries = compare(&pair.name, old, new);
    let patch = if format == DiffFormat::Unified {
        patch(&pair.name, before.as_ref(), after.as_ref())
    } else {
        String::new()
    };
    let how = match (&before, &after) {
        (None, Some(_)) => "added",
        (Some(_), None) => "removed",
        (Some(_) | None, Some(_) | None) => "changed",
    };
    let line = (!entries.is_empty()).then(|| format!("{how:8} {}", pair.name));
    Compared { line, entries, patch }
}

/// The patch of a workload's folder.
fn patch(name: &str, before: Option<&Version>, after: Option<&Version>) -> String {
    let files = |side: Option<&Version>| side.map(Version::files).unwrap_or_default();
    let home = after.or(before).map(|side| side.home.join(name)).unwrap_or_default();
    let (old, new) = (files(before), files(after));
    let clusters: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let of = |cluster: &String| {
        let folder = home.join(cluster);
        let files = |side: &Folder| side.get(cluster).cloned().unwrap_or_default();
        unified(&folder.to_string_lossy(), &files(&old), &files(&new))
    };
    clusters.into_iter().map(of).collect()
}

/// The command that shows everything that a short form leaves out.
fn whole(command: &Diff) -> String {
    let named = |option: &str, value: Option<String>| {
        value.map(|value| [option.to_owned(), value]).into_iter().flatten()
    };
    let is_default = matches!(command.paths.as_slice(), [only] if only == Path::new("."));
    let paths = command.paths.iter().filter(|_| !is_default);
    let mut words = vec!["telemetree".to_owned(), "diff".to_owned()];
    words.extend(paths.map(|path| path.display().to_string()));
    words.extend(command.filter.options());
    words.extend(named("--against", command.against.clone()));
    words.extend(command.staged.then(|| "--staged".to_owned()));
    let contracts = command.contracts.iter().map(|file| Some(file.display().to_string()));
    words.extend(contracts.flat_map(|file| named("--contract", file)));
    let accepted = command.acknowledgements.as_ref().map(|file| file.display().to_string());
    words.extend(named("--acknowledgements", accepted));
    words.extend(named("--today", command.today.as_ref().map(ToString::to_string)));
    // A page leaves things out as well, if there are thousands.
    let format = if command.format == DiffFormat::Html { "json" } else { "html" };
    words.extend(named("--format", Some(format.to_owned())));
    words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
}

/// A word as a shell reads it.
fn quoted(word: &str) -> Cow<'_, str> {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./:@~^=,+%".contains(c);
    if !word.is_empty() && !word.starts_with('~') && word.chars().all(is_plain) {
        Cow::Borrowed(word)
    } else {
        Cow::Owned(format!("'{}'", word.replace('\'', "'\\''")))
    }
}

/// How the terminal is: lines are cut to its width, and not at all where there is none.
fn look(command: &Diff) -> Look {
    let stdout = io::stdout();
    let width = stdout.is_terminal().then(terminal_size::terminal_size).flatten();
    let width = width.map_or(usize::MAX, |(terminal_size::Width(width), _)| usize::from(width));
    let colors = match anstream::AutoStream::choice(&stdout) {
        anstream::ColorChoice::Never => Colors::Off,
        anstream::ColorChoice::Auto
        | anstream::ColorChoice::AlwaysAnsi
        | anstream::ColorChoice::Always => Colors::On,
    };
    Look { width, colors, detail: command.detail.into() }
}

/// One line: how many places change, by class.
fn summary(review: &Review) -> String {
    let counts = review.counts();
    if counts.is_empty() {
        return "nothing changes".to_owned();
    }
    let all: usize = counts.values().sum();
    let places =
        if all == 1 { "1 place changes".to_owned() } else { format!("{all} places change") };
    let of = |(class, count): (&Class, &usize)| format!("{count} {class}");
    format!("{places}: {}", counts.iter().map(of).collect::<Vec<_>>().join(", "))
}

/// Says something that must be seen.
fn complain(text: &str) {
    eprintln!("{text}");
}
