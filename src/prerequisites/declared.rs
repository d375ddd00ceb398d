//! The document read back: what it says there is, for those who look for what others name.

use super::{MIDDLEWARE, SECRET_STORE, YOU};
use crate::node::{Data, Node};

/// What there is besides the tree, as its prerequisites say.
#[derive(Debug, Default)]
pub struct Declared<'a> {
    /// The Secrets that no object of the tree makes.
    pub secrets: Vec<Secret<'a>>,
    /// Middlewares: `<namespace>/<name>`.
    pub middlewares: Vec<&'a str>,
    /// Stores of the External Secrets Operator: `<kind>/<name>`.
    pub secret_stores: Vec<&'a str>,
    /// Addresses of Services.
    pub addresses: Vec<&'a str>,
    /// Buckets.
    pub buckets: Vec<&'a str>,
    /// Containers: the account's name and the container's.
    pub containers: Vec<(&'a str, &'a str)>,
    /// Roles by their ARN, identities by their client id.
    pub identities: Vec<&'a str>,
}

/// A Secret.
#[derive(Debug)]
pub struct Secret<'a> {
    /// Its namespace.
    pub namespace: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Its keys.
    pub keys: Vec<&'a str>,
}

impl<'a> Declared<'a> {
    /// Reads a document that [`super::document`] made.
    pub fn read(document: &'a Node) -> Self {
        let cloud = document.get("cloud");
        let of_cloud = |list| cloud.map(|cloud| items(cloud, list)).unwrap_or_default();
        let services = items(document, "clusterServices");
        let called = |name: &str| {
            let those = services.iter().filter(|service| text(service, "name") == Some(name));
            those.filter_map(|service| text(service, "reference")).collect()
        };
        let ids = [("iamRoles", "arn"), ("managedIdentities", "clientId")];
        let ids = ids
            .into_iter()
            .flat_map(|(list, key)| of_cloud(list).iter().filter_map(move |one| text(one, key)));
        let container = |one| Some((text(one, "account")?, text(one, "name")?));
        Declared {
            secrets: items(document, "secrets").iter().filter_map(secret).collect(),
            middlewares: called(MIDDLEWARE),
            secret_stores: called(SECRET_STORE),
            addresses: services.iter().filter_map(|service| text(service, "address")).collect(),
            buckets: of_cloud("s3Buckets").iter().filter_map(|one| text(one, "name")).collect(),
            containers: of_cloud("blobContainers").iter().filter_map(container).collect(),
            identities: ids.collect(),
        }
    }
}

fn secret(node: &Node) -> Option<Secret<'_>> {
    (text(node, "madeBy") == Some(YOU)).then_some(())?;
    Some(Secret {
        namespace: text(node, "namespace")?,
        name: text(node, "name")?,
        keys: items(node, "keys").iter().filter_map(|key| text(key, "key")).collect(),
    })
}

fn text<'a>(node: &'a Node, key: &str) -> Option<&'a str> {
    node.get(key)?.text()
}

fn items<'a>(node: &'a Node, key: &str) -> &'a [Node] {
    match node.get(key).map(|node| &node.data) {
        Some(Data::List(items)) => items,
        Some(
            Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::Text(_)
            | Data::Map(_),
        )
        | None => &[],
    }
}
