//! The golden cases: a spec and the whole tree that it makes. They are what users get, so they are
//! compared to the byte. `UPDATE_GOLDEN=1 cargo test --test golden` rewrites them.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::disallowed_macros,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::format_push_string,
    clippy::format_collect,
    clippy::case_sensitive_file_extension_comparisons,
    clippy::struct_excessive_bools,
    reason = "tests look at the world and fail by panicking"
)]

mod support;

use support::{cases, compile, compiled, difference, read_folder, report, updating};

#[test]
fn every_case_makes_exactly_its_tree() {
    for case in cases() {
        let actual = compile(&case.name, &case.spec);
        let folder = case.folder.join("expected");
        if updating() {
            let _ = std::fs::remove_dir_all(&folder);
            for (path, text) in &actual {
                let path = folder.join(path);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, text).unwrap();
            }
        }
        let difference = difference(&read_folder(&folder), &actual);
        assert!(difference.is_empty(), "{} differs:\n{difference}", case.name);
    }
}

#[test]
fn every_case_says_why_it_exists() {
    for case in cases() {
        let first = case.spec.lines().next().unwrap_or_default();
        assert!(first.starts_with("# why: ") && first.len() > 30, "{}: `{first}`", case.name);
    }
}

#[test]
fn the_cases_that_the_design_asks_for_are_there() {
    let names: Vec<String> = cases().into_iter().map(|case| case.name).collect();
    for name in ["aws-minimal", "aws-full", "azure-minimal", "azure-full"] {
        assert!(names.iter().any(|other| other == name), "{name}");
    }
}

#[test]
fn no_case_has_anything_to_warn_of() {
    for case in cases() {
        let report = report(&compiled("workload.yaml", &case.spec));
        assert!(report.is_empty(), "{}:\n{report}", case.name);
    }
}

/// The case's files with one overlay less.
fn without(case: &support::Case, overlay: &str) -> support::Files {
    let list = case.spec.lines().find(|line| line.trim().starts_with("overlays: [")).unwrap();
    let names = list.trim().trim_start_matches("overlays: [").trim_end_matches(']');
    let left: Vec<&str> = names.split(", ").filter(|name| *name != overlay).collect();
    assert!(left.len() < names.split(", ").count(), "{list} has no {overlay}");
    let new =
        if left.is_empty() { String::new() } else { format!("  overlays: [{}]", left.join(", ")) };
    let mut spec = case.spec.replace(list, &new);
    if overlay == "airgapped" {
        spec = spec
            .lines()
            .filter(|line| !line.contains("imageRegistry"))
            .fold(String::new(), |text, line| text + line + "\n");
    }
    compile(&case.name, &spec)
}

#[test]
fn every_built_in_overlay_changes_a_case() {
    for (name, text) in telemetree::embedded::OVERLAYS {
        let file = support::root().join("overlays").join(name).join("overlay.yaml");
        assert_eq!(std::fs::read_to_string(file).unwrap(), text, "{name} is embedded as it is");
        let lists = |case: &support::Case| {
            let line = case.spec.lines().find(|line| line.trim().starts_with("overlays: ["));
            line.is_some_and(|line| line.contains(name))
        };
        let cases: Vec<_> = cases().into_iter().filter(lists).collect();
        assert!(!cases.is_empty(), "no case uses {name}");
        for case in cases {
            let (with, without) = (compile(&case.name, &case.spec), without(&case, name));
            let values = |files: &support::Files| -> Vec<String> {
                files
                    .iter()
                    .filter(|(path, _)| !path.contains(".telemetree"))
                    .map(|(_, text)| text.clone())
                    .collect()
            };
            assert_ne!(values(&with), values(&without), "{name} changes nothing in {}", case.name);
        }
    }
    let folders = std::fs::read_dir(support::root().join("overlays")).unwrap();
    let folders = folders.filter(|entry| entry.as_ref().unwrap().path().is_dir()).count();
    assert_eq!(folders, telemetree::embedded::OVERLAYS.len(), "every folder is embedded");
}
