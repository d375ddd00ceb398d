//! What fields of Kubernetes' objects decide, and what it means that an object comes or goes.
//!
//! Source: the validation of updates in the Kubernetes API for what it refuses; the references of Argo CD and
//! Flux for what delivers a workload.

use super::alloy::reach;
use super::when::When::{Added, Always, Becomes, Fewer, Lost, More, NoLonger};
use super::{Class, Risks, Rule, ask, note, pods, routes, rules};
use crate::diff::edit::{Edit, Part};
use crate::diff::tree::FileChange;
use crate::node::Node;

const REFUSED: &str = "the API server refuses changes of this field";
const REFUSED_DATA: &str = "the API server refuses changes of what is marked as immutable";
const MORE_RIGHTS: &str = "more may be done with the API of Kubernetes";
const FEWER_RIGHTS: &str = "what needed this right no longer works";
const IDENTITY: &str = "the pods act as another identity";
const MOVED: &str = "everything is made anew elsewhere; what is stored stays behind";
const DATABASE: &str = "dashboards, users and alerts may be in another database";
const VERSION: &str = "another version of the chart: its pods are replaced";
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
};
const STATEFUL_SETS: &[Rule] = rules! {
    "spec/selector|serviceName|podManagementPolicy|volumeClaimTemplates/**" Always => Immutable, REFUSED;
    "spec/persistentVolumeClaimRetentionPolicy/*" Becomes(&["Delete"]) => DataLoss, VOLUMES;
    "spec/volumeClaimTemplates/*/spec/resources/requests/storage" Fewer => DataLoss, "volumes cannot shrink";
    "spec/volumeClaimTemplates/*/spec/storageClassName" Lost => DataLoss, MOVED;
};
const JOBS: &[Rule] = rules! {
    "spec/selector|template|completionMode/**" Always => Immutable, REFUSED;
};
const CLAIMS: &[Rule] = rules! {
    "spec/accessModes|storageClassName|volumeMode|volumeName|selector|dataSource|dataSourceRef/**" Always
        => Immutable, REFUSED;
    "spec/storageClassName|volumeName" Lost => DataLoss, MOVED;
    "spec/resources/requests/storage" Fewer => Immutable, REFUSED;
    "spec/resources/requests/storage" Fewer => DataLoss, "volumes cannot shrink";
    "spec/resources/requests/storage" More => Config, "the volume grows, if its class lets it";
};
const STORAGE_CLASSES: &[Rule] = rules! {
    "provisioner|parameters|reclaimPolicy|volumeBindingMode/**" Always => Immutable, REFUSED;
    "reclaimPolicy" Becomes(&["Delete"]) => DataLoss, "volumes are deleted with their claims";
};
const ROLES: &[Rule] = rules! {
    "rules/**" Added => Privilege, MORE_RIGHTS;
    "rules/**" Lost => TelemetryLoss, FEWER_RIGHTS;
    "aggregationRule/**" Always => Privilege, MORE_RIGHTS;
};
const BINDINGS: &[Rule] = rules! {
    "roleRef/*" Always => Immutable, REFUSED;
    "roleRef/*" Always => Privilege, MORE_RIGHTS;
    "subjects/**" Added => Privilege, MORE_RIGHTS;
    "subjects/**" Lost => Privilege, MORE_RIGHTS;
};
const SERVICE_ACCOUNTS: &[Rule] = rules! {
    "metadata/annotations/*" Always => Privilege, IDENTITY;
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

/// The classes of a leaf of an object.
pub fn judge(file: &FileChange, leaf: &Edit, risks: &mut Risks) {
    if file.after.is_none() {
        return;
    }
    let kind = file.object().map(|object| object.kind.as_str()).unwrap_or_default();
    metadata(leaf, risks);
    for rules in rules_of(kind) {
        ask(rules, leaf, risks);
    }
    match kind {
        "Secret" | "ConfigMap"
            if is_immutable(file) && starts(leaf, &["data", "binaryData", "stringData"]) =>
        {
            note(risks, Class::Immutable, REFUSED_DATA);
        }
        "Application" if is_charts_version(file, leaf) => note(risks, Class::Restart, VERSION),
        "ExternalSecret" | "SecretProviderClass"
            if is_database(file) && leaf.before.is_some() && starts(leaf, &["spec"]) =>
        {
            note(risks, Class::DataLoss, DATABASE);
        }
        "ConfigMap"
            if starts(leaf, &["data"])
                && leaf.after.is_none()
                && file.after.is_some_and(is_dashboards) =>
        {
            note(risks, Class::TelemetryLoss, "a part of a dashboard goes");
        }
        _ => {}
    }
}

fn rules_of(kind: &str) -> Vec<&'static [Rule]> {
    match kind {
        "Deployment" | "DaemonSet" | "ReplicaSet" => {
            vec![WORKLOADS, pods::IN_TEMPLATE, pods::RIGHTS]
        }
        "StatefulSet" => vec![STATEFUL_SETS, pods::IN_TEMPLATE, pods::RIGHTS],
        "Job" => vec![JOBS, pods::RIGHTS],
        "CronJob" | "Pod" => vec![pods::RIGHTS],
        "PersistentVolumeClaim" => vec![CLAIMS],
        "StorageClass" => vec![STORAGE_CLASSES],
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
        "NetworkPolicy" => vec![routes::NETWORK_POLICY],
        _ => Vec::new(),
    }
}

