//! Both sides of each workload, compiled when they are asked for and not kept.

use crate::committed::BuiltTree;
use crate::compiled::DEFAULT_OUTPUT;
use crate::findings::{report_all, unreadable};
use crate::inputs::{Gathered, Spec};
use crate::sides::{self, Contents, Pairs};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use telemetree::committed;
use telemetree::compile::{self, Compiled};
use telemetree::contract::chart::Contract;
use telemetree::diff::cause::Texts;
use telemetree::diff::review;
use telemetree::overlay::Library;
use telemetree::source::{SourceId, Sources};
use telemetree::tree::{RelPath, Tree};

/// A workload on both sides, or on one.
pub struct Pair {
    /// Its name; of one that is renamed, the new one.
    pub name: String,
    before: Option<At>,
    after: Option<At>,
}

/// Where a workload is on a side.
#[derive(Debug, Clone)]
enum At {
    /// The spec of this number.
    Spec(usize),
    /// The trees of these numbers: one for each cluster.
    Trees(Vec<usize>),
}

/// A workload on one side.
pub struct Version {
    /// The folder around the workload's own.
    pub home: PathBuf,
    clusters: BTreeMap<String, Tree>,
    files: BTreeMap<String, BTreeMap<RelPath, String>>,
    sources: Sources,
    texts: Vec<SourceId>,
    contracts: Vec<Arc<Contract>>,
}

impl Version {
    /// What the comparison needs of it.
    pub fn view(&self) -> review::Version<'_> {
        let texts = Texts { sources: &self.sources, all: &self.texts };
        review::Version { clusters: &self.clusters, texts, contracts: &self.contracts }
    }

    /// The files of each cluster.
    pub fn files(&self) -> BTreeMap<String, BTreeMap<RelPath, String>> {
        self.files.clone()
    }
}

/// Both sides.
pub struct Sides {
    before: sides::Side,
    after: sides::Side,
    pairs: Pairs,
    /// What versions of charts in trees that were built before read.
    contracts: Vec<Arc<Contract>>,
    failed: Mutex<BTreeMap<(usize, String), Box<Compiled>>>,
}

/// What could not be compared.
pub struct Failures {
    /// Errors of the new side.
    pub errors: usize,
    /// What is said of the old one.
    pub notes: Vec<String>,
}

impl Sides {
    /// Both sides, as they were gathered. `contracts` are for trees that were built before.
    pub fn of(sides: sides::Sides, contracts: Vec<Contract>) -> Sides {
        let sides::Sides { before, after, pairs, notes: _ } = sides;
        let contracts = contracts.into_iter().map(Arc::new).collect();
        Sides { before, after, pairs, contracts, failed: Mutex::default() }
    }

    /// What people call the old side.
    pub fn before_name(&self) -> &str {
        &self.before.name
    }

    /// What people call the new side.
    pub fn after_name(&self) -> &str {
        &self.after.name
    }

    /// Prints what is wrong with the fleets of the new side; how many errors that are.
    pub fn report(&self) -> usize {
        match &self.after.contents {
            Contents::Specs(gathered) => {
                report_all(&vec![(&gathered.findings, &**gathered.library.sources())])
            }
            Contents::Trees(_) => 0,
        }
    }

    /// The workloads: those of one name, and those whose specs are one file.
    pub fn pairs(&self) -> Vec<Pair> {
        let (mut old, new) = (named(&self.before), named(&self.after));
        let mut pairs = Vec::new();
        for (name, file, after) in new {
            let same = |pick: &dyn Fn(&(String, String, At)) -> bool| old.iter().position(pick);
            let at = same(&|(other, ..)| *other == name)
                .or_else(|| same(&|(_, other, _)| !file.is_empty() && *other == file))
                .or_else(|| same(&|_| self.pairs == Pairs::Alone));
            let before = at.map(|at| old.swap_remove(at).2);
            pairs.push(Pair { name, before, after: Some(after) });
        }
        let gone =
            old.into_iter().map(|(name, _, at)| Pair { name, before: Some(at), after: None });
        pairs.extend(gone);
        pairs.sort_by(|one, other| one.name.cmp(&other.name));
        pairs
    }

    /// A workload as it was; nothing if it was not there, or did not compile.
    pub fn before(&self, pair: &Pair) -> Option<Version> {
        self.version(0, &self.before, &pair.name, pair.before.as_ref()?)
    }

    /// A workload as it is to be.
    pub fn after(&self, pair: &Pair) -> Option<Version> {
        self.version(1, &self.after, &pair.name, pair.after.as_ref()?)
    }

