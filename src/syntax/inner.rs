//! Text that stands inside a document as a block scalar: a patch, or an Alloy configuration. What is
//! found in it is reported at its own line of the document, not at the scalar's first.

use crate::source::Span;

/// A block scalar's lines, and where each stands in the document.
#[derive(Debug, Clone)]
pub struct Inner {
    whole: Span,
    /// Where each line starts, in the text and in the document; empty if the text was not written
    /// line by line, as in a quoted or folded scalar.
    lines: Vec<(usize, usize)>,
}

impl Inner {
    /// The lines of `text`, which `outer` holds at `whole`.
    pub fn new(outer: &str, whole: Span, text: &str) -> Inner {
        let lines = block_lines(outer, whole, text).unwrap_or_default();
        Inner { whole, lines }
    }

    /// A text that is a document of its own.
    pub fn whole_file(whole: Span) -> Inner {
        let start = usize::try_from(whole.start).unwrap_or_default();
        Inner { whole, lines: vec![(0, start)] }
    }

    /// The place of some bytes of the text.
    pub fn place(&self, start: usize, end: usize) -> Span {
        let at = self.lines.partition_point(|(inner, _)| *inner <= start);
        let Some((inner, outer)) = at.checked_sub(1).and_then(|at| self.lines.get(at)) else {
            return self.whole;
        };
        // A place of several lines ends with its first: carets stand under one line only.
        let line_end = self.lines.get(at).map_or(usize::MAX, |(next, _)| next.saturating_sub(1));
        let length = end.min(line_end).saturating_sub(start);
        let from = outer + (start - inner);
        Span::new(self.whole.source, from, from + length)
    }
}

/// Pairs each line of a literal block scalar with its place; nothing if the scalar is of another
/// style or its lines are not found as they are.
fn block_lines(outer: &str, whole: Span, text: &str) -> Option<Vec<(usize, usize)>> {
    let start = usize::try_from(whole.start).ok()?;
    let rest = outer.get(start..)?;
    // The parser's span starts at the `|` or at the text itself.
    let mut at =
        if rest.starts_with('|') { start + rest.find('\n')? + 1 } else { line_start(outer, start) };
    let mut inner = 0;
    let mut lines = Vec::new();
    for line in text.split_inclusive('\n') {
        let content = line.trim_end_matches('\n');
        let found = outer.get(at..)?.lines().next().unwrap_or_default();
        let indent = found.len().checked_sub(content.len())?;
        if !found.ends_with(content) || !found.get(..indent)?.bytes().all(|byte| byte == b' ') {
            return None;
        }
        lines.push((inner, at + indent));
        inner += line.len();
        at += outer.get(at..)?.find('\n').map_or(found.len(), |end| end + 1);
    }
    Some(lines)
}

fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;
    use crate::syntax::{Kind, parse};

    #[test]
    fn a_word_of_a_block_scalar_is_found_at_its_own_line() {
        for style in ["|", "|-", "|+", "|2"] {
            let outer = format!("a: 1\nb: {style}\n  one\n\n    two é three\n  four\nc: 2\n");
            let mut sources = Sources::default();
            let source = sources.add("x.yaml", outer.as_str());
            let document = parse(source, &outer).document.unwrap();
            let Kind::Map(members) = document.kind else { panic!("a map") };
            let item = &members.iter().find(|member| member.key == "b").unwrap().value;
            let Kind::Text(text) = &item.kind else { panic!("text") };
            let inner = Inner::new(&outer, item.span, text);
            for (word, place) in
                [("one", "3:3"), ("two", "5:5"), ("three", "5:11"), ("four", "6:3")]
            {
                let start = text.find(word).unwrap();
                let span = inner.place(start, start + word.len());
                assert_eq!(sources.position(span).unwrap().to_string(), place, "{style} {word}");
                let bytes = span.start as usize..span.end as usize;
                assert_eq!(&outer[bytes], word);
            }
        }
    }

    #[test]
    fn a_word_of_another_scalar_is_found_at_the_scalar() {
        let outer = "b: \"one\\ntwo\"\n";
        let mut sources = Sources::default();
        let source = sources.add("x.yaml", outer);
        let span = Span::new(source, 3, 13);
        assert_eq!(Inner::new(outer, span, "one\ntwo").place(4, 7), span);
    }
}
