//! Where settings stand in the values of the charts mimir-distributed 6.0.6, loki 18.11.0 and grafana
//! 12.11.1, as their templates say.

use super::facts::{Facts, LOKI, MIMIR, Type};
use super::findings::{At, Findings};
use super::view::View;
use super::{LOKI_READER, MIMIR_READER, grafana, loki, mimir, provisioning};
use crate::contract::{Breach, Kind};
use crate::node::{Data, Node};
use crate::pointer::Pointer;

/// The settings in the values of a chart, by the chart's name; nothing for charts that hold none.
pub fn in_values(chart: &str, values: &Node) -> Vec<Breach> {
    let mut found = Findings::default();
    match chart {
        "mimir-distributed" => of_mimir(values, &mut found),
        "loki" => of_loki(values, &mut found),
        "grafana" => of_grafana(values, &mut found),
        _ => {}
    }
    found.all()
}

fn of_mimir(values: &Node, found: &mut Findings) {
    template(values, &["mimir", "config"], found);
    misplaced(values, "mimir", &["config", "structuredConfig"], &MIMIR, found);
    let settings = ["mimir", "structuredConfig"];
    read(values, &settings, found, |node, found| {
        MIMIR_READER.check(node, Type::Structure(MIMIR.root), "", found);
    });
    read(values, &["runtimeConfig"], found, |node, found| {
        MIMIR_READER.check(node, Type::Structure("mimir.Runtime"), "", found);
    });
    let mut view = View::default();
    if let Some((node, at)) = place(values, &settings) {
        view.add("", node, at);
    }
    let kafka = ["kafka", "enabled"];
    let on = |path: &[&str]| switch(values, path).unwrap_or(true);
    let base = mimir::Base {
        chart: true,
        no_kafka: (!on(&kafka)).then(|| place(values, &kafka)).flatten().map(|(_, at)| at),
        stores: [on(&["ruler", "enabled"]), on(&["alertmanager", "enabled"])],
    };
    mimir::check(&view, &base, found);
    // Mimir says 3.
    let factor = view.get("ingester.ring.replication_factor").map_or(3, |found| whole(found.node));
    replicas(values, &["ingester", "replicas"], factor, found);
}

/// The members of `loki` that are sections of Loki's configuration, and what those are called.
const SECTIONS: [(&str, &str); 25] = [
    ("analytics", "analytics"),
    ("auth_enabled", "auth_enabled"),
    ("bloom_build", "bloom_build"),
    ("bloom_gateway", "bloom_gateway"),
    ("commonConfig", "common"),
    ("compactor", "compactor"),
    ("compactor_grpc_client", "compactor_grpc_client"),
    ("distributor", "distributor"),
    ("extraMemberlistConfig", "memberlist"),
    ("frontend", "frontend"),
    ("frontend_worker", "frontend_worker"),
    ("index_gateway", "index_gateway"),
    ("ingester", "ingester"),
    ("ingester_client", "ingester_client"),
    ("limits_config", "limits_config"),
    ("memberlistConfig", "memberlist"),
    ("operational_config", "operational_config"),
    ("pattern_ingester", "pattern_ingester"),
    ("querier", "querier"),
    ("query_range", "query_range"),
    ("query_scheduler", "query_scheduler"),
    ("rulerConfig", "ruler"),
    ("schemaConfig", "schema_config"),
    ("server", "server"),
    ("storage_config", "storage_config"),
];

fn of_loki(values: &Node, found: &mut Findings) {
    template(values, &["loki", "config"], found);
    // The chart still writes it into the configuration, and Loki stops at it.
    if let Some((node, at)) = place(values, &["loki", "block_builder"])
        && !node.is_empty()
    {
        let message = "Loki 3.7.6 has no `block_builder` any more".to_owned();
        found.add(At::Other(&at), Kind::Removed, message, Some("leave it out".to_owned()));
    }
    let known: Vec<&str> = SECTIONS.iter().map(|(key, _)| *key).collect();
    misplaced(values, "loki", &[known.as_slice(), &["tracing", "ui"]].concat(), &LOKI, found);
    for (key, section) in SECTIONS {
        let path = ["loki", key];
        let Some(kind) = LOKI.at(section) else { continue };
        read(values, &path, found, |node, found| LOKI_READER.check(node, kind, section, found));
    }
    let settings = ["loki", "structuredConfig"];
    read(values, &settings, found, |node, found| {
        LOKI_READER.check(node, Type::Structure(LOKI.root), "", found);
    });
    read(values, &["loki", "runtimeConfig"], found, |node, found| {
        LOKI_READER.check(node, Type::Structure("loki.Runtime"), "", found);
    });
    let view = loki_view(values);
    loki::check(&view, found);
    let path = match values.get("deploymentMode").and_then(Node::text) {
        Some("SimpleScalable") => ["write", "replicas"],
        Some("Distributed") => ["ingester", "replicas"],
        None | Some("Monolithic" | "SingleBinary") => ["singleBinary", "replicas"],
        Some(_) => return,
    };
    // The chart says 3.
    let factor = view.get("common.replication_factor").map_or(3, |found| whole(found.node));
    replicas(values, &path, factor, found);
}

