//! What has been found to be named.

use super::spot::Spot;
use super::{Kind, Named};
use crate::contract::Place;

/// A name that stands somewhere and leads to something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Where the name stands.
    pub at: Place,
    /// What it leads to.
    pub to: Named,
    /// The keys that are read there, each with its place.
    pub keys: Vec<(Place, String)>,
}

/// References of one object, or of one chart's values.
#[derive(Debug)]
pub struct Found {
    namespace: String,
    all: Vec<Reference>,
}

impl Found {
    /// Nothing yet; names without a namespace are of this one.
    pub fn in_namespace(namespace: &str) -> Self {
        Found { namespace: namespace.to_owned(), all: Vec::new() }
    }

    /// What was found.
    pub fn all(self) -> Vec<Reference> {
        self.all
    }

    /// Adds a name that is of the own namespace.
    pub fn add(&mut self, kind: Kind, name: Option<Spot>) {
        self.add_of(kind, None, name, Vec::new());
    }

    /// Adds a name of the own namespace, and the keys that are read of what it leads to.
    pub fn add_with(&mut self, kind: Kind, name: Option<Spot>, keys: Vec<Spot>) {
        self.add_of(kind, None, name, keys);
    }

    /// Adds a name; one that a template or a variable will change is left out.
    pub fn add_of(
        &mut self,
        kind: Kind,
        namespace: Option<Spot>,
        name: Option<Spot>,
        keys: Vec<Spot>,
    ) {
        let Some(name) = name.filter(is_settled) else { return };
        if namespace.as_ref().is_some_and(|namespace| !is_settled(namespace)) {
            return;
        }
        let own = self.namespace.clone();
        let namespace = match kind {
            Kind::ClusterSecretStore => String::new(),
            Kind::Secret
            | Kind::ConfigMap
            | Kind::Claim
            | Kind::ServiceAccount
            | Kind::Service
            | Kind::Middleware
            | Kind::MiddlewareTcp
            | Kind::SecretStore
            | Kind::ProviderClass => namespace.map_or(own, |namespace| text(&namespace)),
        };
        let to = Named { kind, namespace, name: text(&name) };
        let keys = keys.into_iter().filter(is_settled).map(|key| (key.place(), text(&key)));
        self.all.push(Reference { at: name.place(), to, keys: keys.collect() });
    }
}

fn text(spot: &Spot) -> String {
    spot.text().unwrap_or_default().to_owned()
}

/// Whether it is a text that nothing will change any more.
fn is_settled(spot: &Spot) -> bool {
    let open = |text: &str| text.is_empty() || text.contains("{{") || text.contains('$');
    spot.text().is_some_and(|text| !open(text))
}
