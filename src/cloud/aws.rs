//! What AWS grants: S3 buckets, IAM roles through IRSA or Pod Identity, `CloudWatch`.

mod needs;

use super::claims::{Claim, ROLES, STORES};
use super::{CloudGrant, RemoteSecrets, checked, idle, named, remote};
use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::model::{
    Aws, AwsIdentity, BucketName, Cidr, Client, CloudMetrics, CloudWatch, ClusterLabel,
    ClusterSpec, CsiProvider, Grant, Identity, Namespace, ObjectName, ObjectStore, OrgId,
    PerClient, RoleName, S3Bucket, SecretKey, Secrets, StorageOwner, SystemPods, Word as _,
    Workload, bucket, cluster_name, legacy_cluster_label, role, storage_scope,
};
use crate::origin::Sourced;
use needs::Needs;

/// Everything one cluster gets.
pub fn grant(
    workload: &Workload,
    aws: &Aws,
    cluster: &ClusterSpec,
    diags: &mut Diagnostics,
) -> Option<CloudGrant> {
    refuse_foreign_keys(aws, cluster, diags);
    let name = &workload.name;
    let derived_label = name.derive_with(
        &cluster.release,
        "the legacy form that dashboards and alerts of EKS clusters know",
        legacy_cluster_label,
    );
    let label =
        named::<ClusterLabel>(cluster.label.as_ref(), || derived_label, "a cluster label", diags);
    let mimir = store(workload, aws, cluster, Client::Mimir, diags);
    let loki = store(workload, aws, cluster, Client::Loki, diags);
    let roles = roles(workload, aws, cluster, diags);
    let remote = remote_defaults(workload, cluster, diags);
    let (label, mimir, loki, roles) = (label?, mimir?, loki?, roles?);
    let remote = remote?.or_as_written(workload);
    let stores = [&mimir, &loki];
    let needs = Needs { workload, aws, cluster, roles: &roles, stores, remote: &remote }.node();
    let identities = identities(workload, aws, &roles);
    let stores = [(&mimir, Client::Mimir), (&loki, Client::Loki)];
    let mut claims = roles.claims(workload, cluster);
    claims.extend(stores.map(|(bucket, client)| claim(workload, cluster, bucket, client)));
    Some(CloudGrant {
        label,
        identities,
        grafana_identity: roles.grafana.map(|role| Identity {
            service_account: workload.names.grafana_service_account.clone(),
            grant: role_grant(aws, &role),
        }),
        claims,
        mimir_store: ObjectStore::S3(mimir),
        loki_store: ObjectStore::S3(loki),
        cloud_metrics: CloudMetrics::CloudWatch(cloud_watch(workload, aws, cluster, diags)?),
        autoscaler: Some(karpenter()),
        credential_agent: credential_agent(aws),
        control_room_tenant: control_room_tenant(aws),
        csi: CsiProvider::SecretsManager {
            region: aws.region.clone(),
            node_agent: aws.identity.map(|identity| *identity == AwsIdentity::PodIdentity),
        },
        realm: format!("`{}` of the account `{}`", aws.region.value, aws.account.value),
        remote,
        needs,
    })
}

fn identities(workload: &Workload, aws: &Aws, roles: &Roles) -> PerClient<Identity> {
    PerClient::make(|client| Identity {
        service_account: workload.names.service_accounts.get(client).clone(),
        grant: roles.of(client).map_or(Grant::Nothing, |role| role_grant(aws, role)),
    })
}

fn control_room_tenant(aws: &Aws) -> Sourced<OrgId> {
    aws.account.derive("the control room's tenant is the account", |account| {
        OrgId::parse(account.as_str()).expect("bug: twelve digits are a tenant")
    })
}

fn refuse_foreign_keys(aws: &Aws, cluster: &ClusterSpec, diags: &mut Diagnostics) {
    let uses_issuers = aws.identity.value == AwsIdentity::Irsa;
    let identities = cluster.identities.as_ref().map(|sourced| &sourced.origin);
    let group = cluster.node_resource_group.as_ref().map(|sourced| &sourced.origin);
    for (origin, key) in [(identities, "identities"), (group, "nodeResourceGroup")] {
        let Some(origin) = origin else { continue };
        let message = format!("`{key}` has no meaning on AWS");
        let error = Diagnostic::derived_error(Code::Conflict, origin, message);
        diags.push(error.help("remove it; roles are named under `cloud.aws.roles`"));
    }
    if let Some(issuer) = cluster.oidc_issuer.as_ref().filter(|_| !uses_issuers) {
        let why = "Pod Identity trusts the cluster, not an issuer";
        idle::refuse(&issuer.origin, why, "remove it, or choose `identity: irsa`", diags);
    }
}

