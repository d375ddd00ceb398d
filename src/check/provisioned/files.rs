//! The files with which a tree's Grafana is provisioned: from its values, from objects that it mounts, and
//! from those that its sidecars collect.

use crate::check::reference::world;
use crate::component::ComponentId;
use crate::contract::Place;
use crate::contract::reference::Spot;
use crate::layout;
use crate::node::{Data, Node};
use crate::origin::Origin;
use crate::pointer::Pointer;
use crate::source::Span;
use crate::syntax::{self, Inner};
use crate::tree::{RelPath, Tree};
use std::borrow::Cow;

/// What a file provisions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// Alert rules, contact points and what goes with them.
    Alerts,
    /// A dashboard.
    Dashboard,
    /// Data sources.
    Datasources,
}

/// A file, and where it stands.
#[derive(Debug)]
pub struct File<'t> {
    /// What it provisions.
    pub what: What,
    /// The tree's file that holds it.
    pub path: RelPath,
    /// The root of that.
    pub root: &'t Node,
    /// What it says.
    pub node: Cow<'t, Node>,
    /// Where a sidecar writes it, if one does: folder and name.
    pub written: Option<String>,
    /// Whether Grafana gets it: a sidecar that is off collects nothing.
    pub is_read: bool,
    at: Pointer,
    is_text: bool,
}

impl File<'_> {
    /// Where something of the file stands in the tree.
    pub fn place(&self, inner: &Pointer) -> Place {
        if self.is_text {
            return Place::Inside(self.at.clone(), inner.clone());
        }
        let mut at = self.at.clone();
        inner.parts().iter().for_each(|part| at.push(part));
        Place::Value(at)
    }

    /// Where the whole file stands.
    pub fn key(&self) -> Place {
        Place::Key(self.at.clone())
    }

    /// Whether it is a text in an object.
    pub fn is_in_object(&self) -> bool {
        self.is_text
            && self.path.as_str() != RelPath::of(ComponentId::Grafana, layout::VALUES).as_str()
    }
}

/// A sidecar of Grafana's, which writes the values of labelled objects into files.
struct Sidecar<'t> {
    what: What,
    is_on: bool,
    label: &'t str,
    /// What the label must say; anything if empty.
    value: &'t str,
    /// The namespaces that it reads; nothing for all.
    namespaces: Option<Vec<&'t str>>,
    /// The annotation that names a folder, if there is one.
    folder: Option<&'t str>,
}

/// Every file that a Grafana with these values and this namespace may be provisioned with.
pub fn files<'t>(tree: &'t Tree, values: &'t Node, home: &'t str) -> Vec<File<'t>> {
    let root = Spot::root(values);
    let mut all = in_values(values);
    let sidecars = sidecars(&root, home);
    let mounted = root.get("dashboardsConfigMaps").map(|mounted| mounted.members());
    let mounted: Vec<&str> = mounted.iter().flatten().filter_map(|(_, name)| name.text()).collect();
    for (path, object) in world::objects(tree) {
        let spot = Spot::root(object);
        if spot.text_at(&["kind"]) != Some("ConfigMap") {
            continue;
        }
        let namespace = spot.text_at(&["metadata", "namespace"]);
        let namespace = namespace.unwrap_or_else(|| world::home(tree, path));
        let is_mounted = namespace == home
            && spot.text_at(&["metadata", "name"]).is_some_and(|name| mounted.contains(&name));
        let collects = |sidecar: &&Sidecar| sidecar.collects(&spot, namespace);
        let sidecar = sidecars.iter().find(collects);
        let what = match sidecar {
            _ if is_mounted => What::Dashboard,
            Some(sidecar) => sidecar.what,
            None => continue,
        };
        for (key, text) in spot.get("data").iter().flat_map(Spot::members) {
            let written =
                sidecar.filter(|sidecar| sidecar.is_on).map(|sidecar| sidecar.file(&spot, key));
            let is_read = is_mounted || written.is_some();
            let file = of_text(what, path, object, &text);
            all.extend(file.map(|file| File { written, is_read, ..file }));
        }
    }
    all
}

