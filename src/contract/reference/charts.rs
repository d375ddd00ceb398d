//! What the pinned charts make. All their names are the chart's full name, or that and a part.

use super::made::{self, Made};
use super::spot::Spot;
use super::{Kind, Named};
use crate::node::Node;
use std::collections::BTreeSet;

/// The parts that objects of a chart are called after. Source: the templates of alloy 1.11.1, grafana
/// 12.11.1, loki 18.11.0 and mimir-distributed 6.0.6. Of some parts only a switch makes anything: a
/// name that a chart can make is taken to be made.
const PARTS: [(&str, &[&str]); 4] = [
    ("alloy", &["cluster"]),
    (
        "grafana",
        &[
            "config-dashboards",
            "config-secret",
            "dashboards",
            "env",
            "headless",
            "image-renderer",
            "test",
        ],
    ),
    (
        "loki",
        &[
            "backend",
            "bloom-builder",
            "bloom-gateway",
            "bloom-planner",
            "canary",
            "chunks-cache",
            "compactor",
            "dashboards",
            "data",
            "distributor",
            "gateway",
            "headless",
            "index-gateway",
            "ingester",
            "memberlist",
            "memcached",
            "minio",
            "overrides-exporter",
            "pattern-ingester",
            "querier",
            "query-frontend",
            "query-scheduler",
            "read",
            "results-cache",
            "rollout-operator",
            "ruler",
            "runtime",
            "single-binary",
            "table-manager",
            "write",
        ],
    ),
    (
        "mimir-distributed",
        &[
            "alertmanager",
            "chunks-cache",
            "compactor",
            "config",
            "continuous-test",
            "distributor",
            "gateway",
            "gossip-ring",
            "index-cache",
            "ingester",
            "kafka",
            "logs-instance-usernames",
            "memcached",
            "metadata-cache",
            "metrics-instance-usernames",
            "minio",
            "overrides-exporter",
            "querier",
            "query-frontend",
            "query-scheduler",
            "results-cache",
            "rollout-operator",
            "ruler",
            "runtime",
            "smoke-test",
            "store-gateway",
        ],
    ),
];

/// What a chart makes with some values.
#[derive(Debug, Clone)]
pub struct ChartObjects {
    /// The namespace that it makes them in.
    pub namespace: String,
    /// Objects that the values hold whole, or name.
    pub made: Vec<Made>,
    /// Namespaces in which it may make anything, as [`super::opened_by_object`] says.
    pub opened: Vec<String>,
    bases: BTreeSet<String>,
    parts: &'static [&'static str],
}

impl ChartObjects {
    /// Whether the chart can make this.
    pub fn may_make(&self, what: &Named) -> bool {
        let can = match what.kind {
            Kind::Secret | Kind::ConfigMap | Kind::Claim | Kind::ServiceAccount | Kind::Service => {
                true
            }
            Kind::Middleware
            | Kind::MiddlewareTcp
            | Kind::SecretStore
            | Kind::ClusterSecretStore
            | Kind::ProviderClass => false,
        };
        can && what.namespace == self.namespace
            && self.bases.iter().any(|base| self.is_called(base, &what.name))
    }

    fn is_called(&self, base: &str, name: &str) -> bool {
        let Some(rest) = name.strip_prefix(base) else { return false };
        let is_part = |rest: &str| {
            self.parts.iter().any(|part| {
                rest.strip_prefix(part).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
            })
        };
        rest.is_empty() || rest.strip_prefix('-').is_some_and(is_part)
    }
}

/// What a chart makes with these values, released as `release` into the namespace `home`.
pub fn made_by_chart(chart: &str, values: &Node, release: &str, home: &str) -> ChartObjects {
    let values = Spot::root(values);
    let known = PARTS.iter().find(|(name, _)| *name == chart);
    let mut objects = ChartObjects {
        namespace: home.to_owned(),
        made: Vec::new(),
        opened: Vec::new(),
        bases: BTreeSet::from([release.to_owned()]),
        parts: known.map_or(&[], |(_, parts)| parts),
    };
    let full = values.text_at(&["fullnameOverride"]).filter(|name| !name.contains("{{"));
    match full {
        Some(name) if values.get("namespaceOverride").is_none() => {
            let _ = objects.bases.insert(name.to_owned());
        }
        Some(_) | None => {
            objects.opened.push(home.to_owned());
            objects.opened.extend(values.text_at(&["namespaceOverride"]).map(str::to_owned));
        }
    }
    renamed(&values, &mut objects);
    let Some(extra) = values.get("extraObjects") else { return objects };
    let named = extra.members().into_iter().map(|(_, object)| object);
    for object in extra.items().into_iter().chain(named) {
        let is_settled =
            object.text_at(&["metadata", "name"]).is_some_and(|name| !name.contains("{{"));
        if is_settled {
            objects.opened.extend(made::opened(&object, home));
            objects.made.extend(made::in_spot(&object, home));
        } else {
            objects.opened.push(home.to_owned());
        }
    }
    objects
}

/// Names that the values give to what the chart makes, at any depth.
fn renamed(values: &Spot, objects: &mut ChartObjects) {
    for (key, value) in values.members() {
        match key {
            "fullnameOverride" | "nameOverride" => {
                objects.bases.extend(value.text().map(str::to_owned));
            }
            "serviceAccount" if value.flag_at(&["create"]) != Some(false) => {
                objects.add(Kind::ServiceAccount, value.text_at(&["name"]));
            }
            "configMap" if value.flag_at(&["create"]) != Some(false) => {
                objects.add(Kind::ConfigMap, value.text_at(&["name"]));
            }
            "externalConfigSecretName" | "generatedConfigObjectName" => {
                objects.add(Kind::Secret, value.text());
                objects.add(Kind::ConfigMap, value.text());
            }
            _ => {}
        }
        renamed(&value, objects);
    }
}

impl ChartObjects {
    fn add(&mut self, kind: Kind, name: Option<&str>) {
        let namespace = self.namespace.clone();
        let made = |name: &str| Made {
            what: Named { kind, namespace, name: name.to_owned() },
            keys: None,
        };
        self.made.extend(name.map(made));
    }
}
