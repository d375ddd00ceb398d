//! What pods name: volumes, variables, accounts, and Secrets for images. Charts take the same parts.

use super::Kind;
use super::found::Found;
use super::spot::Spot;
use crate::node::Data;

/// The driver whose volumes name a `SecretProviderClass`.
const SECRETS_STORE: &str = "secrets-store.csi.k8s.io";

/// The spec of pods.
pub fn spec(spec: &Spot, found: &mut Found) {
    volumes(&spec.items_at(&["volumes"]), found);
    pull_secrets(&spec.items_at(&["imagePullSecrets"]), found);
    found.add(Kind::ServiceAccount, spec.get("serviceAccountName"));
    for list in ["initContainers", "containers", "ephemeralContainers"] {
        containers(&spec.items_at(&[list]), found);
    }
}

/// Containers.
pub fn containers(all: &[Spot], found: &mut Found) {
    for container in all {
        variables(&container.items_at(&["env"]), found);
        whole_sources(&container.items_at(&["envFrom"]), found);
    }
}

/// Volumes.
pub fn volumes(all: &[Spot], found: &mut Found) {
    for volume in all {
        let get = |key| volume.get(key);
        get("configMap").iter().for_each(|source| mounted(Kind::ConfigMap, "name", source, found));
        get("secret").iter().for_each(|source| mounted(Kind::Secret, "secretName", source, found));
        found.add(Kind::Claim, volume.at(&["persistentVolumeClaim", "claimName"]));
        get("csi").iter().for_each(|csi| driver(csi, found));
        get("projected").iter().for_each(|all| projected(all, found));
    }
}

/// The parts of a projected volume.
pub fn projected(volume: &Spot, found: &mut Found) {
    for part in volume.items_at(&["sources"]) {
        for (key, kind) in [("configMap", Kind::ConfigMap), ("secret", Kind::Secret)] {
            part.get(key).iter().for_each(|source| mounted(kind, "name", source, found));
        }
    }
}

/// A volume of the Secrets Store CSI driver.
pub fn driver(csi: &Spot, found: &mut Found) {
    if csi.text_at(&["driver"]) == Some(SECRETS_STORE) {
        found.add(Kind::ProviderClass, csi.at(&["volumeAttributes", "secretProviderClass"]));
    }
}

/// An object that is mounted, and those of its keys that are.
pub fn mounted(kind: Kind, by: &str, source: &Spot, found: &mut Found) {
    if !is_optional(source) {
        let keys = source.items_at(&["items"]).iter().filter_map(|item| item.get("key")).collect();
        found.add_with(kind, source.get(by), keys);
    }
}

/// Variables, each with a value of its own or one from elsewhere.
pub fn variables(all: &[Spot], found: &mut Found) {
    for variable in all {
        variable.get("valueFrom").iter().for_each(|source| value_from(source, found));
    }
}

/// Where a variable's value comes from.
pub fn value_from(source: &Spot, found: &mut Found) {
    for (key, kind) in [("configMapKeyRef", Kind::ConfigMap), ("secretKeyRef", Kind::Secret)] {
        let Some(source) = source.get(key).filter(|source| !is_optional(source)) else { continue };
        found.add_with(kind, source.get("name"), source.get("key").into_iter().collect());
    }
}

/// Objects all of whose keys become variables.
pub fn whole_sources(all: &[Spot], found: &mut Found) {
    for source in all {
        for (key, kind) in [("configMapRef", Kind::ConfigMap), ("secretRef", Kind::Secret)] {
            if let Some(source) = source.get(key).filter(|source| !is_optional(source)) {
                found.add(kind, source.get("name"));
            }
        }
    }
}

/// Secrets for images: `{name: …}`, or in some charts the name itself.
pub fn pull_secrets(all: &[Spot], found: &mut Found) {
    for secret in all {
        let name = if let Data::Text(_) = secret.node.data {
            Some(secret.clone())
        } else {
            secret.get("name")
        };
        found.add(Kind::Secret, name);
    }
}

/// Whether a pod starts without it.
pub fn is_optional(source: &Spot) -> bool {
    source.flag_at(&["optional"]) == Some(true)
}
