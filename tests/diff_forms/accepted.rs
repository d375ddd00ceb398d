//! What every form says of changes that somebody has accepted.

use crate::hostile::word;
use crate::reviews::{DAY, everything, heading, judged};
use telemetree::diff::acknowledge::{Acknowledgement, Judged};
use telemetree::diff::group::Review;
use telemetree::diff::risk::Class;
use telemetree::origin::Sourced;
use telemetree::report::Colors;
use telemetree::report::diff::terminal::{Detail, Look, terminal};
use telemetree::report::diff::{Budget, html, json, markdown};

fn acknowledgement(change: &str, class: Class, why: &str, until: &str) -> Acknowledgement {
    Acknowledgement {
        change: word(change),
        class: Sourced::default(class, "a test says so"),
        why: word(why),
        until: word(until),
    }
}

/// Of the first groups one is accepted, one was, and one is as a milder class; one is not there.
pub fn some(review: &Review) -> Vec<Acknowledgement> {
    let id = |at: usize| review.groups[at].id.as_str();
    vec![
        acknowledgement(id(0), review.groups[0].class, "agreed with all the teams", "2026-12-31"),
        acknowledgement(id(1), Class::DataLoss, "the old disks are empty", "2026-11-26"),
        acknowledgement(id(2), Class::Noise, "looked like nothing at all", "2026-12-31"),
        acknowledgement("0123456789ab", Class::Restart, "from another time", "2026-12-31"),
    ]
}

/// The forms that show changes one by one, each with its name.
fn forms(judged: &Judged) -> Vec<(&'static str, String)> {
    let look = |detail| Look { width: usize::MAX, colors: Colors::Off, detail };
    vec![
        ("brief", terminal(judged, look(Detail::Brief))),
        ("full", terminal(judged, look(Detail::Full))),
        ("markdown", markdown(judged, &heading(), Budget::COMMENT)),
        ("html", html(judged, &heading())),
    ]
}

#[test]
fn every_form_says_what_is_accepted_by_which_reason_and_until_when() {
    let review = everything();
    let all = some(&review);
    for (name, text) in forms(&Judged::of(&review, &all, DAY)) {
        let position = |words: &str| text.find(words).unwrap_or_else(|| panic!("{name}: {words}"));
        let reasons =
            ["agreed with all the teams", "the old disks are empty", "looked like nothing at all"];
        assert!(reasons.map(position).is_sorted(), "{name}: each stands with its group");
        let _ = position("accepted until 2026-12-31");
        let _ = position("not accepted any more");
        let _ = position("not accepted, only noise was");
        let unused = position("is not among these changes");
        assert!(text[unused.saturating_sub(200)..].contains("0123456789ab"), "{name}");
    }
    for (name, text) in forms(&judged(&review)) {
        let quiet = !text.contains("acknowledged as") && !text.contains("accepted until");
        assert!(quiet, "{name}: nobody has accepted anything");
    }
}

#[test]
fn what_is_accepted_is_shown_like_what_is_not() {
    let review = everything();
    let all = some(&review);
    let known = Judged::of(&review, &all, DAY);
    for ((name, with), (_, without)) in forms(&known).into_iter().zip(forms(&judged(&review))) {
        let changes = review.groups.iter().flat_map(|group| &group.changes);
        for change in changes {
            for words in change.risks.iter().map(|risk| risk.why).chain([change.consequence]) {
                let times = |text: &str| text.matches(words).count();
                assert_eq!(times(&with), times(&without), "{name}: {words}");
            }
        }
    }
}

#[test]
fn a_day_and_a_class_decide_what_is_accepted() {
    let review = everything();
    let (id, class) = (&review.groups[0].id, review.groups[0].class);
    let standing = |all: &[Acknowledgement], day: &str| {
        let known = Judged::of(&review, all, day);
        let document: serde_json::Value = serde_json::from_str(&json(&known, &heading())).unwrap();
        let standing = document.pointer("/groups/0/standing").and_then(|word| word.as_str());
        standing.unwrap().to_owned()
    };
    let until = |class, day| acknowledgement(id, class, "agreed with the team", day);
    assert_eq!(standing(&[], DAY), "open");
    assert_eq!(standing(&[until(class, "2026-11-27")], "2026-11-27"), "accepted");
    assert_eq!(standing(&[until(class, "2026-11-27")], "2026-11-28"), "ended");
    assert_eq!(standing(&[until(Class::Config, "2026-11-27")], "2026-11-27"), "milder");
    let renewed = [until(class, "2026-01-31"), until(class, "2026-12-31")];
    assert_eq!(standing(&renewed, DAY), "accepted", "any that accepts it is enough");
}

#[test]
fn the_first_lines_count_what_is_accepted() {
    let review = everything();
    let all = some(&review);
    let known = Judged::of(&review, &all, DAY);
    let groups = review.groups.len();
    let tally = format!("1 of {groups} groups accepted, 1 not any more, 1 only as a milder class");
    for text in [markdown(&known, &heading(), Budget::COMMENT), html(&known, &heading())] {
        assert!(text.contains(&tally), "{text}");
    }
    let short = markdown(&known, &heading(), Budget(4_000));
    assert!(short.len() <= 4_000 && short.contains(&tally), "{short}");
}

#[test]
fn a_script_finds_an_acknowledgement_at_its_group() {
    let review = everything();
    let all = some(&review);
    let document: serde_json::Value =
        serde_json::from_str(&json(&Judged::of(&review, &all, DAY), &heading())).unwrap();
    let first = &document["groups"][0];
    let expected = serde_json::json!({
        "change": first["id"],
        "class": first["class"],
        "why": "agreed with all the teams",
        "until": "2026-12-31",
    });
    assert_eq!((&first["standing"], &first["acknowledgement"]), (&"accepted".into(), &expected));
    assert_eq!(document["unusedAcknowledgements"][0]["change"], "0123456789ab");
    assert_eq!(document["groups"][3]["acknowledgement"], serde_json::Value::Null);
}

#[test]
fn an_accepted_change_reads_well() {
    let review = crate::reviews::retention();
    let id = &review.groups[0].id;
    let all = [
        acknowledgement(id, Class::DataLoss, "what is older was exported", "2026-12-31"),
        acknowledgement("0123456789ab", Class::Restart, "from another time", "2026-12-31"),
    ];
    let known = Judged::of(&review, &all, DAY);
    let look = Look { width: 120, colors: Colors::Off, detail: Detail::Brief };
    insta::assert_snapshot!("accepted-terminal", terminal(&known, look));
    insta::assert_snapshot!("accepted-comment", markdown(&known, &heading(), Budget::COMMENT));
}
