//! `explain`: compiles the specs and says why a value is there, or what a line decides.

use crate::args::{Args, Explain, Format};
use crate::files::Files;
use crate::findings::{report_all, unreadable};
use crate::inputs;
use crate::{End, print_out, say};
use serde_json::json;
use telemetree::check::rule;
use telemetree::compile::{Compiled, finish};
use telemetree::diag::Code;
use telemetree::explain::{self, Leaf, Reason, comes_from};
use telemetree::report;
use telemetree::source::Sources;

/// An answer: a file, a leaf of it, and the texts that its places point into.
struct Answer<'a> {
    file: String,
    leaf: Leaf<'a>,
    sources: &'a Sources,
}

/// Runs the command.
pub fn run(command: &Explain, args: &Args) -> std::io::Result<End> {
    if let Some(code) = command.file.as_deref().and_then(Code::named) {
        return print_out(rule::rule(code).page.trim_end());
    }
    let gathered = inputs::gather(&command.filter.of(&command.spec), &Files::Disk, None)?;
    let _ = report_all(&vec![(&gathered.findings, &**gathered.library.sources())]);
    let compiled: Vec<Compiled> = gathered
        .specs
        .iter()
        .map(|spec| match &spec.front {
            Ok(front) => finish(front, &gathered.library),
            Err(diagnostic) => unreadable(&spec.name, diagnostic),
        })
        .collect();
    let broken = compiled.iter().filter(|one| one.output.is_none());
    let _ = report_all(&broken.map(|one| (&one.diagnostics, &one.sources)).collect());
    let mut answers = Vec::new();
    let mut files = Vec::new();
    for one in &compiled {
        for (file, leaf) in all_leaves(one) {
            let wanted = match (&command.file, command.spec_line) {
                (_, Some(line)) => {
                    comes_from(leaf.origin, command.of.as_deref(), line, &one.sources)
                }
                (Some(wanted), None) => {
                    is_file(&file, wanted) && is_at(&leaf, command.pointer.as_deref())
                }
                (None, None) => false,
            };
            if files.last() != Some(&file) {
                files.push(file.clone());
            }
            if wanted {
                answers.push(Answer { file, leaf, sources: &one.sources });
            }
        }
    }
    if answers.is_empty() {
        say(args, &nothing(command, &files));
        return Ok(End::Findings);
    }
    print_answers(command, &answers)
}

/// Every leaf of every file, with the file's path below the output folder.
fn all_leaves(compiled: &Compiled) -> impl Iterator<Item = (String, Leaf<'_>)> {
    compiled.output.iter().flat_map(|output| {
        output.clusters.iter().flat_map(move |(cluster, tree)| {
            let file = move |path| format!("{}/{cluster}/{path}", output.claimed.workload);
            explain::all(tree).into_iter().map(move |(path, leaf)| (file(path), leaf))
        })
    })
}

/// A file is named by its path below the output folder, by any end of it, or with folders before it.
fn is_file(file: &str, wanted: &str) -> bool {
    let wanted = wanted.trim_start_matches("./");
    let ends = |long: &str, short: &str| {
        long == short || long.strip_suffix(short).is_some_and(|rest| rest.ends_with('/'))
    };
    ends(file, wanted) || ends(wanted, file)
}

/// A pointer names a leaf, or everything below a place.
fn is_at(leaf: &Leaf, pointer: Option<&str>) -> bool {
    let Some(pointer) = pointer else { return true };
    let pointer = pointer.trim_end_matches('/');
    leaf.pointer.strip_prefix(pointer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn nothing(command: &Explain, files: &[String]) -> String {
    match (&command.file, command.spec_line) {
        (_, Some(line)) => format!("no value comes from line {line}"),
        (Some(wanted), None) if files.iter().any(|file| is_file(file, wanted)) => {
            let pointer = command.pointer.as_deref().unwrap_or_default();
            format!("`{wanted}` has nothing at that pointer, `{pointer}`; without one all is shown")
        }
        (Some(wanted), None) => {
            let shown: Vec<&str> = files.iter().take(5).map(String::as_str).collect();
            format!("no spec makes `{wanted}`; files are called like {}", shown.join(", "))
        }
        (None, None) => "name a file of the tree, or a line with --spec-line".to_owned(),
    }
}

fn print_answers(command: &Explain, answers: &[Answer]) -> std::io::Result<End> {
    let reason = |answer: &Answer| Reason::of(answer.leaf.origin, answer.sources);
    let text = match command.format {
        Format::Human => {
            let one = |answer: &Answer| {
                let Leaf { pointer, value, .. } = &answer.leaf;
                if command.spec_line.is_some() {
                    format!("{} {pointer} = {value}\n", answer.file)
                } else {
                    report::reasons(&answer.file, pointer, value, &reason(answer))
                }
            };
            answers.iter().map(one).collect::<String>()
        }
        Format::Json => {
            let one = |answer: &Answer| {
                let Leaf { pointer, value, .. } = &answer.leaf;
                // References and functions of Alloy are no JSON; they are shown as they are written.
                let value: serde_json::Value =
                    serde_json::from_str(value).unwrap_or_else(|_| value.as_str().into());
                json!({"file": answer.file, "pointer": pointer, "value": value, "reason": reason(answer)})
            };
            serde_json::to_string_pretty(&answers.iter().map(one).collect::<Vec<_>>())?
        }
    };
    print_out(text.trim_end())
}
