//! Grafana: the user interface.

mod dashboard;
mod route;

use super::sizing::{Table, row};
use super::{Chart, ComponentId, Release, gateway_url, metadata, secrets};
use crate::manifest;
use crate::model::{ForwardAuth, Plan, Replicas, SecretDelivery, Size};
use crate::node::{Data, Node, because, derived, list, map};
use crate::origin::{Origin, Sourced};

/// The chart. It moved to the community's repository in January 2026; the old one is frozen.
pub const CHART: Chart = Chart {
    repository: "https://grafana-community.github.io/helm-charts",
    name: "grafana",
    version: "12.11.1",
};

/// Source: the Grafana documentation asks for 512 MiB and one core at least.
static SIZES: Table = Table {
    small: row(1, "250m", "512Mi", "1Gi", ""),
    medium: row(1, "250m", "512Mi", "1Gi", ""),
    large: row(1, "250m", "512Mi", "1Gi", ""),
};

/// The header in which the proxy names the user.
const USER_HEADER: &str = "X-Forwarded-User";
/// The pods' port. Source: the chart's default.
pub const PORT: u16 = 3000;
/// The dashboards' folder and ConfigMap.
const DASHBOARDS: &str = "grafana-dashboards";
/// The datasources' uids. Dashboards and alerts refer to them.
const LOKI_UID: &str = "loki";
/// See [`LOKI_UID`].
const MIMIR_UID: &str = "mimir";

/// Renders the user interface.
pub fn render(plan: &Plan) -> Release {
    Release {
        id: ComponentId::Grafana,
        chart: CHART,
        version: CHART.pinned(),
        values: values(plan),
        config: None,
        objects: objects(plan),
    }
}

/// Grafana's host name.
fn host(plan: &Plan) -> Sourced<String> {
    plan.domain.derive_with(
        &plan.grafana.domain_prefix,
        "Grafana answers below the main domain",
        |domain, prefix| format!("{prefix}.{domain}"),
    )
}

/// Who says who the user is, if somebody does.
fn forward_auth(plan: &Plan) -> Option<&ForwardAuth> {
    plan.ingress.as_ref()?.forward_auth.as_ref()
}

fn values(plan: &Plan) -> Node {
    const NAME: &str = "the route refers to the Service by this name";
    const NO_TOKEN: &str = "Grafana asks nothing of the Kubernetes API";
    let size = Sourced::default(Size::Small, "users, not data, decide what Grafana takes");
    let values = map([
        ("fullnameOverride", because(NAME, "grafana")),
        ("replicas", Node::from(&plan.grafana.replicas)),
        ("resources", SIZES.resources(&size)),
        ("automountServiceAccountToken", because(NO_TOKEN, false)),
        ("rbac", map([("create", because(NO_TOKEN, false))])),
        ("serviceAccount", service_account(plan)),
        ("admin", admin(plan)),
        ("envValueFrom", environment(plan)),
        ("grafana.ini", ini(plan)),
        ("datasources", map([("datasources.yaml", datasources(plan))])),
    ]);
    let values = if plan.grafana.replicas.value > Replicas::constant(1) {
        let one = derived("several pods were asked for", [&plan.grafana.replicas.origin], 1);
        values.with(map([("podDisruptionBudget", map([("maxUnavailable", one)]))]))
    } else {
        values
    };
    let values = match secret_mounts(plan) {
        Some(mounts) => values.with(map([("extraSecretMounts", mounts)])),
        None => values,
    };
    let values =
        match plan.grafana_identity.as_ref().and_then(|identity| identity.access().pod_labels) {
            Some(labels) => values.with(map([("podLabels", labels)])),
            None => values,
        };
    let switch = &plan.grafana.oom_dashboard;
    if switch.value { values.with(dashboards().because_of(&[&switch.origin])) } else { values }
}

fn service_account(plan: &Plan) -> Node {
    match &plan.grafana_identity {
        Some(identity) => identity.service_account(),
        None => map([("name", Node::from(&plan.names.grafana_service_account))]),
    }
}

fn admin(plan: &Plan) -> Node {
    const KEYS: &str = "the Secret's keys";
    map([
        ("existingSecret", Node::from(&plan.grafana.admin_secret)),
        ("userKey", because(KEYS, "admin-user")),
        ("passwordKey", because(KEYS, "admin-password")),
    ])
}

/// The database's URL, by reference.
fn environment(plan: &Plan) -> Node {
    let reference = map([
        ("name", Node::from(&plan.grafana.database_secret)),
        ("key", Node::from(&plan.grafana.database_key)),
    ]);
    map([(plan.grafana.database_key.value.to_string(), map([("secretKeyRef", reference)]))])
}

/// The CSI driver makes a Secret only while a pod mounts it.
fn secret_mounts(plan: &Plan) -> Option<Node> {
    let SecretDelivery::Csi(_) = &plan.secrets.delivery else {
        return None;
    };
    const VOLUME: &str = "a volume's name; a Secret's may be longer and hold dots";
    let grants = [
        ("database-secret", &plan.secrets.grafana_database),
        ("admin-secret", &plan.secrets.grafana_admin),
    ];
    Some(list(grants.map(|(volume, grant)| {
        let path = grant.name.derive("the driver needs a mount to make the Secret", |name| {
            format!("/run/secrets/{name}")
        });
        map([
            ("name", because(VOLUME, volume)),
            ("mountPath", Node::from(&path)),
            ("readOnly", because("secrets are read", true)),
            ("csi", secrets::csi_volume(grant)),
        ])
    })))
}