fn in_values(values: &Node) -> Vec<File<'_>> {
    let root = Spot::root(values);
    let path = RelPath::of(ComponentId::Grafana, layout::VALUES);
    let mut all = Vec::new();
    for (key, what) in [("alerting", What::Alerts), ("datasources", What::Datasources)] {
        for (_, file) in root.get(key).iter().flat_map(Spot::members) {
            if let Data::Map(_) = file.node.data {
                all.push(File {
                    what,
                    path: path.clone(),
                    root: values,
                    node: Cow::Borrowed(file.node),
                    written: None,
                    is_read: true,
                    at: file.pointer(),
                    is_text: false,
                });
            }
        }
    }
    for (_, provider) in root.get("dashboards").iter().flat_map(Spot::members) {
        for (_, dashboard) in provider.members() {
            let json = dashboard.get("json");
            all.extend(json.and_then(|json| of_text(What::Dashboard, &path, values, &json)));
        }
    }
    all
}

/// A file that is a text, if it can be read.
fn of_text<'t>(what: What, path: &RelPath, root: &'t Node, text: &Spot<'t>) -> Option<File<'t>> {
    let written = text.text()?;
    let node = match what {
        What::Dashboard => Node::from_json(serde_json::from_str(written).ok()?, &Origin::Structure),
        What::Alerts | What::Datasources => {
            syntax::parse_inner(&Inner::whole_file(Span::NOWHERE), written).document?.to_node()
        }
    };
    Some(File {
        what,
        path: path.clone(),
        root,
        node: Cow::Owned(node),
        written: None,
        is_read: true,
        at: text.pointer(),
        is_text: true,
    })
}

/// The sidecars of the chart's, with its own defaults. Source: grafana 12.11.1.
fn sidecars<'t>(values: &Spot<'t>, home: &'t str) -> Vec<Sidecar<'t>> {
    const KINDS: [(&str, What, &str); 3] = [
        ("alerts", What::Alerts, "grafana_alert"),
        ("dashboards", What::Dashboard, "grafana_dashboard"),
        ("datasources", What::Datasources, "grafana_datasource"),
    ];
    let unique = values.flag_at(&["sidecar", "enableUniqueFilenames"]) == Some(true);
    let of = |(key, what, label): (&str, What, &'t str)| {
        let text = |name: &str| values.text_at(&["sidecar", key, name]);
        let namespaces = match values.at(&["sidecar", key, "searchNamespace"]) {
            None => Some(vec![home]),
            Some(one) => match one.text() {
                Some("ALL") => None,
                Some(words) => Some(words.split(',').map(str::trim).collect()),
                None => Some(one.items().iter().filter_map(Spot::text).collect()),
            },
        };
        Sidecar {
            what,
            is_on: values.flag_at(&["sidecar", key, "enabled"]) == Some(true),
            label: text("label").unwrap_or(label),
            value: text("labelValue").unwrap_or_default(),
            namespaces,
            folder: if unique { None } else { text("folderAnnotation") },
        }
    };
    KINDS.into_iter().map(of).collect()
}

impl Sidecar<'_> {
    fn collects(&self, object: &Spot, namespace: &str) -> bool {
        let label = object.text_at(&["metadata", "labels", self.label]);
        let is_meant = label.is_some_and(|label| self.value.is_empty() || label == self.value);
        let spaces = self.namespaces.as_ref();
        is_meant && spaces.is_none_or(|spaces| spaces.contains(&namespace))
    }

    /// The file that it writes a key of an object to.
    fn file(&self, object: &Spot, key: &str) -> String {
        let folder =
            self.folder.and_then(|name| object.text_at(&["metadata", "annotations", name]));
        format!("{}/{key}", folder.unwrap_or_default())
    }
}