fn store(
    workload: &Workload,
    aws: &Aws,
    cluster: &ClusterSpec,
    client: Client,
    diags: &mut Diagnostics,
) -> Option<S3Bucket> {
    let written = match client {
        Client::Mimir => aws.buckets.mimir.as_ref(),
        Client::Loki | Client::Alloy => aws.buckets.loki.as_ref(),
    };
    let derived = || {
        scope(workload, cluster).derive_with(
            &workload.names.prefix,
            "buckets are called `<prefix>-<workload>-<store>`",
            |scope, prefix| bucket(prefix, scope, client),
        )
    };
    let bucket = named::<BucketName>(written, derived, "an S3 bucket name", diags)?;
    let endpoint =
        aws.region.derive_with(&aws.partition, "S3's host in the region", |region, partition| {
            format!("s3.{region}.{}", partition.dns_suffix())
        });
    Some(S3Bucket { bucket, region: aws.region.clone(), endpoint })
}

fn scope(workload: &Workload, cluster: &ClusterSpec) -> Sourced<String> {
    let owner = cluster.storage.value;
    let scope = workload.name.derive_with(
        &cluster.release,
        "stores are named after their owner",
        |name, release| storage_scope(name, release, owner),
    );
    match owner {
        StorageOwner::Workload => workload.name.map(ToString::to_string),
        StorageOwner::Cluster => scope,
    }
}

fn claim(workload: &Workload, cluster: &ClusterSpec, store: &S3Bucket, client: Client) -> Claim {
    Claim {
        what: format!("the S3 bucket `{}`", store.bucket.value),
        by: format!("{} of `{}`", client.as_str(), cluster.cloud_name(&workload.name).value),
        at: cluster.release.origin.clone(),
        danger: STORES,
    }
}

/// A role with its ARN.
struct Role {
    name: Sourced<RoleName>,
    arn: Sourced<String>,
}

fn client_role(
    workload: &Workload,
    aws: &Aws,
    cluster: &ClusterSpec,
    client: Client,
    diags: &mut Diagnostics,
) -> Option<Role> {
    let scope = match client {
        Client::Alloy => workload.name.map(ToString::to_string),
        Client::Mimir | Client::Loki => scope(workload, cluster),
    };
    let written = aws.roles.get(client).as_ref();
    role_of(workload, aws, &scope, client.as_str(), written, diags)
}

/// The roles of a cluster.
struct Roles {
    mimir: Role,
    loki: Role,
    /// Where the collector asks the cloud for anything.
    alloy: Option<Role>,
    /// Where Grafana reads its secrets itself.
    grafana: Option<Role>,
}

impl Roles {
    fn of(&self, client: Client) -> Option<&Role> {
        match client {
            Client::Mimir => Some(&self.mimir),
            Client::Loki => Some(&self.loki),
            Client::Alloy => self.alloy.as_ref(),
        }
    }

    /// A role belongs to one cluster; the collector's to all clusters of its workload.
    fn claims(&self, workload: &Workload, cluster: &ClusterSpec) -> Vec<Claim> {
        let name = cluster.cloud_name(&workload.name).value;
        let is_first = workload
            .clusters
            .first()
            .is_some_and(|first| first.release.value == cluster.release.value);
        let shared = self.alloy.iter().filter(|_| is_first);
        let own = [("mimir", &self.mimir), ("loki", &self.loki)].into_iter();
        let own = own.chain(self.grafana.iter().map(|role| ("grafana", role)));
        own.chain(shared.map(|role| ("alloy", role)))
            .map(|(component, role)| Claim {
                what: format!("the role `{}`", role.arn.value),
                by: format!("{component} of `{name}`"),
                at: cluster.release.origin.clone(),
                danger: ROLES,
            })
            .collect()
    }
}

fn roles(
    workload: &Workload,
    aws: &Aws,
    cluster: &ClusterSpec,
    diags: &mut Diagnostics,
) -> Option<Roles> {
    let unused = |role: &Option<Sourced<RoleName>>, why, help, diags: &mut Diagnostics| {
        if let Some(role) = role {
            idle::refuse(&role.origin, why, help, diags);
        }
    };
    let mimir = client_role(workload, aws, cluster, Client::Mimir, diags);
    let loki = client_role(workload, aws, cluster, Client::Loki, diags);
    let alloy = if alloy_needs_aws(workload) {
        Some(client_role(workload, aws, cluster, Client::Alloy, diags)?)
    } else {
        let why = "the collector asks nothing of AWS";
        unused(&aws.roles.alloy, why, "remove it, or set `collect.cloudMetrics`", diags);
        None
    };
    let grafana = if matches!(workload.secrets, Secrets::SecretsStoreCsi(_)) {
        let scope = scope(workload, cluster);
        Some(role_of(workload, aws, &scope, "grafana", aws.grafana_role.as_ref(), diags)?)
    } else {
        let why = "Grafana uses a role only with the CSI driver";
        unused(&aws.grafana_role, why, "remove it, or choose `secrets.secretsStoreCsi`", diags);
        None
    };
    Some(Roles { mimir: mimir?, loki: loki?, alloy, grafana })
}

