//! What is asked for: the spec, every value of it a domain type with its origin.

use super::delivery::Delivery;
use super::naming::{Names, cluster_name};
use super::parts::{AlloySpec, GrafanaSpec, LokiSpec, MimirSpec};
use super::quantity::{
    AwsIdentity, KubeletTls, Partition, SiteReplicas, StorageOwner, StoreKind, TaintEffect, TlsEnd,
};
use super::region::AwsRegion;
use super::word::{
    AccountId, AzureRegion, BucketName, Cidr, ClusterLabel, ClusterName, ContainerName, DnsLabel,
    Domain, HostPort, IssuerUrl, KubernetesVersion, LabelKey, LabelValue, MetricName, Namespace,
    ObjectName, ObjectRef, OrgId, OverlayRef, Registry, ReleaseId, RemoteKey, ResourceGroup,
    RoleName, SecretKey, SiteName, StorageAccount, TenantName, Uuid, VaultName, WorkloadName,
};
use crate::origin::{Origin, Sourced};

/// A value for each of the three components that talk to a cloud.
#[derive(Debug, Clone)]
pub struct PerClient<T> {
    /// For the collector.
    pub alloy: T,
    /// For the metrics store.
    pub mimir: T,
    /// For the log store.
    pub loki: T,
}

/// Labels, by key.
pub type Labels = Vec<(LabelKey, Sourced<LabelValue>)>;

/// One workload, as asked for.
#[derive(Debug, Clone)]
pub struct Workload {
    /// Its name.
    pub name: Sourced<WorkloadName>,
    /// Its tenant, as people read it.
    pub tenant: Sourced<TenantName>,
    /// Where it runs.
    pub cloud: Cloud,
    /// How derived names are made.
    pub names: Names,
    /// Its clusters, by release id.
    pub clusters: Vec<ClusterSpec>,
    /// What the probes reach; `main` is always among them.
    pub sites: Vec<Site>,
    /// The domain of the site `main`.
    pub domain: Sourced<Domain>,
    /// Where metrics go besides the local store.
    pub control_room: Option<ControlRoom>,
    /// Where secrets come from.
    pub secrets: Secrets,
    /// How requests get in.
    pub ingress: Option<Traefik>,
    /// What is collected.
    pub collect: Collect,
    /// Whether components may report usage to their makers.
    pub telemetry_reporting: Sourced<bool>,
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
    /// What changes the tree, in order.
    pub overlays: Vec<Sourced<OverlayRef>>,
    /// What it is called by besides its name.
    pub labels: Labels,
    /// The folder between the output and its own, where its fleet groups workloads.
    pub group: Option<Sourced<LabelValue>>,
    /// Where overlays take images from that are mirrored.
    pub image_registry: Option<Sourced<Registry>>,
}

/// A cloud account.
#[derive(Debug, Clone)]
pub enum Cloud {
    /// Amazon, on EKS.
    Aws(Aws),
    /// Microsoft, on AKS.
    Azure(Azure),
}

/// An AWS account.
#[derive(Debug, Clone)]
pub struct Aws {
    /// The account.
    pub account: Sourced<AccountId>,
    /// The region.
    pub region: Sourced<AwsRegion>,
    /// The region's partition.
    pub partition: Sourced<Partition>,
    /// How pods get their role.
    pub identity: Sourced<AwsIdentity>,
    /// A policy that bounds every role.
    pub permissions_boundary: Option<Sourced<RoleName>>,
    /// Overrides of the buckets.
    pub buckets: Stores<BucketName>,
    /// Overrides of the roles.
    pub roles: PerClient<Option<Sourced<RoleName>>>,
    /// The role with which Grafana reads its secrets through the CSI driver.
    pub grafana_role: Option<Sourced<RoleName>>,
}

/// An Azure subscription.
#[derive(Debug, Clone)]
pub struct Azure {
    /// The tenant.
    pub tenant: Sourced<Uuid>,
    /// The subscription.
    pub subscription: Sourced<Uuid>,
    /// The region.
    pub region: Sourced<AzureRegion>,
    /// Override of the workload's resource group.
    pub resource_group: Option<Sourced<ResourceGroup>>,
    /// The network's resource group, if it is another.
    pub network_resource_group: Option<Sourced<ResourceGroup>>,
    /// Override of the storage account.
    pub storage_account: Option<Sourced<StorageAccount>>,
    /// Overrides of the containers.
    pub containers: Stores<ContainerName>,
    /// Override of the key vault.
    pub key_vault: Option<Sourced<VaultName>>,
    /// Whether egress goes through a NAT gateway that is worth watching.
    pub nat_gateway: Sourced<bool>,
    /// The managed identities of all clusters.
    pub identities: ClientIds,
}

