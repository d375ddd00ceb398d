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

use std::collections::BTreeSet;
use support::{report, root};
use telemetree::diag::Code;

#[test]
fn mistakes_are_reported_as_their_authors_can_use_them() {
    insta::glob!("diagnostics/*.yaml", |path| {
        let spec = std::fs::read_to_string(path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy();
        let report = report(&name, &spec);
        assert!(!report.is_empty(), "{name} holds no mistake");
        insta::assert_snapshot!(report);
    });
}

#[test]
fn every_code_has_a_mistake_that_triggers_it() {
    let mut seen = BTreeSet::new();
    for entry in std::fs::read_dir(root().join("tests/diagnostics")).unwrap() {
        let spec = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let compiled = telemetree::compile::compile("spec.yaml", &spec);
        assert!(compiled.output.is_none(), "a spec with a mistake makes nothing");
        seen.extend(compiled.diagnostics.sorted().iter().map(|diagnostic| diagnostic.code));
    }
    let missing: Vec<&str> =
        Code::ALL.iter().filter(|code| !seen.contains(code)).map(|code| code.as_str()).collect();
    assert!(missing.is_empty(), "no file triggers {missing:?}");
}
