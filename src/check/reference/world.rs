//! What there is: made by the tree, by the charts and operators, or declared.

use crate::component;
use crate::contract::reference::{
    ChartObjects, Kind, Made, Named, hosts, made_by_chart, made_by_object, opened_by_object,
};
use crate::model::ComponentId;
use crate::node::Node;
use crate::origin::Origin;
use crate::prerequisites::Declared;
use crate::tree::{Content, RelPath, Tree};
use std::collections::{BTreeMap, BTreeSet};

/// Everything that is known to be there, and where that is all that there is.
pub struct World<'a> {
    declared: Declared<'a>,
    made: BTreeMap<Named, Option<BTreeSet<String>>>,
    charts: Vec<ChartObjects>,
    /// The namespaces that the tree makes: nothing is in them but what the tree says.
    owned: BTreeSet<&'a str>,
    /// Namespaces in which somebody may make anything; an empty one means all.
    opened: BTreeSet<String>,
    /// Objects that overlays took away, by the names of their files.
    removed: Vec<(&'a RelPath, &'a Origin)>,
}

/// Whether something is there.
pub enum Presence<'w> {
    /// It is, with these keys, if they are known.
    There(Option<&'w BTreeSet<String>>),
    /// Nobody can say.
    Unknown,
    /// It is not.
    Missing,
}

impl<'a> World<'a> {
    /// What there is because of a tree and of what it declares.
    pub fn new(tree: &'a Tree, declared: Declared<'a>) -> Self {
        let removed = tree.removed().filter(|(path, _)| tree.get(path).is_none());
        let mut world = World {
            declared,
            made: BTreeMap::new(),
            charts: Vec::new(),
            owned: BTreeSet::new(),
            opened: BTreeSet::new(),
            removed: removed.map(|(path, removal)| (path, &removal.origin)).collect(),
        };
        for (path, object) in objects(tree) {
            if object.get("kind").and_then(Node::text) == Some("Namespace") {
                world.owned.extend(name(object));
            }
            let home = home(tree, path);
            world.opened.extend(opened_by_object(object, home));
            world.add(made_by_object(object, home));
        }
        for id in ComponentId::ALL {
            if let Some((values, home)) = values(tree, id) {
                let chart = component::chart(id).name;
                let mut objects = made_by_chart(chart, values, id.as_str(), home);
                world.opened.append(&mut objects.opened.drain(..).collect());
                world.add(std::mem::take(&mut objects.made));
                world.charts.push(objects);
            }
        }
        world.add_declared();
        world
    }

