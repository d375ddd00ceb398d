//! How fast objects are compared with Kubernetes' contract, on one core.
//!
//! `cargo bench --bench kubernetes` prints the time with objects a second for sound objects of many kinds, and
//! what it costs to make the schemas ready, which each process does once.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::disallowed_macros,
    clippy::unwrap_used,
    reason = "a benchmark measures time and prints"
)]

use divan::Bencher;
use divan::counter::ItemsCount;
use serde::Deserialize as _;
use std::time::Instant;
use telemetree::contract::kubernetes::{check, sound, together};
use telemetree::node::Node;
use telemetree::origin::Origin;

fn objects() -> Vec<Node> {
    let text = include_str!("../tests/kubernetes/objects.yaml");
    let documents = serde_yaml::Deserializer::from_str(text);
    let values = documents.map(|one| serde_json::Value::deserialize(one).unwrap());
    values.map(|value| Node::from_json(value, &Origin::Structure)).collect()
}

#[divan::bench]
fn check_against_schemas(bencher: Bencher) {
    let objects = objects();
    let count = |objects: &[Node]| objects.iter().map(|node| check(node, 33).len()).sum::<usize>();
    assert_eq!(count(&objects), 0, "the objects are good");
    bencher.counter(ItemsCount::new(objects.len())).bench(|| count(divan::black_box(&objects)));
}

#[divan::bench]
fn check_one_large_deployment(bencher: Bencher) {
    let all = objects();
    let deployment = all.first().unwrap();
    bencher.counter(ItemsCount::new(1_u32)).bench(|| check(divan::black_box(deployment), 33));
}

#[divan::bench]
fn check_whether_sound(bencher: Bencher) {
    let objects = objects();
    let count = |objects: &[Node]| objects.iter().map(|node| sound(node).len()).sum::<usize>();
    bencher.counter(ItemsCount::new(objects.len())).bench(|| count(divan::black_box(&objects)));
}

#[divan::bench]
fn check_together(bencher: Bencher) {
    let objects = objects();
    let named: Vec<(&str, &Node)> = objects.iter().map(|node| ("a", node)).collect();
    bencher.counter(ItemsCount::new(objects.len())).bench(|| together(divan::black_box(&named)));
}

/// The first object of a kind makes its schemas ready.
fn first(what: &str, object: &Node, minor: u32) {
    let start = Instant::now();
    assert!(check(object, minor).is_empty());
    println!("{what}: {:.2} ms", start.elapsed().as_secs_f64() * 1000.0);
}

fn main() {
    let objects = objects();
    let of = |group: &str| {
        let of_group = |node: &&Node| {
            node.get("apiVersion").and_then(Node::text).is_some_and(|text| text.starts_with(group))
        };
        objects.iter().find(of_group).unwrap()
    };
    first("first object, reading Kubernetes' own schema", of("v1"), 33);
    first("first object of another version, compiling it", of("v1"), 34);
    first("first object of External Secrets, reading its schema", of("external-secrets.io"), 33);
    first("first object of Argo CD, reading its schema", of("argoproj.io"), 33);
    divan::main();
}
