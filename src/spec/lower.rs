//! The workload itself: its head, its clusters, its sites and what is collected from them.

use super::section::Section;
use super::{KIND, clouds, components, stores};
use crate::diag::{Code, Diagnostic};
use crate::model::{
    Cidr, ClusterSpec, Collect, ControlRoom, DnsLabel, Domain, ForwardAuth, HostPort, KubeletTls,
    KubernetesVersion, Labels, Namespace, ObjectName, ObjectRef, Product, ReleaseId, Site,
    SiteName, SiteProduct, SiteReplicas, StorageOwner, Taint, TenantName, TlsEnd, Traefik,
    Word as _, Workload, WorkloadName,
};
use crate::origin::Sourced;

/// Blue, green, and room to spare: each cluster is a whole tree.
const MOST_CLUSTERS: usize = 20;
/// Each site is six probes on every collector's list.
const MOST_SITES: usize = 200;

/// Reads a whole document.
pub fn workload(root: &mut Section) -> Option<Workload> {
    let head = root.head(KIND);
    let metadata = root.required_section("metadata", "who this is", |metadata| {
        let doc = "the workload's name, `<name>-<environment>`";
        let name = metadata.required::<WorkloadName>("name", doc);
        let doc = "what it is called by besides, for `-l` and for a fleet's `groupBy`";
        let labels: Labels = metadata.words("labels", doc);
        Some((name?, labels))
    });
    let (name, labels) = metadata.unzip();
    let spec = root.required_section("spec", "what is wanted", |spec| {
        // The name is needed for defaults; without one the rest is still checked.
        let stand_in =
            || Sourced::default(WorkloadName::constant("name-missing"), "no name was given");
        spec_of(spec, name.clone().unwrap_or_else(stand_in))
    });
    let _ = (head?, name?);
    spec.map(|spec| Workload { labels: labels.unwrap_or_default(), ..spec })
}

fn spec_of(spec: &mut Section, name: Sourced<WorkloadName>) -> Option<Workload> {
    let tenant = spec.optional("tenantName", "the label `tenant_name` on every metric and log");
    let tenant = tenant.unwrap_or_else(|| tenant_of(&name));
    let names = stores::names(spec);
    let cloud = spec.required_section("cloud", "where it runs: `aws` or `azure`", clouds::cloud);
    let clusters = spec.named(
        "clusters",
        "one stack each; at least one, by release id",
        MOST_CLUSTERS,
        cluster,
    );
    if clusters.is_none() {
        spec.demand("clusters", "at least one, by release id, such as `\"20250115\": {}`");
    }
    let sites = spec.named("sites", "what the probes reach; `main` is required", MOST_SITES, site);
    if sites.is_none() {
        spec.demand("sites", "`main: {domain: …}` at least");
    }
    let domain = main_domain(spec, sites.as_deref());
    let control_room = spec.section("controlRoom", "a second Mimir for metrics", control_room);
    let secrets = stores::secrets(spec);
    let ingress = ingress(spec);
    let collect = spec.defaulted("collect", "what is collected", collect);
    let telemetry_reporting = spec.or_default(
        "telemetryReporting",
        "whether the four components may report usage to their makers",
        false,
        "nothing leaves the workload unless it is asked for",
    );
    let alloy = spec.defaulted("alloy", "the collector", components::alloy);
    let mimir = spec.defaulted("mimir", "the metrics store", components::mimir);
    let loki = spec.defaulted("loki", "the log store", components::loki);
    let grafana = spec.defaulted("grafana", "the user interface", components::grafana);
    let delivery = stores::delivery(spec);
    let overlays = spec.list("overlays", "what changes the tree, in order: names or folders");
    let image_registry = spec.optional(
        "imageRegistry",
        "where images come from, for overlays that take them from a mirror, such as `airgapped`",
    );
    Some(Workload {
        name,
        tenant,
        cloud: cloud?,
        names: names?,
        clusters: clusters?,
        sites: sites?,
        domain: domain?,
        control_room: control_room.map(|sourced| sourced.value),
        secrets,
        ingress,
        collect: collect?,
        telemetry_reporting,
        alloy: alloy?,
        mimir: mimir?,
        loki: loki?,
        grafana: grafana?,
        delivery,
        overlays: overlays.unwrap_or_default(),
        image_registry,
        labels: Vec::new(),
        group: None,
    })
}

