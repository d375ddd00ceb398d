//! kustomize takes a cluster's folder as it is.

use crate::Cluster;
use crate::tools::{Outcome, Tools, documents};
use serde_json::Value;
use std::collections::BTreeMap;

fn identity(object: &Value) -> String {
    format!("{} {} {}", object["kind"], object["metadata"]["namespace"], object["metadata"]["name"])
}

fn built(tools: &Tools, cluster: &Cluster) -> Result<String, Outcome> {
    let answer = tools.kustomize(&cluster.folder.to_string_lossy());
    let answer = answer.ok_or_else(|| Outcome::missing("kubectl or kustomize"))?;
    if answer.ok { Ok(answer.stdout) } else { Err(Outcome::Failed(answer.report())) }
}

/// What it builds is what our own reader sees in the files: Go reads the YAML as we meant it.
pub fn builds(tools: &Tools, cluster: &Cluster) -> Outcome {
    let built = match built(tools, cluster) {
        Ok(built) => built,
        Err(outcome) => return outcome,
    };
    let by_identity = |objects: Vec<Value>| -> BTreeMap<String, Value> {
        objects.into_iter().map(|object| (identity(&object), object)).collect()
    };
    let seen = by_identity(documents(&built));
    let kustomization: Value = serde_yaml::from_str(&cluster.files["kustomization.yaml"]).unwrap();
    let listed = kustomization["resources"].as_array().cloned().unwrap_or_default();
    let ours = listed
        .iter()
        .map(|path| serde_yaml::from_str::<Value>(&cluster.files[path.as_str().unwrap()]).unwrap());
    let ours = by_identity(ours.collect());
    let mut report = String::new();
    for (identity, object) in &ours {
        if seen.get(identity) != Some(object) {
            report += &format!("{identity} is another object for kustomize\n");
        }
    }
    let generated = kustomization["configMapGenerator"].as_array().map_or(0, Vec::len);
    if seen.len() != ours.len() + generated {
        report += &format!("{} objects, {} files, {generated} generated\n", seen.len(), ours.len());
    }
    for (path, _) in cluster.files.iter().filter(|(path, _)| is_object(path)) {
        if !listed.iter().any(|listed| listed == path) {
            report += &format!("{path} is not listed\n");
        }
    }
    Outcome::of(&report)
}

/// Files that hold Kubernetes objects.
fn is_object(path: &str) -> bool {
    path.contains('/') && path.ends_with(".yaml") && !path.ends_with("/values.yaml")
}

pub fn conforms(tools: &Tools, cluster: &Cluster) -> Outcome {
    match built(tools, cluster) {
        Ok(built) => tools.kubeconform(&built),
        Err(outcome) => outcome,
    }
}
