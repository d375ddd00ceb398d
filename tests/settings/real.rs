//! The real programs, asked whether they would start with a configuration. `TELEMETREE_SEED` makes other
//! configurations than usual.

use super::{
    Check, Dice, Known, golden_values, loki_base, made, mimir_base, mistaken, node, place, put,
};
use serde_json::Value;
use std::path::Path;
use std::process::Command;
use telemetree::contract::{Breach, Kind, settings};

/// Whether a program starts with a configuration, and what it says if not.
fn asked(binary: &str, arguments: &[&str], folder: &Path, config: &Value) -> Result<(), String> {
    let file = folder.join("config.yaml");
    std::fs::write(&file, config.to_string()).expect("the folder can be written");
    let output = Command::new(binary)
        .arg(format!("-config.file={}", file.display()))
        .arg("-config.expand-env=true")
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("the program runs");
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(said.lines().take(4).collect::<Vec<_>>().join(" | "))
}

/// Findings about what a program accepts and does wrong; it cannot agree.
fn refused(breaches: &[Breach]) -> bool {
    const OURS: [&str; 7] = [
        "is read as nanoseconds",
        "a period of the schema needs `from`",
        "without retention nothing is ever deleted",
        "is not a number of whole days",
        "is a URL, not a host",
        "is read as a reference to the environment",
        "nothing is kept",
    ];
    breaches.iter().any(|breach| {
        breach.kind != Kind::Deprecated && !OURS.iter().any(|own| breach.message.contains(own))
    })
}

fn compare(variable: &str, arguments: &[&str], file: &str, check: Check, base: &Value) {
    let Ok(binary) = std::env::var(variable) else {
        println!("skipped: {variable} names no binary");
        return;
    };
    let folder = tempfile::tempdir().expect("there is room");
    let known = Known::read(file);
    let settings = known.settings();
    let seed = std::env::var("TELEMETREE_SEED").map_or(7, |seed| seed.parse().expect("a number"));
    let mut dice = Dice::new(seed);
    let (mut all, mut same) = ([0, 0], [0, 0]);
    let mut differences = Vec::new();
    assert_eq!(asked(&binary, arguments, folder.path(), base), Ok(()), "the base is valid");
    while all[0] < 500 || all[1] < 500 {
        let config = made(base, &settings, &mut dice);
        let mistake = mistaken(&known, &config, &mut dice);
        for (group, config, what) in
            [(0, Some(config), "valid".to_owned())].into_iter().chain(mistake.map(|mistake| {
                (1, Some(mistake.config), format!("{} {:?}", mistake.what, mistake.path))
            }))
        {
            let config = config.expect("made");
            let real = asked(&binary, arguments, folder.path(), &config);
            let ours = check(&node(&config));
            all[group] += 1;
            if real.is_err() == refused(&ours) {
                same[group] += 1;
            } else {
                let ours: Vec<String> = ours
                    .iter()
                    .map(|breach| format!("{} {}", place(breach), breach.message))
                    .collect();
                differences.push(format!("{what}\n  real {real:?}\n  ours {ours:?}\n  {config}"));
            }
        }
    }
    println!(
        "{variable}: {} of {} valid and {} of {} mistaken configurations judged alike\n{}",
        same[0],
        all[0],
        same[1],
        all[1],
        differences.join("\n")
    );
    let (all, same) = (all[0] + all[1], same[0] + same[1]);
    assert!(same * 100 >= all * 99, "{same} of {all} are judged alike");
}

#[test]
fn loki_agrees() {
    compare(
        "TELEMETREE_LOKI",
        &["-verify-config"],
        "loki-3.7.6.json",
        settings::loki,
        &loki_base(),
    );
}

#[test]
fn mimir_agrees() {
    compare("TELEMETREE_MIMIR", &["-modules"], "mimir-3.0.4.json", settings::mimir, &mimir_base());
}

