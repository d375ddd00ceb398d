//! What AWS must provide: buckets, and roles with the least that each needs.

use super::{Role, Roles, alloy_needs_aws};
use crate::model::{
    Aws, AwsIdentity, Client, ClusterSpec, Namespace, ObjectName, S3Bucket, Secrets, Workload,
};
use crate::node::{Node, because, derived, list, map};
use crate::origin::Sourced;

/// The part of `prerequisites.yaml` that speaks AWS.
pub struct Needs<'a> {
    pub workload: &'a Workload,
    pub aws: &'a Aws,
    pub cluster: &'a ClusterSpec,
    pub roles: &'a Roles,
    pub mimir: &'a S3Bucket,
    pub loki: &'a S3Bucket,
}

impl Needs<'_> {
    /// The document's part.
    pub fn node(&self) -> Node {
        let Roles { clients, grafana } = self.roles;
        let mut roles = vec![
            self.role(Client::Mimir, &clients.mimir, vec![self.bucket_policy(self.mimir)]),
            self.role(Client::Loki, &clients.loki, vec![self.bucket_policy(self.loki)]),
        ];
        if alloy_needs_aws(self.workload) {
            roles.push(self.role(Client::Alloy, &clients.alloy, self.alloy_statements()));
        }
        if let Some(role) = grafana {
            let (namespace, account) = (
                &self.workload.names.grafana_namespace,
                &self.workload.names.grafana_service_account,
            );
            roles.push(self.role_node(role, namespace, account, vec![self.secret_statement()]));
        }
        map([
            ("s3Buckets", list([self.mimir, self.loki].map(bucket_node))),
            ("iamRoles", list(roles)),
        ])
    }

    fn role(&self, client: Client, role: &Role, statements: Vec<Node>) -> Node {
        let names = &self.workload.names;
        self.role_node(
            role,
            names.namespaces.get(client),
            names.service_accounts.get(client),
            statements,
        )
    }

    fn role_node(
        &self,
        role: &Role,
        namespace: &Sourced<Namespace>,
        account: &Sourced<ObjectName>,
        statements: Vec<Node>,
    ) -> Node {
        const VERSION: &str = "the current version of the policy language";
        let policy =
            map([("Version", because(VERSION, "2012-10-17")), ("Statement", list(statements))]);
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
        let subject =
            namespace.derive_with(account, "the service account that pods run as", |ns, sa| {
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
        const ACTIONS: [&str; 2] =
            ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"];
        let (partition, region) = (self.aws.partition.value.as_str(), self.aws.region.value);
        let (account, name) = (&self.aws.account.value, &self.workload.name.value);
        let arn = format!("arn:{partition}:secretsmanager:{region}:{account}:secret:{name}*");
        let from = [&self.workload.name.origin, &self.aws.account.origin];
        statement(
            WHY,
            ACTIONS,
            vec![derived("secrets that start with the workload's name", from, arn)],
        )
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
