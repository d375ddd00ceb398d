//! What several tests need: the golden cases, and comparing folders of text.

#![allow(dead_code, reason = "each test uses a part of it")]

use similar::TextDiff;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use telemetree::compile::Compiled;
use telemetree::overlay::Loading;
use walkdir::WalkDir;

pub mod corpus;

/// A folder of text files, by path with `/`.
pub type Files = BTreeMap<String, String>;

/// The repository.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A golden case: its name, its folder, its spec.
pub struct Case {
    pub name: String,
    pub folder: PathBuf,
    pub spec: String,
}

/// Every golden case, by name.
pub fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = std::fs::read_dir(root().join("golden"))
        .expect("there are golden cases")
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| path.is_dir())
        .map(|folder| Case {
            name: folder.file_name().expect("a folder has a name").to_string_lossy().into_owned(),
            spec: std::fs::read_to_string(folder.join("workload.yaml")).expect("a case has a spec"),
            folder,
        })
        .collect();
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    cases
}

/// Compiles a spec; `find` knows the texts of overlays, by path.
pub fn compile_with(name: &str, spec: &str, find: impl Fn(&str) -> Option<String>) -> Compiled {
    let front = telemetree::compile::read(name, spec, None);
    let mut loading = Loading::default();
    loading.ask(name, front.overlays());
    while let Some(wanted) = loading.next_wanted() {
        let found = find(&wanted.path);
        loading.give(found.ok_or_else(|| "there is no such file".to_owned()));
    }
    telemetree::compile::finish(&front, &loading.finish())
}

/// Compiles a spec; the folders that it lists are looked for in `folders`.
pub fn compile_in(folders: &[PathBuf], name: &str, spec: &str) -> Compiled {
    compile_with(name, spec, |path| {
        folders.iter().find_map(|folder| std::fs::read_to_string(folder.join(path)).ok())
    })
}

/// Compiles a spec; the folders that it lists are those of the golden cases.
pub fn compiled(name: &str, spec: &str) -> Compiled {
    let folders: Vec<PathBuf> = cases().into_iter().map(|case| case.folder).collect();
    compile_in(&folders, name, spec)
}

/// Compiles a spec that must compile, into files below the workload's folder.
pub fn compile(name: &str, spec: &str) -> Files {
    let compiled = compiled("workload.yaml", spec);
    let report = telemetree::report::human(
        &compiled.diagnostics,
        &compiled.sources,
        telemetree::report::Colors::Off,
    );
    let output = compiled.output.unwrap_or_else(|| panic!("{name} does not compile:\n{report}"));
    let workload = &output.claimed.workload;
    output
        .files()
        .into_iter()
        .flat_map(|(cluster, files)| {
            let path =
                move |path: &telemetree::tree::RelPath| format!("{workload}/{cluster}/{path}");
            files.into_iter().map(move |(relative, text)| (path(&relative), text))
        })
        .collect()
}

/// What was found, as people read it.
pub fn report(compiled: &Compiled) -> String {
    telemetree::report::human(
        &compiled.diagnostics,
        &compiled.sources,
        telemetree::report::Colors::Off,
    )
}

/// Every file below a folder; empty if there is none.
pub fn read_folder(folder: &Path) -> Files {
    let mut files = Files::new();
    for entry in WalkDir::new(folder).into_iter().filter_map(Result::ok) {
        if entry.file_type().is_file() {
            let path = entry.path().strip_prefix(folder).expect("below the folder");
            let text = std::fs::read_to_string(entry.path()).expect("goldens are text");
            let _ = files.insert(path.to_string_lossy().replace('\\', "/"), text);
        }
    }
    files
}

/// What differs between two folders, as a patch; empty if nothing does.
pub fn difference(expected: &Files, actual: &Files) -> String {
    let mut report = String::new();
    let paths: std::collections::BTreeSet<&String> = expected.keys().chain(actual.keys()).collect();
    for path in paths {
        let old = expected.get(path).map_or("", String::as_str);
        let new = actual.get(path).map_or("", String::as_str);
        if expected.contains_key(path) != actual.contains_key(path) || old != new {
            let diff = TextDiff::from_lines(old, new);
            report += &diff.unified_diff().header(path, path).to_string();
        }
    }
    report
}

/// Whether goldens are to be rewritten rather than compared.
pub fn updating() -> bool {
    std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1")
}
