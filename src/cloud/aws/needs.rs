//! What AWS must provide: buckets, and roles with the least that each needs.

use super::{RemoteSecrets, Role, Roles};
use crate::cloud::federation::{issuer, subject};
use crate::model::{
    Aws, AwsIdentity, Client, ClusterSpec, Namespace, ObjectName, RemoteSecret, S3Bucket, Secrets,
    Workload,
};
use crate::node::{Node, because, derived, list, map};
use crate::origin::Sourced;
use std::collections::BTreeMap;

/// The part of `prerequisites.yaml` that speaks AWS.
pub struct Needs<'a> {
    pub workload: &'a Workload,
    pub aws: &'a Aws,
    pub cluster: &'a ClusterSpec,
    pub roles: &'a Roles,
    /// Mimir's and Loki's.
    pub stores: [&'a S3Bucket; 2],
    pub remote: &'a RemoteSecrets,
}

impl Needs<'_> {
    /// The document's part.
    pub fn node(&self) -> Node {
        let Roles { mimir: mimir_role, loki: loki_role, alloy, grafana } = self.roles;
        let [mimir, loki] = self.stores;
        let own = || vec![self.cluster];
        let policy = |store| vec![self.bucket_policy(store)];
        let mut roles = vec![
            self.role(Client::Mimir, mimir_role, policy(mimir), &own()),
            self.role(Client::Loki, loki_role, policy(loki), &own()),
        ];
        // The collector has one role for all clusters, which must trust all of them.
        let all: Vec<&ClusterSpec> = self.workload.clusters.iter().collect();
        if let Some(role) = alloy {
            roles.push(self.role(Client::Alloy, role, self.alloy_statements(), &all));
        }
        if let Some(role) = grafana {
            let names = &self.workload.names;
            let account = (&names.grafana_namespace, &names.grafana_service_account);
            let statements = vec![self.secret_statement(&self.remote.of_grafana())];
            roles.push(self.role_node(role, account, statements, &own()));
        }
        map([
            ("s3Buckets", list(self.stores.map(bucket_node))),
            ("iamRoles", list(roles)),
            ("resourceTags", self.tags()),
        ])
    }

    /// What `CloudWatch`'s answers are told apart by.
    fn tags(&self) -> Node {
        let watched = &self.workload.collect.cloud_metrics;
        if !watched.value {
            return derived("nothing is asked of `CloudWatch`", [&watched.origin], Vec::new());
        }
        const WHY: &str = "metrics of a resource are found by its tags";
        let name = &self.workload.name;
        let prefix = &self.workload.names.suffix;
        let cluster = self.cluster.cloud_name(name);
        let part = |text: &str| derived(WHY, [&name.origin], text.to_owned());
        let of = |resources: &'static str, tags: Node| {
            map([("resources", because(WHY, resources)), ("tags", tags)])
        };
        let tags = list([
            of("FSx file systems, RDS databases", map([("Name", Node::from(name))])),
            of("EC2 instances of the cluster", map([("Name", Node::from(&cluster))])),
            of(
                "load balancers, NAT gateways",
                map([
                    (format!("{}/true-name", prefix.value), part(name.value.true_name())),
                    (format!("{}/environment", prefix.value), part(name.value.environment())),
                ]),
            ),
        ]);
        tags.because_of(&[&watched.origin])
    }

    fn role(
        &self,
        client: Client,
        role: &Role,
        statements: Vec<Node>,
        clusters: &[&ClusterSpec],
    ) -> Node {
        let names = &self.workload.names;
        let account = (names.namespaces.get(client), names.service_accounts.get(client));
        self.role_node(role, account, statements, clusters)
    }

    fn role_node(
        &self,
        role: &Role,
        (namespace, account): (&Sourced<Namespace>, &Sourced<ObjectName>),
        statements: Vec<Node>,
        clusters: &[&ClusterSpec],
    ) -> Node {
        const VERSION: &str = "the current version of the policy language";
        let policy =
            map([("Version", because(VERSION, "2012-10-17")), ("Statement", list(statements))]);
        let node = map([
            ("name", Node::from(&role.name)),
            ("arn", Node::from(&role.arn)),
            ("policy", policy),
            ("trust", self.trust(namespace, account, clusters)),
        ]);
        match &self.aws.permissions_boundary {
            Some(boundary) => node.with(map([("permissionsBoundary", Node::from(boundary))])),
            None => node,
        }
    }

    fn trust(
        &self,
        namespace: &Sourced<Namespace>,
        account: &Sourced<ObjectName>,
        clusters: &[&ClusterSpec],
    ) -> Node {
        const WHY: &str = "the form of the trust that the identity asks for";
        let pod_identity = map([
            ("service", because(WHY, "pods.eks.amazonaws.com")),
            ("actions", list(["sts:AssumeRole", "sts:TagSession"].map(|act| because(WHY, act)))),
            ("namespace", Node::from(namespace)),
            ("serviceAccount", Node::from(account)),
        ]);
        let irsa = map([
            ("action", because(WHY, "sts:AssumeRoleWithWebIdentity")),
            ("audience", because(WHY, "sts.amazonaws.com")),
            ("subject", Node::from(&subject(namespace, account))),
        ]);
        let trust = match self.aws.identity.value {
            AwsIdentity::PodIdentity => pod_identity,
            AwsIdentity::Irsa => {
                let issuers = clusters.iter().map(|cluster| issuer(cluster, &self.workload.name));
                irsa.with(map([("issuers", list(issuers))]))
            }
        };
        trust.because_of(&[&self.aws.identity.origin])
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
            derived(
                "the store's bucket and its objects",
                [&store.bucket.origin, &self.aws.partition.origin],
                arn,
            )
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
            let watch = statement(WHY, ACTIONS, vec![because(WHY, "*")]);
            statements.push(watch.because_of(&[&self.workload.collect.cloud_metrics.origin]));
        }
        let reads_secret = matches!(self.workload.secrets, Secrets::SecretsStoreCsi(_));
        if reads_secret && self.workload.control_room.is_some() {
            statements.push(self.secret_statement(&[&self.remote.mimir_auth]));
        }
        statements
    }

    /// Secrets Manager adds a dash and six characters to a secret's name.
    fn secret_statement(&self, secrets: &[&RemoteSecret]) -> Node {
        const WHY: &str = "pods read their secrets through the CSI driver";
        const ACTIONS: [&str; 2] =
            ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"];
        let (partition, region) = (self.aws.partition.value.as_str(), self.aws.region.value);
        let account = &self.aws.account.value;
        let arns: BTreeMap<String, &RemoteSecret> = secrets
            .iter()
            .map(|secret| {
                let name = &secret.key.value;
                (
                    format!(
                        "arn:{partition}:secretsmanager:{region}:{account}:secret:{name}-??????"
                    ),
                    *secret,
                )
            })
            .collect();
        let resources = arns.into_iter().map(|(arn, secret)| {
            let (aws, key) = (self.aws, &secret.key.origin);
            let from = [key, &aws.account.origin, &aws.region.origin, &aws.partition.origin];
            derived("the secrets that these pods read", from, arn)
        });
        statement(WHY, ACTIONS, resources.collect())
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
