//! `prerequisites.yaml`: what must exist before the tree is applied, with the least that it needs.

mod declared;

pub use declared::{Declared, Secret};

use crate::cloud;
use crate::component::Release;
use crate::model::{Delivery, Plan, SecretDelivery, SecretGrant, StorageClass, Traefik};
use crate::node::{Node, because, list, map};

const WHY: &str = "a document for those who provide what the tree needs";
/// What a middleware is called in the list of services.
const MIDDLEWARE: &str = "Traefik middleware";
/// What a store of the External Secrets Operator is called there.
const SECRET_STORE: &str = "secret store";
/// Who makes what nothing of the tree does.
const YOU: &str = "you";

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
        ("dnsNames", dns_names(plan)),
        (
            "secrets",
            list(plan.secrets.all().map(|grant| secret(plan, grant)).chain(certificates(plan))),
        ),
        ("charts", list(releases.iter().map(chart))),
    ]);
    head.with(rest)
}

fn dns_names(plan: &Plan) -> Node {
    match &plan.ingress {
        Some(_) => list(cloud::public_hosts(plan).iter().map(Node::from)),
        None => because("without an ingress nothing has a public name", Vec::new()),
    }
}

fn chart(release: &Release) -> Node {
    const PIN: &str = "the version that the values were written for";
    map([
        ("component", because(PIN, release.id.as_str())),
        ("repository", because(PIN, release.chart.repository)),
        ("name", because(PIN, release.chart.name)),
        ("version", Node::from(&release.version)),
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
        SecretDelivery::Existing => YOU,
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

/// The certificate, in every namespace with a route: Traefik reads it beside the route.
fn certificates(plan: &Plan) -> Vec<Node> {
    let Some(secret) = plan.ingress.as_ref().and_then(|traefik| traefik.tls_secret.as_ref()) else {
        return Vec::new();
    };
    let names = &plan.names;
    let faro = &plan.collect.faro;
    let of = |space| {
        map([
            ("name", Node::from(secret)),
            ("namespace", Node::from(space)),
            ("purpose", because(WHY, "the certificate of the public names")),
            ("madeBy", because(WHY, YOU)),
            ("keys", list(["tls.crt", "tls.key"].map(|key| map([("key", because(WHY, key))])))),
        ])
    };
    let mut certificates = vec![of(&names.grafana_namespace)];
    if faro.value {
        certificates.push(of(&names.namespaces.alloy).because_of(&[&faro.origin]));
    }
    certificates
}

/// Classes of the volumes: those that were named, or the cluster's default.
fn storage_classes(plan: &Plan) -> Vec<Node> {
    const WHY_VOLUMES: &str = "ingesters and stores keep data on volumes";
    let named = [&plan.mimir.storage_class, &plan.loki.storage_class];
    let mut classes = Vec::new();
    if named.iter().any(|class| class.is_none()) {
        classes.push(map([
            ("name", because(WHY, "default storage class")),
            ("why", because(WHY, WHY_VOLUMES)),
        ]));
    }
    let mut seen: Vec<&StorageClass> = Vec::new();
    for class in named.into_iter().flatten() {
        if !seen.contains(&&class.value) {
            seen.push(&class.value);
            let need = map([
                ("name", because(WHY, "storage class")),
                ("reference", Node::from(class)),
                ("why", because(WHY, WHY_VOLUMES)),
            ]);
            classes.push(need.because_of(&[&class.origin]));
        }
    }
    classes
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
            "a network plugin that enforces them: the stores trust whoever reaches them; Cilium must \
             be told that addresses match nodes (policyCIDRMatchMode: nodes), or kubelets and the \
             Kubernetes API are out of the collector's reach",
        ),
    ];
    services.extend(storage_classes(plan));
    match &plan.secrets.delivery {
        SecretDelivery::Existing => {}
        SecretDelivery::ExternalSecrets { kind, name } => {
            services.push(service(
                "External Secrets Operator",
                "external-secrets.io/v1 makes the Secrets",
            ));
            let store = kind.derive_with(name, "the store of the spec", |kind, name| {
                format!("{}/{name}", kind.as_str())
            });
            services.push(map([
                ("name", because(WHY, SECRET_STORE)),
                ("reference", Node::from(&store)),
                ("why", because(WHY, "the operator reads the secrets from it")),
            ]));
        }
        SecretDelivery::Csi(_) => services.push(service(
            "Secrets Store CSI driver",
            "with its provider, syncing to Kubernetes Secrets turned on, and tokenRequests for the \
             cloud's audience",
        )),
    }
    if let Some(traefik) = &plan.ingress {
        services.push(service("Traefik 3", "traefik.io/v1alpha1 routes requests"));
        services.extend(middlewares(traefik));
    }
    match &plan.delivery {
        Some(Delivery::ArgoCd(_)) => {
            services.push(service(
                "Argo CD",
                "one of your Applications must sync the folder `delivery`; its Applications do the rest",
            ));
        }
        Some(Delivery::Flux(_)) => {
            services.push(service(
                "Flux 2.7",
                "its HelmReleases install the charts; a Kustomization of yours must sync this folder",
            ));
        }
        None => {}
    }
    services
}

/// The middlewares that say who users are.
fn middlewares(traefik: &Traefik) -> impl Iterator<Item = Node> {
    const WHY_MIDDLEWARE: &str = "Traefik drops a route with a missing middleware; one in another \
                                  namespace needs allowCrossNamespace";
    let auth = traefik.forward_auth.iter().flat_map(|auth| &auth.middlewares);
    auth.map(|middleware| {
        map([
            ("name", because(WHY, MIDDLEWARE)),
            ("reference", Node::from(middleware)),
            ("why", because(WHY, WHY_MIDDLEWARE)),
        ])
    })
}
