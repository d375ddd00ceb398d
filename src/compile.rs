//! The flow. A compile is a function of its input; both its results are always there.

use crate::cloud::{self, Claim};
use crate::component;
use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::layout;
use crate::ownership::Manifest;
use crate::source::Sources;
use crate::spec;
use crate::syntax;
use crate::tree::{RelPath, Tree};
use std::collections::BTreeMap;

/// What a compile makes.
#[derive(Debug, Clone, Default)]
pub struct Compiled {
    /// The texts that places point into.
    pub sources: Sources,
    /// Everything that was found.
    pub diagnostics: Diagnostics,
    /// The output, if nothing forbids it.
    pub output: Option<Output>,
}

/// The output of a workload.
#[derive(Debug, Clone)]
pub struct Output {
    /// Whose it is, and what it claims.
    pub claimed: Claimed,
    /// Its clusters, by release id, which is also the folder's name.
    pub clusters: BTreeMap<String, Tree>,
    spec: String,
}

/// What a workload claims for itself alone.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// Its name, which is also its folder's.
    pub workload: String,
    /// Its stores.
    pub claims: Vec<Claim>,
}

/// Compiles one workload. `name` is what people call the text: a path, or `<stdin>`.
pub fn compile(name: &str, text: &str) -> Compiled {
    let mut compiled = Compiled::default();
    let source = compiled.sources.add(name, text);
    let parsed = syntax::parse(source, text);
    parsed.found.into_iter().for_each(|diagnostic| compiled.diagnostics.push(diagnostic));
    let Some(document) = parsed.document else { return compiled };
    let Some(workload) = spec::decode(&document, &mut compiled.diagnostics) else {
        return compiled;
    };
    if compiled.diagnostics.has_errors() {
        return compiled;
    }
    let Some(bound) = cloud::bind(&workload, &mut compiled.diagnostics) else {
        return compiled;
    };
    let clusters = bound.plans.iter().map(|plan| {
        let releases = component::render_all(plan);
        (plan.cluster.release.value.to_string(), layout::place(plan, releases))
    });
    compiled.output = Some(Output {
        clusters: clusters.collect(),
        claimed: Claimed { workload: workload.name.value.to_string(), claims: bound.claims },
        spec: text.to_owned(),
    });
    compiled
}

impl Output {
    /// Paths of the files that hold Kubernetes objects, `<cluster>/<path>`.
    pub fn object_paths(&self) -> Vec<String> {
        let of = |(cluster, tree): (&String, &Tree)| -> Vec<String> {
            tree.objects().map(|(path, _)| format!("{cluster}/{path}")).collect()
        };
        self.clusters.iter().flat_map(of).collect()
    }

    /// The files of the workload's folder: every cluster's, each with its ownership manifest.
    pub fn files(&self) -> BTreeMap<String, BTreeMap<RelPath, String>> {
        let of = |(cluster, tree): (&String, &Tree)| {
            let mut files: BTreeMap<RelPath, String> =
                tree.files().map(|(path, content)| (path.clone(), content.emit())).collect();
            let manifest = Manifest::of(&self.claimed.workload, cluster, &self.spec, &files);
            let _ = files.insert(RelPath::top(layout::MANIFEST), manifest.emit());
            (cluster.clone(), files)
        };
        self.clusters.iter().map(of).collect()
    }
}

/// Findings about several workloads together: one output folder, one store, two owners.
pub fn check_together(outputs: &[&Claimed]) -> Diagnostics {
    let mut diags = Diagnostics::default();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for output in outputs {
        *seen.entry(&output.workload).or_default() += 1;
    }
    for (workload, count) in seen.iter().filter(|(_, count)| **count > 1) {
        let message = format!("{count} specs are called `{workload}`; they would share one folder");
        diags.push(Diagnostic::error(Code::Collision, None, message));
    }
    // Within a workload collisions have been reported already, with their places.
    let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
    for output in outputs {
        for claim in &output.claims {
            let owner = owners.entry(&claim.what).or_insert(&output.workload);
            if *owner != output.workload {
                let message = format!(
                    "{} would be written by the workloads `{owner}` and `{}`",
                    claim.what, output.workload
                );
                let error = Diagnostic::error(Code::Collision, None, message);
                diags.push(error.help(claim.danger));
            }
        }
    }
    diags
}