/// A value for each store.
#[derive(Debug, Clone)]
pub struct Stores<T> {
    /// For the metrics store.
    pub mimir: Option<Sourced<T>>,
    /// For the log store.
    pub loki: Option<Sourced<T>>,
}

/// Client ids of managed identities. They cannot be derived offline.
#[derive(Debug, Clone, Default)]
pub struct ClientIds {
    /// The collector's.
    pub alloy: Option<Sourced<Uuid>>,
    /// The metrics store's.
    pub mimir: Option<Sourced<Uuid>>,
    /// The log store's.
    pub loki: Option<Sourced<Uuid>>,
    /// Grafana's; needed where it reads secrets through the CSI driver.
    pub grafana: Option<Sourced<Uuid>>,
}

/// One cluster of the workload.
#[derive(Debug, Clone)]
pub struct ClusterSpec {
    /// Its release id.
    pub release: Sourced<ReleaseId>,
    /// Override of its name in its cloud.
    pub name: Option<Sourced<ClusterName>>,
    /// Its name in Argo CD, if it is not the workload's destination.
    pub destination: Option<Sourced<ObjectName>>,
    /// Its Kubernetes version.
    pub kubernetes: Sourced<KubernetesVersion>,
    /// Taints of any of its nodes.
    pub taints: Vec<Taint>,
    /// Override of the label `cluster`.
    pub label: Option<Sourced<ClusterLabel>>,
    /// Whose store names it uses.
    pub storage: Sourced<StorageOwner>,
    /// The managed identities of this cluster alone.
    pub identities: Option<Sourced<ClientIds>>,
    /// Override of the resource group of its nodes.
    pub node_resource_group: Option<Sourced<ResourceGroup>>,
    /// The issuer of its service accounts' tokens.
    pub oidc_issuer: Option<Sourced<IssuerUrl>>,
}

impl ClusterSpec {
    /// Its name in its cloud: as written, or `<workload>-<release>`.
    pub fn cloud_name(&self, workload: &Sourced<WorkloadName>) -> Sourced<String> {
        const RULE: &str = "a cluster is called `<workload>-<release>`";
        match &self.name {
            Some(name) => name.map(ToString::to_string),
            None => workload.derive_with(&self.release, RULE, cluster_name),
        }
    }
}

/// A taint of a node.
#[derive(Debug, Clone)]
pub struct Taint {
    /// Its key.
    pub key: Sourced<LabelKey>,
    /// Its value.
    pub value: Option<Sourced<LabelValue>>,
    /// What it does.
    pub effect: Sourced<TaintEffect>,
}

/// A site: a set of products under one domain.
#[derive(Debug, Clone)]
pub struct Site {
    /// Its name.
    pub name: Sourced<SiteName>,
    /// Its domain.
    pub domain: Sourced<Domain>,
    /// Whether its products are probed from outside too.
    pub public_probes: Sourced<bool>,
    /// Its products, in the order of [`Product::ALL`].
    pub products: Vec<SiteProduct>,
}

/// A product of a site.
#[derive(Debug, Clone)]
pub struct SiteProduct {
    /// Which.
    pub product: Product,
    /// How many pods it has; none means that it is not probed.
    pub replicas: Sourced<SiteReplicas>,
    /// The first label of its host name.
    pub domain_prefix: Sourced<DnsLabel>,
    /// Whether it is probed.
    pub probed: Sourced<bool>,
}

impl SiteProduct {
    /// What says whether it is probed.
    pub fn switches(&self) -> [&Origin; 2] {
        [&self.replicas.origin, &self.probed.origin]
    }
}

/// The products that answer health checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Product {
    /// The publishing platform.
    Connect,
    /// The package repository.
    PackageManager,
    /// The development environment.
    Workbench,
}

impl Product {
    /// All, by name.
    pub const ALL: [Product; 3] = [Product::Connect, Product::PackageManager, Product::Workbench];

    /// Its key in the spec, and its value of the label `ptd_component`.
    pub fn as_str(self) -> &'static str {
        match self {
            Product::Connect => "connect",
            Product::PackageManager => "packageManager",
            Product::Workbench => "workbench",
        }
    }

    /// Its name in host and service names: lower case.
    pub fn host_label(self) -> DnsLabel {
        match self {
            Product::Connect => DnsLabel::constant("connect"),
            Product::PackageManager => DnsLabel::constant("packagemanager"),
            Product::Workbench => DnsLabel::constant("workbench"),
        }
    }
}

