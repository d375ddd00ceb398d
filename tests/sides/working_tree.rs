//! The files as they are, or the index, with a revision.

use crate::repository::{EDIT, Repository, spec};

const NONE: [&str; 0] = [];

#[test]
fn nothing_differs_in_a_clean_checkout() {
    let repository = Repository::of_two();
    assert_eq!(repository.diff(&[]).workloads(), NONE);
    assert_eq!(repository.diff(&["--against", "HEAD"]).workloads(), NONE);
    assert_eq!(repository.diff(&["--staged"]).workloads(), NONE);
}

#[test]
fn only_the_workload_of_an_edited_spec_differs() {
    let repository = Repository::of_two();
    repository.write("specs/ant.yaml", &spec("ant-test", EDIT));
    let answer = repository.diff(&["--against", "HEAD"]);
    assert_eq!(answer.workloads(), ["changed ant-test"]);
    let id = repository.git(&["rev-parse", "--short=7", "HEAD"]);
    let title = format!("HEAD ({}) → working tree", id.trim());
    assert!(answer.stderr.contains(&title), "{}", answer.stderr);
}

#[test]
fn an_edit_of_the_same_length_in_the_same_moment_is_seen() {
    let repository =
        Repository::with(&[("a.yaml", &spec("ant-test", "  mimir: {retention: 30d}\n"))]);
    // Git cannot tell it by size, and hardly by time.
    repository.write("a.yaml", &spec("ant-test", "  mimir: {retention: 60d}\n"));
    assert_eq!(repository.diff(&[]).workloads(), ["changed ant-test"]);
}

#[test]
fn a_file_that_was_only_touched_does_not_differ() {
    let repository = Repository::of_two();
    let text = std::fs::read(repository.path("specs/ant.yaml")).unwrap();
    repository.remove("specs/ant.yaml");
    std::fs::write(repository.path("specs/ant.yaml"), text).unwrap();
    assert_eq!(repository.diff(&[]).workloads(), NONE);
}

#[test]
fn revisions_are_named_as_git_names_them() {
    let repository = Repository::of_two();
    repository.write("specs/ant.yaml", &spec("ant-test", EDIT));
    repository.commit();
    let _ = repository.git(&["tag", "-a", "-m", "x", "v1"]);
    repository.write("specs/bee.yaml", &spec("bee-test", EDIT));
    repository.commit();
    let id = repository.git(&["rev-parse", "HEAD~2"]);
    for (revision, expected) in [
        ("HEAD~1", vec!["changed bee-test"]),
        ("HEAD~2", vec!["changed ant-test", "changed bee-test"]),
        (id.trim(), vec!["changed ant-test", "changed bee-test"]),
        ("v1", vec!["changed bee-test"]),
        ("main", vec![]),
        ("@", vec![]),
    ] {
        let answer = repository.diff(&["--against", revision]);
        assert_eq!(answer.workloads(), expected, "{revision}");
    }
}

#[test]
fn the_default_is_where_the_branch_left_its_upstream() {
    let repository = Repository::of_two();
    let _ = repository.git(&["checkout", "-q", "-b", "change"]);
    let _ = repository.git(&["branch", "-q", "--set-upstream-to=main"]);
    repository.write("specs/ant.yaml", &spec("ant-test", EDIT));
    repository.commit();
    // What the other branch did since is not ours.
    let _ = repository.git(&["checkout", "-q", "main"]);
    repository.write("specs/bee.yaml", &spec("bee-test", EDIT));
    repository.commit();
    let _ = repository.git(&["checkout", "-q", "change"]);
    let answer = repository.diff(&[]);
    assert_eq!(answer.workloads(), ["changed ant-test"]);
    assert!(answer.stderr.contains("the merge base with main ("), "{}", answer.stderr);
}

#[test]
fn without_an_upstream_the_default_is_origins_branch() {
    let repository = Repository::of_two();
    let _ = repository.git(&["update-ref", "refs/remotes/origin/master", "HEAD"]);
    repository.write("specs/ant.yaml", &spec("ant-test", EDIT));
    repository.commit();
    let answer = repository.diff(&[]);
    assert_eq!(answer.workloads(), ["changed ant-test"]);
    assert!(answer.stderr.contains("the merge base with origin/master ("), "{}", answer.stderr);
    let _ = repository.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    assert_eq!(repository.diff(&[]).workloads(), NONE, "main comes before master");
}

