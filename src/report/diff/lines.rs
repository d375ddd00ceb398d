//! Two texts line by line, with the words that differ.

use super::text::visible;
use super::words::counted;
use similar::{Algorithm, ChangeTag, DiffOp, TextDiff};

/// Lines that are the same, or lines that stand for others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hunk {
    /// Lines of both texts.
    Same(Vec<String>),
    /// So many more lines of both.
    Skipped(usize),
    /// Lines of the old text, and those of the new one in their place.
    Changed {
        /// Lines of the old text.
        gone: Vec<Line>,
        /// Lines of the new one.
        new: Vec<Line>,
    },
}

/// A line as its words.
pub type Line = Vec<Word>;

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    /// Both lines have it.
    Same(String),
    /// Only this line has it.
    Differs(String),
}

impl Word {
    /// Its text.
    pub fn text(&self) -> &str {
        match self {
            Word::Same(text) | Word::Differs(text) => text,
        }
    }
}

/// The hunks of two texts, and how many of their lines are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// What is shown.
    pub hunks: Vec<Hunk>,
    /// Lines that differ and are not shown.
    pub left_out: usize,
}

/// Lines around a change that are shown with it.
const CONTEXT: usize = 3;
/// Characters of a line that are shown.
const WIDEST: usize = 400;
/// Lines from which on texts are no longer compared: all of one stands for all of the other.
const LONGEST: usize = 4_000;
/// Bytes of changed lines up to which their words are compared.
const WORDS: usize = 8_000;

/// Compares two texts, and keeps at most so many lines that differ. What a reader could not see is written out.
pub fn compare(before: &str, after: &str, most: usize) -> Compared {
    let hunks = if before.is_empty() || after.is_empty() || is_long(before) || is_long(after) {
        vec![Hunk::Changed { gone: whole(before), new: whole(after) }]
    } else {
        hunks(before, after)
    };
    capped(hunks, most)
}

fn is_long(text: &str) -> bool {
    text.lines().nth(LONGEST).is_some()
}

fn whole(text: &str) -> Vec<Line> {
    text.lines().map(|line| words([(false, line)])).collect()
}

fn hunks(before: &str, after: &str) -> Vec<Hunk> {
    let (before, after) = ended(before, after);
    let diff = TextDiff::configure()
        .algorithm(Algorithm::Myers)
        .diff_lines(before.as_str(), after.as_str());
    let last = diff.ops().len().saturating_sub(1);
    let of = |(at, op): (usize, &DiffOp)| match op {
        DiffOp::Equal { .. } => {
            let lines = diff.iter_changes(op).map(|change| visible(trimmed(change.value())));
            let head = if at == 0 { 0 } else { CONTEXT };
            let tail = if at == last { 0 } else { CONTEXT };
            near(lines.collect(), head, tail)
        }
        DiffOp::Delete { .. } | DiffOp::Insert { .. } | DiffOp::Replace { .. } => {
            vec![changed(&diff, op)]
        }
    };
    diff.ops().iter().enumerate().flat_map(of).collect()
}

/// Both texts with an end of their last lines. Where only one had it, it is made visible.
fn ended(before: &str, after: &str) -> (String, String) {
    let differ = before.ends_with('\n') != after.ends_with('\n');
    let end = |text: &str| match text.strip_suffix('\n') {
        Some(text) if differ => format!("{text}⏎\n"),
        Some(text) => format!("{text}\n"),
        None => format!("{text}\n"),
    };
    (end(before), end(after))
}

fn trimmed(line: &str) -> &str {
    line.strip_suffix('\n').unwrap_or(line)
}

/// The first and the last of lines that both texts have: those that are near a change.
fn near(lines: Vec<String>, head: usize, tail: usize) -> Vec<Hunk> {
    let hidden = lines.len().saturating_sub(head + tail);
    // A line that says that one is left out is no shorter.
    if hidden <= 1 {
        return vec![Hunk::Same(lines)];
    }
    let end = lines.iter().skip(head + hidden).cloned().collect();
    let start: Vec<String> = lines.into_iter().take(head).collect();
    let hunks = [Hunk::Same(start), Hunk::Skipped(hidden), Hunk::Same(end)];
    hunks.into_iter().filter(|hunk| *hunk != Hunk::Same(Vec::new())).collect()
}

fn changed(diff: &TextDiff<'_, '_, str>, op: &DiffOp) -> Hunk {
    let lines = |tag: ChangeTag| -> Vec<&str> {
        let changes = diff.iter_changes(op).filter(|change| change.tag() == tag);
        changes.map(|change| trimmed(change.value())).collect()
    };
    let (gone, new) = (lines(ChangeTag::Delete), lines(ChangeTag::Insert));
    let all = || gone.iter().chain(&new);
    let is_large = all().map(|line| line.len()).sum::<usize>() > WORDS;
    if is_large || all().any(|line| line.chars().count() > WIDEST) {
        return by_ends(&gone, &new);
    }
    let (mut gone, mut new) = (Vec::new(), Vec::new());
    // Without a deadline: with one, how fast the machine is would decide what is shown.
    for change in diff.iter_inline_changes_deadline(op, None) {
        let pieces = change.values().iter().map(|(differs, text)| (*differs, trimmed(text)));
        match change.tag() {
            ChangeTag::Delete => gone.push(words(pieces)),
            ChangeTag::Insert | ChangeTag::Equal => new.push(words(pieces)),
        }
    }
    Hunk::Changed { gone, new }
}

