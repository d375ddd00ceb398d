//! Both values of a change side by side; one below the other where there is no room.

use super::element::{Element, el};
use super::plan::Caps;
use crate::report::diff::lines::{Hunk, Line, Word, compare};
use crate::report::diff::text::Turn;
use crate::report::diff::words::counted;

/// What is there, and what is to be there.
pub fn value(turn: Turn<'_>, caps: Caps) -> Element {
    let (look, label) = match turn {
        Turn::Added(_) => ("diff one", "Added"),
        Turn::Removed(_) => ("diff one", "Removed"),
        Turn::Replaced(..) => ("diff", "Before and after"),
        Turn::Moved => {
            return el("p").class("moved").text("It stands at another position.");
        }
    };
    let (before, after) = turn.sides();
    let compared = compare(before, after, caps.lines);
    let diff = el("div").class(look).with("role", "group").with("aria-label", label);
    let heads = match turn {
        Turn::Replaced(..) => vec!["Before", "After"],
        Turn::Added(_) | Turn::Removed(_) | Turn::Moved => vec![label],
    };
    let head = |text: &str| el("div").class("head").with("aria-hidden", "true").text(text);
    let heads = el("div").class("hunk heads").put_all(heads.into_iter().map(head));
    let diff = diff.put(heads).put_all(compared.hunks.iter().map(hunk));
    match compared.left_out {
        0 => diff,
        left => diff.put(note(&format!("and {}", counted(left, "more changed line")))),
    }
}

/// Lines in two columns. The new lines come after the old ones, and styles put them beside.
fn hunk(hunk: &Hunk) -> Element {
    let lines = el("div").class("hunk");
    match hunk {
        Hunk::Same(same) => lines.put_all(same.iter().flat_map(|text| {
            let shown = || el("span").text(text.clone());
            // The same line once more, for the second column.
            let twin = row("same twin", " ", shown()).with("aria-hidden", "true");
            [row("same", " ", shown()), twin]
        })),
        Hunk::Skipped(lines) => note(&format!("{} without a change", counted(*lines, "line"))),
        Hunk::Changed { gone, new } => {
            let gone = gone.iter().map(|line| row("gone", "−", words(el("del"), line)));
            let new = new.iter().map(|line| row("new", "+", words(el("ins"), line)));
            lines.put_all(gone).put_all(new)
        }
    }
}

fn row(kind: &str, sign: &str, text: Element) -> Element {
    el("div").class(format!("row {kind}")).put(el("span").class("sign").text(sign)).put(text)
}

fn words(element: Element, line: &Line) -> Element {
    line.iter().fold(element, |element, word| match word {
        Word::Same(text) => element.text(text.clone()),
        Word::Differs(text) => element.put(el("mark").text(text.clone())),
    })
}

fn note(text: &str) -> Element {
    el("div").class("note").text(text)
}
