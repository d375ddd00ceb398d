//! What Azure must provide: containers, and identities with the least that each needs.

use super::RemoteSecrets;
use crate::cloud::federation::{issuer, subject};
use crate::model::{
    Azure, AzureMonitor, BlobContainer, ClusterSpec, Grant, Identity, Namespace, ObjectName,
    PerClient, RemoteSecret, ResourceGroup, Secrets, VaultName, Workload,
};
use crate::node::{Node, because, derived, list, map};
use crate::origin::{Origin, Sourced};

/// Ids of Azure's built-in roles. Source: the Azure RBAC documentation.
const BLOB_CONTRIBUTOR: (&str, &str) =
    ("Storage Blob Data Contributor", "ba92f5b4-2d11-453d-a403-e96b0029c9fe");
const MONITORING_READER: (&str, &str) =
    ("Monitoring Reader", "43d0d8ad-25c7-4714-9337-8ba259a9fe05");
const VAULT_READER: (&str, &str) =
    ("Key Vault Secrets User", "4633458b-17de-408a-b874-0445c86b69e6");

/// The part of `prerequisites.yaml` that speaks Azure.
pub struct Needs<'a> {
    pub workload: &'a Workload,
    pub azure: &'a Azure,
    pub cluster: &'a ClusterSpec,
    pub group: &'a Sourced<ResourceGroup>,
    pub monitor: &'a AzureMonitor,
    pub remote: &'a RemoteSecrets,
}

impl Needs<'_> {
    /// The document's part.
    pub fn node(
        &self,
        clients: &PerClient<Identity>,
        grafana: Option<&Identity>,
        mimir: &BlobContainer,
        loki: &BlobContainer,
        vault: &Sourced<VaultName>,
    ) -> Node {
        let names = &self.workload.names;
        let reads_secrets = matches!(self.workload.secrets, Secrets::SecretsStoreCsi(_));
        let reads = |secrets: &[&RemoteSecret]| -> Vec<Node> {
            let scopes = secrets.iter().map(|secret| self.secret_scope(vault, secret));
            scopes.map(|scope| assignment(VAULT_READER, scope)).collect()
        };
        let mut alloy_roles = Vec::new();
        if self.workload.collect.cloud_metrics.value {
            let switch = &self.workload.collect.cloud_metrics.origin;
            let roles = self.monitored().map(|group| self.reader(group));
            alloy_roles.extend(roles.map(|role| role.because_of(&[switch])));
        }
        if reads_secrets && self.workload.control_room.is_some() {
            alloy_roles.extend(reads(&[&self.remote.mimir_auth]));
        }
        let blob_role = |store| vec![assignment(BLOB_CONTRIBUTOR, self.blob_scope(store))];
        let identity = |identity, space, roles| self.identity(identity, space, roles);
        let mut identities = vec![
            identity(&clients.mimir, &names.namespaces.mimir, blob_role(mimir)),
            identity(&clients.loki, &names.namespaces.loki, blob_role(loki)),
        ];
        if !alloy_roles.is_empty() {
            identities.push(identity(&clients.alloy, &names.namespaces.alloy, alloy_roles));
        }
        if let Some(grafana) = grafana {
            let roles = reads(&self.remote.of_grafana());
            identities.push(identity(grafana, &names.grafana_namespace, roles));
        }
        let containers = [mimir, loki].map(|store| {
            map([("account", Node::from(&store.account)), ("name", Node::from(&store.container))])
        });
        map([("blobContainers", list(containers)), ("managedIdentities", list(identities))])
    }

    /// Every group that an exporter asks about: the role must reach all of them.
    fn monitored(&self) -> impl Iterator<Item = &Sourced<ResourceGroup>> {
        let AzureMonitor { subscription: _, workload_group, node_group, nat_group } = self.monitor;
        let other = nat_group.iter().filter(|group| group.value != workload_group.value);
        [workload_group, node_group].into_iter().chain(other)
    }

    fn reader(&self, group: &Sourced<ResourceGroup>) -> Node {
        let scope = self.in_subscription(group, "", &[]);
        assignment(MONITORING_READER, scope)
    }

    fn identity(&self, identity: &Identity, space: &Sourced<Namespace>, roles: Vec<Node>) -> Node {
        let client_id = match &identity.grant {
            Grant::ClientId(id) => Node::from(id),
            Grant::RoleAnnotation(_) | Grant::NodeAgent(_) | Grant::Nothing => {
                because("no identity is needed", "none")
            }
        };
        map([
            ("clientId", client_id),
            ("roleAssignments", list(roles)),
            ("federatedCredential", self.federated(space, &identity.service_account)),
        ])
    }

    fn federated(&self, space: &Sourced<Namespace>, account: &Sourced<ObjectName>) -> Node {
        const WHY: &str = "the form of trust that Workload Identity asks for";
        map([
            ("issuer", issuer(self.cluster, &self.workload.name)),
            ("subject", Node::from(&subject(space, account))),
            ("audience", because(WHY, "api://AzureADTokenExchange")),
        ])
    }

    fn in_subscription(
        &self,
        group: &Sourced<ResourceGroup>,
        inside: &str,
        parts: &[&Origin],
    ) -> Node {
        let subscription = &self.azure.subscription;
        let text =
            format!("/subscriptions/{}/resourceGroups/{}{inside}", subscription.value, group.value);
        let from = [&subscription.origin, &group.origin];
        derived(
            "the smallest scope that holds what is read",
            from.into_iter().chain(parts.iter().copied()),
            text,
        )
    }

    fn blob_scope(&self, store: &BlobContainer) -> Node {
        let inside = format!(
            "/providers/Microsoft.Storage/storageAccounts/{}/blobServices/default/containers/{}",
            store.account.value, store.container.value
        );
        self.in_subscription(self.group, &inside, &[&store.account.origin, &store.container.origin])
    }

    fn secret_scope(&self, vault: &Sourced<VaultName>, secret: &RemoteSecret) -> Node {
        let inside = format!(
            "/providers/Microsoft.KeyVault/vaults/{}/secrets/{}",
            vault.value, secret.key.value
        );
        self.in_subscription(self.group, &inside, &[&vault.origin, &secret.key.origin])
    }
}

fn assignment((name, id): (&'static str, &'static str), scope: Node) -> Node {
    const WHY: &str = "the built-in role that covers exactly this";
    map([("role", because(WHY, name)), ("roleId", because(WHY, id)), ("scope", scope)])
}
