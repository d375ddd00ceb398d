//! What Azure grants: blob containers, Workload Identity with client ids as inputs, Azure Monitor.

mod needs;

use super::claims::{Claim, STORES};
use super::{CloudGrant, RemoteSecrets, idle, named, remote};
use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::model::{
    Azure, AzureMonitor, BlobContainer, Client, ClientIds, CloudMetrics, ClusterLabel, ClusterSpec,
    ContainerName, CsiProvider, Grant, Identity, ObjectStore, OrgId, PerClient, RemoteKeys,
    ResourceGroup, Secrets, StorageAccount, Uuid, VaultName, Word as _, Workload, cluster_name,
    container, key_vault, node_resource_group, resource_group, storage_account,
};
use crate::origin::Sourced;
use needs::Needs;

/// Everything one cluster gets.
pub fn grant(
    workload: &Workload,
    azure: &Azure,
    cluster: &ClusterSpec,
    diags: &mut Diagnostics,
) -> Option<CloudGrant> {
    refuse_unused(workload, azure, cluster, diags);
    let name = cluster.cloud_name(&workload.name);
    let label =
        named::<ClusterLabel>(cluster.label.as_ref(), || name.clone(), "a cluster label", diags);
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
    let (monitor, remote) = (monitor?, remote?.or_as_written(workload));
    let needs =
        Needs { workload, azure, cluster, group: &group, monitor: &monitor, remote: &remote };
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
        autoscaler: None,
        credential_agent: None,
        control_room_tenant: azure
            .tenant
            .derive("the control room's tenant is the Entra tenant", |id| {
                OrgId::parse(id.as_str()).expect("bug: a UUID is a tenant")
            }),
        csi: CsiProvider::KeyVault { vault, tenant: azure.tenant.clone() },
        realm: format!("the subscription `{}`", azure.subscription.value),
        remote,
        needs,
    })
}

/// What has no effect here, and what the vault cannot do.
fn refuse_unused(
    workload: &Workload,
    azure: &Azure,
    cluster: &ClusterSpec,
    diags: &mut Diagnostics,
) {
    let own = cluster.identities.as_ref().map(|own| &own.value);
    let ids = || own.into_iter().chain([&azure.identities]);
    let reads_secrets = matches!(workload.secrets, Secrets::SecretsStoreCsi(_));
    if !reads_secrets {
        let unused = ids().filter_map(|ids| ids.grafana.as_ref()).map(|id| &id.origin);
        for origin in unused.chain(azure.key_vault.iter().map(|vault| &vault.origin)) {
            let help = "remove it, or choose `secrets.secretsStoreCsi`";
            idle::refuse(origin, "it is for the CSI driver", help, diags);
        }
    }
    if !alloy_needs_azure(workload) {
        for id in ids().filter_map(|ids| ids.alloy.as_ref()) {
            let help = "remove it, or set `collect.cloudMetrics`";
            idle::refuse(&id.origin, "the collector asks nothing of Azure", help, diags);
        }
    }
    if let Some(group) = azure.network_resource_group.as_ref().filter(|_| !azure.nat_gateway.value)
    {
        let help = "remove it, or set `natGateway: true`";
        idle::refuse(&group.origin, "it is the NAT gateway's group", help, diags);
    }
    let region = azure.region.value.as_str();
    if ["usgov", "usdod", "china"].iter().any(|cloud| region.starts_with(cloud)) {
        let message = format!("`{region}` is a region of a cloud with other addresses");
        let error = Diagnostic::derived_error(Code::Conflict, &azure.region.origin, message);
        diags.push(error.help("only Azure's public cloud is supported"));
    }
    if let Secrets::SecretsStoreCsi(csi) = &workload.secrets {
        refuse_properties(&csi.keys, diags);
    }
}

