//! Versions of charts that overlays ask for, and what is checked then.

use crate::place::{HEAD, Place, spec};
use crate::support::root;

/// The contract of Loki's chart that comes with telemetree.
const OURS: &str = "18.11.0";

/// What another version reads: what ours does, but for some lines of the kept text.
fn contract(version: &str, change: impl Fn(String) -> String) -> String {
    let kept = root().join(format!("schema/charts/loki/{OURS}.json"));
    let text = std::fs::read_to_string(kept).unwrap();
    change(
        text.replace(&format!("\"version\": \"{OURS}\""), &format!("\"version\": \"{version}\"")),
    )
}

fn same(text: String) -> String {
    text
}

/// An overlay that asks for a version, with a contract, and says more.
fn pinned(version: &str, contract: &str, more: &str) -> Place {
    let place = Place::with(&format!(
        "charts:\n  loki: {{version: {version}, contract: loki.json}}\n{more}"
    ));
    place.write("mine/loki.json", contract);
    place
}

/// The spec with something that delivers the tree.
fn delivered(place: &Place, delivery: &str) {
    place.write("workload.yaml", format!("{}  delivery: {delivery}\n", spec("./mine")));
}

const ARGO: &str = "{argocd: {repoUrl: \"https://git.example.com/observability.git\"}}";

#[test]
fn a_version_is_deployed_by_whoever_deploys() {
    for (delivery, end, line) in [
        (ARGO, "-loki.yaml", "targetRevision: \"18.12.0\""),
        ("{flux: {}}", "delivery/helmrelease-loki.yaml", "version: \"18.12.0\""),
    ] {
        let place = pinned("18.12.0", &contract("18.12.0", same), "");
        delivered(&place, delivery);
        place.build().is_fine();
        let files = place.files();
        let object =
            files.iter().find(|(path, _)| path.contains("delivery/") && path.ends_with(end));
        assert!(object.unwrap().1.contains(line), "{delivery}");
        assert!(place.file("prerequisites.yaml").contains("version: \"18.12.0\""));
        assert!(files.iter().all(|(path, text)| path.ends_with(".json") || !text.contains(OURS)));
    }
}

#[test]
fn values_are_checked_against_what_the_version_reads() {
    let new = |text: String| text.replace("\"keys\": {\n", "\"keys\": {\n\"/hat\": \"text\",\n");
    let hat = "values:\n  loki: {hat: tall}\n";
    pinned("18.12.0", &contract("18.12.0", new), hat).build().is_fine();
    let run = pinned("18.12.0", &contract("18.12.0", same), hat).build();
    run.is_refused("chart/dead-key", "`hat` is read by nothing in loki 18.12.0");
    run.is_refused("chart/dead-key", "mine/overlay.yaml:7:10");
}

#[test]
fn what_telemetree_writes_and_the_version_does_not_read_is_found_where_the_version_is_asked_for() {
    let without = |text: String| {
        let lines = text.lines().filter(|line| !line.starts_with("\"/deploymentMode\""));
        lines.collect::<Vec<_>>().join("\n")
    };
    let run = pinned("18.12.0", &contract("18.12.0", without), "").build();
    run.is_refused("chart/dead-key", "`deploymentMode` is read by nothing in loki 18.12.0");
    run.is_refused("chart/dead-key", "mine/overlay.yaml:5:19");
    assert_eq!(run.findings(), 1, "{}", run.stderr);
}

#[test]
fn a_version_without_a_contract_is_refused_unless_telemetree_brings_it() {
    let ask =
        |version: &str| Place::with(&format!("charts:\n  loki: {{version: {version}}}\n")).build();
    ask(OURS).is_fine();
    let run = ask("18.12.0");
    run.is_refused("overlay/chart", "what loki 18.12.0 reads is not known");
    run.is_refused("overlay/chart", "run `telemetree contract loki -o loki-18.12.0.json`");
    run.is_refused("overlay/chart", "mine/overlay.yaml:5:19");
}

