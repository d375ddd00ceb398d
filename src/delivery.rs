//! What applies the tree: Applications for Argo CD, HelmReleases for Flux, and the order in which
//! either of them goes.

use crate::component::{self, Chart, ComponentId, Release};
use crate::layout;
use crate::manifest;
use crate::model::{ArgoCd, Delivery, Flux, Plan, cluster_name};
use crate::node::{Node, Text, because, derived, list, map};

/// The objects that deliver the releases; none if nothing was asked for.
pub fn objects(plan: &Plan, releases: &[Release]) -> Vec<Node> {
    match &plan.delivery {
        Some(Delivery::ArgoCd(argocd)) => {
            let charts = releases.iter().map(Part::Release);
            let parts = std::iter::once(Part::Folder).chain(charts);
            parts.map(|part| application(plan, argocd, part)).collect()
        }
        Some(Delivery::Flux(flux)) => flux_objects(plan, flux, releases),
        None => Vec::new(),
    }
}

/// The wave of an object under Argo CD: namespaces, secrets, configuration, then charts.
/// Source: Argo CD documentation, "Sync phases and waves": lower first, default 0.
fn wave(object: &Node) -> &'static str {
    let kind = manifest::identity(object).map(|(kind, _)| kind).unwrap_or_default();
    match kind.as_str() {
        "Namespace" => "-20",
        "ExternalSecret" | "SecretProviderClass" => "-10",
        _ => "-5",
    }
}

/// The wave of a component: stores before those who use them.
fn component_wave(id: ComponentId) -> &'static str {
    match id {
        ComponentId::Mimir | ComponentId::Loki => "0",
        ComponentId::Grafana => "10",
        ComponentId::Alloy => "20",
    }
}

const WAVE: &str = "argocd.argoproj.io/sync-wave";
const WHY_ORDER: &str = "namespaces before secrets before configuration before charts";

/// The object with its place in the order. Flux orders by kind on its own.
pub fn in_order(plan: &Plan, object: Node) -> Node {
    match &plan.delivery {
        Some(Delivery::ArgoCd(_)) => {
            let wave = because(WHY_ORDER, wave(&object));
            manifest::annotated(object, WAVE, wave)
        }
        Some(Delivery::Flux(_)) | None => object,
    }
}

/// With the workload's own labels, so that what delivers it is selected by them, too.
fn metadata(plan: &Plan, name: Node, namespace: Node, part: &'static str) -> Node {
    let own = plan.labels.iter();
    let own = own.map(|(key, value)| (Text::from(key.to_string()), Node::from(value)));
    manifest::metadata(name, Some(namespace), own.chain([manifest::part(part)]))
}

/// `<workload>-<release>-<what>`: unique in one Argo CD.
fn application_name(plan: &Plan, what: &str) -> Node {
    let (workload, release) = (&plan.workload, &plan.cluster.release);
    let name = format!("{}-{what}", cluster_name(&workload.value, &release.value));
    derived("one Argo CD keeps many clusters", [&workload.origin, &release.origin], name)
}

/// A path below the cluster's folder in the repository, in front of it what is asked for.
fn in_folder(plan: &Plan, argocd: &ArgoCd, before: &str, below: &str) -> Node {
    let (path, workload, release) = (&argocd.path, &plan.workload, &plan.cluster.release);
    let group = plan.group.as_ref().map(|group| format!("/{}", group.value)).unwrap_or_default();
    let text = format!("{before}{}{group}/{}/{}{below}", path.value, workload.value, release.value);
    let from = [&path.origin, &workload.origin, &release.origin];
    let from = from.into_iter().chain(plan.group.as_ref().map(|group| &group.origin));
    derived("where the cluster's files are in the repository", from, text)
}

const WHY_ARGO: &str = "Argo CD renders the chart with the values of the repository";

