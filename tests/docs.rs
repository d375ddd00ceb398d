//! Every command that a document shows is run, here or by `.ci/run`.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::case_sensitive_file_extension_comparisons,
    reason = "tests look at the world and fail by panicking"
)]

mod support;

use std::path::Path;
use std::process::Command;
use support::{read_folder, root};

/// The commands in a document's `console` blocks.
fn commands(document: &str) -> Vec<String> {
    let blocks = document.split("```console\n").skip(1);
    let lines = blocks.flat_map(|block| block.split("```").next().unwrap_or_default().lines());
    lines.filter_map(|line| line.strip_prefix("$ ")).map(str::to_owned).collect()
}

/// The documents, by path.
fn documents() -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = read_folder(&root().join("docs")).into_iter().collect();
    for name in ["README.md", "ARCHITECTURE.md"] {
        all.push((name.to_owned(), std::fs::read_to_string(root().join(name)).unwrap()));
    }
    all
}

/// A folder in which a reader of the documents would be, with the golden specs and an unpacked chart in it.
fn scratch() -> tempfile::TempDir {
    let scratch = tempfile::TempDir::new().unwrap();
    let chart = scratch.path().join("mimir-distributed");
    std::fs::create_dir_all(chart.join("templates")).unwrap();
    let about = "apiVersion: v2\nname: mimir-distributed\nversion: 6.1.0\nappVersion: 3.0.4\n";
    std::fs::write(chart.join("Chart.yaml"), about).unwrap();
    std::fs::write(chart.join("values.yaml"), "replicas: 1\n").unwrap();
    std::fs::write(chart.join("templates/a.yaml"), "replicas: {{ .Values.replicas }}\n").unwrap();
    for case in support::cases() {
        let folder = scratch.path().join("golden").join(&case.name);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("workload.yaml"), &case.spec).unwrap();
        for (path, text) in read_folder(&case.folder.join("overlays")) {
            let file = folder.join("overlays").join(path);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        }
    }
    scratch
}

fn run(args: &str, folder: &Path) -> i32 {
    let output = Command::new(env!("CARGO_BIN_EXE_telemetree"))
        .args(args.split_whitespace())
        .current_dir(folder)
        .output()
        .unwrap();
    output.status.code().unwrap()
}

#[test]
fn the_readme_s_commands_do_what_it_says() {
    let scratch = scratch();
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let ours: Vec<(String, i32)> = commands(&readme)
        .iter()
        .filter_map(|command| command.strip_prefix("cargo run --release -- "))
        .map(|args| (args.to_owned(), run(args, scratch.path())))
        .collect();
    let codes: Vec<i32> = ours.iter().map(|(_, code)| *code).collect();
    assert_eq!(codes, [0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], "{ours:?}");
    let overlays = std::fs::read_to_string(root().join("docs/overlays.md")).unwrap();
    let more = commands(&overlays);
    assert!(!more.is_empty());
    for command in more {
        let args = command.strip_prefix("cargo run --release -- ").unwrap();
        assert_eq!(run(args, scratch.path()), 0, "{command}");
    }
    let diff = std::fs::read_to_string(root().join("docs/diff.md")).unwrap();
    for command in commands(&diff) {
        let args = command.strip_prefix("cargo run --release -- ").unwrap();
        assert_eq!(run(args, scratch.path()), 0, "{command}");
    }
    let made = scratch.path().join("rendered/ganso01-staging/20250115/kustomization.yaml");
    assert!(made.is_file());
}

#[test]
fn every_other_command_is_run_by_ci() {
    let ci = std::fs::read_to_string(root().join(".ci/run")).unwrap();
    for (path, text) in documents() {
        for command in commands(&text) {
            let here = command.starts_with("cargo run --release -- ");
            let there = match command.as_str() {
                "cargo test" => ci.contains("cargo test"),
                "TELEMETREE_CONFORMANCE=1 cargo test --test conformance" => {
                    ci.contains("TELEMETREE_CONFORMANCE=1 cargo test --locked --test conformance")
                }
                "pip install kubernetes-validate" => {
                    ci.contains("pip\" install --quiet kubernetes-validate")
                }
                "python3 tests/conformance/schemas.py 1.33.0 schemas" => {
                    ci.contains("python\" tests/conformance/schemas.py 1.33.0")
                }
                _ => false,
            };
            assert!(here || there, "{path}: nothing runs `{command}`");
        }
    }
}