fn tenant_of(name: &Sourced<WorkloadName>) -> Sourced<TenantName> {
    name.derive("the tenant is called like the workload", |name| {
        TenantName::parse(name.as_str()).unwrap_or(TenantName::constant("unnamed"))
    })
}

fn main_domain(spec: &mut Section, sites: Option<&[Site]>) -> Option<Sourced<Domain>> {
    let sites = sites?;
    let main = sites.iter().find(|site| site.name.value.as_str() == "main");
    if main.is_none() && !sites.is_empty() {
        let at = sites.first().and_then(|site| site.name.origin.written());
        let error = Diagnostic::error(Code::Conflict, at, "there is no site `main`");
        spec.report(error.help("add `main: {domain: …}`: Grafana answers below its domain"));
    }
    main.map(|site| site.domain.clone())
}

fn cluster(release: Sourced<ReleaseId>, section: &mut Section) -> Option<ClusterSpec> {
    let kubernetes = section.or_default(
        "kubernetesVersion",
        "the cluster's Kubernetes version",
        KubernetesVersion::constant("1.33"),
        "the version whose API the objects are checked against",
    );
    let storage = section.or_default(
        "storage",
        "whose store names it uses: `workload` keeps the plain names, `cluster` adds the release id",
        StorageOwner::Workload,
        "a single cluster owns the workload's stores",
    );
    Some(ClusterSpec {
        release,
        name: section.optional("name", "its name in its cloud; default: `<workload>-<release>`"),
        destination: section
            .optional("destination", "its name in Argo CD; default: `delivery.argocd.destination`"),
        kubernetes,
        taints: section.sections("taints", "every taint of any of its nodes", taint),
        label: section.optional("label", "the value of the label `cluster`"),
        storage,
        identities: section.section(
            "identities",
            "managed identities of this cluster alone (Azure)",
            clouds::client_ids,
        ),
        node_resource_group: section.optional(
            "nodeResourceGroup",
            "the resource group of its nodes (Azure); default: `MC_<group>_<cluster>_<region>`",
        ),
        oidc_issuer: section.optional(
            "oidcIssuer",
            "the URL of its token issuer, for the trust in prerequisites.yaml",
        ),
    })
}

/// A taint, or a toleration of one.
pub fn taint(section: &mut Section) -> Option<Taint> {
    let key = section.required("key", "the taint's key");
    let value = section.optional("value", "its value; without one any value is meant");
    let effect = section.required("effect", "NoSchedule, PreferNoSchedule or NoExecute");
    Some(Taint { key: key?, value, effect: effect? })
}

fn site(name: Sourced<SiteName>, section: &mut Section) -> Option<Site> {
    let domain = section.required("domain", "the site's domain");
    let public_probes = section.or_default(
        "publicProbes",
        "whether its products are probed through their public names too",
        true,
        "a product that answers inside and not outside is down for its users",
    );
    let products = section.defaulted("products", "what the site runs", |products| {
        let all = Product::ALL.into_iter();
        Some(all.filter_map(|product| site_product(products, product)).collect::<Vec<_>>())
    });
    Some(Site { name, domain: domain?, public_probes, products: products.unwrap_or_default() })
}

fn site_product(products: &mut Section, product: Product) -> Option<SiteProduct> {
    products.defaulted(product.as_str(), "a product of the site", |section| {
        let replicas = section.or_default(
            "replicas",
            "its pods; 0 says that the site does not run it",
            SiteReplicas::constant(1),
            "every product of a site runs unless its replicas are 0",
        );
        let domain_prefix = section.or_default(
            "domainPrefix",
            "the first label of its public name",
            product.host_label(),
            "the product's own name in lower case",
        );
        let probed = section.or_default(
            "probes",
            "whether it is probed at all",
            true,
            "a product that runs is watched",
        );
        Some(SiteProduct { product, replicas, domain_prefix, probed })
    })
}

fn control_room(section: &mut Section) -> Option<ControlRoom> {
    let domain = section.required("domain", "metrics go to `https://mimir.<domain>`");
    let tenant = section
        .optional("tenant", "the tenant there; default: the AWS account or the Azure tenant");
    let keep_metrics = section.list("keepMetrics", "the only metrics to send; default: all");
    let secret = section.or_default(
        "secret",
        "the Secret with the password, under the key `password`",
        ObjectName::constant("mimir-auth"),
        "the reference system's name",
    );
    Some(ControlRoom { domain: domain?, secret, tenant, keep_metrics })
}

