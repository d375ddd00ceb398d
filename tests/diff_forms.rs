//! The forms of a difference: nothing is lost, nothing breaks out, nothing is too long.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::format_collect,
    clippy::wildcard_enum_match_arm,
    reason = "tests look at the world and fail by panicking"
)]

#[path = "diff_forms/accepted.rs"]
mod accepted;
#[path = "diff_forms/budget.rs"]
mod budget;
#[path = "diff_forms/comment.rs"]
mod comment;
#[path = "diff_forms/hostile.rs"]
mod hostile;
#[path = "diff_forms/page.rs"]
mod page;
#[path = "diff_forms/reviews.rs"]
mod reviews;
#[path = "diff_forms/scripts.rs"]
mod scripts;
mod support;

use telemetree::diff::acknowledge::Judged;
use telemetree::report::diff::{Budget, html, json, markdown};

/// For whoever wants to look at them: `TELEMETREE_FORMS=folder cargo test --test diff_forms`.
#[test]
fn every_review_has_every_form() {
    let folder = std::env::var_os("TELEMETREE_FORMS").map(std::path::PathBuf::from);
    let large = [("mixture", budget::mixture()), ("one-line", budget::one_line())];
    for (name, review) in reviews::all().into_iter().chain(large) {
        let all = if name == "everything" { accepted::some(&review) } else { Vec::new() };
        let judged = Judged::of(&review, &all, reviews::DAY);
        let heading = reviews::heading();
        let forms = [
            ("html", html(&judged, &heading)),
            ("md", markdown(&judged, &heading, Budget::COMMENT)),
            ("json", json(&judged, &heading)),
        ];
        for (end, text) in forms {
            assert!(text.len() > 100, "{name}.{end}");
            if let Some(folder) = &folder {
                std::fs::write(folder.join(format!("{name}.{end}")), text).unwrap();
            }
        }
    }
}
