//! A chart's folder: what it says of itself, its defaults, its templates, and the charts within it.

use crate::node::{self, Data, Node, Text};
use crate::source::Sources;
use crate::syntax;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// How deeply charts may hold charts.
const MAX_DEPTH: usize = 8;
/// The most charts in all, each once for every name that it has.
const MAX_CHARTS: usize = 64;
/// The most bytes of all templates.
const MAX_TEMPLATES: usize = 4 << 20;

/// A chart and what lies in its folder.
#[derive(Debug)]
pub struct Package<'a> {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The version of the application that it deploys.
    pub application: Option<String>,
    /// What Helm calls its folder: its own name below those of the charts that hold it.
    pub base: String,
    /// The contents of `values.yaml`; an empty map if there is none.
    pub values: Node,
    /// The contents of `values.schema.json`.
    pub schema: Option<Value>,
    /// Its templates, by path in its folder.
    pub templates: Vec<(&'a str, &'a str)>,
    /// Every other file that templates can read, by path in its folder.
    pub files: BTreeMap<&'a str, &'a str>,
    /// The charts within it, each once for every name it has here.
    pub charts: Vec<Held<'a>>,
}

/// A chart within another.
#[derive(Debug)]
pub struct Held<'a> {
    /// The key of the outer chart's values that holds its values.
    pub key: String,
    /// Paths of the outer chart's values that switch it on.
    pub conditions: Vec<Vec<String>>,
    /// Names below `tags` that switch it on.
    pub tags: Vec<String>,
    /// Paths of its values that become values of the outer chart.
    pub exports: Vec<Vec<String>>,
    /// The chart.
    pub package: Package<'a>,
}

impl<'a> Package<'a> {
    /// A chart of nothing but templates.
    pub fn of_texts(texts: &[&'a str]) -> Package<'a> {
        Package {
            name: String::new(),
            version: String::new(),
            application: None,
            base: String::new(),
            values: empty(),
            schema: None,
            templates: texts.iter().map(|text| ("templates/text", *text)).collect(),
            files: BTreeMap::new(),
            charts: Vec::new(),
        }
    }
}

/// Reads a chart's folder: path in it to text.
///
/// # Errors
/// What is missing or cannot be read.
pub fn read(files: &BTreeMap<String, String>) -> Result<Package<'_>, String> {
    let files = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    Amount::default().folder(&files, "", 0)
}

/// How much has been read: a chart may be there under many names.
#[derive(Default)]
struct Amount {
    charts: usize,
    templates: usize,
}

impl Amount {
    fn add(&mut self, templates: &[(&str, &str)]) -> Result<(), String> {
        self.charts += 1;
        self.templates += templates.iter().map(|(_, text)| text.len()).sum::<usize>();
        if self.charts > MAX_CHARTS {
            Err(format!("more than {MAX_CHARTS} charts lie in it"))
        } else if self.templates > MAX_TEMPLATES {
            Err(format!("its templates hold more than {MAX_TEMPLATES} bytes"))
        } else {
            Ok(())
        }
    }
}

impl Amount {
    fn folder<'a>(
        &mut self,
        files: &BTreeMap<&'a str, &'a str>,
        above: &str,
        depth: usize,
    ) -> Result<Package<'a>, String> {
        if depth > MAX_DEPTH {
            return Err(format!("charts are nested more than {MAX_DEPTH} deep"));
        }
        let about = files.get("Chart.yaml").ok_or("`Chart.yaml` is missing")?;
        let about = yaml("Chart.yaml", about)?;
        let name = text(&about, "name").ok_or("`Chart.yaml` has no name")?;
        let version = text(&about, "version").ok_or("`Chart.yaml` has no version")?;
        let base = format!("{above}{name}");
        let mut templates = Vec::new();
        let mut others = BTreeMap::new();
        for (path, content) in files {
            if path.starts_with("templates/") {
                templates.push((*path, *content));
            } else if !path.starts_with("charts/") {
                let _ = others.insert(*path, *content);
            }
        }
        self.add(&templates)?;
        let values = match files.get("values.yaml") {
            Some(values) => yaml("values.yaml", values)?,
            None => empty(),
        };
        let schema = files.get("values.schema.json").map(|schema| serde_json::from_str(schema));
        let schema =
            schema.transpose().map_err(|error| format!("`values.schema.json`: {error}"))?;
        Ok(Package {
            charts: self.held(files, &about, &format!("{base}/charts/"), depth)?,
            name,
            version,
            application: text(&about, "appVersion"),
            base,
            values,
            schema,
            templates,
            files: others,
        })
    }

    /// The charts within a chart. Helm takes those that lie in `charts`, declared or not.
    fn held<'a>(
        &mut self,
        files: &BTreeMap<&'a str, &'a str>,
        about: &Node,
        above: &str,
        depth: usize,
    ) -> Result<Vec<Held<'a>>, String> {
        let folders = folders(files);
        let name_of = |inner: &BTreeMap<&str, &str>| {
            let about = yaml("Chart.yaml", inner.get("Chart.yaml")?).ok()?;
            text(&about, "name")
        };
        let names = folders.iter().map(|(folder, inner)| (name_of(inner), *folder));
        let names: BTreeMap<Option<String>, &str> = names.collect();
        let mut declared = BTreeSet::new();
        let mut charts = Vec::new();
        for one in about.get("dependencies").and_then(Node::items).unwrap_or_default() {
            let name = text(one, "name").ok_or("a dependency in `Chart.yaml` has no name")?;
            let found = names.get(&Some(name.clone())).and_then(|folder| folders.get(folder));
            let inner = found.ok_or_else(|| {
                format!("its folder `charts` does not hold `{name}`, which it depends on, unpacked")
            })?;
            let package = self.folder(inner, above, depth + 1);
            let package = package.map_err(|error| format!("`{name}`: {error}"))?;
            let _ = declared.insert(name.clone());
            let conditions = text(one, "condition").unwrap_or_default();
            let exports = one.get("import-values").and_then(Node::items).unwrap_or_default();
            charts.push(Held {
                key: text(one, "alias").unwrap_or(name),
                conditions: conditions.split(',').filter(|c| !c.is_empty()).map(path).collect(),
                tags: one
                    .get("tags")
                    .and_then(Node::items)
                    .unwrap_or_default()
                    .iter()
                    .filter_map(word)
                    .collect(),
                exports: exports.iter().map(export).collect(),
                package,
            });
        }
        for (folder, inner) in &folders {
            if name_of(inner).is_some_and(|name| declared.contains(&name)) {
                continue;
            }
            let package = self.folder(inner, above, depth + 1);
            let package = package.map_err(|error| format!("`{folder}`: {error}"))?;
            let key = package.name.clone();
            let (conditions, tags, exports) = (Vec::new(), Vec::new(), Vec::new());
            charts.push(Held { key, conditions, tags, exports, package });
        }
        Ok(charts)
    }
}

