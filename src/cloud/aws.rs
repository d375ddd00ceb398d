//! What AWS grants: S3 buckets, IAM roles through IRSA or Pod Identity, `CloudWatch`.

use super::{Claim, CloudGrant, RemoteDefaults, checked, named, remote};
use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::model::{
    Aws, AwsIdentity, BucketName, Cidr, Client, CloudMetrics, CloudWatch, ClusterLabel,
    ClusterSpec, CsiProvider, Grant, Identity, Namespace, ObjectName, ObjectStore, PerClient,
    RoleName, S3Bucket, SecretKey, Secrets, StorageOwner, SystemPods, Word as _, Workload, bucket,
    cluster_name, legacy_cluster_label, role, storage_scope,
};
use crate::node::{Node, because, derived, list, map};
use crate::origin::Sourced;

/// Everything one cluster gets.
pub fn grant(
    workload: &Workload,
    aws: &Aws,
    cluster: &ClusterSpec,
    diags: &mut Diagnostics,
) -> Option<CloudGrant> {
    refuse_foreign_keys(cluster, diags);
    let name = &workload.name;
    let derived_label = name.derive_with(
        &cluster.release,
        "the legacy form that dashboards and alerts of EKS clusters know",
        legacy_cluster_label,
    );
    let label = named::<ClusterLabel>(cluster.label.as_ref(), || derived_label, "a cluster label", diags);
    let mimir = store(workload, aws, cluster, Client::Mimir, diags);
    let loki = store(workload, aws, cluster, Client::Loki, diags);
    let roles = PerClient::make(|client| client_role(workload, aws, cluster, client, diags));
    let grafana_role = grafana_role(workload, aws, diags);
    let remote = remote_defaults(workload, cluster, diags);
    let (label, mimir, loki) = (label?, mimir?, loki?);
    let roles = PerClient { alloy: roles.alloy?, mimir: roles.mimir?, loki: roles.loki? };
    let grafana_role = match grafana_role {
        Some(found) => Some(found?),
        None => None,
    };
    let needs = Needs { workload, aws, cluster, roles: &roles, mimir: &mimir, loki: &loki };
    let needs = needs.node(grafana_role.as_ref());
    let identity = |client: Client| Identity {
        service_account: workload.names.service_accounts.get(client).clone(),
        grant: role_grant(aws, roles.get(client)),
    };
    let mut identities = PerClient::make(identity);
    if !alloy_needs_aws(workload) {
        identities.alloy.grant = Grant::Nothing;
    }
    Some(CloudGrant {
        label,
        identities,
        grafana_identity: grafana_role.map(|role| Identity {
            service_account: workload.names.grafana_service_account.clone(),
            grant: role_grant(aws, &role),
        }),
        claims: [(&mimir, Client::Mimir), (&loki, Client::Loki)]
            .map(|(bucket, client)| claim(workload, cluster, bucket, client))
            .to_vec(),
        mimir_store: ObjectStore::S3(mimir),
        loki_store: ObjectStore::S3(loki),
        cloud_metrics: CloudMetrics::CloudWatch(cloud_watch(workload, aws, cluster, diags)?),
        system_pods: vec![karpenter()],
        credential_agent: credential_agent(aws),
        control_room_tenant: aws
            .account
            .derive("the control room's tenant is the account", |account| {
                crate::model::OrgId::parse(account.as_str())
                    .unwrap_or(crate::model::OrgId::constant("anonymous"))
            }),
        csi: CsiProvider::SecretsManager {
            region: aws.region.clone(),
            node_agent: aws.identity.map(|identity| *identity == AwsIdentity::PodIdentity),
        },
        remote: remote?,
        needs,
    })
}

