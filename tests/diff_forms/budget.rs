//! The page stays small, whatever changes; and says what it leaves out.

use crate::page::{Start, read};
use crate::reviews::{heading, judged, large, many, many_of_one};
use std::collections::BTreeMap;
use telemetree::diff::group::Review;
use telemetree::diff::risk::Class;
use telemetree::report::diff::html;

const MOST: usize = 1_000_000;
const ALL: [Class; 8] = [
    Class::DataLoss,
    Class::Immutable,
    Class::Exposure,
    Class::Privilege,
    Class::TelemetryLoss,
    Class::Restart,
    Class::Config,
    Class::Noise,
];

/// Five thousand changes, a few of which are dangerous.
pub fn mixture() -> Review {
    let numbers = ALL.map(|class| match class {
        Class::Restart => (class, 850),
        Class::Config => (class, 3_000),
        Class::Noise => (class, 1_000),
        dangerous => (dangerous, 30),
    });
    many(&numbers)
}

/// Thousands of changes that one line makes.
pub fn one_line() -> Review {
    many_of_one(&[(Class::DataLoss, 100), (Class::Config, 5_000)])
}

/// The changes of a page by class: told whole, in lines, and only counted.
#[derive(Debug, Default, PartialEq, Eq)]
struct Told {
    whole: BTreeMap<String, usize>,
    lines: BTreeMap<String, usize>,
    left: BTreeMap<String, usize>,
}

impl Told {
    /// As the elements of a page are, and as its first lines say it is.
    fn of(page: &str) -> Told {
        let (starts, text) = read(page);
        let first = text.split_once("Changed places by class").map_or("", |(first, _)| first);
        Told {
            whole: whole(&starts),
            lines: numbers(first, "told in a line each, or in one of their group ("),
            left: numbers(first, "only counted ("),
        }
    }

    fn sum(&self) -> usize {
        [&self.whole, &self.lines, &self.left].iter().flat_map(|all| all.values()).sum()
    }

    /// The classes of a map, the worst first.
    fn has(told: &BTreeMap<String, usize>) -> Vec<Class> {
        ALL.into_iter().filter(|class| told.contains_key(class.as_str())).collect()
    }
}

/// The changes that are told whole, by the class that is named first in each.
fn whole(starts: &[Start]) -> BTreeMap<String, usize> {
    let mut whole = BTreeMap::new();
    let mut in_change = false;
    for (name, all) in starts {
        let class = all.get("class").map(String::as_str).unwrap_or_default();
        in_change |= name == "article";
        if let Some(class) = class.strip_prefix("badge ").filter(|_| in_change) {
            *whole.entry(class.to_owned()).or_default() += 1;
            in_change = false;
        }
    }
    whole
}

/// `2 restart, 5 config` after some words.
fn numbers(text: &str, after: &str) -> BTreeMap<String, usize> {
    let Some((_, rest)) = text.split_once(after) else { return BTreeMap::new() };
    let pair = |pair: &str| {
        let (number, class) = pair.split_once(' ').unwrap();
        (class.to_owned(), number.parse().unwrap())
    };
    rest.split_once(')').unwrap().0.split(", ").map(pair).collect()
}

/// Checks what holds for every page.
fn check(review: &Review) -> Told {
    let page = html(&judged(review), &heading());
    assert!(page.len() <= MOST, "{} bytes", page.len());
    assert_eq!(page, html(&judged(review), &heading()), "the same again");
    let told = Told::of(&page);
    assert_eq!(told.sum(), review.groups.iter().map(|group| group.changes.len()).sum::<usize>());
    let [whole, lines, left] = [&told.whole, &told.lines, &told.left].map(Told::has);
    let in_order = |better: &[Class], worse: &[Class]| better.last() <= worse.first();
    assert!(left.is_empty() || in_order(&whole, &left), "{told:?}");
    assert!(left.is_empty() || in_order(&lines, &left), "{told:?}");
    assert!(lines.is_empty() || in_order(&whole, &lines), "{told:?}");
    let (_, text) = read(&page);
    let said = text.matches("--format json").count();
    assert!(left.is_empty() || said > 1, "what shows all of it is said where something is missing");
    told
}

#[test]
fn five_thousand_groups_of_one_class_are_a_page_of_a_million_bytes() {
    for class in ALL {
        let told = check(&many(&[(class, 5_000)]));
        let [whole, lines, left] =
            [&told.whole, &told.lines, &told.left].map(|all| all.get(class.as_str()).copied());
        assert!(whole > Some(100) && lines > Some(100) && left > Some(100), "{told:?}");
    }
}

#[test]
fn what_is_dangerous_is_whole_before_anything_else_is_told() {
    let told = check(&mixture());
    for class in ALL.into_iter().filter(|class| *class < Class::Restart) {
        assert_eq!(told.whole.get(class.as_str()), Some(&30), "{told:?}");
    }
    assert_eq!(told.left.get("noise"), Some(&1_000), "{told:?}");
}

#[test]
fn nothing_dangerous_is_only_counted_while_something_else_is_told() {
    let told =
        check(&many(&[(Class::DataLoss, 3_000), (Class::Immutable, 3_000), (Class::Config, 50)]));
    assert_eq!(told.left.get("config"), Some(&50), "{told:?}");
    let told = check(&many(&[(Class::DataLoss, 600), (Class::Config, 50)]));
    assert!(!told.left.contains_key("data-loss"), "{told:?}");
}

#[test]
fn thousands_of_changes_of_one_line_are_told_like_those_of_many() {
    let review = one_line();
    assert_eq!(review.groups.len(), 1);
    let told = check(&review);
    assert_eq!(told.whole.get("data-loss"), Some(&100), "{told:?}");
    assert!(told.lines.get("config") > Some(&100) && told.left.get("config") > Some(&100));
}

#[test]
fn a_page_with_room_for_everything_leaves_nothing_out() {
    let told = check(&many(&ALL.map(|class| (class, 20))));
    assert!(told.lines.is_empty() && told.left.is_empty(), "{told:?}");
}

#[test]
fn long_values_are_shortened_before_changes_are_left_out() {
    let review = large();
    let told = check(&review);
    assert_eq!(told.whole.get("exposure"), Some(&150), "{told:?}");
    let (starts, text) = read(&html(&judged(&review), &heading()));
    let is_new =
        |all: &BTreeMap<String, String>| all.get("class").is_some_and(|one| one == "row new");
    let rows = starts.iter().filter(|(_, all)| is_new(all)).count();
    let note = text.split("and ").filter_map(|rest| rest.split_once(" more changed lines"));
    let left_out: usize = note.filter_map(|(number, _)| number.parse::<usize>().ok()).sum();
    assert_eq!(rows + left_out, 150 * 200, "no line is lost without a word");
}
