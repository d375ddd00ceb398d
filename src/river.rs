//! The Alloy configuration language: a typed syntax tree and its canonical printer.
//!
//! There is no way to paste text into a config: a [`Block`] holds attributes whose values are
//! [`Expr`]s, and [`print()`] escapes every one of them. The layout is that of `alloy fmt`, which
//! the conformance tests compare byte by byte. Start with [`Block::new`] and [`Block::set`].

mod print;

use crate::node::Node;
use crate::origin::Origin;

pub use print::print;

/// What stands in a config file or in a block's braces.
#[derive(Debug, Clone, PartialEq)]
pub enum Statement {
    /// `// text`
    Comment(&'static str),
    /// `name = value`
    Attribute(Attribute),
    /// `name "label" { … }`
    Block(Block),
}

/// An argument of a component.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    /// Its name; one identifier.
    pub name: &'static str,
    /// Its value.
    pub value: Expr,
}

/// A block, or a component when it stands at the top.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// Its dotted name, such as `prometheus.scrape`.
    pub name: &'static str,
    /// Its label; an identifier.
    pub label: Option<&'static str>,
    /// What it holds.
    pub body: Vec<Statement>,
}

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// A literal, with its origin.
    Literal(Node),
    /// An object literal whose values are expressions.
    Object(Vec<(&'static str, Expr)>),
    /// Several values.
    List(Vec<Expr>),
    /// What another component exports.
    Reference(Reference),
    /// A call of a standard function, such as `sys.env("HOSTNAME")`.
    Call(&'static str, Vec<Expr>),
}

/// A component's export. Only a block that exists can make one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The component's name.
    pub component: &'static str,
    /// Its label.
    pub label: &'static str,
    /// The export's name.
    pub export: &'static str,
}

impl Block {
    /// A component: a block with a label.
    pub fn new(name: &'static str, label: &'static str) -> Self {
        Block { name, label: Some(label), body: Vec::new() }
    }

    /// A block without a label.
    pub fn unlabelled(name: &'static str) -> Self {
        Block { name, label: None, body: Vec::new() }
    }

    /// Adds an argument.
    #[must_use]
    pub fn set(mut self, name: &'static str, value: impl Into<Expr>) -> Self {
        self.body.push(Statement::Attribute(Attribute { name, value: value.into() }));
        self
    }

    /// Adds an inner block.
    #[must_use]
    pub fn block(mut self, block: Block) -> Self {
        self.body.push(Statement::Block(block));
        self
    }

    /// Adds inner blocks.
    #[must_use]
    pub fn blocks(mut self, blocks: impl IntoIterator<Item = Block>) -> Self {
        self.body.extend(blocks.into_iter().map(Statement::Block));
        self
    }

    /// The export `name` of this component.
    pub fn export(&self, export: &'static str) -> Reference {
        Reference { component: self.name, label: self.label.unwrap_or_default(), export }
    }
}

/// The origins of every literal in a configuration.
pub fn origins(body: &[Statement]) -> Vec<&Origin> {
    let mut found = Vec::new();
    body.iter().for_each(|statement| statement.origins(&mut found));
    found
}

impl Statement {
    fn origins<'a>(&'a self, found: &mut Vec<&'a Origin>) {
        match self {
            Statement::Comment(_) => {}
            Statement::Attribute(attribute) => attribute.value.origins(found),
            Statement::Block(block) => {
                block.body.iter().for_each(|statement| statement.origins(found));
            }
        }
    }
}

impl Expr {
    fn origins<'a>(&'a self, found: &mut Vec<&'a Origin>) {
        match self {
            Expr::Literal(node) => node.origins(found),
            Expr::Object(fields) => fields.iter().for_each(|(_, value)| value.origins(found)),
            Expr::List(items) | Expr::Call(_, items) => {
                items.iter().for_each(|item| item.origins(found));
            }
            Expr::Reference(_) => {}
        }
    }
}

impl From<Node> for Expr {
    fn from(node: Node) -> Self {
        Expr::Literal(node)
    }
}

impl From<Reference> for Expr {
    fn from(reference: Reference) -> Self {
        Expr::Reference(reference)
    }
}

impl From<Vec<Expr>> for Expr {
    fn from(items: Vec<Expr>) -> Self {
        Expr::List(items)
    }
}
