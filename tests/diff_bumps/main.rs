//! Another version of a chart: what it changes where nobody changed a value.
//!
//! `TELEMETREE_BUMPS` names a folder with unpacked versions of charts, each called `<chart>-<version>`; `helm` is
//! looked for on `PATH`.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests look at the world and fail by panicking"
)]

#[path = "../support/mod.rs"]
mod support;

mod rendered;

use std::collections::BTreeSet;
use support::{compile_with, report, root};
use telemetree::compile::Compiled;
use telemetree::diff::cause::Texts;
use telemetree::diff::group::{Group, Review};
use telemetree::diff::review::{Version, compare};
use telemetree::diff::risk::Class;
use telemetree::report::Colors;
use telemetree::report::diff::terminal::{Detail, Look};

/// The spec as it is, and with an overlay that asks for another version of Grafana's chart.
fn bumped(charts: &str, contract: &str) -> (Compiled, Compiled) {
    let spec = std::fs::read_to_string(root().join("golden/aws-minimal/workload.yaml")).unwrap();
    let overlay = format!(
        "apiVersion: telemetree/v1\nkind: Overlay\nwhy: a newer Grafana\ncharts:\n{charts}\n"
    );
    let find = |path: &str| match path {
        "pins/overlay.yaml" => Some(overlay.clone()),
        "pins/new.json" => Some(contract.to_owned()),
        _ => None,
    };
    let compile = |spec: &str| {
        let compiled = compile_with("workload.yaml", spec, find);
        assert!(compiled.output.is_some(), "{}", report(&compiled));
        compiled
    };
    (compile(&spec), compile(&format!("{spec}  overlays: [./pins]\n")))
}

const NEW: &str = "  # telemetree: allow settings/unchecked: of no interest here\n  grafana: {version: \"12.12.0\", contract: new.json}";

/// The contract of our version, called newer, with some of its text replaced.
fn contract(replaced: &[(&str, &str)]) -> String {
    let kept = root().join("schema/charts/grafana/12.11.1.json");
    let kept = std::fs::read_to_string(kept).unwrap();
    let version = [("\"version\": \"12.11.1\"", "\"version\": \"12.12.0\"")];
    version.iter().chain(replaced).fold(kept, |text, (from, to)| {
        assert_eq!(text.matches(from).count(), 1, "{from}");
        text.replace(from, to)
    })
}

fn review((before, after): &(Compiled, Compiled)) -> Review {
    review_of(before, after)
}

fn review_of(before: &Compiled, after: &Compiled) -> Review {
    fn version(side: &Compiled) -> Version<'_> {
        let output = side.output.as_ref().unwrap();
        let texts = Texts { sources: &side.sources, all: &side.texts };
        Version { clusters: &output.clusters, texts, contracts: &output.contracts }
    }
    Review::of(compare("ganso01-staging", Some(version(before)), Some(version(after))))
}

/// What is said of the chart, not of the tree: place, sides, worst class, and why.
fn shifts(replaced: &[(&str, &str)]) -> BTreeSet<(String, String, Class, &'static str)> {
    let review = review(&bumped(NEW, &contract(replaced)));
    let changes = review.groups.iter().flat_map(|group| &group.changes);
    let of = |spot: &telemetree::diff::review::Spot, change: &telemetree::diff::group::Change| {
        let text = |side: &Option<String>| side.clone().unwrap_or_default();
        let sides = format!("{} → {}", text(&change.before), text(&change.after));
        (spot.place.clone(), sides, change.risks[0].class, change.risks[0].why)
    };
    let all = changes.flat_map(|change| change.spots.iter().map(move |spot| (spot, change)));
    all.filter(|(spot, _)| spot.chart.is_some()).map(|(spot, change)| of(spot, change)).collect()
}

/// The one thing that is said.
fn shift(replaced: &[(&str, &str)]) -> (String, String, Class, &'static str) {
    let mut all = shifts(replaced);
    assert_eq!(all.len(), 1, "{all:?}");
    all.pop_first().unwrap()
}

