//! Texts that users wrote, and places in them.
//!
//! A [`Span`] is what every diagnostic and every origin points at; a [`Sources`] turns it back
//! into a file name, a line and a column. Nothing here reads a file.

use std::fmt;
use std::sync::Arc;

/// A file's number within one compile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceId(u32);

impl SourceId {
    /// Whether the text is shared by several compiles: an overlay's or a fleet's, no spec.
    pub fn is_shared(self) -> bool {
        self.0 >= FIRST_SHARED
    }
}

/// Numbers from here on belong to texts that several compiles share.
const FIRST_SHARED: u32 = 1 << 31;

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
    /// A place in no text: of what nobody wrote.
    pub const NOWHERE: Span = Span { source: SourceId(u32::MAX), start: 0, end: 0 };

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

/// All texts of one compile: its own, and those that it shares with others.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    first: u32,
    all: Vec<Source>,
    shared: Option<Arc<Sources>>,
}

impl Sources {
    /// Texts that several compiles will share.
    pub fn to_be_shared() -> Self {
        Sources { first: FIRST_SHARED, ..Sources::default() }
    }

    /// Makes places in shared texts known here.
    pub fn share(&mut self, shared: &Arc<Sources>) {
        self.shared = Some(Arc::clone(shared));
    }

    /// Adds a text and returns its number.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> SourceId {
        let id = u32::try_from(self.all.len()).unwrap_or(u32::MAX).saturating_add(self.first);
        self.all.push(Source { name: name.into(), text: text.into() });
        SourceId(id)
    }

    /// The texts that it shares with nobody.
    pub fn own(&self) -> impl Iterator<Item = &Source> {
        self.all.iter()
    }

    /// The numbers of the texts that it shares with nobody.
    pub fn own_ids(&self) -> Vec<SourceId> {
        let first = self.first;
        (first..).zip(&self.all).map(|(number, _)| SourceId(number)).collect()
    }

    /// The text with this number, if it is one of ours.
    pub fn get(&self, id: SourceId) -> Option<&Source> {
        match (&self.shared, id.0.checked_sub(self.first)) {
            (Some(shared), _) if id.is_shared() && self.first == 0 => shared.get(id),
            (_, Some(number)) => self.all.get(usize::try_from(number).ok()?),
            (_, None) => None,
        }
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
