//! `prerequisites.yaml`: what must exist before the tree is applied, with the least that it needs.

use crate::cloud;
use crate::component::Release;
use crate::model::{Delivery, Plan, SecretDelivery, SecretGrant};
use crate::node::{Node, because, list, map};

const WHY: &str = "a document for those who provide what the tree needs";

/// The document of a cluster.
pub fn document(plan: &Plan, releases: &[Release]) -> Node {
    let head = map([
        ("apiVersion", because(WHY, crate::spec::API_VERSION)),
        ("kind", because(WHY, "Prerequisites")),
        ("workload", Node::from(&plan.workload)),
        ("cluster", Node::from(&plan.cluster.name)),
        ("kubernetesVersion", Node::from(&plan.cluster.kubernetes)),
    ]);
    let rest = map([
        ("cloud", plan.cloud_needs.clone()),
        ("clusterServices", list(services(plan))),
        ("dnsNames", list(dns_names(plan))),
        ("secrets", list(plan.secrets.all().map(|grant| secret(plan, grant)))),
        ("charts", list(releases.iter().map(chart))),
    ]);
    head.with(rest)
}

fn dns_names(plan: &Plan) -> Vec<Node> {
    match &plan.ingress {
        Some(_) => cloud::public_hosts(plan).iter().map(Node::from).collect(),
        None => Vec::new(),
    }
}

fn chart(release: &Release) -> Node {
    const PIN: &str = "the version that the values were written for";
    map([
        ("component", because(PIN, release.id.as_str())),
        ("repository", because(PIN, release.chart.repository)),
        ("name", because(PIN, release.chart.name)),
        ("version", because(PIN, release.chart.version)),
    ])
}

/// A Secret, its keys, and where their values stand.
fn secret(plan: &Plan, grant: &SecretGrant) -> Node {
    let from_store = !matches!(plan.secrets.delivery, SecretDelivery::Existing);
    let keys = grant.entries.iter().map(|entry| {
        let key = map([("key", Node::from(&entry.key))]);
        if !from_store {
            return key;
        }
        let remote = map([("name", Node::from(&entry.remote.key))]);
        let remote = match &entry.remote.property {
            Some(property) => remote.with(map([("property", Node::from(property))])),
            None => remote,
        };
        key.with(map([("from", remote)]))
    });
    let made_by = match &plan.secrets.delivery {
        SecretDelivery::Existing => "you",
        SecretDelivery::ExternalSecrets { .. } => "External Secrets Operator",
        SecretDelivery::Csi(_) => "Secrets Store CSI driver",
    };
    map([
        ("name", Node::from(&grant.name)),
        ("namespace", Node::from(&grant.namespace)),
        ("purpose", because(WHY, grant.purpose)),
        ("madeBy", because(WHY, made_by)),
        ("keys", list(keys)),
    ])
}

/// What must run in the cluster already.
fn services(plan: &Plan) -> Vec<Node> {
    let service = |name: &'static str, why: &'static str| {
        map([("name", because(WHY, name)), ("why", because(WHY, why))])
    };
    let mut services = vec![
        map([
            ("name", because(WHY, "kube-state-metrics")),
            ("address", Node::from(&plan.collect.kube_state_metrics)),
            ("why", because(WHY, "the state of the cluster's objects is scraped from it")),
        ]),
        service(
            "network policies",
            "a network plugin that enforces them: the stores trust whoever reaches them",
        ),
        service("default storage class", "ingesters and stores keep data on volumes"),
    ];
    match &plan.secrets.delivery {
        SecretDelivery::Existing => {}
        SecretDelivery::ExternalSecrets { .. } => services
            .push(service("External Secrets Operator", "external-secrets.io/v1 makes the Secrets")),
        SecretDelivery::Csi(_) => services.push(service(
            "Secrets Store CSI driver",
            "with its provider, and syncing to Kubernetes Secrets turned on",
        )),
    }
    if let Some(traefik) = &plan.ingress {
        services.push(service("Traefik 3", "traefik.io/v1alpha1 routes requests"));
        let auth = traefik.forward_auth.iter().flat_map(|auth| &auth.middlewares);
        services.extend(auth.map(|middleware| {
            map([
                ("name", because(WHY, "Traefik middleware")),
                ("reference", Node::from(middleware)),
                (
                    "why",
                    because(
                        WHY,
                        "Traefik drops a route with a missing middleware; one in another namespace \
                         needs allowCrossNamespace",
                    ),
                ),
            ])
        }));
    }
    match &plan.delivery {
        Some(Delivery::ArgoCd(_)) => {
            services.push(service("Argo CD", "its Applications render the charts"));
        }
        Some(Delivery::Flux(_)) => {
            services.push(service("Flux", "its HelmReleases install the charts"));
        }
        None => {}
    }
    services
}
