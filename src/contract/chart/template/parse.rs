//! Tokens into steps.

use super::lex::{Token, TokenKind, tokens};
use super::{Body, Branch, Command, Operand, Pipeline, Step};
use std::rc::Rc;

/// How deeply actions and parentheses may nest.
pub const MAX_DEPTH: usize = 100;

/// Reads a template. Its commands are numbered from `sites` on, which is counted up.
///
/// # Errors
/// What is wrong, with its line.
pub fn parse(text: &str, sites: &mut u32) -> Result<Body, String> {
    let mut parser = Parser { tokens: tokens(text)?, at: 0, depth: 0, sites };
    let (body, end) = parser.body()?;
    match end {
        Stop::Text => Ok(body),
        Stop::End | Stop::Else => Err(parser.wrong("`end` or `else` belongs to nothing")),
    }
}

/// What ends a body. The parser stands behind the word.
#[derive(PartialEq)]
enum Stop {
    Text,
    End,
    Else,
}

struct Parser<'a> {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    sites: &'a mut u32,
}

impl Parser<'_> {
    fn body(&mut self) -> Result<(Body, Stop), String> {
        self.deeper()?;
        let mut body = Body::new();
        let end = loop {
            match self.next().map(|token| token.kind) {
                None => break Stop::Text,
                Some(TokenKind::Outside(text)) => body.push(Step::Text(text)),
                Some(TokenKind::Open) => match self.action(&mut body)? {
                    None => {}
                    Some(end) => break end,
                },
                Some(_) => return Err(self.wrong("a token stands outside actions")),
            }
        };
        self.depth -= 1;
        Ok((body, end))
    }

    /// What stands after `{{`.
    fn action(&mut self, body: &mut Body) -> Result<Option<Stop>, String> {
        let keyword = match self.peek().map(|token| &token.kind) {
            Some(TokenKind::Word(word)) => word.clone(),
            Some(TokenKind::Close) => return Err(self.wrong("an action is empty")),
            Some(_) | None => String::new(),
        };
        let step = match keyword.as_str() {
            "end" => {
                self.at += 1;
                self.close()?;
                return Ok(Some(Stop::End));
            }
            "else" => {
                self.at += 1;
                return Ok(Some(Stop::Else));
            }
            "if" => Step::If(self.branch("if")?),
            "with" => Step::With(self.branch("with")?),
            "range" => Step::Range(self.branch("range")?),
            "template" => self.template()?,
            "define" => {
                self.at += 1;
                let name = self.name()?;
                self.close()?;
                Step::Define(name, Rc::new(self.closed_body()?))
            }
            "block" => {
                self.at += 1;
                let name = self.name()?;
                let argument = self.pipeline()?;
                self.close()?;
                body.push(Step::Define(name.clone(), Rc::new(self.closed_body()?)));
                Step::Template(name, Some(argument))
            }
            "break" | "continue" => {
                self.at += 1;
                self.close()?;
                Step::Jump
            }
            _ => {
                let pipeline = self.pipeline()?;
                self.close()?;
                Step::Action(pipeline)
            }
        };
        body.push(step);
        Ok(None)
    }

    fn template(&mut self) -> Result<Step, String> {
        self.at += 1;
        let name = self.name()?;
        let closes = self.peek().is_some_and(|token| token.kind == TokenKind::Close);
        let argument = if closes { None } else { Some(self.pipeline()?) };
        self.close()?;
        Ok(Step::Template(name, argument))
    }

    /// `if`, `with` or `range` up to its `end`; `keyword` is where the parser stands.
    fn branch(&mut self, keyword: &str) -> Result<Branch, String> {
        self.deeper()?;
        self.at += 1;
        let pipeline = self.pipeline()?;
        self.close()?;
        let (then, end) = self.body()?;
        let otherwise = match end {
            Stop::End => Body::new(),
            Stop::Text => return Err(self.wrong(&format!("`{keyword}` has no `end`"))),
            Stop::Else => self.otherwise()?,
        };
        self.depth -= 1;
        Ok(Branch { pipeline, then, otherwise })
    }

    /// What stands after `else`.
    fn otherwise(&mut self) -> Result<Body, String> {
        let next = self.peek().map(|token| token.kind.clone());
        match next {
            Some(TokenKind::Word(word)) if word == "if" => {
                Ok(vec![Step::If(self.branch("else if")?)])
            }
            Some(TokenKind::Word(word)) if word == "with" => {
                Ok(vec![Step::With(self.branch("else with")?)])
            }
            Some(_) | None => {
                self.close()?;
                self.closed_body()
            }
        }
    }

    fn closed_body(&mut self) -> Result<Body, String> {
        match self.body()? {
            (body, Stop::End) => Ok(body),
            (_, Stop::Else) => Err(self.wrong("a second `else`")),
            (_, Stop::Text) => Err(self.wrong("an `end` is missing")),
        }
    }

    fn pipeline(&mut self) -> Result<Pipeline, String> {
        self.deeper()?;
        let (variables, declares) = self.variables();
        let mut pipeline = Pipeline { variables, declares, commands: vec![self.command()?] };
        while self.take(&TokenKind::Pipe) {
            pipeline.commands.push(self.command()?);
        }
        self.depth -= 1;
        Ok(pipeline)
    }

    /// `$a :=`, `$a, $b :=` or `$a =`, if one of them stands here.
    fn variables(&mut self) -> (Vec<String>, bool) {
        let kind = |after: usize| self.tokens.get(self.at + after).map(|token| &token.kind);
        let (names, length) = match (kind(0), kind(1), kind(2)) {
            (
                Some(TokenKind::Variable(first)),
                Some(TokenKind::Comma),
                Some(TokenKind::Variable(second)),
            ) => (vec![first.clone(), second.clone()], 3),
            (Some(TokenKind::Variable(name)), _, _) => (vec![name.clone()], 1),
            _ => return (Vec::new(), false),
        };
        let declares = match kind(length) {
            Some(TokenKind::Declare) => true,
            Some(TokenKind::Assign) => false,
            Some(_) | None => return (Vec::new(), false),
        };
        self.at += length + 1;
        (names, declares)
    }

    fn command(&mut self) -> Result<Command, String> {
        *self.sites = self.sites.wrapping_add(1);
        let site = *self.sites;
        let mut words = Vec::new();
        while let Some(word) = self.operand()? {
            words.push(word);
        }
        if words.is_empty() {
            Err(self.wrong("a value is missing"))
        } else {
            Ok(Command { site, words })
        }
    }

    fn operand(&mut self) -> Result<Option<Operand>, String> {
        let Some(token) = self.peek().cloned() else {
            return Ok(None);
        };
        let operand = match token.kind {
            TokenKind::Dot => Operand::Dot(Vec::new()),
            TokenKind::Field(name) => {
                self.at += 1;
                let mut fields = vec![name];
                fields.extend(self.fields());
                return Ok(Some(Operand::Dot(fields)));
            }
            TokenKind::Variable(name) => {
                self.at += 1;
                return Ok(Some(Operand::Variable(name, self.fields())));
            }
            TokenKind::OpenParen => {
                self.at += 1;
                let inner = self.pipeline()?;
                if !self.take(&TokenKind::CloseParen) {
                    return Err(self.wrong("a `)` is missing"));
                }
                return Ok(Some(Operand::Nested(inner, self.fields())));
            }
            TokenKind::Text(text) => Operand::Text(text),
            TokenKind::Number(number) => Operand::Number(number),
            TokenKind::Word(word) => match word.as_str() {
                "true" => Operand::Bool(true),
                "false" => Operand::Bool(false),
                "nil" => Operand::Nil,
                _ => Operand::Function(word),
            },
            TokenKind::Outside(_)
            | TokenKind::Open
            | TokenKind::Close
            | TokenKind::Pipe
            | TokenKind::Declare
            | TokenKind::Assign
            | TokenKind::Comma
            | TokenKind::CloseParen => return Ok(None),
        };
        self.at += 1;
        Ok(Some(operand))
    }

    /// Fields that follow without white space.
    fn fields(&mut self) -> Vec<String> {
        let mut fields = Vec::new();
        while let Some(Token { kind: TokenKind::Field(name), spaced: false, .. }) = self.peek() {
            fields.push(name.clone());
            self.at += 1;
        }
        fields
    }

    fn name(&mut self) -> Result<String, String> {
        match self.next().map(|token| token.kind) {
            Some(TokenKind::Text(name)) => Ok(name),
            Some(_) | None => Err(self.wrong("a template's name is missing")),
        }
    }

    fn close(&mut self) -> Result<(), String> {
        if self.take(&TokenKind::Close) { Ok(()) } else { Err(self.wrong("`}}` is missing")) }
    }

    fn take(&mut self, kind: &TokenKind) -> bool {
        let here = self.peek().is_some_and(|token| token.kind == *kind);
        self.at += usize::from(here);
        here
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    fn deeper(&mut self) -> Result<(), String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH { Err(self.wrong("nested too deeply")) } else { Ok(()) }
    }

    fn wrong(&self, what: &str) -> String {
        let before = self.tokens.get(self.at.saturating_sub(1)).or(self.tokens.last());
        format!("line {}: {what}", before.map_or(1, |token| token.line))
    }
}
