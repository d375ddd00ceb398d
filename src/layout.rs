//! Where everything goes: the one place that knows the names of files and folders.

use crate::component::{self, ComponentId, Release};
use crate::delivery;
use crate::manifest::{self, Namespace};
use crate::model::{Delivery, Plan};
use crate::node::{Node, because, derived, list, map};
use crate::origin::Origin;
use crate::prerequisites;
use crate::tree::{Content, RelPath, Tree};

/// The ownership manifest's name, in every cluster's folder.
pub const MANIFEST: &str = ".telemetree.json";
/// The file that kustomize, Argo CD and Flux start from.
pub const KUSTOMIZATION: &str = "kustomization.yaml";
/// What the cloud must provide.
pub const PREREQUISITES: &str = "prerequisites.yaml";
/// A chart's values, in its component's folder.
pub const VALUES: &str = "values.yaml";

/// Puts the releases of a cluster, and what goes with them, into a tree.
pub fn place(plan: &Plan, releases: Vec<Release>) -> Tree {
    let mut tree = Tree::default();
    for release in &releases {
        tree.add(
            RelPath::of(release.id, "namespace.yaml"),
            Content::Object(namespace(plan, release)),
        );
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
    let kustomization = kustomization(plan, &tree);
    tree.add(RelPath::top(KUSTOMIZATION), Content::Document(kustomization));
    tree
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
    let labels = [
        ("app.kubernetes.io/managed-by", "telemetree"),
        ("app.kubernetes.io/name", release.id.as_str()),
        ("pod-security.kubernetes.io/enforce", level),
    ];
    let namespace = Namespace {
        metadata: manifest::metadata(&release.namespace, "", labels),
        ..Namespace::default()
    };
    let space = component::namespace(plan, release.id);
    let origin = Origin::derived("every component has its namespace", [&space.origin]);
    delivery::in_order(plan, manifest::object(&namespace, &origin))
}

/// Source: the kustomize reference for `kustomization.yaml`.
fn kustomization(plan: &Plan, tree: &Tree) -> Node {
    const WHY: &str = "kubectl, Argo CD and Flux take the folder as it is";
    let resources = tree.objects().map(|(path, object)| {
        derived("every object of the folder", [&object.origin], path.to_string())
    });
    let base = map([
        ("apiVersion", because(WHY, "kustomize.config.k8s.io/v1beta1")),
        ("kind", because(WHY, "Kustomization")),
        ("resources", list(resources)),
    ]);
    match &plan.delivery {
        Some(Delivery::Flux(_)) => base.with(delivery::values_config_maps(plan)),
        Some(Delivery::ArgoCd(_)) | None => base,
    }
}
