//! A difference as a page: one file that asks nobody for anything, and needs no script.
//!
//! A policy in the page forbids every request, and every style and script but its own. What the script adds is
//! convenience: showing some classes only, opening all, and keys that go from group to group.

mod element;
mod group;
mod hash;
mod places;
mod reasons;
mod summary;
mod value;

use super::{Heading, classes};
use crate::diff::acknowledge::{Judged, JudgedGroup};
use crate::diff::risk::Class;
use element::{Element, el};

const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

/// The most bytes that a page should have: more takes long to load, and nobody reads it.
const MOST: usize = 1_000_000;

/// How much is shown of each change.
#[derive(Debug, Clone, Copy)]
struct Caps {
    /// Lines of a value that differ.
    lines: usize,
    /// Places, and clusters that share some.
    places: usize,
    /// Reasons of a value.
    reasons: usize,
    /// Changed lines that caused a group.
    causes: usize,
}

/// From what fits nearly always to the least.
const CAPS: [Caps; 4] = [
    Caps { lines: 400, places: 400, reasons: 200, causes: 100 },
    Caps { lines: 100, places: 100, reasons: 60, causes: 50 },
    Caps { lines: 24, places: 24, reasons: 20, causes: 20 },
    Caps { lines: 6, places: 6, reasons: 6, causes: 6 },
];

/// The page. Long values and lists are shortened until it has at most a million bytes; it says where, and how much
/// is left out. It shows every change, and may be larger if there are thousands.
pub fn html(judged: &Judged, heading: &Heading) -> String {
    let mut text = String::new();
    for caps in CAPS {
        text = page(judged, heading, caps);
        if text.len() <= MOST {
            break;
        }
    }
    text
}

fn page(judged: &Judged, heading: &Heading, caps: Caps) -> String {
    let page = el("html").with("lang", "en").put(head(heading)).put(body(judged, heading, caps));
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
        .put(el("title").text(super::text::visible(&title)))
        // Otherwise a browser asks the server of the page for a picture.
        .put(el("link").with("rel", "icon").with("href", "data:,"))
        .put(el("style").fixed(STYLE))
}

fn body(judged: &Judged, heading: &Heading, caps: Caps) -> Element {
    let sections = classes().filter_map(|class| section(class, judged, caps));
    let skip = el("a").class("skip").with("href", "#changes").text("Skip to the changes");
    let main = el("main").with("id", "changes").with("tabindex", "-1").put_all(sections);
    let body = el("body").put(skip).put(summary::header(judged, heading));
    let body = match summary::contents(judged) {
        Some(contents) => body.put(el("div").class("columns").put(contents).put(main)),
        None => body.put(main),
    };
    body.put(summary::footer(heading)).put(el("script").fixed(SCRIPT))
}

/// The groups of a class.
fn section(class: Class, judged: &Judged, caps: Caps) -> Option<Element> {
    let groups: Vec<&JudgedGroup> =
        judged.groups.iter().filter(|one| one.group.class == class).collect();
    if groups.is_empty() {
        return None;
    }
    let id = format!("class-{class}");
    let title = el("h2").with("id", id.clone()).put(badge(class)).gap();
    let title = title.put(el("span").class("meaning").text(super::meaning(class)));
    let section = el("section").with("aria-labelledby", id).put(title);
    Some(section.put_all(groups.into_iter().map(|group| group::group(group, caps))))
}

/// The name of a class, which styles give a colour.
fn badge(class: Class) -> Element {
    el("span").class(format!("badge {class}")).text(class.as_str())
}
