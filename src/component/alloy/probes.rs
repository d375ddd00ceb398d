//! Health checks of every site's products, from inside and through their public names.

use super::config::{LabelSource, Section, Targets, clustered, rule};
use super::sinks::MetricsReceiver;
use crate::model::{Amount as _, Plan, Product, Site, SiteProduct};
use crate::node::{Node, because, derived, list, map};
use crate::origin::Origin;
use crate::river::{Block, Expr};
use crate::syntax;

/// How a product answers a health check.
struct Check {
    module: &'static str,
    path: &'static str,
    header: Option<(&'static str, &'static str)>,
}

/// Source: the products' own health endpoints; the header lets a probe pass the login.
fn check(product: Product) -> Check {
    match product {
        Product::Connect => Check {
            module: "http_2xx_connect",
            path: "__ping__",
            header: Some(("X-Auth-Token", "probe")),
        },
        Product::PackageManager => Check { module: "http_2xx", path: "__ping__", header: None },
        Product::Workbench => Check {
            module: "http_2xx_workbench",
            path: "health-check",
            header: Some(("X-PTD-Health", "probe")),
        },
    }
}

/// The probes of every site; nothing if nothing is probed.
pub fn probes(plan: &Plan, to: &MetricsReceiver) -> Section {
    let mut section = Section::new("Health checks of the sites' products.");
    let targets: Vec<Block> = plan.sites.iter().flat_map(|site| site_targets(plan, site)).collect();
    if targets.is_empty() {
        return section;
    }
    let exporter = Block::new("prometheus.exporter.blackbox", "front_door")
        .set("config", modules())
        .blocks(targets);
    // Peers agree on who scrapes a target by its labels, so these must be the same on all of them;
    // by default `instance` would be the peer's own name, and most probes would have no scraper.
    const SAME: &str = "equal on all peers, or a probe belongs to nobody";
    let relabel = Block::new("discovery.relabel", "blackbox")
        .set("targets", Targets::of(&exporter).expr())
        .block(rule("instance", LabelSource::Constant(because(SAME, "blackbox").into()), SAME));
    let scrape = Block::new("prometheus.scrape", "blackbox")
        .set("targets", Targets::relabelled(&relabel).expr())
        .set("forward_to", to.forward())
        .block(clustered());
    let asked = plan.sites.iter().flat_map(|site| &site.products).filter(|one| is_probed(one));
    let asked = Origin::whole("something is probed", asked.flat_map(SiteProduct::switches));
    [exporter, relabel, scrape].into_iter().for_each(|block| section.push(block));
    section.because_of(&asked)
}

fn is_probed(product: &SiteProduct) -> bool {
    product.probed.value && product.replicas.value.get() > 0
}

/// The exporter's own configuration is YAML inside a string: built as a tree, printed as YAML.
fn modules() -> Node {
    const WHY: &str = "a health check answers at once, and with its own status";
    let modules = Product::ALL.map(|product| {
        let check = check(product);
        let http = map([("follow_redirects", because(WHY, false))]);
        let http = match check.header {
            Some((name, value)) => {
                http.with(map([("headers", map([(name, because(WHY, value))]))]))
            }
            None => http,
        };
        let module = map([
            ("prober", because(WHY, "http")),
            ("timeout", because(WHY, "10s")),
            ("http", http),
        ]);
        (check.module, module)
    });
    let yaml = syntax::emit(&map([("modules", map(modules))]));
    because(WHY, yaml)
}

fn site_targets(plan: &Plan, site: &Site) -> Vec<Block> {
    let running = site.products.iter().filter(|product| is_probed(product));
    running
        .flat_map(|product| {
            let switches = product.switches();
            let internal = target(plan, site, product, Reach::Internal).because_of(&switches);
            let public = site.public_probes.value.then(|| {
                let target = target(plan, site, product, Reach::Public);
                target.because_of(&[&switches[..], &[&site.public_probes.origin]].concat())
            });
            std::iter::once(internal).chain(public)
        })
        .collect()
}

#[derive(Clone, Copy)]
enum Reach {
    Internal,
    Public,
}

fn target(plan: &Plan, site: &Site, product: &SiteProduct, reach: Reach) -> Block {
    let check = check(product.product);
    let name = format!("{}-{}", site.name.value, product.product.as_str());
    let (name, address, from, check_type) = match reach {
        Reach::Internal => {
            let host = format!("{}-{}", site.name.value, product.product.host_label());
            let space = &plan.collect.product_namespace;
            let address = format!("http://{host}.{}.svc.cluster.local/{}", space.value, check.path);
            (name, address, [&site.name.origin, &space.origin], "internal")
        }
        Reach::Public => {
            let (prefix, domain) = (&product.domain_prefix, &site.domain);
            let address = format!("https://{}.{}/{}", prefix.value, domain.value, check.path);
            (format!("{name}-fqdn"), address, [&prefix.origin, &domain.origin], "fqdn")
        }
    };
    let name = derived("a probe's name says of what it is", [&site.name.origin], name);
    let address = derived("the product's address on this site", from, address);
    const LABELS: &str = "alerts say which product of which site is down, and from where";
    let labels = map([
        ("check_type", because(LABELS, check_type)),
        ("health_check_url", address.clone()),
        ("ptd_component", because(LABELS, product.product.as_str())),
        ("ptd_site", Node::from(&site.name)),
        ("tenant_name", Node::from(&plan.tenant)),
    ]);
    Block::unlabelled("target")
        .set("name", name)
        .set("address", address)
        .set("module", because("the product's way to answer", check.module))
        .set("labels", Expr::Literal(labels))
}

/// Hosts on which a browser loads the sites' pages.
pub fn browser_origins(plan: &Plan) -> Node {
    let origins = plan.sites.iter().flat_map(|site| {
        let own = derived(
            "pages of the site send logs from its own domain",
            [&site.domain.origin],
            format!("https://{}", site.domain.value),
        );
        let products = site.products.iter().filter(|product| product.replicas.value.get() > 0);
        let products = products.map(|product| {
            let host = format!("https://{}.{}", product.domain_prefix.value, site.domain.value);
            let from =
                [&site.domain.origin, &product.domain_prefix.origin, &product.replicas.origin];
            derived("pages of a product send logs from its own host", from, host)
        });
        std::iter::once(own).chain(products).collect::<Vec<_>>()
    });
    list(origins)
}
