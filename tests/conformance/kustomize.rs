//! kustomize takes a cluster's folder as it is.

use crate::Cluster;
use crate::tools::{Outcome, Tools, documents};
use serde_json::Value;
use std::collections::BTreeMap;

fn identity(object: &Value) -> String {
    format!("{} {} {}", object["kind"], object["metadata"]["namespace"], object["metadata"]["name"])
}

fn built(tools: &Tools, cluster: &Cluster) -> Result<String, Outcome> {
    built_in(tools, &cluster.folder)
}

fn built_in(tools: &Tools, folder: &std::path::Path) -> Result<String, Outcome> {
    let answer = tools.kustomize(&folder.to_string_lossy());
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
        let apart = cluster.files.contains_key("delivery/kustomization.yaml");
        let elsewhere = apart && path.starts_with("delivery/");
        if !(elsewhere || listed.iter().any(|listed| listed == path)) {
            report += &format!("{path} is not listed\n");
        }
    }
    Outcome::of(&report)
}

/// Files that hold Kubernetes objects.
fn is_object(path: &str) -> bool {
    let is_ours = ["/values.yaml", "/kustomization.yaml"].iter().any(|end| path.ends_with(end));
    path.contains('/') && path.ends_with(".yaml") && !is_ours
}

pub fn conforms(tools: &Tools, cluster: &Cluster) -> Outcome {
    let mut all = match built(tools, cluster) {
        Ok(built) => built,
        Err(outcome) => return outcome,
    };
    if cluster.files.contains_key("delivery/kustomization.yaml") {
        match built_in(tools, &cluster.folder.join("delivery")) {
            Ok(built) => all += &format!("---\n{built}"),
            Err(outcome) => return outcome,
        }
    }
    tools.kubeconform(&all)
}
