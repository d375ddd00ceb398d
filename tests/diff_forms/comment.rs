//! The comment of a pull request: what is in it, how long it is, and that nothing breaks out of it.

use crate::reviews::{DAY, judged};
use crate::{hostile, reviews};
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use telemetree::diff::acknowledge::Judged;
use telemetree::diff::group::Review;
use telemetree::report::diff::{Budget, markdown};

/// Checks that what others wrote stands in code, and that what is opened is closed.
fn check(text: &str) {
    let (mut in_block, mut depth) = (false, 0_i32);
    for event in Parser::new_ext(text, Options::all()) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => in_block = true,
            Event::End(TagEnd::CodeBlock) => in_block = false,
            Event::Text(words) if !in_block => {
                assert!(!words.contains(hostile::MARK), "`{words}` is no code in\n{text}");
            }
            Event::Html(html) => depth += lines(&html, text),
            Event::Start(Tag::Link { .. } | Tag::Image { .. }) | Event::InlineHtml(_) => {
                panic!("{event:?} in\n{text}");
            }
            _ => {}
        }
        assert!(depth >= 0, "closed before it is opened:\n{text}");
    }
    assert_eq!(depth, 0, "not closed:\n{text}");
    assert!(!in_block);
    assert!(!text.contains(['\u{202e}', '\u{200b}', '\0', '\r']), "{text:?}");
}

/// The lines of HTML must be ours. How many more of them open than close.
fn lines(html: &str, text: &str) -> i32 {
    let of = |line: &str| match line {
        "<details>" | "<details open>" => 1,
        "</details>" => -1,
        "" => 0,
        line => {
            let inner =
                line.strip_prefix("<summary>").and_then(|rest| rest.strip_suffix("</summary>"));
            let inner = inner.unwrap_or_else(|| panic!("`{line}` is not ours:\n{text}"));
            let mut outside = String::new();
            for (at, part) in inner.split("<code>").enumerate() {
                outside += if at == 0 { part } else { part.split_once("</code>").unwrap().1 };
            }
            assert!(!outside.contains(hostile::MARK), "{line}");
            let tags = ["<b>", "</b>", "<code>", "</code>"];
            let bare = tags.iter().fold(inner.to_owned(), |line, tag| line.replace(tag, ""));
            assert!(!bare.contains(['<', '>', '"', '\'']), "{line}");
            0
        }
    };
    html.lines().map(of).sum()
}

/// How many changes a comment shows, and how many it says that it leaves out.
fn told(text: &str) -> usize {
    let shown = text.lines().filter(|line| {
        let number = line.strip_prefix("**").and_then(|rest| rest.split_once(".** "));
        number.is_some_and(|(number, _)| number.parse::<usize>().is_ok())
    });
    let number = |line: &str, before: &str, after: &str| {
        let rest = line.strip_prefix(before)?;
        rest.split_once(after)?.0.parse::<usize>().ok()
    };
    let left_out = text.lines().filter_map(|line| {
        number(line, "And ", " more change:")
            .or_else(|| number(line, "And ", " more changes:"))
            .or_else(|| number(line, "**Left out for want of room:** ", " change"))
    });
    shown.count() + left_out.sum::<usize>()
}

/// How many changes with an effect there are in groups that a comment lists.
fn all(review: &Review) -> usize {
    use telemetree::diff::risk::Class;
    let changes = review.groups.iter().flat_map(|group| &group.changes);
    changes.filter(|change| change.class() != Class::Noise).count()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn no_comment_is_too_long_or_lets_anything_out(
        (review, all) in hostile::acknowledged(),
        heading in hostile::heading(),
        budget in prop_oneof![0..3_000_usize, 3_000..70_000_usize],
    ) {
        let text = markdown(&Judged::of(&review, &all, DAY), &heading, Budget(budget));
        prop_assert!(text.len() <= budget);
        check(&text);
    }
}

#[test]
fn whatever_a_comment_leaves_out_is_counted() {
    let (review, heading) = (reviews::everything(), reviews::heading());
    let mut sizes = std::collections::BTreeSet::new();
    for budget in (800..30_000).step_by(1_200) {
        let text = markdown(&judged(&review), &heading, Budget(budget));
        assert!(text.len() <= budget);
        check(&text);
        // The first budgets take no more than the first lines.
        if text.lines().count() > 1 {
            assert_eq!(told(&text), all(&review), "{text}");
        }
        let _ = sizes.insert(text.len());
    }
    assert!(sizes.len() > 5, "a larger budget tells more: {sizes:?}");
}

#[test]
fn the_least_dangerous_is_left_out_first() {
    let (review, heading) = (reviews::everything(), reviews::heading());
    let whole = markdown(&judged(&review), &heading, Budget::COMMENT);
    assert!(!whole.contains("Left out"));
    let text = markdown(&judged(&review), &heading, Budget(whole.len() - 1));
    let (shown, left) = text.split_once("**Left out for want of room:** ").unwrap();
    assert!(shown.contains("<b>telemetry-loss</b>") && left.contains("config)"), "{left}");
    assert!(!left.contains("loss") && !left.contains("privilege"), "{left}");
    let order: Vec<usize> = ["data-loss", "telemetry-loss", "restart", "config"]
        .map(|class| whole.find(&format!("<b>{class}</b>")).unwrap())
        .into();
    assert!(order.is_sorted(), "the worst comes first: {order:?}");
}

#[test]
fn danger_is_open_and_the_rest_is_closed() {
    let text = markdown(&judged(&reviews::everything()), &reviews::heading(), Budget::COMMENT);
    for block in text.split("<details").skip(1) {
        let safe = block.contains("<b>restart</b>") || block.contains("<b>config</b>");
        assert_eq!(safe, !block.starts_with(" open"), "{block}");
    }
}

#[test]
fn a_comment_reads_well() {
    let text = |review: Review| markdown(&judged(&review), &reviews::heading(), Budget::COMMENT);
    insta::assert_snapshot!("comment-retention", text(reviews::retention()));
    insta::assert_snapshot!("comment-registry", text(reviews::registry()));
    insta::assert_snapshot!("comment-alloy", text(reviews::alloy()));
    insta::assert_snapshot!("comment-texts", text(reviews::texts()));
    insta::assert_snapshot!("comment-nothing", text(Review::default()));
    let short = markdown(&judged(&reviews::everything()), &reviews::heading(), Budget(3_000));
    insta::assert_snapshot!("comment-short", short);
}