    fn version(&self, number: usize, side: &sides::Side, name: &str, at: &At) -> Option<Version> {
        match (&side.contents, at) {
            (Contents::Specs(gathered), At::Spec(spec)) => {
                let spec = gathered.specs.get(*spec)?;
                match compiled(spec, &gathered.library) {
                    Ok(version) => Some(version),
                    Err(failed) => {
                        let mut all = self.failed.lock().expect("bug: a thread died");
                        let _ = all.insert((number, name.to_owned()), failed);
                        None
                    }
                }
            }
            (Contents::Trees(trees), At::Trees(numbers)) => {
                let trees = numbers.iter().filter_map(|number| trees.get(*number));
                Some(built(trees, &self.contracts))
            }
            (Contents::Specs(_), At::Trees(_)) | (Contents::Trees(_), At::Spec(_)) => None,
        }
    }

    /// Prints why workloads do not compile. What was broken before must not stop who mends it.
    pub fn failures(&self) -> Failures {
        let failed = self.failed.lock().expect("bug: a thread died");
        let of = |side| failed.iter().filter(move |((number, _), _)| *number == side);
        let broken: Vec<_> = of(1).map(|(_, one)| (&one.diagnostics, &one.sources)).collect();
        let note = |name: &String| {
            format!("{name} does not compile in {}; it is shown as new", self.before.name)
        };
        Failures {
            errors: report_all(&broken),
            notes: of(0).map(|((_, name), _)| note(name)).collect(),
        }
    }
}

/// The workloads of a side: name, spec, and where they are.
fn named(side: &sides::Side) -> Vec<(String, String, At)> {
    match &side.contents {
        Contents::Specs(gathered) => named_specs(gathered),
        Contents::Trees(trees) => {
            let mut all: BTreeMap<String, Vec<usize>> = BTreeMap::new();
            for (number, tree) in trees.iter().enumerate() {
                all.entry(folder(tree.folder.parent())).or_default().push(number);
            }
            all.into_iter().map(|(name, trees)| (name, String::new(), At::Trees(trees))).collect()
        }
    }
}

fn named_specs(gathered: &Gathered) -> Vec<(String, String, At)> {
    let mut known = BTreeSet::new();
    let name = |(number, spec): (usize, &Spec)| {
        let identity = spec.front.as_ref().ok().and_then(|front| front.identity());
        let name = identity.map_or_else(|| spec.name.clone(), |(name, _)| name.to_string());
        // Two of one name are a mistake that a build reports.
        let name =
            if known.insert(name.clone()) { name } else { format!("{name} ({})", spec.name) };
        (name, spec.name.trim_start_matches("./").to_owned(), At::Spec(number))
    };
    gathered.specs.iter().enumerate().map(name).collect()
}

fn folder(path: Option<&Path>) -> String {
    path.and_then(Path::file_name).unwrap_or_default().to_string_lossy().into_owned()
}

fn compiled(spec: &Spec, library: &Library) -> Result<Version, Box<Compiled>> {
    let compiled = match &spec.front {
        Ok(front) => compile::finish(front, library),
        Err(diagnostic) => unreadable(&spec.name, diagnostic),
    };
    let Some(output) = compiled.output else { return Err(Box::new(compiled)) };
    let home = spec.output.clone().unwrap_or_else(|| PathBuf::from(DEFAULT_OUTPUT));
    Ok(Version {
        home: output.claimed.group.as_ref().map_or(home.clone(), |group| home.join(group)),
        files: output.files(),
        clusters: output.clusters,
        contracts: output.contracts,
        sources: compiled.sources,
        texts: compiled.texts,
    })
}

/// A workload that was built before: its clusters' trees.
fn built<'a>(trees: impl Iterator<Item = &'a BuiltTree>, contracts: &[Arc<Contract>]) -> Version {
    let mut version = Version {
        home: PathBuf::new(),
        clusters: BTreeMap::new(),
        files: BTreeMap::new(),
        sources: Sources::default(),
        texts: Vec::new(),
        contracts: contracts.to_vec(),
    };
    for tree in trees {
        let read =
            committed::read(&tree.folder.to_string_lossy(), &tree.files, &mut version.sources);
        let cluster = folder(Some(&tree.folder));
        let _ = version.clusters.insert(cluster.clone(), read);
        let files = tree.files.iter();
        let files = files.filter_map(|(path, text)| Some((RelPath::parse(path)?, text.clone())));
        let _ = version.files.insert(cluster, files.collect());
        if let Some(home) = tree.folder.parent().and_then(Path::parent) {
            home.clone_into(&mut version.home);
        }
    }
    version
}
