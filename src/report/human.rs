//! Findings for people: the code, the message, the line with a caret, and what to do.

use super::finding::whole;
use crate::diag::{Diagnostic, Diagnostics, Severity};
use crate::source::{Source, Sources, Span};
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};
use std::ops::Range;

/// Whether the text may hold colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colors {
    /// It may.
    On,
    /// It may not.
    Off,
}

/// The most findings that are shown; whoever has more has one cause for many of them.
const MOST: usize = 100;

/// All findings, by file and place, each as a paragraph; of very many the first.
pub fn human(diagnostics: &Diagnostics, sources: &Sources, colors: Colors) -> String {
    let renderer = match colors {
        Colors::On => Renderer::styled(),
        Colors::Off => Renderer::plain(),
    };
    let render = |diagnostic: &&Diagnostic| {
        let mut text = renderer.render(&groups(diagnostic, sources));
        text.push('\n');
        text
    };
    let sorted = diagnostics.sorted();
    let more = sorted.len().saturating_sub(MOST);
    let more = (more > 0).then(|| format!("… and {more} more\n"));
    let paragraphs: Vec<String> = sorted.iter().take(MOST).map(render).chain(more).collect();
    paragraphs.join("\n")
}

/// One line about how many there were.
pub fn summary(errors: usize) -> String {
    match errors {
        1 => "1 error; nothing was written".to_owned(),
        many => format!("{many} errors; nothing was written"),
    }
}

fn groups<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Vec<Group<'a>> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(&diagnostic.message).id(diagnostic.code.as_str());
    let primary = diagnostic.at.and_then(|span| place(sources, span));
    let related = |inside: Option<&'a Source>| {
        let others = diagnostic.related.iter().filter_map(|(span, what)| {
            let (other, range) = place(sources, *span)?;
            Some((other, AnnotationKind::Context.span(range).label(what.as_str())))
        });
        let same = |other: &Source| inside.is_some_and(|source| source.name == other.name);
        others.partition::<Vec<_>, _>(|(other, _)| same(other))
    };
    let (here, elsewhere) = related(primary.as_ref().map(|(source, _)| *source));
    let group = match primary {
        Some((source, range)) => {
            let label = diagnostic.label.as_deref();
            let caret = AnnotationKind::Primary.span(range).label(label);
            let others = here.into_iter().map(|(_, annotation)| annotation);
            let annotations: Vec<Annotation> = std::iter::once(caret).chain(others).collect();
            title.element(snippet(source).annotations(annotations))
        }
        None => Group::with_title(title),
    };
    // A place in another file gets an extract of its own.
    let group = elsewhere.into_iter().fold(group, |group, (source, annotation)| {
        group.element(snippet(source).annotation(annotation))
    });
    let group = match &diagnostic.help {
        Some(help) => group.element(Level::HELP.message(help.as_str())),
        None => group,
    };
    vec![group]
}

fn snippet(source: &Source) -> Snippet<'_, Annotation<'_>> {
    Snippet::source(source.text.as_str()).path(source.name.as_str())
}

/// The text and the bytes of a place, cut at the end of its first line: a caret under a whole map
/// would show nothing. The bytes are whole characters, at least one unless the text has ended.
fn place(sources: &Sources, span: Span) -> Option<(&Source, Range<usize>)> {
    let source = sources.get(span.source)?;
    let text = source.text.as_str();
    let start = whole(text, usize::try_from(span.start).ok()?);
    let end = whole(text, usize::try_from(span.end).ok()?).max(start);
    let first_line = text.get(start..end)?.lines().next().unwrap_or_default().trim_end();
    let end = whole(text, start + first_line.len().max(1));
    Some((source, start..end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::{Code, Diagnostic};

    #[test]
    fn a_place_inside_a_character_is_the_whole_character() {
        let mut sources = Sources::default();
        let source = sources.add("spec.yaml", "a: \u{85}\nb: é\n");
        for (start, end) in [(3, 4), (4, 5), (3, 3), (9, 10), (99, 120)] {
            let mut diagnostics = Diagnostics::default();
            let span = Span::new(source, start, end);
            diagnostics.push(Diagnostic::error(Code::Yaml, span, "a message"));
            assert!(human(&diagnostics, &sources, Colors::Off).contains("a message"));
        }
    }
}
