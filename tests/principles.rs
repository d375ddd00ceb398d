//! The design's principles, proven on the text of every tested tree: metrics reach both Mimirs, logs
//! reach the local Loki and nothing else, identities agree with what trusts them, secrets are only
//! ever named.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::case_sensitive_file_extension_comparisons,
    reason = "tests look at the world and fail by panicking"
)]

mod support;

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use support::{Files, cases, compile, read_folder, root};

/// Every tested spec with its files, by cluster.
fn trees() -> Vec<(String, Files)> {
    let goldens = cases().into_iter().map(|case| (case.name, case.spec));
    let specs = goldens.chain(read_folder(&root().join("tests/every-key")));
    let mut trees = BTreeMap::<String, Files>::new();
    for (name, spec) in specs {
        for (path, text) in compile(&name, &spec) {
            let (folder, file) =
                path.match_indices('/').nth(1).map(|(at, _)| path.split_at(at)).unwrap();
            let files = trees.entry(format!("{name}:{folder}")).or_default();
            let _ = files.insert(file.trim_start_matches('/').to_owned(), text);
        }
    }
    trees.into_iter().collect()
}

fn yaml(files: &Files, path: &str) -> Value {
    serde_yaml::from_str(&files[path]).unwrap()
}

/// A component of an Alloy configuration: its name, and the text between its braces.
struct Component<'a> {
    name: String,
    body: &'a str,
}

/// The components of a configuration in canonical layout: they start and end in the first column.
fn components(config: &str) -> Vec<Component<'_>> {
    let mut found = Vec::new();
    let mut rest = config;
    while let Some(open) = rest.find(" {\n") {
        let header = rest[..open].lines().last().unwrap();
        let body = &rest[open + 3..];
        let close = body.find("\n}\n").unwrap();
        found.push(Component {
            name: header.replace(" \"", ".").replace('"', ""),
            body: &body[..close],
        });
        rest = &body[close + 3..];
    }
    found
}

impl Component<'_> {
    /// The components that this one's text refers to.
    fn references<'b>(&self, all: &'b [Component]) -> Vec<&'b str> {
        let names = all.iter().map(|other| other.name.as_str());
        names.filter(|name| self.body.contains(&format!("{name}."))).collect()
    }

    /// The receivers in `forward_to`, or in an output's `logs`.
    fn sinks<'b>(&self, all: &'b [Component]) -> Vec<&'b str> {
        let names = all.iter().map(|other| other.name.as_str());
        names.filter(|name| self.body.contains(&format!("{name}.receiver"))).collect()
    }
}

/// Where everything that enters at `start` ends.
fn ends<'a>(start: &'a str, all: &'a [Component]) -> BTreeSet<&'a str> {
    let component = all.iter().find(|component| component.name == start).unwrap();
    let sinks = component.sinks(all);
    if sinks.is_empty() {
        return BTreeSet::from([start]);
    }
    sinks.into_iter().flat_map(|next| ends(next, all)).collect()
}

fn is_source(component: &Component, kinds: &[&str]) -> bool {
    kinds.iter().any(|kind| component.name.starts_with(kind))
}

#[test]
fn every_scrape_reaches_the_local_mimir_and_the_control_room_if_there_is_one() {
    for (name, files) in trees() {
        let all = components(&files["alloy/config.alloy"]);
        let has_room = all.iter().any(|one| one.name == "prometheus.remote_write.control_room");
        let mut wanted = BTreeSet::from(["prometheus.remote_write.workload"]);
        if has_room {
            let _ = wanted.insert("prometheus.remote_write.control_room");
        }
        let scrapes: Vec<_> =
            all.iter().filter(|one| is_source(one, &["prometheus.scrape"])).collect();
        assert!(scrapes.len() >= 4, "{name}");
        for scrape in scrapes {
            assert_eq!(ends(&scrape.name, &all), wanted, "{name}: {}", scrape.name);
            assert_eq!(
                scrape.sinks(&all),
                ["prometheus.relabel.default"],
                "{name}: {}",
                scrape.name
            );
        }
        // The control room is one feature: block, Secret, volume and mount come and go together.
        let values = &files["alloy/values.yaml"];
        assert_eq!(has_room, values.contains("/etc/mimir/"), "{name}");
        assert_eq!(
            has_room,
            files["prerequisites.yaml"].contains("the control room's Mimir"),
            "{name}"
        );
    }
}

