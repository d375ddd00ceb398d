//! What a page starts with: what is compared, how dangerous it is, and where each group stands.

use super::element::{Element, el};
use super::group::id;
use super::plan::{Planned, Shape};
use super::{WIDEST, badge, shortened, whole};
use crate::diff::acknowledge::{Acknowledgement, Judged, JudgedGroup};
use crate::diff::group::{Group, Review};
use crate::model::Word as _;
use crate::report::diff::extent::Extent;
use crate::report::diff::text::{one_line, visible};
use crate::report::diff::words::{at, cause, counted};
use crate::report::diff::{Heading, classes, meaning, standing};

/// Acknowledgements of what is not there that are told each; more are counted.
const UNUSED: usize = 20;

/// The top of the page.
pub fn header(judged: &Judged, planned: &[Planned], heading: &Heading) -> Element {
    let review = judged.review;
    let side = |name: &str| el("code").text(one_line(name, WIDEST));
    let title = el("h1")
        .text("What changes from ")
        .put(side(&heading.before))
        .text(" to ")
        .put(side(&heading.after));
    let header = el("header").put(title);
    if review.groups.is_empty() {
        let header = header.put(el("p").class("extent").text("Nothing changes."));
        return header.put_all(unused(judged));
    }
    let extent = Extent::of(review).sentence(heading);
    let tally = standing::tally(judged).map(|tally| el("p").class("tally").text(tally));
    header
        .put(el("p").class("extent").text(extent))
        .put_all(tally)
        .put_all(shortened::summary(planned, heading))
        .put(counts(review))
        .put_all(unused(judged))
}

/// What is acknowledged and not there.
fn unused(judged: &Judged) -> Option<Element> {
    let item = |one: &&Acknowledgement| {
        let said = format!(" {}: ", standing::unused(one));
        let item = el("li").put(el("code").text(visible(one.change.value.as_str()))).text(said);
        item.put(el("code").text(one_line(one.why.value.as_str(), usize::MAX)))
    };
    let more = judged.unused.len().saturating_sub(UNUSED);
    let more = (more > 0)
        .then(|| el("li").text(format!("and {}", counted(more, "more such acknowledgement"))));
    let items = judged.unused.iter().take(UNUSED).map(item).chain(more);
    let list = el("ul").class("unused").put_all(items);
    (!judged.unused.is_empty()).then_some(list)
}

/// How many places each class has changes at.
fn counts(review: &Review) -> Element {
    let counts = review.counts();
    let row = |class| {
        let number = counts.get(&class).copied()?;
        let has_groups = review.groups.iter().any(|group| group.class == class);
        let name = if has_groups {
            el("a").with("href", format!("#class-{class}")).put(badge(class))
        } else {
            // All of it stands beside something worse.
            badge(class)
        };
        Some(
            el("tr")
                .put(el("th").with("scope", "row").put(name))
                .put(el("td").class("number").text(number.to_string()))
                .put(el("td").text(meaning(class))),
        )
    };
    let column = |name: &str| el("th").with("scope", "col").text(name);
    let head = el("tr").put(column("Class")).put(column("Places")).put(column("What it is about"));
    el("table")
        .class("counts")
        .put(el("caption").text("Changed places by class, the worst first"))
        .put(el("thead").put(head))
        .put(el("tbody").put_all(classes().filter_map(row)))
}

/// A link to each group that is a block, and how many others there are; nothing if there are too few to get lost in.
pub fn contents(planned: &[Planned]) -> Option<Element> {
    let blocks: Vec<&Planned> = planned.iter().filter(|one| one.shape() == Shape::Block).collect();
    let title = el("h2").with("id", "contents").text("Groups of changes");
    let list = el("ol").put_all(blocks.iter().map(|one| item(&one.one)));
    let nav = el("nav").with("aria-labelledby", "contents").put(title).put(list);
    let nav = match planned.len() - blocks.len() {
        0 => nav,
        more => nav.put(el("p").text(format!("and {} in short", counted(more, "more group")))),
    };
    (planned.len() > 1).then_some(nav)
}

/// A link to a group.
pub fn item(JudgedGroup { group, standing }: &JudgedGroup) -> Element {
    let (place, title) = short_title(group);
    let link = el("a").with("href", format!("#{}", id(group))).put(badge(group.class)).gap();
    let link = match standing::said(*standing) {
        Some(said) => link.put(el("span").class("standing").text(said.short)).gap(),
        None => link,
    };
    let link = link.put(el("span").class("place").text(place)).gap();
    el("li").put(link.put(el("span").text(title)))
}

/// The place and the words of a group's first cause.
pub fn short_title(group: &Group) -> (String, String) {
    let Some((first, rest)) = group.causes.split_first() else {
        let changes = counted(group.changes.len(), "change");
        return (String::new(), format!("{changes} without a changed line as the cause"));
    };
    let more = match rest.len() {
        0 => String::new(),
        more => format!(" and {}", counted(more, "more line")),
    };
    (visible(&at(first)), format!("{}{more}", one_line(&cause(first), 90)))
}

/// The end of the page.
pub fn footer(heading: &Heading) -> Element {
    let text = "Long values and long lists of places are shortened where it says so. The whole difference: ";
    el("footer").put(el("p").with("id", "whole").text(text).put(whole(heading)))
}
