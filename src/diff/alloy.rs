//! An Alloy configuration as one tree of values, so that it is compared like everything else.
//!
//! A component stands at its name and label, an argument at its name. Comments and the order of components
//! and arguments mean nothing and are left out; the order of blocks that follow each other in a pipeline
//! does, so `stage.*` blocks are one list, and so are blocks of one name.

use crate::node::{Data, Map, Node, Text};
use crate::origin::Origin;
use crate::river::{self, Block, Expr, Statement};

/// The name under which an expression's text stands: no argument or label is called so.
pub const EXPRESSION: &str = "=";

/// The prefix of the blocks that are steps of one pipeline, whatever they are.
const STAGE: &str = "stage.";

/// The configuration's tree.
pub fn tree(body: &[Statement]) -> Node {
    Node { data: Data::Map(members(body)), origin: Origin::Structure }
}

/// The text of an expression, if the value is one.
pub fn expression(node: &Node) -> Option<&str> {
    let Data::Map(map) = &node.data else { return None };
    map.get(EXPRESSION).filter(|_| map.len() == 1).and_then(Node::text)
}

fn members(body: &[Statement]) -> Map {
    let mut map = Map::new();
    for statement in body {
        match statement {
            Statement::Comment(_) => {}
            Statement::Attribute(attribute) => {
                put(&mut map, attribute.name.clone(), value(&attribute.value));
            }
            Statement::Block(block) => add_block(&mut map, block, body),
        }
    }
    map
}

fn add_block(map: &mut Map, block: &Block, around: &[Statement]) {
    let node = Node { data: Data::Map(members(&block.body)), origin: block.origin.clone() };
    if let Some(stage) = block.name.strip_prefix(STAGE) {
        let stage = single(stage.to_owned().into(), node);
        return push(map, STAGE.trim_end_matches('.').into(), stage);
    }
    if let Some(label) = &block.label {
        let labels = map.entry(block.name.clone()).or_insert_with(|| structure(Map::new()));
        match &mut labels.data {
            Data::Map(labels) => put(labels, label.clone(), node),
            Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::Text(_)
            | Data::List(_) => {
                put(map, block.name.clone(), single(label.clone(), node));
            }
        }
        return;
    }
    let alike = around.iter().filter(|other| match other {
        Statement::Block(other) => other.name == block.name && other.label.is_none(),
        Statement::Attribute(_) | Statement::Comment(_) => false,
    });
    // Of blocks that can be there several times one alone is a list, too, so that a second changes nothing else.
    if alike.count() > 1 || REPEATED.contains(&block.name.as_ref()) {
        push(map, block.name.clone(), node);
    } else {
        put(map, block.name.clone(), node);
    }
}

/// Blocks that components take any number of.
const REPEATED: [&str; 8] = [
    "rule",
    "endpoint",
    "target",
    "discovery",
    "metric",
    "selectors",
    "write_relabel_config",
    "static",
];

fn structure(map: Map) -> Node {
    Node { data: Data::Map(map), origin: Origin::Structure }
}

fn single(name: Text, node: Node) -> Node {
    structure(Map::from([(name, node)]))
}

/// Adds an item to the list of this name.
fn push(map: &mut Map, name: Text, item: Node) {
    let list = map.entry(name.clone());
    let list =
        list.or_insert_with(|| Node { data: Data::List(Vec::new()), origin: Origin::Structure });
    match &mut list.data {
        Data::List(items) => items.push(item),
        Data::Null
        | Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::Text(_)
        | Data::Map(_) => {
            put(map, name, item);
        }
    }
}

/// Adds a member. What Alloy would refuse, one name twice, is kept under a name of its own.
fn put(map: &mut Map, name: Text, node: Node) {
    let mut free = name;
    while map.contains_key(&free) {
        free = format!("{free}'").into();
    }
    let _ = map.insert(free, node);
}

fn value(expr: &Expr) -> Node {
    match expr {
        Expr::Literal(node) => node.clone(),
        Expr::Object(fields) => {
            let mut map = Map::new();
            fields.iter().for_each(|(key, field)| put(&mut map, key.clone(), value(field)));
            structure(map)
        }
        Expr::List(items) => {
            let items = items.iter().map(value).collect();
            Node { data: Data::List(items), origin: Origin::Structure }
        }
        Expr::Parens(inner) => value(inner),
        Expr::Path(path) => computed(expr, path.origin.clone()),
        Expr::Asked(..) | Expr::Unary(..) | Expr::Binary(..) => {
            let statement = [Statement::Attribute(river::Attribute {
                name: "x".into(),
                value: expr.clone(),
                origin: Origin::Structure,
            })];
            let origins = river::origins(&statement);
            let mentions = river::references(&statement);
            let mentioned = mentions.iter().map(|mention| &mention.path.origin);
            let origin =
                Origin::derived("worked out by Alloy", origins.into_iter().chain(mentioned));
            computed(expr, origin)
        }
    }
}

fn computed(expr: &Expr, origin: Origin) -> Node {
    let text = river::print_expression(expr);
    single(EXPRESSION.into(), Node { data: Data::Text(text.into()), origin })
}
