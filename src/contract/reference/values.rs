//! What the values of the pinned charts name. Sources: the templates of alloy 1.11.1, grafana 12.11.1,
//! loki 18.11.0 and mimir-distributed 6.0.6.

use super::found::{Found, Reference};
use super::spot::Spot;
use super::{Kind, objects, pods};
use crate::contract::Place;
use crate::node::Node;

/// Whether a chart reads a name.
#[derive(Debug, Clone, Copy)]
enum If {
    /// Always.
    Always,
    /// If the switch is on.
    On(&'static [&'static str]),
    /// If the switch is off.
    Off(&'static [&'static str]),
}

/// A value that is a name.
struct Name {
    chart: &'static str,
    at: &'static [&'static str],
    kind: Kind,
    read: If,
    /// The values that name keys of it.
    keys: &'static [&'static [&'static str]],
}

const fn name(chart: &'static str, at: &'static [&'static str], kind: Kind, read: If) -> Name {
    Name { chart, at, kind, read, keys: &[] }
}

impl Name {
    const fn with(self, keys: &'static [&'static [&'static str]]) -> Name {
        Name { keys, ..self }
    }
}

const ALLOY: &str = "alloy";
const GRAFANA: &str = "grafana";
const LOKI: &str = "loki";
const MIMIR: &str = "mimir-distributed";
const ACCOUNT: &[&str] = &["serviceAccount", "name"];
const NO_ACCOUNT: If = If::Off(&["serviceAccount", "create"]);

static NAMES: [Name; 13] = [
    name(
        ALLOY,
        &["alloy", "configMap", "name"],
        Kind::ConfigMap,
        If::Off(&["alloy", "configMap", "create"]),
    )
    .with(&[&["alloy", "configMap", "key"]]),
    name(ALLOY, ACCOUNT, Kind::ServiceAccount, NO_ACCOUNT),
    name(GRAFANA, &["admin", "existingSecret"], Kind::Secret, If::Always)
        .with(&[&["admin", "userKey"], &["admin", "passwordKey"]]),
    name(GRAFANA, &["smtp", "existingSecret"], Kind::Secret, If::Always)
        .with(&[&["smtp", "userKey"], &["smtp", "passwordKey"]]),
    name(GRAFANA, &["ldap", "existingSecret"], Kind::Secret, If::On(&["ldap", "enabled"])),
    name(
        GRAFANA,
        &["imageRenderer", "existingSecret"],
        Kind::Secret,
        If::On(&["imageRenderer", "enabled"]),
    ),
    name(GRAFANA, &["envFromSecret"], Kind::Secret, If::Always),
    name(
        GRAFANA,
        &["persistence", "existingClaim"],
        Kind::Claim,
        If::On(&["persistence", "enabled"]),
    ),
    name(GRAFANA, ACCOUNT, Kind::ServiceAccount, NO_ACCOUNT),
    name(LOKI, ACCOUNT, Kind::ServiceAccount, NO_ACCOUNT),
    name(
        LOKI,
        &["gateway", "basicAuth", "existingSecret"],
        Kind::Secret,
        If::On(&["gateway", "basicAuth", "enabled"]),
    ),
    name(MIMIR, ACCOUNT, Kind::ServiceAccount, NO_ACCOUNT),
    name(
        MIMIR,
        &["gateway", "nginx", "basicAuth", "existingSecret"],
        Kind::Secret,
        If::On(&["gateway", "nginx", "basicAuth", "enabled"]),
    ),
];

/// Members in which the same words mean other things, or that are looked at on their own.
const OTHERS: [&str; 9] = [
    "alerting",
    "config",
    "dashboards",
    "datasources",
    "extraObjects",
    "grafana.ini",
    "minio",
    "runtimeConfig",
    "structuredConfig",
];

/// What the values of a chart name, which is released into the namespace `home`. What hangs on a switch
/// that is off, or that only the chart turns on, is left out.
pub fn in_values(chart: &str, values: &Node, home: &str) -> Vec<Reference> {
    let values = Spot::root(values);
    let mut found = Found::in_namespace(home);
    for Name { at, kind, read, keys, .. } in NAMES.iter().filter(|name| name.chart == chart) {
        let is_read = match read {
            If::Always => true,
            If::On(switch) => values.flag_at(switch) == Some(true),
            If::Off(switch) => values.flag_at(switch) == Some(false),
        };
        if is_read {
            let keys = keys.iter().filter_map(|key| values.at(key)).collect();
            found.add_with(*kind, values.at(at), keys);
        }
    }
    if chart == GRAFANA {
        grafana(&values, &mut found);
    }
    parts(&values, &mut found);
    let mut all = found.all();
    for object in values.items_at(&["extraObjects"]) {
        all.extend(objects::in_spot(&object, home));
    }
    all
}

/// Lists of Grafana's chart that no other chart has.
fn grafana(values: &Spot, found: &mut Found) {
    for (list, kind) in [("envFromSecrets", Kind::Secret), ("envFromConfigMaps", Kind::ConfigMap)] {
        for source in values.items_at(&[list]).iter().filter(|source| !pods::is_optional(source)) {
            found.add(kind, source.get("name"));
        }
    }
    for (_, name) in values.get("dashboardsConfigMaps").iter().flat_map(Spot::members) {
        found.add(Kind::ConfigMap, Some(name));
    }
    for mount in values.items_at(&["extraConfigmapMounts"]) {
        pods::mounted(Kind::ConfigMap, "configMap", &mount, found);
    }
    for mount in values.items_at(&["extraSecretMounts"]) {
        pods::mounted(Kind::Secret, "secretName", &mount, found);
        mount.get("csi").iter().for_each(|csi| pods::driver(csi, found));
        mount.get("projected").iter().for_each(|volume| pods::projected(volume, found));
    }
    for volume in values.items_at(&["extraVolumes"]) {
        found.add(Kind::Claim, volume.get("existingClaim"));
    }
    for (_, source) in values.get("envValueFrom").iter().flat_map(Spot::members) {
        pods::value_from(&source, found);
    }
}

/// Parts of pods and ingresses that charts hand on, at any depth; not below a switch that is off.
fn parts(values: &Spot, found: &mut Found) {
    if values.flag_at(&["enabled"]) == Some(false) {
        return;
    }
    for (key, value) in values.members() {
        let items = || value.items();
        match key {
            "extraVolumes" => pods::volumes(&items(), found),
            "volumes" => pods::volumes(&value.items_at(&["extra"]), found),
            "env" | "extraEnv" => pods::variables(&items(), found),
            "envFrom" | "extraEnvFrom" => pods::whole_sources(&items(), found),
            "imagePullSecrets" | "pullSecrets" => pods::pull_secrets(&items(), found),
            "extraContainers" | "extraInitContainers" | "initContainers" | "sidecars" => {
                pods::containers(&items(), found);
            }
            "ingress" if value.flag_at(&["enabled"]) == Some(true) => {
                for tls in value.items_at(&["tls"]) {
                    found.add(Kind::Secret, tls.get("secretName"));
                }
            }
            _ if OTHERS.contains(&key) => {}
            _ => parts(&value, found),
        }
    }
}

/// An identity in the cloud that a service account of a chart takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Where it stands.
    pub at: Place,
    /// What the cloud calls it: the role's ARN, or the client id.
    pub id: String,
}

/// The identities that a chart's own service account takes, on whichever cloud.
pub fn identities(values: &Node) -> Vec<Identity> {
    const ANNOTATIONS: [&str; 2] =
        ["eks.amazonaws.com/role-arn", "azure.workload.identity/client-id"];
    let values = Spot::root(values);
    let one = |key: &&str| {
        let spot = values.at(&["serviceAccount", "annotations", key])?;
        let id = spot.text().filter(|id| !id.contains("{{"))?;
        Some(Identity { at: spot.place(), id: id.to_owned() })
    };
    ANNOTATIONS.iter().filter_map(one).collect()
}

/// The middlewares that the annotations of ingresses name, as `<namespace>-<name>@kubernetescrd`, each
/// with its place: in an Ingress, and in the values of charts that make one.
pub fn annotated_middlewares(node: &Node) -> Vec<(Place, String)> {
    let mut found = Vec::new();
    annotations(&Spot::root(node), &mut found);
    found
}

const MIDDLEWARES: &str = "traefik.ingress.kubernetes.io/router.middlewares";
const PROVIDER: &str = "@kubernetescrd";

fn annotations(holder: &Spot, found: &mut Vec<(Place, String)>) {
    // A chart makes an ingress only if it is turned on; the metadata of objects has a name instead.
    let is_made = holder.get("name").is_some() || holder.flag_at(&["enabled"]) == Some(true);
    if let Some(text) = holder.at(&["annotations", MIDDLEWARES]).filter(|_| is_made) {
        let mut start = 0;
        for part in text.text().unwrap_or_default().split_inclusive(',') {
            let name = part.trim_end_matches(',').trim();
            if let Some(name) = name.strip_suffix(PROVIDER).filter(|name| !name.contains("{{")) {
                let from = start + (part.len() - part.trim_start().len());
                let at = Place::Within(text.pointer(), from..from + name.len());
                found.push((at, name.to_owned()));
            }
            start += part.len();
        }
    }
    for (key, member) in holder.members() {
        if !OTHERS.contains(&key) {
            annotations(&member, found);
        }
    }
}
