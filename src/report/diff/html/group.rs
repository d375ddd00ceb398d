//! A group of changes on a page.

use super::element::{Element, el};
use super::{Caps, badge, places, reasons, value};
use crate::diff::acknowledge::JudgedGroup;
use crate::diff::cause::LineEdit;
use crate::diff::group::{Change, Group};
use crate::diff::review::Risk;
use crate::report::diff::is_dangerous;
use crate::report::diff::standing::{Said, said};
use crate::report::diff::text::{Turn, by_effect, one_line, places as count, visible};
use crate::report::diff::words::{at, counted};

/// Characters of a title.
const WIDEST: usize = 200;

/// The group; open if it is dangerous.
pub fn group(JudgedGroup { group, standing }: &JudgedGroup, caps: Caps) -> Element {
    let said = said(*standing);
    let said = said.as_ref();
    let id = format!("group-{}", group.id);
    let details =
        el("details").class("group").with("id", id).with("data-class", group.class.as_str());
    let details = if is_dangerous(group.class) { details.with("open", "") } else { details };
    let (changes, noise) = by_effect(group);
    let shown = changes.iter().map(|one| change(one, said, caps));
    details
        .put(title(group, said))
        .put_all(said.map(acknowledged))
        .put_all(causes(group, caps))
        .put_all(shown)
        .put_all(without_effect(&noise, said, caps))
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
            let line = line.put(turn(first));
            match rest.len() {
                0 => line,
                more => line.gap().put(
                    el("span").class("and").text(format!("and {}", counted(more, "more line"))),
                ),
            }
        }
    };
    let changes = counted(group.changes.len(), "change");
    let everywhere = counted(count(&group.changes), "place");
    let extent = el("span")
        .class("extent")
        .text(format!("{changes} at {everywhere} · "))
        .put(el("code").with("title", "the name of these changes").text(group.id.clone()));
    el("summary").put(heading).gap().put(extent)
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

/// A changed line in the text of a title.
fn turn(edit: &LineEdit) -> Element {
    let gone = |text: &str| el("del").text(one_line(text, WIDEST));
    let new = |text: &str| el("ins").text(one_line(text, WIDEST));
    let line = el("span").class("turn");
    match Turn::of_line(edit) {
        Turn::Added(after) => line.text("added ").put(new(after)),
        Turn::Removed(before) => line.text("removed ").put(gone(before)),
        Turn::Replaced(before, after) => line.put(gone(before)).text(" → ").put(new(after)),
        Turn::Moved => line.text("moved"),
    }
}

/// The changed lines, if the title does not tell them all.
fn causes(group: &Group, caps: Caps) -> Option<Element> {
    let line = |edit: &LineEdit| {
        el("li").put(el("code").class("place").text(visible(&at(edit)))).text(" ").put(turn(edit))
    };
    let more = group.causes.len().saturating_sub(caps.causes);
    let more = (more > 0).then(|| el("li").text(format!("and {}", counted(more, "more line"))));
    let lines = group.causes.iter().take(caps.causes).map(line).chain(more);
    let list = el("div")
        .class("causes")
        .put(el("p").class("label").text("Because of"))
        .put(el("ul").put_all(lines));
    (group.causes.len() > 1).then_some(list)
}

/// A change: where, what, how dangerous, whether that is accepted, and why.
fn change(change: &Change, said: Option<&Said>, caps: Caps) -> Element {
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

/// Changes that nobody needs to look at.
fn without_effect(noise: &[&Change], said: Option<&Said>, caps: Caps) -> Option<Element> {
    let places = counted(count(noise.iter().copied()), "place");
    let title = el("summary").text(format!("{places} without an effect"));
    let changes = noise.iter().map(|one| change(one, said, caps));
    (!noise.is_empty()).then(|| el("details").class("quiet").put(title).put_all(changes))
}
