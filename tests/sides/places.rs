//! Where a command runs, and where its repository is.

use crate::repository::{EDIT, Repository, diff, diff_with, git, spec};
use std::path::Path;
use tempfile::TempDir;

#[test]
fn in_a_folder_of_the_repository_paths_are_from_there() {
    let repository = Repository::of_two();
    repository.write("other/cat.yaml", &spec("cat-test", ""));
    repository.write("specs/ant.yaml", &spec("ant-test", EDIT));
    let specs = repository.path("specs");
    assert_eq!(diff(&specs, &[]).workloads(), ["changed ant-test"]);
    assert_eq!(diff(&specs, &["ant.yaml"]).workloads(), ["changed ant-test"]);
    assert_eq!(diff(&specs, &["../other"]).workloads(), ["added cat-test"]);
    assert_eq!(diff(&specs, &["../other/../specs/ant.yaml"]).workloads(), ["changed ant-test"]);
    let whole = repository.path("specs");
    assert_eq!(
        diff(&repository.path("other"), &[whole.to_str().unwrap()]).workloads(),
        ["changed ant-test"]
    );
}

#[test]
fn in_a_folder_that_is_new_everything_is_added() {
    let repository = Repository::of_two();
    repository.write("new/cat.yaml", &spec("cat-test", ""));
    assert_eq!(diff(&repository.path("new"), &[]).workloads(), ["added cat-test"]);
}

#[test]
fn the_repository_is_that_of_the_files() {
    let repository = Repository::of_two();
    repository.write("specs/ant.yaml", &spec("ant-test", EDIT));
    let elsewhere = TempDir::new().unwrap();
    let specs = repository.path("specs");
    let answer = diff(elsewhere.path(), &[specs.to_str().unwrap()]);
    assert_eq!(answer.workloads(), ["changed ant-test"]);
}

#[test]
fn a_linked_work_tree_has_its_own_head_and_index() {
    let repository = Repository::of_two();
    let folder = TempDir::new().unwrap();
    let linked = folder.path().join("linked");
    let _ = repository.git(&["worktree", "add", "-q", "-b", "other", linked.to_str().unwrap()]);
    assert!(linked.join(".git").is_file());
    std::fs::write(linked.join("specs/ant.yaml"), spec("ant-test", EDIT)).unwrap();
    assert_eq!(diff(&linked, &[]).workloads(), ["changed ant-test"]);
    let _ = git(&linked, &["commit", "-q", "-a", "-m", "x"]);
    assert!(diff(&linked.join("specs"), &["--against", "HEAD"]).workloads().is_empty());
    assert_eq!(diff(&linked, &["--against", "main"]).workloads(), ["changed ant-test"]);
    assert!(repository.diff(&[]).workloads().is_empty());
}

#[test]
fn a_work_tree_may_have_its_repository_elsewhere() {
    let folder = TempDir::new().unwrap();
    let tree = folder.path().join("tree");
    std::fs::create_dir(&tree).unwrap();
    let _ = git(&tree, &["init", "-q", "--separate-git-dir", "../kept"]);
    std::fs::write(tree.join("a.yaml"), spec("ant-test", "")).unwrap();
    let _ = git(&tree, &["add", "-A"]);
    let _ = git(&tree, &["commit", "-q", "-m", "x"]);
    std::fs::write(tree.join("a.yaml"), spec("ant-test", EDIT)).unwrap();
    assert_eq!(diff(&tree, &[]).workloads(), ["changed ant-test"]);
}

#[test]
fn the_environment_of_a_hook_counts() {
    let repository = Repository::of_two();
    repository.write("specs/ant.yaml", &spec("ant-test", EDIT));
    // `git commit -a` has an index of its own while the hook runs.
    let other = repository.path(".git/other");
    let _ = std::fs::copy(repository.path(".git/index"), &other).unwrap();
    let index: &[(&str, &Path)] = &[("GIT_INDEX_FILE", &other)];
    assert!(diff_with(repository.top(), &["--staged"], index, "").workloads().is_empty());
    let _ = repository.git(&["add", "-A"]);
    assert!(diff_with(repository.top(), &["--staged"], index, "").workloads().is_empty());
    assert_eq!(repository.diff(&["--staged"]).workloads(), ["changed ant-test"]);

    let elsewhere = TempDir::new().unwrap();
    let (kept, top) = (repository.path(".git"), repository.top());
    let env: &[(&str, &Path)] = &[("GIT_DIR", &kept), ("GIT_WORK_TREE", top)];
    let specs = repository.path("specs");
    let answer = diff_with(elsewhere.path(), &[specs.to_str().unwrap()], env, "");
    assert_eq!(answer.workloads(), ["changed ant-test"]);
}

#[test]
fn a_repository_inside_of_another_is_left_out_and_named() {
    let inner = Repository::with(&[("a.yaml", &spec("inner-test", ""))]);
    let repository = Repository::of_two();
    let url = inner.top().to_str().unwrap();
    let _ = repository.git(&["submodule", "--quiet", "add", url, "sub"]);
    repository.commit();
    repository.write("specs/ant.yaml", &spec("ant-test", EDIT));
    let answer = repository.diff(&[]);
    assert_eq!(answer.workloads(), ["changed ant-test"]);
    assert!(answer.stderr.contains("sub is a repository of its own"), "{}", answer.stderr);
    // It is compared where it is named.
    repository.write("sub/a.yaml", &spec("inner-test", EDIT));
    assert_eq!(repository.diff(&["sub"]).workloads(), ["changed inner-test"]);
    assert_eq!(diff(&repository.path("sub"), &["."]).workloads(), ["changed inner-test"]);
}

#[test]
fn files_that_a_sparse_checkout_leaves_out_do_not_differ() {
    let repository = Repository::of_two();
    repository.write("other/cat.yaml", &spec("cat-test", ""));
    repository.commit();
    let _ = repository.git(&["sparse-checkout", "set", "--no-cone", "/specs/"]);
    assert!(!repository.path("other/cat.yaml").exists());
    assert!(repository.diff(&[]).workloads().is_empty());
}
