//! What charts read: the kept contracts against our values, against mistakes people make, and, where
//! the charts are at hand, against the charts' own values and Helm.
//!
//! `TELEMETREE_CHARTS` names a folder with the unpacked charts, each called by its name; `helm` is
//! looked for on `PATH`.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::disallowed_macros,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::format_push_string,
    clippy::format_collect,
    clippy::case_sensitive_file_extension_comparisons,
    reason = "tests look at the world and fail by panicking"
)]

#[path = "../support/mod.rs"]
mod support;

mod command;
mod defaults;
mod derive;
mod helm;
mod hostile;
mod mistakes;
mod whole;

use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use telemetree::contract::chart::{self, Contract};
use telemetree::contract::{Breach, Place};
use telemetree::node::Node;
use telemetree::origin::Origin;

/// The charts of a release: component, chart, version.
const CHARTS: [(&str, &str, &str); 4] = [
    ("alloy", "alloy", "1.11.1"),
    ("grafana", "grafana", "12.11.1"),
    ("loki", "loki", "18.11.0"),
    ("mimir", "mimir-distributed", "6.0.6"),
];

fn contract(chart: &str) -> &'static Contract {
    let (_, name, version) = CHARTS.into_iter().find(|(_, name, _)| *name == chart).unwrap();
    chart::bundled(name, version).unwrap()
}

fn node(yaml: &str) -> Node {
    Node::from_json(serde_yaml::from_str(yaml).unwrap(), &Origin::Structure)
}

fn path(breach: &Breach) -> String {
    match &breach.place {
        Place::Key(path) | Place::Value(path) | Place::Within(path, _) | Place::Inside(path, _) => {
            path.to_string()
        }
        Place::Origin(_) => String::new(),
    }
}

fn line(breach: &Breach) -> String {
    let help = breach.help.as_deref().unwrap_or("-");
    format!("{:?} {}: {}; {help}", breach.kind, path(breach), breach.message)
}

/// The folder with the charts, if there is one.
fn charts() -> Option<PathBuf> {
    let folder = std::env::var_os("TELEMETREE_CHARTS").map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: set TELEMETREE_CHARTS to a folder with the unpacked charts");
    }
    folder
}

#[test]
fn every_golden_value_is_read() {
    let (mut seen, mut time) = (0, Duration::ZERO);
    for case in support::cases() {
        for (path, text) in support::compile(&case.name, &case.spec) {
            let Some(folder) = path.strip_suffix("/values.yaml") else { continue };
            let component = folder.rsplit('/').next().unwrap();
            let chart = CHARTS.into_iter().find(|(id, _, _)| *id == component);
            let (_, chart, _) = chart.unwrap_or_else(|| panic!("no chart for {component}"));
            let values = node(&text);
            let start = Instant::now();
            let found = chart::check(&values, contract(chart));
            time += start.elapsed();
            let found: Vec<String> = found.iter().map(line).collect();
            assert!(found.is_empty(), "{} {path}:\n{}", case.name, found.join("\n"));
            seen += 1;
        }
    }
    println!("{seen} values files, none with a breach, checked in {time:?}");
    assert!(seen > 20);
}

/// Keys in the charts' own test values that nothing reads. `helm` shows that each changes nothing.
const STALE: [(&str, &str); 15] = [
    // A slip of theirs: `emtpyDir`.
    ("grafana", "/imageRenderer/extraVolumes/0/emtpyDir"),
    ("loki", "/bloomCompactor"),
    ("loki", "/loki/kedaAutoscaling"),
    ("loki", "/loki/storage/bucketNames/admin"),
    ("loki", "/memcached/replicas"),
    ("mimir-distributed", "/admin-cache"),
    ("mimir-distributed", "/admin_api"),
    ("mimir-distributed", "/enterprise"),
    ("mimir-distributed", "/gateway/enabledNonEnterprise"),
    ("mimir-distributed", "/gateway/image"),
    ("mimir-distributed", "/global/dnsConfig"),
    ("mimir-distributed", "/metaMonitoring/grafanaAgent/serviceAccount"),
    ("mimir-distributed", "/nginx"),
    // Holders of anchors.
    ("mimir-distributed", "/ci_resources"),
    ("mimir-distributed", "/test_extra_args"),
];

/// The values of a chart's own tests, by file, as Helm reads them.
fn ci_values(chart: &Path) -> Vec<(String, Value)> {
    let files = support::read_folder(&chart.join("ci"));
    let files = files.into_iter().filter(|(file, _)| file.ends_with(".yaml"));
    let read = |text: &str| {
        let mut values: serde_yaml::Value = serde_yaml::from_str(text).unwrap();
        values.apply_merge().unwrap();
        let values = serde_json::to_value(values).unwrap();
        if values.is_null() { json!({}) } else { values }
    };
    files.map(|(file, text)| (file, read(&text))).collect()
}

#[test]
fn every_ci_value_is_read() {
    let Some(charts) = charts() else { return };
    let (mut files, mut found) = (0, Vec::new());
    for (_, chart, _) in CHARTS {
        for (file, values) in ci_values(&charts.join(chart)) {
            files += 1;
            let values = Node::from_json(values, &Origin::Structure);
            for breach in chart::check(&values, contract(chart)) {
                if !STALE.contains(&(chart, path(&breach).as_str())) {
                    found.push(format!("{chart}/{file} {}", line(&breach)));
                }
            }
        }
    }
    println!("{files} values files of the charts' own tests");
    assert!(found.is_empty(), "{}", found.join("\n"));
}
