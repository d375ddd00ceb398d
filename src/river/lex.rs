//! Cuts a text into tokens.
//!
//! The end of a line is a token only where a statement could end: after a name, a literal or a
//! closing bracket. Comments are no tokens; they are kept aside with their lines, and the parser
//! finds them a place.

use super::literal;

/// Why a text is not of the language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The bytes that are wrong: first, and one past the last. Equal where something is missing.
    pub at: (usize, usize),
    /// What is wrong.
    pub message: String,
}

impl Mistake {
    pub(super) fn new(at: (usize, usize), message: impl Into<String>) -> Self {
        Mistake { at, message: message.into() }
    }
}

/// The kinds of token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// An identifier.
    Name,
    /// `true`, `false` or `null`.
    Keyword,
    /// Digits.
    Int,
    /// A number with a dot or an exponent.
    Float,
    /// A string in double quotes, which are part of it.
    Quoted,
    /// A string in backticks, which are part of it.
    Raw,
    /// An operator, a bracket, a comma or a dot.
    Sign,
    /// The end of a line, or of the text, where a statement can end.
    LineEnd,
    /// The end of the text.
    End,
}

/// A piece of the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'t> {
    pub kind: Kind,
    pub text: &'t str,
    pub start: usize,
    /// The line it starts on, from 0.
    pub line: usize,
}

impl Token<'_> {
    /// Its bytes.
    pub fn at(&self) -> (usize, usize) {
        (self.start, self.start + self.text.len())
    }

    /// Whether it is this operator, bracket, comma or dot.
    pub fn is(&self, sign: &str) -> bool {
        self.kind == Kind::Sign && self.text == sign
    }

    /// What people call it.
    pub fn describe(&self) -> String {
        match self.kind {
            Kind::Name | Kind::Keyword | Kind::Int | Kind::Float | Kind::Sign => {
                format!("`{}`", self.text)
            }
            Kind::Quoted | Kind::Raw => "a string".to_owned(),
            Kind::LineEnd => "the end of the line".to_owned(),
            Kind::End => "the end of the text".to_owned(),
        }
    }
}

/// A comment and the lines that it is on, from 0.
#[derive(Debug, Clone, Copy)]
pub(super) struct Comment<'t> {
    /// With its `//` or `/*` and `*/`.
    pub text: &'t str,
    pub first: usize,
    pub last: usize,
}

/// The rest of a text.
pub(super) struct Lexer<'t> {
    rest: &'t str,
    at: usize,
    line: usize,
    /// Where the last token ended, if a statement could end there.
    ended: Option<usize>,
    /// The comments that were passed and not taken.
    comments: Vec<Comment<'t>>,
}

/// Longer ones first.
const SIGNS: [&str; 24] = [
    "||", "&&", "==", "!=", "<=", ">=", "=", "!", "<", ">", "+", "-", "*", "/", "%", "^", "{", "}",
    "(", ")", "[", "]", ",", ".",
];
const BYTE_ORDER_MARK: char = '\u{feff}';

impl<'t> Lexer<'t> {
    pub fn new(text: &'t str) -> Result<Self, Mistake> {
        let mut lexer = Lexer { rest: text, at: 0, line: 0, ended: None, comments: Vec::new() };
        if text.starts_with(BYTE_ORDER_MARK) {
            let _ = lexer.take(BYTE_ORDER_MARK.len_utf8());
        }
        match lexer.rest.find(['\0', BYTE_ORDER_MARK]) {
            Some(at) if after(lexer.rest, at).starts_with('\0') => {
                Err(lexer.mistake(at, 1, "a NUL byte cannot stand in a configuration"))
            }
            Some(at) => {
                let length = BYTE_ORDER_MARK.len_utf8();
                Err(lexer.mistake(at, length, "a byte order mark stands only before everything"))
            }
            None => Ok(lexer),
        }
    }

