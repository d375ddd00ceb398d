//! A group of changes on a page.

use super::element::{Element, el};
use super::plan::{Caps, Planned, Told};
use super::{badge, places, reasons, shortened, summary, value};
use crate::diff::acknowledge::JudgedGroup;
use crate::diff::cause::LineEdit;
use crate::diff::group::{Change, Group};
use crate::diff::review::Risk;
use crate::diff::risk::Class;
use crate::report::diff::is_dangerous;
use crate::report::diff::standing::{Said, said};
use crate::report::diff::text::{Turn, one_line, places as count, visible};
use crate::report::diff::words::{at, counted};

/// Characters of a title.
const WIDEST: usize = 200;
/// Characters of a value in a line.
const SHORT: usize = 60;
/// Changed lines of a group that are told; more are counted.
const CAUSES: usize = 50;

/// The group; open if it is dangerous.
pub fn group(planned: &Planned) -> Element {
    let JudgedGroup { group, standing } = planned.one;
    let said = said(standing);
    let said = said.as_ref();
    let details =
        el("details").class("group").with("id", id(group)).with("data-class", group.class.as_str());
    let details = if is_dangerous(group.class) { details.with("open", "") } else { details };
    let (noise, changes): (Vec<_>, Vec<_>) =
        planned.changes.iter().partition(|(change, _)| change.class() == Class::Noise);
    details
        .put(title(group, said))
        .put_all(said.map(acknowledged))
        .put_all(causes(group))
        .put_all(told(&changes, said))
        .put_all(without_effect(&noise, said))
}

/// The group in a line.
pub fn in_short(JudgedGroup { group, standing }: &JudgedGroup) -> Element {
    let (place, title) = summary::short_title(group);
    let line = el("li").with("id", id(group)).put(el("code").class("place").text(place)).gap();
    let line = match said(*standing) {
        Some(said) => line.put(short(&said)).gap(),
        None => line,
    };
    line.put(el("span").text(title)).gap().put(extent(group))
}

/// What a group is called in links.
pub fn id(group: &Group) -> String {
    format!("group-{}", group.id)
}

/// Changes as they are told: whole, in a line, or counted.
fn told(changes: &[&(&Change, Told)], said: Option<&Said>) -> Vec<Element> {
    let (mut all, mut lines, mut left) = (Vec::new(), Vec::new(), Vec::new());
    for (one, told) in changes {
        match told {
            Told::Whole(caps) => all.push(change(one, said, *caps)),
            Told::Line => lines.push(change_in_short(one)),
            Told::Counted => left.push(*one),
        }
    }
    all.extend(shortened::list(lines));
    all.extend(shortened::changes(&left));
    all
}

fn title(group: &Group, said: Option<&Said>) -> Element {
    let heading = el("h3").put(badge(group.class)).gap();
    let heading = match said {
        Some(said) => heading.put(short(said)).gap(),
        None => heading,
    };
    let heading = match group.causes.as_slice() {
        [] => heading.put(el("span").text("Not caused by a changed line")),
        [first, rest @ ..] => {
            let line = heading.put(el("code").class("place").text(visible(&at(first)))).gap();
            let line = line.put(turn(Turn::of_line(first), WIDEST));
            match rest.len() {
                0 => line,
                more => line.gap().put(
                    el("span").class("and").text(format!("and {}", counted(more, "more line"))),
                ),
            }
        }
    };
    el("summary").put(heading).gap().put(extent(group))
}

/// How much a group changes, and its name.
fn extent(group: &Group) -> Element {
    let changes = counted(group.changes.len(), "change");
    let everywhere = counted(count(&group.changes), "place");
    el("span")
        .class("extent")
        .text(format!("{changes} at {everywhere} · "))
        .put(el("code").with("title", "the name of these changes").text(group.id.clone()))
}

/// Whether it is accepted, in a few words.
fn short(said: &Said) -> Element {
    el("strong").class("standing").text(said.short.clone())
}

/// What somebody has said of the group, and why.
fn acknowledged(said: &Said) -> Element {
    let line = el("p").class("acknowledged").text(format!("{}. ", said.sentence));
    line.put(el("code").text(one_line(said.why, usize::MAX)))
}

/// What happens to a text, in at most so many characters of each side.
fn turn(turn: Turn, widest: usize) -> Element {
    let gone = |text: &str| el("del").text(one_line(text, widest));
    let new = |text: &str| el("ins").text(one_line(text, widest));
    let line = el("span").class("turn");
    match turn {
        Turn::Added(after) => line.text("added ").put(new(after)),
        Turn::Removed(before) => line.text("removed ").put(gone(before)),
        Turn::Replaced(before, after) => line.put(gone(before)).text(" → ").put(new(after)),
        Turn::Moved => line.text("moved"),
    }
}

/// The changed lines, if the title does not tell them all.
fn causes(group: &Group) -> Option<Element> {
    let line = |edit: &LineEdit| {
        let place = el("code").class("place").text(visible(&at(edit)));
        el("li").put(place).text(" ").put(turn(Turn::of_line(edit), WIDEST))
    };
    let more = group.causes.len().saturating_sub(CAUSES);
    let more = (more > 0).then(|| el("li").text(format!("and {}", counted(more, "more line"))));
    let lines = group.causes.iter().take(CAUSES).map(line).chain(more);
    let list = el("div")
        .class("causes")
        .put(el("p").class("label").text("Because of"))
        .put(el("ul").put_all(lines));
    (group.causes.len() > 1).then_some(list)
}

/// A change: where, what, how dangerous, whether that is accepted, and why.
pub fn change(change: &Change, said: Option<&Said>, caps: Caps) -> Element {
    let risk = |Risk { class, why }: &Risk| {
        el("li").put(badge(*class)).gap().put(el("span").text(visible(why)))
    };
    let then = el("li").class("then").put(el("span").text(change.consequence));
    let accepted = said.map(|said| el("li").put(short(said)));
    let risks = el("ul").class("risks").put_all(change.risks.iter().map(risk)).put(then);
    el("article")
        .class("change")
        .put_all(places::title(change))
        .put(value::value(Turn::of(change), caps))
        .put(risks.put_all(accepted))
        .put_all(places::all(change, caps))
        .put_all(reasons::reasons(change, caps))
}

/// A change in a line: its class, its first place, and its values.
pub fn change_in_short(change: &Change) -> Element {
    let line = el("li").put(badge(change.class())).gap();
    let line = places::first(line, change).gap().put(turn(Turn::of(change), SHORT));
    match change.spots.len().saturating_sub(1) {
        0 => line,
        more => line.text(format!(" and {}", counted(more, "more place"))),
    }
}

/// Changes that nobody needs to look at.
fn without_effect(noise: &[&(&Change, Told)], said: Option<&Said>) -> Option<Element> {
    let places = counted(count(noise.iter().map(|(change, _)| *change)), "place");
    let title = el("summary").text(format!("{places} without an effect"));
    let details = el("details").class("quiet").put(title);
    (!noise.is_empty()).then(|| details.put_all(told(noise, said)))
}
