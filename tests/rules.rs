//! The catalogue of rules: every page's example is found by the page's code, and by nothing else.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests look at the world and fail by panicking"
)]

mod support;

use std::collections::BTreeSet;
use std::path::Path;
use support::{compile_in, report, root, updating};
use telemetree::check::rule::{self, Rule};
use telemetree::committed::{self, Committed};
use telemetree::compile::Compiled;
use telemetree::diag::Code;

const MINIMAL: &str = "\
apiVersion: telemetree/v1
kind: Workload
metadata: {name: ganso01-staging}
spec:
  cloud: {aws: {accountId: \"123456789012\", region: us-east-2}}
  clusters: {\"20250115\": {}}
  sites: {main: {domain: analytics.example.com}}
";

/// Writes a page's files, and the minimal spec with its overlays where the page has no spec.
fn write(rule: &Rule, folder: &Path) -> String {
    let mut overlays = Vec::new();
    for (path, text) in &rule.fails {
        let file = folder.join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
        overlays.extend(path.strip_suffix("/overlay.yaml").map(|folder| format!("./{folder}")));
    }
    let spec = rule.fails.iter().find(|(path, _)| *path == "workload.yaml");
    match spec {
        Some((_, spec)) => (*spec).to_owned(),
        None => format!("{MINIMAL}  overlays: [{}]\n", overlays.join(", ")),
    }
}

/// A page's files are a tree that was built before.
fn built_before(rule: &Rule) -> Compiled {
    let files = rule.fails.iter().filter_map(|(path, text)| {
        Some((path.strip_prefix("rendered/")?.to_owned(), (*text).to_owned()))
    });
    let Committed { sources, diagnostics } = committed::check("rendered", &files.collect(), &[]);
    Compiled { sources, diagnostics, ..Compiled::default() }
}

#[test]
fn the_example_of_every_page_is_found_by_its_code() {
    let mut wrong = String::new();
    for rule in rule::all() {
        let folder = tempfile::tempdir().unwrap();
        let compiled = if rule.fails.iter().any(|(path, _)| path.starts_with("rendered/")) {
            built_before(&rule)
        } else {
            let spec = write(&rule, folder.path());
            compile_in(&[folder.path().to_owned()], "workload.yaml", &spec)
        };
        let found = compiled.diagnostics.sorted();
        let codes: BTreeSet<Code> = found.iter().map(|diagnostic| diagnostic.code).collect();
        let name = rule.code.as_str();
        let is_as_bad = found.iter().any(|found| found.severity == rule.code.severity());
        let has_place = found.iter().all(|found| found.at.is_some() || found.code == Code::Limit);
        if codes != BTreeSet::from([rule.code]) || !is_as_bad || !has_place {
            wrong = format!("{wrong}\n== {name}: {codes:?}\n{}", report(&compiled));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn the_document_of_all_rules_is_what_the_pages_say() {
    let path = root().join("docs/rules.md");
    let made = rule::document();
    if updating() {
        std::fs::write(&path, &made).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == made, "run `UPDATE_GOLDEN=1 cargo test --test rules`");
}