/// A secret of a key vault is one text, with a plain name. Source: the naming rules of Key Vault.
fn refuse_properties(keys: &RemoteKeys, diags: &mut Diagnostics) {
    let RemoteKeys { mimir_auth, grafana_database, grafana_admin_user, grafana_admin_password } =
        keys;
    let all = [mimir_auth, grafana_database, grafana_admin_user, grafana_admin_password];
    for secret in all.into_iter().flatten() {
        if let Some(property) = &secret.property {
            let why = "the CSI driver reads whole secrets of a key vault";
            idle::refuse(&property.origin, why, "keep each value in a secret of its own", diags);
        }
        let name = secret.key.value.to_string();
        if name.len() > 127 || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
            let message = format!("`{name}` is not the name of a key vault's secret");
            let error = Diagnostic::derived_error(Code::Name, &secret.key.origin, message);
            diags.push(error.help("at most 127 letters, digits and dashes"));
        }
    }
}

fn alloy_needs_azure(workload: &Workload) -> bool {
    let reads_secret = matches!(workload.secrets, Secrets::SecretsStoreCsi(_));
    workload.collect.cloud_metrics.value || (reads_secret && workload.control_room.is_some())
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
fn vault(
    workload: &Workload,
    azure: &Azure,
    diags: &mut Diagnostics,
) -> Option<Sourced<VaultName>> {
    let derived = || {
        workload.name.derive_with(
            &workload.names.prefix,
            "key vaults are called `kv-<prefix>-<workload>`",
            |name, prefix| key_vault(prefix, name),
        )
    };
    match &workload.secrets {
        Secrets::SecretsStoreCsi(_) => {
            named(azure.key_vault.as_ref(), derived, "a key vault", diags)
        }
        Secrets::Existing | Secrets::ExternalSecrets(_) => {
            Some(azure.key_vault.clone().unwrap_or(Sourced::default(
                VaultName::constant("unused"),
                "no vault is read from inside the cluster",
            )))
        }
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

fn claim(
    name: &Sourced<String>,
    cluster: &ClusterSpec,
    store: &BlobContainer,
    client: Client,
) -> Claim {
    Claim {
        what: format!("the container `{}` of `{}`", store.container.value, store.account.value),
        by: format!("{} of `{}`", client.as_str(), name.value),
        at: cluster.release.origin.clone(),
        danger: STORES,
    }
}

/// Source: the AKS documentation on the name of the node resource group.
const AKS_GROUP: usize = 80;

fn monitor(
    azure: &Azure,
    cluster: &ClusterSpec,
    group: &Sourced<ResourceGroup>,
    name: &Sourced<String>,
    diags: &mut Diagnostics,
) -> Option<AzureMonitor> {
    let derived = || {
        let region = &azure.region.value;
        group
            .derive_with(name, "AKS names the group of its nodes so", |group, cluster| {
                node_resource_group(group.as_str(), cluster, region.as_str())
            })
            .also_from(&azure.region.origin)
    };
    let node_group =
        named(cluster.node_resource_group.as_ref(), derived, "a resource group", diags)?;
    if node_group.value.as_str().len() > AKS_GROUP {
        let message =
            format!("`{}` is longer than AKS lets a node group's name be", node_group.value);
        let error = Diagnostic::derived_error(Code::Name, &node_group.origin, message);
        diags
            .push(error.help("write `nodeResourceGroup` under the cluster, at most 80 characters"));
    }
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
    let ids =
        Ids { own: cluster.identities.as_ref().map(|own| &own.value), all: &azure.identities };
    let mimir = ids.find("mimir", |ids| &ids.mimir, cluster, diags);
    let loki = ids.find("loki", |ids| &ids.loki, cluster, diags);
    let alloy = if alloy_needs_azure(workload) {
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
            let error =
                Diagnostic::derived_error(Code::MissingKey, &cluster.release.origin, message);
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
) -> Option<RemoteSecrets> {
    let of_workload =
        workload.name.derive("a vault's secrets start with the workload's name", |name| {
            format!("{name}-mimir-auth")
        });
    let of_cluster = |what: &'static str| {
        workload.name.derive_with(
            &cluster.release,
            "each cluster's Grafana has a database of its own",
            |name, release| format!("{}-grafana-{what}", cluster_name(name, release)),
        )
    };
    Some(RemoteSecrets {
        mimir_auth: remote(&of_workload, None, diags)?,
        grafana_database: remote(&of_cluster("database-url"), None, diags)?,
        grafana_admin_user: remote(&of_cluster("admin-user"), None, diags)?,
        grafana_admin_password: remote(&of_cluster("admin-password"), None, diags)?,
    })
}