fn ini(plan: &Plan) -> Node {
    let host = host(plan);
    let url = host.derive("users reach Grafana through TLS", |host| format!("https://{host}"));
    let reports = || Node::from(&plan.telemetry_reporting);
    let database = &plan.grafana.database_key;
    let from_env = database.derive("read from the environment, where the Secret puts it", |key| {
        format!("$__env{{{key}}}")
    });
    let ini = map([
        ("server", map([("domain", Node::from(&host)), ("root_url", Node::from(&url))])),
        (
            "database",
            map([
                ("url", Node::from(&from_env)),
                ("ssl_mode", because("the database is outside the cluster", "require")),
            ]),
        ),
        (
            "analytics",
            map([
                ("reporting_enabled", reports()),
                ("check_for_updates", reports()),
                ("check_for_plugin_updates", reports()),
            ]),
        ),
        (
            "plugins",
            map([(
                "preinstall_disabled",
                because("pods start without a download; the network policy would refuse it", true),
            )]),
        ),
        (
            "unified_alerting",
            map([("enabled", because("alerts are the control room's, and are kept there", false))]),
        ),
        ("security", map([("cookie_secure", because("cookies travel through TLS only", true))])),
    ]);
    match forward_auth(plan) {
        Some(auth) => ini.with(proxy_auth(auth)),
        None => ini,
    }
}

/// The proxy says who the user is. That cannot be forged: the route strips the header from what
/// clients send, the network policy lets only the proxy in, and Grafana believes only its
/// addresses where they are known.
fn proxy_auth(auth: &ForwardAuth) -> Node {
    let origins = auth.middlewares.iter().map(|middleware| &middleware.origin);
    let origin = Origin::derived("forward authentication was asked for", origins);
    let leaf = |data: Data| Node { data, origin: origin.clone() };
    let proxy = map([
        ("enabled", leaf(true.into())),
        ("header_name", leaf(USER_HEADER.into())),
        ("header_property", leaf("username".into())),
        ("auto_sign_up", leaf(true.into())),
    ]);
    let proxy = if auth.trusted_proxies.is_empty() {
        proxy
    } else {
        let ranges: Vec<String> =
            auth.trusted_proxies.iter().map(|range| range.value.to_string()).collect();
        let from = auth.trusted_proxies.iter().map(|range| &range.origin);
        proxy.with(map([("whitelist", derived("who may name a user", from, ranges.join(", ")))]))
    };
    map([
        ("auth.proxy", proxy),
        ("auth", map([("disable_signout_menu", leaf(true.into()))])),
        (
            "users",
            map([("auto_assign_org_role", because("the design: users are editors", "Editor"))]),
        ),
    ])
}

fn datasources(plan: &Plan) -> Node {
    const FIXED: &str = "dashboards refer to it";
    const DESIGN: &str = "the design's two data sources";
    const READ_ONLY: &str = "a change in the browser would be lost at the next start";
    let source = |name, kind, uid, component, path, default: bool| {
        map([
            ("name", because(DESIGN, name)),
            ("type", because(DESIGN, kind)),
            ("uid", because(FIXED, uid)),
            ("access", because(DESIGN, "proxy")),
            ("url", Node::from(&gateway_url(plan, component, path))),
            ("isDefault", because(DESIGN, default)),
            ("editable", because(READ_ONLY, false)),
        ])
    };
    let loki = source("Loki", "loki", LOKI_UID, ComponentId::Loki, "", true);
    let mimir = source("Mimir", "prometheus", MIMIR_UID, ComponentId::Mimir, "/prometheus", false);
    let options = map([
        ("httpMethod", because("long queries do not fit a URL", "POST")),
        ("prometheusType", because("Grafana asks what the store can do", "Mimir")),
        ("timeInterval", because("the scrape interval of the collector", "60s")),
    ]);
    let no_rules = || map([("manageAlerts", because("the stores keep no rules", false))]);
    let loki = loki.with(map([("jsonData", no_rules())]));
    let mimir = mimir.with(map([("jsonData", options.with(no_rules()))]));
    map([("apiVersion", because("the only version", 1)), ("datasources", list([loki, mimir]))])
}

fn dashboards() -> Node {
    const WHY: &str = "dashboards are files of this tree";
    let provider = map([
        ("name", because(WHY, "telemetree")),
        ("type", because(WHY, "file")),
        ("orgId", because(WHY, 1)),
        ("folder", because(WHY, "Workload")),
        ("disableDeletion", because(WHY, true)),
        ("editable", because(WHY, false)),
        ("options", map([("path", because(WHY, "/var/lib/grafana/dashboards/telemetree"))])),
    ]);
    let providers = map([("apiVersion", because(WHY, 1)), ("providers", list([provider]))]);
    map([
        ("dashboardProviders", map([("dashboardproviders.yaml", providers)])),
        ("dashboardsConfigMaps", map([("telemetree", because(WHY, DASHBOARDS))])),
    ])
}

fn objects(plan: &Plan) -> Vec<Node> {
    let dashboards = plan.grafana.oom_dashboard.value.then(|| dashboards_object(plan));
    let route = plan.ingress.iter().flat_map(|traefik| route::route(plan, traefik));
    dashboards.into_iter().chain(route).collect()
}

/// The object that the chart mounts the dashboards from.
fn dashboards_object(plan: &Plan) -> Node {
    const WHY: &str = "a dashboard that the spec leaves on";
    let shown = plan.collect.application_namespaces.first().map(|space| &space.origin);
    let json = derived(WHY, shown, dashboard::oom(plan, MIMIR_UID));
    let metadata = metadata(plan, ComponentId::Grafana, because(WHY, DASHBOARDS));
    let data = map([("data", map([("oom-debugging.json", json)]))]);
    let object = manifest::object(manifest::CONFIG_MAP, metadata, data);
    manifest::verbatim(object).because_of(&[&plan.grafana.oom_dashboard.origin])
}