#[test]
fn without_any_other_branch_the_default_is_the_last_commit_and_says_so() {
    let repository = Repository::of_two();
    repository.write("specs/ant.yaml", &spec("ant-test", EDIT));
    let answer = repository.diff(&[]);
    assert_eq!(answer.workloads(), ["changed ant-test"]);
    assert!(answer.stderr.contains("compared with HEAD ("), "{}", answer.stderr);
}

#[test]
fn a_detached_head_has_no_upstream() {
    let repository = Repository::of_two();
    let _ = repository.git(&["checkout", "-q", "--detach"]);
    repository.write("specs/ant.yaml", &spec("ant-test", EDIT));
    assert_eq!(repository.diff(&[]).workloads(), ["changed ant-test"]);
}

#[test]
fn what_is_staged_is_told_from_what_is_not() {
    let repository = Repository::of_two();
    repository.write("specs/ant.yaml", &spec("ant-test", EDIT));
    let _ = repository.git(&["add", "specs/ant.yaml"]);
    repository.write("specs/bee.yaml", &spec("bee-test", EDIT));
    let staged = repository.diff(&["--staged"]);
    assert_eq!(staged.workloads(), ["changed ant-test"]);
    assert!(staged.stderr.contains("→ index"), "{}", staged.stderr);
    assert_eq!(
        repository.diff(&["--against", "HEAD"]).workloads(),
        ["changed ant-test", "changed bee-test"]
    );
    repository.write("specs/ant.yaml", &spec("ant-test", ""));
    assert_eq!(repository.diff(&["--staged"]).workloads(), ["changed ant-test"]);
    assert_eq!(repository.diff(&[]).workloads(), ["changed bee-test"]);
}

#[test]
fn the_index_is_compared_with_the_revision_that_is_named() {
    let repository = Repository::of_two();
    repository.write("specs/ant.yaml", &spec("ant-test", EDIT));
    repository.commit();
    repository.write("specs/bee.yaml", &spec("bee-test", EDIT));
    let _ = repository.git(&["add", "-A"]);
    assert_eq!(
        repository.diff(&["--staged", "--against", "HEAD~1"]).workloads(),
        ["changed ant-test", "changed bee-test"]
    );
}

#[test]
fn comparing_the_index_writes_nothing_into_the_repository() {
    let repository = Repository::of_two();
    repository.write("specs/ant.yaml", &spec("ant-test", EDIT));
    let _ = repository.git(&["add", "-A"]);
    let state = || {
        let mut all: Vec<_> = walkdir::WalkDir::new(repository.path(".git"))
            .into_iter()
            .map(Result::unwrap)
            .map(|entry| (entry.path().to_owned(), entry.metadata().unwrap().modified().unwrap()))
            .collect();
        all.sort();
        all
    };
    let before = state();
    assert_eq!(repository.diff(&["--staged"]).workloads(), ["changed ant-test"]);
    assert!(state() == before, "a diff leaves the repository as it is");
}

#[test]
fn a_file_that_is_only_announced_to_git_is_not_staged() {
    let repository = Repository::of_two();
    repository.write("specs/cat.yaml", &spec("cat-test", ""));
    let _ = repository.git(&["add", "-N", "specs/cat.yaml"]);
    assert_eq!(repository.diff(&["--staged"]).workloads(), NONE);
    assert_eq!(repository.diff(&[]).workloads(), ["added cat-test"]);
}

#[test]
fn files_that_git_does_not_know_or_ignores_are_part_of_the_files_as_they_are() {
    let repository = Repository::of_two();
    repository.write(".gitignore", "ignored.yaml\n");
    repository.write("specs/new.yaml", &spec("new-test", ""));
    repository.write("specs/ignored.yaml", &spec("ignored-test", ""));
    assert_eq!(repository.diff(&[]).workloads(), ["added ignored-test", "added new-test"]);
}

