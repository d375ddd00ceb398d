//! What a configuration mentions: the origins of its literals, what it refers to, what it repeats.

use super::{Ask, Attribute, Block, Expr, Path, Statement};
use crate::origin::Origin;
use std::collections::BTreeSet;

/// A dotted name in an expression: an export of a component, an argument of a `declare`, or a
/// function. An index ends it: of `a.b[0].c` it is `a.b`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mention<'a> {
    /// The name; its origin is the place.
    pub path: &'a Path,
    /// Whether it is called at once, which only a function can be.
    pub called: bool,
}

/// The origins of every literal in a configuration.
pub fn origins(body: &[Statement]) -> Vec<&Origin> {
    let mut found = Vec::new();
    values(body, &mut |part| match part {
        Part::Literal(node) => node.origins(&mut found),
        Part::Mention(_) => {}
    });
    found
}

/// Every origin in statements: of literals, of dotted names, of the names of arguments and blocks.
pub fn origins_mut(body: &mut [Statement], see: &mut dyn FnMut(&mut Origin)) {
    for statement in body {
        match statement {
            Statement::Comment(_) => {}
            Statement::Attribute(attribute) => {
                see(&mut attribute.origin);
                expr_origins_mut(&mut attribute.value, see);
            }
            Statement::Block(block) => {
                see(&mut block.origin);
                origins_mut(&mut block.body, see);
            }
        }
    }
}

fn expr_origins_mut(expr: &mut Expr, see: &mut dyn FnMut(&mut Origin)) {
    match expr {
        Expr::Literal(node) => node.origins_mut(see),
        Expr::Object(fields) => {
            fields.iter_mut().for_each(|(_, value)| expr_origins_mut(value, see));
        }
        Expr::List(items) => items.iter_mut().for_each(|item| expr_origins_mut(item, see)),
        Expr::Path(path) => see(&mut path.origin),
        Expr::Asked(of, asked) => {
            expr_origins_mut(of, see);
            for ask in asked {
                match ask {
                    Ask::Member(_) => {}
                    Ask::Index(index) => expr_origins_mut(index, see),
                    Ask::Call(arguments) => {
                        arguments.iter_mut().for_each(|item| expr_origins_mut(item, see));
                    }
                }
            }
        }
        Expr::Unary(_, value) | Expr::Parens(value) => expr_origins_mut(value, see),
        Expr::Binary(first, rest) => {
            expr_origins_mut(first, see);
            rest.iter_mut().for_each(|(_, value)| expr_origins_mut(value, see));
        }
    }
}

/// The literals of a configuration, in the order of the text.
pub fn literals(body: &[Statement]) -> Vec<&crate::node::Node> {
    let mut found = Vec::new();
    values(body, &mut |part| match part {
        Part::Literal(node) => found.push(node),
        Part::Mention(_) => {}
    });
    found
}

/// Every dotted name in a configuration's expressions, in the order of the text.
pub fn references(body: &[Statement]) -> Vec<Mention<'_>> {
    let mut found = Vec::new();
    values(body, &mut |part| match part {
        Part::Literal(_) => {}
        Part::Mention(mention) => found.push(mention),
    });
    found
}

/// The attributes, at any depth, whose name stands earlier in the same body. Alloy refuses them.
pub fn repeated_attributes(body: &[Statement]) -> Vec<&Attribute> {
    let mut names = BTreeSet::new();
    let mut found = Vec::new();
    for statement in body {
        match statement {
            Statement::Comment(_) => {}
            Statement::Attribute(attribute) => {
                if !names.insert(&attribute.name) {
                    found.push(attribute);
                }
            }
            Statement::Block(block) => found.extend(repeated_attributes(&block.body)),
        }
    }
    found
}

/// The blocks of this body, not of those below, whose name and label stand earlier in it. At the
/// top Alloy refuses them: no two components have one id.
pub fn repeated_blocks(body: &[Statement]) -> Vec<&Block> {
    let mut ids = BTreeSet::new();
    let blocks = body.iter().filter_map(|statement| match statement {
        Statement::Block(block) => Some(block),
        Statement::Comment(_) | Statement::Attribute(_) => None,
    });
    blocks.filter(|block| !ids.insert((&block.name, &block.label))).collect()
}

/// What expressions end in.
enum Part<'a> {
    Literal(&'a crate::node::Node),
    Mention(Mention<'a>),
}

fn values<'a>(body: &'a [Statement], see: &mut impl FnMut(Part<'a>)) {
    for statement in body {
        match statement {
            Statement::Comment(_) => {}
            Statement::Attribute(attribute) => parts(&attribute.value, see),
            Statement::Block(block) => values(&block.body, see),
        }
    }
}

fn parts<'a>(expr: &'a Expr, see: &mut impl FnMut(Part<'a>)) {
    match expr {
        Expr::Literal(node) => see(Part::Literal(node)),
        Expr::Object(fields) => fields.iter().for_each(|(_, value)| parts(value, see)),
        Expr::List(items) => items.iter().for_each(|item| parts(item, see)),
        Expr::Path(path) => see(Part::Mention(Mention { path, called: false })),
        Expr::Asked(of, asked) => {
            match &**of {
                Expr::Path(path) => {
                    let called = matches!(asked.first(), Some(Ask::Call(_)));
                    see(Part::Mention(Mention { path, called }));
                }
                Expr::Literal(_)
                | Expr::Object(_)
                | Expr::List(_)
                | Expr::Asked(..)
                | Expr::Unary(..)
                | Expr::Binary(..)
                | Expr::Parens(_) => parts(of, see),
            }
            for ask in asked {
                match ask {
                    Ask::Member(_) => {}
                    Ask::Index(index) => parts(index, see),
                    Ask::Call(arguments) => arguments.iter().for_each(|item| parts(item, see)),
                }
            }
        }
        Expr::Unary(_, value) | Expr::Parens(value) => parts(value, see),
        Expr::Binary(first, rest) => {
            parts(first, see);
            rest.iter().for_each(|(_, value)| parts(value, see));
        }
    }
}