/// Whole configurations that their projects publish, from a folder that a variable names.
fn published(variable: &str, folder: &str, arguments: &[&str], check: Check) {
    let (Ok(binary), Ok(folder)) = (std::env::var(variable), std::env::var(folder)) else {
        println!("skipped: {variable} or {folder} is not set");
        return;
    };
    let scratch = tempfile::tempdir().expect("there is room");
    let (mut all, mut same) = (0, 0);
    for (name, text) in crate::support::read_folder(Path::new(&folder)) {
        let Ok(config) = serde_yaml::from_str::<Value>(&text) else { continue };
        let real = asked(&binary, arguments, scratch.path(), &config);
        let ours = check(&node(&config));
        all += 1;
        if real.is_err() == refused(&ours) {
            same += 1;
        } else {
            let ours: Vec<String> =
                ours.iter().map(|breach| format!("{} {}", place(breach), breach.message)).collect();
            println!("{name}\n  real {real:?}\n  ours {ours:?}");
        }
    }
    println!("{variable}: {same} of {all} published configurations judged alike");
    assert!(all > 0 && same * 100 >= all * 90, "{same} of {all} are judged alike");
}

#[test]
fn loki_agrees_on_published_configurations() {
    published("TELEMETREE_LOKI", "TELEMETREE_LOKI_CONFIGS", &["-verify-config"], settings::loki);
}

#[test]
fn mimir_agrees_on_published_configurations() {
    published("TELEMETREE_MIMIR", "TELEMETREE_MIMIR_CONFIGS", &["-modules"], settings::mimir);
}

/// The settings in golden values, as the chart makes a configuration of them.
fn golden(variable: &str, arguments: &[&str], configs: Vec<(String, Value)>, check: Check) {
    let Ok(binary) = std::env::var(variable) else {
        println!("skipped: {variable} names no binary");
        return;
    };
    let folder = tempfile::tempdir().expect("there is room");
    for (name, config) in configs {
        assert_eq!(asked(&binary, arguments, folder.path(), &config), Ok(()), "{name}");
        let breaches = check(&node(&config));
        assert!(!refused(&breaches), "{name}: {breaches:#?}");
    }
}

#[test]
fn loki_starts_with_our_settings() {
    let sections = [
        ("commonConfig", "common"),
        ("schemaConfig", "schema_config"),
        ("limits_config", "limits_config"),
        ("compactor", "compactor"),
        ("analytics", "analytics"),
        ("storage_config", "storage_config"),
        ("ingester", "ingester"),
        ("querier", "querier"),
        ("query_range", "query_range"),
        ("auth_enabled", "auth_enabled"),
        ("server", "server"),
    ];
    let configs = golden_values("loki").into_iter().map(|(name, values)| {
        let mut config = loki_base();
        for (key, section) in sections {
            if let Value::Object(members) = &values["loki"][key] {
                for (name, value) in members {
                    put(&mut config, &[section.to_owned(), name.clone()], value.clone());
                }
            }
        }
        (name, config)
    });
    golden("TELEMETREE_LOKI", &["-verify-config"], configs.collect(), settings::loki);
}

#[test]
fn mimir_starts_with_our_settings() {
    let configs = golden_values("mimir").into_iter().map(|(name, values)| {
        let mut config = values["mimir"]["structuredConfig"].clone();
        // The chart runs no ruler here; a process of all targets does.
        let store = serde_json::json!({"backend": "local", "local": {"directory": "rules"}});
        put(&mut config, &["ruler_storage".to_owned()], store);
        (name, config)
    });
    golden("TELEMETREE_MIMIR", &["-modules"], configs.collect(), settings::mimir);
}

/// The values that the charts come with, in a folder with each chart by its name.
#[test]
fn the_charts_own_values_break_nothing() {
    let Ok(charts) = std::env::var("TELEMETREE_CHARTS") else {
        println!("skipped: TELEMETREE_CHARTS names no folder");
        return;
    };
    let mut read = 0;
    for chart in ["mimir-distributed", "loki", "grafana"] {
        for (name, text) in crate::support::read_folder(&Path::new(&charts).join(chart)) {
            let own = !name.contains("templates/") && !name.contains("charts/");
            let Some(values) = Some(&text).filter(|_| own && name.ends_with(".yaml")) else {
                continue;
            };
            let Ok(values) = serde_yaml::from_str::<Value>(values) else { continue };
            read += 1;
            let breaches = settings::in_values(chart, &node(&values));
            // Their template of the configuration is among their values.
            let mut broken = breaches.iter().filter(|breach| breach.kind != Kind::Uncovered);
            assert!(broken.next().is_none(), "{chart}/{name}: {breaches:#?}");
        }
    }
    assert!(read > 3, "only {read} files of values");
}
