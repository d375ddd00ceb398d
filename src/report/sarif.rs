//! Findings for code scanning: SARIF 2.1.0.
//!
//! The form is the standard's (OASIS, `sarif-v2.1.0`), in the part that GitHub reads. Braces are not
//! doubled, as §3.11.5 asks: no message of ours has arguments, and readers then show braces as they are.

use super::finding::{self, Finding, Region};
use crate::diag::{Diagnostics, Severity};
use crate::digest::digest;
use crate::source::Sources;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What a rule is, for people who meet one of its findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleText<'a> {
    /// The code of its findings.
    pub id: &'a str,
    /// What it finds, in a sentence.
    pub what: &'a str,
    /// Why that matters, as plain text.
    pub why: &'a str,
    /// What it finds, why that matters and what to do, as Markdown.
    pub markdown: &'a str,
    /// How bad its findings are, if nobody says otherwise.
    pub severity: Severity,
}

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// All findings as a SARIF log of one run, also of none; it ends with a newline.
///
/// A finding without a place is given the file that was being read, and no region: GitHub refuses a
/// whole log for one result without a location.
pub fn sarif(found: &[(&Diagnostics, &Sources)], rules: &[RuleText<'_>]) -> String {
    let findings = finding::all(found);
    let any_file = findings.iter().find_map(|finding| finding.file);
    let any_file = any_file.or_else(|| found.iter().find_map(|(_, sources)| first(sources)));
    let mut seen = BTreeMap::new();
    let results = findings.iter().map(|finding| {
        let file = finding.file.or(any_file);
        result(finding, file, rules, &mut seen)
    });
    let driver = json!({
        "name": "telemetree",
        "version": env!("CARGO_PKG_VERSION"),
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "informationUri": env!("CARGO_PKG_REPOSITORY"),
        "rules": rules.iter().map(rule).collect::<Vec<_>>(),
    });
    let run = json!({
        "tool": { "driver": driver },
        "columnKind": "unicodeCodePoints",
        "results": results.collect::<Vec<_>>(),
    });
    let log = json!({ "$schema": SCHEMA, "version": "2.1.0", "runs": [run] });
    format!("{log:#}\n")
}

fn first(sources: &Sources) -> Option<&str> {
    sources.own().next().map(|source| source.name.as_str())
}

fn rule(rule: &RuleText<'_>) -> Value {
    json!({
        "id": rule.id,
        "shortDescription": { "text": rule.what },
        "fullDescription": { "text": rule.why },
        "help": { "text": rule.why, "markdown": rule.markdown },
        "defaultConfiguration": { "level": level(rule.severity) },
    })
}

fn result(
    finding: &Finding<'_>,
    file: Option<&str>,
    rules: &[RuleText<'_>],
    seen: &mut BTreeMap<String, usize>,
) -> Value {
    let diagnostic = finding.diagnostic;
    let code = diagnostic.code.as_str();
    let help = diagnostic.help.iter().map(|help| format!("\nhelp: {help}"));
    let text: String = std::iter::once(diagnostic.message.clone()).chain(help).collect();
    let related = finding.related.iter().filter_map(|(at, what)| Some((location(&(*at)?), what)));
    let related = related.map(|(place, what)| with_message(place, what));
    let mut result = json!({
        "ruleId": code,
        "level": level(diagnostic.severity),
        "message": { "text": plain(&text) },
        "relatedLocations": related.collect::<Vec<_>>(),
        "partialFingerprints": { "finding/v1": fingerprint(finding, file, seen) },
    });
    if let Some(index) = rules.iter().position(|rule| rule.id == code) {
        put(&mut result, "ruleIndex", json!(index));
    }
    let place = match (&finding.at, file) {
        (Some(at), _) => Some(location(at)),
        (None, Some(file)) => Some(json!({ "physicalLocation": artifact(file) })),
        (None, None) => None,
    };
    if let Some(place) = place {
        let label = diagnostic.label.as_deref();
        let place = label.into_iter().fold(place, with_message);
        put(&mut result, "locations", json!([place]));
    }
    result
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

fn put(object: &mut Value, key: &str, value: Value) {
    if let Some(members) = object.as_object_mut() {
        let _ = members.insert(key.to_owned(), value);
    }
}

fn location(at: &Region<'_>) -> Value {
    let mut place = artifact(at.file);
    let region = json!({
        "startLine": at.start.line,
        "startColumn": at.start.column,
        "endLine": at.end.line,
        "endColumn": at.end.column,
    });
    put(&mut place, "region", region);
    json!({ "physicalLocation": place })
}

fn with_message(mut location: Value, text: &str) -> Value {
    put(&mut location, "message", json!({ "text": plain(text) }));
    location
}

fn artifact(file: &str) -> Value {
    json!({ "artifactLocation": { "uri": uri(file) } })
}

/// A text of a message. What looks like a link in it is none (§3.11.6).
fn plain(text: &str) -> String {
    text.replace("](", "] (")
}

/// A file's name as a reference (RFC 3986): relative to the repository, unless the name is absolute.
fn uri(file: &str) -> String {
    let file = file.strip_prefix("./").unwrap_or(file);
    let encode = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
            char::from(byte).to_string()
        }
        separator if std::path::is_separator(char::from(separator)) => "/".to_owned(),
        other => format!("%{other:02X}"),
    };
    let path: String = file.bytes().map(encode).collect();
    match path.strip_prefix('/') {
        Some(absolute) => format!("file:///{}", absolute.trim_start_matches('/')),
        None => path,
    }
}

/// Tells a finding from the others of a run, and again in a later run when its line has moved: its
/// code, its file, its message, and which of its equals it is.
fn fingerprint(
    finding: &Finding<'_>,
    file: Option<&str>,
    seen: &mut BTreeMap<String, usize>,
) -> String {
    let code = finding.diagnostic.code.as_str();
    let file = file.map(uri).unwrap_or_default();
    let hash = digest([code, &file, &finding.diagnostic.message].join("\0").as_bytes());
    let count = seen.entry(hash.clone()).or_default();
    *count += 1;
    format!("{hash}:{count}")
}