fn ingress(spec: &mut Section) -> Option<Traefik> {
    let ingress = spec.section("ingress", "how requests get in; default: not at all", |ingress| {
        ingress.required_section("traefik", "through Traefik", traefik)
    });
    ingress.map(|sourced| sourced.value)
}

fn traefik(section: &mut Section) -> Option<Traefik> {
    let namespace = section.or_default(
        "namespace",
        "the namespace of its pods",
        Namespace::constant("traefik"),
        "where the reference system runs it",
    );
    let tls_ends_at = section.or_default(
        "tlsEndsAt",
        "`traefik`, or a `loadBalancer` in front of it that forwards plain HTTP",
        TlsEnd::Traefik,
        "users reach the proxy itself unless something else is said",
    );
    let (entry_point, why) = match tls_ends_at.value {
        TlsEnd::Traefik => ("websecure", "Traefik's usual name for its TLS entry point"),
        TlsEnd::LoadBalancer => ("web", "Traefik's usual name for its plain entry point"),
    };
    let doc = "the entry point for users; default: `websecure`, or `web` behind a load balancer";
    let asked: Option<Sourced<DnsLabel>> = section.optional("entryPoint", doc);
    let usual = || tls_ends_at.derive(why, |_| DnsLabel::constant(entry_point));
    let entry_point = asked.unwrap_or_else(usual);
    let tls_secret: Option<Sourced<ObjectName>> =
        section.optional("tlsSecret", "the certificate's Secret; default: Traefik's own default");
    if let Some(secret) = tls_secret.as_ref().filter(|_| tls_ends_at.value == TlsEnd::LoadBalancer)
    {
        let message = "a certificate has no use where TLS ends before Traefik";
        let error = Diagnostic::derived_error(Code::Conflict, &secret.origin, message);
        section.report(error.related(tls_ends_at.origin.written(), "TLS ends here"));
    }
    let forward_auth = section.section("forwardAuth", "who says who the user is", |section| {
        let middlewares: Option<Vec<Sourced<ObjectRef>>> =
            section.list("middlewares", "`<namespace>/<name>` of each, in their order");
        if middlewares.is_none() {
            section.demand("middlewares", "`<namespace>/<name>` of the forward-auth middleware");
        }
        let trusted: Option<Vec<Sourced<Cidr>>> =
            section.list("trustedProxies", "addresses from which Grafana believes the user header");
        Some(ForwardAuth {
            middlewares: middlewares?,
            trusted_proxies: trusted.unwrap_or_default(),
        })
    });
    let forward_auth = forward_auth.map(|sourced| sourced.value);
    Some(Traefik { namespace, tls_ends_at, entry_point, tls_secret, forward_auth })
}

fn collect(section: &mut Section) -> Option<Collect> {
    const WHY_APPS: &str = "the namespaces in which the products and their operator run";
    let namespaces = section.list("applicationNamespaces", "whose pods are scraped and logged");
    let default_namespaces = || {
        ["posit-team", "posit-team-system"]
            .map(|name| Sourced::default(Namespace::constant(name), WHY_APPS))
            .to_vec()
    };
    Some(Collect {
        application_namespaces: namespaces.unwrap_or_else(default_namespaces),
        product_namespace: section.or_default(
            "productNamespace",
            "the namespace of the products' Services, which are probed",
            Namespace::constant("posit-team"),
            "where the products' operator puts them",
        ),
        system_logs: section.or_default(
            "systemLogs",
            "whether node journals are read; runs the collector as root",
            false,
            "reading journals needs a privileged collector",
        ),
        faro: section.or_default(
            "faro",
            "whether browsers may send logs; opens a public endpoint where there is an ingress",
            false,
            "a public endpoint that takes data from anyone is opened only when asked for",
        ),
        cloud_metrics: section.or_default(
            "cloudMetrics",
            "whether databases, file systems and load balancers are watched",
            true,
            "alerts on managed storage and databases need them",
        ),
        kube_state_metrics: section.or_default(
            "kubeStateMetrics",
            "where kube-state-metrics answers",
            HostPort::constant("kube-state-metrics.kube-system.svc:8080"),
            "where the reference system installs it",
        ),
        kubelet_tls: section.or_default(
            "kubeletTls",
            "how kubelets' certificates are checked",
            KubeletTls::ClusterCa,
            "EKS and AKS sign kubelet certificates with the cluster's authority",
        ),
    })
}
