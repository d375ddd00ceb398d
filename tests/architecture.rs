//! The house rules: who may use whom, what the core never does, how long a file may be.

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

use std::collections::BTreeMap;
use support::{read_folder, root};

/// Each top-level module of the library and what it may use. A module may always use itself.
const LAYERS: [(&str, &[&str]); 28] = [
    // 0 base
    ("source", &[]),
    ("origin", &["source"]),
    ("node", &["origin"]),
    ("diag", &["origin", "source"]),
    ("pointer", &[]),
    ("near", &[]),
    ("embedded", &[]),
    ("digest", &[]),
    // 1 formats
    ("syntax", &["diag", "node", "origin", "source"]),
    ("river", &["node", "origin", "source"]),
    ("manifest", &["node", "origin"]),
    ("contract", &["digest", "near", "node", "origin", "pointer", "river", "source", "syntax"]),
    // 2 domain
    ("model", &["node", "origin"]),
    // 3 front end
    ("spec", &["diag", "model", "near", "node", "origin", "source", "syntax"]),
    // 4 knowledge: siblings that never use each other
    ("cloud", &["diag", "model", "node", "origin"]),
    ("component", &["manifest", "model", "node", "origin", "river", "syntax"]),
    // 5 output
    ("tree", &["model", "node", "origin", "pointer", "river", "syntax"]),
    ("ownership", &["digest", "tree"]),
    ("delivery", &["component", "layout", "manifest", "model", "node", "origin"]),
    ("prerequisites", &["cloud", "component", "model", "node", "spec"]),
    (
        "layout",
        &[
            "component",
            "delivery",
            "diag",
            "manifest",
            "model",
            "node",
            "origin",
            "prerequisites",
            "tree",
        ],
    ),
    // 6 what users change
    (
        "overlay",
        &[
            "component",
            "contract",
            "diag",
            "embedded",
            "layout",
            "manifest",
            "model",
            "near",
            "node",
            "origin",
            "pointer",
            "river",
            "source",
            "spec",
            "syntax",
            "tree",
        ],
    ),
    ("fleet", &["diag", "model", "origin", "source", "spec", "syntax"]),
    (
        "check",
        &[
            "component",
            "contract",
            "diag",
            "embedded",
            "layout",
            "model",
            "near",
            "node",
            "origin",
            "pointer",
            "prerequisites",
            "river",
            "source",
            "syntax",
            "tree",
        ],
    ),
    (
        "committed",
        &[
            "check",
            "contract",
            "diag",
            "digest",
            "layout",
            "model",
            "node",
            "ownership",
            "river",
            "source",
            "syntax",
            "tree",
        ],
    ),
    // 7 for readers
    ("explain", &["node", "origin", "river", "source", "tree"]),
    (
        "diff",
        &[
            "check",
            "contract",
            "diag",
            "digest",
            "explain",
            "layout",
            "manifest",
            "model",
            "node",
            "origin",
            "ownership",
            "pointer",
            "river",
            "source",
            "spec",
            "syntax",
            "tree",
        ],
    ),
    ("report", &["diag", "diff", "digest", "explain", "model", "ownership", "source", "tree"]),
];

/// The flow itself uses everything.
const TOP: [&str; 2] = ["compile", "lib"];

fn sources() -> BTreeMap<String, String> {
    read_folder(&root().join("src"))
}

fn module(path: &str) -> &str {
    path.split(['/', '.']).next().unwrap_or_default()
}

/// Code without comments and without its unit tests.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    code.collect::<Vec<_>>().join("\n")
}

#[test]
fn modules_use_only_what_their_layer_allows() {
    let allowed: BTreeMap<&str, &[&str]> = LAYERS.into_iter().collect();
    for (path, text) in sources() {
        let own = module(&path);
        if own == "cli" || TOP.contains(&own) {
            continue;
        }
        let allowed = allowed.get(own).unwrap_or_else(|| panic!("`{own}` has no layer"));
        let code = code(&text);
        assert!(!code.contains("crate::{"), "{path} groups its uses; the layers are not seen");
        for used in code.split("crate::").skip(1) {
            let used: String =
                used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            assert!(
                used == own || used.is_empty() || allowed.contains(&used.as_str()),
                "{path} uses `{used}`; `{own}` may use {allowed:?}"
            );
        }
    }
}

#[test]
fn only_the_cloud_and_the_spec_know_which_clouds_there_are() {
    for (path, text) in sources() {
        let knows = ["Cloud::Aws", "Cloud::Azure"].iter().any(|word| code(&text).contains(word));
        let may = path.starts_with("cloud") || path.starts_with("spec");
        assert!(!knows || may, "{path} asks which cloud it is");
    }
}

#[test]
fn the_core_touches_nothing_outside_itself() {
    const EFFECTS: [&str; 9] = [
        "std::fs",
        "std::env",
        "std::net",
        "std::process",
        "std::time",
        "std::thread",
        "println!",
        "eprintln!",
        "HashMap",
    ];
    for (path, text) in sources() {
        if module(&path) == "cli" {
            continue;
        }
        for effect in EFFECTS {
            assert!(!code(&text).contains(effect), "{path} uses `{effect}`");
        }
    }
}

#[test]
fn each_format_library_is_known_to_one_module() {
    const OWNERS: [(&str, &[&str]); 5] = [
        ("git2::", &["cli"]),
        ("granit_parser", &["syntax"]),
        ("annotate_snippets", &["report"]),
        ("sha2::", &["digest"]),
        ("promql_parser", &["contract"]),
    ];
    for (path, text) in sources() {
        for (library, owners) in OWNERS {
            let uses = code(&text).contains(library);
            assert!(!uses || owners.contains(&module(&path)), "{path} uses `{library}`");
        }
        assert!(!code(&text).contains("serde_yaml"), "{path} uses the tests' oracle");
    }
}

#[test]
fn files_stay_readable() {
    for (path, text) in sources() {
        let lines = text.lines().count();
        assert!(lines <= 400, "{path} has {lines} lines");
    }
}

#[test]
fn no_source_or_document_names_a_machine() {
    let documents = read_folder(&root().join("docs"));
    for (path, text) in sources().into_iter().chain(documents) {
        for folder in ["home", "root", "work"] {
            let word = format!("/{folder}/");
            assert!(!text.contains(&word), "{path} holds `{word}`");
        }
    }
}
