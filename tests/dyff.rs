//! Against dyff: its own Kubernetes cases, if `TELEMETREE_DYFF` names the folder with them and `dyff` is at hand.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    clippy::unwrap_used,
    reason = "tests look at the world and fail by panicking"
)]

use serde::Deserialize as _;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use telemetree::diff::acknowledge::Judged;
use telemetree::diff::cause::Texts;
use telemetree::diff::group::Review;
use telemetree::diff::review::{Version, compare};
use telemetree::node::Node;
use telemetree::origin::Origin;
use telemetree::report::Colors;
use telemetree::report::diff::terminal::{Detail, Look, terminal};
use telemetree::source::Sources;
use telemetree::tree::{Content, RelPath, Tree};

/// The file of a side; dyff's cases have both endings.
fn side(case: &Path, name: &str) -> PathBuf {
    let files = ["yml", "yaml"].map(|end| case.join(format!("{name}.{end}")));
    files.into_iter().find(|file| file.is_file()).unwrap()
}

/// The objects of a file: of all its documents, and of lists what is in them.
fn tree(file: &Path) -> Tree {
    let text = std::fs::read_to_string(file).unwrap();
    let documents = serde_yaml::Deserializer::from_str(&text);
    let documents = documents.map(|document| Value::deserialize(document).unwrap());
    let of = |document: Value| match document.get("items").and_then(Value::as_array) {
        Some(items) => items.clone(),
        None => vec![document],
    };
    let mut tree = Tree::default();
    for (number, object) in documents.flat_map(of).filter(|object| !object.is_null()).enumerate() {
        let path = RelPath::parse(&format!("{number}.yaml")).unwrap();
        tree.add(path, Content::Object(Node::from_json(object, &Origin::Structure)));
    }
    tree
}

fn ours(case: &Path) -> String {
    let sides =
        ["from", "to"].map(|name| BTreeMap::from([("c".to_owned(), tree(&side(case, name)))]));
    let sources = Sources::default();
    let [before, after] = sides.each_ref().map(|clusters| Version {
        clusters,
        texts: Texts { sources: &sources, all: &[] },
        contracts: &[],
    });
    let review = Review::of(compare("w", Some(before), Some(after)));
    terminal(
        &Judged::of(&review, &[], ""),
        Look { width: 120, colors: Colors::Off, detail: Detail::Brief },
    )
}

fn theirs(case: &Path) -> String {
    let args = ["between", "--omit-header", "--color=off", "--truecolor=off"];
    let files = [side(case, "from"), side(case, "to")];
    let output = Command::new("dyff").args(args).args(files).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn cases_of_kubernetes_take_no_more_lines_than_in_dyff() {
    let Some(folder) = std::env::var_os("TELEMETREE_DYFF") else {
        println!("skipped: TELEMETREE_DYFF names no folder");
        return;
    };
    let lines = |text: &str| text.lines().filter(|line| !line.trim().is_empty()).count();
    let mut cases: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    let mut longer = Vec::new();
    for case in cases {
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        let (ours, theirs) = (ours(&case), theirs(&case));
        println!("{name}: {} lines of dyff's {}\n{ours}", lines(&ours), lines(&theirs));
        if lines(&ours) > lines(&theirs) {
            longer.push(format!("{name}:\n{ours}\n{theirs}"));
        }
    }
    assert!(longer.is_empty(), "{}", longer.join("\n"));
}