#[test]
fn the_readme_s_specs_and_links_are_right() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let yaml = |at: usize| readme.split("```yaml\n").nth(at).unwrap().split("```").next().unwrap();
    let minimal = yaml(1).to_owned();
    assert!(telemetree::compile::compile("README.md", &minimal).output.is_some(), "{minimal}");
    let more = format!("{minimal}{}", yaml(2));
    let report = support::report(&support::compiled("README.md", &more));
    assert!(report.is_empty(), "{report}");
    for (path, text) in documents() {
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if link.starts_with("http") || link.starts_with('#') {
                continue;
            }
            let base = if path.starts_with(|c: char| c.is_uppercase()) {
                root()
            } else {
                root().join("docs")
            };
            let file = link.split('#').next().unwrap();
            assert!(base.join(file).exists(), "{path} links to {link}");
        }
    }
}

#[test]
fn the_documents_name_the_versions_that_the_code_pins() {
    use telemetree::component::{ComponentId, chart};
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    for id in ComponentId::ALL {
        assert!(readme.contains(chart(id).version), "{}", chart(id).name);
    }
}

#[test]
fn the_examples_of_overlays_and_fleets_are_right() {
    let text = std::fs::read_to_string(root().join("docs/overlays.md")).unwrap();
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let yaml = |text: &str, at: usize| -> String {
        text.split("```yaml\n").nth(at).unwrap().split("```").next().unwrap().to_owned()
    };
    let (overlay, fleet) = (yaml(&text, 2), yaml(&text, 3));
    let spec = format!("{}  overlays: [./overlays/prod]\n", yaml(&readme, 1));
    let head = "apiVersion: telemetree/v1\nkind: Overlay\nwhy: what all share\n";
    let role = "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: r, namespace: loki}\n";
    let contract = root().join("schema/charts/mimir-distributed/6.0.6.json");
    let contract = std::fs::read_to_string(contract).unwrap().replace("6.0.6", "6.1.0");
    let files = [
        ("overlays/prod/mimir-distributed-6.1.0.json", contract.as_str()),
        ("overlays/prod/overlay.yaml", overlay.as_str()),
        ("overlays/base/overlay.yaml", &format!("{head}resources: [role.yaml]\n")),
        ("overlays/base/role.yaml", &format!("{role}rules: []\n")),
        ("overlays/prod/role.yaml", &format!("{role}rules: [{{verbs: [get]}}]\n")),
        ("overlays/prod/pull.yaml", "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: p}\n"),
    ];
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let compiled = support::compile_in(&[folder.path().to_owned()], "workload.yaml", &spec);
    let report = support::report(&compiled);
    assert!(report.is_empty() && compiled.output.is_some(), "{report}");
    let fleet: serde_json::Value = serde_yaml::from_str(&fleet).unwrap();
    let schema = jsonschema::validator_for(&telemetree::fleet::schema()).unwrap();
    let errors: Vec<String> = schema.iter_errors(&fleet).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
}

#[test]
fn the_example_of_acknowledgements_is_right() {
    use telemetree::diff::acknowledge;
    let text = std::fs::read_to_string(root().join("docs/diff.md")).unwrap();
    let yaml = text.split("```yaml\n").nth(1).unwrap().split("```").next().unwrap();
    let (mut sources, mut found) = Default::default();
    let read = acknowledge::read("acknowledgements.yaml", yaml, &mut sources, &mut found);
    assert!(read.len() == 1 && found.is_empty(), "{found:?}");
    let value: serde_json::Value = serde_yaml::from_str(yaml).unwrap();
    let schema = jsonschema::validator_for(&acknowledge::schema()).unwrap();
    let errors: Vec<String> = schema.iter_errors(&value).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
}