/// Labels and annotations of an object itself.
fn metadata(leaf: &Edit, risks: &mut Risks) {
    let [Part::Member("metadata"), Part::Member(kind), rest @ ..] = leaf.place.parts() else {
        return;
    };
    let key = rest.first().map(Part::key).unwrap_or_default();
    let of = |side: Option<&Node>| side.and_then(Node::text).unwrap_or_default().to_owned();
    if matches!(*kind, "labels" | "annotations") && BOOKKEEPING.contains(&key) {
        note(risks, Class::Noise, "it says who made the object, and nothing else");
    }
    if key == "pod-security.kubernetes.io/enforce" {
        let rank = |level: &str| {
            ["restricted", "baseline", "privileged"].iter().position(|one| *one == level)
        };
        let (old, new) = (rank(&of(leaf.before)), rank(&of(leaf.after)));
        if new.unwrap_or(2) > old.unwrap_or(2) {
            note(risks, Class::Privilege, "pods with more rights are let in");
        }
    }
}

/// What it means that a whole object comes, goes, or gets another name.
pub fn whole(file: &FileChange, edit: &Edit, risks: &mut Risks) {
    if !edit.place.parts().is_empty() && !file.renamed {
        return;
    }
    let kind =
        |file: &crate::diff::tree::File| file.object.as_ref().map(|object| object.kind.clone());
    if let Some(gone) = file.before.filter(|_| file.renamed || file.after.is_none()).and_then(kind)
    {
        match gone.as_str() {
            "Namespace" => note(
                risks,
                Class::DataLoss,
                "everything in the namespace is deleted, its volumes, too",
            ),
            "PersistentVolumeClaim" | "PersistentVolume" => {
                note(risks, Class::DataLoss, "the volume goes, with what is on it")
            }
            "StatefulSet" => {
                note(risks, Class::DataLoss, "its pods go, and their volumes are no longer used")
            }
            "CustomResourceDefinition" => {
                note(risks, Class::DataLoss, "all objects of this kind are deleted")
            }
            "Application" | "HelmRelease" => {
                note(risks, Class::DataLoss, "what it has made goes with it, or is nobody's")
            }
            "NetworkPolicy" => {
                note(risks, Class::Exposure, "nothing limits any more who reaches these pods")
            }
            "Middleware" => {
                note(risks, Class::Exposure, "less stands between a request and the service")
            }
            "ServiceMonitor" | "PodMonitor" | "Probe" | "ScrapeConfig" | "PrometheusRule" => {
                note(risks, Class::TelemetryLoss, "what it watched is no longer watched");
            }
            "Deployment" | "DaemonSet" => note(risks, Class::TelemetryLoss, "its pods go"),
            "ConfigMap" if file.before.is_some_and(is_dashboards) => {
                note(risks, Class::TelemetryLoss, "dashboards go");
            }
            "IngressRoute"
                if file.before.is_some_and(|file| {
                    file.path.component() == Some(crate::model::ComponentId::Alloy)
                }) =>
            {
                note(risks, Class::TelemetryLoss, "what browsers send no longer arrives");
            }
            _ => {}
        }
    }
    if let Some(new) = file.after.filter(|_| file.renamed || file.before.is_none()).and_then(kind) {
        match new.as_str() {
            "IngressRoute" | "IngressRouteTCP" | "IngressRouteUDP" | "Ingress" | "HTTPRoute"
            | "Gateway" => {
                note(risks, Class::Exposure, "it is reached from where it was not");
            }
            "Role" | "ClusterRole" | "RoleBinding" | "ClusterRoleBinding" => {
                note(risks, Class::Privilege, MORE_RIGHTS);
            }
            _ => {}
        }
    }
}

fn starts(leaf: &Edit, names: &[&str]) -> bool {
    leaf.place.parts().first().is_some_and(|part| names.contains(&part.key()))
}

fn is_immutable(file: &FileChange) -> bool {
    let marked = |file: &crate::diff::tree::File| {
        file.view().get("immutable").is_some_and(|mark| super::when::text(mark) == "true")
    };
    file.before.is_some_and(marked)
}

fn is_database(file: &FileChange) -> bool {
    file.object().is_some_and(|object| object.namespace == "grafana" && object.name.contains("db"))
}

fn is_dashboards(file: &crate::diff::tree::File) -> bool {
    file.object.as_ref().is_some_and(|object| object.name.contains("dashboard"))
}

/// Whether a leaf is the version of a source that is a chart.
fn is_charts_version(file: &FileChange, leaf: &Edit) -> bool {
    let Some((last, source)) = leaf.place.parts().split_last() else { return false };
    let source = file.after.and_then(|file| reach(file.view(), source));
    last.key() == "targetRevision" && source.is_some_and(|source| source.get("chart").is_some())
}