fn role_of(
    workload: &Workload,
    aws: &Aws,
    scope: &Sourced<String>,
    client: &str,
    written: Option<&Sourced<RoleName>>,
    diags: &mut Diagnostics,
) -> Option<Role> {
    let derived = || {
        scope.derive_with(
            &workload.names.suffix,
            "roles are called `<component>.<workload>.<suffix>`",
            |scope, suffix| role(client, scope, suffix),
        )
    };
    let name = named::<RoleName>(written, derived, "an IAM role name", diags)?;
    let partition = aws.partition.value.as_str();
    let arn =
        name.derive_with(&aws.account, "the ARN of the role in the account", |name, account| {
            format!("arn:{partition}:iam::{account}:role/{name}")
        });
    let arn = arn.also_from(&aws.partition.origin);
    Some(Role { name, arn })
}

fn role_grant(aws: &Aws, role: &Role) -> Grant {
    match aws.identity.value {
        AwsIdentity::Irsa => {
            Grant::RoleAnnotation(role.arn.clone().also_from(&aws.identity.origin))
        }
        AwsIdentity::PodIdentity => Grant::NodeAgent(aws.identity.origin.clone()),
    }
}

fn alloy_needs_aws(workload: &Workload) -> bool {
    let reads_secret =
        matches!(workload.secrets, Secrets::SecretsStoreCsi(_)) && workload.control_room.is_some();
    workload.collect.cloud_metrics.value || reads_secret
}

/// The address of the Pod Identity agent on every node.
/// Source: EKS user guide, "Learn how EKS Pod Identity grants pods access".
fn credential_agent(aws: &Aws) -> Option<Sourced<Cidr>> {
    match aws.identity.value {
        AwsIdentity::Irsa => None,
        AwsIdentity::PodIdentity => {
            Some(aws.identity.derive("pods fetch credentials from the agent on their node", |_| {
                Cidr::constant("169.254.170.23/32")
            }))
        }
    }
}

fn cloud_watch(
    workload: &Workload,
    aws: &Aws,
    cluster: &ClusterSpec,
    diags: &mut Diagnostics,
) -> Option<CloudWatch> {
    let name = cluster.cloud_name(&workload.name);
    Some(CloudWatch {
        region: aws.region.clone(),
        workload: workload.name.clone(),
        cluster: checked(&name, "a cluster name", diags)?,
        tag_prefix: workload.names.suffix.clone(),
    })
}

fn karpenter() -> SystemPods {
    const WHY: &str = "Karpenter's decisions explain why nodes come and go";
    SystemPods {
        namespace: Sourced::default(Namespace::constant("kube-system"), WHY),
        app: Sourced::default(ObjectName::constant("karpenter"), WHY),
    }
}

fn remote_defaults(
    workload: &Workload,
    cluster: &ClusterSpec,
    diags: &mut Diagnostics,
) -> Option<RemoteSecrets> {
    let property = |key: &'static str| {
        const WHY: &str = "secrets of a workload are members of one JSON object";
        Some(Sourced::default(SecretKey::constant(key), WHY))
    };
    let suffix = &workload.names.suffix;
    let of_workload = workload.name.derive_with(
        suffix,
        "the workload's secrets are in `<workload>.<suffix>`",
        |name, suffix| format!("{name}.{suffix}"),
    );
    let of_cluster = workload.name.derive_with(
        &cluster.release,
        "each cluster's Grafana has a database of its own",
        |name, release| format!("{}.grafana.{}", cluster_name(name, release), suffix.value),
    );
    let of_cluster = of_cluster.also_from(&suffix.origin);
    Some(RemoteSecrets {
        mimir_auth: remote(&of_workload, property("mimir-password"), diags)?,
        grafana_database: remote(&of_cluster, property("database-url"), diags)?,
        grafana_admin_user: remote(&of_cluster, property("admin-user"), diags)?,
        grafana_admin_password: remote(&of_cluster, property("admin-password"), diags)?,
    })
}
