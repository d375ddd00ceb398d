//! Reviews full of texts that try to get out of where they are put.

use proptest::prelude::*;
use telemetree::diff::acknowledge::Acknowledgement;
use telemetree::diff::cause::{Line, LineEdit};
use telemetree::diff::group::{Change, Group, Review};
use telemetree::diff::review::{Risk, Spot};
use telemetree::diff::risk::Class;
use telemetree::explain::{Place, Reason, Replaced};
use telemetree::model::{ChangeId, Date, Why, Word};
use telemetree::origin::Sourced;
use telemetree::report::diff::Heading;

/// Stands in many of the texts; nothing of ours has it.
pub const MARK: char = '☠';

/// Pieces that mean something to Markdown, HTML, GitHub or the eye.
const PIECES: [&str; 30] = [
    "`",
    "``",
    "```",
    "````\n",
    "~~~",
    "\n\n",
    "\n",
    "\r",
    "\r\n```\r\n",
    "</details>",
    "<details>",
    "<script>alert(1)</script>",
    "<!--",
    "-->",
    "</code></summary>",
    "]]>",
    "&lt;",
    "\"'>",
    "@octocat☠",
    "☠",
    "#1",
    "![x](https://example.com/☠)",
    "|",
    "**☠**",
    "    ",
    "\u{202e}☠",
    "\u{200b}",
    "\0",
    "https://example.com",
    ":tada:",
];

pub fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => prop::sample::select(&PIECES[..]).prop_map(str::to_owned),
        2 => "[a-z: ]{1,12}",
        1 => any::<char>().prop_map(String::from),
    ];
    prop_oneof![
        9 => prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat()),
        1 => (prop::sample::select(&PIECES[..]), 1..600_usize)
            .prop_map(|(piece, times)| piece.repeat(times)),
    ]
}

fn line() -> impl Strategy<Value = Option<Line>> {
    prop::option::of((1..9_999_usize, text()).prop_map(|(number, text)| Line { number, text }))
}

fn cause() -> impl Strategy<Value = LineEdit> {
    (text(), line(), line()).prop_map(|(file, before, after)| LineEdit { file, before, after })
}

fn spot() -> impl Strategy<Value = Spot> {
    let object = || prop::option::of(text());
    (text(), text(), text(), object(), text(), object()).prop_map(
        |(workload, cluster, file, object, place, chart)| Spot {
            workload,
            cluster,
            file,
            object,
            place,
            chart,
        },
    )
}

fn reason() -> impl Strategy<Value = Reason> {
    let kind =
        prop::sample::select(&["spec", "fleet", "overlay", "rule", "default", "structure"][..]);
    let place = (text(), 1..99_usize, 1..99_usize).prop_map(|(file, line, column)| Place {
        file,
        line,
        column,
    });
    let one = (kind, text(), prop::option::of(place), prop::option::of(text()));
    let leaf = one.prop_map(|(kind, text, place, overlay)| Reason {
        kind,
        text,
        place,
        overlay,
        replaced: None,
        from: Vec::new(),
    });
    let leaf = leaf.boxed();
    leaf.clone().prop_recursive(20, 24, 2, move |inner| {
        let replaced = prop::option::of((text(), inner.clone()));
        (leaf.clone(), prop::collection::vec(inner, 0..3), replaced).prop_map(
            |(reason, from, replaced)| {
                let replaced = replaced.map(|(value, reason)| Box::new(Replaced { value, reason }));
                Reason { from, replaced, ..reason }
            },
        )
    })
}

fn class() -> impl Strategy<Value = Class> {
    prop::sample::select(
        &[
            Class::DataLoss,
            Class::Immutable,
            Class::Exposure,
            Class::Privilege,
            Class::TelemetryLoss,
            Class::Restart,
            Class::Config,
            Class::Noise,
        ][..],
    )
}

fn change() -> impl Strategy<Value = Change> {
    let spots = prop::collection::vec(spot(), 1..6);
    let classes = prop::collection::btree_set(class(), 1..4);
    let values = (prop::option::of(text()), prop::option::of(text()));
    let reasons = (prop::option::of(reason()), prop::option::of(reason()));
    (values, classes, spots, reasons).prop_map(|((before, after), classes, spots, reasons)| {
        Change {
            before,
            after,
            risks: classes.into_iter().map(|class| Risk { class, why: "it is so" }).collect(),
            consequence: "nothing happens",
            spots,
            why_before: reasons.0,
            why_after: reasons.1,
        }
    })
}

fn group() -> impl Strategy<Value = Group> {
    let causes = prop::collection::vec(cause(), 0..4);
    let changes = prop::collection::vec(change(), 1..6);
    ("[0-9a-f]{12}", causes, changes).prop_map(|(id, causes, mut changes)| {
        changes.sort_by_key(Change::class);
        Group { id, class: changes[0].class(), causes, changes }
    })
}

/// A review, its groups in order.
pub fn review() -> impl Strategy<Value = Review> {
    prop::collection::vec(group(), 0..8).prop_map(|mut groups| {
        groups.sort_by_key(|group| group.class);
        Review { groups }
    })
}

/// A word with rules.
pub fn word<W: Word>(text: &str) -> Sourced<W> {
    let word = W::parse(text).unwrap_or_else(|| panic!("`{text}` is {}", W::RULE));
    Sourced::default(word, "a test says so")
}

/// An acknowledgement of a change. Its reason is of whatever can stand in one.
fn acknowledgement() -> impl Strategy<Value = Acknowledgement> {
    let until = prop::sample::select(&["2026-11-26", "2026-11-27", "2028-01-31"][..]);
    ("[0-9a-f]{12}", class(), text(), until).prop_map(|(change, class, why, until)| {
        let why: String = why.chars().filter(|c| *c != '\n').take(480).collect();
        Acknowledgement {
            change: word::<ChangeId>(&change),
            class: Sourced::default(class, "a test says so"),
            why: word::<Why>(&format!("because it is {why}.")),
            until: word::<Date>(until),
        }
    })
}

/// A review, and acknowledgements of some of its changes and of others.
pub fn acknowledged() -> impl Strategy<Value = (Review, Vec<Acknowledgement>)> {
    let all = prop::collection::vec((acknowledgement(), prop::option::of(0..8_usize)), 0..12);
    (review(), all).prop_map(|(review, all)| {
        let named = |(one, at): (Acknowledgement, Option<usize>)| {
            let group = at.and_then(|at| review.groups.get(at));
            let change = group.map_or(one.change.clone(), |group| word(&group.id));
            Acknowledgement { change, ..one }
        };
        let all = all.into_iter().map(named).collect();
        (review, all)
    })
}

/// What is said about it.
pub fn heading() -> impl Strategy<Value = Heading> {
    (text(), text(), 0..99_usize, text()).prop_map(|(before, after, compared, whole)| Heading {
        before,
        after,
        compared,
        whole,
    })
}
