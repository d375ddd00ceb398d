//! The Alloy configuration language: a syntax tree, its parser and its canonical printer.
//!
//! There is no way to paste text into a config: a [`Block`] holds attributes whose values are
//! [`Expr`]s, and [`print()`] escapes every one of them. The layout is that of `alloy fmt`, which
//! the conformance tests compare byte by byte. Start with [`Block::new`] and [`Block::set`], or
//! with [`parse()`] for a text that somebody wrote.

mod comments;
mod lex;
mod literal;
mod parse;
mod print;
mod walk;

use crate::node::{Node, Text};
use crate::origin::Origin;

pub use lex::Mistake;
pub use parse::{MAX_DEPTH, parse};
pub use print::{print, print_expression};
pub use walk::{
    Mention, literals, origins, origins_mut, references, repeated_attributes, repeated_blocks,
};

/// What stands in a config file or in a block's braces.
#[derive(Debug, Clone, PartialEq)]
pub enum Statement {
    /// `// text`, a line for each of the text's lines.
    Comment(Text),
    /// `name = value`
    Attribute(Attribute),
    /// `name "label" { … }`
    Block(Block),
}

/// An argument of a component.
#[derive(Debug, Clone)]
pub struct Attribute {
    /// Its name; one identifier.
    pub name: Text,
    /// Its value.
    pub value: Expr,
    /// Where the name stands, if somebody wrote it.
    pub origin: Origin,
}

/// A block, or a component when it stands at the top.
#[derive(Debug, Clone)]
pub struct Block {
    /// Its dotted name, such as `prometheus.scrape`.
    pub name: Text,
    /// Its label; an identifier.
    pub label: Option<Text>,
    /// What it holds.
    pub body: Vec<Statement>,
    /// Where the name and the label stand, if somebody wrote them.
    pub origin: Origin,
}

/// A value, or what computes one.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// A literal, with its origin. A minus before a number is a part of it.
    Literal(Node),
    /// An object literal whose values are expressions.
    Object(Vec<(Text, Expr)>),
    /// Several values.
    List(Vec<Expr>),
    /// An identifier, or several with dots between: what another component exports.
    Path(Path),
    /// A value and what is asked of it, in this order: `sys.env("HOSTNAME")`, `names[0].first`.
    /// Members of a [`Path`] belong to the path until something else is asked.
    Asked(Box<Expr>, Vec<Ask>),
    /// `!value` or `-value`.
    Unary(Unary, Box<Expr>),
    /// Values with operators of one precedence between them. `^` groups from the right, all others
    /// from the left.
    Binary(Box<Expr>, Vec<(Binary, Expr)>),
    /// `(value)`
    Parens(Box<Expr>),
}

/// What can be asked of a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Ask {
    /// `.name`
    Member(Text),
    /// `[index]`
    Index(Expr),
    /// `(arguments)`
    Call(Vec<Expr>),
}

/// Identifiers with dots between them.
#[derive(Debug, Clone)]
pub struct Path {
    /// As it is written, without blanks.
    pub dotted: Text,
    /// Where it stands, if somebody wrote it.
    pub origin: Origin,
}

/// An operator before a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unary {
    /// `!`
    Not,
    /// `-`
    Minus,
}

/// An operator between two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binary {
    /// `||`
    Or,
    /// `&&`
    And,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Times,
    /// `/`
    Over,
    /// `%`
    Modulo,
    /// `^`
    Power,
}

impl Binary {
    /// All of them.
    pub const ALL: [Binary; 14] = [
        Binary::Or,
        Binary::And,
        Binary::Equal,
        Binary::NotEqual,
        Binary::Less,
        Binary::AtMost,
        Binary::Greater,
        Binary::AtLeast,
        Binary::Plus,
        Binary::Minus,
        Binary::Times,
        Binary::Over,
        Binary::Modulo,
        Binary::Power,
    ];

