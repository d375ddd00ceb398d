//! What it means that a whole object comes, goes, or gets another name.

use super::{Class, Risks, note};
use crate::diff::edit::Edit;
use crate::diff::tree::{File, FileChange};
use crate::model::ComponentId;

const REACHED: &str = "it is reached from where it was not";
const MORE_RIGHTS: &str = "more may be done with the API of Kubernetes";

/// The classes of a whole object's coming and going; none of an edit inside of one.
pub fn judge(file: &FileChange, edit: &Edit, risks: &mut Risks) {
    if !edit.place.parts().is_empty() && !file.renamed {
        return;
    }
    let gone = file.before.filter(|_| file.renamed || file.after.is_none());
    if let Some((class, why)) = gone.and_then(of_gone) {
        note(risks, class, why);
    }
    if let Some(new) = file.after.filter(|_| file.renamed || file.before.is_none()) {
        match kind(new) {
            "IngressRoute" | "IngressRouteTCP" | "IngressRouteUDP" | "Ingress" | "HTTPRoute"
            | "Gateway" | "ReferenceGrant" => {
                note(risks, Class::Exposure, REACHED);
            }
            // Policies add up: one that allows anything allows it whatever others say.
            "NetworkPolicy" if allows(new) => note(risks, Class::Exposure, REACHED),
            "Role" | "ClusterRole" | "RoleBinding" | "ClusterRoleBinding" => {
                note(risks, Class::Privilege, MORE_RIGHTS);
            }
            _ => {}
        }
    }
}

fn kind<'f>(file: &'f File) -> &'f str {
    file.object.as_ref().map(|object| object.kind.as_str()).unwrap_or_default()
}

fn of_gone(file: &File) -> Option<(Class, &'static str)> {
    Some(match kind(file) {
        "Namespace" => {
            (Class::DataLoss, "everything in the namespace is deleted, its volumes, too")
        }
        "PersistentVolumeClaim" | "PersistentVolume" => {
            (Class::DataLoss, "the volume goes, with what is on it")
        }
        "StatefulSet" => (Class::DataLoss, "its pods go, and their volumes are no longer used"),
        "CustomResourceDefinition" => (Class::DataLoss, "all objects of this kind are deleted"),
        "HelmRelease" => (Class::DataLoss, "what it has made goes with it"),
        // Without a finalizer Argo CD leaves what an Application has made.
        "Application" if has_finalizer(file) => (Class::DataLoss, "what it has made goes with it"),
        "NetworkPolicy" => (Class::Exposure, "nothing limits any more who reaches these pods"),
        "Middleware" | "MiddlewareTCP" if file.path.component() == Some(ComponentId::Grafana) => {
            (Class::Exposure, "less stands between a request and the service")
        }
        "ServiceMonitor" | "PodMonitor" | "Probe" | "ScrapeConfig" | "PrometheusRule" => {
            (Class::TelemetryLoss, "what it watched is no longer watched")
        }
        "IngressRoute" if file.path.component() == Some(ComponentId::Alloy) => {
            (Class::TelemetryLoss, "what browsers send no longer arrives")
        }
        _ => return None,
    })
}

fn has_finalizer(file: &File) -> bool {
    let metadata = file.view().get("metadata");
    metadata.and_then(|metadata| metadata.get("finalizers")).is_some_and(|list| !list.is_empty())
}

fn allows(policy: &File) -> bool {
    let rules = |way: &str| policy.view().get("spec").and_then(|spec| spec.get(way));
    ["ingress", "egress"].into_iter().filter_map(rules).any(|rules| !rules.is_empty())
}
