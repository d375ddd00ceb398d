//! What tells objects apart.

use crate::node::Node;

/// What an object is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Identity {
    /// The API group; empty for the core group.
    pub group: String,
    /// The API version.
    pub version: String,
    /// The kind.
    pub kind: String,
    /// The namespace; empty where it has none.
    pub namespace: String,
    /// The name.
    pub name: String,
}

impl Identity {
    /// What an object is, if it says so.
    pub fn of(object: &Node) -> Option<Identity> {
        let api = object.get("apiVersion")?.text()?;
        let (group, version) = api.split_once('/').unwrap_or(("", api));
        let metadata = object.get("metadata")?;
        Some(Identity {
            group: group.to_owned(),
            version: version.to_owned(),
            kind: object.get("kind")?.text()?.to_owned(),
            namespace: metadata
                .get("namespace")
                .and_then(Node::text)
                .unwrap_or_default()
                .to_owned(),
            name: metadata.get("name")?.text()?.to_owned(),
        })
    }

    /// `apiVersion` and kind, as the merge keys list them.
    pub fn type_name(&self) -> String {
        match self.group.as_str() {
            "" => format!("{}/{}", self.version, self.kind),
            group => format!("{group}/{}/{}", self.version, self.kind),
        }
    }

    /// `Kind namespace/name`, for people.
    pub fn shown(&self) -> String {
        match self.namespace.as_str() {
            "" => format!("{} {}", self.kind, self.name),
            namespace => format!("{} {namespace}/{}", self.kind, self.name),
        }
    }
}
