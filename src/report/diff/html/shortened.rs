//! What a page says of changes that it does not show whole.

use super::element::{Element, el};
use super::plan::{Planned, Told};
use super::whole;
use crate::diff::group::Change;
use crate::report::diff::Heading;
use crate::report::diff::text::{by_class, places};
use crate::report::diff::words::counted;

/// How many changes are told in a line, and how many are only counted; nothing if all are told whole.
pub fn summary(planned: &[Planned], heading: &Heading) -> Option<Element> {
    let (lines, left) = (told(planned, Told::Line), told(planned, Told::Counted));
    let of = |changes: &[&Change], how: &str| {
        let number = counted(changes.len(), "change");
        format!("{number} {how} ({}). ", by_class(changes.iter().copied()))
    };
    let mut said = String::new();
    if !lines.is_empty() {
        said += &of(&lines, "told in a line each, or in one of their group");
    }
    if !left.is_empty() {
        said += &of(&left, "only counted");
    }
    let note = el("p").class("left-out").put(el("strong").text("Left out for want of room: "));
    (!said.is_empty()).then(|| note.text(said).text("All of it: ").put(whole(heading)))
}

fn told<'a>(planned: &[Planned<'a>], how: Told) -> Vec<&'a Change> {
    let changes = planned.iter().flat_map(|one| &one.changes);
    changes.filter(|(_, told)| *told == how).map(|(change, _)| *change).collect()
}

/// What is told in a line each; nothing if nothing is.
pub fn list(lines: Vec<Element>) -> Option<Element> {
    let label = format!("In short, for want of room: {}", lines.len());
    let list = |lines| el("ul").put_all(lines);
    let short = el("div").class("short").put(el("p").class("label").text(label));
    (!lines.is_empty()).then(|| short.put(list(lines)))
}

/// The groups of a class that are only counted.
pub fn groups(left: &[&Planned], heading: &Heading) -> Option<Element> {
    let changes = || left.iter().flat_map(|one| &one.one.group.changes);
    let text = format!(
        "Left out for want of room: {} with {} at {} ({}). All of them: ",
        counted(left.len(), "group"),
        counted(changes().count(), "change"),
        counted(places(changes()), "place"),
        by_class(changes()),
    );
    let note = el("p").class("left-out").text(text).put(whole(heading));
    (!left.is_empty()).then_some(note)
}

/// The changes of a group that are only counted.
pub fn changes(left: &[&Change]) -> Option<Element> {
    let number = counted(left.len(), "change");
    let classes = by_class(left.iter().copied());
    let text = format!("Left out for want of room: {number} ({classes}). ");
    let link = el("a").with("href", "#whole").text("All of them");
    (!left.is_empty()).then(|| el("p").class("left-out").text(text).put(link))
}
