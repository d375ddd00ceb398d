//! The published schema says what the decoder says, in both directions.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::disallowed_macros,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::format_push_string,
    clippy::format_collect,
    clippy::case_sensitive_file_extension_comparisons,
    clippy::struct_excessive_bools,
    reason = "tests look at the world and fail by panicking"
)]

mod support;

use serde_json::{Map, Value, json};
use support::{cases, root, updating};
use telemetree::diag::Code;
use telemetree::node::Node;
use telemetree::origin::Origin;

fn text() -> String {
    let mut text = serde_json::to_string_pretty(&telemetree::spec::schema()).unwrap();
    text.push('\n');
    text
}

#[test]
fn the_published_schema_is_what_the_decoder_describes() {
    let path = root().join("schema/workload.schema.json");
    if updating() {
        std::fs::write(&path, text()).unwrap();
    }
    let published = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(published, text(), "run `UPDATE_GOLDEN=1 cargo test --test schema`");
}

fn as_json(spec: &str) -> Value {
    serde_yaml::from_str(spec).expect("goldens are YAML")
}

/// What the decoder says of a document: whether it refuses it, and whether for its form alone.
struct Verdict {
    refused: bool,
    for_its_form: bool,
    report: String,
}

fn decode(document: &Value) -> Verdict {
    let yaml = telemetree::syntax::emit(&Node::from_json(document.clone(), &Origin::Structure));
    let compiled = support::compiled("spec.yaml", &yaml);
    let codes: Vec<Code> = compiled.diagnostics.sorted().iter().map(|one| one.code).collect();
    let form = [Code::UnknownKey, Code::MissingKey, Code::Type, Code::Value, Code::Yaml];
    // Binding refuses a missing client id in words of its own; the schema knows no binding.
    let bound = codes.iter().any(|code| matches!(code, Code::Name | Code::Collision));
    let report = support::report(&compiled);
    let needs_id = report.contains("has no client id");
    Verdict {
        refused: !codes.is_empty(),
        for_its_form: codes.iter().any(|code| form.contains(code)) && !bound && !needs_id,
        report,
    }
}

#[test]
fn every_golden_spec_is_accepted_by_both() {
    let validator = jsonschema::validator_for(&telemetree::spec::schema()).unwrap();
    for case in cases() {
        let document = as_json(&case.spec);
        let errors: Vec<String> =
            validator.iter_errors(&document).map(|one| one.to_string()).collect();
        assert!(errors.is_empty(), "{} against the schema: {errors:?}", case.name);
        assert!(!decode(&document).refused, "{} by the decoder", case.name);
    }
}

/// Every document that differs from `document` in one place: a value exchanged for one of another
/// kind, a key added, a key removed.
fn neighbours(document: &Value) -> Vec<(String, Value)> {
    let mut all = Vec::new();
    visit(document, "", &mut |place, changed| all.push((place, changed)));
    all
}

