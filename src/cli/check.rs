//! `check`: compiles in memory, runs every rule, writes nothing.

use crate::args::{Args, Check, FindingsFormat, Format, Instead};
use crate::compiled::{Built, Everything};
use crate::contracts::contracts;
use crate::files::Files;
use crate::findings::{Findings, once, report_all};
use crate::write::{self, Change};
use crate::{End, print_out, say};
use crate::{committed, inputs};
use anstream::eprintln;
use serde_json::json;
use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use telemetree::check::rule::{self, Rule};
use telemetree::diag::Diagnostics;
use telemetree::report::{self, RuleText};
use telemetree::source::Sources;

/// Runs the command.
pub fn run(command: &Check, args: &Args) -> io::Result<End> {
    let Some(everything) = compile(command)? else {
        let folders = command.paths.iter().filter(|path| path.is_dir());
        let contracts = contracts(&command.contracts)?;
        let check = |folder: &PathBuf| committed::check(folder, &contracts);
        let trees = folders.map(check).collect::<io::Result<Vec<_>>>()?;
        let trees = trees.concat();
        if !trees.is_empty() {
            let found = trees.iter().map(|tree| (&tree.diagnostics, &tree.sources)).collect();
            return tell(command, args, &found, &counted(trees.len(), "tree"));
        }
        let paths = command.filter.of(&command.paths);
        say(args, inputs::none_found(&paths));
        return Ok(End::Findings);
    };
    let what = counted(everything.built.len(), "workload");
    let end = tell(command, args, &everything.findings(), &what)?;
    let drifted = command.frozen && drift(args, &everything.built)?;
    Ok(if end == End::Clean && drifted { End::Differences } else { end })
}

/// What the command line names, compiled; nothing if a folder was named that holds no spec.
fn compile(command: &Check) -> io::Result<Option<Everything>> {
    let instead = on_stdin(command)?;
    let paths = match &instead {
        Some(instead) => vec![instead.file.clone()],
        None => command.paths.clone(),
    };
    let mut documents = Vec::new();
    let mut others = Vec::new();
    for path in paths {
        let into = if is_document(&path, instead.as_ref())? { &mut documents } else { &mut others };
        into.push(path);
    }
    let gather = |paths: &[PathBuf]| {
        let mut selection = command.filter.of(paths);
        selection.instead = instead.as_ref();
        inputs::gather(&selection, &Files::Disk, command.jobs)
    };
    let output = command.output.as_deref();
    let gathered = gather(&documents)?;
    if others.is_empty() {
        let found = !gathered.is_empty();
        return Ok(found.then(|| Everything::compile(gathered, command.jobs, output)));
    }
    // Which workloads use the other files is known once all of them are compiled.
    let asked: Vec<String> = gathered.specs.into_iter().map(|spec| bare(&spec.name)).collect();
    documents.push(command.filter.top());
    let mut everything = Everything::compile(gather(&documents)?, command.jobs, output);
    let kept = everything
        .built
        .iter()
        .filter(|one| asked.contains(&bare(&one.name)) || uses(&everything, one, &others));
    let kept: BTreeSet<String> = kept.map(|one| one.name.clone()).collect();
    everything.retain(|one| kept.contains(&one.name));
    Ok(Some(everything))
}

/// Whether a path leads to specs by itself: a spec, a fleet, or a folder of them.
fn is_document(path: &Path, instead: Option<&Instead>) -> io::Result<bool> {
    if path == Path::new("-") || path.is_dir() {
        return Ok(true);
    }
    Ok(match instead.filter(|instead| instead.is_of(path)) {
        Some(instead) => inputs::names_workloads(&instead.text),
        // What is no text is reported as a spec: somebody named it.
        None => Files::Disk.text(path)?.map_or(true, |text| inputs::names_workloads(&text)),
    })
}

/// The text that an editor has, if the command says of which file it is.
fn on_stdin(command: &Check) -> io::Result<Option<Instead>> {
    let Some(file) = &command.stdin_filename else { return Ok(None) };
    match inputs::stdin()? {
        Ok(text) => Ok(Some(Instead { file: file.clone(), text })),
        Err(diagnostic) => Err(io::Error::other(diagnostic.message)),
    }
}

