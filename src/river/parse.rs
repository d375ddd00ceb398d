//! Reads a text of the language.
//!
//! One token is looked at ahead; nothing is read twice, so time is linear in the text. The first
//! mistake ends the reading: what follows one is seldom what its author thinks it is.

use super::comments::{self, Group};
use super::lex::{Kind, Lexer, Mistake, Token};
use super::literal::{self, Sign};
use super::{Ask, Attribute, Binary, Block, Expr, Path, Statement, Text, Unary};
use crate::node::Node;
use crate::origin::Origin;
use crate::source::Span;

/// The deepest nesting of blocks and values that is read.
pub const MAX_DEPTH: usize = 64;

/// Reads a whole configuration. `place` says where the bytes from the first to before the second
/// number stand in what the user wrote; the text itself may be a part of a larger one.
///
/// Comments become statements; those in or after a statement move above it. Names that are used
/// twice are not looked for: see [`super::repeated_attributes`] and [`super::repeated_blocks`].
///
/// # Errors
///
/// The first mistake in the text.
pub fn parse(text: &str, place: &dyn Fn(usize, usize) -> Span) -> Result<Vec<Statement>, Mistake> {
    let mut lexer = Lexer::new(text)?;
    let token = lexer.next()?;
    Parser { lexer, token, end: 0, depth: 0, place }.body(None)
}

struct Parser<'t, 'p> {
    lexer: Lexer<'t>,
    /// The token that is looked at.
    token: Token<'t>,
    /// One past the last byte of the token before it.
    end: usize,
    depth: usize,
    place: &'p dyn Fn(usize, usize) -> Span,
}

type Read<T> = Result<T, Mistake>;

