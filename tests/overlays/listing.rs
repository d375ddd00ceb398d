//! Overlays that build on overlays, and runs of several workloads.

use crate::place::{Place, spec};
use crate::support::{difference, read_folder};
use std::fmt::Write as _;

/// An overlay that annotates Loki's namespace.
fn annotating(name: &str) -> String {
    format!(
        "patches:\n- target: {{kind: Namespace, name: loki}}\n  \
         patch: {{metadata: {{annotations: {{{name}: \"yes\"}}}}}}\n"
    )
}

#[test]
fn overlays_that_build_on_each_other_are_refused() {
    let place = Place::new("./one");
    place.overlay("one", "overlays: [../two]\n");
    place.overlay("two", "overlays: [../one]\n");
    place.build().is_refused("overlay/cycle", "`./one` → `./two` → `./one`");
}

#[test]
fn an_overlay_that_builds_on_itself_is_refused() {
    for itself in ["./.", "../mine", "../mine/../mine"] {
        let place = Place::with(&format!("overlays: [{itself}]\n"));
        place.build().is_refused("overlay/cycle", "`./mine` → `./mine`");
    }
}

/// Overlays of which each builds on the next.
fn chain(length: usize) -> Place {
    let place = Place::new("./o0");
    for number in 0..length {
        let next = number + 1;
        let base = if next < length { format!("overlays: [../o{next}]\n") } else { String::new() };
        place.overlay(&format!("o{number}"), &(base + &annotating(&format!("a{number}"))));
    }
    place
}

#[test]
fn a_chain_of_thirty_overlays_is_fine() {
    let place = chain(30);
    place.build().is_fine();
    let namespace = place.file("loki/namespace.yaml");
    assert!((0..30).all(|number| namespace.contains(&format!("a{number}: \"yes\""))));
}

#[test]
fn a_chain_of_a_hundred_overlays_is_refused_once() {
    let run = chain(100).build();
    run.is_refused("overlay/cycle", "more than 32 deep");
    assert_eq!(run.findings(), 1, "{}", run.stderr);
}

#[test]
fn an_overlay_that_two_others_build_on_is_applied_once() {
    let place = Place::new("./left, ./right");
    place.overlay("left", &format!("overlays: [../base]\n{}", annotating("left")));
    place.overlay("right", &format!("overlays: [../base]\n{}", annotating("right")));
    // An object that is added twice is refused.
    place.write("base/extra.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: extra}\n");
    place.overlay("base", &format!("resources: [extra.yaml]\n{}", annotating("base")));
    let run = place.build();
    run.is_fine();
    assert_eq!(run.findings(), 0, "{}", run.stderr);
    let namespace = place.file("loki/namespace.yaml");
    assert!(["base", "left", "right"].iter().all(|name| namespace.contains(name)));
}

#[test]
fn wide_diamonds_on_diamonds_end() {
    // Walked anew for every way that leads there, these would take 8^20 steps.
    let place = Place::new("./l0-0");
    for level in 0..20 {
        for one in 0..8 {
            let below: Vec<String> =
                (0..8).map(|other| format!("../l{}-{other}", level + 1)).collect();
            let bases = format!("overlays: [{}]\n", below.join(", "));
            let rest = if level < 19 { bases.as_str() } else { "" };
            place.overlay(&format!("l{level}-{one}"), rest);
        }
    }
    place.build().is_fine();
}

#[test]
fn a_broken_overlay_of_two_workloads_is_reported_once() {
    let place = Place::with("patches:\n- {target: {kind: Nothing}, patch: {}}\nwhat: 1\n");
    let spec = spec("../mine");
    place.write("specs/a.yaml", &spec);
    let other = spec.replace("ganso01-staging", "swan01-staging").replace("ganso", "swan");
    place.write("specs/b.yaml", other);
    for jobs in ["1", "4"] {
        let run = place.run_in("", &["build", "specs", "-o", "out", "-j", jobs]);
        run.is_refused("spec/unknown-key", "`what`");
        assert_eq!(run.stderr.matches("`what`").count(), 1, "{}", run.stderr);
        assert!(!place.path("out").exists());
    }
    place.overlay("mine", "patches:\n- {target: {kind: Nothing}, patch: {a: 1}}\n");
    let run = place.run_in("", &["build", "specs", "-o", "out"]);
    run.is_refused("overlay/target", "matches no object");
    assert_eq!(run.findings(), 1, "{}", run.stderr);
}

/// Twelve workloads that share an overlay with everything in it.
fn twelve() -> Place {
    let place = Place::with(
        "overlays: [../base, large]\nresources: [extra.yaml]\nvalues: {loki: {commonLabels: {a: b}}}\n\
         patches:\n- {target: {kind: Namespace}, path: label.yaml}\n",
    );
    place.overlay("base", &annotating("base"));
    place.write("mine/extra.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: extra}\n");
    place.write("mine/label.yaml", "metadata: {labels: {team: one}}\n");
    for number in 10..22 {
        let spec = spec("../mine").replace("ganso01", &format!("swan{number}"));
        place.write(&format!("specs/{number}.yaml"), spec);
    }
    place
}

#[test]
fn jobs_and_working_directories_change_no_byte() {
    let place = twelve();
    place.run_in("", &["build", "specs", "-o", "one", "-j", "1"]).is_fine();
    place.run_in("", &["build", "specs", "-o", "many", "-j", "8"]).is_fine();
    place.run_in("specs", &["build", ".", "-o", "../below", "--root", ".."]).is_fine();
    let elsewhere = ["build", "../../specs", "-o", "../../above", "--root", "../.."];
    place.write("some/where/else.txt", "");
    place.run_in("some/where", &elsewhere).is_fine();
    let absolute = place.path("specs");
    let absolute = ["build", absolute.to_str().unwrap(), "-o", "absolute"];
    place.run_in("", &absolute).is_fine();
    let one = read_folder(&place.path("one"));
    assert!(one.len() > 12 * 15, "{} files", one.len());
    for other in ["many", "below", "above", "absolute"] {
        assert_eq!(difference(&one, &read_folder(&place.path(other))), "", "{other}");
    }
}

#[test]
fn findings_are_the_same_for_any_number_of_jobs() {
    let place = twelve();
    let mut rest = String::from("patches:\n");
    for number in 0..50 {
        let _ = writeln!(rest, "- {{target: {{kind: K{number}}}, patch: {{a: 1}}}}");
    }
    place.overlay("mine", &rest);
    let of = |jobs: &str| place.run_in("", &["build", "specs", "-o", "out", "-j", jobs]);
    let (one, many) = (of("1"), of("8"));
    assert_eq!(one.findings(), 50, "{}", one.stderr);
    assert_eq!(one.stderr, many.stderr);
}
