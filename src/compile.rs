//! The flow. A compile is a function of its input; both its results are always there.

use crate::check::{self, Charts, allow};
use crate::cloud::{self, Claim};
use crate::component;
use crate::contract::chart::Contract;
use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::digest::digest;
use crate::fleet::Fleet;
use crate::layout;
use crate::model::{ComponentId, Labels, OverlayRef, Plan, Word as _, Workload, WorkloadName};
use crate::origin::Sourced;
use crate::overlay::{self, Library, Listed, Loading, Pin};
use crate::ownership::Manifest;
use crate::source::{SourceId, Sources};
use crate::spec;
use crate::syntax;
use crate::tree::{RelPath, Tree};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a compile makes.
#[derive(Debug, Clone, Default)]
pub struct Compiled {
    /// The texts that places point into.
    pub sources: Sources,
    /// Everything that was found.
    pub diagnostics: Diagnostics,
    /// The output, if nothing forbids it.
    pub output: Option<Output>,
    /// The texts that took part: the spec, its fleet's, its overlays'.
    pub texts: Vec<SourceId>,
    /// The comments that allowed something that was found.
    pub allowed: allow::Used,
}

/// The output of a workload.
#[derive(Debug, Clone)]
pub struct Output {
    /// Whose it is, and what it claims.
    pub claimed: Claimed,
    /// Its clusters, by release id, which is also the folder's name.
    pub clusters: BTreeMap<String, Tree>,
    /// What the versions of charts read that overlays ask for and telemetree does not know.
    pub contracts: Vec<Arc<Contract>>,
    inputs: BTreeMap<String, String>,
}

/// What a workload claims for itself alone.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// Its name, which is also its folder's.
    pub workload: String,
    /// The folder between the output and its own, if its fleet groups workloads.
    pub group: Option<String>,
    /// Its stores.
    pub claims: Vec<Claim>,
}

/// A spec that has been read, and waits for its overlays.
#[derive(Debug, Clone)]
pub struct Front {
    name: String,
    sources: Sources,
    diagnostics: Diagnostics,
    workload: Option<Workload>,
    fleet: Option<SourceId>,
}

impl Front {
    /// What people call the spec.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The workload's name and labels, as far as the spec could be read.
    pub fn identity(&self) -> Option<(&WorkloadName, &Labels)> {
        self.workload.as_ref().map(|workload| (&workload.name.value, &workload.labels))
    }

    /// The overlays that it lists.
    pub fn overlays(&self) -> &[Sourced<OverlayRef>] {
        self.workload.as_ref().map(|workload| workload.overlays.as_slice()).unwrap_or_default()
    }

    /// The names of all overlays that take part, also of those that cannot be read.
    pub fn overlay_names<'l>(&self, library: &'l Library) -> BTreeSet<&'l str> {
        library.names(&self.name, self.overlays())
    }

    /// Every text that takes part: the spec's, its overlays', its fleet's. None if an overlay cannot be
    /// read, so that its texts are not known.
    pub fn texts<'l>(&'l self, library: &'l Library) -> Option<Vec<&'l str>> {
        let mut diags = Diagnostics::default();
        let overlays = library.in_order(&self.name, self.overlays(), &mut diags);
        let shared = overlays.iter().flat_map(|listed| &listed.overlay.sources).chain(&self.fleet);
        let shared = shared.filter_map(|id| library.sources().get(*id));
        let texts = self.sources.own().chain(shared).map(|source| source.text.as_str());
        (!diags.has_errors()).then(|| texts.collect())
    }
}