/// Source: Argo CD's reference of Applications, and "Multiple sources".
fn application(plan: &Plan, argocd: &ArgoCd, what: Part) -> Node {
    const KEPT: &str = "what is taken from the tree goes, what is changed by hand comes back";
    const APPLY: &str = "large objects do not fit into the annotation of a client's apply";
    let cluster = plan.cluster.destination.as_ref().unwrap_or(&argocd.destination);
    let cluster = ("name", Node::from(cluster));
    let (name, sources, namespace, wave) = match what {
        Part::Folder => {
            let folder = in_folder(plan, argocd, "", "");
            ("base", vec![repository(argocd, ("path", folder))], None, "-30")
        }
        Part::Release(release) => {
            let values = repository(argocd, ("ref", because(WHY_ARGO, "values")));
            let sources = vec![chart_source(plan, argocd, release), values];
            let space = Node::from(component::namespace(plan, release.id));
            (release.id.as_str(), sources, Some(("namespace", space)), component_wave(release.id))
        }
    };
    let automated = map([("prune", because(KEPT, true)), ("selfHeal", because(KEPT, true))]);
    let policy = map([
        ("automated", automated),
        ("syncOptions", list([because(APPLY, "ServerSideApply=true")])),
    ]);
    let spec = map([
        ("project", Node::from(&argocd.project)),
        ("destination", map([cluster].into_iter().chain(namespace))),
        ("sources", list(sources)),
        ("syncPolicy", policy),
    ]);
    let home = Node::from(&argocd.namespace);
    let metadata = metadata(plan, application_name(plan, name), home, name);
    let object = manifest::object(manifest::APPLICATION, metadata, map([("spec", spec)]));
    manifest::annotated(object, WAVE, because(WHY_ORDER, wave))
}

/// What an Application delivers: the folder's own objects, or a chart.
#[derive(Clone, Copy)]
enum Part<'a> {
    Folder,
    Release(&'a Release),
}

/// The repository, and what of it is taken.
fn repository(argocd: &ArgoCd, taken: (&'static str, Node)) -> Node {
    map([
        ("repoURL", Node::from(&argocd.repo_url)),
        ("targetRevision", Node::from(&argocd.target_revision)),
        taken,
    ])
}

fn chart_source(plan: &Plan, argocd: &ArgoCd, release: &Release) -> Node {
    let Chart { repository, name, .. } = release.chart;
    let id = release.id.as_str();
    let values = in_folder(plan, argocd, "$values/", &format!("/{id}/{}", layout::VALUES));
    let helm = map([
        ("releaseName", because("names of Services come from it", id)),
        ("valueFiles", list([values])),
    ]);
    map([
        ("repoURL", because(PINNED, repository)),
        ("chart", because(PINNED, name)),
        ("targetRevision", Node::from(&release.version)),
        ("helm", helm),
    ])
}

/// A repository belongs to no part alone.
const NO_LABELS: [(&str, Node); 0] = [];
const PINNED: &str = "the chart that the values are made for";

/// A repository for each address, and a release for each component.
fn flux_objects(plan: &Plan, flux: &Flux, releases: &[Release]) -> Vec<Node> {
    const OFTEN: &str = "versions are pinned, so the index is rarely news";
    let mut objects = Vec::new();
    let mut addresses: Vec<&'static str> = Vec::new();
    for release in releases {
        let url = release.chart.repository;
        if !addresses.contains(&url) {
            addresses.push(url);
            let name = because(PINNED, repository_name(url));
            let space = Some(Node::from(&flux.namespace));
            let metadata = manifest::metadata(name, space, NO_LABELS);
            let spec = map([("interval", because(OFTEN, "12h")), ("url", because(PINNED, url))]);
            let spec = map([("spec", spec)]);
            objects.push(manifest::object(manifest::HELM_REPOSITORY, metadata, spec));
        }
        objects.push(helm_release(plan, flux, release));
    }
    objects
}

/// A name for each of the two repositories that the pinned charts come from.
fn repository_name(url: &str) -> &'static str {
    if url.contains("grafana-community") { "grafana-community" } else { "grafana" }
}

fn values_name(id: ComponentId) -> String {
    format!("{}-values", id.as_str())
}

