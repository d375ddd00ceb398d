//! The catalogue of rules: for each code what it finds, why that matters, an example, and the fix.
//!
//! A rule is a page in `rules/`, in Markdown of one form; a test compiles the example of every page
//! and demands the finding.

use crate::diag::{Code, Severity};
use crate::embedded;
use std::fmt::Write as _;

/// The page of a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The code.
    pub code: Code,
    /// What is found, in a sentence.
    pub what: &'static str,
    /// Why that matters.
    pub why: &'static str,
    /// Files with which it is found: the path and the text of each.
    pub fails: Vec<(&'static str, &'static str)>,
    /// What to do.
    pub fix: &'static str,
    /// The whole page.
    pub page: &'static str,
}

/// Every rule, in the order of the codes.
pub fn all() -> Vec<Rule> {
    Code::ALL.iter().map(|code| rule(*code)).collect()
}

/// The rule of a code.
pub fn rule(code: Code) -> Rule {
    let page = embedded::RULES.iter().find(|(name, _)| *name == code.as_str());
    let (_, page) = page.expect("bug: a code has no page");
    read(code, page).expect("bug: a rule's page is not of the form that all have")
}

/// A word for people.
pub fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

fn read(code: Code, page: &'static str) -> Option<Rule> {
    let rest = page.strip_prefix("# ")?.strip_prefix(code.as_str())?;
    let (what, rest) = rest.split_once("\n## Why\n")?;
    let (why, rest) = rest.split_once("\n## Fails\n")?;
    let (fails, fix) = rest.split_once("\n## Fix\n")?;
    let blocks = fails.split("\n```\n").filter(|block| !block.trim().is_empty());
    let fails = blocks.map(|block| {
        let (path, text) = block.split_once("\n\n```yaml\n")?;
        Some((path.trim().trim_matches('`'), text))
    });
    let fails = fails.collect::<Option<Vec<_>>>()?;
    Some(Rule { code, what: what.trim(), why: why.trim(), fails, fix: fix.trim(), page })
}

/// All pages as one document, headed by a list.
pub fn document() -> String {
    let mut text = String::from(HEAD);
    for Rule { code, what, .. } in all() {
        let (name, kind) = (code.as_str(), severity(code.severity()));
        let what = what.replace('\n', " ");
        let _ = writeln!(text, "| [`{name}`](#{}) | {kind} | {what} |", anchor(name));
    }
    for rule in all() {
        text.push('\n');
        for line in rule.page.lines() {
            // Headings of a page are one level deeper here.
            if line.starts_with('#') {
                text.push('#');
            }
            text.push_str(line);
            text.push('\n');
        }
    }
    text
}

const HEAD: &str = "\
# Rules

Everything that telemetree can find, by its code. `telemetree explain <code>` prints the page of one,
`telemetree rules` this list. This file is made from `rules/`; change it there.

A finding that is not an obstacle to building is allowed by a comment, on its line or on one of its own in
front of it, that says why: `# telemetree: allow chart/dead-key: our fork of the chart reads it`. A
comment that allows nothing is a finding itself.

| code | | what is found |
|---|---|---|
";

/// A heading's name in links, as Markdown viewers make it.
fn anchor(name: &str) -> String {
    name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_page_and_every_page_a_code() {
        let names: Vec<&str> = embedded::RULES.iter().map(|(name, _)| *name).collect();
        let codes: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(names, codes);
        for Rule { code, what, why, fails, fix, .. } in all() {
            let name = code.as_str();
            assert!([what, why, fix].iter().all(|text| text.len() > 10), "{name}");
            assert!(fails.iter().any(|(_, text)| text.contains(": ")), "{name}");
        }
    }
}
