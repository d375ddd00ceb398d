//! Findings for GitHub Actions: a workflow command each, which annotates the line.
//!
//! The form and its escapes are those that the runner reads (`ActionCommand.cs` and
//! `ActionCommandManager.cs` of `actions/runner`).

use super::finding::{self, Finding, Region};
use crate::diag::{Diagnostics, Severity};
use crate::source::Sources;
use std::fmt::Write as _;

/// A line for each finding: `::error file=…,line=…,col=…,endLine=…,endColumn=…,title=CODE::MESSAGE`.
/// The message goes on with what to do and with the other places. Of a place of several lines the
/// first is annotated: GitHub shows the text below the last, and takes no columns.
pub fn github(found: &[(&Diagnostics, &Sources)]) -> String {
    finding::all(found).iter().map(command).collect()
}

fn command(finding: &Finding<'_>) -> String {
    let command = match finding.diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let place = finding.at.map(properties).unwrap_or_default();
    let title = property(finding.diagnostic.code.as_str());
    format!("::{command} {place}title={title}::{}\n", data(&message(finding)))
}

fn properties(at: Region<'_>) -> String {
    let (line, column) = (at.start.line, at.start.column);
    let file = property(at.file);
    let end = at.first_line_end;
    format!("file={file},line={line},col={column},endLine={line},endColumn={end},")
}

fn message(finding: &Finding<'_>) -> String {
    let mut text = finding.diagnostic.message.clone();
    if let Some(label) = &finding.diagnostic.label {
        let _ = write!(text, "\n{label}");
    }
    if let Some(help) = &finding.diagnostic.help {
        let _ = write!(text, "\nhelp: {help}");
    }
    for (at, what) in &finding.related {
        let _ = match at {
            Some(at) => write!(text, "\n{}:{}: {what}", at.file, at.start),
            None => write!(text, "\n{what}"),
        };
    }
    text
}

/// A text that ends a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A text between other properties.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