#[test]
fn a_version_is_exact() {
    for version in ["18", "^18.0.0", "18.12.x", "v18.12.0", "latest", "18.12.0 || 1.0.0", "018.1.0"]
    {
        let run = pinned(&format!("\"{version}\""), "{}", "").build();
        run.is_refused("spec/value", "is not a chart's version");
    }
}

#[test]
fn a_contract_of_another_version_or_chart_is_refused_where_it_is_named() {
    let run = pinned("18.12.0", &contract("18.13.0", same), "").build();
    run.is_refused("overlay/chart", "this says what loki 18.13.0 reads, not loki 18.12.0");
    run.is_refused("overlay/chart", "mine/overlay.yaml:5:38");
    let other = |text: String| text.replace("\"chart\": \"loki\"", "\"chart\": \"tempo\"");
    let run = pinned("18.12.0", &contract("18.12.0", other), "").build();
    run.is_refused("overlay/chart", "this says what tempo 18.12.0 reads, not loki 18.12.0");
}

#[test]
fn a_contract_is_read_strictly_and_what_is_wrong_with_it_has_its_line() {
    let of = |keys: &str| {
        format!(
            "{{\n\"chart\": \"loki\",\n\"version\": \"18.12.0\",\n\"keys\": {{\n{keys}\n}}\n}}\n"
        )
    };
    let deep = format!("\"{}\": \"\"", "/a".repeat(65));
    let many: Vec<String> =
        (0..1_700).map(|n| format!("\"/{n}{}\": \"\"", "/a".repeat(60))).collect();
    for (text, wanted, line) in [
        (of("\"/a\": \"nonsense\""), "`nonsense` says nothing of a value", 5),
        (of("\"/a\": \"bool number\""), "a default has one type", 5),
        (of("\"/a\": \"open open\""), "`open` is said twice", 5),
        (of("\"/a\": \"\",\n\"/a\": \"bool\""), "`/a` is there twice", 6),
        (of("\"a\": \"\""), "`a` is no path", 5),
        (of("\"/a~9\": \"\""), "`a~9` holds a `~` that stands for nothing", 5),
        (of("\"/a\": 1"), "invalid type: integer `1`, expected a text", 5),
        (of(&deep), "a path goes more than 64 deep", 5),
        (of(&many.join(",\n")), "more than 100000 places", 1_644),
        (of("\"/a\": \"\"").replace("\"keys\"", "\"hat\": 1, \"keys\""), "unknown field `hat`", 4),
        ("{}".to_owned(), "missing field `chart`", 1),
        (String::new(), "EOF while parsing", 1),
        ("[".repeat(100_000), "invalid type: sequence", 1),
    ] {
        let run = pinned("18.12.0", &text, "").build();
        run.is_refused("overlay/chart", "this is no contract of a chart: ");
        run.is_refused("overlay/chart", wanted);
        run.is_refused("overlay/chart", &format!("mine/loki.json:{line}:"));
    }
}

#[test]
fn a_contract_is_a_file_of_its_overlay() {
    let place = Place::with("charts:\n  loki: {version: 18.12.0, contract: loki.json}\n");
    place.build().is_refused("overlay/file", "`loki.json` cannot be read: there is no such file");
    place.write("mine/loki.json", vec![b' '; (1 << 20) + 1]);
    place.build().is_refused("overlay/file", "at most 1048576 are read");
    place.write("mine/loki.json", [0xff, 0xfe]);
    assert_eq!(place.build().code, 1);
    place.overlay("mine", "charts:\n  loki: {version: 18.12.0, contract: ../loki.json}\n");
    place.build().is_refused("spec/value", "`../loki.json` is not a file of the overlay");
}

