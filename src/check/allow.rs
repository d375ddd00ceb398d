//! Comments that allow a finding: `# telemetree: allow chart/dead-key: our fork of the chart reads it`.
//!
//! A comment holds for its own line if something stands before it, and else for the next line that is
//! no comment. It says why, or it is a finding itself; so is one that allows nothing.

use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::source::{SourceId, Sources, Span};
use std::collections::BTreeSet;

/// How such a comment starts, behind `#` or `//`.
const MARK: &str = "telemetree: allow";

/// A comment that allows something.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Allowance {
    /// The comment.
    at: Span,
    /// The line that it holds for, from its first byte to its last.
    line: Span,
    /// What it allows.
    code: Code,
}

/// The comments that allowed something, so that those that never did can be told.
pub type Used = BTreeSet<Span>;

/// Takes away what is allowed, and adds what is wrong with the comments themselves.
pub fn apply(
    diagnostics: &Diagnostics,
    texts: &[SourceId],
    sources: &Sources,
) -> (Diagnostics, Used) {
    let mut kept = Diagnostics::default();
    let mut used = Used::new();
    let mut allowances = Vec::new();
    for id in texts {
        allowances.extend(read(*id, sources, &mut kept));
    }
    for diagnostic in diagnostics.all() {
        let holds = |allowance: &&Allowance| {
            let line = allowance.line;
            allowance.code == diagnostic.code
                && diagnostic.at.is_some_and(|at| {
                    at.source == line.source && line.start <= at.start && at.start <= line.end
                })
        };
        match allowances.iter().find(holds) {
            Some(allowance) => {
                let _ = used.insert(allowance.at);
            }
            None => kept.push(diagnostic.clone()),
        }
    }
    (kept, used)
}

/// The comments of a text that allowed nothing.
pub fn unused(id: SourceId, sources: &Sources, used: &Used) -> Vec<Diagnostic> {
    let allowances = read(id, sources, &mut Diagnostics::default());
    let unused = allowances.into_iter().filter(|allowance| !used.contains(&allowance.at));
    let warning = |Allowance { at, code, .. }: Allowance| {
        let message = format!("nothing here is found by `{}`", code.as_str());
        Diagnostic::warning(Code::UnusedAllow, at, message).help("take the comment away")
    };
    unused.map(warning).collect()
}

/// The comments of a text; what is wrong with one is a finding.
fn read(id: SourceId, sources: &Sources, diags: &mut Diagnostics) -> Vec<Allowance> {
    let Some(source) = sources.get(id) else { return Vec::new() };
    let text = source.text.as_str();
    let marks = text.match_indices(MARK);
    let comments = marks.filter_map(|(at, _)| comment(text, at));
    let read = comments.filter_map(|(start, end, line)| {
        let at = Span::new(id, start, end);
        let words = text.get(start..end)?.split_once(MARK)?.1;
        match code(words) {
            Ok(code) => Some(Allowance { at, line: Span::new(id, line.0, line.1), code }),
            Err((message, help)) => {
                diags.push(Diagnostic::error(Code::Allow, at, message).help(help));
                None
            }
        }
    });
    read.collect()
}

type Range = (usize, usize);

/// The comment around a mark, its first and last byte, and the line that it holds for.
fn comment(text: &str, mark: usize) -> Option<(usize, usize, Range)> {
    let (start, end) = line_around(text, mark);
    let before = text.get(start..mark)?.trim_end();
    let (kept, sign) = [("#", 1), ("//", 2)]
        .into_iter()
        .find_map(|(sign, length)| Some((before.strip_suffix(sign)?, length)))?;
    let first = start + kept.len();
    debug_assert!(first + sign <= mark, "the sign stands before the mark");
    if !kept.trim().is_empty() {
        // In YAML a comment behind something has a blank before it.
        return kept.ends_with(char::is_whitespace).then_some((first, end, (start, end)));
    }
    let mut next = (start, end);
    loop {
        next = line_around(text, next.1 + 1);
        let line = text.get(next.0..next.1)?.trim_start();
        let is_comment = line.is_empty() || line.starts_with('#') || line.starts_with("//");
        if !is_comment {
            return Some((first, end, next));
        }
        if next.1 >= text.len() {
            return Some((first, end, (end, end)));
        }
    }
}

/// The line around a byte, without its end.
fn line_around(text: &str, at: usize) -> Range {
    let at = at.min(text.len());
    let start = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
    let end = text.get(at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |end| at + end);
    (start, end)
}

/// What the words behind the mark allow, if they say why.
fn code(words: &str) -> Result<Code, (String, String)> {
    const FORM: &str = "write `telemetree: allow <code>: <why>`";
    let Some((name, why)) = words.split_once(": ") else {
        return Err(("this does not say why".to_owned(), FORM.to_owned()));
    };
    let (name, why) = (name.trim(), why.trim());
    if why.is_empty() {
        return Err(("this does not say why".to_owned(), FORM.to_owned()));
    }
    let Some(code) = Code::named(name) else {
        let close = Code::ALL.iter().copied().filter(|code| code.can_be_allowed());
        let close = close
            .map(Code::as_str)
            .max_by(|a, b| strsim::jaro_winkler(a, name).total_cmp(&strsim::jaro_winkler(b, name)));
        let help = close.map_or(FORM.to_owned(), |close| format!("did you mean `{close}`?"));
        return Err((format!("there is no code `{name}`"), help));
    };
    if code.can_be_allowed() {
        return Ok(code);
    }
    let message = format!("`{name}` cannot be allowed: nothing can be built with it");
    Err((message, "mend what it finds".to_owned()))
}
