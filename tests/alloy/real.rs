//! Whether the real `alloy validate` says the same, and `alloy fmt` prints the same.
//!
//! Opt-in: `TELEMETREE_ALLOY` names the binary, and `TELEMETREE_ALLOY_TREE` a tree of grafana/alloy, whose
//! examples are compared, too. Only a difference of our verdict that no reason explains is a failure.

use super::{Stability, breaches_at, golden_configs, mutations, parse};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::Command;
use telemetree::contract::{Breach, Kind};
use telemetree::river;
use walkdir::WalkDir;

/// What one of the real tool's commands says of a text: whether it accepts it, and its output.
fn real(alloy: &str, arguments: &[&str], text: &str) -> (bool, String) {
    let mut file =
        tempfile::Builder::new().suffix(".alloy").tempfile().expect("a file can be made");
    file.write_all(text.as_bytes()).expect("a file can be written");
    let output = Command::new(alloy).args(arguments).arg(file.path()).output().expect("alloy runs");
    (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
}

fn valid(alloy: &str, level: &str, text: &str) -> bool {
    let level = format!("--stability.level={level}");
    let community = "--feature.community-components.enabled";
    real(alloy, &["validate", community, &level], text).0
}

/// What only we say, and why.
fn beyond(breach: &Breach) -> Option<&'static str> {
    let message = &breach.message;
    match breach.kind {
        Kind::Secret => Some("it does not look for secrets in plain text"),
        Kind::Deprecated => Some("it warns"),
        Kind::Conflict if message.contains("community") => Some("they are enabled here"),
        Kind::Conflict if message.ends_with("not both") => Some("no values are validated together"),
        Kind::Reference if message.contains("export") => Some("it stops at the component"),
        Kind::Reference if message.contains("library") => Some("it stops at the first name"),
        Kind::Type => Some("it compares literals only"),
        Kind::Value | Kind::Missing | Kind::Conflict => Some("no values are validated together"),
        Kind::Reference | Kind::Unknown | Kind::Repeated | Kind::Removed | Kind::Uncovered => None,
    }
}

fn binary() -> Option<String> {
    let found = std::env::var("TELEMETREE_ALLOY").ok();
    if found.is_none() {
        println!("skipped: TELEMETREE_ALLOY names no binary");
    }
    found
}

/// The configurations among the sources: files, and those within documents and archives.
fn examples() -> Vec<(String, String)> {
    let Ok(tree) = std::env::var("TELEMETREE_ALLOY_TREE").map(PathBuf::from) else {
        println!("skipped: TELEMETREE_ALLOY_TREE names no tree");
        return Vec::new();
    };
    let mut found = Vec::new();
    for entry in WalkDir::new(&tree).sort_by_file_name().into_iter().filter_map(Result::ok) {
        let name = entry.path().strip_prefix(&tree).expect("it is below").display().to_string();
        let Ok(text) = std::fs::read_to_string(entry.path()) else { continue };
        match name.rsplit('.').next() {
            Some("alloy") => found.push((name, text)),
            Some("md") => found.extend(fenced(&text).into_iter().map(|text| (name.clone(), text))),
            Some("txtar") if name.contains("validator") => {
                found.extend(archived(&text).into_iter().map(|text| (name.clone(), text)));
            }
            _ => {}
        }
    }
    found
}

fn fenced(text: &str) -> Vec<String> {
    let mut blocks = text.split("```alloy\n").skip(1);
    blocks.by_ref().map(|rest| rest.split("```").next().unwrap_or(rest).to_owned()).collect()
}

fn archived(text: &str) -> Vec<String> {
    let files = text.split("\n-- ").skip(1);
    files.map(|file| file.split_once('\n').unwrap_or_default().1.to_owned()).collect()
}

#[test]
fn mistakes_are_mistakes_for_alloy_and_good_configurations_are_good() {
    let Some(alloy) = binary() else { return };
    for (path, text) in golden_configs() {
        assert!(valid(&alloy, "generally-available", &text), "{path}");
    }
    let mut accepted: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for mutant in mutations::mutants(60) {
        let entry = accepted.entry(mutant.kind).or_default();
        entry.1 += 1;
        entry.0 += usize::from(valid(&alloy, "generally-available", &mutant.text));
    }
    println!("mistakes that `alloy validate` accepts, of how many: {accepted:#?}");
}

#[test]
fn examples_are_judged_as_alloy_judges_them() {
    let Some(alloy) = binary() else { return };
    let mut score: BTreeMap<&str, usize> = BTreeMap::new();
    let mut unexplained = Vec::new();
    for (name, text) in examples() {
        let theirs = valid(&alloy, "experimental", &text);
        let ours = parse(&text).map(|_| breaches_at(&text, Stability::Experimental));
        let verdict = match &ours {
            None if theirs => "we cannot parse it",
            None => "both refuse it",
            Some(all) if all.is_empty() && theirs => "both accept it",
            Some(all) if all.is_empty() => "only Alloy refuses it",
            Some(_) if !theirs => "both refuse it",
            Some(all) => match all.iter().map(beyond).collect::<Option<Vec<_>>>() {
                Some(reasons) => reasons.first().copied().unwrap_or_default(),
                None => "only we refuse it",
            },
        };
        *score.entry(verdict).or_default() += 1;
        if matches!(verdict, "we cannot parse it" | "only Alloy refuses it" | "only we refuse it") {
            unexplained.push(format!("{verdict}: {name}: {ours:?}"));
        }
    }
    println!("{score:#?}\n{}", unexplained.join("\n"));
    assert!(unexplained.is_empty(), "{unexplained:#?}");
}

#[test]
fn what_alloy_converts_is_printed_as_alloy_prints_it() {
    let Some(alloy) = binary() else { return };
    let converted = examples().into_iter().filter(|(name, _)| name.contains("internal/converter"));
    let mut different = Vec::new();
    for (name, text) in converted.filter(|(name, _)| name.ends_with(".alloy")) {
        let config = parse(&text).unwrap_or_else(|| panic!("{name} does not parse"));
        let ours = river::print(&config);
        let (fine, theirs) = real(&alloy, &["fmt"], &ours);
        if !fine || theirs != ours {
            different.push(name);
        }
    }
    assert_eq!(different, [] as [&str; 0]);
}
