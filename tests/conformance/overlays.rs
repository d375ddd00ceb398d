//! Our patches against kustomize's: the same objects and the same patches, the same result.
//!
//! Pairs are made from a seed, so a failure can be repeated. What is left out on purpose is listed in
//! `docs/overlays.md`: there the two differ because kustomize loses a patch or ignores a directive.

use crate::tools::{Outcome, Tools};
use serde_json::{Map, Value, json};
use telemetree::node::Node;
use telemetree::origin::Origin;
use telemetree::overlay::patched;

/// How many pairs are made of each form; kustomize builds them in batches.
const PAIRS: usize = 240;
const BATCH: usize = 24;

/// A source of choices that is the same on every machine. Source: Marsaglia's xorshift.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(end.max(1)).unwrap()).unwrap()
    }

    fn one_in(&mut self, chances: usize) -> bool {
        self.below(chances) == 0
    }

    fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// Lists that merge, and the member that tells their items apart.
const KEYED: [(&str, &str); 9] = [
    ("containers", "name"),
    ("initContainers", "name"),
    ("env", "name"),
    ("volumes", "name"),
    ("volumeMounts", "mountPath"),
    ("imagePullSecrets", "name"),
    ("hostAliases", "ip"),
    ("secrets", "name"),
    ("ownerReferences", "uid"),
];

fn key_of(list: &str) -> Option<&'static str> {
    KEYED.iter().find(|(name, _)| *name == list).map(|(_, key)| *key)
}

fn pod(dice: &mut Dice) -> Value {
    let container = |dice: &mut Dice, name: &str| {
        let mut one = json!({"name": name, "image": format!("registry/{name}:{}", dice.below(9))});
        if dice.one_in(2) {
            one["env"] = json!([{"name": "A", "value": "1"}, {"name": "B", "value": "x"}]);
        }
        if dice.one_in(2) {
            one["args"] = json!(["--a", "--b"]);
        }
        if dice.one_in(2) {
            one["ports"] = json!([{"containerPort": 80, "protocol": "TCP"},
                                  {"containerPort": 81, "protocol": "UDP", "name": "u"}]);
        }
        if dice.one_in(2) {
            one["resources"] = json!({"requests": {"cpu": "1", "memory": "1Gi"}, "limits": {}});
        }
        if dice.one_in(3) {
            one["volumeMounts"] =
                json!([{"name": "v", "mountPath": "/v"}, {"name": "w", "mountPath": "/w"}]);
        }
        one
    };
    let mut spec =
        json!({"containers": [container(dice, "a"), container(dice, "b"), container(dice, "c")]});
    if dice.one_in(2) {
        spec["volumes"] =
            json!([{"name": "v", "emptyDir": {}}, {"name": "w", "secret": {"secretName": "s"}}]);
    }
    if dice.one_in(2) {
        spec["tolerations"] = json!([{"key": "k", "operator": "Exists"}]);
    }
    if dice.one_in(3) {
        spec["imagePullSecrets"] = json!([{"name": "one"}, {"name": "two"}]);
        spec["hostAliases"] = json!([{"ip": "10.0.0.1", "hostnames": ["a"]}]);
    }
    if dice.one_in(3) {
        spec["initContainers"] = json!([container(dice, "i")]);
        spec["nodeSelector"] = json!({"disk": "ssd", "zone": "a"});
    }
    spec
}

