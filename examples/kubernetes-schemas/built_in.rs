//! The kinds of Kubernetes itself, from the `OpenAPI` version 2 document of each minor version, and from the
//! generated Go file beside it, which alone has the words of closed sets.

use crate::facts::{Fact, Facts, Fields};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;

#[derive(Deserialize)]
struct Document {
    definitions: BTreeMap<String, Schema>,
}

/// What the document says of a type or of a field.
#[derive(Deserialize)]
struct Schema {
    #[serde(rename = "type")]
    form: Option<String>,
    format: Option<String>,
    #[serde(rename = "$ref")]
    reference: Option<String>,
    #[serde(default)]
    properties: BTreeMap<String, Schema>,
    #[serde(default)]
    required: BTreeSet<String>,
    items: Option<Box<Schema>>,
    #[serde(rename = "additionalProperties")]
    values: Option<Box<Schema>>,
    #[serde(rename = "x-kubernetes-group-version-kind", default)]
    kinds: Vec<GroupVersionKind>,
    #[serde(rename = "x-kubernetes-list-type", default)]
    list: String,
    #[serde(rename = "x-kubernetes-list-map-keys", default)]
    list_keys: Vec<String>,
}

#[derive(Deserialize)]
struct GroupVersionKind {
    group: String,
    version: String,
    kind: String,
}

/// One minor version.
struct Minor {
    number: u32,
    kinds: BTreeMap<String, String>,
    types: BTreeMap<String, Fields<Fact>>,
}

/// The closed sets, by type and field.
type Words = BTreeMap<(String, String), Vec<String>>;

/// Types that the document does not describe, or describes as something else than they are.
const SPECIAL: [(&str, &str); 12] = [
    ("api.resource.Quantity", "quantity"),
    ("apiextensions.v1.CustomResourceSubresourceStatus", "map[string]any"),
    ("apiextensions.v1.JSON", "any"),
    (
        "apiextensions.v1.JSONSchemaPropsOrArray",
        "apiextensions.v1.JSONSchemaProps|[]apiextensions.v1.JSONSchemaProps",
    ),
    ("apiextensions.v1.JSONSchemaPropsOrBool", "apiextensions.v1.JSONSchemaProps|boolean"),
    ("apiextensions.v1.JSONSchemaPropsOrStringArray", "apiextensions.v1.JSONSchemaProps|[]string"),
    ("meta.v1.FieldsV1", "map[string]any"),
    ("meta.v1.MicroTime", "date-time"),
    ("meta.v1.Patch", "map[string]any"),
    ("meta.v1.Time", "date-time"),
    ("pkg.runtime.RawExtension", "map[string]any"),
    ("util.intstr.IntOrString", "int32|string"),
];

/// Closed sets that the server's validation knows (`pkg/apis/*/validation`), and the documents do not.
const CLOSED: [(&str, &str, &[&str]); 12] = [
    ("apiextensions.v1.CustomResourceConversion", "strategy", &["None", "Webhook"]),
    ("apiextensions.v1.CustomResourceDefinitionSpec", "scope", &["Cluster", "Namespaced"]),
    ("autoscaling.v2.HPAScalingPolicy", "type", &["Percent", "Pods"]),
    ("autoscaling.v2.HPAScalingRules", "selectPolicy", &["Disabled", "Max", "Min"]),
    (
        "autoscaling.v2.MetricSpec",
        "type",
        &["ContainerResource", "External", "Object", "Pods", "Resource"],
    ),
    ("autoscaling.v2.MetricTarget", "type", &["AverageValue", "Utilization", "Value"]),
    ("core.v1.ContainerResizePolicy", "restartPolicy", &["NotRequired", "RestartContainer"]),
    ("core.v1.PodSecurityContext", "seLinuxChangePolicy", &["MountOption", "Recursive"]),
    ("meta.v1.LabelSelectorRequirement", "operator", &["DoesNotExist", "Exists", "In", "NotIn"]),
    ("networking.v1.IngressClassParametersReference", "scope", &["Cluster", "Namespace"]),
    ("storage.v1.CSIDriverSpec", "fsGroupPolicy", &["File", "None", "ReadWriteOnceWithFSType"]),
    ("storage.v1.CSIDriverSpec", "volumeLifecycleModes", &["Ephemeral", "Persistent"]),
];

