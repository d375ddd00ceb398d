//! What fields of Kubernetes' objects decide, and what it means that an object comes or goes.
//!
//! Source: the validation of updates in the Kubernetes API for what it refuses; the references of Argo CD and
//! Flux for what delivers a workload.

use super::reach::{is_in, reach, widens};
use super::when::When::{Added, Always, Becomes, Fewer, Lost, NoLonger, Set};
use super::when::{When, text};
use super::{Class, Risks, Rule, ask, note, pods, routes, rules};
use crate::diff::edit::{Edit, Part};
use crate::diff::tree::{File, FileChange};
use crate::model::ComponentId;
use crate::node::Node;
use crate::tree::RelPath;

const REFUSED: &str = "the API server refuses changes of this field";
const REFUSED_DATA: &str = "the API server refuses changes of what is marked as immutable";
const MORE_RIGHTS: &str = "more may be done with the API of Kubernetes";
const IDENTITY: &str = "the pods act as another identity";
const MOVED: &str = "everything is made anew elsewhere; what is stored stays behind";
const DATABASE: &str = "dashboards, users and alerts may be in another database";
const VERSION: &str = "another version of the chart: its pods are replaced";
const MORE_PEERS: &str = "more may reach it";
const NO_TLS: &str = "requests are no longer encrypted on the way";
const VOLUMES: &str = "volumes are deleted with their pods";

/// Labels and annotations that say who made an object, and nothing else.
const BOOKKEEPING: [&str; 7] = [
    "app.kubernetes.io/managed-by",
    "app.kubernetes.io/version",
    "helm.sh/chart",
    "argocd.argoproj.io/tracking-id",
    "kustomize.toolkit.fluxcd.io/name",
    "kustomize.toolkit.fluxcd.io/namespace",
    "kubectl.kubernetes.io/last-applied-configuration",
];

