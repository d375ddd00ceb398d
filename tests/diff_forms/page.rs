//! The page: what is in it, how large it is, that nothing breaks out of it, and that it asks nobody.

use crate::reviews::{DAY, judged};
use crate::{hostile, reviews};
use html5gum::emitters::default::DefaultEmitter;
use html5gum::{Token, Tokenizer};
use proptest::prelude::*;
use std::collections::BTreeMap;
use telemetree::diff::acknowledge::Judged;
use telemetree::report::diff::{html, json};

/// An element's start: its name and attributes.
pub type Start = (String, BTreeMap<String, String>);

/// The elements of a page, and its text without style and script. Every element is closed in order.
pub fn read(page: &str) -> (Vec<Start>, String) {
    const TAGS: [&str; 45] = [
        "html", "head", "meta", "link", "title", "style", "body", "header", "footer", "main",
        "nav", "section", "article", "details", "summary", "h1", "h2", "h3", "h4", "p", "ul", "ol",
        "li", "table", "caption", "thead", "tbody", "tr", "th", "td", "div", "a", "b", "code",
        "del", "ins", "mark", "span", "strong", "wbr", "script", "input", "label", "button",
        "fieldset",
    ];
    const ATTRIBUTES: [&str; 16] = [
        "lang",
        "charset",
        "http-equiv",
        "content",
        "name",
        "rel",
        "href",
        "class",
        "id",
        "open",
        "scope",
        "title",
        "role",
        "tabindex",
        "data-class",
        "aria-label",
    ];
    let (mut starts, mut text, mut open) = (Vec::new(), String::new(), Vec::new());
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    for token in Tokenizer::new_with_emitter(page, emitter) {
        match token.unwrap() {
            Token::StartTag(tag) => {
                let name = string(&tag.name);
                assert!(TAGS.contains(&name.as_str()), "<{name}>");
                let attributes: BTreeMap<String, String> = tag
                    .attributes
                    .iter()
                    .map(|(key, value)| (string(key), string(value)))
                    .collect();
                for key in attributes.keys() {
                    let ours = key.starts_with("aria-") || ATTRIBUTES.contains(&key.as_str());
                    assert!(ours, "<{name} {key}>");
                }
                if !["meta", "link", "wbr", "input"].contains(&name.as_str()) {
                    open.push(name.clone());
                }
                starts.push((name, attributes));
            }
            Token::EndTag(tag) => assert_eq!(open.pop(), Some(string(&tag.name))),
            Token::String(words) => {
                let inside = open.last().map(String::as_str);
                if !matches!(inside, Some("style" | "script")) {
                    text += &string(&words);
                }
            }
            Token::Comment(comment) => panic!("a comment: {comment:?}"),
            Token::Error(error) => panic!("{error:?}"),
            Token::Doctype(_) => {}
        }
    }
    assert!(open.is_empty(), "{open:?} is open");
    (starts, text)
}

fn string(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn nothing_opens_an_element_or_hides(
        (review, all) in hostile::acknowledged(),
        heading in hostile::heading(),
    ) {
        let page = html(&Judged::of(&review, &all, DAY), &heading);
        let (starts, text) = read(&page);
        prop_assert_eq!(starts.iter().filter(|(name, _)| name == "script").count(), 1);
        let hides = text.contains(['\u{202e}', '\u{200b}', '\0', '\r']);
        prop_assert!(!hides, "{text:?}");
        asks_nobody(&starts);
    }
}

fn asks_nobody(starts: &[Start]) {
    for (name, attributes) in starts {
        for (key, value) in attributes {
            match key.as_str() {
                "href" if name == "link" => assert_eq!(value, "data:,"),
                "href" => assert!(value.starts_with('#'), "{value}"),
                "src" | "style" | "action" => panic!("<{name} {key}>"),
                key => assert!(!key.starts_with("on"), "<{name} {key}>"),
            }
        }
    }
}