/// An object of some kind, called `o<number>`.
fn object(dice: &mut Dice, number: usize) -> Value {
    let mut object = match dice.below(7) {
        0 => json!({"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"replicas": 2,
            "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1}},
            "selector": {"matchLabels": {"app": "a"}},
            "template": {"metadata": {"labels": {"app": "a"}}, "spec": pod(dice)}}}),
        1 => json!({"apiVersion": "apps/v1", "kind": "StatefulSet", "spec": {"serviceName": "s",
            "volumeClaimTemplates": [{"metadata": {"name": "data"}, "spec": {"accessModes": ["ReadWriteOnce"]}}],
            "template": {"spec": pod(dice)}}}),
        2 => json!({"apiVersion": "v1", "kind": "Service", "spec": {"type": "ClusterIP",
            "selector": {"app": "a"}, "ports": [
                {"port": 80, "protocol": "TCP", "name": "http"}, {"port": 53, "protocol": "UDP", "name": "dns"}]}}),
        3 => {
            json!({"apiVersion": "v1", "kind": "ConfigMap", "data": {"a": "1", "b.yaml": "x: 1\ny: 2\n", "c": ""}})
        }
        4 => json!({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "spec": {
            "podSelector": {"matchLabels": {"app": "a"}}, "policyTypes": ["Ingress", "Egress"],
            "ingress": [{"from": [{"podSelector": {}}], "ports": [{"port": 80}]}]}}),
        5 => json!({"apiVersion": "batch/v1", "kind": "CronJob", "spec": {"schedule": "* * * * *",
            "jobTemplate": {"spec": {"template": {"spec": pod(dice)}}}}}),
        _ => {
            json!({"apiVersion": "v1", "kind": "ServiceAccount", "automountServiceAccountToken": false,
            "secrets": [{"name": "one"}, {"name": "two"}]})
        }
    };
    object["metadata"] = json!({"name": format!("o{number}"), "namespace": "n",
        "labels": {"app": "a", "team": "t", "app.kubernetes.io/name": "x"},
        "annotations": {"note": "some text"}, "finalizers": ["f/one", "f/two"]});
    object
}

fn scalar(dice: &mut Dice) -> Value {
    let texts = ["new", "on", "1", "a: b", "é", "x\ny\n", ""];
    match dice.below(4) {
        0 => json!(dice.below(100)),
        1 => json!(dice.one_in(2)),
        _ => json!(*dice.pick(&texts)),
    }
}

/// A strategic merge patch of a map: some members deleted, replaced, merged or added.
fn merge_of(dice: &mut Dice, old: &Map<String, Value>, depth: usize) -> Map<String, Value> {
    let mut patch = Map::new();
    for (key, value) in old {
        if !dice.one_in(2) || ["apiVersion", "kind", "name", "namespace"].contains(&key.as_str()) {
            continue;
        }
        // Of labels and annotations kustomize makes text, null included.
        if let (true, Some(texts)) = (key == "labels" || key == "annotations", value.as_object()) {
            let names = texts.keys().cloned().chain(["added".to_owned()]);
            let new = names.filter(|_| dice.one_in(2)).map(|name| (name, json!("new"))).collect();
            let _ = patch.insert(key.clone(), Value::Object(new));
            continue;
        }
        let change = match value {
            _ if depth > 0 && dice.one_in(9) => Value::Null,
            Value::Object(map) if dice.one_in(8) && depth > 1 => {
                let mut all = merge_of(dice, map, depth + 1);
                all.retain(|_, value| !value.is_null());
                let _ = all.insert("$patch".to_owned(), json!("replace"));
                Value::Object(all)
            }
            Value::Object(_) if dice.one_in(12) && depth > 1 => json!({"$patch": "delete"}),
            Value::Object(map) => Value::Object(merge_of(dice, map, depth + 1)),
            Value::Array(items) => list_of(dice, key, items, depth),
            Value::String(_) => json!(format!("new-{}", dice.below(99))),
            Value::Null | Value::Bool(_) | Value::Number(_) => json!(dice.below(99)),
        };
        let _ = patch.insert(key.clone(), change);
    }
    if depth > 1 && dice.one_in(3) {
        let _ = patch.insert(format!("added{}", dice.below(5)), scalar(dice));
    }
    if depth > 1 && dice.one_in(6) {
        let added = json!({"inner": {"x": scalar(dice), "gone": null}, "list": [1, "two"]});
        let _ = patch.insert("addedMap".to_owned(), added);
    }
    patch
}

fn list_of(dice: &mut Dice, name: &str, items: &[Value], depth: usize) -> Value {
    let ports = name == "ports" && items.iter().all(|item| item.get("protocol").is_some());
    if name == "finalizers" {
        return json!([*dice.pick(&["f/two", "f/new"]), "f/other"]);
    }
    let keys: &[&str] = match key_of(name) {
        Some(key) => &[key],
        None if ports && items[0].get("port").is_some() => &["port", "protocol"],
        None if ports => &["containerPort", "protocol"],
        None => return Value::Array(items.iter().filter(|_| !dice.one_in(3)).cloned().collect()),
    };
    let mut patch = Vec::new();
    for item in items {
        if !dice.one_in(2) {
            continue;
        }
        let mut change = if dice.one_in(6) {
            json!({"$patch": "delete"})
        } else {
            let mut inner = merge_of(dice, item.as_object().unwrap(), depth + 1);
            inner.retain(|key, _| !keys.contains(&key.as_str()));
            Value::Object(inner)
        };
        for key in keys {
            change[*key] = item[*key].clone();
        }
        patch.push(change);
    }
    if dice.one_in(3) {
        let mut new = json!({"x": scalar(dice)});
        for key in keys {
            let text = json!(format!("new{}", dice.below(9)));
            new[*key] = if key.to_lowercase().contains("port") {
                json!(1000 + dice.below(99))
            } else {
                text
            };
        }
        patch.push(new);
    }
    if dice.one_in(12) {
        patch.retain(|item| item.get("$patch").is_none());
        patch.insert(0, json!({"$patch": "replace"}));
    }
    Value::Array(patch)
}

