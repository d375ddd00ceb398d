//! Findings with their places as numbers: what every form for machines is made of.

use crate::diag::{Diagnostic, Diagnostics};
use crate::source::{Position, Source, SourceId, Sources, Span};
use std::collections::{BTreeMap, BTreeSet};

/// A finding, and where it is.
pub struct Finding<'a> {
    /// What was found.
    pub diagnostic: &'a Diagnostic,
    /// Where; nothing for what nobody wrote.
    pub at: Option<Region<'a>>,
    /// Other places that belong to it, with what they are.
    pub related: Vec<(Option<Region<'a>>, &'a str)>,
    /// The text that was being read, also of a finding without a place.
    pub file: Option<&'a str>,
}

/// A piece of a text.
#[derive(Clone, Copy)]
pub struct Region<'a> {
    /// The text's name.
    pub file: &'a str,
    /// Its first character.
    pub start: Position,
    /// The character after its last.
    pub end: Position,
    /// The column after its last character on its first line.
    pub first_line_end: usize,
}

/// All findings, those of each pair by file and place.
pub fn all<'a>(found: &[(&'a Diagnostics, &'a Sources)]) -> Vec<Finding<'a>> {
    found.iter().flat_map(|(diagnostics, sources)| of_one(diagnostics, sources)).collect()
}

fn of_one<'a>(diagnostics: &'a Diagnostics, sources: &'a Sources) -> Vec<Finding<'a>> {
    let sorted = diagnostics.sorted();
    let spans = sorted
        .iter()
        .flat_map(|one| one.at.into_iter().chain(one.related.iter().map(|(span, _)| *span)));
    let texts = Texts::new(spans, sources);
    let file = sources.own().next().map(|source| source.name.as_str());
    let finding = |diagnostic: &'a Diagnostic| {
        let at = diagnostic.at.and_then(|span| texts.region(span));
        let related = diagnostic.related.iter();
        let related = related.map(|(span, what)| (texts.region(*span), what.as_str())).collect();
        let file = at.map(|region| region.file).or(file);
        Finding { diagnostic, at, related, file }
    };
    sorted.into_iter().map(finding).collect()
}

/// The texts that places lie in, each with the first byte of every line: counting lines anew for
/// each of many findings would take time that grows with their square.
struct Texts<'a> {
    all: BTreeMap<SourceId, (&'a Source, Vec<usize>)>,
}

impl<'a> Texts<'a> {
    fn new(spans: impl Iterator<Item = Span>, sources: &'a Sources) -> Self {
        let ids: BTreeSet<SourceId> = spans.map(|span| span.source).collect();
        let text = |id| {
            let source = sources.get(id)?;
            let after = source.text.match_indices('\n').map(|(at, _)| at + 1);
            Some((id, (source, std::iter::once(0).chain(after).collect())))
        };
        Texts { all: ids.into_iter().filter_map(text).collect() }
    }

    fn region(&self, span: Span) -> Option<Region<'a>> {
        let (source, lines) = self.all.get(&span.source)?;
        let text = source.text.as_str();
        let start = whole(text, usize::try_from(span.start).ok()?);
        let end = whole(text, usize::try_from(span.end).ok()?).max(start);
        let first_line = text.get(start..end)?.lines().next().unwrap_or_default();
        let first_line = start + first_line.trim_end().len();
        Some(Region {
            file: &source.name,
            start: position(text, lines, start)?,
            end: position(text, lines, end)?,
            first_line_end: position(text, lines, first_line)?.column,
        })
    }
}

fn position(text: &str, lines: &[usize], at: usize) -> Option<Position> {
    let line = lines.partition_point(|start| *start <= at);
    let start = *lines.get(line.checked_sub(1)?)?;
    Some(Position { line, column: text.get(start..at)?.chars().count() + 1 })
}

/// The first boundary between characters at or after a byte.
pub fn whole(text: &str, at: usize) -> usize {
    (at..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}
