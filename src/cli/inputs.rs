//! Finds and reads specs, the fleets that they belong to, and the overlays that they list.

use crate::args::Selection;
use crate::fence::Fence;
use crate::files::{Files, Which, limited};
use crate::fleets::{FleetId, Fleets};
use crate::parallel::in_parallel;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use telemetree::compile::{self, Front};
use telemetree::diag::{Diagnostic, Diagnostics};
use telemetree::overlay::{Library, Loading};
use telemetree::{fleet, spec, syntax};

/// A spec: what people call it, and what was read of it.
pub struct Spec {
    /// A path as given, or `<stdin>`.
    pub name: String,
    /// The spec, or why its text cannot be had.
    pub front: Result<Front, Diagnostic>,
    /// Where its tree goes, if its fleet says so.
    pub output: Option<PathBuf>,
}

/// Specs, and the overlays that they list.
pub struct Gathered {
    /// The specs, in the order of their paths.
    pub specs: Vec<Spec>,
    /// Their overlays.
    pub library: Library,
    /// What is wrong with their fleets; places are in the library's texts.
    pub findings: Diagnostics,
}

impl Gathered {
    /// Whether there is nothing to work on and nothing to say.
    pub fn is_empty(&self) -> bool {
        self.specs.is_empty() && self.findings.is_empty()
    }
}

/// Reads every spec that the selection names, with its fleet's defaults, and every overlay that a spec
/// lists. A file is taken as it is; in a folder, YAML files are taken whose first lines say that they
/// are workloads or fleets.
pub fn gather(
    selection: &Selection,
    files: &Files,
    jobs: Option<u16>,
) -> std::io::Result<Gathered> {
    let mut fleets = Fleets::new(files, selection.instead);
    selection.fleets.iter().try_for_each(|fleet| fleets.know(fleet))?;
    let texts = read(selection.paths, &mut fleets)?;
    let specs = in_parallel(&texts, jobs, |Found { name, text, fleet }| {
        let known = fleet.and_then(|id| fleets.get(id));
        let front = text.as_ref().map(|text| compile::read(name, text, known));
        Spec {
            name: name.clone(),
            front: front.map_err(Clone::clone),
            output: fleet.and_then(|id| fleets.output(id)),
        }
    });
    let specs: Vec<Spec> = specs.into_iter().filter(|spec| is_selected(spec, selection)).collect();
    let fronts = || specs.iter().filter_map(|spec| spec.front.as_ref().ok());
    let Fleets { shared, findings, .. } = fleets;
    let mut loading = Loading::with(shared);
    fronts().for_each(|front| loading.ask(front.name(), front.overlays()));
    let fence = Fence::around(files, selection.root, fronts().map(Front::name))?;
    while let Some(wanted) = loading.next_wanted() {
        let instead = selection.instead.filter(|one| one.is_of(Path::new(&wanted.path)));
        let text = match instead {
            Some(instead) => Ok(instead.text.clone()),
            None => fence.read(wanted),
        };
        loading.give(text);
    }
    Ok(Gathered { specs, library: loading.finish(), findings })
}

/// Whether a spec is asked for. One that cannot be read might be, so it is reported.
fn is_selected(spec: &Spec, selection: &Selection) -> bool {
    let Some((name, labels)) = spec.front.as_ref().ok().and_then(Front::identity) else {
        return true;
    };
    selection.takes_name(&name.to_string()) && selection.takes_labels(labels)
}

/// A text that may be a spec.
struct Found {
    name: String,
    text: Result<String, Diagnostic>,
    fleet: Option<FleetId>,
}

/// The texts of specs, each file once.
#[derive(Default)]
struct Texts {
    all: Vec<Found>,
    known: BTreeMap<String, usize>,
}

impl Texts {
    /// Adds a spec. One that was found on its own and then in a fleet belongs to the fleet.
    fn add(&mut self, new: Found) {
        let bare = new.name.trim_start_matches("./").to_owned();
        if let Some(known) = self.known.get(&bare).and_then(|at| self.all.get_mut(*at)) {
            known.fleet = known.fleet.or(new.fleet);
            return;
        }
        let _ = self.known.insert(bare, self.all.len());
        self.all.push(new);
    }

    fn add_fleet(&mut self, file: &Path, text: &str, fleets: &mut Fleets) -> std::io::Result<()> {
        let Some(id) = fleets.add(file, text) else { return Ok(()) };
        for member in fleets.members(id)? {
            let text = fleets.text_of(&member)?;
            let name = member.to_string_lossy().into_owned();
            self.add(Found { name, text, fleet: Some(id) });
        }
        Ok(())
    }
}

fn read(paths: &[PathBuf], fleets: &mut Fleets) -> std::io::Result<Vec<Found>> {
    let mut texts = Texts::default();
    for path in paths {
        if path == Path::new("-") {
            let (name, text) = ("<stdin>".to_owned(), stdin()?);
            texts.all.push(Found { name, text, fleet: None });
        } else if fleets.files.is_folder(path) {
            in_folder(path, &mut texts, fleets)?;
        } else {
            let text = fleets.text_of(path)?;
            match &text {
                Ok(fleet) if says(fleet, fleet::KIND) => texts.add_fleet(path, fleet, fleets)?,
                Ok(_) | Err(_) => {
                    let fleet = fleets.of_spec(path)?;
                    texts.add(Found { name: path.to_string_lossy().into_owned(), text, fleet });
                }
            }
        }
    }
    Ok(texts.all)
}

/// The text on stdin, or why it is none.
pub fn stdin() -> std::io::Result<Result<String, Diagnostic>> {
    Ok(syntax::decode(limited(std::io::stdin().lock())?))
}

/// Whether a text is a document that names workloads: a spec or a fleet.
pub fn names_workloads(text: &str) -> bool {
    says(text, spec::KIND) || says(text, fleet::KIND)
}

fn in_folder(folder: &Path, texts: &mut Texts, fleets: &mut Fleets) -> std::io::Result<()> {
    for file in fleets.files.below(folder, Which::Documents)? {
        let text = fleets.text_of(&file)?;
        match &text {
            Ok(fleet) if says(fleet, fleet::KIND) => texts.add_fleet(&file, fleet, fleets)?,
            Ok(workload) if says(workload, spec::KIND) => {
                let fleet = fleets.of_spec(&file)?;
                let name = file.to_string_lossy().into_owned();
                texts.add(Found { name, text, fleet });
            }
            Ok(_) | Err(_) => {}
        }
    }
    Ok(())
}

/// Whether a text says in its first lines that it is a document of ours, of some kind.
pub fn says(text: &str, kind: &str) -> bool {
    let says = |line: &str| text.lines().any(|other| other.trim_end() == line);
    says(&format!("kind: {kind}")) && says(&format!("apiVersion: {}", spec::API_VERSION))
}

/// What to say when nothing was found.
pub fn none_found(selection: &Selection) -> &'static str {
    if selection.leaves_out() {
        "no workload is left: none has such a name and such labels"
    } else {
        "no workload spec was found; a spec says `apiVersion: telemetree/v1` and `kind: Workload`"
    }
}