impl<'t> Parser<'t, '_> {
    /// Statements up to the end of the text, or to the end of a block, which is not consumed.
    fn body(&mut self, block: Option<Token<'t>>) -> Read<Vec<Statement>> {
        let mut body = Vec::new();
        loop {
            let mut above = comments::groups(&self.lexer.comments());
            if self.token.kind == Kind::End || self.token.is("}") {
                body.extend(comments::statements(above));
                return match block {
                    Some(open) if self.token.kind == Kind::End => Err(unclosed(&open)),
                    None if self.token.is("}") => {
                        Err(Mistake::new(self.token.at(), "this `}` closes nothing"))
                    }
                    Some(_) | None => Ok(body),
                };
            }
            let statement = self.statement(&mut above)?;
            body.extend(comments::statements(above));
            body.push(statement);
            if self.token.kind == Kind::LineEnd {
                let _ = self.advance()?;
            } else if !self.token.is("}") {
                return Err(self.expected("the end of the line"));
            }
        }
    }

    /// One statement; its comments join those `above` it.
    fn statement(&mut self, above: &mut Vec<Group>) -> Read<Statement> {
        let line = self.token.line;
        let start = self.token.start;
        let first = self.name("a name")?.text;
        let name = self.dotted(first)?;
        let dots = name.len() > first.len();
        let label = match self.token.kind {
            Kind::Quoted | Kind::Raw => Some(self.advance()?),
            Kind::Name => {
                let label = self.token.text;
                let message = format!("the label `{label}` does not stand in double quotes");
                return Err(Mistake::new(self.token.at(), message));
            }
            Kind::Keyword | Kind::Int | Kind::Float | Kind::Sign | Kind::LineEnd | Kind::End => {
                None
            }
        };
        let at = (start, self.end);
        let origin = self.origin(start);
        let mut inside = self.lexer.comments();
        let statement = if self.token.is("=") {
            if dots {
                let message = format!("the attribute `{name}` has a dot in its name");
                return Err(Mistake::new(at, message));
            }
            if let Some(label) = label {
                return Err(Mistake::new(
                    label.at(),
                    format!("the attribute `{name}` has a label"),
                ));
            }
            let _ = self.advance()?;
            let value = self.expr()?;
            Statement::Attribute(Attribute { name: name.into(), value, origin })
        } else if self.token.is("{") {
            let label = label.map(|label| read_label(&label)).transpose()?.flatten();
            Statement::Block(self.block(name, label, origin)?)
        } else if dots || label.is_some() {
            return Err(self.expected(&format!("`{{` after `{name}`")));
        } else {
            return Err(self.expected(&format!("`=` or `{{` after `{name}`")));
        };
        inside.extend(self.lexer.comments());
        comments::move_above(above, line, &inside);
        Ok(statement)
    }

    fn block(&mut self, name: String, label: Option<Text>, origin: Origin) -> Read<Block> {
        let open = self.advance()?;
        let body = self.nested(|parser| parser.body(Some(open)))?;
        let _ = self.advance()?;
        Ok(Block { name: name.into(), label, body, origin })
    }

    /// The rest of a dotted name.
    fn dotted(&mut self, first: &str) -> Read<String> {
        let mut name = first.to_owned();
        while self.token.is(".") {
            let _ = self.advance()?;
            name.push('.');
            name.push_str(self.name("a name after the dot")?.text);
        }
        Ok(name)
    }

    fn expr(&mut self) -> Read<Expr> {
        self.nested(|parser| parser.binary(1))
    }

    /// Values with operators of this precedence between them, or of a higher one.
    fn binary(&mut self, precedence: u8) -> Read<Expr> {
        if precedence > Binary::TIGHTEST {
            return self.unary();
        }
        let first = self.binary(precedence + 1)?;
        let mut rest = Vec::new();
        while let Some(operator) = self.operator().filter(|it| it.precedence() == precedence) {
            let _ = self.advance()?;
            rest.push((operator, self.binary(precedence + 1)?));
        }
        Ok(if rest.is_empty() { first } else { Expr::Binary(Box::new(first), rest) })
    }

    fn operator(&self) -> Option<Binary> {
        Binary::ALL.into_iter().find(|operator| self.token.is(operator.as_str()))
    }

    fn unary(&mut self) -> Read<Expr> {
        let operator = match self.token.text {
            "!" => Unary::Not,
            "-" => Unary::Minus,
            _ => return self.asked(),
        };
        let start = self.advance()?.start;
        if operator == Unary::Minus
            && let Some(data) = literal::value(&self.token, Sign::Minus)?
        {
            let number = self.advance()?;
            if !self.asks() {
                return Ok(Expr::Literal(Node { data, origin: self.origin(start) }));
            }
            let of = self.literal(&number)?;
            return Ok(Expr::Unary(operator, Box::new(self.ask(of)?)));
        }
        Ok(Expr::Unary(operator, Box::new(self.nested(Parser::unary)?)))
    }

    fn asked(&mut self) -> Read<Expr> {
        let of = self.primary()?;
        self.ask(of)
    }

    /// Whether something is asked of the value before.
    fn asks(&self) -> bool {
        [".", "[", "("].iter().any(|sign| self.token.is(sign))
    }

    fn ask(&mut self, of: Expr) -> Read<Expr> {
        let mut asked = Vec::new();
        while self.asks() {
            let open = self.advance()?;
            asked.push(match open.text {
                "." => Ask::Member(self.name("a name after the dot")?.text.to_owned().into()),
                "[" => {
                    let index = self.expr()?;
                    self.close("]", "`]` after the index")?;
                    Ask::Index(index)
                }
                _ => Ask::Call(self.items(&open, ")", Parser::expr)?),
            });
        }
        Ok(if asked.is_empty() { of } else { Expr::Asked(Box::new(of), asked) })
    }

    fn primary(&mut self) -> Read<Expr> {
        let token = self.token;
        match token.kind {
            Kind::Name => {
                let first = self.advance()?.text;
                let dotted = self.dotted(first)?.into();
                let origin = self.origin(token.start);
                if self.token.is("{") || matches!(self.token.kind, Kind::Quoted | Kind::Raw) {
                    let message = format!("the block `{dotted}` cannot be a value");
                    return Err(Mistake::new((token.start, self.end), message));
                }
                Ok(Expr::Path(Path { dotted, origin }))
            }
            Kind::Keyword | Kind::Int | Kind::Float | Kind::Quoted | Kind::Raw => {
                let token = self.advance()?;
                self.literal(&token)
            }
            Kind::Sign if matches!(token.text, "(" | "[" | "{") => {
                let open = self.advance()?;
                match open.text {
                    "(" => {
                        let inner = self.expr()?;
                        self.close(")", "`)` after the value")?;
                        Ok(Expr::Parens(Box::new(inner)))
                    }
                    "[" => Ok(Expr::List(self.items(&open, "]", Parser::expr)?)),
                    _ => Ok(Expr::Object(self.items(&open, "}", Parser::field)?)),
                }
            }
            Kind::Sign | Kind::LineEnd | Kind::End => Err(self.expected("a value")),
        }
    }

    /// The literal that was just consumed.
    fn literal(&self, token: &Token<'t>) -> Read<Expr> {
        match literal::value(token, Sign::None)? {
            Some(data) => Ok(Expr::Literal(Node { data, origin: self.origin(token.start) })),
            None => Err(Mistake::new(token.at(), format!("{} is no value", token.describe()))),
        }
    }

    /// A key of an object and its value. Alloy takes a key in quotes as it is written: its escapes
    /// must be right and stand for nothing.
    fn field(&mut self) -> Read<(Text, Expr)> {
        let key = match self.token.kind {
            Kind::Name => self.token.text,
            Kind::Quoted | Kind::Raw => {
                let _ = literal::string(&self.token)?;
                literal::between_quotes(&self.token)
            }
            Kind::Keyword | Kind::Int | Kind::Float | Kind::Sign | Kind::LineEnd | Kind::End => {
                return Err(self.expected("a key"));
            }
        };
        let _ = self.advance()?;
        self.close("=", &format!("`=` after the key `{key}`"))?;
        Ok((key.to_owned().into(), self.expr()?))
    }

    /// What stands between brackets, with commas between.
    fn items<T>(
        &mut self,
        open: &Token<'t>,
        close: &'static str,
        read: fn(&mut Self) -> Read<T>,
    ) -> Read<Vec<T>> {
        let mut items = Vec::new();
        while !self.token.is(close) {
            if self.token.kind == Kind::End {
                return Err(unclosed(open));
            }
            items.push(read(self)?);
            if self.token.is(",") {
                let _ = self.advance()?;
            } else if self.token.kind == Kind::LineEnd {
                let missing = (self.end, self.end);
                let _ = self.advance()?;
                if self.token.kind == Kind::End {
                    return Err(unclosed(open));
                }
                return Err(Mistake::new(missing, "a `,` is missing at the end of the line"));
            } else if !self.token.is(close) {
                return Err(self.expected(&format!("`,` or `{close}`")));
            }
        }
        let _ = self.advance()?;
        Ok(items)
    }

    fn name(&mut self, wanted: &str) -> Read<Token<'t>> {
        if self.token.kind == Kind::Name { self.advance() } else { Err(self.expected(wanted)) }
    }

    fn close(&mut self, sign: &str, wanted: &str) -> Read<()> {
        if !self.token.is(sign) {
            return Err(self.expected(wanted));
        }
        let _ = self.advance()?;
        Ok(())
    }

    /// The token that was looked at; the next one takes its place.
    fn advance(&mut self) -> Read<Token<'t>> {
        let next = self.lexer.next()?;
        let token = std::mem::replace(&mut self.token, next);
        self.end = token.at().1;
        Ok(token)
    }

    /// Reads what is one level deeper.
    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        if self.depth == MAX_DEPTH {
            let message = format!("nested more than {MAX_DEPTH} levels deep");
            return Err(Mistake::new(self.token.at(), message));
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }

    /// The place from `start` to the end of what was consumed.
    fn origin(&self, start: usize) -> Origin {
        Origin::at(|| (self.place)(start, self.end))
    }

    fn expected(&self, wanted: &str) -> Mistake {
        Mistake::new(
            self.token.at(),
            format!("{} is wanted, not {}", wanted, self.token.describe()),
        )
    }
}

fn unclosed(open: &Token<'_>) -> Mistake {
    Mistake::new(open.at(), format!("this `{}` is never closed", open.text))
}

/// A label; an empty one is none.
fn read_label(token: &Token<'_>) -> Read<Option<Text>> {
    let label = literal::between_quotes(token);
    if token.kind == Kind::Raw {
        return Err(Mistake::new(token.at(), "a label stands in double quotes, not in backticks"));
    }
    if label.is_empty() {
        return Ok(None);
    }
    if !literal::is_name(label) {
        return Err(Mistake::new(token.at(), format!("the label `{label}` is no identifier")));
    }
    Ok(Some(label.to_owned().into()))
}
