//! Derived names. Each rule stands once, here; the rules are those of the reference system, so
//! that a workload can move without renaming anything that holds data.

use super::quantity::StorageOwner;
use super::word::{Domain, NamePrefix, Namespace, ObjectName, ReleaseId, Word, WorkloadName};
use super::workload::PerClient;
use crate::origin::Sourced;

/// What names are made of, and the names inside the cluster.
#[derive(Debug, Clone)]
pub struct Names {
    /// In front of cloud names: `ptd-…`.
    pub prefix: Sourced<NamePrefix>,
    /// Behind identities: `….posit.team`; also the prefix of the organisation's labels and tags.
    pub suffix: Sourced<Domain>,
    /// The service accounts that cloud identities trust.
    pub service_accounts: PerClient<Sourced<ObjectName>>,
    /// Grafana's service account.
    pub grafana_service_account: Sourced<ObjectName>,
    /// The components' namespaces.
    pub namespaces: PerClient<Sourced<Namespace>>,
    /// Grafana's namespace.
    pub grafana_namespace: Sourced<Namespace>,
}

/// A component that talks to a cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Client {
    /// The collector.
    Alloy,
    /// The metrics store.
    Mimir,
    /// The log store.
    Loki,
}

impl Client {
    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Client::Alloy => "alloy",
            Client::Mimir => "mimir",
            Client::Loki => "loki",
        }
    }
}

impl<T> PerClient<T> {
    /// The value for one of them.
    pub fn get(&self, client: Client) -> &T {
        match client {
            Client::Alloy => &self.alloy,
            Client::Mimir => &self.mimir,
            Client::Loki => &self.loki,
        }
    }

    /// A value made for each.
    pub fn make(mut make: impl FnMut(Client) -> T) -> Self {
        PerClient {
            alloy: make(Client::Alloy),
            mimir: make(Client::Mimir),
            loki: make(Client::Loki),
        }
    }
}

/// `<workload>-<release>`: the name of the cluster in its cloud.
pub fn cluster_name(workload: &WorkloadName, release: &ReleaseId) -> String {
    format!("{workload}-{release}")
}

/// The value of the label `cluster` on EKS. The form is a legacy that dashboards and alerts know.
pub fn legacy_cluster_label(workload: &WorkloadName, release: &ReleaseId) -> String {
    format!("default_{}-control-plane", cluster_name(workload, release))
}

/// The workload's part of a store's name: a cluster with names of its own adds its release.
pub fn storage_scope(workload: &WorkloadName, release: &ReleaseId, owner: StorageOwner) -> String {
    match owner {
        StorageOwner::Workload => workload.to_string(),
        StorageOwner::Cluster => cluster_name(workload, release),
    }
}

/// An S3 bucket: `ptd-<workload>-loki`.
pub fn bucket(prefix: &NamePrefix, scope: &str, store: Client) -> String {
    format!("{prefix}-{scope}-{}", store.as_str())
}

/// A blob container: `loki`, `mimir-blocks`, with the release id where a cluster has its own.
pub fn container(store: Client, release: &ReleaseId, owner: StorageOwner) -> String {
    let name = match store {
        Client::Mimir => "mimir-blocks",
        Client::Loki | Client::Alloy => store.as_str(),
    };
    match owner {
        StorageOwner::Workload => name.to_owned(),
        StorageOwner::Cluster => format!("{name}-{release}"),
    }
}

/// An IAM role: `loki.<workload>.posit.team`.
pub fn role(client: &str, scope: &str, suffix: &Domain) -> String {
    format!("{client}.{scope}.{suffix}")
}

/// A service account: `loki.posit.team`.
pub fn service_account(client: &str, suffix: &Domain) -> String {
    format!("{client}.{suffix}")
}

/// The workload's resource group: `rsg-ptd-<workload>`.
pub fn resource_group(prefix: &NamePrefix, workload: &WorkloadName) -> String {
    format!("rsg-{prefix}-{workload}")
}

/// The resource group of a cluster's nodes, named by AKS: `MC_<group>_<cluster>_<region>`.
pub fn node_resource_group(group: &str, cluster: &str, region: &str) -> String {
    format!("MC_{group}_{cluster}_{region}")
}

/// The storage account: `stptd<workload>` without dashes. Longer names are not cut, because two
/// workloads could then share one account: the caller refuses them.
pub fn storage_account(prefix: &NamePrefix, workload: &WorkloadName) -> String {
    format!("st{prefix}{}", workload.as_str().replace('-', ""))
}

/// The key vault: `kv-ptd-<workload>`; longer names are refused, as above.
pub fn key_vault(prefix: &NamePrefix, workload: &WorkloadName) -> String {
    format!("kv-{prefix}-{workload}")
}
