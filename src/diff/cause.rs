//! Which of the lines that people changed made a change.
//!
//! A compile is a function of its texts, so whatever differs in the output comes of lines that differ in the
//! input. Every value knows the lines that it is made from; those among them that changed are its cause.

use crate::origin::Origin;
use crate::source::{Source, SourceId, Sources, Span};
use serde::Serialize;
use similar::{Algorithm, ChangeTag, DiffOp, TextDiff};
use std::collections::{BTreeMap, BTreeSet};

/// A line that was added, removed, or written anew.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct LineEdit {
    /// The text's name: the new one, if it has one.
    pub file: String,
    /// The line as it was, if there was one.
    pub before: Option<Line>,
    /// The line as it is to be, if there is one.
    pub after: Option<Line>,
}

/// A line of a text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Line {
    /// 1-based.
    pub number: usize,
    /// Without the blanks around it.
    pub text: String,
}

/// The texts of one side.
#[derive(Debug, Clone, Copy)]
pub struct Texts<'a> {
    /// What the numbers mean.
    pub sources: &'a Sources,
    /// The texts that took part.
    pub all: &'a [SourceId],
}

/// Every line that changed, and where each is on both sides.
#[derive(Debug, Default)]
pub struct Edited {
    edits: Vec<LineEdit>,
    /// The run of changed lines that each stands in.
    hunks: Vec<usize>,
    before: BTreeMap<(SourceId, usize), usize>,
    after: BTreeMap<(SourceId, usize), usize>,
}

/// A side of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// As it was.
    Before,
    /// As it is to be.
    After,
}

impl Edited {
    /// Compares the texts of both sides: those with one name, and the two specs, whatever they are called.
    pub fn between(before: Texts, after: Texts) -> Edited {
        let mut edited = Edited::default();
        let mut old = named(before);
        let new = named(after);
        for (name, id, source) in &new {
            let at = old.iter().position(|(other, ..)| other == name);
            let own = |id: SourceId| !id.is_shared();
            let at = at.or_else(|| old.iter().position(|(_, other, _)| own(*id) && own(*other)));
            let at = at.or_else(|| {
                old.iter().position(|(other, ..)| !has(&new, other) && alike(other, name))
            });
            match at.map(|at| old.swap_remove(at)) {
                Some((_, was, old)) if old.text == source.text => {
                    let _ = was;
                }
                Some((_, was, old)) => edited.compare(Some((was, old)), Some((*id, source))),
                None => edited.compare(None, Some((*id, source))),
            }
        }
        for (_, id, source) in old {
            edited.compare(Some((id, source)), None);
        }
        edited
    }

    fn compare(&mut self, before: Option<(SourceId, &Source)>, after: Option<(SourceId, &Source)>) {
        let text = |side: Option<(SourceId, &Source)>| {
            side.map_or(String::new(), |(_, one)| one.text.clone())
        };
        let (old, new) = (text(before), text(after));
        let file = after.or(before).map_or("", |(_, source)| source.name.trim_start_matches("./"));
        let diff = TextDiff::configure().algorithm(Algorithm::Myers).diff_lines(&old, &new);
        for op in diff.ops() {
            if matches!(op, DiffOp::Equal { .. }) {
                continue;
            }
            let lines = |tag: ChangeTag| -> Vec<Line> {
                let changes = diff.iter_changes(op).filter(|change| change.tag() == tag);
                let line = |change: similar::Change<&str>| {
                    let index = if tag == ChangeTag::Delete {
                        change.old_index()
                    } else {
                        change.new_index()
                    };
                    Line {
                        number: index.unwrap_or_default() + 1,
                        text: change.value().trim().to_owned(),
                    }
                };
                changes.map(line).collect()
            };
            let hunk = self.hunks.last().map_or(0, |last| last + 1);
            for (gone, new) in paired(lines(ChangeTag::Delete), lines(ChangeTag::Insert)) {
                let number = self.edits.len();
                let mut place =
                    |side: Side, text: Option<(SourceId, &Source)>, line: &Option<Line>| {
                        if let (Some((id, _)), Some(line)) = (text, line) {
                            let _ = self.side_mut(side).insert((id, line.number), number);
                        }
                    };
                place(Side::Before, before, &gone);
                place(Side::After, after, &new);
                self.hunks.push(hunk);
                self.edits.push(LineEdit { file: file.to_owned(), before: gone, after: new });
            }
        }
    }

