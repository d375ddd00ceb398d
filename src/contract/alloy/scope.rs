//! Which names mean something where: the file, the body of a `declare`, the template of a `foreach`.

use super::facts::Facts;
use crate::node::Data;
use crate::river::{Attribute, Block, Expr, Statement};
use std::collections::BTreeMap;

/// What can be referred to.
pub(super) struct Scope<'a> {
    outer: Option<&'a Scope<'a>>,
    /// Where it is.
    pub level: Level<'a>,
    /// Blocks by their ids; of several with one id the first.
    blocks: BTreeMap<String, &'a Block>,
    /// The blocks that make components, by the first part of these components' names.
    makers: BTreeMap<&'a str, &'a Block>,
}

/// A kind of scope.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Level<'a> {
    /// The file.
    Top,
    /// The body of a `declare`: it sees the components of others only as arguments.
    Module,
    /// The template of a `foreach` with the name of its variable.
    Each(Option<&'a str>),
}

impl<'a> Scope<'a> {
    /// The scope of these statements.
    pub fn new(body: &'a [Statement], level: Level<'a>, outer: Option<&'a Scope<'a>>) -> Self {
        let (mut ids, mut makers) = (BTreeMap::new(), BTreeMap::new());
        for block in blocks(body) {
            let _ = ids.entry(id(block)).or_insert(block);
            if let Some(label) = block.label.as_deref().filter(|_| makes_components(block)) {
                let _ = makers.entry(label).or_insert(block);
            }
        }
        Scope { outer, level, blocks: ids, makers }
    }

    /// Whether something in `path` names a block: the block, and the parts of the path that are left.
    pub fn find<'p>(&self, path: &'p str) -> Option<(&'a Block, &'p str)> {
        let ends = path.match_indices('.').map(|(at, _)| at).chain([path.len()]);
        for end in ends {
            let (id, rest) = path.split_at(end);
            if let Some(block) = self.block(id) {
                return Some((block, rest.strip_prefix('.').unwrap_or(rest)));
            }
        }
        None
    }

    fn block(&self, id: &str) -> Option<&'a Block> {
        match (self.blocks.get(id), self.outer, self.level) {
            (Some(block), _, _) => Some(block),
            (None, Some(outer), Level::Each(_)) => outer.block(id),
            (None, _, _) => None,
        }
    }

    /// The `declare` or the `import` whose components start with this name.
    pub fn custom(&self, name: &str) -> Option<&'a Block> {
        let first = name.split('.').next().unwrap_or(name);
        match (self.makers.get(first), self.outer) {
            (Some(block), _) => Some(block),
            (None, Some(outer)) => outer.custom(name),
            (None, None) => None,
        }
    }

    /// Whether a name is a variable of a `foreach` here.
    pub fn is_variable(&self, name: &str) -> bool {
        match (self.level, self.outer) {
            (Level::Each(Some(variable)), _) if variable == name => true,
            (Level::Each(_), Some(outer)) => outer.is_variable(name),
            (Level::Each(_) | Level::Top | Level::Module, _) => false,
        }
    }

    /// Everything that can be referred to.
    pub fn ids(&self) -> Vec<&str> {
        let mut found = match (self.level, self.outer) {
            (Level::Each(_), Some(outer)) => outer.ids(),
            (Level::Each(_) | Level::Top | Level::Module, _) => Vec::new(),
        };
        found.extend(self.blocks.keys().map(String::as_str));
        found
    }

    /// The names of components that `declare`s make.
    pub fn declared(&self) -> Vec<&'a str> {
        let mut found = self.outer.map(Scope::declared).unwrap_or_default();
        let declares = self.makers.iter().filter(|(_, block)| block.name == "declare");
        found.extend(declares.map(|(label, _)| *label));
        found
    }
}

/// The blocks among statements.
pub(super) fn blocks(body: &[Statement]) -> impl Iterator<Item = &Block> {
    body.iter().filter_map(|statement| match statement {
        Statement::Block(block) => Some(block),
        Statement::Comment(_) | Statement::Attribute(_) => None,
    })
}

/// The arguments among statements.
pub(super) fn attributes(body: &[Statement]) -> impl Iterator<Item = &Attribute> {
    body.iter().filter_map(|statement| match statement {
        Statement::Attribute(attribute) => Some(attribute),
        Statement::Comment(_) | Statement::Block(_) => None,
    })
}

/// The value of an argument.
pub(super) fn argument<'a>(body: &'a [Statement], name: &str) -> Option<&'a Expr> {
    attributes(body).find(|attribute| attribute.name == name).map(|attribute| &attribute.value)
}

/// The text of an argument whose value is a literal.
pub(super) fn text<'a>(body: &'a [Statement], name: &str) -> Option<&'a str> {
    match argument(body, name)? {
        Expr::Literal(node) => node.text(),
        Expr::Object(_)
        | Expr::List(_)
        | Expr::Path(_)
        | Expr::Asked(..)
        | Expr::Unary(..)
        | Expr::Binary(..)
        | Expr::Parens(_) => None,
    }
}

/// Whether an argument is literally `true`.
pub(super) fn is_true(body: &[Statement], name: &str) -> bool {
    let Some(Expr::Literal(node)) = argument(body, name) else { return false };
    node.data == Data::Bool(true)
}

/// As others refer to a block: its name, and its label if it has one.
pub(super) fn id(block: &Block) -> String {
    match &block.label {
        Some(label) => format!("{}.{label}", block.name),
        None => block.name.to_string(),
    }
}

/// Whether components can be made by this block's label.
fn makes_components(block: &Block) -> bool {
    block.name == "declare" || block.name.starts_with("import.")
}

/// The body of what a component exports, if it exports anything.
pub(super) fn exports(block: &Block, facts: &Facts) -> Option<&'static str> {
    facts.component(&block.name)?.exports
}
