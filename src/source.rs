//! Texts that users wrote, and places in them.
//!
//! A [`Span`] is what every diagnostic and every origin points at; a [`Sources`] turns it back
//! into a file name, a line and a column. Nothing here reads a file.

use std::fmt;

/// A file's number within one compile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceId(u32);

/// A range of bytes in one source; `end` is exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The text it lies in.
    pub source: SourceId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span of `source`; sources are limited to far less than 4 GiB, so offsets saturate.
    pub fn new(source: SourceId, start: usize, end: usize) -> Self {
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Span { source, start: offset(start), end: offset(end.max(start)) }
    }
}

/// One text with the name that users know it by.
#[derive(Debug, Clone)]
pub struct Source {
    /// As given on the command line, or `<stdin>`.
    pub name: String,
    /// Its whole content.
    pub text: String,
}

/// A place for people: 1-based line and column (in characters).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// 1-based line.
    pub line: usize,
    /// 1-based column, in characters.
    pub column: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// All texts of one compile.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    all: Vec<Source>,
}

impl Sources {
    /// Adds a text and returns its number.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> SourceId {
        let id = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        self.all.push(Source { name: name.into(), text: text.into() });
        SourceId(id)
    }

    /// The text with this number, if it is one of ours.
    pub fn get(&self, id: SourceId) -> Option<&Source> {
        self.all.get(usize::try_from(id.0).ok()?)
    }

    /// Line and column of a span's first byte.
    pub fn position(&self, span: Span) -> Option<Position> {
        let source = self.get(span.source)?;
        let start = usize::try_from(span.start).ok()?.min(source.text.len());
        let before = source.text.get(..start)?;
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Some(Position {
            line: before.matches('\n').count() + 1,
            column: before.get(line_start..)?.chars().count() + 1,
        })
    }
}