fn refuse_foreign_keys(cluster: &ClusterSpec, diags: &mut Diagnostics) {
    let identities = cluster.identities.as_ref().map(|sourced| &sourced.origin);
    let group = cluster.node_resource_group.as_ref().map(|sourced| &sourced.origin);
    for (origin, key) in [(identities, "identities"), (group, "nodeResourceGroup")] {
        let Some(origin) = origin else { continue };
        let message = format!("`{key}` has no meaning on AWS");
        let error = Diagnostic::derived_error(Code::Conflict, origin, message);
        diags.push(error.help("remove it; roles are named under `cloud.aws.roles`"));
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
    let endpoint = aws.region.derive_with(&aws.partition, "S3's host in the region", |region, partition| {
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
    let (name, release) = (&workload.name.value, &cluster.release.value);
    Claim {
        what: format!("the S3 bucket `{}`", store.bucket.value),
        by: format!("{} of `{}`", client.as_str(), cluster_name(name, release)),
        origin: store.bucket.origin.clone(),
        cluster: cluster.release.origin.clone(),
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

/// Grafana needs a role only to read its secrets itself, through the CSI driver.
fn grafana_role(workload: &Workload, aws: &Aws, diags: &mut Diagnostics) -> Option<Option<Role>> {
    match &workload.secrets {
        Secrets::SecretsStoreCsi(_) => {
            let scope = workload.name.map(ToString::to_string);
            Some(role_of(workload, aws, &scope, "grafana", aws.grafana_role.as_ref(), diags))
        }
        Secrets::Existing | Secrets::ExternalSecrets(_) => {
            if let Some(role) = &aws.grafana_role {
                let message = "Grafana uses a role only with the CSI driver";
                let error = Diagnostic::derived_error(Code::Conflict, &role.origin, message);
                diags.push(error.help("remove it, or choose `secrets.secretsStoreCsi`"));
            }
            None
        }
    }
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
    let arn = name.derive_with(&aws.account, "the ARN of the role in the account", |name, account| {
        format!("arn:{partition}:iam::{account}:role/{name}")
    });
    Some(Role { name, arn })
}

fn role_grant(aws: &Aws, role: &Role) -> Grant {
    match aws.identity.value {
        AwsIdentity::Irsa => Grant::RoleAnnotation(role.arn.clone()),
        AwsIdentity::PodIdentity => Grant::NodeAgent,
    }
}

fn alloy_needs_aws(workload: &Workload) -> bool {
    let reads_secret = matches!(workload.secrets, Secrets::SecretsStoreCsi(_))
        && workload.control_room.is_some();
    workload.collect.cloud_metrics.value || reads_secret
}

/// The address of the Pod Identity agent on every node.
/// Source: EKS user guide, "Learn how EKS Pod Identity grants pods access".
fn credential_agent(aws: &Aws) -> Option<Sourced<Cidr>> {
    match aws.identity.value {
        AwsIdentity::Irsa => None,
        AwsIdentity::PodIdentity => Some(aws.identity.derive(
            "pods fetch credentials from the agent on their node",
            |_| Cidr::constant("169.254.170.23/32"),
        )),
    }
}

fn cloud_watch(
    workload: &Workload,
    aws: &Aws,
    cluster: &ClusterSpec,
    diags: &mut Diagnostics,
) -> Option<CloudWatch> {
    let name = workload.name.derive_with(
        &cluster.release,
        "nodes are tagged with the cluster's name",
        |workload, release| cluster_name(workload, release),
    );
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
) -> Option<RemoteDefaults> {
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
    Some(RemoteDefaults {
        mimir_auth: remote(&of_workload, property("mimir-password"), diags)?,
        grafana_database: remote(&of_cluster, property("database-url"), diags)?,
        grafana_admin_user: remote(&of_cluster, property("admin-user"), diags)?,
        grafana_admin_password: remote(&of_cluster, property("admin-password"), diags)?,
    })
}

/// The part of `prerequisites.yaml` that speaks AWS.
struct Needs<'a> {
    workload: &'a Workload,
    aws: &'a Aws,
    cluster: &'a ClusterSpec,
    roles: &'a PerClient<Role>,
    mimir: &'a S3Bucket,
    loki: &'a S3Bucket,
}

impl Needs<'_> {
    fn node(&self, grafana: Option<&Role>) -> Node {
        let mut roles = vec![
            self.role(Client::Mimir, &self.roles.mimir, vec![self.bucket_policy(self.mimir)]),
            self.role(Client::Loki, &self.roles.loki, vec![self.bucket_policy(self.loki)]),
        ];
        if alloy_needs_aws(self.workload) {
            roles.push(self.role(Client::Alloy, &self.roles.alloy, self.alloy_statements()));
        }
        if let Some(role) = grafana {
            let (namespace, account) =
                (&self.workload.names.grafana_namespace, &self.workload.names.grafana_service_account);
            roles.push(self.role_node(role, namespace, account, vec![self.secret_statement()]));
        }
        map([("s3Buckets", list([self.mimir, self.loki].map(bucket_node))), ("iamRoles", list(roles))])
    }

    fn role(&self, client: Client, role: &Role, statements: Vec<Node>) -> Node {
        let names = &self.workload.names;
        self.role_node(role, names.namespaces.get(client), names.service_accounts.get(client), statements)
    }

    fn role_node(
        &self,
        role: &Role,
        namespace: &Sourced<Namespace>,
        account: &Sourced<ObjectName>,
        statements: Vec<Node>,
    ) -> Node {
        const VERSION: &str = "the current version of the policy language";
        let policy = map([
            ("Version", because(VERSION, "2012-10-17")),
            ("Statement", list(statements)),
        ]);
        let node = map([
            ("name", Node::from(&role.name)),
            ("arn", Node::from(&role.arn)),
            ("policy", policy),
            ("trust", self.trust(namespace, account)),
        ]);
        match &self.aws.permissions_boundary {
            Some(boundary) => node.with(map([("permissionsBoundary", Node::from(boundary))])),
            None => node,
        }
    }

    fn trust(&self, namespace: &Sourced<Namespace>, account: &Sourced<ObjectName>) -> Node {
        const WHY: &str = "the form of the trust that the identity asks for";
        let subject = namespace.derive_with(account, "the service account that pods run as", |ns, sa| {
            format!("system:serviceaccount:{ns}:{sa}")
        });
        let pod_identity = map([
            ("service", because(WHY, "pods.eks.amazonaws.com")),
            ("actions", list(["sts:AssumeRole", "sts:TagSession"].map(|act| because(WHY, act)))),
            ("namespace", Node::from(namespace)),
            ("serviceAccount", Node::from(account)),
        ]);
        let irsa = map([
            ("action", because(WHY, "sts:AssumeRoleWithWebIdentity")),
            ("audience", because(WHY, "sts.amazonaws.com")),
            ("subject", Node::from(&subject)),
        ]);
        match (self.aws.identity.value, &self.cluster.oidc_issuer) {
            (AwsIdentity::PodIdentity, _) => pod_identity,
            (AwsIdentity::Irsa, Some(issuer)) => irsa.with(map([("issuer", Node::from(issuer))])),
            (AwsIdentity::Irsa, None) => {
                irsa.with(map([("issuer", because(WHY, "the cluster's OIDC issuer"))]))
            }
        }
    }

    /// Source: the permissions that Loki's and Mimir's documentation list, less the two that are
    /// no IAM actions.
    fn bucket_policy(&self, store: &S3Bucket) -> Node {
        const WHY: &str = "what a store does with its bucket, and no more";
        const ACTIONS: [&str; 5] = [
            "s3:AbortMultipartUpload",
            "s3:DeleteObject",
            "s3:GetObject",
            "s3:ListBucket",
            "s3:PutObject",
        ];
        let arn = |suffix: &str| {
            let partition = self.aws.partition.value.as_str();
            let arn = format!("arn:{partition}:s3:::{}{suffix}", store.bucket.value);
            derived("the store's bucket and its objects", [&store.bucket.origin], arn)
        };
        statement(WHY, ACTIONS, vec![arn(""), arn("/*")])
    }

    fn alloy_statements(&self) -> Vec<Node> {
        // Source: the IAM actions that the Alloy documentation lists for its CloudWatch exporter.
        const WHY: &str = "what reading CloudWatch takes; these actions know no resources";
        const ACTIONS: [&str; 4] = [
            "cloudwatch:GetMetricData",
            "cloudwatch:GetMetricStatistics",
            "cloudwatch:ListMetrics",
            "tag:GetResources",
        ];
        let mut statements = Vec::new();
        if self.workload.collect.cloud_metrics.value {
            statements.push(statement(WHY, ACTIONS, vec![because(WHY, "*")]));
        }
        if matches!(self.workload.secrets, Secrets::SecretsStoreCsi(_)) {
            statements.push(self.secret_statement());
        }
        statements
    }

    fn secret_statement(&self) -> Node {
        const WHY: &str = "pods read their secrets through the CSI driver";
        const ACTIONS: [&str; 2] = ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"];
        let (partition, region) = (self.aws.partition.value.as_str(), self.aws.region.value);
        let (account, name) = (&self.aws.account.value, &self.workload.name.value);
        let arn = format!("arn:{partition}:secretsmanager:{region}:{account}:secret:{name}*");
        let from = [&self.workload.name.origin, &self.aws.account.origin];
        statement(WHY, ACTIONS, vec![derived("secrets that start with the workload's name", from, arn)])
    }
}

fn statement<const N: usize>(why: &'static str, actions: [&'static str; N], on: Vec<Node>) -> Node {
    map([
        ("Effect", because(why, "Allow")),
        ("Action", list(actions.map(|action| because(why, action)))),
        ("Resource", list(on)),
    ])
}

fn bucket_node(store: &S3Bucket) -> Node {
    map([("name", Node::from(&store.bucket)), ("region", Node::from(&store.region))])
}