#[test]
fn every_log_ends_in_the_local_loki_and_only_there() {
    const LOGS: [&str; 3] = ["loki.source.", "faro.receiver", "loki.process"];
    for (name, files) in trees() {
        let all = components(&files["alloy/config.alloy"]);
        for source in all.iter().filter(|component| is_source(component, &LOGS)) {
            let ends = ends(&source.name, &all);
            assert_eq!(ends, BTreeSet::from(["loki.write.local"]), "{name}: {}", source.name);
        }
        for component in &all {
            let urls = component.body.lines().filter_map(|line| line.trim().strip_prefix("url "));
            for url in urls {
                let local = url.contains(".svc.cluster.local/");
                let room = component.name == "prometheus.remote_write.control_room";
                assert!(local != room, "{name}: {} sends to {url}", component.name);
            }
        }
    }
}

#[test]
fn every_reference_leads_somewhere_and_nothing_is_built_in_vain() {
    const NEEDS_NO_READER: [&str; 6] = [
        "logging",
        "prometheus.scrape",
        "prometheus.remote_write",
        "loki.source",
        "loki.write",
        "faro",
    ];
    for (name, files) in trees() {
        let all = components(&files["alloy/config.alloy"]);
        for component in &all {
            for export in [".receiver", ".targets", ".output", ".rules"] {
                for (at, _) in component.body.match_indices(export) {
                    let part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
                    let target = component.body[..at].rsplit(|c| !part(c)).next().unwrap();
                    let exists = all.iter().any(|other| other.name == target);
                    assert!(exists, "{name}: {} refers to {target}{export}", component.name);
                }
            }
        }
        let read: BTreeSet<&str> = all.iter().flat_map(|one| one.references(&all)).collect();
        for component in &all {
            let idle = !read.contains(component.name.as_str());
            assert!(!idle || is_source(component, &NEEDS_NO_READER), "{name}: {}", component.name);
        }
    }
}

#[test]
fn clustered_scrapes_have_targets_that_all_peers_see_alike() {
    // These describe the node they run on: a peer cannot scrape them for another.
    const LOCAL: [&str; 1] = ["prometheus.exporter.unix"];
    for (name, files) in trees() {
        let all = components(&files["alloy/config.alloy"]);
        for scrape in
            all.iter().filter(|one| is_source(one, &["prometheus.scrape", "loki.source.kube"]))
        {
            let local = scrape
                .references(&all)
                .iter()
                .any(|one| LOCAL.iter().any(|kind| one.starts_with(kind)));
            let clustered = scrape.body.contains("clustering {");
            assert_eq!(clustered, !local, "{name}: {}", scrape.name);
        }
        assert!(files["alloy/values.yaml"].contains("clustering:\n    enabled: true"), "{name}");
    }
}