const WORKLOADS: &[Rule] = rules! {
    "spec/selector/**" Always => Immutable, REFUSED;
    "spec/template/spec/volumes/*/persistentVolumeClaim/**" Lost => DataLoss, MOVED;
};
const STATEFUL_SETS: &[Rule] = rules! {
    "spec/selector|serviceName|podManagementPolicy|volumeClaimTemplates/**" Always => Immutable, REFUSED;
    "spec/volumeClaimTemplates/*/metadata/name" Lost => DataLoss, MOVED;
    "spec/replicas" Fewer => DataLoss, "the volumes of the pods that go are no longer used";
    "spec/persistentVolumeClaimRetentionPolicy/*" Becomes(&["Delete"]) => DataLoss, VOLUMES;
    "spec/volumeClaimTemplates/*/spec/resources/requests/storage" Fewer => DataLoss, "volumes cannot shrink";
    "spec/volumeClaimTemplates/*/spec/storageClassName" Lost => DataLoss, MOVED;
};
const JOBS: &[Rule] = rules! {
    "spec/selector|template|completionMode|completions|podFailurePolicy|managedBy/**" Always => Immutable, REFUSED;
};
const CLAIMS: &[Rule] = rules! {
    "spec/accessModes|storageClassName|volumeMode|volumeName|selector|dataSource|dataSourceRef/**" Always
        => Immutable, REFUSED;
    "spec/storageClassName|volumeName|accessModes/**" Lost => DataLoss, MOVED;
    "spec/resources/requests/storage" Fewer => Immutable, REFUSED;
    "spec/resources/requests/storage" Fewer => DataLoss, "volumes cannot shrink";
};
const SLICES: &[Rule] = rules! {
    "addressType" Always => Immutable, REFUSED;
    "endpoints/*/addresses/**" Lost => TelemetryLoss, "requests no longer reach what they reached";
};
const SECRETS: &[Rule] = rules! {
    "type" Lost => Immutable, REFUSED;
};
const KINDS: &[Rule] = rules! {
    "spec/group|scope|names/**" Lost => Immutable, REFUSED;
};
const VOLUME_ATTRIBUTES: &[Rule] = rules! {
    "driverName|parameters/**" Always => Immutable, REFUSED;
};
const MONITORS: &[Rule] = rules! {
    "spec/endpoints|podMetricsEndpoints|selector|namespaceSelector/**" Lost
        => TelemetryLoss, "what it watched is no longer watched";
};
const SECRET_STORES: &[Rule] = rules! {
    "spec/conditions/**" Lost => Privilege, "more namespaces may read secrets by it";
    "spec/conditions/*/namespaces/*" Added => Privilege, "more namespaces may read secrets by it";
};
const STORAGE_CLASSES: &[Rule] = rules! {
    "provisioner|parameters|reclaimPolicy|volumeBindingMode/**" Always => Immutable, REFUSED;
    "reclaimPolicy" Becomes(&["Delete"]) => DataLoss, "volumes are deleted with their claims";
};
const VOLUMES_OF_CLUSTERS: &[Rule] = rules! {
    "spec/persistentVolumeReclaimPolicy" Becomes(&["Delete"]) => DataLoss, "the disk is deleted with its claim";
    "spec/csi|nfs|local|hostPath|awsElasticBlockStore|azureDisk|azureFile|nodeAffinity|volumeMode/**" Always
        => Immutable, REFUSED;
    "spec/csi|nfs|local|hostPath|awsElasticBlockStore|azureDisk|azureFile/**" Lost => DataLoss, MOVED;
};
const INGRESS_CLASSES: &[Rule] = rules! {
    "spec/controller" Always => Immutable, REFUSED;
};
const RUNTIME_CLASSES: &[Rule] = rules! {
    "handler" Always => Immutable, REFUSED;
};
const SECRETS_BY_MOUNT: &[Rule] = rules! {
    "spec/parameters/clientID|userAssignedIdentityID|useVMManagedIdentity|tenantId" Always => Privilege, IDENTITY;
};
const PRIORITY_CLASSES: &[Rule] = rules! {
    "value|preemptionPolicy" Always => Immutable, REFUSED;
};
const ROLES: &[Rule] = rules! {
    "rules/*/verbs|apiGroups|resources|nonResourceURLs/*" Added => Privilege, MORE_RIGHTS;
    "aggregationRule/**" Always => Privilege, MORE_RIGHTS;
};
const BINDINGS: &[Rule] = rules! {
    "roleRef/*" Always => Immutable, REFUSED;
    "roleRef/*" Always => Privilege, MORE_RIGHTS;
    "subjects/**" Set => Privilege, MORE_RIGHTS;
};
const SERVICE_ACCOUNTS: &[Rule] = rules! {
    "automountServiceAccountToken" NoLonger(&["false"]) => Privilege, "pods get a token for the API";
};
const APPLICATIONS: &[Rule] = rules! {
    "spec/destination/*" Lost => DataLoss, MOVED;
    "spec/sources|source/**/releaseName" Lost => DataLoss, MOVED;
    "spec/project" Lost => Privilege, "other limits hold for what it may make";
    "spec/syncPolicy/syncOptions/*" Becomes(&["Replace=true", "Force=true"])
        => DataLoss, "objects are deleted and made anew";
};
const HELM_RELEASES: &[Rule] = rules! {
    "spec/targetNamespace|storageNamespace|releaseName" Always => DataLoss, MOVED;
    "spec/chart/spec/version" Lost => Restart, VERSION;
    "spec/upgrade/force" Becomes(&["true"]) => DataLoss, "objects are deleted and made anew";
    "spec/serviceAccountName" Always => Privilege, IDENTITY;
    "spec/values|valuesFrom/**" Always => Restart, "pods are replaced, if this is what they are made from";
};

/// The classes of a leaf of an object that is there after the change.
pub fn judge(file: &FileChange, leaf: &Edit, risks: &mut Risks) {
    let kind = file.object().map(|object| object.kind.as_str()).unwrap_or_default();
    metadata(kind, leaf, risks);
    if is_unencrypted(leaf) {
        note(risks, Class::Exposure, NO_TLS);
    }
    for rules in rules_of(kind) {
        ask(rules, leaf, risks);
    }
    match kind {
        "Secret" | "ConfigMap" if is_fixed(file) && starts(leaf, &FIXED) => {
            note(risks, Class::Immutable, REFUSED_DATA);
        }
        "Role" | "ClusterRole" if is_in(leaf, "resourceNames") && widens(file, leaf) => {
            note(risks, Class::Privilege, MORE_RIGHTS);
        }
        "Service" if is_in(leaf, "loadBalancerSourceRanges") && widens(file, leaf) => {
            note(risks, Class::Exposure, MORE_PEERS);
        }
        "Service" if is_new_port(file, leaf) => note(risks, Class::Exposure, MORE_PEERS),
        "Middleware" if is_in(leaf, "rateLimit") => rate(file, leaf, risks),
        "Middleware" if is_in(leaf, "sourceRange") && widens(file, leaf) => {
            note(risks, Class::Exposure, MORE_PEERS);
        }
        "Application" if is_charts_version(file, leaf) => note(risks, Class::Restart, VERSION),
        "ExternalSecret" | "SecretProviderClass"
            if leaf.before.is_some() && names_database(file, leaf) =>
        {
            note(risks, Class::DataLoss, DATABASE);
        }
        "IngressRoute" | "IngressRouteTCP"
            if starts_with(leaf, &["spec", "tls"]) && !has_tls(file) =>
        {
            note(risks, Class::Exposure, NO_TLS);
        }
        _ => {}
    }
}

