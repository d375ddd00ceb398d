//! The words of Go's text/template: text outside `{{ … }}`, and tokens inside.

/// A token and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Whether white space stands before it.
    pub spaced: bool,
    /// Its line, from 1.
    pub line: usize,
}

/// The kinds of token.
#[derive(Debug, Clone, PartialEq)]
pub enum TokenKind {
    /// Text outside actions, trimmed as the marks of the neighbouring actions say.
    Outside(String),
    /// `{{`
    Open,
    /// `}}`
    Close,
    /// `.`
    Dot,
    /// `.name`
    Field(String),
    /// `$` or `$name`
    Variable(String),
    /// A keyword, a function, `true`, `nil` …
    Word(String),
    /// A quoted or raw string.
    Text(String),
    /// A number or a character.
    Number(String),
    /// `|`
    Pipe,
    /// `:=`
    Declare,
    /// `=`
    Assign,
    /// `,`
    Comma,
    /// `(`
    OpenParen,
    /// `)`
    CloseParen,
}

/// The tokens of a template.
///
/// # Errors
/// What is wrong, with its line.
pub fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut lexer = Lexer { rest: text, line: 1, tokens: Vec::new() };
    lexer.outside()?;
    Ok(lexer.tokens)
}

struct Lexer<'a> {
    rest: &'a str,
    line: usize,
    tokens: Vec<Token>,
}

