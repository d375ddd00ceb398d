//! What many workloads share: overlays and fleets.

use crate::repository::{Repository, run, spec};

const NONE: [&str; 0] = [];

fn overlay(replicas: usize, more: &str) -> String {
    format!(
        "apiVersion: telemetree/v1\nkind: Overlay\nwhy: a test\n{more}values: \
         {{grafana: {{replicas: {replicas}}}}}\n"
    )
}

const PATCHES: &str = "patches: [{target: {kind: Namespace}, path: label.yaml}]\n";

fn label(value: &str) -> String {
    format!("metadata: {{labels: {{team: {value}}}}}\n")
}

/// Three specs: one with an overlay, one with another that builds on it, one with none.
fn with_overlays() -> Repository {
    Repository::with(&[
        ("specs/ant.yaml", &spec("ant-test", "  overlays: [../overlays/base]\n")),
        ("specs/bee.yaml", &spec("bee-test", "  overlays: [../overlays/prod]\n")),
        ("specs/cat.yaml", &spec("cat-test", "")),
        ("overlays/base/overlay.yaml", &overlay(2, PATCHES)),
        ("overlays/base/label.yaml", &label("one")),
        ("overlays/prod/overlay.yaml", &overlay(3, "overlays: [../base]\n")),
    ])
}

fn fleet(defaults: &str) -> String {
    format!(
        "apiVersion: telemetree/v1\nkind: Fleet\nspec:\n  workloads: [\"members/*.yaml\"]\n  \
         defaults: {{{defaults}}}\n"
    )
}

/// A fleet of two, in a file of some name, and a spec that is none of it.
fn with_fleet(file: &str) -> Repository {
    Repository::with(&[
        (file, &fleet("mimir: {retention: 30d}")),
        ("members/ant.yaml", &spec("ant-test", "")),
        ("members/bee.yaml", &spec("bee-test", "")),
        ("alone/cat.yaml", &spec("cat-test", "")),
    ])
}

#[test]
fn an_overlay_affects_who_uses_it_also_through_another_one() {
    let repository = with_overlays();
    repository.write("overlays/base/overlay.yaml", &overlay(4, PATCHES));
    let answer = repository.diff(&[]);
    // The other overlay still says three, so nothing changes for its user.
    assert_eq!(answer.workloads(), ["changed ant-test"]);
    repository.commit();
    repository.write("overlays/prod/overlay.yaml", &overlay(5, "overlays: [../base]\n"));
    assert_eq!(repository.diff(&[]).workloads(), ["changed bee-test"]);
}

#[test]
fn a_file_of_an_overlay_affects_who_uses_the_overlay() {
    let repository = with_overlays();
    repository.write("overlays/base/label.yaml", &label("two"));
    let both = ["changed ant-test", "changed bee-test"];
    assert_eq!(repository.diff(&[]).workloads(), both);
    assert_eq!(repository.diff(&["specs/ant.yaml"]).workloads(), ["changed ant-test"]);
    assert_eq!(repository.diff(&["--staged"]).workloads(), NONE);
    let _ = repository.git(&["add", "-A"]);
    assert_eq!(repository.diff(&["--staged"]).workloads(), both);
}

#[test]
fn an_overlay_that_is_new_affects_who_lists_it() {
    let repository = with_overlays();
    repository.write("specs/cat.yaml", &spec("cat-test", "  overlays: [./own]\n"));
    repository.write("specs/own/overlay.yaml", &overlay(7, ""));
    assert_eq!(repository.diff(&[]).workloads(), ["changed cat-test"]);
}

#[test]
fn an_overlay_that_went_away_is_an_error_of_its_users() {
    let repository = with_overlays();
    repository.remove("overlays/prod/overlay.yaml");
    let answer = repository.diff(&[]);
    assert!(answer.complaint().contains("`overlays/prod` cannot be read"), "{}", answer.stderr);
    assert!(answer.stderr.contains("bee.yaml"), "{}", answer.stderr);
    assert!(!answer.stderr.contains("ant.yaml"), "{}", answer.stderr);
}

#[test]
fn an_overlay_in_a_hidden_folder_counts_if_git_knows_it() {
    let repository = Repository::with(&[
        ("ant.yaml", &spec("ant-test", "  overlays: [./.shared/base]\n")),
        (".shared/base/overlay.yaml", &overlay(2, "")),
    ]);
    repository.write(".shared/base/overlay.yaml", &overlay(3, ""));
    assert_eq!(repository.diff(&[]).workloads(), ["changed ant-test"]);
}

#[test]
fn an_overlay_above_the_folder_that_is_named_counts() {
    let repository = with_overlays();
    repository.write("overlays/base/label.yaml", &label("two"));
    assert_eq!(repository.diff(&["specs"]).workloads(), ["changed ant-test", "changed bee-test"]);
    assert_eq!(
        repository.diff(&["specs", "--root", "."]).workloads(),
        ["changed ant-test", "changed bee-test"]
    );
}

