//! The contracts against Helm: what changes the output is not called dead.

use crate::{CHARTS, STALE, charts, ci_values, contract};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use telemetree::contract::chart::{self, Shape};
use telemetree::contract::{Kind, Place};
use telemetree::node::Node;
use telemetree::origin::Origin;

/// APIs that charts ask for before they make something of them.
const APIS: [&str; 6] = [
    "monitoring.coreos.com/v1",
    "keda.sh/v1alpha1",
    "autoscaling.k8s.io/v1",
    "gateway.networking.k8s.io/v1",
    "route.openshift.io/v1",
    "security.openshift.io/v1",
];
/// How many live keys of each chart are tried.
const LIVE_SAMPLE: usize = 40;
/// With how many values sets.
const LIVE_SETS: usize = 3;

/// What Helm makes of a chart and values: its output, or its refusal.
fn render(folder: &Path, values: &Value) -> Option<String> {
    let mut command = Command::new("helm");
    let _ = command.args(["template", "r", &folder.to_string_lossy(), "-n", "ns", "-f", "-"]);
    let _ = command.args(["--kube-version", "1.33.0", "--api-versions", &APIS.join(",")]);
    let _ = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().ok()?;
    child.stdin.take()?.write_all(serde_yaml::to_string(values).ok()?.as_bytes()).ok()?;
    let output = child.wait_with_output().ok()?;
    let text = if output.status.success() { output.stdout } else { output.stderr };
    Some(String::from_utf8_lossy(&text).into_owned())
}

/// The output, without the lines that random numbers change.
fn steady(text: &str) -> String {
    const RANDOM: [&str; 6] =
        ["$2a$", "admin-password:", "token:", "checksum/", "rootUser:", "rootPassword:"];
    let kept = text.lines().filter(|line| !RANDOM.iter().any(|word| line.contains(word)));
    // Warnings say nothing of what is made.
    kept.filter(|line| !line.contains("warning:")).collect::<Vec<_>>().join("\n")
}

/// The values sets of a chart's own tests, and its defaults.
fn sets(folder: &Path) -> BTreeMap<String, Value> {
    let mut sets = BTreeMap::from([("defaults".to_owned(), json!({}))]);
    sets.extend(ci_values(folder));
    sets
}

/// Puts a value at a path, unless something that is no map stands in the way.
fn put(values: &mut Value, path: &[String], value: Value) -> bool {
    let Some((last, above)) = path.split_last() else { return false };
    let mut here = values;
    for key in above {
        let Some(map) = here.as_object_mut() else { return false };
        here = map.entry(key.clone()).or_insert_with(|| json!({}));
    }
    here.as_object_mut().map(|map| map.insert(last.clone(), value)).is_some()
}

fn remove(values: &mut Value, pointer: &str) {
    let Some((above, last)) = pointer.rsplit_once('/') else { return };
    if let Some(map) = values.pointer_mut(above).and_then(Value::as_object_mut) {
        let _ = map.remove(last);
    }
}

/// Every key of a tree of values.
fn keys(values: &Value, path: &mut Vec<String>, found: &mut Vec<(Vec<String>, Value)>) {
    for (key, inner) in values.as_object().into_iter().flatten() {
        path.push(key.clone());
        found.push((path.clone(), inner.clone()));
        keys(inner, path, found);
        let _ = path.pop();
    }
}

/// Another value, of the same type where it has one.
fn other(value: &Value) -> Value {
    match value {
        Value::Bool(value) => json!(!value),
        Value::Number(number) => json!(number.as_i64().unwrap_or_default() + 7),
        Value::String(text) => json!(format!("{text}x")),
        Value::Null => json!("telemetree"),
        Value::Array(items) if items.first().is_some_and(Value::is_string) => json!(["telemetree"]),
        Value::Array(_) => json!([{"name": "telemetree"}]),
        Value::Object(_) => json!({"telemetree": "telemetree"}),
    }
}

/// Where checking these values finds dead keys.
fn dead(chart: &str, values: &Value) -> Vec<String> {
    let found = chart::check(&Node::from_json(values.clone(), &Origin::Structure), contract(chart));
    let place = |place: &Place| match place {
        Place::Key(path) => Some(path.to_string()),
        Place::Value(_) | Place::Within(..) | Place::Inside(..) | Place::Origin(_) => None,
    };
    // What is gone may still be read, to refuse it.
    let unknown = found.iter().filter(|breach| breach.kind == Kind::Unknown);
    unknown.filter_map(|breach| place(&breach.place)).collect()
}

