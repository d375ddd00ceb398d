//! The labelled corpus of changes: the diff gives each the classes of its label, in a tenth of the lines of a patch.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "tests look at the world, print counts and fail by panicking"
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use support::corpus::{Case, Class, Side, Verdict, cases, parse, tree_of};
use support::report;
use telemetree::compile::{Compiled, Output};
use telemetree::diff::acknowledge::Judged as Accepted;
use telemetree::diff::cause::Texts;
use telemetree::diff::group::Review;
use telemetree::diff::review::{Version, compare};
use telemetree::report::Colors;
use telemetree::report::diff::terminal::{Detail, Look, terminal};
use telemetree::report::diff::unified::unified;

/// How many cases there are at least, of each class, and of those that look dangerous and are not.
const CASES: usize = 1100;
const OF_EACH_CLASS: usize = 20;
const NEAR_MISSES: usize = 200;

#[test]
fn every_case_compiles_on_both_sides_and_has_the_classes_of_its_label() {
    let cases = cases();
    let judged = judge_all(&cases);
    let score = Score::of(&judged);
    println!("{score}");
    for class in DEMANDED {
        let missed = missed(&judged, class);
        assert!(missed.is_empty(), "{class:?} is missed in {missed:?}");
    }
    assert!(score.precision() >= 0.9, "{score}");
    assert!(score.shown * 10 <= score.unified, "{score}");
    assert!(score.groups.1 * 50 <= score.groups.0, "{score}");
}

/// The classes of which none may be missed.
const DEMANDED: [Class; 4] = [Class::DataLoss, Class::Immutable, Class::Exposure, Class::Privilege];

fn missed<'c>(judged: &[Judged<'c>], class: Class) -> Vec<&'c str> {
    judged.iter().filter(|one| one.verdict.missed.contains(&class)).map(|one| one.name).collect()
}

/// What the diff says of a case.
struct Judged<'c> {
    name: &'c str,
    found: BTreeSet<Class>,
    verdict: Verdict,
    /// Lines of the terminal's form, and of the patch.
    lines: (usize, usize),
    /// Groups of changes, and those of which nobody knows which line made them.
    groups: (usize, usize),
}

fn judge_all<'c>(cases: &'c [Case]) -> Vec<Judged<'c>> {
    let bases = Bases::of(cases);
    let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let judged: Vec<Result<Judged, String>> = std::thread::scope(|scope| {
        let bases = &bases;
        let work = cases.chunks(cases.len().div_ceil(workers));
        let judge_part = |part: &'c [Case]| {
            scope.spawn(move || part.iter().map(|case| judge(case, bases)).collect::<Vec<_>>())
        };
        let running: Vec<_> = work.map(judge_part).collect();
        let all = running.into_iter();
        all.flat_map(|worker| worker.join().expect("a case did not panic")).collect()
    });
    let faults: Vec<&str> =
        judged.iter().filter_map(|one| one.as_ref().err()).map(String::as_str).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    judged.into_iter().flatten().collect()
}

/// How right the classes of all cases are.
#[derive(Default)]
struct Score {
    right: BTreeMap<Class, usize>,
    wrong: BTreeMap<Class, usize>,
    missed: BTreeMap<Class, usize>,
    /// Medians of the lines of the terminal's form, and of the patch.
    shown: usize,
    unified: usize,
    /// Groups of changes, and those without a cause.
    groups: (usize, usize),
}

impl Score {
    fn of(judged: &[Judged]) -> Score {
        let mut score = Score::default();
        for one in judged {
            score.groups.0 += one.groups.0;
            score.groups.1 += one.groups.1;
            let right = one.found.difference(&one.verdict.wrong);
            right.for_each(|class| *score.right.entry(*class).or_default() += 1);
            one.verdict.wrong.iter().for_each(|class| *score.wrong.entry(*class).or_default() += 1);
            one.verdict
                .missed
                .iter()
                .for_each(|class| *score.missed.entry(*class).or_default() += 1);
        }
        let median = |lines: &dyn Fn(&Judged) -> usize| {
            let mut all: Vec<usize> = judged.iter().map(lines).collect();
            all.sort_unstable();
            all.get(all.len() / 2).copied().unwrap_or_default()
        };
        score.shown = median(&|one| one.lines.0);
        score.unified = median(&|one| one.lines.1);
        score
    }

    fn precision(&self) -> f64 {
        let sum = |of: &BTreeMap<Class, usize>| of.values().sum::<usize>();
        share(sum(&self.right), sum(&self.wrong))
    }
}

/// The share of the first among both.
fn share(right: usize, other: usize) -> f64 {
    let number = |count: usize| f64::from(u32::try_from(count).expect("a small number"));
    number(right) / number(right + other).max(1.0)
}

