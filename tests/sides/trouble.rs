//! What stands in the way is said in words, and never by a panic.

use crate::repository::{EDIT, Repository, diff, git, spec};
use tempfile::TempDir;

#[test]
fn a_folder_in_no_repository_is_told_what_else_can_be_compared() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("a.yaml"), spec("ant-test", "")).unwrap();
    let answer = diff(folder.path(), &[]);
    assert!(answer.complaint().contains("lies in no git repository"), "{}", answer.stderr);
    assert!(answer.stderr.contains("--against"), "{}", answer.stderr);
}

#[test]
fn a_word_that_means_two_things_is_told_how_to_write_each() {
    let repository = Repository::of_two();
    repository.write("main/cat.yaml", &spec("cat-test", ""));
    let answer = repository.diff(&["--against", "main"]);
    let complaint = answer.complaint();
    assert!(complaint.contains("both a path and a revision"), "{complaint}");
    assert!(
        complaint.contains("`./main`") && complaint.contains("`refs/heads/main`"),
        "{complaint}"
    );
    assert_eq!(repository.diff(&["--against", "refs/heads/main"]).workloads(), ["added cat-test"]);
    let path = repository.diff(&["specs", "--against", "./main"]);
    assert_eq!(path.workloads(), ["added ant-test", "added bee-test", "removed cat-test"]);
}

#[test]
fn a_word_that_means_nothing_is_an_error() {
    let repository = Repository::of_two();
    let answer = repository.diff(&["--against", "mian"]);
    let complaint = answer.complaint();
    assert!(complaint.contains("`mian` is no file or folder"), "{complaint}");
    assert!(complaint.contains("no revision `mian`"), "{complaint}");
    let answer = repository.diff(&["--against", "./mian"]);
    assert!(answer.complaint().contains("there is no file or folder `./mian`"));
    let answer = repository.diff(&["--against", "HEAD:specs"]);
    assert!(answer.complaint().contains("`HEAD:specs`"), "{}", answer.stderr);
}

#[test]
fn a_path_outside_of_the_repository_is_an_error() {
    let repository = Repository::of_two();
    let elsewhere = TempDir::new().unwrap();
    std::fs::write(elsewhere.path().join("a.yaml"), spec("ant-test", "")).unwrap();
    let other = elsewhere.path().join("a.yaml");
    let answer = repository.diff(&["specs", other.to_str().unwrap()]);
    assert!(answer.complaint().contains("is outside of the repository"), "{}", answer.stderr);
    let answer = repository.diff(&["specs", "../nothing.yaml"]);
    assert!(answer.complaint().contains("is outside of the repository"), "{}", answer.stderr);
}

#[test]
fn a_path_that_is_on_neither_side_is_an_error() {
    let repository = Repository::of_two();
    let answer = repository.diff(&["specs/dog.yaml"]);
    assert!(answer.complaint().contains("`specs/dog.yaml` on either side"), "{}", answer.stderr);
}

#[test]
fn a_bare_repository_has_no_files() {
    let folder = TempDir::new().unwrap();
    let _ = git(folder.path(), &["init", "-q", "--bare"]);
    let answer = diff(folder.path(), &[]);
    assert!(answer.complaint().contains("is a bare repository"), "{}", answer.stderr);
}

#[test]
fn a_shallow_clone_says_how_to_get_the_rest() {
    let repository = Repository::of_two();
    repository.write("specs/ant.yaml", &spec("ant-test", EDIT));
    repository.commit();
    let folder = TempDir::new().unwrap();
    let url = format!("file://{}", repository.top().display());
    let _ = git(folder.path(), &["clone", "-q", "--depth", "1", &url, "clone"]);
    let clone = folder.path().join("clone");
    let answer = diff(&clone, &["--against", "HEAD~1"]);
    assert!(answer.complaint().contains("git fetch --unshallow"), "{}", answer.stderr);
    // Histories of which the common part is missing.
    let _ = git(&clone, &["checkout", "-q", "--orphan", "other"]);
    let _ = git(&clone, &["commit", "-q", "-m", "x"]);
    let answer = diff(&clone, &[]);
    assert!(answer.complaint().contains("no commit in common here"), "{}", answer.stderr);
    assert!(answer.stderr.contains("git fetch --unshallow"), "{}", answer.stderr);
}

#[test]
fn a_partial_clone_is_refused_in_words() {
    let repository = Repository::of_two();
    let _ = repository.git(&["config", "uploadpack.allowFilter", "true"]);
    let folder = TempDir::new().unwrap();
    let url = format!("file://{}", repository.top().display());
    let args = ["clone", "-q", "--no-checkout", "--filter=blob:none", &url, "clone"];
    let _ = git(folder.path(), &args);
    let answer = diff(&folder.path().join("clone"), &[]);
    assert!(answer.complaint().contains("clone"), "{}", answer.stderr);
}