/// Lines of which only the ends are compared: what differs of each pair is all between the first and the last
/// difference.
fn by_ends(gone: &[&str], new: &[&str]) -> Hunk {
    let plain = |lines: &[&str]| lines.iter().map(|line| words([(false, *line)])).collect();
    if gone.len() != new.len() {
        return Hunk::Changed { gone: plain(gone), new: plain(new) };
    }
    let pairs = gone.iter().zip(new).map(|(old, new)| {
        let head: usize = old
            .chars()
            .zip(new.chars())
            .take_while(|(one, other)| one == other)
            .map(|(c, _)| c.len_utf8())
            .sum();
        let (old_rest, new_rest) = (old.split_at(head).1, new.split_at(head).1);
        let tail: usize = old_rest
            .chars()
            .rev()
            .zip(new_rest.chars().rev())
            .take_while(|(one, other)| one == other)
            .map(|(c, _)| c.len_utf8())
            .sum();
        let three = |line: &str| {
            let (start, rest) = line.split_at(head);
            let (middle, end) = rest.split_at(rest.len() - tail);
            words([(false, start), (true, middle), (false, end)])
        };
        (three(old), three(new))
    });
    let (gone, new) = pairs.unzip();
    Hunk::Changed { gone, new }
}

/// A line of pieces. Of one that is wider than a reader bears, what both lines have is folded, and then the end
/// is cut; either is counted.
fn words<'a>(pieces: impl IntoIterator<Item = (bool, &'a str)>) -> Line {
    let pieces: Vec<_> = pieces.into_iter().filter(|(_, text)| !text.is_empty()).collect();
    let is_wide = pieces.iter().map(|(_, text)| text.chars().count()).sum::<usize>() > WIDEST;
    let has_words = pieces.iter().any(|(differs, _)| *differs);
    let (mut line, mut room, mut cut) = (Line::new(), WIDEST, 0);
    for (differs, text) in pieces {
        let text = if is_wide && has_words && !differs { folded(text) } else { text.to_owned() };
        let shown: String = text.chars().take(room).collect();
        let length = shown.chars().count();
        room -= length;
        cut += text.chars().count() - length;
        if !shown.is_empty() {
            let shown = visible(&shown);
            line.push(if differs { Word::Differs(shown) } else { Word::Same(shown) });
        }
    }
    if cut > 0 {
        line.push(Word::Same(format!("… (and {})", counted(cut, "character"))));
    }
    line
}

/// The ends of a text that both lines have.
fn folded(text: &str) -> String {
    const END: usize = 40;
    let length = text.chars().count();
    if length <= 3 * END {
        return text.to_owned();
    }
    let start: String = text.chars().take(END).collect();
    let end: String = text.chars().skip(length - END).collect();
    format!("{start}… ({}) …{end}", counted(length - 2 * END, "character"))
}

/// The first so many lines that differ, with what stands between them.
fn capped(hunks: Vec<Hunk>, most: usize) -> Compared {
    let (mut room, mut left_out, mut kept) = (most, 0, Vec::new());
    for hunk in hunks {
        match hunk {
            Hunk::Changed { mut gone, mut new } => {
                let lines = gone.len() + new.len();
                // Where both do not fit, each gets its share.
                let of_gone = if lines <= room { gone.len() } else { room * gone.len() / lines };
                gone.truncate(of_gone);
                new.truncate(room - of_gone);
                let shown = gone.len() + new.len();
                room -= shown;
                left_out += lines - shown;
                if shown > 0 {
                    kept.push(Hunk::Changed { gone, new });
                }
            }
            Hunk::Same(_) | Hunk::Skipped(_) if left_out > 0 => {}
            Hunk::Same(lines) => {
                kept.push(Hunk::Same(lines.iter().map(|line| cut(line)).collect()));
            }
            Hunk::Skipped(number) => kept.push(Hunk::Skipped(number)),
        }
    }
    Compared { hunks: kept, left_out }
}

/// A line of both texts, as wide as a reader bears.
fn cut(line: &str) -> String {
    words([(false, line)]).iter().map(Word::text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(line: &[Word]) -> String {
        let mark = |word: &Word| match word {
            Word::Same(text) => text.clone(),
            Word::Differs(text) => format!("[{text}]"),
        };
        line.iter().map(mark).collect()
    }

    #[test]
    fn words_that_differ_are_told_from_those_that_do_not() {
        let compared = compare("a: 1\nkeep the old name\n", "a: 1\nkeep the new name\n", 9);
        let [Hunk::Same(same), Hunk::Changed { gone, new }] = compared.hunks.as_slice() else {
            panic!("{compared:?}");
        };
        assert_eq!(same, &["a: 1"]);
        assert_eq!(plain(&gone[0]), "keep the [old] name");
        assert_eq!(plain(&new[0]), "keep the [new] name");
    }

    #[test]
    fn an_end_of_the_last_line_is_a_difference() {
        let compared = compare("a", "a\n", 9);
        let [Hunk::Changed { new, .. }] = compared.hunks.as_slice() else {
            panic!("{compared:?}");
        };
        assert!(plain(&new[0]).contains('⏎'));
    }

    #[test]
    fn no_line_is_left_out_without_being_counted() {
        let long = (0..90).map(|at| at.to_string()).collect::<Vec<_>>().join("\n") + "\n";
        let compared = compare(&long, "new\n", 10);
        assert_eq!(compared.left_out, 81);
        let wide = compare("", &"x".repeat(1_000), 10);
        assert!(format!("{wide:?}").contains("… (and 600 characters)"));
        let middle = |word: &str| format!("{}{word}{}", "a".repeat(900), "b".repeat(900));
        let deep = compare(&middle("old"), &middle("new"), 10);
        assert!(format!("{deep:?}").contains("Differs(\"old\")"), "{deep:?}");
        let far = compare(&format!("{long}end"), &format!("{long}END"), 10);
        assert!(far.hunks.contains(&Hunk::Skipped(87)), "{far:?}");
    }
}