    /// As it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Binary::Or => "||",
            Binary::And => "&&",
            Binary::Equal => "==",
            Binary::NotEqual => "!=",
            Binary::Less => "<",
            Binary::AtMost => "<=",
            Binary::Greater => ">",
            Binary::AtLeast => ">=",
            Binary::Plus => "+",
            Binary::Minus => "-",
            Binary::Times => "*",
            Binary::Over => "/",
            Binary::Modulo => "%",
            Binary::Power => "^",
        }
    }

    /// How tightly it binds, from 1 to [`Binary::TIGHTEST`].
    pub fn precedence(self) -> u8 {
        match self {
            Binary::Or => 1,
            Binary::And => 2,
            Binary::Equal
            | Binary::NotEqual
            | Binary::Less
            | Binary::AtMost
            | Binary::Greater
            | Binary::AtLeast => 3,
            Binary::Plus | Binary::Minus => 4,
            Binary::Times | Binary::Over | Binary::Modulo => 5,
            Binary::Power => Binary::TIGHTEST,
        }
    }

    /// The highest precedence. Operators before a value bind tighter still.
    pub const TIGHTEST: u8 = 6;
}

impl Unary {
    /// As it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Unary::Not => "!",
            Unary::Minus => "-",
        }
    }
}

/// A component's export. Only a block that exists can make one; as a value it is a [`Path`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The component's name.
    pub component: Text,
    /// Its label.
    pub label: Option<Text>,
    /// The export's name.
    pub export: Text,
}

impl Block {
    /// A component: a block with a label.
    pub fn new(name: impl Into<Text>, label: impl Into<Text>) -> Self {
        Block { label: Some(label.into()), ..Block::unlabelled(name) }
    }

    /// A block without a label.
    pub fn unlabelled(name: impl Into<Text>) -> Self {
        Block { name: name.into(), label: None, body: Vec::new(), origin: Origin::Structure }
    }

    /// Adds an argument.
    #[must_use]
    pub fn set(mut self, name: impl Into<Text>, value: impl Into<Expr>) -> Self {
        let (name, value) = (name.into(), value.into());
        self.body.push(Statement::Attribute(Attribute { name, value, origin: Origin::Structure }));
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

    /// The same block, which is there only because of some switches.
    #[must_use]
    pub fn because_of(self, switches: &[&Origin]) -> Self {
        let mut block = self;
        origins_mut(&mut block.body, &mut |origin| {
            if *origin != Origin::Structure {
                *origin = origin.because_of(switches);
            }
        });
        block
    }

    /// The export `name` of this component.
    pub fn export(&self, export: impl Into<Text>) -> Reference {
        Reference { component: self.name.clone(), label: self.label.clone(), export: export.into() }
    }
}

impl Expr {
    /// An object literal.
    pub fn object<K: Into<Text>>(fields: impl IntoIterator<Item = (K, Expr)>) -> Self {
        Expr::Object(fields.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }

    /// A call of a function by its name, such as `sys.env("HOSTNAME")`.
    pub fn call(function: impl Into<Text>, arguments: Vec<Expr>) -> Self {
        let origin = Origin::because("it is worked out where the collector runs");
        let function = Path { dotted: function.into(), origin };
        Expr::Asked(Box::new(Expr::Path(function)), vec![Ask::Call(arguments)])
    }
}

impl Path {
    /// Its identifiers.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        self.dotted.split('.')
    }
}

/// Two attributes are equal when they say the same: where does not matter.
impl PartialEq for Attribute {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, &self.value) == (&other.name, &other.value)
    }
}

/// Two blocks are equal when they say the same: where does not matter.
impl PartialEq for Block {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, &self.label, &self.body) == (&other.name, &other.label, &other.body)
    }
}

/// Two paths are equal when they say the same: where does not matter.
impl PartialEq for Path {
    fn eq(&self, other: &Self) -> bool {
        self.dotted == other.dotted
    }
}

impl From<Node> for Expr {
    fn from(node: Node) -> Self {
        Expr::Literal(node)
    }
}

impl From<Reference> for Expr {
    fn from(Reference { component, label, export }: Reference) -> Self {
        let dotted = match label {
            Some(label) => format!("{component}.{label}.{export}"),
            None => format!("{component}.{export}"),
        };
        let origin = Origin::because("what one component makes is handed to the next");
        Expr::Path(Path { dotted: dotted.into(), origin })
    }
}

impl From<Vec<Expr>> for Expr {
    fn from(items: Vec<Expr>) -> Self {
        Expr::List(items)
    }
}
