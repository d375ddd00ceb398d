//! The real charts with our values.

use crate::Cluster;
use crate::tools::{Outcome, Tools, documents};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Mutex;
use telemetree::component::{Chart, ComponentId, chart};
use telemetree::node::Node;
use telemetree::origin::Origin;
use telemetree::syntax;

/// A chart on disk, if it is the pinned one.
fn folder(tools: &Tools, chart: Chart) -> Result<PathBuf, Outcome> {
    let missing = || Outcome::missing(&format!("the chart {} {}", chart.name, chart.version));
    let charts = tools.charts.as_ref().ok_or_else(missing)?;
    let folder = charts.join(format!("{}-{}", chart.name, chart.version));
    let about = std::fs::read_to_string(folder.join("Chart.yaml")).map_err(|_| missing())?;
    let about: Value = serde_yaml::from_str(&about).map_err(|_| missing())?;
    if about["version"] == chart.version { Ok(folder) } else { Err(missing()) }
}

fn values(cluster: &Cluster, id: ComponentId) -> &str {
    &cluster.files[&format!("{}/values.yaml", id.as_str())]
}

fn namespace(cluster: &Cluster, id: ComponentId) -> String {
    let object = &cluster.files[&format!("{}/namespace.yaml", id.as_str())];
    let object: Value = serde_yaml::from_str(object).unwrap();
    object["metadata"]["name"].as_str().unwrap().to_owned()
}

fn render(
    tools: &Tools,
    cluster: &Cluster,
    id: ComponentId,
    values: &str,
) -> Result<String, Outcome> {
    let folder = folder(tools, chart(id))?;
    let namespace = namespace(cluster, id);
    let folder = folder.to_string_lossy();
    let args = [
        "template",
        id.as_str(),
        &folder,
        "-n",
        &namespace,
        "--kube-version",
        "1.33.0",
        "--include-crds",
        "-f",
        "-",
    ];
    let answer = tools.helm(&args, values).ok_or_else(|| Outcome::missing("helm"))?;
    if answer.ok { Ok(answer.stdout) } else { Err(Outcome::Failed(answer.report())) }
}

/// One outcome for the four components: failures first, then skips.
fn for_each(check: impl Fn(ComponentId) -> Outcome) -> Outcome {
    let mut failures = String::new();
    let mut skipped = None;
    for id in ComponentId::ALL {
        match check(id) {
            Outcome::Passed => {}
            Outcome::Failed(report) => failures += &format!("{}: {report}\n", id.as_str()),
            Outcome::Skipped(reason) => skipped = Some(reason),
        }
    }
    match (failures.as_str(), skipped) {
        ("", Some(reason)) => Outcome::Skipped(reason),
        (failures, _) => Outcome::of(failures),
    }
}

fn or_outcome(result: Result<Outcome, Outcome>) -> Outcome {
    result.unwrap_or_else(|outcome| outcome)
}

pub fn renders(tools: &Tools, cluster: &Cluster) -> Outcome {
    for_each(|id| {
        or_outcome(render(tools, cluster, id, values(cluster, id)).map(|text| {
            let empty = documents(&text).is_empty();
            Outcome::of(if empty { "nothing was rendered" } else { "" })
        }))
    })
}

pub fn conforms(tools: &Tools, cluster: &Cluster) -> Outcome {
    for_each(|id| {
        or_outcome(
            render(tools, cluster, id, values(cluster, id)).map(|text| tools.kubeconform(&text)),
        )
    })
}

/// Changes each value in turn: a chart that renders the same does not read it. Values that the
/// chart refuses once changed are read, too.
pub fn reads_every_value(tools: &Tools, cluster: &Cluster) -> Outcome {
    for_each(|id| or_outcome(reads_values_of(tools, cluster, id)))
}

fn reads_values_of(tools: &Tools, cluster: &Cluster, id: ComponentId) -> Result<Outcome, Outcome> {
    let text = values(cluster, id);
    let before = render(tools, cluster, id, text)?;
    let tree: Value = serde_yaml::from_str(text).unwrap();
    let mut leaves = Vec::new();
    collect(&tree, &mut Vec::new(), &mut leaves);
    let mut dead = String::new();
    for leaf in leaves {
        if !first_sight(id, &tree, &leaf) {
            continue;
        }
        let mut changed = tree.clone();
        let Some(place) = leaf.iter().try_fold(&mut changed, |node, key| step(node, key)) else {
            continue;
        };
        *place = other(place);
        let node = Node::from_json(changed, &Origin::Structure);
        match render(tools, cluster, id, &syntax::emit(&node)) {
            Ok(after) if after == before => dead += &format!("{} is not read\n", leaf.join(".")),
            Ok(_) | Err(Outcome::Failed(_)) => {}
            Err(outcome) => return Err(outcome),
        }
    }
    Ok(Outcome::of(&dead))
}

