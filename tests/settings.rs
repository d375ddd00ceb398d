//! Settings inside values: what is right passes, what is wrong is found where it is, and the real
//! programs agree.
//!
//! `TELEMETREE_LOKI` and `TELEMETREE_MIMIR` name the binaries of Loki 3.7.6 and Mimir 3.0; without them
//! their tests say that they are skipped.

#![allow(
    clippy::case_sensitive_file_extension_comparisons,
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
#[path = "settings/startup.rs"]
mod startup;
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
        Place::Value(at) | Place::Within(at, _) | Place::Inside(at, _) => at.to_string(),
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
        "common: {path_prefix: /var/loki, replication_factor: 1, storage: {s3: {region: us-east-2}}}\n\
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

type Ask = dyn Fn(&Value) -> Vec<Breach>;

/// A way to ask about a configuration: its facts, a valid one, and where a check says that it stands.
struct Asked {
    file: &'static str,
    base: Value,
    check: Box<Ask>,
    at: &'static str,
}

/// Whole configurations, and the same as they stand in values of ours.
fn all_asked() -> Vec<Asked> {
    let values = |component: &str| golden_values(component).swap_remove(0).1;
    let (mimir, loki) = (values("mimir"), values("loki"));
    let within = |chart: &'static str, values: Value, member: &'static str| {
        move |config: &Value| {
            let mut values = values.clone();
            values[member]["structuredConfig"] = config.clone();
            in_values(chart, &node(&values))
        }
    };
    let settings_of_mimir = mimir["mimir"]["structuredConfig"].clone();
    vec![
        Asked {
            file: "mimir-3.0.4.json",
            base: mimir_base(),
            check: Box::new(|config| settings::mimir(&node(config))),
            at: "",
        },
        Asked {
            file: "loki-3.7.6.json",
            base: loki_base(),
            check: Box::new(|config| settings::loki(&node(config))),
            at: "",
        },
        Asked {
            file: "mimir-3.0.4.json",
            base: settings_of_mimir,
            check: Box::new(within("mimir-distributed", mimir, "mimir")),
            at: "/mimir/structuredConfig",
        },
        Asked {
            file: "loki-3.7.6.json",
            base: loki_base(),
            check: Box::new(within("loki", loki, "loki")),
            at: "/loki/structuredConfig",
        },
    ]
}

#[test]
fn mistakes_are_found_where_they_are() {
    let (mut all, mut caught, mut placed) = (0, 0, 0);
    let mut missed = Vec::new();
    for Asked { file, base, check, at } in all_asked() {
        let known = Known::read(file);
        let settings = known.settings();
        let mut dice = Dice::new(1);
        for _ in 0..300 {
            let config = made(&base, &settings, &mut dice);
            let before: Vec<String> = check(&config).iter().map(place).collect();
            let Some(mistake) = mistaken(&known, &config, &mut dice) else { continue };
            let breaches = check(&mistake.config);
            let wanted = format!("{at}{}", pointer(&mistake.path));
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

/// Any value at all, made of names and texts that something knows.
fn anything(dice: &mut Dice, depth: usize) -> Value {
    const WORDS: [&str; 14] = [
        "modules",
        "datasources",
        "groups",
        "rules",
        "data",
        "configs",
        "schema_config",
        "limits_config",
        "limits",
        "blocks_storage",
        "loki",
        "structuredConfig",
        "grafana.ini",
        "\u{0}~/é",
    ];
    const TEXTS: [&str; 12] = [
        "",
        "${",
        "{{",
        "$",
        "99999999999999999999h",
        "1.7.5.3",
        "é",
        "%",
        "://@:",
        "-",
        "2024-99-99",
        "=",
    ];
    match if depth == 0 { dice.below(5) } else { dice.below(8) } {
        0 => Value::Null,
        1 => Value::Bool(dice.below(2) == 1),
        2 => Value::from(i64::MIN + i64::try_from(dice.below(3)).expect("small")),
        3 => Value::from(1e300),
        4 => Value::from(*dice.pick(&TEXTS)),
        5 => (0..dice.below(4)).map(|_| anything(dice, depth - 1)).collect(),
        _ => (0..dice.below(5))
            .map(|_| ((*dice.pick(&WORDS)).to_owned(), anything(dice, depth - 1)))
            .collect(),
    }
}

#[test]
fn nothing_makes_a_check_panic_or_hang() {
    let checks: [Check; 8] = [
        settings::mimir,
        settings::loki,
        settings::grafana_ini,
        settings::datasources,
        settings::dashboard_providers,
        settings::alerting,
        settings::blackbox,
        settings::loki_runtime,
    ];
    let mut dice = Dice::new(3);
    for _ in 0..2000 {
        let value = node(&anything(&mut dice, 7));
        checks.iter().for_each(|check| drop(check(&value)));
        ["mimir-distributed", "loki", "grafana", "alloy"]
            .iter()
            .for_each(|chart| drop(in_values(chart, &value)));
    }
}

#[test]
fn what_is_too_deep_is_said_to_be_uncovered() {
    let deep = (0..200).fold(Value::from(1), |inner, _| serde_json::json!({"routes": [inner]}));
    let file = serde_json::json!({"policies": [deep]});
    let breaches = settings::alerting(&node(&file));
    assert!(breaches.iter().any(|breach| breach.kind == Kind::Uncovered), "{breaches:?}");
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
