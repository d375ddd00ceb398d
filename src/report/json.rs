//! Findings for scripts: one JSON object.

use super::finding::{self, Finding, Region};
use crate::diag::{Diagnostics, Severity};
use crate::source::Sources;
use serde::Serialize;

/// All findings as one JSON object, which ends with a newline: `findings`, a list, and how many of
/// them are `errors` and `warnings`. Every key is always there; what is not known is null.
pub fn json(found: &[(&Diagnostics, &Sources)]) -> String {
    let findings: Vec<Entry> = finding::all(found).iter().map(entry).collect();
    let count = |severity| findings.iter().filter(|entry| entry.severity == severity).count();
    let report = Report { errors: count(ERROR), warnings: count(WARNING), findings };
    let mut text = serde_json::to_string_pretty(&report).expect("bug: findings are JSON");
    text.push('\n');
    text
}

const ERROR: &str = "error";
const WARNING: &str = "warning";

/// The whole report.
#[derive(Serialize)]
struct Report<'a> {
    /// The findings, by file and place.
    findings: Vec<Entry<'a>>,
    /// How many of them forbid building.
    errors: usize,
    /// How many do not.
    warnings: usize,
}

/// One finding.
#[derive(Serialize)]
struct Entry<'a> {
    /// What it is about: a stable name such as `spec/unknown-key`.
    code: &'static str,
    /// `error` or `warning`.
    severity: &'static str,
    /// The fact.
    message: &'a str,
    /// A few words about the place.
    label: Option<&'a str>,
    /// What to do.
    help: Option<&'a str>,
    /// Where it is.
    #[serde(flatten)]
    place: Place<'a>,
    /// Other places that belong to it.
    related: Vec<Related<'a>>,
}

/// Another place of a finding.
#[derive(Serialize)]
struct Related<'a> {
    /// What it is.
    message: &'a str,
    /// Where it is.
    #[serde(flatten)]
    place: Place<'a>,
}

/// A place; all null for what nobody wrote.
#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
struct Place<'a> {
    /// The text's name, as on the command line.
    file: Option<&'a str>,
    /// Its first line; the first of a text is 1.
    line: Option<usize>,
    /// Its first column, in characters; the first of a line is 1.
    column: Option<usize>,
    /// Its last line.
    end_line: Option<usize>,
    /// The column after its last.
    end_column: Option<usize>,
}

fn entry<'a>(finding: &Finding<'a>) -> Entry<'a> {
    let related = finding.related.iter();
    Entry {
        code: finding.diagnostic.code.as_str(),
        severity: match finding.diagnostic.severity {
            Severity::Error => ERROR,
            Severity::Warning => WARNING,
        },
        message: &finding.diagnostic.message,
        label: finding.diagnostic.label.as_deref(),
        help: finding.diagnostic.help.as_deref(),
        place: place(finding.at),
        related: related.map(|(at, message)| Related { message, place: place(*at) }).collect(),
    }
}

fn place(at: Option<Region<'_>>) -> Place<'_> {
    at.map_or_else(Place::default, |region| Place {
        file: Some(region.file),
        line: Some(region.start.line),
        column: Some(region.start.column),
        end_line: Some(region.end.line),
        end_column: Some(region.end.column),
    })
}
