//! What a cloud grants to one cluster: everything that components need, and nothing that says
//! which cloud it is. Components match on what they were given.

use super::delivery::Delivery;
use super::naming::Names;
use super::parts::{AlloySpec, GrafanaSpec, LokiSpec, MimirSpec};
use super::quantity::StoreKind;
use super::region::AwsRegion;
use super::word::{
    BucketName, Cidr, ClusterLabel, ClusterName, ContainerName, Domain, KubernetesVersion,
    LabelValue, MetricName, Namespace, ObjectName, OrgId, ReleaseId, ResourceGroup, SecretKey,
    StorageAccount, TenantName, Uuid, VaultName, WorkloadName,
};
use super::workload::{Collect, Labels, PerClient, RemoteSecret, Site, Taint, Traefik};
use crate::node::Node;
use crate::origin::{Origin, Sourced};

/// One cluster of a workload, ready to be rendered. Rendering cannot fail.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What the workload is called by besides its name.
    pub labels: Labels,
    /// The folder between the output and the workload's own.
    pub group: Option<Sourced<LabelValue>>,
    /// The workload.
    pub workload: Sourced<WorkloadName>,
    /// Its tenant.
    pub tenant: Sourced<TenantName>,
    /// The domain of its main site.
    pub domain: Sourced<Domain>,
    /// The cluster.
    pub cluster: Cluster,
    /// Names inside the cluster.
    pub names: Names,
    /// What the probes reach.
    pub sites: Vec<Site>,
    /// The other Mimir.
    pub control_room: Option<ControlRoomGrant>,
    /// How requests get in.
    pub ingress: Option<Traefik>,
    /// What is collected.
    pub collect: Collect,
    /// Whether components may report usage to their makers.
    pub telemetry_reporting: Sourced<bool>,
    /// The cloud's own metrics.
    pub cloud_metrics: Option<CloudMetrics>,
    /// The node autoscaler whose logs are kept, if there is one.
    pub autoscaler: Option<SystemPods>,
    /// Where pods fetch credentials on the node, if they do.
    pub credential_agent: Option<Sourced<Cidr>>,
    /// Identities of the cloud's clients.
    pub identities: PerClient<Identity>,
    /// Grafana's identity, where it needs one.
    pub grafana_identity: Option<Identity>,
    /// Where blocks of metrics go.
    pub mimir_store: ObjectStore,
    /// Where chunks of logs go.
    pub loki_store: ObjectStore,
    /// Secrets and how they come to be.
    pub secrets: SecretGrants,
    /// The collector.
    pub alloy: AlloySpec,
    /// The metrics store.
    pub mimir: MimirSpec,
    /// The log store.
    pub loki: LokiSpec,
    /// The user interface.
    pub grafana: GrafanaSpec,
    /// What applies the tree.
    pub delivery: Option<Delivery>,
    /// What the cloud must provide, as the cloud's own terms say it.
    pub cloud_needs: Node,
}

/// A cluster.
#[derive(Debug, Clone)]
pub struct Cluster {
    /// Its release id.
    pub release: Sourced<ReleaseId>,
    /// Its name in the cloud.
    pub name: Sourced<ClusterName>,
    /// Its name in Argo CD, if it is not the workload's destination.
    pub destination: Option<Sourced<ObjectName>>,
    /// The value of the label `cluster` on every metric and log.
    pub label: Sourced<ClusterLabel>,
    /// Its Kubernetes version.
    pub kubernetes: Sourced<KubernetesVersion>,
    /// Taints of its nodes.
    pub taints: Vec<Taint>,
}

/// Where the control room takes metrics, and as whom.
#[derive(Debug, Clone)]
pub struct ControlRoomGrant {
    /// `https://mimir.<domain>/api/v1/push`.
    pub push_url: Sourced<String>,
    /// The tenant.
    pub tenant: Sourced<OrgId>,
    /// The user of the basic authentication.
    pub username: Sourced<WorkloadName>,
    /// The only metrics to send; all of them if absent.
    pub keep_metrics: Option<Vec<Sourced<MetricName>>>,
}

/// A place for objects.
#[derive(Debug, Clone)]
pub enum ObjectStore {
    /// An S3 bucket.
    S3(S3Bucket),
    /// A container of Azure blobs.
    AzureBlob(BlobContainer),
}

/// An S3 bucket.
#[derive(Debug, Clone)]
pub struct S3Bucket {
    /// Its name.
    pub bucket: Sourced<BucketName>,
    /// Its region.
    pub region: Sourced<AwsRegion>,
    /// The host that serves it, without a scheme.
    pub endpoint: Sourced<String>,
}

/// A container of Azure blobs.
#[derive(Debug, Clone)]
pub struct BlobContainer {
    /// Its account.
    pub account: Sourced<StorageAccount>,
    /// Its name.
    pub container: Sourced<ContainerName>,
}

/// Who a pod is to its cloud.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The service account that the cloud trusts.
    pub service_account: Sourced<ObjectName>,
    /// How the cloud's name for it reaches the pod.
    pub grant: Grant,
}