    /// The comments passed since this was last asked.
    pub fn comments(&mut self) -> Vec<Comment<'t>> {
        std::mem::take(&mut self.comments)
    }

    /// The next token; at the end, [`Kind::End`] for ever.
    pub fn next(&mut self) -> Result<Token<'t>, Mistake> {
        if let Some(end) = self.pass()? {
            self.ended = None;
            return Ok(Token { kind: Kind::LineEnd, text: "", start: end, line: self.line });
        }
        let Some(first) = self.rest.chars().next() else {
            return Ok(Token { kind: Kind::End, text: "", start: self.at, line: self.line });
        };
        let (kind, length) = match first {
            c if literal::starts_name(c) => {
                let length = length_while(self.rest, literal::continues_name);
                let word = self.rest.get(..length).unwrap_or_default();
                (if literal::is_keyword(word) { Kind::Keyword } else { Kind::Name }, length)
            }
            '.' if after(self.rest, 1).starts_with(|c: char| c.is_ascii_digit()) => {
                self.number()?
            }
            c if c.is_ascii_digit() => self.number()?,
            '"' => (Kind::Quoted, self.quoted()?),
            '`' => (Kind::Raw, self.raw()?),
            c => (Kind::Sign, self.sign(c)?),
        };
        let (start, line) = (self.at, self.line);
        let text = self.take(length);
        let ends = match kind {
            Kind::Name | Kind::Keyword | Kind::Int | Kind::Float | Kind::Quoted | Kind::Raw => true,
            Kind::Sign => matches!(text, ")" | "]" | "}"),
            Kind::LineEnd | Kind::End => false,
        };
        self.ended = ends.then_some(self.at);
        Ok(Token { kind, text, start, line })
    }

    /// Passes blanks and comments. Where a line ends that a statement can end on, this stops, after
    /// that line's comments, and says where the statement ended.
    fn pass(&mut self) -> Result<Option<usize>, Mistake> {
        loop {
            let blanks = length_while(self.rest, |c| matches!(c, ' ' | '\t' | '\r'));
            let _ = self.take(blanks);
            if self.rest.is_empty() {
                return Ok(self.ended);
            }
            if self.rest.starts_with('\n') {
                if self.ended.is_some() {
                    return Ok(self.ended);
                }
                let _ = self.take(1);
            } else if self.rest.starts_with("//") {
                self.comment(self.rest.find('\n').unwrap_or(self.rest.len()));
            } else if self.rest.starts_with("/*") {
                let Some(length) = after(self.rest, 2).find("*/") else {
                    return Err(self.mistake(0, 2, "this `/*` is never closed"));
                };
                let line = self.line;
                self.comment(length + 4);
                if self.line > line && self.ended.is_some() {
                    return Ok(self.ended);
                }
            } else {
                return Ok(None);
            }
        }
    }

    fn comment(&mut self, length: usize) {
        let first = self.line;
        let text = self.take(length);
        self.comments.push(Comment { text, first, last: self.line });
    }

    fn number(&self) -> Result<(Kind, usize), Mistake> {
        let digits = |at: usize| length_while(after(self.rest, at), |c| c.is_ascii_digit());
        let mut kind = Kind::Int;
        let mut length = digits(0);
        if after(self.rest, length).starts_with('.') {
            kind = Kind::Float;
            length += 1;
            length += digits(length);
        }
        if after(self.rest, length).starts_with(['e', 'E']) {
            kind = Kind::Float;
            length += 1;
            if after(self.rest, length).starts_with(['+', '-']) {
                length += 1;
            }
            let exponent = digits(length);
            if exponent == 0 {
                let text = self.rest.get(..length).unwrap_or_default();
                let message = format!("the exponent of `{text}` has no digits");
                return Err(self.mistake(0, length, message));
            }
            length += exponent;
        }
        Ok((kind, length))
    }

    /// The length of a string in double quotes; what its escapes mean is read later.
    fn quoted(&self) -> Result<usize, Mistake> {
        let mut escaped = false;
        for (at, c) in self.rest.char_indices().skip(1) {
            match c {
                '\n' => break,
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => return Ok(at + 1),
                _ => {}
            }
        }
        let message = "the string does not end on its line";
        Err(self.mistake(0, length_while(self.rest, |c| !matches!(c, '\r' | '\n')), message))
    }

    fn raw(&self) -> Result<usize, Mistake> {
        match after(self.rest, 1).find('`') {
            Some(length) => Ok(length + 2),
            None => Err(self.mistake(0, 1, "this string in backticks is never closed")),
        }
    }

    fn sign(&self, first: char) -> Result<usize, Mistake> {
        if let Some(sign) = SIGNS.iter().find(|sign| self.rest.starts_with(**sign)) {
            return Ok(sign.len());
        }
        let message = match first {
            '\'' => "`'` starts no string; strings stand in double quotes".to_owned(),
            '|' | '&' => format!("`{first}` is no operator; `{first}{first}` is"),
            '#' => "`#` starts no comment; `//` does".to_owned(),
            other if other.is_control() => {
                format!("`{}` has no meaning here", other.escape_unicode())
            }
            other => format!("`{other}` has no meaning here"),
        };
        Err(self.mistake(0, first.len_utf8(), message))
    }

    fn take(&mut self, length: usize) -> &'t str {
        let (taken, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        self.line += taken.matches('\n').count();
        self.at += taken.len();
        self.rest = rest;
        taken
    }

    fn mistake(&self, from: usize, length: usize, message: impl Into<String>) -> Mistake {
        Mistake::new((self.at + from, self.at + from + length), message)
    }
}

fn after(text: &str, at: usize) -> &str {
    text.get(at..).unwrap_or_default()
}

fn length_while(text: &str, wanted: impl Fn(char) -> bool) -> usize {
    text.find(|c| !wanted(c)).unwrap_or(text.len())
}
