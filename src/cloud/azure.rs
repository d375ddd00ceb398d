//! What Azure grants: blob containers, Workload Identity with client ids as inputs, Azure Monitor.

use super::{Claim, CloudGrant, RemoteDefaults, named, remote};
use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::model::{
    Azure, AzureMonitor, BlobContainer, Client, ClientIds, CloudMetrics, ClusterLabel, ClusterSpec,
    ContainerName, CsiProvider, Grant, Identity, Namespace, ObjectName, ObjectStore, OrgId,
    PerClient, ResourceGroup, Secrets, StorageAccount, Uuid, VaultName, Word as _, Workload,
    cluster_name, container, key_vault, node_resource_group, resource_group, storage_account,
};
use crate::node::{Node, because, derived, list, map};
use crate::origin::Sourced;

/// Everything one cluster gets.
pub fn grant(
    workload: &Workload,
    azure: &Azure,
    cluster: &ClusterSpec,
    diags: &mut Diagnostics,
) -> Option<CloudGrant> {
    let name = workload.name.derive_with(
        &cluster.release,
        "the label is the cluster's name",
        |workload, release| cluster_name(workload, release),
    );
    let label = named::<ClusterLabel>(cluster.label.as_ref(), || name.clone(), "a cluster label", diags);
    let group = workload_group(workload, azure, diags);
    let account = account(workload, azure, diags);
    let vault = vault(workload, azure, diags);
    let identities = identities(workload, azure, cluster, diags);
    let remote = remote_defaults(workload, cluster, diags);
    let (label, group, account, vault) = (label?, group?, account?, vault?);
    let monitor = monitor(azure, cluster, &group, &name, diags);
    let mimir = blob(azure, cluster, &account, Client::Mimir, diags)?;
    let loki = blob(azure, cluster, &account, Client::Loki, diags)?;
    let (clients, grafana_identity) = identities?;
    let monitor = monitor?;
    let needs = Needs { workload, azure, cluster, group: &group, monitor: &monitor };
    let needs = needs.node(&clients, grafana_identity.as_ref(), &mimir, &loki, &vault);
    Some(CloudGrant {
        label,
        identities: clients,
        grafana_identity,
        claims: [(&mimir, Client::Mimir), (&loki, Client::Loki)]
            .map(|(store, client)| claim(&name, cluster, store, client))
            .to_vec(),
        mimir_store: ObjectStore::AzureBlob(mimir),
        loki_store: ObjectStore::AzureBlob(loki),
        cloud_metrics: CloudMetrics::AzureMonitor(monitor),
        system_pods: Vec::new(),
        credential_agent: None,
        control_room_tenant: azure.tenant.derive("the control room's tenant is the Entra tenant", |id| {
            OrgId::parse(id.as_str()).unwrap_or(OrgId::constant("anonymous"))
        }),
        csi: CsiProvider::KeyVault { vault, tenant: azure.tenant.clone() },
        remote: remote?,
        needs,
    })
}

fn workload_group(
    workload: &Workload,
    azure: &Azure,
    diags: &mut Diagnostics,
) -> Option<Sourced<ResourceGroup>> {
    let derived = || {
        workload.name.derive_with(
            &workload.names.prefix,
            "resource groups are called `rsg-<prefix>-<workload>`",
            |name, prefix| resource_group(prefix, name),
        )
    };
    named(azure.resource_group.as_ref(), derived, "a resource group", diags)
}

fn account(
    workload: &Workload,
    azure: &Azure,
    diags: &mut Diagnostics,
) -> Option<Sourced<StorageAccount>> {
    let derived = || {
        workload.name.derive_with(
            &workload.names.prefix,
            "storage accounts are called `st<prefix><workload>`, without dashes",
            |name, prefix| storage_account(prefix, name),
        )
    };
    named(azure.storage_account.as_ref(), derived, "a storage account", diags)
}

/// The vault matters only to the CSI driver; a name that is too long matters only then, too.
fn vault(workload: &Workload, azure: &Azure, diags: &mut Diagnostics) -> Option<Sourced<VaultName>> {
    let derived = || {
        workload.name.derive_with(
            &workload.names.prefix,
            "key vaults are called `kv-<prefix>-<workload>`",
            |name, prefix| key_vault(prefix, name),
        )
    };
    match &workload.secrets {
        Secrets::SecretsStoreCsi(_) => named(azure.key_vault.as_ref(), derived, "a key vault", diags),
        Secrets::Existing | Secrets::ExternalSecrets(_) => Some(azure.key_vault.clone().unwrap_or(
            Sourced::default(VaultName::constant("unused"), "no vault is read from inside the cluster"),
        )),
    }
}

