//! Values as people read them in a difference.

use super::alloy;
use crate::node::{Data, Node};
use crate::syntax;

/// A value: a plain one as it is, an expression of Alloy as it is written, anything else as YAML.
pub fn shown(node: &Node) -> String {
    if let Some(expression) = alloy::expression(node) {
        return expression.to_owned();
    }
    match &node.data {
        Data::Text(text) => text.to_string(),
        Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) => node.to_json().to_string(),
        Data::List(_) | Data::Map(_) => syntax::emit(&plain(node)).trim_end().to_owned(),
    }
}

/// The same value with expressions as texts.
fn plain(node: &Node) -> Node {
    let data = match (&node.data, alloy::expression(node)) {
        (_, Some(expression)) => Data::Text(expression.to_owned().into()),
        (Data::Map(map), None) => {
            Data::Map(map.iter().map(|(key, value)| (key.clone(), plain(value))).collect())
        }
        (Data::List(items), None) => Data::List(items.iter().map(plain).collect()),
        (data, None) => data.clone(),
    };
    Node { data, origin: node.origin.clone() }
}
