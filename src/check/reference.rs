//! Names that lead nowhere: of objects, of keys in them, of Services by their hosts, of identities.

pub mod world;

use super::Reporter;
use crate::component::{self, ComponentId};
use crate::contract::reference::{
    self, Host, Kind, Named, Reference, annotated_middlewares, hosts, in_object, in_values,
};
use crate::contract::{Breach, Kind as How, Place};
use crate::diag::Code;
use crate::layout;
use crate::near::{did_you_mean, nearest};
use crate::node::{Data, Node};
use crate::origin::Origin;
use crate::pointer::Pointer;
use crate::prerequisites::Declared;
use crate::river;
use crate::tree::{Content, RelPath, Tree};
use world::{Presence, World, home, objects};

/// Reports every name of a tree that leads nowhere. Without its prerequisites nothing is known.
pub fn check(tree: &Tree, reporter: &mut Reporter) {
    let prerequisites = tree.get(&RelPath::top(layout::PREREQUISITES));
    let Some(Content::Document(document)) = prerequisites else { return };
    let world = World::new(tree, Declared::read(document));
    for (path, object) in objects(tree) {
        let mut here = Here { world: &world, path, root: object, reporter };
        in_object(object, home(tree, path)).iter().for_each(|reference| here.follow(reference));
        here.middlewares();
        if !is_carrier(path) {
            here.hosts(object, &mut Pointer::default());
        }
    }
    for id in ComponentId::ALL {
        let path = RelPath::of(id, layout::VALUES);
        if let Some((values, home)) = world::values(tree, id) {
            let mut here = Here { world: &world, path: &path, root: values, reporter };
            let chart = component::chart(id).name;
            in_values(chart, values, home).iter().for_each(|reference| here.follow(reference));
            here.middlewares();
            here.hosts(values, &mut Pointer::default());
            here.identities();
        }
    }
    let nothing = Node { data: Data::Null, origin: Origin::Structure };
    for (path, content) in tree.files() {
        if let Content::Alloy(config) = content {
            let mut here = Here { world: &world, path, root: &nothing, reporter };
            for literal in river::literals(config) {
                here.hosts_in(literal, |_| Place::Origin(literal.origin.clone()));
            }
        }
    }
}

/// The object that repeats the collector's configuration.
fn is_carrier(path: &RelPath) -> bool {
    *path == RelPath::of(ComponentId::Alloy, &format!("configmap-{}.yaml", component::CARRIER))
}

/// A file, and what its names may lead to.
struct Here<'h, 'r, 'd> {
    world: &'h World<'h>,
    path: &'h RelPath,
    root: &'h Node,
    reporter: &'r mut Reporter<'d>,
}

impl Here<'_, '_, '_> {
    fn add(&mut self, code: Code, place: Place, message: String, help: Option<String>) {
        let breach = Breach { place, kind: How::Reference, message, help };
        self.reporter.add(self.path, self.root, code, breach);
    }

    fn follow(&mut self, Reference { at, to, keys }: &Reference) {
        match self.world.presence(to) {
            Presence::Unknown | Presence::There(None) => {}
            Presence::There(Some(known)) => {
                for (at, key) in keys.iter().filter(|(_, key)| !known.contains(key)) {
                    let message =
                        format!("the {} `{}` has no key `{key}`", to.kind.as_str(), to.name);
                    let near = nearest(key, known.iter().map(String::as_str)).map(did_you_mean);
                    self.add(Code::ReferenceKey, at.clone(), message, near);
                }
            }
            Presence::Missing => self.missing(at, to),
        }
    }

    fn missing(&mut self, at: &Place, to: &Named) {
        // Whoever took it away has to know.
        if let Some(origin) = self.world.removal(to) {
            let message = format!("{} is taken away, and is still named", shown(to));
            let help = Some("keep it, or take away what names it, too".to_owned());
            return self.add(Code::ReferenceObject, Place::Origin(origin.clone()), message, help);
        }
        let near = nearest(&to.name, self.world.others(to));
        let help = near.map_or_else(|| what_to_do(to.kind).to_owned(), did_you_mean);
        let message = format!("nothing makes {}", shown(to));
        self.add(Code::ReferenceObject, at.clone(), message, Some(help));
    }

    /// Middlewares that annotations name.
    fn middlewares(&mut self) {
        for (at, joined) in annotated_middlewares(self.root) {
            if !self.world.has_joined_middleware(&joined) {
                let message = format!("nothing makes the Middleware `{joined}`");
                let help = what_to_do(Kind::Middleware).to_owned();
                self.add(Code::ReferenceObject, at, message, Some(help));
            }
        }
    }

    /// Hosts in every text below a value.
    fn hosts(&mut self, node: &Node, at: &mut Pointer) {
        match &node.data {
            Data::Map(members) => {
                for (key, member) in members {
                    at.push(key);
                    self.hosts(member, at);
                    at.pop();
                }
            }
            Data::List(items) => {
                for (position, item) in items.iter().enumerate() {
                    at.push(&position.to_string());
                    self.hosts(item, at);
                    at.pop();
                }
            }
            Data::Text(_) => self.hosts_in(node, |host| Place::Within(at.clone(), host.at.clone())),
            Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) => {}
        }
    }

    fn hosts_in(&mut self, node: &Node, place: impl Fn(&Host) -> Place) {
        for host in node.text().into_iter().flat_map(hosts) {
            let to = Named {
                kind: Kind::Service,
                namespace: host.namespace.to_owned(),
                name: host.name.to_owned(),
            };
            if let Presence::Missing = self.world.presence(&to) {
                let message = format!("nothing makes {}, so nobody answers there", shown(&to));
                let near = nearest(&to.name, self.world.others(&to)).map(did_you_mean);
                self.add(Code::ReferenceHost, place(&host), message, near);
            }
        }
    }

    /// The cloud's roles and identities that the chart's account takes.
    fn identities(&mut self) {
        let known = self.world.declared().identities.clone();
        for reference::Identity { at, id } in reference::identities(self.root) {
            if !known.contains(&id.as_str()) {
                let message = format!("`{id}` is not among the identities of `prerequisites.yaml`");
                let near = nearest(&id, known.iter().copied());
                let spec = || "set it in the spec, below `cloud`".to_owned();
                let help = near.map_or_else(spec, did_you_mean);
                self.add(Code::ReferenceIdentity, at, message, Some(help));
            }
        }
    }
}

fn shown(to: &Named) -> String {
    let (kind, name) = (to.kind.as_str(), &to.name);
    match to.namespace.as_str() {
        "" => format!("the {kind} `{name}`"),
        namespace => format!("the {kind} `{name}` in the namespace `{namespace}`"),
    }
}

fn what_to_do(kind: Kind) -> &'static str {
    match kind {
        Kind::Middleware => {
            "list it under `ingress.traefik.forwardAuth.middlewares` of the spec, or add it by `resources`"
        }
        Kind::SecretStore | Kind::ClusterSecretStore => {
            "name the store of the spec's `secrets.externalSecrets.store`, or add this one by `resources`"
        }
        Kind::Secret
        | Kind::ConfigMap
        | Kind::Claim
        | Kind::ServiceAccount
        | Kind::Service
        | Kind::MiddlewareTcp
        | Kind::ProviderClass => {
            "add it by an overlay's `resources`, or allow this by a comment that says who makes it"
        }
    }
}