fn rules_of(kind: &str) -> Vec<&'static [Rule]> {
    match kind {
        "Deployment" | "DaemonSet" | "ReplicaSet" => {
            vec![WORKLOADS, pods::IN_TEMPLATE, pods::RIGHTS, pods::RIGHTS_IN_OBJECTS]
        }
        "StatefulSet" => {
            vec![STATEFUL_SETS, pods::IN_TEMPLATE, pods::RIGHTS, pods::RIGHTS_IN_OBJECTS]
        }
        "Job" => vec![JOBS, pods::RIGHTS, pods::RIGHTS_IN_OBJECTS],
        "CronJob" | "Pod" => vec![pods::RIGHTS, pods::RIGHTS_IN_OBJECTS],
        "PersistentVolumeClaim" => vec![CLAIMS],
        "StorageClass" => vec![STORAGE_CLASSES],
        "EndpointSlice" => vec![SLICES],
        "Secret" => vec![SECRETS],
        "CustomResourceDefinition" => vec![KINDS],
        "VolumeAttributesClass" => vec![VOLUME_ATTRIBUTES],
        "ClusterSecretStore" => vec![SECRET_STORES],
        "ServiceMonitor" | "PodMonitor" => vec![MONITORS],
        "TLSOption" => vec![routes::TLS_OPTION],
        "ReferenceGrant" => vec![routes::GRANT],
        "PersistentVolume" => vec![VOLUMES_OF_CLUSTERS],
        "IngressClass" => vec![INGRESS_CLASSES],
        "RuntimeClass" => vec![RUNTIME_CLASSES],
        "SecretProviderClass" => vec![SECRETS_BY_MOUNT],
        "PriorityClass" => vec![PRIORITY_CLASSES],
        "Role" | "ClusterRole" => vec![ROLES],
        "RoleBinding" | "ClusterRoleBinding" => vec![BINDINGS],
        "ServiceAccount" => vec![SERVICE_ACCOUNTS],
        "Application" => vec![APPLICATIONS],
        "HelmRelease" => vec![HELM_RELEASES],
        "IngressRoute" | "IngressRouteTCP" | "IngressRouteUDP" => vec![routes::INGRESS_ROUTE],
        "Middleware" | "MiddlewareTCP" => vec![routes::MIDDLEWARE],
        "Ingress" => vec![routes::INGRESS],
        "HTTPRoute" | "GRPCRoute" | "TLSRoute" | "TCPRoute" | "Gateway" => vec![routes::GATEWAY],
        "Service" => vec![routes::SERVICE],
        _ => Vec::new(),
    }
}

/// Labels and annotations of an object itself.
fn metadata(kind: &str, leaf: &Edit, risks: &mut Risks) {
    let [Part::Member("metadata"), Part::Member(member), rest @ ..] = leaf.place.parts() else {
        return;
    };
    let key = rest.first().map(Part::key).unwrap_or_default();
    if matches!(*member, "labels" | "annotations") && BOOKKEEPING.contains(&key) {
        note(risks, Class::Noise, "it says who made the object, and nothing else");
    }
    let after = leaf.after.map(text).unwrap_or_default();
    if key.starts_with("rbac.authorization.k8s.io/aggregate-to-") && after == "true" {
        note(risks, Class::Privilege, MORE_RIGHTS);
    }
    let opened = after == "internet-facing" || (key.ends_with("-internal") && after != "true");
    if kind == "Service" && key.contains("load-balancer") && opened {
        note(risks, Class::Exposure, MORE_PEERS);
    }
    if kind == "ServiceAccount" && is_identity(key) {
        note(risks, Class::Privilege, IDENTITY);
    }
    if key == "pod-security.kubernetes.io/enforce" {
        let rank = |side: Option<&Node>| {
            let level = side.and_then(Node::text).unwrap_or_default();
            // A namespace that does not say lets all in.
            ["restricted", "baseline"].iter().position(|one| *one == level).unwrap_or(2)
        };
        if rank(leaf.after) > rank(leaf.before) {
            note(risks, Class::Privilege, "pods with more rights are let in");
        }
    }
}

