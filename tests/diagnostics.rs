//! Every kind of mistake, as its author sees it. A file in `tests/diagnostics` is one mistake (or a
//! few of one kind); its snapshot is the message. `INSTA_UPDATE=always cargo test` accepts new ones.

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

use std::path::{Path, PathBuf};
use support::{compile_in, report, root};
use telemetree::compile::Compiled;

/// Compiles a mistake: a spec alone, or `workload.yaml` in a folder with its overlays.
fn compiled(path: &Path) -> Compiled {
    let spec = std::fs::read_to_string(path).unwrap();
    let name = path.file_name().unwrap().to_string_lossy();
    compile_in(&[path.parent().unwrap().to_owned()], &name, &spec)
}

/// Every mistake: single specs, and specs with overlays.
fn mistakes() -> Vec<PathBuf> {
    let folder = root().join("tests/diagnostics");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        found.push(if path.is_dir() { path.join("workload.yaml") } else { path });
    }
    found.sort();
    found
}

#[test]
fn mistakes_are_reported_as_their_authors_can_use_them() {
    let look = |path: &Path| {
        let report = report(&compiled(path));
        assert!(!report.is_empty(), "{} holds no mistake", path.display());
        insta::assert_snapshot!(report);
    };
    insta::glob!("diagnostics/*.yaml", look);
    insta::glob!("diagnostics/*/workload.yaml", look);
}

#[test]
fn a_spec_with_a_mistake_makes_nothing() {
    for path in mistakes() {
        let compiled = compiled(&path);
        let errors = compiled.diagnostics.has_errors();
        assert!(compiled.output.is_none() == errors, "{}", path.display());
    }
}
