//! Makes what fuzzing starts from: for each target a folder of inputs and a dictionary, out of our own
//! goldens, overlays, documents and tests.
//!
//! ```text
//! cargo run --example seeds -- <folder> [<folder of a chart> …]
//! ```
//!
//! Templates of charts are no part of the repository; whoever has some starts from them, too.

mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::path::{Path, PathBuf};
use telemetree_fuzz::archive::MARK;
use walkdir::WalkDir;

type Seeds = BTreeMap<&'static str, BTreeSet<String>>;

/// Text files below a folder, by path.
fn below(folder: &Path) -> Vec<(PathBuf, String)> {
    let files = WalkDir::new(folder).sort_by_file_name().into_iter().filter_map(Result::ok);
    files
        .filter_map(|entry| {
            let text = std::fs::read_to_string(entry.path()).ok()?;
            Some((entry.into_path(), text))
        })
        .collect()
}

/// A file and those around it, as one input.
fn archive(path: &Path, text: &str) -> String {
    let mut all = text.to_owned();
    for (other, text) in path.parent().map(below).unwrap_or_default() {
        if other != path
            && let Some(name) = other.file_name()
        {
            all += &format!("\n{MARK}{}\n{text}", name.display());
        }
    }
    all
}

fn document(text: String, seeds: &mut Seeds) {
    let kinds = [("kind: Workload", "spec"), ("kind: Overlay", "overlay")];
    for (_, target) in kinds.iter().filter(|(kind, _)| text.contains(kind)) {
        let _ = seeds.entry(target).or_default().insert(text.clone());
    }
}

fn collect(root: &Path, charts: &[String]) -> Seeds {
    let mut seeds = Seeds::new();
    let folders = ["golden", "overlays", "tests", "docs", "rules", "README.md"];
    for (path, text) in folders.iter().flat_map(|folder| below(&root.join(folder))) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        match path.extension().and_then(|end| end.to_str()) {
            Some("yaml") if name == "overlay.yaml" => document(archive(&path, &text), &mut seeds),
            Some("yaml") if name == "values.yaml" => {
                let _ = seeds.entry("settings").or_default().insert(text);
            }
            Some("yaml") => document(text, &mut seeds),
            Some("md") => {
                words::blocks(&text).into_iter().for_each(|one| document(one, &mut seeds))
            }
            Some("alloy") => {
                let _ = seeds.entry("alloy").or_default().insert(text);
            }
            Some("rs") => from_test(&path.to_string_lossy(), &text, &mut seeds),
            _ => {}
        }
    }
    for (path, text) in charts.iter().flat_map(|folder| below(Path::new(folder))) {
        if path.components().any(|part| part.as_os_str() == "templates") {
            let _ = seeds.entry("contract").or_default().insert(text);
        }
    }
    seeds
}

/// The texts that a test tries.
fn from_test(path: &str, text: &str, seeds: &mut Seeds) {
    let tests = [
        ("tests/queries", "query"),
        ("tests/chart_contracts/derive", "contract"),
        ("tests/river", "alloy"),
        ("tests/alloy", "alloy"),
        ("tests/settings", "settings"),
    ];
    for (_, target) in tests.iter().filter(|(part, _)| path.contains(part)) {
        seeds.entry(target).or_default().extend(words::literals(text));
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (folder, charts) = arguments.split_first().ok_or("usage: seeds <folder> [<chart> …]")?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for (target, texts) in collect(&root, charts) {
        let folder = Path::new(folder).join(target);
        std::fs::create_dir_all(&folder)?;
        for (number, text) in texts.iter().enumerate() {
            std::fs::write(folder.join(format!("seed-{number:04}")), text)?;
        }
        let dictionary = words::dictionary(texts.iter().map(String::as_str));
        std::fs::write(folder.with_extension("dict"), dictionary)?;
        println!("{target}: {} seeds", texts.len());
    }
    Ok(())
}