/// Whether a path was not looked at before: once for each component (and mode of Loki) is enough.
fn first_sight(id: ComponentId, tree: &Value, leaf: &[String]) -> bool {
    static SEEN: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    let anonymous =
        |key: &String| if key.parse::<usize>().is_ok() { "#".into() } else { key.clone() };
    let path: Vec<String> = leaf.iter().map(anonymous).collect();
    let key = format!("{} {} {}", id.as_str(), tree["deploymentMode"], path.join("."));
    SEEN.lock().unwrap().insert(key)
}

fn collect(node: &Value, path: &mut Vec<String>, leaves: &mut Vec<Vec<String>>) {
    let members: Vec<(String, &Value)> = match node {
        Value::Object(members) => members.iter().map(|(key, inner)| (key.clone(), inner)).collect(),
        Value::Array(items) => {
            items.iter().enumerate().map(|(at, inner)| (at.to_string(), inner)).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    if members.is_empty() {
        leaves.push(path.clone());
    }
    for (key, inner) in members {
        path.push(key);
        collect(inner, path, leaves);
        let _ = path.pop();
    }
}

fn step<'a>(node: &'a mut Value, key: &str) -> Option<&'a mut Value> {
    match node {
        Value::Object(members) => members.get_mut(key),
        Value::Array(items) => items.get_mut(key.parse::<usize>().ok()?),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

/// Another value of the same kind.
fn other(value: &Value) -> Value {
    match value {
        Value::Bool(value) => Value::from(!value),
        Value::Number(number) => Value::from(number.as_i64().unwrap_or_default() + 1),
        Value::String(text) => Value::from(format!("{text}x")),
        // A null deletes a default of the chart's: anything else puts something there.
        Value::Null => Value::from("something"),
        Value::Array(_) => Value::from(vec!["something"]),
        Value::Object(_) => serde_json::json!({"something": "else"}),
    }
}

/// Every `http://<name>.<namespace>.svc.cluster.local` of the collector and of the data sources is
/// a Service that a chart makes, on the port that it serves.
pub fn addresses_exist(tools: &Tools, cluster: &Cluster) -> Outcome {
    let mut services = Vec::new();
    for id in ComponentId::ALL {
        let rendered = match render(tools, cluster, id, values(cluster, id)) {
            Ok(rendered) => rendered,
            Err(outcome) => return outcome,
        };
        let of_chart =
            documents(&rendered).into_iter().filter(|object| object["kind"] == "Service");
        services.extend(of_chart.map(|service| {
            let ports = service["spec"]["ports"].as_array().cloned().unwrap_or_default();
            let ports: Vec<u64> = ports.iter().filter_map(|port| port["port"].as_u64()).collect();
            let name = service["metadata"]["name"].as_str().unwrap_or_default().to_owned();
            (format!("{name}.{}", namespace(cluster, id)), ports)
        }));
    }
    let exists = |host: &str, port: u64| {
        services.iter().any(|(name, ports)| name == host && ports.contains(&port))
    };
    let mut report = String::new();
    for path in ["alloy/config.alloy", "grafana/values.yaml"] {
        for address in cluster.files[path].split("http://").skip(1) {
            let Some((host, _)) = address.split_once(".svc.cluster.local") else { continue };
            let is_ours = ComponentId::ALL
                .iter()
                .any(|id| host.ends_with(&format!(".{}", namespace(cluster, *id))));
            if is_ours && !exists(host, 80) {
                report += &format!("{path}: nothing serves http://{host}\n");
            }
        }
    }
    for (path, route) in cluster.files.iter().filter(|(path, _)| path.contains("ingressroute-")) {
        let route: Value = serde_yaml::from_str(route).unwrap();
        let service = &route["spec"]["routes"][0]["services"][0];
        let space = route["metadata"]["namespace"].as_str().unwrap_or_default();
        let host = format!("{}.{space}", service["name"].as_str().unwrap_or_default());
        if !exists(&host, service["port"].as_u64().unwrap_or_default()) {
            report += &format!("{path}: nothing serves {host}\n");
        }
    }
    Outcome::of(&report)
}

pub fn loki_accepts(tools: &Tools, cluster: &Cluster) -> Outcome {
    or_outcome(render(tools, cluster, ComponentId::Loki, values(cluster, ComponentId::Loki)).map(
        |rendered| {
            let config = documents(&rendered)
                .into_iter()
                .find_map(|object| object["data"]["config.yaml"].as_str().map(str::to_owned));
            let Some(config) = config else { return Outcome::of("there is no configuration") };
            // The file of run-time settings is mounted in the pod and not here.
            let scratch = tempfile::TempDir::new().unwrap();
            let runtime = scratch.path().join("runtime.yaml");
            std::fs::write(&runtime, "{}\n").unwrap();
            let runtime = runtime.to_string_lossy();
            let config =
                config.replace("/etc/loki/runtime-config/runtime-config.yaml", runtime.as_ref());
            let file = scratch.path().join("config.yaml");
            std::fs::write(&file, config).unwrap();
            match tools.loki(&file.to_string_lossy()) {
                Some(answer) => Outcome::of(&answer.report()),
                None => Outcome::missing("loki"),
            }
        },
    ))
}
