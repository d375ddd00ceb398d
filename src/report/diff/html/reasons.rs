//! Why the values of a change were there, and why they will be: what `telemetree explain` says of each.

use super::element::{Element, el};
use super::plan::Caps;
use crate::diff::group::Change;
use crate::explain::Reason;
use crate::report::diff::text::{one_line, visible};
use crate::report::diff::words::counted;

/// Characters of a reason's text.
const WIDEST: usize = 300;

/// Both chains; nothing if neither is known.
pub fn reasons(change: &Change, caps: Caps) -> Option<Element> {
    let sides = [("Why it was so", &change.why_before), ("Why it will be so", &change.why_after)];
    let side = |(title, reason): (&str, &Option<Reason>)| {
        let mut chain = Chain { room: caps.reasons, left_out: 0 };
        let item = chain.item(reason.as_ref()?)?;
        let side = el("div").put(el("p").class("label").text(title));
        let side = side.put(el("ul").class("chain").put(item));
        Some(match chain.left_out {
            0 => side,
            left => side.put(el("p").text(format!("And {}.", counted(left, "more reason")))),
        })
    };
    let sides: Vec<Element> = sides.into_iter().filter_map(side).collect();
    let details = el("details").class("reasons").put(el("summary").text("Why"));
    (!sides.is_empty()).then(|| details.put(el("div").class("sides").put_all(sides)))
}

/// A chain of reasons, of which only so many are shown.
struct Chain {
    room: usize,
    left_out: usize,
}

impl Chain {
    /// A reason and what it is made from.
    fn item(&mut self, reason: &Reason) -> Option<Element> {
        if self.room == 0 {
            self.left_out += 1 + made_from(reason);
            return None;
        }
        self.room -= 1;
        let replaced = reason.replaced.as_deref().and_then(|replaced| {
            let value = el("code").text(one_line(&replaced.value, WIDEST));
            let was = el("ul").put(self.item(&replaced.reason)?);
            Some(el("li").text("in place of ").put(value).put(was))
        });
        let from: Vec<Element> =
            reason.from.iter().filter_map(|reason| self.item(reason)).collect();
        let below: Vec<Element> = replaced.into_iter().chain(from).collect();
        let item = line(reason);
        Some(if below.is_empty() { item } else { item.put(el("ul").put_all(below)) })
    }
}

/// How many reasons are below one.
fn made_from(reason: &Reason) -> usize {
    let replaced = reason.replaced.iter().map(|replaced| &replaced.reason);
    replaced.chain(&reason.from).map(|reason| 1 + made_from(reason)).sum()
}

/// What a reason says.
fn line(reason: &Reason) -> Element {
    let kind = match &reason.overlay {
        Some(overlay) => format!("{} {overlay}", reason.kind),
        None => reason.kind.to_owned(),
    };
    let line = el("li").put(el("span").class("kind").text(visible(&kind))).gap();
    let text = one_line(&reason.text, WIDEST);
    match &reason.place {
        Some(place) => {
            let at = format!("{}:{}:{}", place.file, place.line, place.column);
            line.put(el("code").class("place").text(visible(&at))).gap().put(el("code").text(text))
        }
        None => line.text(text),
    }
}
