//! A group of changes as a block of a comment: paragraphs, lists and fenced blocks.

use super::escape::{code, fenced, html_code, whole_code, words};
use crate::diff::acknowledge::JudgedGroup;
use crate::diff::group::{Change, Group};
use crate::diff::review::Risk;
use crate::report::diff::is_dangerous;
use crate::report::diff::lines::{Hunk, Line, Word, compare};
use crate::report::diff::places::{Cluster, Place, Shared, folded};
use crate::report::diff::standing::{Said, said};
use crate::report::diff::text::{Turn, by_class, by_effect, places};
use crate::report::diff::words::{at, counted};

/// How much is told of a group: at most so many …
#[derive(Debug, Clone, Copy)]
pub struct Detail {
    /// … changed lines that caused it,
    pub causes: usize,
    /// … changes,
    pub changes: usize,
    /// … places of each change, and clusters of each place,
    pub places: usize,
    /// … lines of each value.
    pub lines: usize,
}

/// The group; open if it is dangerous.
pub fn block(JudgedGroup { group, standing }: &JudgedGroup, detail: Detail) -> String {
    let said = said(*standing);
    let open = if is_dangerous(group.class) { " open" } else { "" };
    let (changes, _) = by_effect(group);
    let (shown, rest) = changes.split_at(changes.len().min(detail.changes));
    let mut blocks =
        vec![format!("<details{open}>\n<summary>{}</summary>", summary(group, said.as_ref()))];
    blocks.extend(said.as_ref().map(acknowledged));
    blocks.extend(causes(group, detail));
    blocks.extend(
        (1..).zip(shown).flat_map(|(number, change)| one(number, change, said.as_ref(), detail)),
    );
    if !rest.is_empty() {
        let number = counted(rest.len(), "more change");
        blocks.push(format!("And {number}: {}.", by_class(rest.iter().copied())));
    }
    blocks.push("</details>\n\n".to_owned());
    blocks.join("\n\n")
}

/// The worst class, whether it is accepted, the cause, how much it changes, and its name.
fn summary(group: &Group, said: Option<&Said>) -> String {
    let (changes, _) = by_effect(group);
    let number = counted(changes.len(), "change");
    let everywhere = counted(places(changes), "place");
    let cause = match group.causes.split_first() {
        None => "not caused by a changed line".to_owned(),
        Some((first, rest)) => {
            let line = turn(Turn::of_line(first), html_code);
            let more = match rest.len() {
                0 => String::new(),
                more => format!(" and {}", counted(more, "more line")),
            };
            format!("{} {line}{more}", html_code(&at(first)))
        }
    };
    let accepted = said.map(|said| format!(" · <b>{}</b>", said.short)).unwrap_or_default();
    format!(
        "<b>{}</b>{accepted} · {cause} · {number} at {everywhere} · {}",
        group.class,
        html_code(&group.id)
    )
}

/// What somebody has said of the group, and why.
fn acknowledged(said: &Said) -> String {
    format!("**{}.** {}", said.sentence, whole_code(said.why))
}

/// What happens to a short text.
fn turn(turn: Turn<'_>, code: fn(&str) -> String) -> String {
    match turn {
        Turn::Added(after) => format!("added {}", code(after)),
        Turn::Removed(before) => format!("removed {}", code(before)),
        Turn::Replaced(before, after) => format!("{} → {}", code(before), code(after)),
        Turn::Moved => "moved".to_owned(),
    }
}

/// The changed lines, if the summary does not tell them all.
fn causes(group: &Group, detail: Detail) -> Option<String> {
    let more = group.causes.len().saturating_sub(detail.causes);
    let more = (more > 0).then(|| format!("- and {}", counted(more, "more line")));
    let line = |edit| format!("- {} {}", code(&at(edit)), turn(Turn::of_line(edit), code));
    let lines: Vec<String> =
        group.causes.iter().take(detail.causes).map(line).chain(more).collect();
    (group.causes.len() > 1).then(|| format!("Because of\n\n{}", lines.join("\n")))
}

