//! Compiles everything that was gathered, and keeps what commands need of it.

use crate::findings::{Findings, unreadable};
use crate::inputs::{Gathered, Spec};
use crate::parallel::in_parallel;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use telemetree::check::allow;
use telemetree::compile::{self, Claimed, Output};
use telemetree::diag::Diagnostics;
use telemetree::overlay::Library;
use telemetree::source::{SourceId, Sources};
use telemetree::tree::RelPath;

/// Where trees go if nobody says.
pub const DEFAULT_OUTPUT: &str = "rendered";

/// A workload's folder: its clusters, each with its files.
pub type Folder = BTreeMap<String, BTreeMap<RelPath, String>>;

/// What is kept of a compile: not the tree, only its text.
pub struct Built {
    /// What people call the spec.
    pub name: String,
    /// The folder around the workload's own.
    pub home: PathBuf,
    /// What it claims for itself, if it compiles.
    pub claimed: Option<Claimed>,
    /// Its files; none if it does not compile.
    pub folder: Folder,
    /// Paths of the files that hold objects.
    pub objects: Vec<String>,
    /// The texts that took part.
    pub texts: Vec<SourceId>,
    diagnostics: Diagnostics,
    sources: Sources,
    allowed: allow::Used,
}

/// Every workload of a run.
pub struct Everything {
    /// The workloads, in the order of their specs' paths.
    pub built: Vec<Built>,
    library: Library,
    of_fleets: Diagnostics,
    together: Diagnostics,
    unused: Diagnostics,
    none: Sources,
}

impl Everything {
    /// Compiles everything; `output` is where trees go if the command says so.
    pub fn compile(gathered: Gathered, jobs: Option<u16>, output: Option<&Path>) -> Everything {
        let Gathered { specs, library, findings } = gathered;
        let built = in_parallel(&specs, jobs, |spec| compile_one(spec, &library, output));
        let mut everything = Everything {
            built,
            library,
            of_fleets: findings,
            together: Diagnostics::default(),
            unused: Diagnostics::default(),
            none: Sources::default(),
        };
        everything.look_together();
        everything
    }

    /// Leaves out workloads. What fleets have wrong stays: it may be why one is not there.
    pub fn retain(&mut self, keep: impl Fn(&Built) -> bool) {
        self.built.retain(keep);
        self.look_together();
    }

    /// Finds what only several workloads together have wrong.
    fn look_together(&mut self) {
        let claimed: Vec<&Claimed> =
            self.built.iter().filter_map(|one| one.claimed.as_ref()).collect();
        self.together = compile::check_together(&claimed);
        let used = self.built.iter().map(|one| &one.allowed);
        // Of what does not compile it is not known what it would have used.
        let all_compile = claimed.len() == self.built.len();
        let unused = || compile::unused_allowances(self.library.sources(), used);
        self.unused = all_compile.then(unused).unwrap_or_default();
    }

    /// All findings: of fleets, of each workload, of all together.
    pub fn findings(&self) -> Findings<'_> {
        let shared: &Sources = self.library.sources();
        let of_each = self.built.iter().map(|one| (&one.diagnostics, &one.sources));
        let around = [(&self.together, &self.none), (&self.unused, shared)];
        std::iter::once((&self.of_fleets, shared)).chain(of_each).chain(around).collect()
    }

    /// The name of a text.
    pub fn name_of(&self, id: SourceId) -> Option<&str> {
        self.library.sources().get(id).map(|source| source.name.as_str())
    }
}

impl Built {
    /// The texts that it is made from, or in which something was found.
    pub fn shared_texts(&self) -> impl Iterator<Item = SourceId> {
        let found = self.diagnostics.all().iter().filter_map(|one| one.at).map(|at| at.source);
        self.texts.iter().copied().chain(found).filter(|id| id.is_shared())
    }
}

fn compile_one(spec: &Spec, library: &Library, output: Option<&Path>) -> Built {
    let compiled = match &spec.front {
        Ok(front) => compile::finish(front, library),
        Err(diagnostic) => unreadable(&spec.name, diagnostic),
    };
    let folder = compiled.output.as_ref().map(Output::files);
    let group = compiled.output.as_ref().and_then(|output| output.claimed.group.as_deref());
    let output = output.or(spec.output.as_deref()).unwrap_or(Path::new(DEFAULT_OUTPUT));
    Built {
        name: spec.name.clone(),
        home: group.map_or_else(|| output.to_owned(), |group| output.join(group)),
        folder: folder.unwrap_or_default(),
        objects: compiled.output.iter().flat_map(Output::object_paths).collect(),
        claimed: compiled.output.map(|output| output.claimed),
        texts: compiled.texts,
        diagnostics: compiled.diagnostics,
        sources: compiled.sources,
        allowed: compiled.allowed,
    }
}
