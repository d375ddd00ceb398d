//! Keys that would be ignored, and namespaces that are somebody else's: refused, not passed over.

use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::model::{Delivery, RemoteKeys, Secrets, Word as _, Workload};
use crate::origin::Origin;

/// Reports a key that has no effect here.
pub fn refuse(origin: &Origin, why: &str, help: &str, diags: &mut Diagnostics) {
    let message = format!("this has no effect: {why}");
    let error = Diagnostic::derived_error(Code::Conflict, origin, message);
    diags.push(error.help(help));
}

/// Reports every key that has no effect on any cloud.
pub fn refuse_all(workload: &Workload, diags: &mut Diagnostics) {
    if workload.control_room.is_none()
        && let Some(secret) = keys(workload).and_then(|keys| keys.mimir_auth.as_ref())
    {
        let why = "there is no control room to log in to";
        refuse(&secret.key.origin, why, "remove it, or add `controlRoom`", diags);
    }
    if workload.collect.faro.value && workload.ingress.is_none() {
        let why = "without an ingress no browser reaches the collector";
        refuse(&workload.collect.faro.origin, why, "remove it, or add `ingress`", diags);
    }
    let by_argocd = matches!(workload.delivery, Some(Delivery::ArgoCd(_)));
    for cluster in workload.clusters.iter().filter(|_| !by_argocd) {
        if let Some(destination) = &cluster.destination {
            let why = "only Argo CD is told where a cluster is";
            refuse(&destination.origin, why, "remove it, or choose `delivery.argocd`", diags);
        }
    }
    refuse_foreign_namespaces(workload, diags);
}

fn keys(workload: &Workload) -> Option<&RemoteKeys> {
    match &workload.secrets {
        Secrets::Existing => None,
        Secrets::ExternalSecrets(external) => Some(&external.keys),
        Secrets::SecretsStoreCsi(csi) => Some(&csi.keys),
    }
}

/// Our namespaces refuse all traffic that is not the stack's own, so nobody else may live there.
fn refuse_foreign_namespaces(workload: &Workload, diags: &mut Diagnostics) {
    let names = &workload.names;
    let collect = &workload.collect;
    let state = collect.kube_state_metrics.value.as_str().split('.').nth(1).unwrap_or_default();
    let others = collect.application_namespaces.iter().chain([&collect.product_namespace]);
    let others = others.chain(workload.ingress.iter().map(|traefik| &traefik.namespace));
    let others: Vec<&str> = others.map(|space| space.value.as_str()).chain([state]).collect();
    let ours = [&names.namespaces.alloy, &names.namespaces.mimir, &names.namespaces.loki];
    for space in ours.into_iter().chain([&names.grafana_namespace]) {
        let name = space.value.as_str();
        if name == "default" || name.starts_with("kube-") || others.contains(&name) {
            let message = format!("`{name}` is somebody else's namespace");
            let error = Diagnostic::derived_error(Code::Collision, &space.origin, message);
            diags.push(error.help(
                "choose another: the stack's namespaces refuse all traffic that is not its own",
            ));
        }
    }
}
