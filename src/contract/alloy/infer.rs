//! What kind of value an expression gives, as far as it can be told.

use super::Check;
use super::call;
use super::facts::Shape;
use super::kind::{Kind, TARGET};
use super::reference::{Target, resolve};
use crate::node::Data;
use crate::river::{Ask, Binary, Expr, Unary};

/// The kind of an expression's value; nothing if only the collector can know.
pub(super) fn infer(check: &Check<'_>, expr: &Expr) -> Option<Kind> {
    match expr {
        Expr::Literal(node) => data(&node.data),
        Expr::Parens(inner) => infer(check, inner),
        Expr::Unary(Unary::Not, _) => Some(Kind::Bool),
        Expr::Unary(Unary::Minus, _) => Some(Kind::Number),
        Expr::List(items) => {
            let mut kinds = items.iter().map(|item| infer(check, item));
            let first = kinds.next()??;
            let same = kinds.all(|kind| kind.as_ref() == Some(&first));
            Some(Kind::List(Box::new(if same { first } else { Kind::Any })))
        }
        Expr::Object(_) => Some(Kind::Map(Box::new(Kind::Any))),
        Expr::Binary(first, rest) => binary(check, first, rest),
        Expr::Path(path) => named(check, &path.dotted),
        Expr::Asked(of, asked) => asked_of(check, of, asked),
    }
}

fn data(data: &Data) -> Option<Kind> {
    match data {
        Data::Null => None,
        Data::Bool(_) => Some(Kind::Bool),
        Data::Int(_) | Data::Float(_) => Some(Kind::Number),
        Data::Text(_) => Some(Kind::Text),
        Data::List(_) => Some(Kind::List(Box::new(Kind::Any))),
        Data::Map(_) => Some(Kind::Map(Box::new(Kind::Any))),
    }
}

fn binary(check: &Check<'_>, first: &Expr, rest: &[(Binary, Expr)]) -> Option<Kind> {
    let compares = rest.iter().any(|(operator, _)| operator.precedence() <= 3);
    let adds = rest.iter().all(|(operator, _)| *operator == Binary::Plus);
    if compares {
        return Some(Kind::Bool);
    }
    if !adds {
        return Some(Kind::Number);
    }
    let mut sum = infer(check, first)?;
    for (_, value) in rest {
        // Text and a secret are a secret together.
        sum = match (sum, infer(check, value)?) {
            (Kind::Secret, _) | (_, Kind::Secret) => Kind::Secret,
            (Kind::OptionalSecret, _) | (_, Kind::OptionalSecret) => Kind::OptionalSecret,
            (sum, _) => sum,
        };
    }
    Some(sum)
}

fn named(check: &Check<'_>, dotted: &str) -> Option<Kind> {
    match resolve(check, dotted) {
        Target::Export(kind, rest) => rest
            .split('.')
            .filter(|part| !part.is_empty())
            .try_fold(kind, |kind, part| member(check, kind, Some(part))),
        Target::Whole => Some(Kind::Object("")),
        Target::Function => Some(Kind::Function),
        Target::Open | Target::Nothing(..) => None,
    }
}

fn asked_of(check: &Check<'_>, of: &Expr, asked: &[Ask]) -> Option<Kind> {
    let (start, rest) = match (of, asked) {
        (Expr::Path(path), [Ask::Call(arguments), rest @ ..]) => {
            (call::gives(check, &path.dotted, arguments)?, rest)
        }
        (of, rest) => (infer(check, of)?, rest),
    };
    rest.iter().try_fold(start, |kind, ask| match ask {
        Ask::Member(name) => member(check, kind, Some(name)),
        Ask::Index(Expr::Literal(node)) => member(check, kind, node.text()),
        Ask::Index(_) => member(check, kind, None),
        Ask::Call(_) => None,
    })
}

/// The kind of something in a value; without a name an item of any index.
fn member(check: &Check<'_>, of: Kind, name: Option<&str>) -> Option<Kind> {
    match of {
        Kind::List(item) | Kind::Map(item) => Some(*item),
        Kind::Opaque(TARGET) => Some(Kind::Text),
        Kind::Object(body) => match &check.facts.body(body).get(name?)?.shape {
            Shape::Argument(kind) => Some(kind.clone()),
            Shape::Block { .. } => None,
        },
        Kind::Any
        | Kind::Bool
        | Kind::Number
        | Kind::Int
        | Kind::Uint
        | Kind::Text
        | Kind::Duration
        | Kind::Read(_)
        | Kind::Custom(_)
        | Kind::Secret
        | Kind::OptionalSecret
        | Kind::Opaque(_)
        | Kind::Function => None,
    }
}
