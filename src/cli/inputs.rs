//! Finds and reads specs.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use telemetree::diag::Diagnostic;
use telemetree::syntax;
use walkdir::WalkDir;

/// A spec: what people call it, and its text.
pub struct Spec {
    /// A path as given, or `<stdin>`.
    pub name: String,
    /// Its text, or why there is none.
    pub text: Result<String, Diagnostic>,
}

/// Reads every spec that the paths name. A file is taken as it is; in a folder, YAML files are
/// taken whose first lines say that they are workloads.
pub fn read(paths: &[PathBuf]) -> std::io::Result<Vec<Spec>> {
    let mut specs = Vec::new();
    for path in paths {
        if path == Path::new("-") {
            let mut bytes = Vec::new();
            // One byte more than is read: the reader must see that there is too much.
            let limit = u64::try_from(syntax::MAX_BYTES + 1).unwrap_or(u64::MAX);
            let _ = std::io::stdin().lock().take(limit).read_to_end(&mut bytes)?;
            specs.push(Spec { name: "<stdin>".to_owned(), text: syntax::decode(bytes) });
        } else if path.is_dir() {
            specs.extend(in_folder(path)?);
        } else {
            specs.push(file(path)?);
        }
    }
    Ok(specs)
}

fn named<T>(path: &Path, result: std::io::Result<T>) -> std::io::Result<T> {
    result
        .map_err(|error| std::io::Error::new(error.kind(), format!("{}: {error}", path.display())))
}

fn file(path: &Path) -> std::io::Result<Spec> {
    let file = named(path, std::fs::File::open(path))?;
    let limit = u64::try_from(syntax::MAX_BYTES + 1).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    let _ = named(path, file.take(limit).read_to_end(&mut bytes))?;
    let name = path.to_string_lossy().into_owned();
    Ok(Spec { name, text: syntax::decode(bytes) })
}

fn in_folder(folder: &Path) -> std::io::Result<Vec<Spec>> {
    let visible = |entry: &walkdir::DirEntry| {
        entry.depth() == 0 || !entry.file_name().to_string_lossy().starts_with('.')
    };
    let mut specs = Vec::new();
    for entry in WalkDir::new(folder).sort_by_file_name().into_iter().filter_entry(visible) {
        let entry = entry.map_err(std::io::Error::from)?;
        let is_yaml = entry.path().extension().is_some_and(|end| end == "yaml" || end == "yml");
        if !entry.file_type().is_file() || !is_yaml {
            continue;
        }
        let spec = file(entry.path())?;
        if spec.text.as_deref().is_ok_and(is_workload) {
            specs.push(spec);
        }
    }
    Ok(specs)
}

/// Whether a text in a folder of YAML files says that it is a workload.
fn is_workload(text: &str) -> bool {
    let says = |line: &str| text.lines().any(|other| other.trim_end() == line);
    says(&format!("kind: {}", telemetree::spec::KIND))
        && says(&format!("apiVersion: {}", telemetree::spec::API_VERSION))
}
