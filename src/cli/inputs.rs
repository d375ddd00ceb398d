//! Finds and reads specs.

use crate::fence::Fence;
use crate::parallel::in_parallel;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use telemetree::compile::{self, Front};
use telemetree::diag::Diagnostic;
use telemetree::overlay::{Library, Loading};
use telemetree::syntax;
use walkdir::WalkDir;

/// A spec: what people call it, and what was read of it.
pub struct Spec {
    /// A path as given, or `<stdin>`.
    pub name: String,
    /// The spec, or why its text cannot be had.
    pub front: Result<Front, Diagnostic>,
}

/// Specs, and the overlays that they list.
pub struct Gathered {
    /// The specs, in the order of their paths.
    pub specs: Vec<Spec>,
    /// Their overlays.
    pub library: Library,
}

/// Reads every spec that the paths name, and every overlay that a spec lists. A file is taken as it
/// is; in a folder, YAML files are taken whose first lines say that they are workloads. Overlays are
/// read from below `root` only.
pub fn gather(
    paths: &[PathBuf],
    root: Option<&Path>,
    jobs: Option<u16>,
) -> std::io::Result<Gathered> {
    let texts = read(paths)?;
    let specs = in_parallel(&texts, jobs, |Text { name, text }| Spec {
        name: name.clone(),
        front: text.as_ref().map(|text| compile::read(name, text)).map_err(Clone::clone),
    });
    let fronts = || specs.iter().filter_map(|spec| spec.front.as_ref().ok());
    let mut loading = Loading::default();
    fronts().for_each(|front| loading.ask(front.name(), front.overlays()));
    let fence = Fence::around(root, fronts().map(Front::name))?;
    while let Some(wanted) = loading.next_wanted() {
        let text = fence.read(wanted);
        loading.give(text);
    }
    Ok(Gathered { specs, library: loading.finish() })
}

/// A text that may be a spec.
struct Text {
    name: String,
    text: Result<String, Diagnostic>,
}

fn read(paths: &[PathBuf]) -> std::io::Result<Vec<Text>> {
    let mut specs = Vec::new();
    for path in paths {
        if path == Path::new("-") {
            let mut bytes = Vec::new();
            // One byte more than is read: the reader must see that there is too much.
            let limit = u64::try_from(syntax::MAX_BYTES + 1).unwrap_or(u64::MAX);
            let _ = std::io::stdin().lock().take(limit).read_to_end(&mut bytes)?;
            specs.push(Text { name: "<stdin>".to_owned(), text: syntax::decode(bytes) });
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

fn file(path: &Path) -> std::io::Result<Text> {
    let file = named(path, std::fs::File::open(path))?;
    let limit = u64::try_from(syntax::MAX_BYTES + 1).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    let _ = named(path, file.take(limit).read_to_end(&mut bytes))?;
    let name = path.to_string_lossy().into_owned();
    Ok(Text { name, text: syntax::decode(bytes) })
}

fn in_folder(folder: &Path) -> std::io::Result<Vec<Text>> {
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