fn visit(value: &Value, place: &str, found: &mut dyn FnMut(String, Value)) {
    let others = [json!(null), json!(true), json!(7), json!(""), json!("?!"), json!([]), json!({})];
    for other in others.into_iter().filter(|other| other != value) {
        found(format!("{place} := {other}"), other);
    }
    match value {
        Value::Object(members) => {
            let mut more = members.clone();
            let _ = more.insert("zzz".to_owned(), json!({}));
            found(format!("{place} + zzz"), Value::Object(more));
            for (key, inner) in members {
                let without: Map<String, Value> =
                    members.iter().filter(|(other, _)| *other != key).map(clone_pair).collect();
                found(format!("{place} - {key}"), Value::Object(without));
                visit(inner, &format!("{place}/{key}"), &mut |place, changed| {
                    let mut outer = members.clone();
                    let _ = outer.insert(key.clone(), changed);
                    found(place, Value::Object(outer));
                });
            }
        }
        Value::Array(items) => {
            for (position, inner) in items.iter().enumerate() {
                visit(inner, &format!("{place}/{position}"), &mut |place, changed| {
                    let mut outer = items.clone();
                    outer[position] = changed;
                    found(place, Value::Array(outer));
                });
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn clone_pair((key, value): (&String, &Value)) -> (String, Value) {
    (key.clone(), value.clone())
}

#[test]
fn the_schema_and_the_decoder_agree_on_every_neighbour_of_every_golden() {
    let validator = jsonschema::validator_for(&telemetree::spec::schema()).unwrap();
    let mut compared = 0;
    for case in cases() {
        for (place, document) in neighbours(&as_json(&case.spec)) {
            let verdict = decode(&document);
            let valid = validator.is_valid(&document);
            compared += 1;
            assert!(
                valid || verdict.refused,
                "{}{place}: the schema refuses what the decoder takes",
                case.name
            );
            assert!(
                !valid || !verdict.for_its_form,
                "{}{place}: the decoder refuses the form of what the schema takes:\n{}",
                case.name,
                verdict.report
            );
        }
    }
    assert!(compared > 1500, "only {compared} documents were compared");
}

/// Every key that the schema knows below `schema`, as a path; names of maps are left out.
fn keys_of(schema: &Value, place: &str, found: &mut Vec<String>) {
    for inner in [&schema["additionalProperties"], &schema["items"]] {
        if inner.is_object() {
            keys_of(inner, place, found);
        }
    }
    for (key, inner) in schema["properties"].as_object().into_iter().flatten() {
        let place = format!("{place}/{key}");
        keys_of(inner, &place, found);
        found.push(place);
    }
}

/// The same paths, of the keys that a document uses.
fn uses_of(schema: &Value, document: &Value, place: &str, found: &mut Vec<String>) {
    for item in document.as_array().into_iter().flatten() {
        uses_of(&schema["items"], item, place, found);
    }
    for (key, inner) in document.as_object().into_iter().flatten() {
        if schema["additionalProperties"].is_object() {
            uses_of(&schema["additionalProperties"], inner, place, found);
        } else {
            let place = format!("{place}/{key}");
            uses_of(&schema["properties"][key], inner, &place, found);
            found.push(place);
        }
    }
}

/// Every part of a schema that has a default, with its place.
fn defaults_of<'a>(schema: &'a Value, place: &str, found: &mut Vec<(String, &'a Value)>) {
    if !schema["default"].is_null() {
        found.push((place.to_owned(), schema));
    }
    if schema["additionalProperties"].is_object() {
        defaults_of(&schema["additionalProperties"], place, found);
    }
    if schema["items"].is_object() {
        defaults_of(&schema["items"], place, found);
    }
    for (key, inner) in schema["properties"].as_object().into_iter().flatten() {
        defaults_of(inner, &format!("{place}/{key}"), found);
    }
}

#[test]
fn every_default_keeps_the_rule_of_its_own_type() {
    let schema = telemetree::spec::schema();
    let mut defaults = Vec::new();
    defaults_of(&schema, "", &mut defaults);
    assert!(defaults.len() > 50, "{} defaults", defaults.len());
    for (place, schema) in defaults {
        let validator = jsonschema::validator_for(schema).unwrap();
        assert!(validator.is_valid(&schema["default"]), "{place}: {}", schema["default"]);
    }
}

/// The goldens, and specs that exist only to use every key.
fn specs() -> Vec<(String, Value)> {
    let goldens = cases().into_iter().map(|case| (case.name, as_json(&case.spec)));
    let more = support::read_folder(&root().join("tests/every-key"));
    let more = more.into_iter().map(|(name, spec)| (name, as_json(&spec)));
    goldens.chain(more).collect()
}

#[test]
fn every_key_of_the_spec_is_used_by_a_tested_spec() {
    let schema = telemetree::spec::schema();
    let (mut known, mut used) = (Vec::new(), Vec::new());
    keys_of(&schema, "", &mut known);
    specs().iter().for_each(|(_, document)| uses_of(&schema, document, "", &mut used));
    known.retain(|key| !used.contains(key));
    assert!(known.is_empty(), "nothing shows what these do: {known:#?}");
}

/// The document without one key, for every key.
fn without_a_key(document: &Value) -> Vec<(String, Value)> {
    neighbours(document).into_iter().filter(|(place, _)| place.contains(" - ")).collect()
}

/// Keys that may be removed from a tested spec without a change: they say what holds anyway, or what
/// another key overrides there.
const IDLE: [&str; 11] = [
    "aws-full/spec/cloud/aws - partition",
    "aws-full/spec/clusters/20250115 - kubernetesVersion",
    "aws-full/spec/delivery/argocd - path",
    "aws-full/spec/secrets/externalSecrets/store - kind",
    "aws-full/spec - telemetryReporting",
    "azure-monolithic/spec/delivery/flux - namespace",
    "azure-monolithic/spec/loki - replicas",
    "azure-monolithic/spec/loki/replicas - all",
    "aws-external-secrets.yaml/spec/delivery/argocd - destination",
    "aws-external-secrets.yaml/spec/naming - prefix",
    "azure-existing.yaml/spec - secrets",
];

#[test]
fn every_key_changes_the_tree() {
    let mut idle = Vec::new();
    for (name, document) in specs() {
        let tree = |document: &Value| {
            let yaml =
                telemetree::syntax::emit(&Node::from_json(document.clone(), &Origin::Structure));
            let output = support::compiled("spec.yaml", &yaml).output?;
            let mut files = output.files();
            for cluster in files.values_mut() {
                cluster.retain(|path, _| path.as_str() != telemetree::layout::MANIFEST);
            }
            Some(files)
        };
        let whole = tree(&document);
        assert!(whole.is_some(), "{name} compiles");
        for (place, less) in without_a_key(&document) {
            let place = format!("{name}{place}");
            if tree(&less) == whole {
                idle.push(place);
            }
        }
    }
    assert_eq!(idle, IDLE, "these keys change nothing, or no longer nothing");
}
