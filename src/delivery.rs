//! What applies the tree: Applications for Argo CD, HelmReleases for Flux, and the order in which
//! either of them goes.

use crate::component::{self, Chart, ComponentId, Release};
use crate::layout;
use crate::manifest::{
    self, ApplicationHelm, ApplicationSource, ApplicationSpec, Automated, CustomSpec as _,
    Destination, HelmAction, HelmChartSpec, HelmChartTemplate, HelmReleaseSpec, HelmRepositorySpec,
    NameAndNamespace, ObjectMeta, SourceRef, Strategy, SyncPolicy, ValuesFrom,
};
use crate::model::{ArgoCd, Delivery, Flux, Plan, cluster_name};
use crate::node::{Node, because, list, map};
use crate::origin::Origin;

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
fn meta(plan: &Plan, name: &str, namespace: &str, part: &str) -> ObjectMeta {
    let labels = [("app.kubernetes.io/managed-by", "telemetree"), ("app.kubernetes.io/name", part)];
    let mut meta = manifest::metadata(name, namespace, labels);
    let own = plan.labels.iter().map(|(key, value)| (key.to_string(), value.value.to_string()));
    let ours = meta.labels.take().unwrap_or_default();
    meta.labels = Some(own.chain(ours).collect());
    meta
}

/// `<workload>-<release>-<what>`: unique in one Argo CD.
fn application_name(plan: &Plan, what: &str) -> String {
    format!("{}-{what}", cluster_name(&plan.workload.value, &plan.cluster.release.value))
}

/// The cluster's folder in the repository.
fn folder(plan: &Plan, argocd: &ArgoCd) -> String {
    let (workload, release) = (&plan.workload.value, &plan.cluster.release.value);
    match &plan.group {
        Some(group) => format!("{}/{}/{workload}/{release}", argocd.path.value, group.value),
        None => format!("{}/{workload}/{release}", argocd.path.value),
    }
}

fn application(plan: &Plan, argocd: &ArgoCd, what: Part) -> Node {
    let destination = plan.cluster.destination.as_ref().unwrap_or(&argocd.destination);
    let (name, sources, namespace, wave, space) = match what {
        Part::Folder => {
            let source = repository_source(argocd, None, Some(folder(plan, argocd)));
            ("base", vec![source], None, "-30", None)
        }
        Part::Release(release) => {
            let name = release.id.as_str();
            let values = repository_source(argocd, Some("values"), None);
            let sources = vec![chart_source(plan, argocd, release), values];
            let wave = component_wave(release.id);
            let space = &component::namespace(plan, release.id).origin;
            (name, sources, Some(release.namespace.clone()), wave, Some(space))
        }
    };
    let spec = ApplicationSpec {
        project: argocd.project.value.to_string(),
        destination: Destination { name: destination.value.to_string(), namespace },
        sources,
        sync_policy: SyncPolicy {
            automated: Automated { prune: true, self_heal: true },
            sync_options: vec!["ServerSideApply=true"],
        },
    };
    let meta = meta(plan, &application_name(plan, name), &argocd.namespace.value.to_string(), name);
    let parents = [&plan.workload.origin, &plan.cluster.release.origin, &destination.origin];
    let group = plan.group.as_ref().map(|group| &group.origin);
    let from = argocd.origins().into_iter().chain(parents).chain(space).chain(group);
    let from = from.chain(plan.labels.iter().map(|(_, value)| &value.origin));
    let origin = Origin::derived("Argo CD renders the chart with these values", from);
    let node = manifest::object(&spec.object(meta), &origin);
    manifest::annotated(node, WAVE, because(WHY_ORDER, wave))
}

/// What an Application delivers: the folder's own objects, or a chart.
#[derive(Clone, Copy)]
enum Part<'a> {
    Folder,
    Release(&'a Release),
}

/// The repository, for its values or for a folder of objects.
fn repository_source(
    argocd: &ArgoCd,
    reference: Option<&'static str>,
    path: Option<String>,
) -> ApplicationSource {
    ApplicationSource {
        repo_url: argocd.repo_url.value.to_string(),
        target_revision: argocd.target_revision.value.to_string(),
        chart: None,
        reference,
        path,
        helm: None,
    }
}

fn chart_source(plan: &Plan, argocd: &ArgoCd, release: &Release) -> ApplicationSource {
    let Chart { repository, name, version } = release.chart;
    let id = release.id.as_str();
    let values = format!("$values/{}/{id}/{}", folder(plan, argocd), layout::VALUES);
    ApplicationSource {
        repo_url: repository.to_owned(),
        target_revision: version.to_owned(),
        chart: Some(name),
        reference: None,
        path: None,
        helm: Some(ApplicationHelm { release_name: id, value_files: vec![values] }),
    }
}

/// A repository for each address, and a release for each component.
fn flux_objects(plan: &Plan, flux: &Flux, releases: &[Release]) -> Vec<Node> {
    let spaces = ComponentId::ALL.map(|id| &component::namespace(plan, id).origin);
    let labels = plan.labels.iter().map(|(_, value)| &value.origin);
    let from = [&flux.namespace.origin].into_iter().chain(spaces).chain(labels);
    let origin = Origin::derived("Flux installs the charts", from);
    let mut objects = Vec::new();
    let mut addresses: Vec<&'static str> = Vec::new();
    for release in releases {
        if !addresses.contains(&release.chart.repository) {
            addresses.push(release.chart.repository);
            let spec = HelmRepositorySpec { interval: "12h", url: release.chart.repository };
            let space = flux.namespace.value.to_string();
            let object = spec.object(manifest::metadata(
                repository_name(release.chart.repository),
                &space,
                [("app.kubernetes.io/managed-by", "telemetree")],
            ));
            objects.push(manifest::object(&object, &origin));
        }
        objects.push(helm_release(plan, flux, release, &origin));
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

fn helm_release(plan: &Plan, flux: &Flux, release: &Release, origin: &Origin) -> Node {
    let stores = [ComponentId::Mimir, ComponentId::Loki];
    let depends_on = match release.id {
        ComponentId::Mimir | ComponentId::Loki => Vec::new(),
        ComponentId::Grafana | ComponentId::Alloy => {
            let store = |id: ComponentId| NameAndNamespace {
                name: id.as_str().to_owned(),
                namespace: component::namespace(plan, id).value.to_string(),
            };
            stores.map(store).to_vec()
        }
    };
    // A release that is slow must not be taken away again: that would delete volumes.
    let action =
        || HelmAction { crds: "CreateReplace", strategy: Strategy { name: "RetryOnFailure" } };
    let spec = HelmReleaseSpec {
        interval: "30m",
        timeout: timeout(release.id),
        release_name: release.id.as_str(),
        chart: HelmChartTemplate {
            spec: HelmChartSpec {
                chart: release.chart.name,
                version: release.chart.version,
                source_ref: SourceRef {
                    kind: "HelmRepository",
                    name: repository_name(release.chart.repository).to_owned(),
                    namespace: flux.namespace.value.to_string(),
                },
            },
        },
        depends_on,
        values_from: vec![ValuesFrom { kind: "ConfigMap", name: values_name(release.id) }],
        install: action(),
        upgrade: action(),
    };
    let name = release.id.as_str();
    let object = spec.object(meta(plan, name, &release.namespace, name));
    manifest::object(&object, origin)
}

/// Objects that carry each chart's values, made by kustomize from the files themselves.
pub fn values_config_maps(plan: &Plan) -> Node {
    const WHY: &str = "Flux reads values from a ConfigMap; the file stays the only copy";
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