impl std::fmt::Display for Score {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for class in Class::ALL {
            let count = |of: &BTreeMap<Class, usize>| of.get(&class).copied().unwrap_or_default();
            let (right, wrong, missed) =
                (count(&self.right), count(&self.wrong), count(&self.missed));
            writeln!(f, "{class:?}: {right} right, {wrong} wrong, {missed} missed")?;
        }
        writeln!(f, "precision over all: {:.3}", self.precision())?;
        writeln!(f, "without a cause: {} of {} groups", self.groups.1, self.groups.0)?;
        write!(f, "median of lines: {} of {} of the patch", self.shown, self.unified)
    }
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

/// What the diff says of a case; or what is wrong with the case.
fn judge<'c>(case: &'c Case, bases: &Bases) -> Result<Judged<'c>, String> {
    let [before, after] = [Side::Before, Side::After].map(|side| bases.compile(case, side));
    let (Some(old), Some(new)) = (tree_of(&before), tree_of(&after)) else {
        return Err(format!(
            "== {} does not compile:\n{}{}",
            case.name,
            report(&before),
            report(&after)
        ));
    };
    match (case.expect.is_empty(), old == new) {
        (true, false) => {
            return Err(format!("== {} changes the tree and expects nothing", case.name));
        }
        (false, true) => return Err(format!("== {} does not change the tree", case.name)),
        (true, true) | (false, false) => {}
    }
    let review = review(&before, &after);
    let changes = review.groups.iter().flat_map(|group| &group.changes);
    let found: BTreeSet<Class> =
        changes.flat_map(|change| &change.risks).map(|risk| risk.class.into()).collect();
    let look = Look { width: 120, colors: Colors::Off, detail: Detail::Brief };
    let shown = terminal(&Accepted::of(&review, &[], ""), look).lines().count();
    let found = without_noise(case, found);
    let uncaused = review.groups.iter().filter(|group| group.causes.is_empty()).count();
    Ok(Judged {
        groups: (review.groups.len(), uncaused),
        name: &case.name,
        verdict: case.judge(&found),
        found,
        lines: (shown, patch(&before, &after)),
    })
}

fn review(before: &Compiled, after: &Compiled) -> Review {
    let version = |side: &Compiled| side.output.as_ref().map(|output| output.clusters.clone());
    let (old, new) = (version(before).expect("it compiles"), version(after).expect("it compiles"));
    let texts = |side| -> Texts<'_> {
        let side: &Compiled = side;
        Texts { sources: &side.sources, all: &side.texts }
    };
    let old = Version { clusters: &old, texts: texts(before), contracts: &[] };
    let new = Version { clusters: &new, texts: texts(after), contracts: &[] };
    Review::of(compare("workload", Some(old), Some(new)))
}

/// Noise is judged where it is all that there is; beside an effect it is one counted line. Another order that means
/// nothing is no change at all, which is as good.
fn without_noise(case: &Case, mut found: BTreeSet<Class>) -> BTreeSet<Class> {
    let only_noise = BTreeSet::from([Class::Noise]);
    if case.expect == only_noise && found.is_empty() {
        return only_noise;
    }
    if case.expect.contains(&Class::Noise) {
        let _ = found.insert(Class::Noise);
    } else if found.len() > 1 {
        let _ = found.remove(&Class::Noise);
    }
    found
}

/// The lines of the patch between both trees, manifests included.
fn patch(before: &Compiled, after: &Compiled) -> usize {
    let files = |side: &Compiled| side.output.as_ref().map(Output::files).unwrap_or_default();
    let (old, new) = (files(before), files(after));
    let clusters: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let of = |cluster: &String| {
        let files = |side: &BTreeMap<String, _>| side.get(cluster).cloned().unwrap_or_default();
        unified(cluster, &files(&old), &files(&new)).lines().count()
    };
    clusters.into_iter().map(of).sum()
}

#[test]
fn there_are_enough_cases_of_every_class() {
    let cases = cases();
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
    assert!(cases.len() >= CASES, "{table}");
    assert!(near_misses >= NEAR_MISSES, "{table}");
    for class in Class::ALL {
        let count = counts.get(&class).copied().unwrap_or_default();
        assert!(count >= OF_EACH_CLASS, "{table}");
    }
}

fn is_harmless(case: &Case) -> bool {
    !case.expect.iter().chain(&case.arguable).any(|class| class.is_dangerous())
}

#[test]
fn every_case_is_told_from_all_others_and_says_what_changes() {
    let mut names = BTreeSet::new();
    for case in cases() {
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
