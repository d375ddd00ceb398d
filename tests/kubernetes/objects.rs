//! Where the objects come from that are checked.

#![allow(dead_code, reason = "each test uses a part of it")]

use crate::support;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use telemetree::node::Node;
use telemetree::origin::Origin;

/// An object, and what messages call it.
pub struct Object {
    pub name: String,
    pub node: Node,
}

/// The objects of each cluster of the golden trees.
pub fn of_goldens() -> BTreeMap<String, Vec<Object>> {
    let mut clusters = BTreeMap::new();
    for case in support::cases() {
        let compiled = support::compiled(&case.name, &case.spec);
        let output = compiled.output.unwrap_or_else(|| panic!("{} does not compile", case.name));
        for (cluster, tree) in &output.clusters {
            let object = |(path, node): (&_, &Node)| Object {
                name: format!("{path:?}"),
                node: node.clone(),
            };
            let objects = tree.objects().map(object).collect();
            let _ = clusters.insert(format!("{}/{cluster:?}", case.name), objects);
        }
    }
    clusters
}

/// The objects of each YAML file below a folder. What has no kind is no object, and what is no YAML is
/// perhaps a template.
pub fn of_folder(folder: &Path) -> BTreeMap<String, Vec<Object>> {
    let files = walkdir::WalkDir::new(folder).into_iter().filter_map(Result::ok);
    let yaml = files.filter(|file| {
        file.path().extension().is_some_and(|ending| ending == "yaml" || ending == "yml")
    });
    let read = |file: walkdir::DirEntry| {
        let text = std::fs::read_to_string(file.path()).ok()?;
        Some((file.path().to_string_lossy().into_owned(), of_text(&text)))
    };
    yaml.filter_map(read).collect()
}

/// The objects of a YAML stream; nothing if a part of it is no YAML.
pub fn of_text(text: &str) -> Vec<Object> {
    let documents = serde_yaml::Deserializer::from_str(text).map(Value::deserialize);
    let Ok(documents) = documents.collect::<Result<Vec<Value>, _>>() else { return Vec::new() };
    let objects = documents.into_iter().filter(|value| {
        value["kind"].is_string()
            && value["apiVersion"].is_string()
            && value["metadata"].is_object()
    });
    objects.map(of_json).collect()
}

/// An object of this value.
pub fn of_json(value: Value) -> Object {
    let name = format!("{} {}", value["kind"], value["metadata"]["name"]).replace('"', "");
    Object { name, node: Node::from_json(value, &Origin::Structure) }
}
