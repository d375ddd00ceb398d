//! Queries: the PromQL of dashboards and alerts, read by the grammar of Prometheus.
//!
//! What Grafana fills in (`$__rate_interval`, `${name:regex}`) is filled in before reading. LogQL is
//! not read: an expression for a data source of another type is passed over.

mod fill;
mod find;
mod lex;
mod mistake;

pub use find::{Expression, breaches, in_dashboard, in_rules};
pub use mistake::Mistake;

use lex::Token;
use promql_parser::label::{MatchOp, Matchers};
use promql_parser::parser::{Expr, LabelModifier, parse};
use std::collections::BTreeSet;

/// The longest expression that is read, in words: reading takes time that grows with their square.
pub const MAX_WORDS: usize = 2_000;
/// The longest duration that is read, in seconds: the parser ends the process at more than it can hold.
const MAX_SECONDS: f64 = 1e10;

/// What an expression asks for. What a variable of Grafana helped to name is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// The metrics that it names, also through `__name__`.
    pub metrics: BTreeSet<String>,
    /// The labels that it compares, each with the comparison and the value as written.
    pub matchers: BTreeSet<Matcher>,
    /// The labels that it groups, joins or adds by.
    pub grouping: BTreeSet<String>,
}

/// A comparison of a label.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Matcher {
    /// The metric, if it is named.
    pub metric: Option<String>,
    /// The label.
    pub label: String,
    /// `=`, `!=`, `=~` or `!~`.
    pub operator: &'static str,
    /// The value, variables of Grafana as they are written.
    pub value: String,
}

/// Reads an expression.
///
/// # Errors
/// What is wrong with it, and where.
pub fn promql(text: &str) -> Result<Query, Mistake> {
    let tokens = lex::tokens(text);
    if let Some(mistake) = limits(text, &tokens) {
        return Err(mistake);
    }
    let unused = fill::unused(text);
    let mut first = None;
    for filled in fill::fillings(text, &tokens, unused) {
        let words = lex::tokens(&filled);
        if let Some(mistake) = limits(&filled, &words) {
            return Err(mistake);
        }
        match parse(&filled) {
            Ok(expr) => return Ok(query(&expr, unused)),
            Err(said) => first = first.or(Some((filled, words, said))),
        }
    }
    let (filled, words, said) = first.unwrap_or_default();
    let found = mistake::mistake(&filled, &words, &said);
    // The words of the user, not those that stand in for variables.
    let was = filled.get(found.at.clone()).unwrap_or_default();
    let own = text.get(found.at.clone()).unwrap_or_default();
    Err(Mistake {
        message: found.message.replace(&format!("`{was}`"), &format!("`{own}`")),
        ..found
    })
}

/// What the parser would not come to an end with.
fn limits(text: &str, tokens: &[Token]) -> Option<Mistake> {
    if let Some(word) = tokens.get(MAX_WORDS) {
        let message = format!("the expression has more than {MAX_WORDS} words");
        return Some(Mistake { message, at: word.at.clone() });
    }
    let word = |token: &Token| text.get(token.at.clone()).unwrap_or_default();
    let mut brackets = 0_usize;
    let mut after_offset = false;
    for token in tokens {
        let own = word(token);
        if (brackets > 0 || after_offset) && !is_short(own) {
            let message = format!("`{own}` is too long a duration");
            return Some(Mistake { message, at: token.at.clone() });
        }
        match own {
            "[" => brackets += 1,
            "]" => brackets = brackets.saturating_sub(1),
            "+" | "-" => continue,
            _ => {}
        }
        after_offset = own.eq_ignore_ascii_case("offset");
    }
    None
}

/// Whether a word is no number of seconds, or few; what lacks its exponent may be any number.
fn is_short(word: &str) -> bool {
    let has_exponent = word.starts_with(|first: char| first.is_ascii_digit() || first == '.')
        && word.ends_with(['e', 'E'])
        && !word.starts_with("0x")
        && !word.starts_with("0X");
    let seconds = word.parse::<f64>().unwrap_or_default();
    !has_exponent && (0.0..MAX_SECONDS).contains(&seconds)
}

/// What an expression asks for. Not by recursion: a sum of a thousand is a thousand deep.
fn query(expr: &Expr, unused: char) -> Query {
    let mut query = Query::default();
    let mut left = vec![expr];
    while let Some(expr) = left.pop() {
        match expr {
            Expr::Aggregate(inner) => {
                query.group(inner.modifier.as_ref(), unused);
                left.push(&inner.expr);
                left.extend(inner.param.as_deref());
            }
            Expr::Unary(inner) => left.push(&inner.expr),
            Expr::Binary(inner) => {
                if let Some(modifier) = &inner.modifier {
                    query.group(modifier.matching.as_ref(), unused);
                    let added = modifier.card.labels().into_iter().flat_map(|added| &added.labels);
                    query.grouping.extend(added.filter(|label| !label.contains(unused)).cloned());
                }
                left.extend([inner.lhs.as_ref(), inner.rhs.as_ref()]);
            }
            Expr::Paren(inner) => left.push(&inner.expr),
            Expr::Subquery(inner) => left.push(&inner.expr),
            Expr::Call(inner) => left.extend(inner.args.args.iter().map(AsRef::as_ref)),
            Expr::VectorSelector(inner) => {
                query.select(inner.name.as_deref(), &inner.matchers, unused);
            }
            Expr::MatrixSelector(inner) => {
                query.select(inner.vs.name.as_deref(), &inner.vs.matchers, unused);
            }
            // The parser makes no extensions.
            Expr::NumberLiteral(_) | Expr::StringLiteral(_) | Expr::Extension(_) => {}
        }
    }
    query
}

impl Query {
    fn group(&mut self, modifier: Option<&LabelModifier>, unused: char) {
        let labels = modifier.into_iter().flat_map(|modifier| &modifier.labels().labels);
        self.grouping.extend(labels.filter(|label| !label.contains(unused)).cloned());
    }

    fn select(&mut self, name: Option<&str>, matchers: &Matchers, unused: char) {
        let all = || matchers.matchers.iter().chain(matchers.or_matchers.iter().flatten());
        let is_name = |label: &str| label == "__name__";
        let equal = all().filter(|one| is_name(&one.name) && matches!(one.op, MatchOp::Equal));
        let names = name.into_iter().chain(equal.map(|one| one.value.as_str()));
        let names = names.filter(|name| !name.contains(unused) && !name.contains('$'));
        self.metrics.extend(names.map(str::to_owned));
        let metric = name.filter(|name| !name.contains(unused));
        for one in all().filter(|one| !one.name.contains(unused)) {
            let _ = self.matchers.insert(Matcher {
                metric: metric.map(str::to_owned),
                label: one.name.clone(),
                operator: match one.op {
                    MatchOp::Equal => "=",
                    MatchOp::NotEqual => "!=",
                    MatchOp::Re(_) => "=~",
                    MatchOp::NotRe(_) => "!~",
                },
                value: one.value.clone(),
            });
        }
    }
}
