//! Secrets by reference: how each comes to be in the cluster. No secret's value is ever here.

use super::{ComponentId, metadata};
use crate::manifest::{
    self, CustomSpec as _, ExternalSecretData, ExternalSecretSpec, ExternalSecretTarget,
    KindAndName, RemoteRef, SecretObject, SecretObjectData, SecretProviderClassSpec,
};
use crate::model::{
    CsiProvider, Grant, Identity, Plan, RemoteKey, SecretDelivery, SecretEntry, SecretGrant,
};
use crate::node::{Node, because, list, map};
use crate::origin::{Origin, Sourced};
use crate::syntax;

/// The object that makes a Secret, if one of ours does.
pub fn object(plan: &Plan, id: ComponentId, grant: &SecretGrant) -> Option<Node> {
    let meta = metadata(id, &grant.namespace.value.to_string(), &grant.name.value.to_string());
    let origin = |provider: Vec<&Origin>| {
        let entries = grant.entries.iter().flat_map(SecretEntry::origins);
        let own = [&grant.name.origin, &grant.namespace.origin];
        Origin::derived(grant.purpose, own.into_iter().chain(entries).chain(provider))
    };
    match &plan.secrets.delivery {
        SecretDelivery::Existing => None,
        SecretDelivery::ExternalSecrets { kind, name } => {
            let store =
                KindAndName { kind: kind.value.as_str().into(), name: name.value.to_string() };
            let object = external_secret(grant, store).object(meta);
            Some(manifest::object(&object, &origin(vec![&kind.origin, &name.origin])))
        }
        SecretDelivery::Csi(provider) => {
            let object = provider_class(plan, id, provider, grant).object(meta);
            let client = identity(plan, id).and_then(|identity| identity.grant.origin());
            let from = provider.origins().into_iter().chain(client);
            Some(manifest::object(&object, &origin(from.collect())))
        }
    }
}

fn external_secret(grant: &SecretGrant, store: KindAndName) -> ExternalSecretSpec {
    let data = grant.entries.iter().map(|entry| ExternalSecretData {
        secret_key: entry.key.value.to_string(),
        remote_ref: RemoteRef {
            key: entry.remote.key.value.to_string(),
            property: entry.remote.property.as_ref().map(|property| property.value.to_string()),
        },
    });
    ExternalSecretSpec {
        refresh_interval: "1h",
        secret_store_ref: store,
        target: ExternalSecretTarget {
            name: grant.name.value.to_string(),
            creation_policy: "Owner",
        },
        data: data.collect(),
    }
}

fn provider_class(
    plan: &Plan,
    id: ComponentId,
    provider: &CsiProvider,
    grant: &SecretGrant,
) -> SecretProviderClassSpec {
    let (provider, parameters) = match provider {
        CsiProvider::SecretsManager { region, node_agent } => {
            let objects = list(secrets_manager_objects(grant));
            let agent = if node_agent.value { "true" } else { "false" };
            let parameters = manifest::text_map([
                ("objects", syntax::emit(&objects).as_str()),
                ("region", region.value.as_str()),
                ("usePodIdentity", agent),
            ]);
            ("aws", parameters)
        }
        CsiProvider::KeyVault { vault, tenant } => {
            let objects = list(grant.entries.iter().map(key_vault_object));
            let client = client_id(plan, id);
            let parameters = manifest::text_map([
                ("clientID", client.as_str()),
                ("keyvaultName", &vault.value.to_string()),
                ("objects", syntax::emit(&map([("array", objects)])).as_str()),
                ("tenantId", &tenant.value.to_string()),
                ("usePodIdentity", "false"),
            ]);
            ("azure", parameters)
        }
    };
    let data = grant.entries.iter().map(|entry| SecretObjectData {
        object_name: entry.key.value.to_string(),
        key: entry.key.value.to_string(),
    });
    let secret_objects = vec![SecretObject {
        secret_name: grant.name.value.to_string(),
        secret_type: "Opaque",
        data: data.collect(),
    }];
    SecretProviderClassSpec { provider, parameters, secret_objects }
}

/// The identity of the pods that mount the secret.
fn identity(plan: &Plan, id: ComponentId) -> Option<&Identity> {
    match id {
        ComponentId::Alloy => Some(&plan.identities.alloy),
        ComponentId::Grafana => plan.grafana_identity.as_ref(),
        ComponentId::Mimir => Some(&plan.identities.mimir),
        ComponentId::Loki => Some(&plan.identities.loki),
    }
}

/// Its client id, for clouds that have such ids.
fn client_id(plan: &Plan, id: ComponentId) -> String {
    match identity(plan, id).map(|identity| &identity.grant) {
        Some(Grant::ClientId(id)) => id.value.to_string(),
        Some(Grant::RoleAnnotation(_) | Grant::NodeAgent(_) | Grant::Nothing) | None => {
            String::new()
        }
    }
}

const WHY: &str = "the form in which the driver's provider is told what to read";

/// Secrets of Secrets Manager: one item for each, with a path for every member that is read. The
/// provider refuses two items of one name.
fn secrets_manager_objects(grant: &SecretGrant) -> Vec<Node> {
    let mut names: Vec<&RemoteKey> = Vec::new();
    let mut objects = Vec::new();
    for first in &grant.entries {
        let name = &first.remote.key;
        if names.contains(&&name.value) {
            continue;
        }
        names.push(&name.value);
        let entries = grant.entries.iter().filter(|entry| entry.remote.key.value == name.value);
        objects.push(secrets_manager_object(name, &entries.collect::<Vec<_>>()));
    }
    objects
}

fn secrets_manager_object(name: &Sourced<RemoteKey>, entries: &[&SecretEntry]) -> Node {
    let object =
        map([("objectName", Node::from(name)), ("objectType", because(WHY, "secretsmanager"))]);
    let members = entries.iter().filter_map(|entry| {
        let path = entry.remote.property.as_ref()?;
        let path = path.derive("a member of the JSON object", |name| format!("\"{name}\""));
        Some(map([("path", Node::from(&path)), ("objectAlias", Node::from(&entry.key))]))
    });
    let members: Vec<Node> = members.collect();
    let whole = entries.iter().find(|entry| entry.remote.property.is_none());
    let object = match whole {
        Some(entry) => object.with(map([("objectAlias", Node::from(&entry.key))])),
        None => object,
    };
    if members.is_empty() { object } else { object.with(map([("jmesPath", list(members))])) }
}

/// A secret of Key Vault. The provider wants each as a text of its own, in YAML.
fn key_vault_object(entry: &SecretEntry) -> Node {
    let object = map([
        ("objectName", Node::from(&entry.remote.key)),
        ("objectAlias", Node::from(&entry.key)),
        ("objectType", because(WHY, "secret")),
    ]);
    because(WHY, syntax::emit(&object))
}

/// The volume through which a pod makes the driver read a secret.
pub fn csi_volume(grant: &SecretGrant) -> Node {
    map([
        ("driver", because(WHY, "secrets-store.csi.k8s.io")),
        ("readOnly", because(WHY, true)),
        ("volumeAttributes", map([("secretProviderClass", Node::from(&grant.name))])),
    ])
}
