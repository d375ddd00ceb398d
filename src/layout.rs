//! Where everything goes: the one place that knows the names of files and folders.

use crate::component::{self, ComponentId, Release};
use crate::delivery;
use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::manifest;
use crate::model::{Delivery, Plan};
use crate::node::{Node, because, derived, list, map};
use crate::prerequisites;
use crate::tree::{Content, RelPath, Tree};

/// The ownership manifest's name, in every cluster's folder.
pub const MANIFEST: &str = ".telemetree.json";
/// The file that kustomize, Argo CD and Flux start from.
pub const KUSTOMIZATION: &str = "kustomization.yaml";
/// The folder of what applies the tree.
pub const DELIVERY: &str = "delivery/";
/// What the cloud must provide.
pub const PREREQUISITES: &str = "prerequisites.yaml";
/// The collector's configuration, in its folder.
pub const CONFIG: &str = component::CONFIG;
/// A component's namespace, in its folder.
pub const NAMESPACE: &str = "namespace.yaml";
/// A chart's values, in its component's folder.
pub const VALUES: &str = "values.yaml";

/// Puts the releases of a cluster, and what goes with them, into a tree.
pub fn place(plan: &Plan, releases: Vec<Release>) -> Tree {
    let mut tree = Tree::default();
    for release in &releases {
        tree.add(RelPath::of(release.id, NAMESPACE), Content::Object(namespace(plan, release)));
        let policy = component::policy(plan, release.id);
        add_object(&mut tree, plan, release.id, policy);
        for secret in component::secrets(plan, release.id) {
            add_object(&mut tree, plan, release.id, secret);
        }
    }
    for object in delivery::objects(plan, &releases) {
        tree.add(RelPath::delivery(&file_name(&object)), Content::Object(object));
    }
    let needs = prerequisites::document(plan, &releases);
    tree.add(RelPath::top(PREREQUISITES), Content::Document(needs));
    for release in releases {
        for object in release.objects {
            add_object(&mut tree, plan, release.id, object);
        }
        if let Some((name, body)) = release.config {
            tree.add(RelPath::of(release.id, name), Content::Alloy(body));
        }
        tree.add(RelPath::of(release.id, VALUES), Content::Values(release.values));
    }
    tree
}

/// Adds what follows from the rest of a tree, once nothing of it changes any more: the collector's
/// configuration in the object that carries it, and the files that kustomize starts from.
pub fn seal(plan: &Plan, tree: &mut Tree, diags: &mut Diagnostics) {
    let of_alloy: Vec<RelPath> = tree.files().filter_map(config_path).collect();
    for path in of_alloy {
        let carrier =
            RelPath::of(ComponentId::Alloy, &format!("configmap-{}.yaml", component::CARRIER));
        let Some(Content::Alloy(config)) = tree.get(&path) else { continue };
        let Some(Content::Object(object)) = tree.get(&carrier) else { continue };
        match component::carry(object.clone(), config) {
            Ok(object) => tree.set(&carrier, Content::Object(object)),
            Err(other) => {
                let message = format!("the text of {path} is put here; this would be another one");
                let error = Diagnostic::derived_error(Code::OverlayPatch, &other.origin, message);
                diags.push_once(error.help("change the configuration by `alloy`"));
            }
        }
    }
    for (path, document) in kustomizations(plan, tree) {
        tree.add(path, Content::Document(document));
    }
}

fn config_path((path, content): (&RelPath, &Content)) -> Option<RelPath> {
    match content {
        Content::Alloy(_) => Some(path.clone()),
        Content::Values(_) | Content::Object(_) | Content::Document(_) => None,
    }
}

fn add_object(tree: &mut Tree, plan: &Plan, id: ComponentId, object: Node) {
    let path = RelPath::of(id, &file_name(&object));
    tree.add(path, Content::Object(delivery::in_order(plan, object)));
}

/// `<kind>-<name>.yaml`, in lower case.
fn file_name(object: &Node) -> String {
    let (kind, name) =
        manifest::identity(object).expect("bug: an object of ours has a kind and a name");
    format!("{}-{name}.yaml", kind.to_lowercase())
}

/// Source: the Pod Security Standards. Only Alloy mounts the node's files.
fn namespace(plan: &Plan, release: &Release) -> Node {
    let level = match release.id {
        ComponentId::Alloy => "privileged",
        ComponentId::Mimir | ComponentId::Loki | ComponentId::Grafana => "baseline",
    };
    const WHY: &str = "the Pod Security Standard that the component's pods meet";
    let labels = [
        manifest::part(release.id.as_str()),
        ("pod-security.kubernetes.io/enforce".into(), because(WHY, level)),
    ];
    let space = component::namespace(plan, release.id);
    let metadata = manifest::metadata(Node::from(space), None, labels);
    let object = manifest::object(manifest::NAMESPACE, metadata, map::<&str>([]));
    delivery::in_order(plan, object)
}

/// Source: the kustomize reference for `kustomization.yaml`. Under Argo CD the Applications are for
/// the cluster that Argo CD runs in and everything else for the one that it delivers to, so each has a
/// folder of its own to start from.
fn kustomizations(plan: &Plan, tree: &Tree) -> Vec<(RelPath, Node)> {
    let (delivery, own): (Vec<_>, Vec<_>) =
        tree.objects().partition(|(path, _)| path.as_str().starts_with(DELIVERY));
    let root = RelPath::top(KUSTOMIZATION);
    match &plan.delivery {
        Some(Delivery::Flux(_)) => {
            let all = kustomization(own.into_iter().chain(delivery), "");
            vec![(root, all.with(delivery::values_config_maps(plan)))]
        }
        Some(Delivery::ArgoCd(_)) => {
            let applications = kustomization(delivery, DELIVERY);
            vec![(root, kustomization(own, "")), (RelPath::delivery(KUSTOMIZATION), applications)]
        }
        None => vec![(root, kustomization(own, ""))],
    }
}

fn kustomization<'a>(
    objects: impl IntoIterator<Item = (&'a RelPath, &'a Node)>,
    folder: &str,
) -> Node {
    const WHY: &str = "kubectl, Argo CD and Flux take the folder as it is";
    let mut objects: Vec<_> = objects.into_iter().collect();
    objects.sort_by_key(|(path, _)| *path);
    let resources = objects.into_iter().map(|(path, object)| {
        let path = path.as_str().trim_start_matches(folder).to_owned();
        let name = object.get("metadata").and_then(|metadata| metadata.get("name"));
        derived("every object of the folder", [&name.unwrap_or(object).origin], path)
    });
    map([
        ("apiVersion", because(WHY, "kustomize.config.k8s.io/v1beta1")),
        ("kind", because(WHY, "Kustomization")),
        ("resources", list(resources)),
    ])
}