fn blob(
    azure: &Azure,
    cluster: &ClusterSpec,
    account: &Sourced<StorageAccount>,
    client: Client,
    diags: &mut Diagnostics,
) -> Option<BlobContainer> {
    let written = match client {
        Client::Mimir => azure.containers.mimir.as_ref(),
        Client::Loki | Client::Alloy => azure.containers.loki.as_ref(),
    };
    let derived = || {
        cluster.storage.derive_with(
            &cluster.release,
            "containers are named after the store, and their cluster if it has its own",
            |owner, release| container(client, release, *owner),
        )
    };
    let container = named::<ContainerName>(written, derived, "a blob container", diags)?;
    Some(BlobContainer { account: account.clone(), container })
}

fn claim(name: &Sourced<String>, cluster: &ClusterSpec, store: &BlobContainer, client: Client) -> Claim {
    Claim {
        what: format!("the container `{}` of `{}`", store.container.value, store.account.value),
        by: format!("{} of `{}`", client.as_str(), name.value),
        origin: store.container.origin.clone(),
        cluster: cluster.release.origin.clone(),
    }
}

fn monitor(
    azure: &Azure,
    cluster: &ClusterSpec,
    group: &Sourced<ResourceGroup>,
    name: &Sourced<String>,
    diags: &mut Diagnostics,
) -> Option<AzureMonitor> {
    let derived = || {
        let region = &azure.region.value;
        group.derive_with(name, "AKS names the group of its nodes so", |group, cluster| {
            node_resource_group(group.as_str(), cluster, region.as_str())
        })
    };
    let node_group = named(cluster.node_resource_group.as_ref(), derived, "a resource group", diags)?;
    let nat_group = azure.network_resource_group.clone().unwrap_or_else(|| group.clone());
    Some(AzureMonitor {
        subscription: azure.subscription.clone(),
        workload_group: group.clone(),
        node_group,
        nat_group: azure.nat_gateway.value.then_some(nat_group),
    })
}

fn identities(
    workload: &Workload,
    azure: &Azure,
    cluster: &ClusterSpec,
    diags: &mut Diagnostics,
) -> Option<(PerClient<Identity>, Option<Identity>)> {
    let names = &workload.names;
    let reads_secrets = matches!(workload.secrets, Secrets::SecretsStoreCsi(_));
    let ids = Ids { own: cluster.identities.as_ref().map(|own| &own.value), all: &azure.identities };
    let mimir = ids.find("mimir", |ids| &ids.mimir, cluster, diags);
    let loki = ids.find("loki", |ids| &ids.loki, cluster, diags);
    let alloy_reads = workload.collect.cloud_metrics.value
        || (reads_secrets && workload.control_room.is_some());
    let alloy = if alloy_reads {
        Grant::ClientId(ids.find("alloy", |ids| &ids.alloy, cluster, diags)?)
    } else {
        Grant::Nothing
    };
    let grafana = if reads_secrets {
        let grant = Grant::ClientId(ids.find("grafana", |ids| &ids.grafana, cluster, diags)?);
        Some(Identity { service_account: names.grafana_service_account.clone(), grant })
    } else {
        None
    };
    let identity = |client: Client, grant| Identity {
        service_account: names.service_accounts.get(client).clone(),
        grant,
    };
    let clients = PerClient {
        alloy: identity(Client::Alloy, alloy),
        mimir: identity(Client::Mimir, Grant::ClientId(mimir?)),
        loki: identity(Client::Loki, Grant::ClientId(loki?)),
    };
    Some((clients, grafana))
}

/// Client ids of a cluster: its own, or the workload's.
struct Ids<'a> {
    own: Option<&'a ClientIds>,
    all: &'a ClientIds,
}

impl Ids<'_> {
    fn find(
        &self,
        key: &str,
        pick: fn(&ClientIds) -> &Option<Sourced<Uuid>>,
        cluster: &ClusterSpec,
        diags: &mut Diagnostics,
    ) -> Option<Sourced<Uuid>> {
        let found = self.own.and_then(|own| pick(own).clone()).or_else(|| pick(self.all).clone());
        if found.is_none() {
            let release = &cluster.release.value;
            let message = format!("the cluster `{release}` has no client id for `{key}`");
            let error = Diagnostic::derived_error(Code::MissingKey, &cluster.release.origin, message);
            diags.push(error.help(format!(
                "Azure makes client ids up: write it under `cloud.azure.identities.{key}`, or under \
                 the cluster's `identities`"
            )));
        }
        found
    }
}