impl Lexer<'_> {
    /// The whole template: text and actions in turn.
    fn outside(&mut self) -> Result<(), String> {
        let mut trim_start = false;
        while !self.rest.is_empty() {
            let end = self.rest.find("{{").unwrap_or(self.rest.len());
            let (text, after) = self.rest.split_at(end);
            let trim_end = trims(after.get(2..).unwrap_or_default());
            let text_line = self.line;
            self.skip_to(after);
            let kept = if trim_start { text.trim_start_matches(is_space) } else { text };
            let kept = if trim_end { kept.trim_end_matches(is_space) } else { kept };
            if !kept.is_empty() {
                let kind = TokenKind::Outside(kept.to_owned());
                self.tokens.push(Token { kind, spaced: false, line: text_line });
            }
            if !after.is_empty() {
                self.eat(if trim_end { 3 } else { 2 });
                trim_start = self.inside()?;
            }
        }
        Ok(())
    }

    /// An action up to its end; says whether it trims what follows.
    fn inside(&mut self) -> Result<bool, String> {
        if self.rest.trim_start_matches(is_space).starts_with("/*") {
            return self.comment();
        }
        self.push(TokenKind::Open, "");
        loop {
            let trimmed = self.rest.trim_start_matches(is_space);
            let space = self.rest.get(..self.rest.len() - trimmed.len()).unwrap_or_default();
            self.skip_to(trimmed);
            if !space.is_empty() && trimmed.starts_with("-}}") {
                self.push(TokenKind::Close, space);
                self.eat(3);
                return Ok(true);
            }
            if trimmed.starts_with("}}") {
                self.push(TokenKind::Close, space);
                self.eat(2);
                return Ok(false);
            }
            let kind = self.token()?;
            self.push(kind, space);
        }
    }

    fn comment(&mut self) -> Result<bool, String> {
        let end = self.rest.find("*/").ok_or_else(|| self.wrong("a comment has no end"))?;
        self.eat(end + 2);
        for (mark, trims) in [("}}", false), (" -}}", true), ("\n-}}", true), ("\t-}}", true)] {
            if self.rest.starts_with(mark) {
                self.eat(mark.len());
                return Ok(trims);
            }
        }
        // Go refuses a space before `}}` here, but nothing else can be meant.
        let trimmed = self.rest.trim_start_matches(is_space);
        let (mark, trims) = if trimmed.starts_with("-}}") { ("-}}", true) } else { ("}}", false) };
        let after = trimmed.strip_prefix(mark);
        let after = after.ok_or_else(|| self.wrong("a comment does not end its action"))?;
        self.skip_to(after);
        Ok(trims)
    }

    fn token(&mut self) -> Result<TokenKind, String> {
        let rest = self.rest;
        let mut chars = rest.chars();
        let first = chars.next().ok_or_else(|| self.wrong("an action has no end"))?;
        let second = chars.next().unwrap_or(' ');
        let word = |from: usize| {
            let tail = rest.get(from..).unwrap_or_default();
            let length = tail.find(|c: char| !is_word(c)).unwrap_or(tail.len());
            tail.get(..length).unwrap_or_default()
        };
        let (kind, length) = match first {
            '|' => (TokenKind::Pipe, 1),
            '(' => (TokenKind::OpenParen, 1),
            ')' => (TokenKind::CloseParen, 1),
            ',' => (TokenKind::Comma, 1),
            ':' if second == '=' => (TokenKind::Declare, 2),
            '=' => (TokenKind::Assign, 1),
            '"' => return self.quoted('"').map(TokenKind::Text),
            '\'' => return self.quoted('\'').map(TokenKind::Number),
            '`' => return self.raw(),
            '$' => (TokenKind::Variable(word(1).to_owned()), 1 + word(1).len()),
            '.' if second.is_ascii_digit() => self.number(),
            '.' if is_word(second) => (TokenKind::Field(word(1).to_owned()), 1 + word(1).len()),
            '.' => (TokenKind::Dot, 1),
            '+' | '-' if second.is_ascii_digit() || second == '.' => self.number(),
            _ if first.is_ascii_digit() => self.number(),
            _ if is_word(first) => (TokenKind::Word(word(0).to_owned()), word(0).len()),
            _ => return Err(self.wrong(&format!("`{first}` starts nothing"))),
        };
        self.eat(length);
        Ok(kind)
    }

    fn number(&self) -> (TokenKind, usize) {
        let body = self.rest.strip_prefix(['+', '-']).unwrap_or(self.rest);
        let sign = self.rest.len() - body.len();
        let part = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_');
        let length = sign + body.find(|c| !part(c)).unwrap_or(body.len());
        (TokenKind::Number(self.rest.get(..length).unwrap_or_default().to_owned()), length)
    }

    fn raw(&mut self) -> Result<TokenKind, String> {
        let body = self.rest.get(1..).unwrap_or_default();
        let end = body.find('`').ok_or_else(|| self.wrong("a raw string has no end"))?;
        let text = body.get(..end).unwrap_or_default().to_owned();
        self.eat(end + 2);
        Ok(TokenKind::Text(text))
    }

    fn quoted(&mut self, quote: char) -> Result<String, String> {
        let mut text = String::new();
        let mut chars = self.rest.char_indices().skip(1);
        while let Some((at, c)) = chars.next() {
            match c {
                '\n' => break,
                '\\' => match chars.next() {
                    Some((_, 'n')) => text.push('\n'),
                    Some((_, 't')) => text.push('\t'),
                    Some((_, 'r')) => text.push('\r'),
                    Some((_, other @ ('\\' | '"' | '\''))) => text.push(other),
                    // The rarer escapes name characters that no key of a chart has.
                    Some((_, other)) => text.extend(['\\', other]),
                    None => break,
                },
                _ if c == quote => {
                    self.eat(at + 1);
                    return Ok(text);
                }
                _ => text.push(c),
            }
        }
        Err(self.wrong("a string has no end"))
    }

    /// Adds a token; `space` is what stands between it and the one before.
    fn push(&mut self, kind: TokenKind, space: &str) {
        self.tokens.push(Token { kind, spaced: !space.is_empty(), line: self.line });
    }

    fn eat(&mut self, bytes: usize) {
        let after = self.rest.get(bytes..).unwrap_or_default();
        self.skip_to(after);
    }

    /// Goes on at `after`, which is the end of what is left.
    fn skip_to<'b>(&mut self, after: &'b str)
    where
        Self: 'b,
    {
        let passed = self.rest.len() - after.len();
        let (passed, rest) = self.rest.split_at(passed);
        self.line += passed.matches('\n').count();
        self.rest = rest;
    }

    fn wrong(&self, what: &str) -> String {
        format!("line {}: {what}", self.line)
    }
}

fn trims(action: &str) -> bool {
    action.strip_prefix('-').is_some_and(|rest| rest.starts_with(is_space))
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}
