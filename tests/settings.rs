//! Settings inside values: what is right passes, what is wrong is found where it is, and the real
//! programs agree.
//!
//! `TELEMETREE_LOKI` and `TELEMETREE_MIMIR` name the binaries of Loki 3.7.6 and Mimir 3.0; without them
//! their tests say that they are skipped.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::disallowed_macros,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests look at the world and fail by panicking"
)]

#[path = "settings/generate.rs"]
mod generate;
#[path = "settings/grafana.rs"]
mod grafana;
#[path = "settings/real.rs"]
mod real;
#[path = "settings/regressions.rs"]
mod regressions;
mod support;

use generate::{Dice, Known, mistaken, pointer, put, valid};
use serde_json::Value;
use telemetree::contract::settings::{self, in_values};
use telemetree::contract::{Breach, Kind, Place};
use telemetree::node::Node;
use telemetree::origin::Origin;

pub(crate) fn node(value: &Value) -> Node {
    Node::from_json(value.clone(), &Origin::Structure)
}

fn yaml(text: &str) -> Value {
    serde_yaml::from_str(text).expect("the test's YAML is well formed")
}

/// Where a breach is, as a test writes it: `!` for a key.
pub fn place(breach: &Breach) -> String {
    match &breach.place {
        Place::Key(at) => format!("!{at}"),
        Place::Value(at) | Place::Within(at, _) => at.to_string(),
        Place::Origin(_) => String::new(),
    }
}

/// The values of a component in every golden tree.
pub fn golden_values(component: &str) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for case in support::cases() {
        for (path, text) in support::read_folder(&case.folder.join("expected")) {
            if path.ends_with(&format!("/{component}/values.yaml")) {
                found.push((format!("{}/{path}", case.name), yaml(&text)));
            }
        }
    }
    assert!(!found.is_empty(), "no golden tree has values for {component}");
    found
}

#[test]
fn our_own_values_break_nothing() {
    for (component, chart) in
        [("mimir", "mimir-distributed"), ("loki", "loki"), ("grafana", "grafana")]
    {
        for (path, values) in golden_values(component) {
            let breaches = in_values(chart, &node(&values));
            assert!(breaches.is_empty(), "{path}: {breaches:#?}");
        }
    }
}

/// A valid configuration with a handful of settings, each of them valid.
pub fn made(base: &Value, known: &[generate::Setting], dice: &mut Dice) -> Value {
    let mut config = base.clone();
    let mut left = 1 + dice.below(4);
    while left > 0 {
        let setting = dice.pick(known);
        if let Some(value) = valid(&setting.kind, dice) {
            put(&mut config, &setting.path, value);
            left -= 1;
        }
    }
    config
}

/// A whole configuration that Loki starts with.
pub fn loki_base() -> Value {
    yaml(
        "common: {path_prefix: /tmp/loki, replication_factor: 1, storage: {s3: {region: us-east-2}}}\n\
         schema_config:\n  configs:\n  - from: '2024-04-01'\n    store: tsdb\n    object_store: s3\n    \
         schema: v13\n    index: {prefix: loki_index_, period: 24h}\n\
         limits_config: {reject_old_samples_max_age: 168h, volume_enabled: true, retention_period: 30d}\n\
         compactor: {retention_enabled: true, delete_request_store: s3}\n\
         server: {http_listen_port: 3100, log_level: info}\n",
    )
}

/// A whole configuration that Mimir starts with.
pub fn mimir_base() -> Value {
    yaml(
        "blocks_storage: {backend: s3, storage_prefix: blocks, s3: {bucket_name: a, region: b}}\n\
         ruler_storage: {backend: s3, s3: {bucket_name: a, region: b}}\n\
         limits: {compactor_blocks_retention_period: 395d, ingestion_rate: 50000}\n\
         distributor: {remote_timeout: 2s}\n\
         server: {http_listen_port: 8080, log_level: info}\n",
    )
}

type Check = fn(&Node) -> Vec<Breach>;

#[test]
fn mistakes_are_found_where_they_are() {
    let programs: [(&str, Check, Value); 2] = [
        ("mimir-3.0.4.json", settings::mimir, mimir_base()),
        ("loki-3.7.6.json", settings::loki, loki_base()),
    ];
    let (mut all, mut caught, mut placed) = (0, 0, 0);
    let mut missed = Vec::new();
    for (file, check, base) in programs {
        let known = Known::read(file);
        let settings = known.settings();
        let mut dice = Dice::new(1);
        for _ in 0..600 {
            let config = made(&base, &settings, &mut dice);
            let before: Vec<String> = check(&node(&config)).iter().map(place).collect();
            let Some(mistake) = mistaken(&known, &config, &mut dice) else { continue };
            let breaches = check(&node(&mistake.config));
            let wanted = pointer(&mistake.path);
            let new: Vec<String> =
                breaches.iter().map(place).filter(|place| !before.contains(place)).collect();
            all += 1;
            caught += usize::from(!new.is_empty());
            let right = new.iter().any(|place| place.trim_start_matches('!') == wanted);
            placed += usize::from(right);
            if !right {
                missed.push(format!("{} {wanted}: {new:?}", mistake.what));
            }
        }
    }
    println!("{all} mistakes, {caught} caught, {placed} in the right place\n{}", missed.join("\n"));
    assert!(all >= 300, "only {all} mistakes were made");
    assert!(caught * 100 >= all * 98, "{caught} of {all} caught");
    assert!(placed * 100 >= all * 95, "{placed} of {all} in the right place");
}

/// The one finding of a text: its kind, its place (`!` for a key) and its help.
fn only(check: impl Fn(&Node) -> Vec<Breach>, text: &str) -> (Kind, String, String) {
    let breaches = check(&node(&yaml(text)));
    let [breach] = breaches.as_slice() else { panic!("{text}: {breaches:#?}") };
    (breach.kind, place(breach), breach.help.clone().unwrap_or_default())
}

fn assert_only(
    check: impl Fn(&Node) -> Vec<Breach>,
    text: &str,
    kind: Kind,
    place: &str,
    help: &str,
) {
    let (found, at, said) = only(check, text);
    assert_eq!((found, at.as_str()), (kind, place), "{text}");
    assert!(said.contains(help), "{text}: `{said}`");
}

fn of(chart: &'static str) -> impl Fn(&Node) -> Vec<Breach> {
    move |values| in_values(chart, values)
}
