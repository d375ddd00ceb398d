//! What a file means, as one tree of values.
//!
//! Texts that hold documents of their own are read, too: dashboards and other JSON in `ConfigMap`s, YAML, and
//! Alloy. A text that another file of the tree holds already is only named.

use super::alloy;
use super::list::Known;
use crate::node::{Data, Map, Node};
use crate::river;
use crate::source::Span;
use crate::syntax;
use crate::tree::{Content, RelPath, Tree};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The texts that some files of a tree are carried as, by other files: which file each is.
pub struct Carried(BTreeMap<String, RelPath>);

impl Carried {
    /// Of a tree: its configurations of Alloy.
    pub fn of(tree: &Tree) -> Carried {
        let texts = tree.files().filter_map(|(path, content)| match content {
            Content::Alloy(_) => Some((content.emit(), path.clone())),
            Content::Values(_) | Content::Object(_) | Content::Document(_) => None,
        });
        Carried(texts.collect())
    }
}

/// What is known of the lists of a file.
pub fn known(content: &Content) -> Known {
    match content {
        Content::Alloy(_) => Known::alloy(),
        Content::Object(object) => {
            let text = |key: &str| object.get(key).and_then(Node::text).unwrap_or_default();
            Known::of_kind(&format!("{}/{}", text("apiVersion"), text("kind")))
        }
        Content::Values(_) | Content::Document(_) => Known::nothing(),
    }
}

/// A file's tree.
pub fn view<'a>(content: &'a Content, carried: &Carried) -> Cow<'a, Node> {
    match content {
        Content::Alloy(body) => Cow::Owned(alloy::tree(body)),
        Content::Values(node) | Content::Document(node) => Cow::Borrowed(node),
        Content::Object(object) => match opened(object, carried) {
            Some(object) => Cow::Owned(object),
            None => Cow::Borrowed(object),
        },
    }
}

/// An object with its documents opened; nothing if it holds none.
fn opened(object: &Node, carried: &Carried) -> Option<Node> {
    let texts = match &object.get("data")?.data {
        Data::Map(texts) if object.get("kind").and_then(Node::text) == Some("ConfigMap") => texts,
        Data::Null
        | Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::Text(_)
        | Data::List(_)
        | Data::Map(_) => return None,
    };
    let opened: Map = texts
        .iter()
        .filter_map(|(key, leaf)| Some((key.clone(), document(key, leaf, carried)?)))
        .collect();
    if opened.is_empty() {
        return None;
    }
    let mut object = object.clone();
    if let Some(Node { data: Data::Map(texts), .. }) = object.at_mut(&["data"]) {
        texts.extend(opened);
    }
    Some(object)
}

/// The document in a text. Its values are there for the reason for which the text is.
fn document(key: &str, leaf: &Node, carried: &Carried) -> Option<Node> {
    let text = leaf.text()?;
    if let Some(path) = carried.0.get(text) {
        let same = format!("the text of {path}");
        return Some(Node { data: Data::Text(same.into()), origin: leaf.origin.clone() });
    }
    let (_, end) = key.rsplit_once('.')?;
    let read = match end {
        "json" => Node::from_json(serde_json::from_str(text).ok()?, &leaf.origin),
        "yaml" | "yml" => {
            let parsed = syntax::parse(Span::NOWHERE.source, text);
            parsed.document.filter(|_| parsed.found.is_empty())?.to_node()
        }
        "alloy" => alloy::tree(&river::parse(text, &|_, _| Span::NOWHERE).ok()?),
        _ => return None,
    };
    matches!(read.data, Data::Map(_) | Data::List(_)).then(|| read.caused_by(&leaf.origin))
}
