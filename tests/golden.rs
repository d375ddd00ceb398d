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

use support::{cases, compile, difference, read_folder, updating};

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
