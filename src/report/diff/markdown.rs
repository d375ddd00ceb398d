//! A difference as the comment of a pull request.
//!
//! The worst comes first and is open, the rest is closed. It never gets longer than its [`Budget`]: first what is
//! least dangerous is only counted, then places are, then values are shortened. Nothing is ever cut within a block,
//! and whatever is left out is counted.

mod escape;
mod group;

use super::extent::Extent;
use super::text::{by_class, by_effect, places};
use super::words::counted;
use super::{Heading, is_dangerous, standing};
use crate::diff::acknowledge::{Acknowledgement, Judged, JudgedGroup};
use crate::diff::group::Review;
use crate::diff::risk::Class;
use crate::model::Word as _;
use escape::code;
use group::Detail;

/// The most bytes that a comment may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Budget(pub usize);

impl Budget {
    /// What GitHub takes as one comment, less a margin for what others add to it.
    ///
    /// The limit is 65,536 characters ("Body is too long"). No way of counting them gives more than the bytes of
    /// UTF-8 are.
    pub const COMMENT: Budget = Budget(65_000);
}

/// How much is told of each group, from all to the least.
const DETAILS: [Detail; 5] = [
    Detail { causes: 20, changes: usize::MAX, places: 10, lines: 60 },
    Detail { causes: 10, changes: usize::MAX, places: 3, lines: 60 },
    Detail { causes: 5, changes: 30, places: 1, lines: 12 },
    Detail { causes: 3, changes: 10, places: 1, lines: 4 },
    Detail { causes: 1, changes: 2, places: 1, lines: 0 },
];

/// The comment. If not even its first lines fit the budget it is one sentence, or empty.
pub fn markdown(judged: &Judged, heading: &Heading, budget: Budget) -> String {
    let groups: Vec<&JudgedGroup> =
        judged.groups.iter().filter(|one| one.group.class != Class::Noise).collect();
    let head = head(judged, heading);
    let end = end(judged, heading);
    let mut best = None;
    for detail in DETAILS {
        if let Some((text, left)) = fill(&head, &groups, detail, &end, budget) {
            let enough = !left.iter().any(|one| is_dangerous(one.group.class));
            best = Some(text);
            if enough {
                break;
            }
        }
    }
    let least =
        || Some(format!("{}\n", title(judged.review))).filter(|text| text.len() <= budget.0);
    best.or_else(least).unwrap_or_default()
}

/// As many groups as fit, and which of them are only counted; nothing if the first lines do not fit.
fn fill<'a, 'r>(
    head: &str,
    groups: &'a [&'r JudgedGroup<'r>],
    detail: Detail,
    end: &str,
    budget: Budget,
) -> Option<(String, &'a [&'r JudgedGroup<'r>])> {
    let mut text = head.to_owned();
    let mut left = groups;
    let mut tail = left_out(left) + end;
    if text.len() + tail.len() > budget.0 {
        return None;
    }
    while let Some((group, rest)) = left.split_first() {
        let block = group::block(group, detail);
        let after = left_out(rest) + end;
        if text.len() + block.len() + after.len() > budget.0 {
            break;
        }
        text.push_str(&block);
        (left, tail) = (rest, after);
    }
    Some((text + &tail, left))
}

fn title(review: &Review) -> String {
    match review.worst() {
        None => "### Nothing changes".to_owned(),
        Some(Class::Noise) => "### Nothing changes that has an effect".to_owned(),
        Some(class) => format!("### The worst of these changes is `{class}`"),
    }
}

/// What is compared, how many places each class has changes at, and how much of it is accepted.
fn head(judged: &Judged, heading: &Heading) -> String {
    let review = judged.review;
    let title = title(review);
    let sides = format!("{} → {}", code(&heading.before), code(&heading.after));
    if review.groups.is_empty() {
        return format!("{title}\n\n{sides}\n");
    }
    let count = |(class, number): (Class, usize)| {
        let strong = if is_dangerous(class) { "**" } else { "" };
        let about = if class == Class::Noise { " (no effect, not listed)" } else { "" };
        format!("{strong}{number} {class}{strong}{about}")
    };
    let counts: Vec<String> = review.counts().into_iter().map(count).collect();
    let extent = Extent::of(review).sentence(heading);
    let accepted = standing::tally(judged).map(|tally| format!("{tally}\n\n")).unwrap_or_default();
    format!("{title}\n\n{sides}: {extent}\n\n{}\n\n{accepted}", counts.join(" · "))
}

/// What is only counted.
fn left_out(left: &[&JudgedGroup]) -> String {
    if left.is_empty() {
        return String::new();
    }
    let changes = || left.iter().flat_map(|one| by_effect(one.group).0);
    format!(
        "**Left out for want of room:** {} at {} in {} ({}).\n\n",
        counted(changes().count(), "change"),
        counted(places(changes()), "place"),
        counted(left.len(), "group"),
        by_class(changes()),
    )
}

/// Acknowledgements that are told each; more are counted.
const UNUSED: usize = 5;

/// What is acknowledged and not there, and where the whole difference is.
fn end(judged: &Judged, heading: &Heading) -> String {
    let unused = |one: &&Acknowledgement| {
        let (change, why) = (one.change.value.as_str(), one.why.value.as_str());
        format!("- {} {}: {}", code(change), standing::unused(one), code(why))
    };
    let more = judged.unused.len().saturating_sub(UNUSED);
    let more = (more > 0).then(|| format!("- and {}", counted(more, "more such acknowledgement")));
    let lines: Vec<String> = judged.unused.iter().take(UNUSED).map(unused).chain(more).collect();
    let lines = if lines.is_empty() { String::new() } else { lines.join("\n") + "\n\n" };
    format!("{lines}The whole difference: {}\n", code(&heading.whole))
}