/// What all versions say.
pub fn facts(folders: &[&str]) -> Result<Facts, Box<dyn Error>> {
    let mut minors = Vec::new();
    let mut versions = Vec::new();
    for folder in folders {
        let (_, version) = folder.trim_end_matches('/').rsplit_once("@v").ok_or("no version")?;
        let number = version.split('.').nth(1).ok_or("no minor version")?.parse()?;
        let document = std::fs::read(format!("{folder}/api/openapi-spec/swagger.json"))?;
        let go = format!("{folder}/pkg/generated/openapi/zz_generated.openapi.go");
        let words = words(&std::fs::read_to_string(go)?)?;
        minors.push(minor(number, &serde_json::from_slice(&document)?, &words)?);
        versions.push(format!("v{version}"));
    }
    minors.sort_by_key(|minor| minor.number);
    let (first, last) = (minors.first().ok_or("none")?.number, minors.last().ok_or("none")?.number);
    if usize::try_from(last - first)? + 1 != minors.len() {
        return Err("a minor version is missing in between".into());
    }
    let source = format!(
        "k8s.io/kubernetes {}: api/openapi-spec/swagger.json and the enums of \
         pkg/generated/openapi/zz_generated.openapi.go",
        versions.join(" ")
    );
    let kinds = minors.iter().map(|minor| {
        let kinds = minor.kinds.iter();
        (minor.number, kinds.map(|(kind, of)| (kind.clone(), Fact::of_type(of.clone()))).collect())
    });
    let names: BTreeSet<&String> = minors.iter().flat_map(|minor| minor.types.keys()).collect();
    let of = |name: &String| {
        let there = |minor: &Minor| Some((minor.number, minor.types.get(name)?.clone()));
        over_time(&minors.iter().filter_map(there).collect::<Vec<_>>())
    };
    let types = names.into_iter().map(|name| (name.clone(), of(name))).collect();
    Ok(Facts {
        source,
        minors: Some([first, last]),
        kinds: over_time(&kinds.collect::<Vec<_>>()),
        types,
    })
}

/// What each field was, and when, where that was not always the same.
fn over_time(versions: &[(u32, Fields<Fact>)]) -> Fields<Vec<Fact>> {
    let names: BTreeSet<&String> = versions.iter().flat_map(|(_, fields)| fields.keys()).collect();
    let history = |name: &String| {
        let mut runs: Vec<(Option<&Fact>, u32, u32)> = Vec::new();
        for (number, fields) in versions {
            match (fields.get(name), runs.last_mut()) {
                (now, Some((was, _, until))) if *was == now => *until = *number,
                (now, _) => runs.push((now, *number, *number)),
            }
        }
        let last = runs.len().saturating_sub(1);
        let runs = runs.into_iter().enumerate();
        let marked = runs.filter_map(|(at, (fact, since, until))| {
            let since = (at > 0).then_some(since);
            let until = (at < last).then_some(until);
            Some(Fact { since, until, ..fact?.clone() })
        });
        marked.collect()
    };
    names.into_iter().map(|name| (name.clone(), history(name))).collect()
}

fn minor(number: u32, document: &Document, words: &Words) -> Result<Minor, Box<dyn Error>> {
    let mut all = BTreeMap::new();
    let mut kinds = BTreeMap::new();
    for (path, schema) in &document.definitions {
        let name = short(path);
        let root = schema.is_object() && !schema.kinds.is_empty();
        if root {
            kinds.extend(schema.kinds.iter().map(|kind| (kind.name(), name.clone())));
        }
        if special(&name).is_some() {
            continue;
        }
        if schema.form.as_deref() != Some("object") || schema.values.is_some() {
            return Err(format!("nothing is known of {name}").into());
        }
        let mut fields = Fields::new();
        for (field, inner) in &schema.properties {
            let none = Vec::new();
            let words = words.get(&(name.clone(), field.clone())).unwrap_or(&none);
            let fact = match field.as_str() {
                "status" if root => Fact::of_type("map[string]any"),
                _ if schema.required.contains(field) => inner.fact(words)?.required(),
                _ => inner.fact(words)?,
            };
            let _ = fields.insert(field.clone(), fact);
        }
        if all.insert(name.clone(), fields).is_some() {
            return Err(format!("two types are called {name}").into());
        }
    }
    let mut waiting: Vec<String> = kinds.values().cloned().collect();
    let mut types = BTreeMap::new();
    while let Some(name) = waiting.pop() {
        if let Some(fields) = all.remove(&name) {
            waiting.extend(fields.values().flat_map(Fact::names).map(str::to_owned));
            let _ = types.insert(name, fields);
        }
    }
    Ok(Minor { number, kinds, types })
}