/// How long a rollout may take. Mimir's ingesters restart one by one, each with a minute before it
/// is ready and up to twenty to leave; the largest size has 27 of them.
fn timeout(id: ComponentId) -> &'static str {
    match id {
        ComponentId::Mimir => "90m",
        ComponentId::Loki => "30m",
        ComponentId::Grafana | ComponentId::Alloy => "15m",
    }
}

/// Source: Flux's reference of HelmReleases, version 2.
fn helm_release(plan: &Plan, flux: &Flux, release: &Release) -> Node {
    const OFTEN: &str = "drift is found within half an hour";
    const SLOW: &str = "a rollout that is slow is not a failure";
    const FAILED: &str =
        "a release that is slow must not be taken away again: that would delete volumes";
    const CRDS: &str = "a chart's new version brings its own resource definitions";
    let source = map([
        ("kind", because(PINNED, "HelmRepository")),
        ("name", because(PINNED, repository_name(release.chart.repository))),
        ("namespace", Node::from(&flux.namespace)),
    ]);
    let chart = map([
        ("chart", because(PINNED, release.chart.name)),
        ("version", Node::from(&release.version)),
        ("sourceRef", source),
    ]);
    let values = map([
        ("kind", because(WHY_VALUES, "ConfigMap")),
        ("name", because(WHY_VALUES, values_name(release.id))),
    ]);
    let action = || {
        map([
            ("crds", because(CRDS, "CreateReplace")),
            ("strategy", map([("name", because(FAILED, "RetryOnFailure"))])),
        ])
    };
    let name = release.id.as_str();
    let spec = map([
        ("interval", because(OFTEN, "30m")),
        ("timeout", because(SLOW, timeout(release.id))),
        ("releaseName", because("names of Services come from it", name)),
        ("chart", map([("spec", chart)])),
        ("valuesFrom", list([values])),
        ("install", action()),
        ("upgrade", action()),
    ]);
    let first = stores_of(plan, release.id);
    let first = (!first.is_empty()).then(|| ("dependsOn", list(first)));
    let space = Node::from(component::namespace(plan, release.id));
    let metadata = metadata(plan, because(WHY_VALUES, name), space, name);
    let body = map([("spec", spec.with(map(first)))]);
    manifest::object(manifest::HELM_RELEASE, metadata, body)
}

/// The releases that come before a component's: the stores that it uses.
fn stores_of(plan: &Plan, id: ComponentId) -> Vec<Node> {
    const WHY: &str = "stores come before those who use them";
    let store = |id: ComponentId| {
        map([
            ("name", because(WHY, id.as_str())),
            ("namespace", Node::from(component::namespace(plan, id))),
        ])
    };
    match id {
        ComponentId::Mimir | ComponentId::Loki => Vec::new(),
        ComponentId::Grafana | ComponentId::Alloy => {
            [ComponentId::Mimir, ComponentId::Loki].map(store).to_vec()
        }
    }
}

const WHY_VALUES: &str = "Flux reads values from a ConfigMap; the file stays the only copy";

/// Objects that carry each chart's values, made by kustomize from the files themselves.
pub fn values_config_maps(plan: &Plan) -> Node {
    const WHY: &str = WHY_VALUES;
    let generator = |id: ComponentId| {
        let options = map([
            ("labels", map([("reconcile.fluxcd.io/watch", because(WHY, "Enabled"))])),
            (
                "annotations",
                map([("kustomize.toolkit.fluxcd.io/substitute", because(WHY, "disabled"))]),
            ),
        ]);
        let file = format!("{}={}/{}", layout::VALUES, id.as_str(), layout::VALUES);
        map([
            ("name", because(WHY, values_name(id))),
            ("namespace", Node::from(component::namespace(plan, id))),
            ("files", list([because(WHY, file)])),
            ("options", options),
        ])
    };
    let stable = because("a HelmRelease names its ConfigMap, so the name has no hash", true);
    map([
        ("configMapGenerator", list(ComponentId::ALL.map(generator))),
        ("generatorOptions", map([("disableNameSuffixHash", stable)])),
    ])
}