#[test]
fn two_overlays_that_ask_for_different_versions_are_told_unless_one_builds_on_the_other() {
    let place = Place::new("./mine, ./other");
    let ask = |folder: &str, version: &str, more: &str| {
        let charts = format!("charts:\n  loki: {{version: {version}, contract: loki.json}}\n");
        place.overlay(folder, &format!("{more}{charts}"));
        place.write(&format!("{folder}/loki.json"), contract(version, same));
    };
    ask("mine", "18.12.0", "");
    ask("other", "18.13.0", "");
    let run = place.build();
    run.is_fine();
    assert_eq!(run.findings(), 1, "{}", run.stderr);
    assert!(run.stderr.contains("this undoes what the overlay `./mine` did: loki 18.12.0"));
    assert!(place.file("prerequisites.yaml").contains("18.13.0"));
    ask("other", "18.13.0", "overlays: [../mine]\n");
    assert_eq!(place.build().findings(), 0);
    ask("other", "18.12.0", "");
    assert_eq!(place.build().findings(), 0);
}

#[test]
fn settings_of_another_version_of_the_application_are_said_to_be_unchecked() {
    let newer = |text: String| {
        let is_said = |line: &&str| line.starts_with("\"application\"");
        let other = |line| if is_said(&line) { "\"application\": \"4.0.0\"," } else { line };
        let lines = text.lines().map(other);
        lines.collect::<Vec<_>>().join("\n")
    };
    let place = pinned("19.0.0", &contract("19.0.0", newer), "");
    let run = place.build();
    run.is_fine();
    assert_eq!(run.findings(), 1, "{}", run.stderr);
    assert!(run.stderr.contains("warning[settings/unchecked]: loki 19.0.0 deploys loki 4.0.0;"));
    assert!(run.stderr.contains("mine/overlay.yaml:5:19"), "{}", run.stderr);
    let allowed = "charts:\n  # telemetree: allow settings/unchecked: read the release notes\n  \
                   loki: {version: 19.0.0, contract: loki.json}\n";
    place.overlay("mine", allowed);
    assert_eq!(place.build().findings(), 0);
}

#[test]
fn a_patch_cannot_deploy_another_version_than_the_values_are_for() {
    let patch = "patches:\n- target: {kind: Application, name: .*-loki}\n  patch:\n  \
        - {op: test, path: /spec/sources/0/chart, value: loki}\n  \
        - {op: replace, path: /spec/sources/0/targetRevision, value: 18.12.0}\n";
    let place = Place::with(patch);
    delivered(&place, ARGO);
    let run = place.build();
    run.is_refused(
        "chart/version",
        "loki is deployed in version 18.12.0, and its values are for 18.11.0",
    );
    run.is_refused("chart/version", "mine/overlay.yaml:8:");
}

#[test]
fn a_tree_that_was_built_before_is_checked_with_a_contract_that_is_named() {
    let place = pinned("18.12.0", &contract("18.12.0", same), "");
    place.build().is_fine();
    let run = place.run_in("", &["check", "out"]);
    run.is_fine();
    assert_eq!(run.findings(), 1, "{}", run.stderr);
    assert!(run.stderr.contains("warning[chart/unchecked]: what loki 18.12.0 reads is not known"));
    let run = place.run_in("", &["check", "out", "--contract", "mine/loki.json"]);
    run.is_fine();
    assert_eq!(run.findings(), 0, "{}", run.stderr);
    let without = |text: String| {
        let lines = text.lines().filter(|line| !line.starts_with("\"/deploymentMode\""));
        lines.collect::<Vec<_>>().join("\n")
    };
    place.write("mine/loki.json", contract("18.12.0", without));
    let run = place.run_in("", &["check", "out", "--contract", "mine/loki.json"]);
    run.is_refused("chart/dead-key", "loki/values.yaml:");
    place.write("mine/loki.json", HEAD);
    let run = place.run_in("", &["check", "out", "--contract", "mine/loki.json"]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("mine/loki.json: line 1: expected value"), "{}", run.stderr);
}