/// Dead keys with values that would be seen if they were read: those of the defaults, and live keys
/// of one map put into the others beside it.
fn dead_keys(chart: &str, folder: &Path) -> Vec<(Vec<String>, Value)> {
    let text = std::fs::read_to_string(folder.join("values.yaml")).unwrap();
    let values: Value = serde_yaml::from_str(&text).unwrap();
    let mut all = Vec::new();
    keys(&values, &mut Vec::new(), &mut all);
    let mut tried: Vec<(Vec<String>, Value)> = all.clone();
    let maps: Vec<&Vec<String>> = all
        .iter()
        .filter(|(path, value)| path.len() == 1 && value.is_object())
        .map(|(path, _)| path)
        .collect();
    let mut seen = BTreeSet::new();
    for (path, value) in all.iter().filter(|(path, _)| path.len() == 2 || path.len() == 3) {
        // To the top, and into every map at the top.
        let tail = &path[1..];
        let targets = maps.iter().map(|map| [map.as_slice(), tail].concat());
        for target in targets.chain([tail.to_vec()]) {
            // A map that is missing or empty would be seen for itself: templates ask if there is one.
            let above = &target[..target.len() - 1];
            let there = above.iter().try_fold(&values, |value, key| value.get(key));
            let is_filled = |value: &Value| value.as_object().is_some_and(|map| !map.is_empty());
            if there.is_some_and(is_filled) && seen.insert(target.clone()) {
                tried.push((target, value.clone()));
            }
        }
    }
    tried.retain(|(path, value)| {
        let mut values = json!({});
        put(&mut values, path, other(value)) && {
            let pointer: String =
                path.iter().map(|key| format!("/{}", key.replace('/', "~1"))).collect();
            dead(chart, &values).contains(&pointer)
        }
    });
    tried
}

/// What of some keys changes the output, found by halving.
fn culprits(
    folder: &Path,
    base: &Value,
    before: &str,
    keys: &[(Vec<String>, Value)],
) -> Vec<String> {
    let mut values = base.clone();
    for (path, value) in keys {
        let _ = put(&mut values, path, other(value));
    }
    let after = steady(&render(folder, &values).unwrap_or_default());
    if keys.is_empty() || after == before {
        return Vec::new();
    }
    if keys.len() == 1 {
        eprintln!("changes the output: {}", keys[0].0.join("."));
        return vec![keys[0].0.join(".")];
    }
    let (left, right) = keys.split_at(keys.len() / 2);
    let mut found = culprits(folder, base, before, left);
    found.extend(culprits(folder, base, before, right));
    found
}

#[test]
fn nothing_that_helm_heeds_is_called_dead() {
    let Some(charts) = charts() else { return };
    if render(&charts.join("alloy"), &json!({})).is_none() {
        println!("skipped: helm cannot be had on this machine");
        return;
    }
    let mut wrong = Vec::new();
    for (_, chart, _) in CHARTS {
        let folder = charts.join(chart);
        let (dead, sets) = (dead_keys(chart, &folder), sets(&folder));
        for (name, base) in &sets {
            let before = steady(&render(&folder, base).unwrap());
            let keys: Vec<_> =
                dead.iter().filter(|(path, _)| !is_set(base, path)).cloned().collect();
            let found = culprits(&folder, base, &before, &keys);
            wrong.extend(found.iter().map(|key| format!("{chart} {name}: {key}")));
            // What their own values have and nothing reads can be left out.
            let mut without = base.clone();
            STALE
                .iter()
                .filter(|(of, _)| *of == chart)
                .for_each(|(_, path)| remove(&mut without, path));
            if steady(&render(&folder, &without).unwrap()) != before {
                wrong.push(format!("{chart} {name}: something stale changes the output"));
            }
        }
        println!("{chart}: {} dead keys in {} values sets", dead.len(), sets.len());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn is_set(values: &Value, path: &[String]) -> bool {
    path.iter().try_fold(values, |value, key| value.get(key)).is_some()
}

fn live(shape: &Shape, path: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    for (key, inner) in &shape.members {
        path.push(key.clone());
        if inner.is_leaf() {
            found.push(path.clone());
        }
        live(inner, path, found);
        let _ = path.pop();
    }
}

#[test]
fn most_of_what_is_called_live_changes_something() {
    let Some(charts) = charts() else { return };
    if render(&charts.join("alloy"), &json!({})).is_none() {
        println!("skipped: helm cannot be had on this machine");
        return;
    }
    for (_, chart, _) in CHARTS {
        let folder = charts.join(chart);
        let defaults = std::fs::read_to_string(folder.join("values.yaml")).unwrap();
        let defaults: Value = serde_yaml::from_str(&defaults).unwrap();
        let mut keys = Vec::new();
        live(&contract(chart).values, &mut Vec::new(), &mut keys);
        let step = (keys.len() / LIVE_SAMPLE).max(1);
        let sample: Vec<_> = keys.iter().step_by(step).collect();
        let mut open: BTreeSet<_> = sample.iter().copied().collect();
        // The values that set most first.
        let mut sets: Vec<Value> = sets(&folder).into_values().collect();
        sets.sort_by_key(|values| std::cmp::Reverse(values.to_string().len()));
        for base in sets.iter().take(LIVE_SETS) {
            let before = steady(&render(&folder, base).unwrap());
            open.retain(|path| {
                let mut values = base.clone();
                let old = path.iter().try_fold(&defaults, |value, key| value.get(key));
                if !put(&mut values, path, other(old.unwrap_or(&Value::Null))) {
                    return true;
                }
                steady(&render(&folder, &values).unwrap()) == before
            });
        }
        println!(
            "{chart}: {} of {} live keys change something",
            sample.len() - open.len(),
            sample.len()
        );
        open.iter().for_each(|path| println!("  not seen: {}", path.join(".")));
        assert!(open.len() < sample.len());
    }
}
