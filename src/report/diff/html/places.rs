//! The places of a change on a page.

use super::element::{Element, el};
use super::plan::Caps;
use crate::diff::group::Change;
use crate::report::diff::places::{Cluster, Place, Shared, folded};
use crate::report::diff::text::visible;
use crate::report::diff::words::counted;

/// The first place as a heading, and the clusters below it.
pub fn title(change: &Change) -> Vec<Element> {
    let Some(spot) = change.spots.first() else { return Vec::new() };
    let shared = folded(&change.spots);
    let different: usize = shared.iter().map(|shared| shared.places.len()).sum();
    let heading = place(el("h4"), &Place::of(spot));
    let heading = match different {
        0 | 1 => heading,
        many => {
            let more = counted(many - 1, "more place");
            heading.gap().put(el("span").class("more").text(format!("and {more}")))
        }
    };
    let mut clusters: Vec<Cluster> = change.spots.iter().map(Cluster::of).collect();
    clusters.sort_unstable();
    clusters.dedup();
    let first = el("p").class("in").text("in ").put(code(&Cluster::of(spot).to_string()));
    let first = match clusters.len() {
        0 | 1 => first,
        many => first.text(format!(" and {}", counted(many - 1, "more cluster"))),
    };
    vec![heading, first]
}

/// The first place at the end of an element.
pub fn first(element: Element, change: &Change) -> Element {
    match change.spots.first() {
        Some(spot) => place(element, &Place::of(spot)),
        None => element,
    }
}

/// All places, if there is more than one.
pub fn all(change: &Change, caps: Caps) -> Option<Element> {
    let title = el("summary").text(counted(change.spots.len(), "place"));
    let mut details = el("details").class("places").put(title);
    let (mut room, mut left_out) = (caps.places, 0);
    for Shared { clusters, places } in folded(&change.spots) {
        let shown = places.len().min(room);
        room -= shown;
        left_out += places.len() - shown;
        if shown > 0 {
            let item = |one: &Place| place(el("li"), one);
            details = details
                .put(names(&clusters, caps))
                .put(el("ul").put_all(places.iter().take(shown).map(item)));
        }
    }
    if left_out > 0 {
        details = details.put(el("p").text(format!("And {}.", counted(left_out, "more place"))));
    }
    (change.spots.len() > 1).then_some(details)
}

/// Clusters as a sentence.
fn names(clusters: &[Cluster], caps: Caps) -> Element {
    let mut line = el("p").class("in").text("In ");
    for (at, cluster) in clusters.iter().take(caps.places).enumerate() {
        line = if at > 0 { line.text(", ") } else { line };
        line = line.put(code(&cluster.to_string()));
    }
    match clusters.len().saturating_sub(caps.places) {
        0 => line,
        more => line.text(format!(" and {}", counted(more, "more cluster"))),
    }
}

/// A file, the object in it, and the place in the file, of which the last part matters most.
fn place(element: Element, place: &Place) -> Element {
    let Place { file, object, pointer, chart } = place;
    if file.is_empty() {
        return element.put(el("span").text("The whole tree"));
    }
    let named = |element: Element, name: &str| {
        element.put(el("span").class("object").text(visible(name))).gap()
    };
    let element = match (chart, object) {
        (Some(chart), _) => named(element.text("the chart "), chart),
        (None, Some(object)) => named(element.put(code(file).class("file")).gap(), object),
        (None, None) => element.put(code(file).class("file")).gap(),
    };
    if chart.is_some() && pointer.is_empty() {
        return element;
    }
    let Some((way, last)) = pointer.rsplit_once('/') else {
        return element.put(el("span").class("pointer").text("the whole file"));
    };
    let path = way.split('/').skip(1).fold(el("code").class("pointer"), |path, step| {
        path.text(visible(step)).text("/").put(el("wbr"))
    });
    element.put(path.put(el("b").text(visible(last))))
}

fn code(text: &str) -> Element {
    el("code").text(visible(text))
}