/// Reads one workload, of a fleet or of none. `name` is what people call the text: a path, or
/// `<stdin>`.
pub fn read(name: &str, text: &str, fleet: Option<&Fleet>) -> Front {
    let mut sources = Sources::default();
    let mut diagnostics = Diagnostics::default();
    let source = sources.add(name, text);
    let parsed = syntax::parse(source, text);
    parsed.found.into_iter().for_each(|diagnostic| diagnostics.push(diagnostic));
    let document = parsed.document.map(|document| match fleet {
        Some(fleet) => fleet.under(document),
        None => document,
    });
    let mut workload = document.and_then(|document| spec::decode(&document, &mut diagnostics));
    if let (Some(workload), Some(fleet)) = (&mut workload, fleet) {
        match fleet.group(&workload.name, &workload.labels) {
            Ok(group) => workload.group = group,
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
    }
    let fleet = fleet.map(|fleet| fleet.source);
    Front { name: name.to_owned(), sources, diagnostics, workload, fleet }
}

/// Compiles one workload, with the built-in overlays at hand and no folder of any.
pub fn compile(name: &str, text: &str) -> Compiled {
    let front = read(name, text, None);
    let mut loading = Loading::default();
    loading.ask(name, front.overlays());
    finish(&front, &loading.finish())
}

/// Compiles a workload that has been read.
pub fn finish(front: &Front, library: &Library) -> Compiled {
    let Front { name, sources, diagnostics, workload, fleet } = front;
    let (mut sources, mut diagnostics) = (sources.clone(), diagnostics.clone());
    sources.share(library.sources());
    let workload = workload.as_ref().filter(|_| !diagnostics.has_errors());
    let overlays = match workload {
        Some(workload) => library.in_order(name, &workload.overlays, &mut diagnostics),
        None => Vec::new(),
    };
    let bound = workload.and_then(|workload| {
        let bound = cloud::bind(workload, &mut diagnostics)?;
        Some((workload, bound))
    });
    let output = bound.filter(|_| !diagnostics.has_errors()).map(|(workload, bound)| {
        let pins = overlay::pins(&overlays, &mut diagnostics);
        let place = |plan: &Plan| {
            let mut releases = component::render_all(plan);
            overlay::deploy(&mut releases, &pins);
            layout::place(plan, releases)
        };
        let mut trees: Vec<Tree> = bound.plans.iter().map(place).collect();
        overlay::apply(&mut trees, &overlays, workload, &mut diagnostics);
        let plans = bound.plans.iter();
        plans.clone().zip(&mut trees).for_each(|(plan, tree)| {
            layout::seal(plan, tree, &mut diagnostics);
        });
        // What overlays left half done is not worth a second finding.
        if !diagnostics.has_errors() {
            let charts = charts(&pins);
            plans.clone().zip(&trees).for_each(|(plan, tree)| {
                let minor = plan.cluster.kubernetes.value.minor();
                check::tree(tree, minor, &charts, &sources, &mut diagnostics);
            });
        }
        let release = |plan: &Plan| plan.cluster.release.value.to_string();
        Output {
            clusters: plans.map(release).zip(trees).collect(),
            contracts: pins.into_values().filter_map(|pin| pin.contract).collect(),
            claimed: Claimed {
                workload: workload.name.value.to_string(),
                group: workload.group.as_ref().map(|group| group.value.to_string()),
                claims: bound.claims,
            },
            inputs: inputs(name, *fleet, &overlays, &sources),
        }
    });
    let own = sources.own_ids();
    let of_overlays = overlays.iter().flat_map(|listed| listed.overlay.sources.iter().copied());
    let texts: Vec<SourceId> = own.iter().copied().chain(of_overlays).chain(*fleet).collect();
    let (mut diagnostics, allowed) = allow::apply(&diagnostics, &texts, &sources);
    if output.is_some() {
        let unused = own.iter().flat_map(|id| allow::unused(*id, &sources, &allowed));
        unused.for_each(|diagnostic| diagnostics.push(diagnostic));
    }
    let output = output.filter(|_| !diagnostics.has_errors());
    Compiled { sources, diagnostics, output, texts, allowed }
}

/// The charts as overlays pin them.
fn charts(pins: &BTreeMap<ComponentId, Pin>) -> Charts<'_> {
    let mut charts = Charts::ours();
    for (id, Pin { version, contract, .. }) in pins {
        charts.set(*id, version.value.as_str(), contract.as_deref(), &version.origin);
    }
    charts
}

/// What workloads that share texts leave unused in them: comments that allow what none of them has.
pub fn unused_allowances<'a>(
    shared: &Sources,
    used: impl IntoIterator<Item = &'a allow::Used>,
) -> Diagnostics {
    let used = used.into_iter().flatten().copied().collect();
    let mut diags = Diagnostics::default();
    let unused = shared.own_ids().into_iter().flat_map(|id| allow::unused(id, shared, &used));
    unused.for_each(|diagnostic| diags.push(diagnostic));
    diags
}

/// Every text that took part, named from the spec's folder, with its digest.
fn inputs(
    name: &str,
    fleet: Option<SourceId>,
    overlays: &[Listed],
    sources: &Sources,
) -> BTreeMap<String, String> {
    let texts = overlays.iter().flat_map(|listed| &listed.overlay.sources).chain(fleet.as_ref());
    let shared = texts.filter_map(|id| {
        let source = sources.get(*id)?;
        Some((overlay::name_from(name, &source.name), digest(source.text.as_bytes())))
    });
    let own = sources.own().map(|source| ("spec".to_owned(), digest(source.text.as_bytes())));
    shared.chain(own).collect()
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
            let manifest = Manifest::of(&self.claimed.workload, cluster, &self.inputs, &files);
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