#[test]
fn a_removed_spec_is_on_the_old_side_only() {
    let repository = Repository::of_two();
    repository.remove("specs/bee.yaml");
    assert_eq!(repository.diff(&[]).workloads(), ["removed bee-test"]);
    assert_eq!(repository.diff(&["specs/bee.yaml"]).workloads(), ["removed bee-test"]);
    assert_eq!(repository.diff(&["specs/ant.yaml"]).workloads(), NONE);
    let _ = repository.git(&["add", "-A"]);
    assert_eq!(repository.diff(&["--staged"]).workloads(), ["removed bee-test"]);
}

#[test]
fn a_workload_keeps_its_name_when_its_file_gets_another() {
    let repository = Repository::of_two();
    repository.remove("specs/bee.yaml");
    repository.write("other/bumblebee.yaml", &spec("bee-test", ""));
    assert_eq!(repository.diff(&[]).workloads(), NONE);
    repository.write("other/bumblebee.yaml", &spec("bee-test", EDIT));
    assert_eq!(repository.diff(&[]).workloads(), ["changed bee-test"]);
    // Within a folder that it left it is gone.
    assert_eq!(repository.diff(&["specs"]).workloads(), ["removed bee-test"]);
}

#[test]
fn files_that_are_no_inputs_affect_nobody() {
    let repository = Repository::of_two();
    repository.write("README.md", "x");
    repository.write("specs/notes.yaml", "a: 1\n");
    repository.write("specs/.hidden.yaml", &spec("hidden-test", ""));
    repository.write("rendered/x/20250115/.telemetree.json", "{}");
    repository.write("rendered/x/20250115/values.yaml", &spec("built-test", ""));
    assert_eq!(repository.diff(&[]).workloads(), NONE);
}

#[test]
fn line_ends_alone_are_no_difference() {
    let repository = Repository::of_two();
    let text = spec("ant-test", "").replace('\n', "\r\n");
    repository.write("specs/ant.yaml", &text);
    assert_eq!(repository.diff(&[]).workloads(), NONE, "whatever the attributes say");
    // As Windows checks files out.
    let _ = repository.git(&["config", "core.autocrlf", "true"]);
    repository.remove("specs/bee.yaml");
    let _ = repository.git(&["checkout", "-q", "--", "specs/bee.yaml"]);
    let bee = std::fs::read_to_string(repository.path("specs/bee.yaml")).unwrap();
    assert!(bee.contains("\r\n"), "git has written other line ends");
    assert_eq!(repository.diff(&[]).workloads(), NONE);
    repository.write("specs/ant.yaml", &spec("ant-test", EDIT).replace('\n', "\r\n"));
    assert_eq!(repository.diff(&[]).workloads(), ["changed ant-test"]);
}

#[test]
fn workloads_are_filtered_as_in_other_commands() {
    let repository = Repository::of_two();
    repository.write("specs/ant.yaml", &spec("ant-test", EDIT));
    repository.write("specs/bee.yaml", &spec("bee-test", EDIT));
    assert_eq!(repository.diff(&["--workload", "a*"]).workloads(), ["changed ant-test"]);
    assert_eq!(repository.diff(&["specs/bee.yaml"]).workloads(), ["changed bee-test"]);
    let hyphen = repository.diff(&["-j", "1", "specs"]);
    assert_eq!(hyphen.workloads(), ["changed ant-test", "changed bee-test"]);
}

#[test]
fn a_spec_that_does_not_compile_now_is_an_error_at_its_line() {
    let repository = Repository::of_two();
    repository.write("specs/ant.yaml", &spec("ant-test", "  mimirr: {}\n"));
    let answer = repository.diff(&[]);
    assert!(answer.complaint().contains("specs/ant.yaml:9:3"), "{}", answer.stderr);
}

#[test]
fn before_the_first_commit_everything_is_new() {
    let repository = Repository::empty();
    repository.write("a.yaml", &spec("ant-test", ""));
    let answer = repository.diff(&[]);
    assert_eq!(answer.workloads(), ["added ant-test"]);
    assert!(answer.stderr.contains("there is no commit yet"), "{}", answer.stderr);
    assert_eq!(repository.diff(&["--staged"]).workloads(), NONE);
    let _ = repository.git(&["add", "-A"]);
    assert_eq!(repository.diff(&["--staged"]).workloads(), ["added ant-test"]);
}