/// Loki's configuration, which stands in several places of the values.
pub(super) fn loki_view(values: &Node) -> View<'_> {
    let mut view = View::default();
    let settings = ("structuredConfig", "");
    for (key, section) in SECTIONS.into_iter().chain([settings]) {
        if let Some((node, at)) = place(values, &["loki", key]) {
            view.add(section, node, at);
        }
    }
    view
}

fn of_grafana(values: &Node, found: &mut Findings) {
    read(values, &["grafana.ini"], found, grafana::check);
    let kinds: [(&str, provisioning::Check); 4] = [
        ("datasources", provisioning::datasources),
        ("dashboardProviders", provisioning::dashboard_providers),
        ("alerting", provisioning::alerting),
        ("notifiers", provisioning::notifiers),
    ];
    for (key, check) in kinds {
        let Some(Node { data: Data::Map(files), .. }) = values.get(key) else { continue };
        for (file, node) in files {
            read(values, &[key, file], found, |node, found| evaluated(&node.data, found));
            // A file of text is Grafana's templates, or goes through Helm first.
            if let Data::Map(_) = node.data {
                read(values, &[key, file], found, check);
            }
        }
    }
}

/// Sections of the application where the chart's own settings are: Helm passes over them.
fn misplaced(values: &Node, member: &str, known: &[&str], facts: &Facts, found: &mut Findings) {
    let Some(Node { data: Data::Map(members), .. }) = values.get(member) else { return };
    for name in members.keys().filter(|name| !known.contains(&name.as_ref())) {
        if facts.setting(facts.root, name).is_some() {
            found.within(member, |found| {
                found.within(name, |found| {
                    let message = format!("the chart does not read `{name}` here");
                    let near = SECTIONS.iter().find(|(_, own)| own == name);
                    let help = match near {
                        Some((key, _)) if member == "loki" => format!("did you mean `{key}`?"),
                        _ => format!("it belongs under `{member}.structuredConfig`"),
                    };
                    found.add(At::Key, Kind::Unknown, message, Some(help));
                });
            });
        }
    }
}

/// What Helm would evaluate although it is meant for Grafana.
fn evaluated(data: &Data, found: &mut Findings) {
    match data {
        Data::Text(text) => {
            let meant = text.split("{{").skip(1).map(str::trim_start).find(|inner| {
                ["$labels", "$value", ".Labels", ".Annotations", ".Alerts"]
                    .iter()
                    .any(|name| inner.starts_with(name))
            });
            if meant.is_some() {
                let message = "Helm evaluates this before Grafana sees it".to_owned();
                let help = "write `{{ \"{{\" }}` for `{{`".to_owned();
                found.add(At::Value, Kind::Conflict, message, Some(help));
            }
        }
        Data::List(items) => {
            for (position, item) in items.iter().enumerate() {
                found.within(&position.to_string(), |found| evaluated(&item.data, found));
            }
        }
        Data::Map(members) => {
            for (name, member) in members {
                found.within(name, |found| evaluated(&member.data, found));
            }
        }
        Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) => {}
    }
}

/// Fewer replicas than copies: writes find too few ingesters (grafana/mimir#8253).
fn replicas(values: &Node, path: &[&str], factor: i64, found: &mut Findings) {
    let Some((node, at)) = place(values, path) else { return };
    let count = whole(node);
    if count > 0 && count < factor {
        let message = format!("{count} cannot keep {factor} copies of what is written");
        let help = format!("write {factor} or more, or lower the replication factor");
        found.add(At::Other(&at), Kind::Conflict, message, Some(help));
    }
}

/// The charts' own templates of configurations are text; what takes their place is not read.
fn template(values: &Node, path: &[&str], found: &mut Findings) {
    if let Some((_, at)) = place(values, path) {
        let message =
            "the chart's template of the configuration is replaced, and not read".to_owned();
        let help = "put settings into `structuredConfig`".to_owned();
        found.add(At::Other(&at), Kind::Uncovered, message, Some(help));
    }
}

/// Checks what stands at a path, if anything does.
fn read(
    values: &Node,
    path: &[&str],
    found: &mut Findings,
    check: impl FnOnce(&Node, &mut Findings),
) {
    if let Some((node, at)) = place(values, path) {
        let mut inner = Findings::below(at);
        check(node, &mut inner);
        found.extend(inner.all());
    }
}

pub(super) fn place<'a>(values: &'a Node, path: &[&str]) -> Option<(&'a Node, Pointer)> {
    let mut at = Pointer::default();
    let node = path.iter().try_fold(values, |node, name| {
        at.push(name);
        node.get(name)
    })?;
    (node.data != Data::Null).then_some((node, at))
}

pub(super) fn switch(values: &Node, path: &[&str]) -> Option<bool> {
    match place(values, path)?.0.data {
        Data::Bool(value) => Some(value),
        Data::Null
        | Data::Int(_)
        | Data::Float(_)
        | Data::Text(_)
        | Data::List(_)
        | Data::Map(_) => None,
    }
}

fn whole(node: &Node) -> i64 {
    match node.data {
        Data::Int(number) => number,
        // What is no number is a finding of the chart's.
        Data::Null
        | Data::Bool(_)
        | Data::Float(_)
        | Data::Text(_)
        | Data::List(_)
        | Data::Map(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_section_of_the_charts_is_one_of_loki() {
        for (key, section) in SECTIONS {
            assert!(LOKI.at(section).is_some(), "{key}");
        }
    }
}