fn is(
    found: &(String, String, Class, &'static str),
    place: &str,
    sides: &str,
    class: Class,
    why: &str,
) {
    assert_eq!((found.0.as_str(), found.1.as_str(), found.2), (place, sides, class), "{found:?}");
    assert!(found.3.contains(why), "{found:?}");
}

#[test]
fn a_version_that_reads_and_takes_the_same_changes_no_more_than_its_number() {
    assert_eq!(shifts(&[]), BTreeSet::new());
}

#[test]
fn a_default_that_changes_is_judged_like_a_value_that_does() {
    let of = |from: &str, to: &str| shift(&[(from, to)]);
    let open = of("\"/service/type\": \"ClusterIP\"", "\"/service/type\": \"LoadBalancer\"");
    is(
        &open,
        "/service/type",
        "ClusterIP → LoadBalancer",
        Class::Exposure,
        "outside of the cluster",
    );
    let image = of("\"/image/tag\": \"\"", "\"/image/tag\": \"14.0.0\"");
    is(&image, "/image/tag", " → 14.0.0", Class::Restart, "pods are replaced");
    let other = of("\"/service/portName\": \"service\"", "\"/service/portName\": \"http\"");
    is(&other, "/service/portName", "service → http", Class::Config, "the chart's own value");
}

#[test]
fn a_default_comes_into_being_and_goes() {
    let gone = shift(&[("\"/image/pullPolicy\": \"IfNotPresent\",\n", "")]);
    is(&gone, "/image/pullPolicy", "IfNotPresent → ", Class::Restart, "pods are replaced");
    let new =
        shift(&[("\"defaults\": {\n", "\"defaults\": {\n\"/priorityClassName\": \"high\",\n")]);
    is(&new, "/priorityClassName", " → high", Class::Restart, "pods are replaced");
}

#[test]
fn where_a_value_stands_in_its_place_a_default_is_of_no_effect() {
    let found = shift(&[("\"/replicas\": 1,", "\"/replicas\": 7,")]);
    is(&found, "/replicas", "1 → 7", Class::Noise, "is set here");
}

#[test]
fn in_a_part_that_is_off_a_default_is_of_no_effect() {
    let found = shift(&[(
        "\"/imageRenderer/service/enabled\": true,",
        "\"/imageRenderer/service/enabled\": false,",
    )]);
    is(
        &found,
        "/imageRenderer/service/enabled",
        "true → false",
        Class::Noise,
        "makes nothing of it",
    );
}

#[test]
fn keys_that_nobody_sets_are_only_counted() {
    let found = shifts(&[
        ("\"keys\": {\n", "\"keys\": {\n\"/hat/brim\": \"text\",\n\"/hat/feather\": \"number\",\n"),
        ("\"/lifecycleHooks\": \"map lenient\",\n", ""),
        ("\"/lifecycleHooks\": {},\n", ""),
    ]);
    let said: Vec<(&str, &str, Class)> =
        found.iter().map(|one| (one.0.as_str(), one.1.as_str(), one.2)).collect();
    let hat = ("/hat", " → a map", Class::Noise);
    assert_eq!(said, [hat, ("/lifecycleHooks", "{} → ", Class::Noise)]);
}

#[test]
fn a_key_that_only_one_version_reads_is_judged_by_its_default() {
    let hat = ("\"keys\": {\n", "\"keys\": {\n\"/hat/hostNetwork\": \"bool\",\n");
    let on = ("\"defaults\": {\n", "\"defaults\": {\n\"/hat/hostNetwork\": true,\n");
    let off = ("\"defaults\": {\n", "\"defaults\": {\n\"/hat/hostNetwork\": false,\n");
    let found = shift(&[hat, on]);
    is(&found, "/hat/hostNetwork", " → true", Class::Exposure, "node's addresses");
    let found = shift(&[hat, off]);
    is(&found, "/hat/hostNetwork", " → false", Class::Noise, "nothing here sets it");
}

#[test]
fn where_another_version_is_asked_for_its_own_defaults_hold() {
    let at =
        |tag: &str| contract(&[("\"/image/tag\": \"\"", &format!("\"/image/tag\": \"{tag}\""))]);
    let said = |contract: &str| {
        let values = format!("{NEW}\nvalues: {{grafana: {{image: {{tag: \"14.0.0\"}}}}}}");
        let (plain, set) = (bumped(NEW, contract).1, bumped(&values, contract).1);
        let review = review(&(plain, set));
        let changes = review.groups.iter().flat_map(|group| &group.changes);
        changes.map(telemetree::diff::group::Change::class).collect::<Vec<_>>()
    };
    assert_eq!(said(&at("13.0.0")), [Class::Restart]);
    assert_eq!(said(&at("14.0.0")), [Class::Noise]);
}

#[test]
fn what_is_set_here_and_no_longer_read_counts_as_gone() {
    let charts = format!("  # telemetree: allow chart/dead-key: it is known\n{NEW}");
    let without = contract(&[]);
    let without: Vec<&str> =
        without.lines().filter(|line| !line.starts_with("\"/serviceAccount/")).collect();
    let without = without.join("\n");
    let review = review(&bumped(&charts, &without));
    let changes = review.groups.iter().flat_map(|group| &group.changes);
    let gone =
        changes.into_iter().find(|change| change.spots[0].place == "/serviceAccount").unwrap();
    assert!(gone.before.is_some() && gone.after.is_none());
    assert_eq!(gone.class(), Class::Privilege, "{gone:?}");
}

#[test]
fn the_version_of_what_a_chart_deploys_is_told() {
    let found = shift(&[("\"application\": \"13.2.0\"", "\"application\": \"14.0.0\"")]);
    is(&found, "/appVersion", "13.2.0 → 14.0.0", Class::Restart, "what the chart deploys");
}

#[test]
fn a_version_whose_defaults_nobody_knows_is_said_to_be_unknown() {
    let full = contract(&[]);
    let start = full.find(",\n\"defaults\"").unwrap();
    let review = review(&bumped(NEW, &format!("{}\n}}\n", &full[..start])));
    let changes = review.groups.iter().flat_map(|group| &group.changes);
    let whole = changes.into_iter().find(|change| change.spots[0].chart.is_some()).unwrap();
    assert_eq!(
        (whole.before.as_deref(), whole.after.as_deref()),
        (Some("12.11.1"), Some("12.12.0"))
    );
    assert!(whole.risks[0].why.contains("make its contract anew"), "{whole:?}");
}

#[test]
fn the_line_that_asks_for_the_version_is_the_cause_of_all_of_it() {
    let review = review(&bumped(
        NEW,
        &contract(&[
            ("\"/service/type\": \"ClusterIP\"", "\"/service/type\": \"NodePort\""),
            ("\"keys\": {\n", "\"keys\": {\n\"/hat\": \"text\",\n"),
        ]),
    ));
    let [Group { causes, changes, .. }] = review.groups.as_slice() else {
        panic!("{:?}", review.groups);
    };
    assert!(causes.iter().any(|cause| cause.file == "pins/overlay.yaml"), "{causes:?}");
    assert!(changes.iter().any(|change| change.spots[0].place == "/hat"), "{changes:?}");
    let look = Look { width: 100, colors: Colors::Off, detail: Detail::Brief };
    let shown = telemetree::report::diff::terminal::terminal(
        &telemetree::diff::acknowledge::Judged::of(&review, &[], "2026-01-01"),
        look,
    );
    insta::assert_snapshot!(shown);
}