/// Whether a workload is made from one of these files.
fn uses(everything: &Everything, one: &Built, files: &[PathBuf]) -> bool {
    let mut names = one.shared_texts().filter_map(|id| everything.name_of(id));
    names.any(|name| {
        let file = Path::new(name);
        files.iter().any(|used| bare(&used.to_string_lossy()) == bare(name) || is_same(used, file))
    })
}

fn is_same(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| std::fs::canonicalize(path).ok();
    real(one).is_some_and(|one| real(other) == Some(one))
}

fn bare(path: &str) -> String {
    path.trim_start_matches("./").to_owned()
}

/// Prints the findings, and says how many there were and in what.
fn tell(command: &Check, args: &Args, found: &Findings, what: &str) -> io::Result<End> {
    let all = once(found);
    let errors: usize = all.iter().map(|(found, _)| found.errors()).sum();
    let total: usize = all.iter().map(|(found, _)| found.len()).sum();
    let warnings = total - errors;
    let each: Vec<(&Diagnostics, &Sources)> =
        all.iter().map(|(found, sources)| (found, *sources)).collect();
    match command.format {
        FindingsFormat::Human => {
            let _ = report_all(found);
        }
        FindingsFormat::Json => print_all(&report::json(&each))?,
        FindingsFormat::Sarif => print_all(&report::sarif(&each, &texts(&rule::all())))?,
        FindingsFormat::Github => print_all(&report::github(&each))?,
    }
    let counts = format!("{}, {}", counted(errors, "error"), counted(warnings, "warning"));
    say(args, &format!("{what} checked: {counts}"));
    let is_bad = errors > 0 || (command.deny_warnings && warnings > 0);
    Ok(if is_bad { End::Findings } else { End::Clean })
}

/// Prints a report, if it says anything.
fn print_all(report: &str) -> io::Result<()> {
    if report.is_empty() { Ok(()) } else { print_out(report.trim_end()).map(|_| ()) }
}

/// The rules, as reports show them.
fn texts(rules: &[Rule]) -> Vec<RuleText<'_>> {
    let text = |rule: &Rule| RuleText {
        id: rule.code.as_str(),
        what: rule.what,
        why: rule.why,
        markdown: rule.page,
        severity: rule.code.severity(),
    };
    rules.iter().map(text).collect()
}

/// A number of things.
fn counted(number: usize, thing: &str) -> String {
    if number == 1 { format!("1 {thing}") } else { format!("{number} {thing}s") }
}

/// Says what stands in the output folder and is not what would be built.
fn drift(args: &Args, built: &[Built]) -> io::Result<bool> {
    let mut drifted = false;
    for one in built {
        let Some(claimed) = &one.claimed else { continue };
        let survey = write::survey(&one.home, &claimed.workload, &one.folder)?;
        for line in survey.in_the_way() {
            drifted = true;
            eprintln!("drift: {line}");
        }
        for (change, path) in &survey.changes {
            let what = match change {
                Change::Create => "is missing",
                Change::Replace => "is not what the spec makes now",
                Change::Remove => "is no longer made",
                Change::Keep => continue,
            };
            drifted = true;
            say(args, &format!("drift: {path} {what}"));
        }
    }
    Ok(drifted)
}

/// Prints the list of rules.
pub fn rules(format: Format) -> io::Result<End> {
    let rules = rule::all();
    let text = match format {
        Format::Human => {
            let width = rules.iter().map(|rule| rule.code.as_str().len()).max().unwrap_or_default();
            let line = |Rule { code, what, .. }: &Rule| {
                let kind = rule::severity(code.severity());
                format!("{:width$}  {kind:7}  {}", code.as_str(), what.replace('\n', " "))
            };
            rules.iter().map(line).collect::<Vec<_>>().join("\n")
        }
        Format::Json => {
            let one = |Rule { code, what, why, fails, fix, .. }: &Rule| {
                let files = fails.iter().map(|(path, text)| json!({"path": path, "text": text}));
                json!({
                    "code": code.as_str(),
                    "severity": rule::severity(code.severity()),
                    "what": what,
                    "why": why,
                    "example": files.collect::<Vec<_>>(),
                    "fix": fix,
                    "canBeAllowed": code.can_be_allowed(),
                })
            };
            serde_json::to_string_pretty(&rules.iter().map(one).collect::<Vec<_>>())?
        }
    };
    print_out(&text)
}
