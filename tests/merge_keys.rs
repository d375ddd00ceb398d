//! Which lists merge, and by which keys: the files agree with each other, with what is known of
//! Kubernetes, with the kinds that are made here, and with the document they were made from.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::disallowed_macros,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests look at the world and fail by panicking"
)]

mod support;

use serde::Deserialize;
use std::collections::BTreeMap;
use std::process::Command;
use support::{cases, read_folder, root};

const BUILT_IN: &str = "schema/kubernetes/merge-keys.json";
const CUSTOM: &str = "schema/crd/merge-keys.json";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Facts {
    source: String,
    #[serde(default)]
    why: BTreeMap<String, String>,
    kinds: BTreeMap<String, String>,
    types: BTreeMap<String, BTreeMap<String, Field>>,
}

#[derive(Deserialize, Debug, Default, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Field {
    keys: Option<Vec<String>>,
    of: Option<String>,
    #[serde(default)]
    retain_keys: bool,
}

fn text(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap()
}

fn read(path: &str) -> Facts {
    serde_json::from_str(&text(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Both files as one; a name that both have is a mistake.
fn all() -> Facts {
    let mut all = read(BUILT_IN);
    let custom = read(CUSTOM);
    for (name, fields) in custom.types {
        assert!(all.types.insert(name.clone(), fields).is_none(), "two types are called {name}");
    }
    for (name, kind) in custom.kinds {
        assert!(all.kinds.insert(name.clone(), kind).is_none(), "{name} is there twice");
    }
    all
}

/// The field at a path below a kind, items of lists included.
fn find<'a>(facts: &'a Facts, kind: &str, path: &str) -> Option<&'a Field> {
    let mut name = Some(&facts.kinds[kind]);
    let mut field = None;
    for step in path.split('.') {
        field = Some(facts.types.get(name?)?.get(step)?);
        name = field?.of.as_ref();
    }
    field
}

#[test]
fn every_name_names_a_type() {
    let facts = all();
    for (kind, name) in &facts.kinds {
        assert!(facts.types.contains_key(name), "{kind} is a {name}, which is not there");
    }
    for (name, fields) in &facts.types {
        for (field, one) in fields {
            let known = one.of.as_ref().is_none_or(|of| facts.types.contains_key(of));
            assert!(known, "{name}.{field} leads to {:?}, which is not there", one.of);
        }
    }
}

#[test]
fn every_type_is_reached_and_leads_somewhere() {
    let facts = all();
    let named: Vec<&String> =
        facts.types.values().flat_map(BTreeMap::values).filter_map(|one| one.of.as_ref()).collect();
    for (name, fields) in &facts.types {
        let reached = named.contains(&name) || facts.kinds.values().any(|kind| kind == name);
        assert!(reached, "nothing leads to {name}");
        assert!(!fields.is_empty(), "{name} leads nowhere");
        for (field, one) in fields {
            assert_ne!(one, &Field::default(), "{name}.{field} says nothing");
        }
    }
    // A type that only leads to itself would be found here: what merges is found by removing types
    // that merge, and those that lead to them, until none is left.
    let mut open: BTreeMap<_, _> = facts.types.iter().collect();
    loop {
        let merging: Vec<_> = open
            .iter()
            .filter(|(_, fields)| {
                fields.values().any(|one| {
                    one.keys.is_some()
                        || one.retain_keys
                        || one.of.as_ref().is_some_and(|of| !open.contains_key(of))
                })
            })
            .map(|(name, _)| *name)
            .collect();
        if merging.is_empty() {
            break;
        }
        open.retain(|name, _| !merging.contains(name));
    }
    assert!(open.is_empty(), "nothing merges below {:?}", open.keys());
}

#[test]
fn every_name_stands_in_its_order() {
    for path in [BUILT_IN, CUSTOM] {
        let mut last: [String; 8] = Default::default();
        for line in text(path).lines() {
            let name = line.trim_start();
            let depth = (line.len() - name.len()) / 2;
            if depth < 2 || !name.starts_with('"') {
                last[depth.max(1) + 1..].fill(String::new());
                continue;
            }
            let name = name.split('"').nth(1).unwrap();
            assert!(last[depth].as_str() < name, "{path}: `{name}` follows `{}`", last[depth]);
            name.clone_into(&mut last[depth]);
            last[depth + 1..].fill(String::new());
        }
    }
}

#[test]
fn every_custom_kind_has_a_reason_and_metadata() {
    let facts = read(CUSTOM);
    assert!(!facts.source.is_empty());
    assert!(facts.why.keys().eq(facts.kinds.keys()), "each kind has a reason, and no other");
    for (kind, name) in &facts.kinds {
        let metadata = facts.types[name].get("metadata").and_then(|one| one.of.as_deref());
        assert_eq!(metadata, Some("meta.v1.ObjectMeta"), "{kind}");
    }
}

#[test]
fn what_is_known_of_kubernetes_is_there() {
    let facts = all();
    let pod = "spec.template.spec";
    let known: [(&str, &str, &[&str]); 14] = [
        ("v1/Service", "spec.ports", &["port", "protocol"]),
        ("v1/Pod", "spec.containers", &["name"]),
        ("v1/Pod", "spec.containers.env", &["name"]),
        ("apps/v1/Deployment", &format!("{pod}.containers.ports"), &["containerPort", "protocol"]),
        ("apps/v1/StatefulSet", &format!("{pod}.initContainers.volumeMounts"), &["mountPath"]),
        ("apps/v1/DaemonSet", &format!("{pod}.imagePullSecrets"), &["name"]),
        ("batch/v1/CronJob", "spec.jobTemplate.spec.template.spec.hostAliases", &["ip"]),
        (
            "apps/v1/Deployment",
            &format!("{pod}.topologySpreadConstraints"),
            &["topologyKey", "whenUnsatisfiable"],
        ),
        ("v1/ConfigMap", "metadata.ownerReferences", &["uid"]),
        ("v1/ConfigMap", "metadata.finalizers", &[]),
        ("monitoring.coreos.com/v1/PrometheusRule", "spec.groups", &["name"]),
        ("external-secrets.io/v1/ExternalSecret", "spec.data", &["secretKey"]),
        ("traefik.io/v1alpha1/IngressRoute", "spec.routes", &["match"]),
        ("traefik.io/v1alpha1/Middleware", "metadata.finalizers", &[]),
    ];
    for (kind, path, keys) in known {
        let found = find(&facts, kind, path).and_then(|one| one.keys.as_ref());
        assert!(found.is_some_and(|found| found == keys), "{kind} {path}: {found:?}");
    }
    for (kind, path) in [
        ("v1/Pod", "spec.tolerations"),
        ("v1/Pod", "spec.containers.args"),
        ("v1/Pod", "spec.containers.resources.claims"),
        ("apps/v1/StatefulSet", "spec.volumeClaimTemplates"),
        ("networking.k8s.io/v1/NetworkPolicy", "spec.ingress"),
        ("networking.k8s.io/v1/Ingress", "spec.rules"),
        ("argoproj.io/v1alpha1/Application", "spec.sources"),
        ("helm.toolkit.fluxcd.io/v2/HelmRelease", "spec.valuesFrom"),
    ] {
        assert_eq!(find(&facts, kind, path), None, "{kind} {path} merges");
    }
    for path in ["spec.strategy", &format!("{pod}.volumes")] {
        assert!(find(&facts, "apps/v1/Deployment", path).unwrap().retain_keys, "{path}");
    }
    for absent in ["v1/PodList", "v1/Status", "v1/DeleteOptions", "v1/WatchEvent"] {
        assert!(!facts.kinds.contains_key(absent), "{absent} is no object");
    }
}

#[test]
fn every_kind_that_is_made_is_there() {
    let facts = all();
    let mut seen = 0;
    for (path, text) in cases().iter().flat_map(|case| read_folder(&case.folder)) {
        let line = |start| text.lines().find_map(|line: &str| line.strip_prefix(start));
        if let (Some(version), Some(kind)) = (line("apiVersion: "), line("kind: ")) {
            // Read by kustomize, by people, and by us: never sent to a cluster.
            if ["Kustomization", "Overlay", "Prerequisites", "Workload"].contains(&kind) {
                continue;
            }
            seen += 1;
            let name = format!("{version}/{kind}");
            assert!(facts.kinds.contains_key(&name), "{path} is a {name}, which is not there");
        }
    }
    assert!(seen > 0, "the goldens hold no objects");
}

#[test]
fn the_committed_file_is_what_the_document_says() {
    let Ok(document) = std::env::var("TELEMETREE_SWAGGER") else {
        println!("skipped: TELEMETREE_SWAGGER names no document");
        return;
    };
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let made = Command::new(cargo)
        .args(["run", "--quiet", "--locked", "--example", "merge-keys", "--", &document])
        .arg(read(BUILT_IN).source)
        .current_dir(root())
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    assert!(made.stdout == text(BUILT_IN).as_bytes(), "run `just merge-keys {document}`");
}