/// How the cloud's name for a pod reaches the pod.
#[derive(Debug, Clone)]
pub enum Grant {
    /// An annotation with a role's ARN.
    RoleAnnotation(Sourced<String>),
    /// An association outside the cluster, through an agent on the node.
    NodeAgent(Origin),
    /// An annotation with a client id, and a label on the pods.
    ClientId(Sourced<Uuid>),
    /// The pod needs nothing from its cloud.
    Nothing,
}

/// The cloud's own metrics.
#[derive(Debug, Clone)]
pub enum CloudMetrics {
    /// Amazon `CloudWatch`.
    CloudWatch(CloudWatch),
    /// Azure Monitor.
    AzureMonitor(AzureMonitor),
}

/// What `CloudWatch` is asked.
#[derive(Debug, Clone)]
pub struct CloudWatch {
    /// The region.
    pub region: Sourced<AwsRegion>,
    /// Name tag of file systems and databases.
    pub workload: Sourced<WorkloadName>,
    /// Name tag of nodes.
    pub cluster: Sourced<ClusterName>,
    /// In front of the organisation's tags.
    pub tag_prefix: Sourced<Domain>,
}

/// What Azure Monitor is asked.
#[derive(Debug, Clone)]
pub struct AzureMonitor {
    /// The subscription.
    pub subscription: Sourced<Uuid>,
    /// Databases, volumes and storage accounts.
    pub workload_group: Sourced<ResourceGroup>,
    /// Load balancers.
    pub node_group: Sourced<ResourceGroup>,
    /// The NAT gateway's group, if there is one to watch.
    pub nat_group: Option<Sourced<ResourceGroup>>,
}

/// Pods of the cluster's own machinery whose logs are kept.
#[derive(Debug, Clone)]
pub struct SystemPods {
    /// Their namespace.
    pub namespace: Sourced<Namespace>,
    /// Their value of the label `app.kubernetes.io/name`.
    pub app: Sourced<ObjectName>,
}

/// The Secrets that the tree reads, and how they come to be.
#[derive(Debug, Clone)]
pub struct SecretGrants {
    /// How.
    pub delivery: SecretDelivery,
    /// The password for the control room, where there is one.
    pub mimir_auth: Option<SecretGrant>,
    /// Grafana's database.
    pub grafana_database: SecretGrant,
    /// Grafana's administrator.
    pub grafana_admin: SecretGrant,
}

impl SecretGrants {
    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &SecretGrant> {
        let SecretGrants { delivery: _, mimir_auth, grafana_database, grafana_admin } = self;
        mimir_auth.iter().chain([grafana_database, grafana_admin])
    }
}

/// How Secrets come to be.
#[derive(Debug, Clone)]
pub enum SecretDelivery {
    /// Somebody else makes them.
    Existing,
    /// The External Secrets Operator, from this store.
    ExternalSecrets {
        /// The scope of the store.
        kind: Sourced<StoreKind>,
        /// The store's name.
        name: Sourced<ObjectName>,
    },
    /// The Secrets Store CSI driver.
    Csi(CsiProvider),
}

/// The vault behind the CSI driver.
#[derive(Debug, Clone)]
pub enum CsiProvider {
    /// AWS Secrets Manager.
    SecretsManager {
        /// Its region.
        region: Sourced<AwsRegion>,
        /// Whether the pod's identity comes from the agent on the node.
        node_agent: Sourced<bool>,
    },
    /// Azure Key Vault.
    KeyVault {
        /// The vault.
        vault: Sourced<VaultName>,
        /// The tenant.
        tenant: Sourced<Uuid>,
    },
}

/// A Kubernetes Secret that the tree reads.
#[derive(Debug, Clone)]
pub struct SecretGrant {
    /// Where it must be.
    pub namespace: Sourced<Namespace>,
    /// Its name.
    pub name: Sourced<ObjectName>,
    /// Its keys, and where the value of each comes from.
    pub entries: Vec<SecretEntry>,
    /// What it is for.
    pub purpose: &'static str,
}

/// One key of a Secret.
#[derive(Debug, Clone)]
pub struct SecretEntry {
    /// The key.
    pub key: Sourced<SecretKey>,
    /// Its place in the store.
    pub remote: RemoteSecret,
}

impl Grant {
    /// Why the pod is who it is, if it is anyone.
    pub fn origin(&self) -> Option<&Origin> {
        match self {
            Grant::RoleAnnotation(arn) => Some(&arn.origin),
            Grant::ClientId(id) => Some(&id.origin),
            Grant::NodeAgent(switch) => Some(switch),
            Grant::Nothing => None,
        }
    }
}

impl CsiProvider {
    /// The origins of what says which vault is read.
    pub fn origins(&self) -> Vec<&Origin> {
        match self {
            CsiProvider::SecretsManager { region, node_agent } => {
                vec![&region.origin, &node_agent.origin]
            }
            CsiProvider::KeyVault { vault, tenant } => vec![&vault.origin, &tenant.origin],
        }
    }
}

impl SecretEntry {
    /// The origins of the key and of its place in the store.
    pub fn origins(&self) -> impl Iterator<Item = &Origin> {
        let property = self.remote.property.iter().map(|property| &property.origin);
        [&self.key.origin, &self.remote.key.origin].into_iter().chain(property)
    }
}
