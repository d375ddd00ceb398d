//! A difference as a page: one file that asks nobody for anything, and needs no script.
//!
//! A policy in the page forbids every request, and every style and script but its own. What the script adds is
//! convenience: showing some classes only, opening all, and keys that go from group to group.

mod element;
mod group;
mod hash;
mod places;
mod plan;
mod reasons;
mod shortened;
mod summary;
mod value;

use super::{Heading, classes};
use crate::diff::acknowledge::Judged;
use crate::diff::risk::Class;
use element::{Element, el};
use plan::{Planned, Shape, plan};

const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

/// The most bytes that a page has: more takes long to load, and nobody reads it.
const MOST: usize = 1_000_000;
/// Characters of a side's name, or of the command.
const WIDEST: usize = 1_000;

/// The page, of at most a million bytes. Where there is no room for all of it, the mildest changes are told in a line
/// each, or counted; it says which, how many, and where they are.
pub fn html(judged: &Judged, heading: &Heading) -> String {
    // What is said of what is left out takes room, too; how much is known when it is written.
    let mut room = MOST.saturating_sub(page(judged, &plan(judged, 0), heading).len());
    loop {
        let page = page(judged, &plan(judged, room), heading);
        let over = page.len().saturating_sub(MOST);
        if over == 0 || room == 0 {
            return page;
        }
        room = room.saturating_sub(over);
    }
}

fn page(judged: &Judged, planned: &[Planned], heading: &Heading) -> String {
    let body = body(judged, planned, heading);
    let page = el("html").with("lang", "en").put(head(heading)).put(body);
    let mut text = "<!doctype html>".to_owned();
    page.write(&mut text);
    text.push('\n');
    text
}

fn head(heading: &Heading) -> Element {
    let policy = format!(
        "default-src 'none'; style-src '{}'; script-src '{}'; img-src data:; base-uri 'none'; form-action 'none'",
        hash::source(STYLE),
        hash::source(SCRIPT)
    );
    let meta = |name, content: &str| el("meta").with("name", name).with("content", content);
    let title = format!("{} → {}", heading.before, heading.after);
    el("head")
        .put(el("meta").with("charset", "utf-8"))
        .put(el("meta").with("http-equiv", "Content-Security-Policy").with("content", policy))
        .put(meta("viewport", "width=device-width, initial-scale=1"))
        .put(meta("color-scheme", "light dark"))
        .put(meta("referrer", "no-referrer"))
        .put(el("title").text(super::text::one_line(&title, WIDEST)))
        // Otherwise a browser asks the server of the page for a picture.
        .put(el("link").with("rel", "icon").with("href", "data:,"))
        .put(el("style").fixed(STYLE))
}

fn body(judged: &Judged, planned: &[Planned], heading: &Heading) -> Element {
    let sections = classes().filter_map(|class| section(class, planned, heading));
    let skip = el("a").class("skip").with("href", "#changes").text("Skip to the changes");
    let main = el("main").with("id", "changes").with("tabindex", "-1").put_all(sections);
    let body = el("body").put(skip).put(summary::header(judged, planned, heading));
    let body = match summary::contents(planned) {
        Some(contents) => body.put(el("div").class("columns").put(contents).put(main)),
        None => body.put(main),
    };
    body.put(summary::footer(heading)).put(el("script").fixed(SCRIPT))
}

/// The groups of a class: first those that are blocks, then those that are lines, and the number of the rest.
fn section(class: Class, planned: &[Planned], heading: &Heading) -> Option<Element> {
    let of = |shape: Shape| {
        planned.iter().filter(move |one| one.one.group.class == class && one.shape() == shape)
    };
    let (blocks, lines, counted) = (of(Shape::Block), of(Shape::Line), of(Shape::Counted));
    let id = format!("class-{class}");
    let title = el("h2").with("id", id.clone()).put(badge(class)).gap();
    let title = title.put(el("span").class("meaning").text(super::meaning(class)));
    let section = el("section").with("aria-labelledby", id).with("data-class", class.as_str());
    let has_groups = planned.iter().any(|one| one.one.group.class == class);
    has_groups.then(|| {
        section
            .put(title)
            .put_all(blocks.map(group::group))
            .put_all(shortened::list(lines.map(|one| group::in_short(&one.one)).collect()))
            .put_all(shortened::groups(&counted.collect::<Vec<_>>(), heading))
    })
}

/// The command that gives the whole difference.
fn whole(heading: &Heading) -> Element {
    el("code").text(super::text::one_line(&heading.whole, WIDEST))
}

/// The name of a class, which styles give a colour.
fn badge(class: Class) -> Element {
    el("span").class(format!("badge {class}")).text(class.as_str())
}