/// A change: where it is made, what it is, its classes, what follows, and whether that is accepted.
fn one(number: usize, change: &Change, said: Option<&Said>, detail: Detail) -> Vec<String> {
    let risk = |Risk { class, why }: &Risk| format!("- **{class}**: {}", words(why));
    let consequence = format!("- {}", words(change.consequence));
    let accepted = said.map(|said| format!("- **{}**", said.short));
    let risks: Vec<String> =
        change.risks.iter().map(risk).chain([consequence]).chain(accepted).collect();
    // The number also ends the list before it.
    let mut blocks = vec![format!("**{number}.** {}", where_made(change, detail))];
    blocks.extend(value(Turn::of(change), detail));
    blocks.push(risks.join("\n"));
    blocks
}

/// The places: a sentence for one, a list below their number for many.
fn where_made(change: &Change, detail: Detail) -> String {
    let all = folded(&change.spots);
    if let [Shared { clusters, places }] = all.as_slice()
        && let [only] = places.as_slice()
    {
        return format!("{} in {}", place(only), names(clusters, detail));
    }
    let (mut lines, mut told) = (Vec::new(), 0);
    for Shared { clusters, places } in &all {
        let room = detail.places.saturating_sub(told);
        let shown: Vec<String> = places.iter().take(room).map(place).collect();
        told += shown.len();
        match shown.as_slice() {
            [] => {}
            [only] if places.len() == 1 => {
                lines.push(format!("- {only} in {}", names(clusters, detail)));
            }
            many => {
                lines.push(format!("- in {}:", names(clusters, detail)));
                lines.extend(many.iter().map(|place| format!("  - {place}")));
            }
        }
    }
    let different: usize = all.iter().map(|shared| shared.places.len()).sum();
    if different > told {
        lines.push(format!("- and {}", counted(different - told, "more place")));
    }
    format!("{}\n\n{}", counted(change.spots.len(), "place"), lines.join("\n"))
}

/// The first clusters, and how many more there are.
fn names(clusters: &[Cluster], detail: Detail) -> String {
    let first: Vec<String> =
        clusters.iter().take(detail.places).map(|cluster| code(&cluster.to_string())).collect();
    match clusters.len() - first.len() {
        0 => first.join(", "),
        more => format!("{} and {}", first.join(", "), counted(more, "more cluster")),
    }
}

fn place(place: &Place) -> String {
    let Place { file, object, pointer, chart } = place;
    if file.is_empty() {
        return "the whole tree".to_owned();
    }
    if let Some(chart) = chart {
        return match *pointer {
            "" => format!("the chart {}", code(chart)),
            pointer => format!("{} of the chart {}", code(pointer), code(chart)),
        };
    }
    let object = object.map(|object| format!(" {}", code(object))).unwrap_or_default();
    let pointer = match *pointer {
        "" => ", the whole file".to_owned(),
        pointer => format!(" {}", code(pointer)),
    };
    format!("{}{object}{pointer}", code(file))
}

/// What is there, and what is to be there.
fn value(value: Turn<'_>, detail: Detail) -> Vec<String> {
    if value == Turn::Moved {
        return vec!["It stands at another position.".to_owned()];
    }
    if value.is_short() {
        return vec![format!("**{}**", turn(value, code))];
    }
    let (before, after) = value.sides();
    let compared = compare(before, after, detail.lines);
    let lines: Vec<String> = compared.hunks.iter().flat_map(hunk_lines).collect();
    let block = (!lines.is_empty()).then(|| fenced(&lines));
    let left = match (compared.left_out, lines.len()) {
        (0, _) => None,
        (left, 0) => Some(format!("{} changed.", counted(left, "line"))),
        (left, _) => Some(format!("And {}.", counted(left, "more changed line"))),
    };
    block.into_iter().chain(left).collect()
}

fn hunk_lines(hunk: &Hunk) -> Vec<String> {
    let text = |sign: char, line: &Line| {
        let words: String = line.iter().map(Word::text).collect();
        format!("{sign}{words}")
    };
    match hunk {
        Hunk::Same(lines) => lines.iter().map(|line| format!(" {line}")).collect(),
        Hunk::Skipped(lines) => {
            vec![format!("@@ {} without a change @@", counted(*lines, "line"))]
        }
        Hunk::Changed { gone, new } => {
            let gone = gone.iter().map(|line| text('-', line));
            gone.chain(new.iter().map(|line| text('+', line))).collect()
        }
    }
}