/// Whether an annotation or a label says as which identity of a cloud pods act.
pub fn is_identity(key: &str) -> bool {
    const OF_CLOUDS: [&str; 3] = ["eks.amazonaws.com/", "azure.workload.identity/", "iam.gke.io/"];
    OF_CLOUDS.iter().any(|start| key.starts_with(start))
}

fn starts(leaf: &Edit, names: &[&str]) -> bool {
    leaf.place.parts().first().is_some_and(|part| names.contains(&part.key()))
}

fn starts_with(leaf: &Edit, names: &[&str]) -> bool {
    let parts = leaf.place.parts().iter().map(Part::key);
    leaf.place.parts().len() >= names.len() && parts.zip(names).all(|(part, name)| part == *name)
}

/// What a map or secret that is marked as immutable keeps for ever, the mark included.
const FIXED: [&str; 4] = ["data", "binaryData", "stringData", "immutable"];

fn is_fixed(file: &FileChange) -> bool {
    let mark = file.before.and_then(|file| file.view().get("immutable"));
    mark.is_some_and(|mark| text(mark) == "true")
}

fn has_tls(file: &FileChange) -> bool {
    let spec = file.after.and_then(|file| file.view().get("spec"));
    spec.is_some_and(|spec| spec.get("tls").is_some())
}

/// Whether a leaf says from where a secret of Grafana's database comes.
fn names_database(file: &FileChange, leaf: &Edit) -> bool {
    let says = |text: &str| {
        let text = text.to_lowercase();
        text.contains("database") || text.split(['-', '_', '.']).any(|word| word == "db")
    };
    let object = file.object();
    let component = file.path().and_then(RelPath::component);
    let is_grafanas = component == Some(ComponentId::Grafana);
    let parts = leaf.place.parts();
    let from =
        parts.iter().any(|part| matches!(part.key(), "remoteRef" | "objects" | "keyvaultName"));
    let named = parts.iter().any(|part| matches!(part, Part::Named(name) if says(name)));
    is_grafanas && from && (named || object.is_some_and(|object| says(&object.name)))
}

/// Whether an address is no longer one of an encrypted connection.
fn is_unencrypted(leaf: &Edit) -> bool {
    let starts = |side: Option<&Node>, scheme: &str| {
        side.and_then(Node::text).is_some_and(|text| text.starts_with(scheme))
    };
    starts(leaf.before, "https://") && starts(leaf.after, "http://")
}

/// Whether a service that is reached from outside of the cluster gets a port.
fn is_new_port(file: &FileChange, leaf: &Edit) -> bool {
    let kind = |file: &File| Some(file.view().get("spec")?.get("type")?.text()?.to_owned());
    let kind = file.before.and_then(kind).unwrap_or_default();
    let is_open = matches!(kind.as_str(), "LoadBalancer" | "NodePort");
    is_open && leaf.before.is_none() && starts_with(leaf, &["spec", "ports"])
}

/// How much is let through: of what browsers send the collector, less is a loss.
fn rate(file: &FileChange, leaf: &Edit, risks: &mut Risks) {
    let is_collectors = file.path().and_then(RelPath::component) == Some(ComponentId::Alloy);
    if !When::Lower.holds(leaf.before, leaf.after) {
        note(risks, Class::Exposure, "more is let through at once");
    } else if is_collectors {
        note(risks, Class::TelemetryLoss, "more of what browsers send is refused");
    }
}

/// Whether a leaf is the version of a source that is a chart.
fn is_charts_version(file: &FileChange, leaf: &Edit) -> bool {
    let Some((last, source)) = leaf.place.parts().split_last() else { return false };
    let source = file.after.and_then(|file| reach(file.view(), source));
    last.key() == "targetRevision" && source.is_some_and(|source| source.get("chart").is_some())
}