#[cfg(unix)]
#[test]
fn an_overlay_that_a_link_leads_to_counts() {
    let repository = Repository::with(&[
        ("specs/ant.yaml", &spec("ant-test", "  overlays: [./shared]\n")),
        ("overlays/base/overlay.yaml", &overlay(2, "")),
    ]);
    std::os::unix::fs::symlink("../overlays/base", repository.path("specs/shared")).unwrap();
    repository.commit();
    repository.write("overlays/base/overlay.yaml", &overlay(3, ""));
    assert_eq!(repository.diff(&[]).workloads(), ["changed ant-test"]);
    repository.commit();
    assert_eq!(repository.diff(&["--against", "HEAD~1"]).workloads(), ["changed ant-test"]);
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_elsewhere_now_is_a_change() {
    let repository = Repository::with(&[
        ("specs/ant.yaml", &spec("ant-test", "  overlays: [./shared]\n")),
        ("overlays/base/overlay.yaml", &overlay(2, "")),
        ("overlays/prod/overlay.yaml", &overlay(3, "")),
    ]);
    let link = repository.path("specs/shared");
    std::os::unix::fs::symlink("../overlays/base", &link).unwrap();
    repository.commit();
    std::fs::remove_file(&link).unwrap();
    std::os::unix::fs::symlink("../overlays/prod", &link).unwrap();
    assert_eq!(repository.diff(&[]).workloads(), ["changed ant-test"]);
}

#[test]
fn a_fleet_affects_its_members_and_nobody_else() {
    let repository = with_fleet("fleet.yaml");
    repository.write("fleet.yaml", &fleet("mimir: {retention: 60d}"));
    let both = ["changed ant-test", "changed bee-test"];
    assert_eq!(repository.diff(&[]).workloads(), both);
    assert_eq!(repository.diff(&["fleet.yaml"]).workloads(), both);
    assert_eq!(repository.diff(&["members/bee.yaml"]).workloads(), ["changed bee-test"]);
    assert_eq!(repository.diff(&["alone"]).workloads(), NONE);
}

#[test]
fn a_member_is_compared_with_its_fleets_defaults_under_it() {
    for file in ["fleet.yaml", "europe.yaml"] {
        let repository = with_fleet(file);
        repository.write("members/ant.yaml", &spec("ant-test", "  mimir: {retention: 30d}\n"));
        // It says itself now what its fleet says: only the digest of the spec is another one.
        assert_eq!(repository.diff(&[]).workloads(), NONE, "{file}");
        repository.write("members/ant.yaml", &spec("ant-test", "  mimir: {retention: 60d}\n"));
        let answer = run(&repository.path(""), &[file], &[], "");
        assert!(answer.stdout.contains("30d → 60d"), "{file}: {}", answer.stdout);
    }
}

#[test]
fn a_fleet_that_is_gone_takes_its_defaults_along() {
    let repository = with_fleet("fleet.yaml");
    repository.remove("fleet.yaml");
    assert_eq!(repository.diff(&[]).workloads(), ["changed ant-test", "changed bee-test"]);
}

#[test]
fn a_fleet_that_takes_in_a_spec_changes_it() {
    let repository = with_fleet("fleet.yaml");
    let text = fleet("mimir: {retention: 30d}").replace("members/*", "*/*");
    repository.write("fleet.yaml", &text);
    assert_eq!(repository.diff(&[]).workloads(), ["changed cat-test"]);
}

#[test]
fn a_folder_of_built_trees_is_compared_file_by_file() {
    let repository = Repository::of_two();
    for workload in ["ant-test", "bee-test"] {
        let folder = format!("rendered/{workload}/20250115");
        repository.write(&format!("{folder}/.telemetree.json"), "{}");
        repository.write(&format!("{folder}/mimir/values.yaml"), "a: 1\n");
        repository.write(&format!("{folder}/alloy/config.alloy"), "logging {}\n");
    }
    repository.commit();
    assert_eq!(repository.diff(&["rendered"]).workloads(), NONE);
    repository.write("rendered/ant-test/20250115/alloy/config.alloy", "// y\nlogging {}\n");
    assert_eq!(repository.diff(&["rendered"]).workloads(), NONE, "a comment means nothing");
    let text = "logging { level = \"debug\" }\n";
    repository.write("rendered/ant-test/20250115/alloy/config.alloy", text);
    assert_eq!(repository.diff(&["rendered"]).workloads(), ["changed ant-test"]);
    assert_eq!(repository.diff(&["rendered", "--staged"]).workloads(), NONE);
    let _ = repository.git(&["add", "-A"]);
    assert_eq!(repository.diff(&["rendered", "--staged"]).workloads(), ["changed ant-test"]);
    assert_eq!(repository.diff(&[]).workloads(), NONE, "a tree is no input");
}