/// The other Mimir.
#[derive(Debug, Clone)]
pub struct ControlRoom {
    /// Its domain; metrics go to `mimir.<domain>`.
    pub domain: Sourced<Domain>,
    /// The Secret with the password.
    pub secret: Sourced<ObjectName>,
    /// Override of the tenant.
    pub tenant: Option<Sourced<OrgId>>,
    /// The only metrics to send; all of them if absent.
    pub keep_metrics: Option<Vec<Sourced<MetricName>>>,
}

/// Where secrets come from. Never the spec.
#[derive(Debug, Clone)]
pub enum Secrets {
    /// Somebody else makes the Secrets.
    Existing,
    /// The External Secrets Operator makes them.
    ExternalSecrets(ExternalSecrets),
    /// The Secrets Store CSI driver makes them.
    SecretsStoreCsi(CsiKeys),
}

/// Coordinates for the External Secrets Operator.
#[derive(Debug, Clone)]
pub struct ExternalSecrets {
    /// The scope of the store.
    pub store_kind: Sourced<StoreKind>,
    /// The store's name.
    pub store_name: Sourced<ObjectName>,
    /// Overrides of the names in the store.
    pub keys: RemoteKeys,
}

/// Overrides for the CSI driver.
#[derive(Debug, Clone)]
pub struct CsiKeys {
    /// Overrides of the names in the store.
    pub keys: RemoteKeys,
}

/// Overrides of the secrets' names in the store.
#[derive(Debug, Clone)]
pub struct RemoteKeys {
    /// The password for the control room's Mimir.
    pub mimir_auth: Option<RemoteSecret>,
    /// Grafana's database URL.
    pub grafana_database: Option<RemoteSecret>,
    /// The name of Grafana's administrator.
    pub grafana_admin_user: Option<RemoteSecret>,
    /// The password of Grafana's administrator.
    pub grafana_admin_password: Option<RemoteSecret>,
}

/// A secret in a store.
#[derive(Debug, Clone)]
pub struct RemoteSecret {
    /// Its name.
    pub key: Sourced<RemoteKey>,
    /// A member of it, if it is a JSON object.
    pub property: Option<Sourced<SecretKey>>,
}

/// Requests come in through Traefik.
#[derive(Debug, Clone)]
pub struct Traefik {
    /// The namespace of its pods.
    pub namespace: Sourced<Namespace>,
    /// Where TLS ends.
    pub tls_ends_at: Sourced<TlsEnd>,
    /// The entry point for users.
    pub entry_point: Sourced<DnsLabel>,
    /// The Secret with the certificate.
    pub tls_secret: Option<Sourced<ObjectName>>,
    /// Who says who the user is.
    pub forward_auth: Option<ForwardAuth>,
}

impl Traefik {
    /// The origins of what decides about a route.
    pub fn origins(&self) -> impl Iterator<Item = &Origin> {
        let Traefik { namespace, tls_ends_at, entry_point, tls_secret, forward_auth } = self;
        let auth = forward_auth
            .iter()
            .flat_map(|auth| auth.middlewares.iter().map(|middleware| &middleware.origin));
        [&namespace.origin, &tls_ends_at.origin, &entry_point.origin]
            .into_iter()
            .chain(tls_secret.iter().map(|secret| &secret.origin))
            .chain(auth)
    }
}

/// Middlewares in front of Grafana that set the user's name.
#[derive(Debug, Clone)]
pub struct ForwardAuth {
    /// The middlewares, in their order.
    pub middlewares: Vec<Sourced<ObjectRef>>,
    /// Addresses from which Grafana believes the header: the proxy's pods.
    pub trusted_proxies: Vec<Sourced<Cidr>>,
}

/// What is collected.
#[derive(Debug, Clone)]
pub struct Collect {
    /// Namespaces of the applications.
    pub application_namespaces: Vec<Sourced<Namespace>>,
    /// The namespace of the products' Services, which are probed.
    pub product_namespace: Sourced<Namespace>,
    /// Whether node journals are read.
    pub system_logs: Sourced<bool>,
    /// Whether browsers may send logs.
    pub faro: Sourced<bool>,
    /// Whether managed services are watched.
    pub cloud_metrics: Sourced<bool>,
    /// Where kube-state-metrics answers.
    pub kube_state_metrics: Sourced<HostPort>,
    /// How kubelets are trusted.
    pub kubelet_tls: Sourced<KubeletTls>,
}