    fn side_mut(&mut self, side: Side) -> &mut BTreeMap<(SourceId, usize), usize> {
        match side {
            Side::Before => &mut self.before,
            Side::After => &mut self.after,
        }
    }

    /// The changed lines that a value is made from.
    pub fn lines_of<'o>(
        &self,
        side: Side,
        origins: impl IntoIterator<Item = &'o Origin>,
        sources: &Sources,
    ) -> BTreeSet<usize> {
        let mut spans = BTreeSet::new();
        origins.into_iter().for_each(|origin| origin.all_written(&mut spans));
        let changed = match side {
            Side::Before => &self.before,
            Side::After => &self.after,
        };
        let lines =
            spans.iter().flat_map(|span| lines(*span, sources).map(|line| (span.source, line)));
        lines.filter_map(|place| changed.get(&place).copied()).collect()
    }

    /// The lines that must have made what no line says to have made: those that stand together with the one that is
    /// known to have made nothing else, such as the head of a section that goes. None if there are several such runs.
    pub fn unclaimed(&self, claimed: &BTreeSet<usize>) -> BTreeSet<usize> {
        let says_nothing = |text: &str| text.is_empty() || text.starts_with('#');
        let idle = |edit: &LineEdit| {
            [&edit.before, &edit.after].into_iter().flatten().all(|line| says_nothing(&line.text))
        };
        let free = self.edits.iter().zip(&self.hunks).enumerate();
        let free = free.filter(|(number, (edit, _))| !claimed.contains(number) && !idle(edit));
        let hunks: BTreeSet<usize> = free.map(|(_, (_, hunk))| *hunk).collect();
        let all: BTreeSet<usize> = self.hunks.iter().copied().collect();
        let hunks = if all.len() == 1 { all } else { hunks };
        match hunks.iter().next() {
            Some(only) if hunks.len() == 1 => {
                let lines = self.hunks.iter().enumerate().filter(|(_, hunk)| *hunk == only);
                lines.map(|(number, _)| number).collect()
            }
            Some(_) | None => BTreeSet::new(),
        }
    }

    /// The edits of these numbers.
    pub fn edits(&self, numbers: &BTreeSet<usize>) -> Vec<LineEdit> {
        numbers.iter().filter_map(|number| self.edits.get(*number).cloned()).collect()
    }
}

fn named(texts: Texts<'_>) -> Vec<(String, SourceId, &Source)> {
    let of = |id: &SourceId| {
        let source = texts.sources.get(*id)?;
        Some((source.name.trim_start_matches("./").to_owned(), *id, source))
    };
    texts.all.iter().filter_map(of).collect()
}

fn has(texts: &[(String, SourceId, &Source)], name: &str) -> bool {
    texts.iter().any(|(other, ..)| other == name)
}

/// Whether two names end in the same folder and file: one text in two trees.
fn alike(one: &str, other: &str) -> bool {
    let end = |name: &str| -> Vec<String> { name.rsplit('/').take(2).map(str::to_owned).collect() };
    end(one) == end(other)
}

/// The lines on which a place stands.
fn lines(span: Span, sources: &Sources) -> std::ops::Range<usize> {
    let line =
        |at: u32| sources.position(Span { start: at, end: at, ..span }).map(|place| place.line);
    match (line(span.start), line(span.end.saturating_sub(1).max(span.start))) {
        (Some(first), Some(last)) => first..last + 1,
        _ => 0..0,
    }
}

/// Which new line stands for which old one: those with the same key, and in a row of as many the ones in the
/// same position.
fn paired(old: Vec<Line>, new: Vec<Line>) -> Vec<(Option<Line>, Option<Line>)> {
    let key = |line: &Line| {
        let text = line.text.trim_start_matches("- ");
        text.split_once(':').map_or(text, |(key, _)| key).to_owned()
    };
    let same_length = old.len() == new.len();
    let mut old: Vec<Option<Line>> = old.into_iter().map(Some).collect();
    let mut pairs = Vec::new();
    for (at, line) in new.into_iter().enumerate() {
        let same =
            |other: &Option<Line>| other.as_ref().is_some_and(|other| key(other) == key(&line));
        let partner = old.iter().position(same).or(same_length.then_some(at));
        let partner = partner.and_then(|at| old.get_mut(at)?.take());
        pairs.push((partner, Some(line)));
    }
    pairs.extend(old.into_iter().flatten().map(|line| (Some(line), None)));
    pairs
}
