//! Secrets by reference: how each comes to be in the cluster. No secret's value is ever here.

use super::ComponentId;
use crate::manifest;
use crate::model::{
    CsiProvider, Grant, Identity, Plan, RemoteKey, SecretDelivery, SecretEntry, SecretGrant,
};
use crate::node::{Node, because, derived, list, map};
use crate::origin::Sourced;
use crate::syntax;

/// The object that makes a Secret, if one of ours does.
pub fn object(plan: &Plan, id: ComponentId, grant: &SecretGrant) -> Option<Node> {
    let (kind, spec) = match &plan.secrets.delivery {
        SecretDelivery::Existing => return None,
        SecretDelivery::ExternalSecrets { kind, name } => {
            let store = map([("kind", Node::from(kind)), ("name", Node::from(name))]);
            (manifest::EXTERNAL_SECRET, external_secret(grant, store))
        }
        SecretDelivery::Csi(provider) => {
            (manifest::SECRET_PROVIDER_CLASS, provider_class(plan, id, provider, grant))
        }
    };
    let name = Node::from(&grant.name);
    let metadata =
        manifest::metadata(name, Some(Node::from(&grant.namespace)), [manifest::part(id.as_str())]);
    Some(manifest::object(kind, metadata, map([("spec", spec)])))
}

/// Source: the External Secrets Operator's reference, version 1.
fn external_secret(grant: &SecretGrant, store: Node) -> Node {
    const OFTEN: &str = "a secret that changes is read again within the hour";
    let data = grant.entries.iter().map(|entry| {
        let key = ("key", Node::from(&entry.remote.key));
        let property = entry.remote.property.as_ref();
        let property = property.map(|property| ("property", Node::from(property)));
        map([
            ("secretKey", Node::from(&entry.key)),
            ("remoteRef", map([key].into_iter().chain(property))),
        ])
    });
    let target = map([
        ("name", Node::from(&grant.name)),
        ("creationPolicy", because("the Secret goes when its source goes", "Owner")),
    ]);
    map([
        ("refreshInterval", because(OFTEN, "1h")),
        ("secretStoreRef", store),
        ("target", target),
        ("data", list(data)),
    ])
}

/// Source: the Secrets Store CSI driver's reference, version 1, and those of its two providers.
fn provider_class(
    plan: &Plan,
    id: ComponentId,
    provider: &CsiProvider,
    grant: &SecretGrant,
) -> Node {
    let entries = || grant.entries.iter().flat_map(SecretEntry::origins);
    let text = |objects: &Node| derived(grant.purpose, entries(), syntax::emit(objects));
    let (name, parameters) = match provider {
        CsiProvider::SecretsManager { region, node_agent } => {
            let agent = node_agent.map(|on| if *on { "true" } else { "false" });
            let parameters = [
                ("objects", text(&list(secrets_manager_objects(grant)))),
                ("region", Node::from(region)),
                ("usePodIdentity", Node::from(&agent)),
            ];
            ("aws", map(parameters))
        }
        CsiProvider::KeyVault { vault, tenant } => {
            let objects = list(grant.entries.iter().map(key_vault_object));
            let parameters = [
                ("clientID", client_id(plan, id)),
                ("keyvaultName", Node::from(vault)),
                ("objects", text(&map([("array", objects)]))),
                ("tenantId", Node::from(tenant)),
                ("usePodIdentity", because(WHY, "false")),
            ];
            ("azure", map(parameters))
        }
    };
    let data = grant.entries.iter().map(|entry| {
        map([("objectName", Node::from(&entry.key)), ("key", Node::from(&entry.key))])
    });
    let secret = map([
        ("secretName", Node::from(&grant.name)),
        ("type", because(WHY, "Opaque")),
        ("data", list(data)),
    ]);
    map([
        ("provider", because(WHY, name)),
        ("parameters", parameters),
        ("secretObjects", list([secret])),
    ])
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
fn client_id(plan: &Plan, id: ComponentId) -> Node {
    match identity(plan, id).map(|identity| &identity.grant) {
        Some(Grant::ClientId(id)) => Node::from(id),
        Some(Grant::RoleAnnotation(_) | Grant::NodeAgent(_) | Grant::Nothing) | None => {
            because("the pod has no identity of its own", "")
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