#[test]
fn content_that_is_missing_is_named() {
    let repository = Repository::of_two();
    let id = repository.git(&["rev-parse", "HEAD:specs/ant.yaml"]);
    let (start, end) = id.trim().split_at(2);
    let object = repository.path(&format!(".git/objects/{start}/{end}"));
    std::fs::remove_file(object).unwrap();
    repository.write("specs/ant.yaml", &spec("ant-test", EDIT));
    let answer = repository.diff(&[]);
    let complaint = answer.complaint();
    assert!(complaint.contains("specs/ant.yaml"), "{complaint}");
    assert!(complaint.contains("lacks its content"), "{complaint}");
}

#[test]
fn a_pointer_of_git_lfs_is_no_spec() {
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n";
    let repository = Repository::with(&[("a.yaml", pointer)]);
    repository.write("a.yaml", &spec("ant-test", ""));
    let answer = repository.diff(&[]);
    assert!(answer.complaint().contains("Git LFS keeps its content"), "{}", answer.stderr);
    assert!(answer.stderr.contains("a.yaml"), "{}", answer.stderr);
}

#[test]
fn conflicts_of_a_merge_are_to_be_resolved_first() {
    let repository = Repository::of_two();
    let _ = repository.git(&["checkout", "-q", "-b", "other"]);
    repository.write("specs/ant.yaml", &spec("ant-test", EDIT));
    repository.commit();
    let _ = repository.git(&["checkout", "-q", "main"]);
    repository.write("specs/ant.yaml", &spec("ant-test", "  mimir: {retention: 90d}\n"));
    repository.commit();
    let merged = std::process::Command::new("git")
        .args(["-c", "user.name=a", "-c", "user.email=a@example.com", "merge", "-q", "other"])
        .current_dir(repository.top())
        .output()
        .unwrap();
    assert!(!merged.status.success(), "the branches disagree");
    let answer = repository.diff(&["--staged"]);
    assert!(answer.complaint().contains("conflicts of a merge"), "{}", answer.stderr);
}

#[cfg(unix)]
#[test]
fn links_are_followed_inside_of_a_revision_and_never_out_of_it() {
    use std::os::unix::fs::symlink;
    let outside = TempDir::new().unwrap();
    std::fs::write(outside.path().join("a.yaml"), spec("ant-test", "")).unwrap();
    let repository = Repository::of_two();
    repository.write("specs/own.yaml", &spec("own-test", ""));
    repository.commit();
    for (target, why) in [
        (outside.path().join("a.yaml").to_str().unwrap(), "outside of the repository"),
        ("../../../../../../a.yaml", "on either side"),
        ("link.yaml", "on either side"),
    ] {
        symlink(target, repository.path("specs/link.yaml")).unwrap();
        repository.commit();
        let answer = repository.diff(&["specs/link.yaml", "--against", "HEAD"]);
        assert!(answer.complaint().contains(why), "{target}: {}", answer.stderr);
        repository.remove("specs/link.yaml");
    }
    symlink("./specs/../specs/own.yaml", repository.path("link.yaml")).unwrap();
    repository.commit();
    repository.write("specs/own.yaml", &spec("own-test", EDIT));
    assert_eq!(repository.diff(&["link.yaml"]).workloads(), ["changed own-test"]);
    repository.commit();
    let answer = repository.diff(&["link.yaml", "--against", "HEAD~1"]);
    assert_eq!(answer.workloads(), ["changed own-test"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_document_whose_name_is_no_text_is_an_error() {
    use std::os::unix::ffi::OsStrExt as _;
    let repository = Repository::of_two();
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.yaml");
    std::fs::write(repository.top().join(name), spec("ant-test", "")).unwrap();
    assert!(repository.diff(&[]).complaint().contains("not UTF-8"));
    repository.commit();
    std::fs::remove_file(repository.top().join(name)).unwrap();
    assert!(repository.diff(&[]).complaint().contains("not UTF-8"));
    // Other names are none of ours.
    let _ = repository.git(&["commit", "-q", "-a", "-m", "x"]);
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.txt");
    std::fs::write(repository.top().join(name), "x").unwrap();
    repository.commit();
    assert!(repository.diff(&[]).workloads().is_empty());
}

#[cfg(unix)]
#[test]
fn a_repository_of_another_user_is_refused_with_help() {
    let repository = Repository::of_two();
    // Only who may give files away can try it.
    if std::os::unix::fs::chown(repository.path(".git"), Some(12345), None).is_err()
        || std::os::unix::fs::chown(repository.top(), Some(12345), None).is_err()
    {
        return;
    }
    let answer = repository.diff(&[]);
    let complaint = answer.complaint();
    assert!(complaint.contains("belongs to another user"), "{complaint}");
    assert!(complaint.contains("git config --global --add safe.directory"), "{complaint}");
}
