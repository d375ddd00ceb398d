//! The labelled corpus of changes holds what it promises: each compiles on both sides and changes the tree,
//! and there are enough of every class. The cases that are held out do, too.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "tests look at the world, print counts and fail by panicking"
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use support::corpus::{Case, Class, Side, Verdict, cases, heldout, parse, tree_of};
use support::report;
use telemetree::compile::Compiled;

/// How many cases a set has at least, of each class, and of those that look dangerous and are not.
struct Enough {
    cases: usize,
    of_each: fn(Class) -> usize,
    near_misses: usize,
}

#[test]
fn every_case_compiles_on_both_sides_and_changes_the_tree() {
    assert_sound(&cases());
}

#[test]
fn every_held_out_case_compiles_on_both_sides_and_changes_the_tree() {
    assert_sound(&heldout());
}

fn assert_sound(cases: &[Case]) {
    let bases = Bases::of(cases);
    let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let faults: Vec<String> = std::thread::scope(|scope| {
        let judge = |case: &Case| fault(case, &bases);
        let work = cases.chunks(cases.len().div_ceil(workers));
        let running: Vec<_> =
            work.map(|part| scope.spawn(move || part.iter().filter_map(judge).collect())).collect();
        running
            .into_iter()
            .flat_map(|worker| -> Vec<String> { worker.join().expect("a case did not panic") })
            .collect()
    });
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The bases as they stand, which most cases begin with, compiled once each.
struct Bases(BTreeMap<String, Compiled>);

impl Bases {
    fn of(cases: &[Case]) -> Self {
        let mut bases = BTreeMap::new();
        for case in cases {
            if case.is_plain(Side::Before) && !bases.contains_key(&case.base) {
                let _ = bases.insert(case.base.clone(), case.compile(Side::Before));
            }
        }
        Bases(bases)
    }

    fn compile(&self, case: &Case, side: Side) -> Compiled {
        let known = self.0.get(&case.base).filter(|_| case.is_plain(side));
        known.cloned().unwrap_or_else(|| case.compile(side))
    }
}

/// What is wrong with a case.
fn fault(case: &Case, bases: &Bases) -> Option<String> {
    let [before, after] = [Side::Before, Side::After].map(|side| bases.compile(case, side));
    let (Some(old), Some(new)) = (tree_of(&before), tree_of(&after)) else {
        return Some(format!(
            "== {} does not compile:\n{}{}",
            case.name,
            report(&before),
            report(&after)
        ));
    };
    // HERE the classes that the diff of the two outputs has are to be judged: `case.judge(&found)`.
    let is_quiet = case.expect.is_empty();
    match (is_quiet, old == new) {
        (true, false) => Some(format!("== {} changes the tree and expects nothing", case.name)),
        (false, true) => Some(format!("== {} does not change the tree", case.name)),
        (true, true) | (false, false) => None,
    }
}

#[test]
fn there_are_enough_cases_of_every_class() {
    assert_enough(&cases(), &Enough { cases: 170, of_each: |_| 15, near_misses: 40 });
}

#[test]
fn there_are_enough_held_out_cases_of_every_class() {
    let of_each = |class| match class {
        Class::DataLoss | Class::Immutable | Class::Exposure | Class::Privilege => 10,
        Class::TelemetryLoss | Class::Restart | Class::Config | Class::Noise => 5,
    };
    assert_enough(&heldout(), &Enough { cases: 80, of_each, near_misses: 25 });
}

fn assert_enough(cases: &[Case], enough: &Enough) {
    let mut counts: BTreeMap<Class, usize> = BTreeMap::new();
    for class in cases.iter().flat_map(|case| &case.expect) {
        *counts.entry(*class).or_default() += 1;
    }
    let near_misses = cases.iter().filter(|case| is_harmless(case)).count();
    let mut table = format!("{} cases, {near_misses} of them harmless\n", cases.len());
    for class in Class::ALL {
        let _ = writeln!(table, "{class:?}: {}", counts.get(&class).copied().unwrap_or_default());
    }
    println!("{table}");
    assert!(cases.len() >= enough.cases, "{table}");
    assert!(near_misses >= enough.near_misses, "{table}");
    for class in Class::ALL {
        let count = counts.get(&class).copied().unwrap_or_default();
        assert!(count >= (enough.of_each)(class), "{table}");
    }
}

fn is_harmless(case: &Case) -> bool {
    !case.expect.iter().chain(&case.arguable).any(|class| class.is_dangerous())
}

#[test]
fn every_case_is_told_from_all_others_and_says_what_changes() {
    let mut names = BTreeSet::new();
    for case in cases().into_iter().chain(heldout()) {
        assert!(names.insert(case.name.clone()), "two cases are called {}", case.name);
        assert!(!case.why.trim().is_empty(), "{} does not say why", case.name);
        let is_edit = case.spec_of(Side::Before) != case.spec_of(Side::After)
            || case.overlay_of(Side::Before) != case.overlay_of(Side::After);
        assert!(is_edit, "{} changes nothing", case.name);
        let both = case.expect.intersection(&case.arguable).next();
        assert!(both.is_none(), "{}: {both:?} is expected and arguable", case.name);
    }
}

#[test]
fn labels_are_read_strictly() {
    let case = "{name: a, base: b, expect: [restart], why: c}";
    assert!(parse(&format!("- {case}")).is_ok());
    for mistake in [
        "{name: a, base: b, expect: [reboot], why: c}",
        "{name: a, base: b, expect: [restart], why: c, whi: d}",
        "{name: a, base: b, spec: [{from: x, to: y, at: z}], expect: [restart], why: c}",
        "{name: a, base: b, overlay: {later: x}, expect: [restart], why: c}",
        "{name: a, base: b, why: c}",
    ] {
        assert!(parse(&format!("- {mistake}")).is_err(), "{mistake}");
    }
}

#[test]
fn an_arguable_class_is_neither_missed_nor_wrong() {
    let text = "- {name: a, base: b, expect: [data-loss, restart], arguable: [config], why: c}";
    let case = parse(text).expect("a case").remove(0);
    let judge = |found: &[Class]| case.judge(&found.iter().copied().collect());
    let clean = Verdict { missed: BTreeSet::new(), wrong: BTreeSet::new() };
    assert_eq!(judge(&[Class::DataLoss, Class::Restart]), clean);
    assert_eq!(judge(&[Class::DataLoss, Class::Restart, Class::Config]), clean);
    assert_eq!(
        judge(&[Class::Restart, Class::Exposure]),
        Verdict {
            missed: BTreeSet::from([Class::DataLoss]),
            wrong: BTreeSet::from([Class::Exposure])
        }
    );
}