#[test]
fn every_page_can_be_walked_by_links_and_headings() {
    for (name, review) in reviews::all() {
        let (starts, _) = read(&html(&judged(&review), &reviews::heading()));
        let ids: Vec<&String> = starts.iter().filter_map(|(_, all)| all.get("id")).collect();
        let mut once = ids.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), ids.len(), "{name}: an id is there twice");
        let named = |(_, all): &Start| {
            let link = all.get("href").and_then(|link| link.strip_prefix('#'));
            link.or(all.get("aria-labelledby").map(String::as_str)).map(str::to_owned)
        };
        for target in starts.iter().filter_map(named) {
            assert!(ids.contains(&&target), "{name}: nothing is called {target}");
        }
        let levels: Vec<u32> =
            starts.iter().filter_map(|(tag, _)| tag.strip_prefix('h')?.parse().ok()).collect();
        assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1, "{name}");
        assert!(levels.windows(2).all(|two| two[1] <= two[0] + 1), "{name}: {levels:?}");
        for landmark in ["header", "main", "footer"] {
            assert_eq!(starts.iter().filter(|(tag, _)| tag == landmark).count(), 1, "{name}");
        }
    }
}

#[test]
fn a_page_over_a_hundred_files_is_small_and_always_the_same() {
    let (review, heading) = (reviews::everything(), reviews::heading());
    let document: serde_json::Value =
        serde_json::from_str(&json(&judged(&review), &heading)).unwrap();
    assert!(document["files"].as_u64().unwrap() > 100, "{}", document["files"]);
    let page = html(&judged(&review), &heading);
    assert!(page.len() < 1_000_000, "{} bytes", page.len());
    assert_eq!(page, html(&judged(&review), &heading));
}

#[test]
fn a_page_shows_every_place_and_names_the_words_that_differ() {
    let (_, text) = read(&html(&judged(&reviews::registry()), &reviews::heading()));
    for place in
        ["configReloader/image/registry", "gateway/nginx/image/registry", "crane-prod/20260301"]
    {
        assert!(text.contains(place), "{place}");
    }
    let page = html(&judged(&reviews::retention()), &reviews::heading());
    assert!(
        page.contains("<del><mark>400d</mark></del>")
            && page.contains("<ins><mark>30d</mark></ins>")
    );
}

/// The colours of a theme of the style sheet.
fn colors(css: &str) -> BTreeMap<&str, [f64; 3]> {
    let mut colors = BTreeMap::new();
    for line in css.lines() {
        let Some((name, value)) = line.trim().split_once(": #") else { continue };
        let hex = value.trim_end_matches(';');
        let part = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
        let _ = colors.insert(name, [0, 2, 4].map(|at| f64::from(part(at)) / 255.0));
    }
    colors
}

/// WCAG 2.2's contrast of two colours.
fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let luminance = |color: [f64; 3]| {
        let [red, green, blue] = color.map(|part| {
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    };
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn every_text_can_be_read_in_light_and_in_dark() {
    let css = std::fs::read_to_string(crate::support::root().join("src/report/diff/html/page.css"))
        .unwrap();
    let (light, rest) = css.split_once("@media (prefers-color-scheme: dark)").unwrap();
    let (dark, _) = rest.split_once("\n}\n\n").unwrap();
    let mut pairs = vec![
        ("--text", "--page"),
        ("--text", "--card"),
        ("--quiet", "--page"),
        ("--quiet", "--card"),
        ("--quiet", "--empty"),
        ("--link", "--page"),
        ("--gone-text", "--gone"),
        ("--gone-text", "--gone-word"),
        ("--new-text", "--new"),
        ("--new-text", "--new-word"),
        ("--focus", "--page"),
        ("--focus", "--card"),
    ];
    for class in [
        "data-loss",
        "immutable",
        "exposure",
        "privilege",
        "telemetry-loss",
        "restart",
        "config",
        "noise",
    ] {
        pairs.push(("--on-badge", Box::leak(format!("--{class}").into_boxed_str())));
    }
    for (theme, css) in [("light", light), ("dark", dark)] {
        let colors = colors(css);
        for (text, ground) in &pairs {
            let contrast = contrast(colors[text], colors[ground]);
            assert!(contrast >= 4.5, "{theme}: {text} on {ground}: {contrast:.2}");
        }
    }
}

#[test]
fn a_page_reads_well() {
    let page = html(&judged(&reviews::retention()), &reviews::heading());
    let body = page.split_once("</head>").unwrap().1.split_once("<script>").unwrap().0;
    insta::assert_snapshot!("page-retention", body);
}