/// All texts in a document.
fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(members) => members.values().for_each(|member| texts(member, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[test]
fn service_accounts_are_the_ones_that_the_cloud_is_told_to_trust() {
    for (name, files) in trees() {
        let needs = yaml(&files, "prerequisites.yaml");
        let mut trusted = Vec::new();
        texts(&needs["cloud"], &mut trusted);
        let pod_identity = files["prerequisites.yaml"].contains("pods.eks.amazonaws.com");
        for component in ["mimir", "loki"] {
            let values = yaml(&files, &format!("{component}/values.yaml"));
            let account = values["serviceAccount"]["name"].as_str().unwrap();
            let namespace = yaml(&files, &format!("{component}/namespace.yaml"));
            let namespace = namespace["metadata"]["name"].as_str().unwrap();
            let subject = format!("system:serviceaccount:{namespace}:{account}");
            let known = if pod_identity {
                trusted.iter().any(|text| text == account)
                    && trusted.iter().any(|text| text == namespace)
            } else {
                trusted.contains(&subject)
            };
            assert!(known, "{name}: nothing trusts {subject}");
            let annotations = &values["serviceAccount"]["annotations"];
            for annotation in annotations.as_object().into_iter().flat_map(|map| map.values()) {
                let id = annotation.as_str().unwrap().to_owned();
                assert!(trusted.contains(&id), "{name}: {component} claims to be {id}");
            }
        }
    }
}

#[test]
fn objects_are_in_namespaces_that_the_tree_makes_or_that_were_named() {
    for (name, files) in trees() {
        let made: BTreeSet<String> = files
            .iter()
            .filter(|(path, _)| path.ends_with("/namespace.yaml"))
            .map(|(path, _)| yaml(&files, path)["metadata"]["name"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(made.len(), 4, "{name}");
        for (path, _) in
            files.iter().filter(|(path, _)| path.ends_with(".yaml") && path.contains('/'))
        {
            let object = yaml(&files, path);
            // Who applies the tree has a namespace already, and so has what an overlay adds elsewhere.
            let named = path.starts_with("delivery/") || path.starts_with("resources/");
            let Some(namespace) = object["metadata"]["namespace"].as_str() else { continue };
            assert!(made.contains(namespace) || named, "{name}: {path} is in {namespace}");
        }
    }
}

#[test]
fn no_file_holds_a_secret() {
    for (name, files) in trees() {
        for (path, text) in &files {
            assert!(!text.contains("kind: Secret\n"), "{name}: {path} is a Secret");
            let plain = text.lines().filter(|line| {
                let line = line.trim();
                [
                    "password:",
                    "password =",
                    "secret_key",
                    "access_key",
                    "accountKey",
                    "clientSecret",
                ]
                .iter()
                .any(|word| line.starts_with(word))
            });
            assert_eq!(plain.count(), 0, "{name}: {path}");
        }
    }
}

#[test]
fn the_collector_tolerates_every_taint_and_is_root_only_for_journals() {
    for (name, files) in trees() {
        let values = yaml(&files, "alloy/values.yaml");
        assert!(values["tolerations"].is_null(), "{name}: the chart reads no tolerations here");
        let privileged = values["alloy"]["securityContext"]["privileged"] == Value::Bool(true);
        assert_eq!(privileged, values["alloy"]["mounts"]["varlog"] == Value::Bool(true), "{name}");
        assert_eq!(
            privileged,
            files["alloy/config.alloy"].contains("loki.source.journal"),
            "{name}"
        );
    }
    let taints = |name: &str| {
        let (_, files) = trees().into_iter().find(|(tree, _)| tree.starts_with(name)).unwrap();
        yaml(&files, "alloy/values.yaml")["controller"]["tolerations"].as_array().unwrap().len()
    };
    // Two of the cluster, one of the spec, one of the overlay `base`.
    assert_eq!(taints("aws-full:"), 4);
    assert_eq!(taints("azure-full:"), 1);
}

#[test]
fn writers_have_as_many_pods_as_copies_and_keep_what_is_not_yet_stored() {
    for (name, files) in trees() {
        let mimir = yaml(&files, "mimir/values.yaml");
        assert!(mimir["ingester"]["replicas"].as_u64().unwrap() >= 3, "{name}");
        assert_eq!(mimir["ingester"]["persistentVolume"]["whenScaled"], "Retain", "{name}");
        let loki = yaml(&files, "loki/values.yaml");
        let writers = ["singleBinary", "write", "ingester"];
        let pods: u64 = writers.iter().filter_map(|part| loki[part]["replicas"].as_u64()).sum();
        assert!(
            pods >= loki["loki"]["commonConfig"]["replication_factor"].as_u64().unwrap(),
            "{name}"
        );
        assert_eq!(loki["loki"]["compactor"]["retention_enabled"], true, "{name}");
        assert!(loki["loki"]["schemaConfig"]["configs"][0]["from"].is_string(), "{name}");
        assert!(
            mimir["mimir"]["structuredConfig"]["limits"]["compactor_blocks_retention_period"]
                .as_str()
                .is_some_and(|days| days.ends_with('d'))
        );
    }
}

#[test]
fn one_switch_turns_every_report_off() {
    for (name, files) in trees() {
        let on = name.starts_with("aws-distributed:");
        let read =
            |path: &str, pointer: &str| yaml(&files, path).pointer(pointer).cloned().unwrap();
        let reports = [
            read("alloy/values.yaml", "/alloy/enableReporting"),
            read("mimir/values.yaml", "/mimir/structuredConfig/usage_stats/enabled"),
            read("loki/values.yaml", "/loki/analytics/reporting_enabled"),
            read("grafana/values.yaml", "/grafana.ini/analytics/reporting_enabled"),
        ];
        assert!(reports.iter().all(|value| *value == Value::Bool(on)), "{name}: {reports:?}");
    }
}