/// Every place of a value, with the value.
fn places(value: &Value, here: &str, found: &mut Vec<(String, Value)>) {
    let below = |key: &str| format!("{here}/{}", key.replace('~', "~0").replace('/', "~1"));
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| {
            found.push((below(key), value.clone()));
            places(value, &below(key), found);
        }),
        Value::Array(items) => items.iter().enumerate().for_each(|(at, value)| {
            found.push((below(&at.to_string()), value.clone()));
            places(value, &below(&at.to_string()), found);
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// JSON 6902 operations that apply, or that both must refuse.
fn operations_of(dice: &mut Dice, object: &Value) -> Value {
    let mut all = Vec::new();
    places(object, "", &mut all);
    all.retain(|(path, _)| {
        // kustomize keeps notes of its own among the annotations while it works.
        const ITS_OWN: [&str; 6] = [
            "/apiVersion",
            "/kind",
            "/metadata",
            "/metadata/name",
            "/metadata/namespace",
            "/metadata/annotations",
        ];
        !ITS_OWN.contains(&path.as_str())
    });
    let is_scalar = |(path, value): &&(String, Value)| {
        !value.is_object() && !value.is_array() && !path.starts_with("/metadata")
    };
    let mut scalars: Vec<String> =
        all.iter().filter(is_scalar).map(|(path, _)| path.clone()).collect();
    if scalars.is_empty() {
        scalars.push("/none".to_owned());
    }
    let mut operations = Vec::new();
    for _ in 0..=dice.below(3) {
        // Other stages of kustomize refuse objects that are out of shape, so scalars stay scalars.
        let (path, value) = dice.pick(&all).clone();
        let other = dice.pick(&scalars).clone();
        let metadata = path.starts_with("/metadata");
        let whole = value.is_object() || value.is_array();
        let new = scalar(dice);
        operations.push(match dice.below(9) {
            0 | 1 if value.is_object() && !metadata => {
                json!({"op": "add", "path": format!("{path}/added"), "value": new})
            }
            0 | 1 if path.ends_with("/args") => {
                json!({"op": "add", "path": format!("{path}/-"), "value": "--last"})
            }
            2 if path.ends_with("/args") => {
                json!({"op": "add", "path": format!("{path}/0"), "value": "--first"})
            }
            0..=2 if !metadata && !whole => json!({"op": "replace", "path": path, "value": new}),
            3 => json!({"op": "test", "path": path, "value": value}),
            4 if !metadata => json!({"op": "remove", "path": path}),
            5 if !metadata && !whole => json!({"op": "copy", "from": other, "path": path}),
            6 if !metadata && !whole && path != other => {
                json!({"op": "move", "from": other, "path": path})
            }
            7 if dice.one_in(3) => json!({"op": "test", "path": path, "value": "something else"}),
            8 if dice.one_in(3) => {
                json!({"op": "replace", "path": format!("{path}/none/at/all"), "value": 1})
            }
            _ => json!({"op": "add", "path": "/metadata/labels/added", "value": "x"}),
        });
        // What is gone is read as null by kustomize, where RFC 6902 refuses the operation.
        if operations.last().is_some_and(|last| last["op"] == "remove" || last["op"] == "move") {
            break;
        }
    }
    Value::Array(operations)
}

fn node(value: &Value) -> Node {
    Node::from_json(value.clone(), &Origin::Default("a generated value"))
}

/// What we make of a pair: the object, nothing, or a refusal.
fn ours(object: &Value, patch: &Value) -> Result<Option<Value>, String> {
    patched(node(object), &node(patch))
        .map(|node| node.map(|node| node.to_json()))
        .map_err(|error| error.message)
}

/// What kustomize makes of pairs: every object by name, or its complaint.
fn theirs(tools: &Tools, pairs: &[(Value, Value)]) -> Option<Result<Map<String, Value>, String>> {
    let folder = tempfile::tempdir().unwrap();
    let mut resources = String::new();
    let mut patches = Vec::new();
    for (object, patch) in pairs {
        resources += &format!("---\n{object}\n");
        patches.push(
            json!({"target": {"name": object["metadata"]["name"]}, "patch": patch.to_string()}),
        );
    }
    std::fs::write(folder.path().join("all.yaml"), resources).unwrap();
    let kustomization = json!({"resources": ["all.yaml"], "patches": patches});
    std::fs::write(folder.path().join("kustomization.yaml"), kustomization.to_string()).unwrap();
    let answer = tools.kustomize(&folder.path().to_string_lossy())?;
    if !answer.ok {
        return Some(Err(answer.stderr));
    }
    let named = crate::tools::documents(&answer.stdout)
        .into_iter()
        .map(|object| (object["metadata"]["name"].as_str().unwrap_or_default().to_owned(), object));
    Some(Ok(named.collect()))
}

/// Compares one pair, when its batch did not come through as a whole.
fn compare_one(tools: &Tools, pair: &(Value, Value), report: &mut String) {
    let (object, patch) = pair;
    let theirs = theirs(tools, std::slice::from_ref(pair)).unwrap();
    let name = object["metadata"]["name"].as_str().unwrap();
    match (ours(object, patch), theirs) {
        (Ok(ours), Ok(theirs)) => differ(name, pair, ours.as_ref(), theirs.get(name), report),
        (Err(_), Err(_)) => {}
        (Ok(_), Err(theirs)) => {
            *report += &format!("only kustomize refuses {patch} of {object}: {theirs}\n");
        }
        (Err(ours), Ok(_)) => *report += &format!("only we refuse {patch} of {object}: {ours}\n"),
    }
}

fn differ(
    name: &str,
    (object, patch): &(Value, Value),
    ours: Option<&Value>,
    theirs: Option<&Value>,
    report: &mut String,
) {
    if ours != theirs {
        let text =
            |value: Option<&Value>| value.map_or_else(|| "nothing".to_owned(), Value::to_string);
        *report += &format!(
            "{name}\n  object {object}\n  patch  {patch}\n  ours   {}\n  theirs {}\n",
            text(ours),
            text(theirs)
        );
    }
}

/// Makes pairs and compares what both make of them.
fn compare(tools: &Tools, seed: u64, patch: fn(&mut Dice, &Value) -> Value) -> Outcome {
    let mut dice = Dice(seed);
    let pairs: Vec<(Value, Value)> = (0..PAIRS)
        .map(|number| {
            let object = object(&mut dice, number);
            let patch = patch(&mut dice, &object);
            (object, patch)
        })
        .collect();
    let mut report = String::new();
    for batch in pairs.chunks(BATCH) {
        let refused = batch.iter().any(|(object, patch)| ours(object, patch).is_err());
        let Some(theirs) = theirs(tools, batch) else {
            return Outcome::missing("kubectl or kustomize");
        };
        match theirs {
            Ok(theirs) if !refused => {
                for pair in batch {
                    let name = pair.0["metadata"]["name"].as_str().unwrap();
                    let ours = ours(&pair.0, &pair.1).unwrap();
                    differ(name, pair, ours.as_ref(), theirs.get(name), &mut report);
                }
            }
            _ => batch.iter().for_each(|pair| compare_one(tools, pair, &mut report)),
        }
    }
    Outcome::of(&report)
}

/// Strategic merges.
pub fn strategic(tools: &Tools) -> Outcome {
    compare(tools, 0x5eed_0001, |dice, object| {
        let mut patch = merge_of(dice, object.as_object().unwrap(), 0);
        for key in ["apiVersion", "kind"] {
            let _ = patch.insert(key.to_owned(), object[key].clone());
        }
        let mut patch = Value::Object(patch);
        patch["metadata"]["name"] = object["metadata"]["name"].clone();
        patch["metadata"]["namespace"] = object["metadata"]["namespace"].clone();
        patch
    })
}

/// JSON 6902 operations.
pub fn json_6902(tools: &Tools) -> Outcome {
    compare(tools, 0x5eed_0002, operations_of)
}