/// A definition's group, version and name: the last three words of its path.
fn short(definition: &str) -> String {
    let start = definition.rmatch_indices('.').nth(2).map_or(0, |(dot, _)| dot + 1);
    definition.get(start..).unwrap_or(definition).to_owned()
}

fn special(name: &str) -> Option<&'static str> {
    SPECIAL.iter().find(|(known, _)| *known == name).map(|(_, form)| *form)
}

impl GroupVersionKind {
    /// Version and kind, as an object writes them.
    fn name(&self) -> String {
        let Self { group, version, kind } = self;
        let slash = if group.is_empty() { "" } else { "/" };
        format!("{group}{slash}{version}/{kind}")
    }
}

impl Schema {
    /// Whether this is what users write. Lists of objects, options and answers of the server have
    /// kinds, too, but not an object's metadata.
    fn is_object(&self) -> bool {
        let metadata = self.properties.get("metadata").and_then(|field| field.reference.as_deref());
        metadata.is_some_and(|path| short(path) == "meta.v1.ObjectMeta")
    }

    fn fact(&self, words: &[String]) -> Result<Fact, Box<dyn Error>> {
        if let Some(path) = &self.reference {
            let name = short(path);
            return Ok(Fact::of_type(special(&name).unwrap_or(&name)));
        }
        let fact = match (self.form.as_deref(), self.format.as_deref()) {
            (Some("array"), _) => {
                let item = self.items.as_ref().ok_or("a list of nothing")?.fact(words)?;
                let container = match self.list.as_str() {
                    "set" => "[.]".to_owned(),
                    _ => format!("[{}]", self.list_keys.join(",")),
                };
                return Ok(Fact::container(&container, item));
            }
            (Some("object"), _) => match &self.values {
                Some(values) => return Ok(Fact::container("map[string]", values.fact(words)?)),
                None => "map[string]any",
            },
            (Some("string"), Some("byte")) => "byte",
            (Some("string"), None) => "string",
            (Some("boolean"), None) => "boolean",
            (Some("integer"), Some("int32")) => "int32",
            (Some("integer"), None | Some("int64")) => "int64",
            (Some("number"), _) => "number",
            (form, format) => return Err(format!("nothing is known of {form:?} {format:?}").into()),
        };
        Ok(Fact { words: words.to_vec(), ..Fact::of_type(fact) })
    }
}

/// The closed sets of the generated Go file: a function for each type, in it a line that opens each field,
/// and below that, where the field or its items have one, the set.
fn words(go: &str) -> Result<Words, serde_json::Error> {
    let owned = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
    let known =
        CLOSED.iter().map(|&(name, field, words)| ((name.into(), field.into()), owned(words)));
    let mut found: Words = known.collect();
    let (mut name, mut field) = (String::new(), String::new());
    for line in go.lines() {
        let trimmed = line.trim_start();
        if let Some(function) = line.strip_prefix("func schema_") {
            let path = function.split('(').next().unwrap_or_default();
            name = short(&path.replace('_', "."));
        } else if let Some(key) =
            trimmed.strip_prefix('"').and_then(|key| key.strip_suffix("\": {"))
        {
            key.clone_into(&mut field);
        } else if let Some(set) = trimmed.strip_prefix("Enum:") {
            let list = set.trim_start().trim_start_matches("[]interface{}{");
            let list = list.trim_end_matches("},").trim_end_matches('}');
            let words = serde_json::from_str(&format!("[{list}]"))?;
            let _ = found.insert((name.clone(), field.clone()), words);
        }
    }
    Ok(found)
}