/// The folders in `charts` that are charts, each with its files.
fn folders<'a>(
    files: &BTreeMap<&'a str, &'a str>,
) -> BTreeMap<&'a str, BTreeMap<&'a str, &'a str>> {
    let mut folders: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
    for (path, content) in files {
        let inner = path.strip_prefix("charts/").and_then(|path| path.split_once('/'));
        if let Some((name, path)) = inner {
            let _ = folders.entry(name).or_default().insert(path, content);
        }
    }
    folders.retain(|name, inner| !name.starts_with(['_', '.']) && inner.contains_key("Chart.yaml"));
    folders
}

/// What an item of `import-values` takes: `exports.<name>`, or the path that `child` names.
fn export(item: &Node) -> Vec<String> {
    match (word(item), text(item, "child")) {
        (Some(name), _) => vec!["exports".to_owned(), name],
        (None, Some(child)) => path(&child),
        (None, None) => Vec::new(),
    }
}

fn empty() -> Node {
    node::map::<Text>([])
}

fn path(text: &str) -> Vec<String> {
    text.trim().split('.').map(str::to_owned).collect()
}

fn word(node: &Node) -> Option<String> {
    node.text().map(str::to_owned)
}

/// A member as text; versions are written as numbers now and then.
fn text(node: &Node, key: &str) -> Option<String> {
    match &node.get(key)?.data {
        Data::Text(text) => Some(text.to_string()),
        Data::Int(number) => Some(number.to_string()),
        Data::Float(number) => Some(number.to_string()),
        Data::Null | Data::Bool(_) | Data::List(_) | Data::Map(_) => None,
    }
}

/// Reads YAML, where no document is an empty map, and minds nothing but broken syntax: ambiguous scalars are the chart's own.
///
/// # Errors
/// That it cannot be read.
pub fn yaml(name: &str, text: &str) -> Result<Node, String> {
    let blank = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#');
    if text.lines().all(blank) {
        return Ok(empty());
    }
    let parsed = syntax::parse(Sources::default().add(name, text), text);
    let item = parsed.document.ok_or_else(|| {
        let why = parsed.found.first().map_or("", |finding| finding.message.as_str());
        format!("`{name}` cannot be read: {why}")
    })?;
    Ok(item.to_node())
}
