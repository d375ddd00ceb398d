//! Sides that are no states of one work tree: folders, specs, stdin, trees that were built.

use crate::repository::{EDIT, Repository, diff, diff_with, spec};
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

/// Two folders of specs, in no repository.
fn folders() -> TempDir {
    let folder = TempDir::new().unwrap();
    for (path, name, more) in [
        ("old/ant.yaml", "ant-test", ""),
        ("old/bee.yaml", "bee-test", ""),
        ("old/cat.yaml", "cat-test", ""),
        ("new/ant.yaml", "ant-test", EDIT),
        ("new/moved/bee.yaml", "bee-test", ""),
        ("new/dog.yaml", "dog-test", ""),
    ] {
        write(folder.path(), path, &spec(name, more));
    }
    folder
}

#[test]
fn folders_are_compared_by_the_names_of_workloads() {
    let folder = folders();
    let answer = diff(folder.path(), &["new", "--against", "old"]);
    let expected = ["changed ant-test", "removed cat-test", "added dog-test"];
    assert_eq!(answer.workloads(), expected);
    assert!(answer.stderr.contains("old → new"), "{}", answer.stderr);
    let filtered = diff(folder.path(), &["new", "--against", "./old", "--workload", "d*"]);
    assert_eq!(filtered.workloads(), ["added dog-test"]);
}

#[test]
fn a_spec_is_compared_with_another_whatever_they_are_called() {
    let folder = folders();
    let answer = diff(folder.path(), &["new/dog.yaml", "--against", "old/cat.yaml"]);
    assert_eq!(answer.workloads(), ["changed dog-test"]);
    let same = diff(folder.path(), &["new/moved/bee.yaml", "--against", "old/bee.yaml"]);
    assert!(same.workloads().is_empty());
}

#[test]
fn a_spec_on_stdin_is_either_side() {
    let folder = folders();
    let old = spec("ant-test", "");
    let before = diff_with(folder.path(), &["new/ant.yaml", "--against", "-"], &[], &old);
    assert_eq!(before.workloads(), ["changed ant-test"]);
    assert!(before.stderr.contains("<stdin> → new/ant.yaml"), "{}", before.stderr);
    let after = diff_with(folder.path(), &["-", "--against", "old/ant.yaml"], &[], &old);
    assert!(after.workloads().is_empty());
    let new = spec("ant-test", EDIT);
    let after = diff_with(folder.path(), &["-", "--against", "old/ant.yaml"], &[], &new);
    assert_eq!(after.workloads(), ["changed ant-test"]);
}

#[test]
fn a_spec_on_stdin_has_no_past() {
    let folder = folders();
    for (args, why) in [
        (vec!["-"], "a spec on stdin is in no revision"),
        (vec!["-", "--staged"], "a spec on stdin is in no revision"),
        (vec!["-", "--against", "-"], "one spec can be on stdin"),
        (vec!["-", "--staged", "--against", "old"], "leave out --staged"),
    ] {
        let answer = diff_with(folder.path(), &args, &[], &spec("ant-test", ""));
        assert!(answer.complaint().contains(why), "{args:?}: {}", answer.stderr);
    }
}

#[test]
fn an_overlay_makes_the_difference_between_equal_specs() {
    let folder = TempDir::new().unwrap();
    for (side, replicas) in [("old", 2), ("new", 3)] {
        let users = spec("ant-test", "  overlays: [./shared]\n");
        write(folder.path(), &format!("{side}/ant.yaml"), &users);
        write(folder.path(), &format!("{side}/bee.yaml"), &spec("bee-test", ""));
        let overlay = format!(
            "apiVersion: telemetree/v1\nkind: Overlay\nwhy: a test\nvalues: \
             {{grafana: {{replicas: {replicas}}}}}\n"
        );
        write(folder.path(), &format!("{side}/shared/overlay.yaml"), &overlay);
    }
    let answer = diff(folder.path(), &["new", "--against", "old"]);
    assert_eq!(answer.workloads(), ["changed ant-test"]);
}

#[test]
fn specs_are_compared_with_the_trees_that_were_built() {
    let folder = folders();
    let built = Command::new(env!("CARGO_BIN_EXE_telemetree"))
        .args(["build", "-q", "old", "-o", "rendered"])
        .current_dir(folder.path())
        .status()
        .unwrap();
    assert!(built.success());
    let same = diff(folder.path(), &["old", "--against", "rendered"]);
    assert!(same.workloads().is_empty(), "{}", same.stdout);
    let answer = diff(folder.path(), &["new", "--against", "rendered"]);
    let expected = ["changed ant-test", "removed cat-test", "added dog-test"];
    assert_eq!(answer.workloads(), expected);
}

#[test]
fn the_index_is_compared_with_a_folder() {
    let repository = Repository::of_two();
    let folder = folders();
    repository.write("specs/ant.yaml", &spec("ant-test", EDIT));
    let old = folder.path().join("old");
    let args = ["--staged", "--against", old.to_str().unwrap()];
    assert_eq!(repository.diff(&args).workloads(), ["removed cat-test"]);
    let _ = repository.git(&["add", "-A"]);
    assert_eq!(repository.diff(&args).workloads(), ["changed ant-test", "removed cat-test"]);
}

#[test]
fn a_folder_without_specs_and_trees_is_an_error() {
    let folder = folders();
    std::fs::create_dir(folder.path().join("empty")).unwrap();
    let answer = diff(folder.path(), &["new", "--against", "empty"]);
    assert!(answer.complaint().contains("empty: no workload spec was found"), "{}", answer.stderr);
}