fn remote_defaults(
    workload: &Workload,
    cluster: &ClusterSpec,
    diags: &mut Diagnostics,
) -> Option<RemoteDefaults> {
    let of_workload = workload.name.derive(
        "a vault's secrets start with the workload's name",
        |name| format!("{name}-mimir-auth"),
    );
    let of_cluster = |what: &'static str| {
        workload.name.derive_with(
            &cluster.release,
            "each cluster's Grafana has a database of its own",
            |name, release| format!("{}-grafana-{what}", cluster_name(name, release)),
        )
    };
    Some(RemoteDefaults {
        mimir_auth: remote(&of_workload, None, diags)?,
        grafana_database: remote(&of_cluster("database-url"), None, diags)?,
        grafana_admin_user: remote(&of_cluster("admin-user"), None, diags)?,
        grafana_admin_password: remote(&of_cluster("admin-password"), None, diags)?,
    })
}

/// Ids of Azure's built-in roles. Source: the Azure RBAC documentation.
const BLOB_CONTRIBUTOR: (&str, &str) =
    ("Storage Blob Data Contributor", "ba92f5b4-2d11-453d-a403-e96b0029c9fe");
const MONITORING_READER: (&str, &str) = ("Monitoring Reader", "43d0d8ad-25c7-4714-9337-8ba259a9fe05");
const VAULT_READER: (&str, &str) = ("Key Vault Secrets User", "4633458b-17de-408a-b874-0445c86b69e6");

/// The part of `prerequisites.yaml` that speaks Azure.
struct Needs<'a> {
    workload: &'a Workload,
    azure: &'a Azure,
    cluster: &'a ClusterSpec,
    group: &'a Sourced<ResourceGroup>,
    monitor: &'a AzureMonitor,
}

impl Needs<'_> {
    fn node(
        &self,
        clients: &PerClient<Identity>,
        grafana: Option<&Identity>,
        mimir: &BlobContainer,
        loki: &BlobContainer,
        vault: &Sourced<VaultName>,
    ) -> Node {
        let names = &self.workload.names;
        let reads_secrets = matches!(self.workload.secrets, Secrets::SecretsStoreCsi(_));
        let vault_role = |wanted: bool| {
            wanted.then(|| assignment(VAULT_READER, self.vault_scope(vault))).into_iter()
        };
        let mut alloy_roles = Vec::new();
        if self.workload.collect.cloud_metrics.value {
            alloy_roles.extend(self.monitored().map(|group| self.reader(group)));
        }
        alloy_roles.extend(vault_role(reads_secrets && self.workload.control_room.is_some()));
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
            let roles = vault_role(reads_secrets).collect();
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
        let scope = self.in_subscription(group, "");
        assignment(MONITORING_READER, scope)
    }

    fn identity(&self, identity: &Identity, space: &Sourced<Namespace>, roles: Vec<Node>) -> Node {
        let client_id = match &identity.grant {
            Grant::ClientId(id) => Node::from(id),
            Grant::RoleAnnotation(_) | Grant::NodeAgent | Grant::Nothing => {
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
        let subject = space.derive_with(account, "the service account that pods run as", |ns, sa| {
            format!("system:serviceaccount:{ns}:{sa}")
        });
        let issuer = match &self.cluster.oidc_issuer {
            Some(issuer) => Node::from(issuer),
            None => because(WHY, "the cluster's OIDC issuer"),
        };
        map([
            ("issuer", issuer),
            ("subject", Node::from(&subject)),
            ("audience", because(WHY, "api://AzureADTokenExchange")),
        ])
    }

    fn in_subscription(&self, group: &Sourced<ResourceGroup>, inside: &str) -> Node {
        let subscription = &self.azure.subscription;
        let text = format!("/subscriptions/{}/resourceGroups/{}{inside}", subscription.value, group.value);
        derived("the smallest scope that holds what is read", [&subscription.origin, &group.origin], text)
    }

    fn blob_scope(&self, store: &BlobContainer) -> Node {
        let inside = format!(
            "/providers/Microsoft.Storage/storageAccounts/{}/blobServices/default/containers/{}",
            store.account.value, store.container.value
        );
        self.in_subscription(self.group, &inside)
    }

    fn vault_scope(&self, vault: &Sourced<VaultName>) -> Node {
        let inside = format!("/providers/Microsoft.KeyVault/vaults/{}", vault.value);
        self.in_subscription(self.group, &inside)
    }
}

fn assignment((name, id): (&'static str, &'static str), scope: Node) -> Node {
    const WHY: &str = "the built-in role that covers exactly this";
    map([("role", because(WHY, name)), ("roleId", because(WHY, id)), ("scope", scope)])
}