    /// The cloud's part of what is declared.
    pub fn declared(&self) -> &Declared<'a> {
        &self.declared
    }

    /// Whether this is there.
    pub fn presence(&self, what: &Named) -> Presence<'_> {
        if let Some(keys) = self.made.get(what) {
            return Presence::There(keys.as_ref());
        }
        if self.charts.iter().any(|chart| chart.may_make(what)) || is_everywhere(what) {
            return Presence::There(None);
        }
        if self.is_known(what) { Presence::Missing } else { Presence::Unknown }
    }

    /// Whether a middleware of this `<namespace>-<name>` is there.
    pub fn has_joined_middleware(&self, joined: &str) -> bool {
        let is_it = |what: &Named| {
            what.kind == Kind::Middleware && format!("{}-{}", what.namespace, what.name) == joined
        };
        self.made.keys().any(is_it) || self.is_opened("")
    }

    /// The overlay's line that took this away, if one did.
    pub fn removal(&self, what: &Named) -> Option<&'a Origin> {
        let file = format!("{}-{}.yaml", what.kind.as_str().to_lowercase(), what.name);
        let is_it = |path: &RelPath| path.as_str().rsplit('/').next() == Some(file.as_str());
        self.removed.iter().find(|(path, _)| is_it(path)).map(|(_, origin)| *origin)
    }

    /// Names of things of this kind in this namespace.
    pub fn others(&self, what: &Named) -> impl Iterator<Item = &str> {
        let beside = |other: &&Named| other.kind == what.kind && other.namespace == what.namespace;
        self.made.keys().filter(beside).map(|other| other.name.as_str())
    }

    fn add(&mut self, made: Vec<Made>) {
        self.made.extend(made.into_iter().map(|Made { what, keys }| (what, keys)));
    }

    fn add_declared(&mut self) {
        let declared = &self.declared;
        let named = |kind, namespace: &str, name: &str| Named {
            kind,
            namespace: namespace.to_owned(),
            name: name.to_owned(),
        };
        let mut made = Vec::new();
        for secret in &declared.secrets {
            let keys = secret.keys.iter().map(|key| (*key).to_owned()).collect();
            let what = named(Kind::Secret, secret.namespace, secret.name);
            made.push(Made { what, keys: Some(keys) });
        }
        let there = |what| Made { what, keys: None };
        for (namespace, name) in declared.middlewares.iter().filter_map(|one| one.split_once('/')) {
            made.push(there(named(Kind::Middleware, namespace, name)));
        }
        for (kind, name) in declared.secret_stores.iter().filter_map(|one| one.split_once('/')) {
            let Some(kind) = Kind::named(kind) else { continue };
            let everywhere = self.owned.iter().copied().chain([""]);
            made.extend(everywhere.map(|namespace| there(named(kind, namespace, name))));
        }
        for host in declared.addresses.iter().flat_map(|address| hosts(address)) {
            made.push(there(named(Kind::Service, host.namespace, host.name)));
        }
        // What an object of the tree makes is known better.
        for Made { what, keys } in made {
            let _ = self.made.entry(what).or_insert(keys);
        }
    }

    /// Whether everything of this kind that could be there is known.
    fn is_known(&self, what: &Named) -> bool {
        if self.is_opened(&what.namespace) {
            return false;
        }
        match what.kind {
            // The spec has a place for these.
            Kind::Middleware | Kind::MiddlewareTcp | Kind::ClusterSecretStore => true,
            // Those of stateful sets are numbered, also those of a chart.
            Kind::Claim if is_numbered(&what.name) => false,
            Kind::Secret
            | Kind::ConfigMap
            | Kind::Claim
            | Kind::ServiceAccount
            | Kind::Service
            | Kind::SecretStore
            | Kind::ProviderClass => self.owned.contains(what.namespace.as_str()),
        }
    }

    fn is_opened(&self, namespace: &str) -> bool {
        self.opened.contains(namespace) || self.opened.contains("")
    }
}

/// What Kubernetes makes in every namespace.
fn is_everywhere(what: &Named) -> bool {
    matches!(
        (what.kind, what.name.as_str()),
        (Kind::ServiceAccount, "default") | (Kind::ConfigMap, "kube-root-ca.crt")
    )
}

fn is_numbered(name: &str) -> bool {
    let number = name.rsplit_once('-').map(|(_, number)| number);
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|c| c.is_ascii_digit()))
}

/// The objects that make and name things: what is delivered, not what delivers it.
pub fn objects(tree: &Tree) -> impl Iterator<Item = (&RelPath, &Node)> {
    tree.objects().filter(|(path, _)| !path.as_str().starts_with("delivery/"))
}

/// The namespace of an object that does not say its own.
pub fn home<'a>(tree: &'a Tree, path: &RelPath) -> &'a str {
    path.component().and_then(|id| namespace(tree, id)).unwrap_or("default")
}

/// A component's values and its namespace, if the tree has both.
pub fn values(tree: &Tree, id: ComponentId) -> Option<(&Node, &str)> {
    let values = tree.get(&RelPath::of(id, crate::layout::VALUES))?;
    match values {
        Content::Values(values) => Some((values, namespace(tree, id)?)),
        Content::Object(_) | Content::Document(_) | Content::Alloy(_) => None,
    }
}

fn namespace(tree: &Tree, id: ComponentId) -> Option<&str> {
    match tree.get(&RelPath::of(id, crate::layout::NAMESPACE))? {
        Content::Object(object) => name(object),
        Content::Values(_) | Content::Document(_) | Content::Alloy(_) => None,
    }
}

fn name(object: &Node) -> Option<&str> {
    object.get("metadata")?.get("name")?.text()
}
