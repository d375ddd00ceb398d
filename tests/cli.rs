//! The binary as its users meet it: exit codes, what it writes, and what it leaves alone.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::disallowed_macros,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::format_push_string,
    clippy::format_collect,
    clippy::case_sensitive_file_extension_comparisons,
    clippy::struct_excessive_bools,
    reason = "tests look at the world and fail by panicking"
)]

mod support;

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use support::{Files, cases, difference, read_folder, root};
use tempfile::TempDir;

/// A folder of its own with the minimal AWS spec in it.
struct Place {
    folder: TempDir,
}

/// What a run left behind.
struct Run {
    code: i32,
    stdout: String,
    stderr: String,
}

impl From<Output> for Run {
    fn from(output: Output) -> Run {
        Run {
            code: output.status.code().expect("it ends by itself"),
            stdout: String::from_utf8(output.stdout).expect("text"),
            stderr: String::from_utf8(output.stderr).expect("text"),
        }
    }
}

fn binary() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_telemetree"));
    let _ = command.stdin(Stdio::null());
    command
}

impl Place {
    fn new() -> Place {
        let place = Place { folder: TempDir::new().unwrap() };
        let spec =
            std::fs::read_to_string(root().join("golden/aws-minimal/workload.yaml")).unwrap();
        place.write("workload.yaml", &spec);
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        std::fs::write(self.path(name), text).unwrap();
    }

    fn edit(&self, name: &str, from: &str, to: &str) {
        let text = std::fs::read_to_string(self.path(name)).unwrap();
        assert!(text.contains(from), "{name} holds `{from}`");
        self.write(name, &text.replace(from, to));
    }

    fn run(&self, args: &[&str]) -> Run {
        binary().args(args).current_dir(self.folder.path()).output().unwrap().into()
    }

    fn build(&self) -> Run {
        self.run(&["build", "workload.yaml", "-o", "out"])
    }

    fn files(&self) -> Files {
        read_folder(&self.path("out"))
    }
}

const CLUSTER: &str = "out/ganso01-staging/20250115";

#[test]
fn a_build_writes_the_golden_tree_and_a_second_one_changes_nothing() {
    let place = Place::new();
    let first = place.build();
    assert_eq!((first.code, first.stdout.as_str()), (0, ""), "{}", first.stderr);
    let expected = read_folder(&root().join("golden/aws-minimal/expected"));
    assert_eq!(difference(&expected, &place.files()), "");
    let before = std::fs::metadata(place.path(CLUSTER)).unwrap().modified().unwrap();
    let second = place.build();
    assert!(second.stderr.contains("0 files created, 0 replaced, 0 removed"), "{}", second.stderr);
    assert_eq!(std::fs::metadata(place.path(CLUSTER)).unwrap().modified().unwrap(), before);
}

#[test]
fn threads_and_working_directories_change_no_byte() {
    let all = |jobs: &str, folder: &Path| -> Files {
        let out = TempDir::new().unwrap();
        let status = binary()
            .args(["build", "-q", "-j", jobs, "-o"])
            .arg(out.path())
            .arg(root().join("golden"))
            .current_dir(folder)
            .status()
            .unwrap();
        assert!(status.success());
        read_folder(out.path())
    };
    let elsewhere = TempDir::new().unwrap();
    let one = all("1", &root());
    assert_eq!(difference(&one, &all("8", elsewhere.path())), "");
    let mut expected = Files::new();
    cases().iter().for_each(|case| expected.extend(read_folder(&case.folder.join("expected"))));
    assert_eq!(difference(&expected, &one), "");
}

#[test]
fn files_that_are_no_longer_made_are_removed_and_strangers_stay() {
    let place = Place::new();
    assert_eq!(place.build().code, 0);
    place.write(&format!("{CLUSTER}/loki/notes.md"), "mine");
    place.write("out/ganso01-staging/README.md", "mine too");
    place.edit("workload.yaml", "spec:", "spec:\n  grafana: {dashboards: {oomDebugging: false}}");
    let run = place.build();
    assert!(run.stderr.contains("1 removed"), "{}", run.stderr);
    let files = place.files();
    assert!(!files.keys().any(|path| path.contains("dashboards")));
    assert_eq!(files["ganso01-staging/20250115/loki/notes.md"], "mine");
    assert_eq!(files["ganso01-staging/README.md"], "mine too");
}

#[cfg(unix)]
#[test]
fn folders_keep_their_permissions_and_empty_ones_stay() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::new();
    assert_eq!(place.build().code, 0);
    let private = place.path("out/ganso01-staging/private");
    std::fs::create_dir(&private).unwrap();
    for folder in [&private, &place.path("out/ganso01-staging")] {
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700)).unwrap();
    }
    place.edit("workload.yaml", "spec:", "spec:\n  loki: {retention: 7d}");
    assert_eq!(place.build().code, 0);
    for folder in [&private, &place.path("out/ganso01-staging")] {
        let mode = std::fs::metadata(folder).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700, "{}", folder.display());
    }
}

#[test]
fn a_cluster_that_left_the_spec_leaves_the_tree() {
    let place = Place::new();
    assert_eq!(place.build().code, 0);
    place.write(&format!("{CLUSTER}/notes.md"), "mine");
    place.edit("workload.yaml", "20250115", "20260301");
    assert_eq!(place.build().code, 0);
    let files = place.files();
    let old: Vec<&String> = files.keys().filter(|path| path.contains("/20250115/")).collect();
    assert_eq!(old, ["ganso01-staging/20250115/notes.md"]);
    assert!(files.contains_key("ganso01-staging/20260301/kustomization.yaml"));
}

#[test]
fn a_file_edited_by_hand_is_named_and_nothing_is_written() {
    let place = Place::new();
    assert_eq!(place.build().code, 0);
    place.edit(&format!("{CLUSTER}/mimir/values.yaml"), "replicas: 3", "replicas: 9");
    place.edit("workload.yaml", "spec:", "spec:\n  loki: {retention: 7d}");
    let before = place.files();
    let run = place.build();
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("mimir/values.yaml was edited by hand"), "{}", run.stderr);
    assert_eq!(difference(&before, &place.files()), "");
    let forced = place.run(&["build", "workload.yaml", "-o", "out", "--force"]);
    assert_eq!(forced.code, 0, "{}", forced.stderr);
    assert!(!place.files().values().any(|text| text.contains("replicas: 9")));
}

#[test]
fn a_strangers_file_in_the_way_is_named_and_kept() {
    let place = Place::new();
    place.write(&format!("{CLUSTER}/kustomization.yaml"), "resources: [mine]");
    let run = place.build();
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("is not telemetree's and stands in the way"), "{}", run.stderr);
    assert_eq!(place.files().len(), 1);
}

#[test]
fn a_damaged_manifest_owns_nothing() {
    let place = Place::new();
    assert_eq!(place.build().code, 0);
    let hostile = r#"{"compiler":"telemetree 1","workload":"ganso01-staging","cluster":"20250115",
        "inputs":{},"files":{"../../../victim":"00"}}"#;
    place.write("victim", "precious");
    place.write(&format!("{CLUSTER}/.telemetree.json"), hostile);
    let run = place.build();
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert_eq!(std::fs::read_to_string(place.path("victim")).unwrap(), "precious");
}

#[cfg(unix)]
#[test]
fn links_are_never_followed_and_never_ours() {
    let place = Place::new();
    place.write("elsewhere/values.yaml", "precious");
    assert_eq!(place.build().code, 0);
    let file = place.path(&format!("{CLUSTER}/loki/values.yaml"));
    std::fs::remove_file(&file).unwrap();
    std::os::unix::fs::symlink(place.path("elsewhere/values.yaml"), &file).unwrap();
    let run = place.build();
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert_eq!(std::fs::read_to_string(place.path("elsewhere/values.yaml")).unwrap(), "precious");
    let stranger = place.path("out/ganso01-staging/link");
    std::os::unix::fs::symlink(place.path("elsewhere"), &stranger).unwrap();
    assert_eq!(place.run(&["build", "workload.yaml", "-o", "out", "--force"]).code, 0);
    assert!(std::fs::symlink_metadata(&stranger).unwrap().is_symlink(), "a stranger's link stays");
    assert_eq!(std::fs::read_to_string(place.path("elsewhere/values.yaml")).unwrap(), "precious");
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link_to_a_folder() {
    let place = Place::new();
    place.write("elsewhere/notes.md", "precious");
    std::fs::create_dir_all(place.path(CLUSTER)).unwrap();
    let link = place.path(&format!("{CLUSTER}/loki"));
    std::os::unix::fs::symlink(place.path("elsewhere"), &link).unwrap();
    let run = place.build();
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(run.stderr.contains("20250115/loki is not telemetree's"), "{}", run.stderr);
    assert_eq!(place.run(&["build", "workload.yaml", "-o", "out", "--force"]).code, 0);
    assert!(std::fs::symlink_metadata(&link).unwrap().is_dir(), "the link made way for a folder");
    assert_eq!(read_folder(&place.path("elsewhere")).len(), 1);
}

#[test]
fn a_strangers_folder_where_a_file_belongs_is_named() {
    let place = Place::new();
    place.write(&format!("{CLUSTER}/kustomization.yaml/notes.md"), "mine");
    let run = place.build();
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(
        run.stderr.contains("kustomization.yaml/notes.md is not telemetree's"),
        "{}",
        run.stderr
    );
    assert_eq!(place.files().len(), 1);
}

#[test]
fn a_dry_run_writes_nothing_and_says_what_would_change() {
    let place = Place::new();
    let run = place.run(&["build", "workload.yaml", "-o", "out", "--dry-run"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("would create ganso01-staging/20250115/loki/values.yaml"));
    assert!(!place.path("out").exists());
    assert_eq!(place.build().code, 0);
    assert_eq!(place.run(&["build", "workload.yaml", "-o", "out", "--dry-run"]).code, 0);
}

#[test]
fn what_a_killed_build_left_is_put_right() {
    let place = Place::new();
    assert_eq!(place.build().code, 0);
    let before = place.files();
    // Killed while the new folder was being made.
    place.write("out/.telemetree-new-ganso01-staging/half", "half");
    assert_eq!(place.build().code, 0);
    assert_eq!(difference(&before, &place.files()), "");
    // Killed between the two renames of a system that cannot exchange names.
    let aside = place.path("out/.telemetree-old-ganso01-staging");
    std::fs::rename(place.path("out/ganso01-staging"), &aside).unwrap();
    assert_eq!(place.build().code, 0);
    assert_eq!(difference(&before, &place.files()), "");
}

#[test]
fn builds_at_the_same_time_do_not_meet() {
    let place = Place::new();
    let start = || {
        binary()
            .args(["build", "-q", "workload.yaml", "-o", "out", "--force"])
            .current_dir(place.folder.path())
            .spawn()
            .unwrap()
    };
    let running: Vec<_> = (0..12).map(|_| start()).collect();
    for mut child in running {
        assert!(child.wait().unwrap().success());
    }
    let expected = read_folder(&root().join("golden/aws-minimal/expected"));
    assert_eq!(difference(&expected, &place.files()), "");
}

#[test]
fn input_that_is_no_spec_is_an_error_that_says_so() {
    let place = Place::new();
    let too_long = vec![b'a'; (1 << 20) + 1];
    let cases: [(&[u8], &str); 4] = [
        (b"\xff\xfe", "not UTF-8"),
        (b"", "holds no document"),
        (&too_long, "at most 1048576 are read"),
        (b"a: \x00", "error[spec/yaml]"),
    ];
    for (bytes, message) in cases {
        std::fs::write(place.path("bad.yaml"), bytes).unwrap();
        let run = place.run(&["build", "bad.yaml", "-o", "out"]);
        assert_eq!(run.code, 1);
        assert!(run.stderr.contains(message), "{}", run.stderr);
        assert!(run.stderr.contains("bad.yaml"), "{}", run.stderr);
        assert!(!place.path("out").exists());
    }
}

#[test]
fn one_bad_spec_keeps_all_from_being_written() {
    let place = Place::new();
    let spec = std::fs::read_to_string(place.path("workload.yaml")).unwrap();
    place.write("specs/a.yaml", &spec);
    place.write("specs/b.yaml", &spec.replace("us-east-2", "us-east-9"));
    let run = place.run(&["build", "specs", "-o", "out"]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("`us-east-9` is not an AWS region"), "{}", run.stderr);
    assert!(!place.path("out").exists());
}

#[test]
fn two_specs_cannot_share_a_folder_or_a_store() {
    let place = Place::new();
    let spec = std::fs::read_to_string(place.path("workload.yaml")).unwrap();
    place.write("specs/a.yaml", &spec);
    place.write("specs/b.yaml", &spec);
    let run = place.run(&["build", "specs", "-o", "out"]);
    assert!(run.stderr.contains("2 specs are called `ganso01-staging`"), "{}", run.stderr);
    let bucket = "us-east-2\n      buckets: {loki: ptd-ganso01-staging-loki}";
    let other = spec.replace("ganso01-staging", "swan-test").replace("us-east-2", bucket);
    place.write("specs/b.yaml", &other);
    let run = place.run(&["build", "specs", "-o", "out"]);
    assert_eq!(run.code, 1);
    assert!(
        run.stderr.contains("`ptd-ganso01-staging-loki` would be written by"),
        "{}",
        run.stderr
    );
}

#[test]
fn standard_input_and_standard_output_can_be_used() {
    let place = Place::new();
    let mut command = binary();
    let spec = std::fs::File::open(place.path("workload.yaml")).unwrap();
    let run: Run = command.args(["build", "-", "-o", "-"]).stdin(spec).output().unwrap().into();
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.starts_with("---\n# 20250115/"), "{}", run.stdout);
    let kinds: Vec<serde_json::Value> = serde_yaml::Deserializer::from_str(&run.stdout)
        .map(|document| serde::Deserialize::deserialize(document).unwrap())
        .collect();
    assert!(kinds.len() >= 10);
    for object in kinds {
        assert!(object["kind"].is_string() && object["kind"] != "Prerequisites", "{object}");
    }
    place.edit("workload.yaml", "\"20250115\": {}", "a: {}\n    b: {storage: cluster}");
    let two = place.run(&["build", "workload.yaml", "-o", "-"]);
    assert!(two.code == 1 && two.stderr.contains("a stream holds one cluster"), "{}", two.stderr);
}

#[test]
fn usage_errors_have_a_code_of_their_own() {
    let place = Place::new();
    assert_eq!(place.run(&["build", "--nonsense"]).code, 64);
    assert_eq!(place.run(&[]).code, 64);
    assert_eq!(place.run(&["build", "-j", "0"]).code, 64);
    assert_eq!(place.run(&["build", "missing.yaml"]).code, 1);
    assert_eq!(place.run(&["--version"]).code, 0);
    assert_eq!(place.run(&["schema"]).code, 0);
    assert_eq!(place.run(&["completions", "bash"]).code, 0);
}

#[test]
fn help_teaches() {
    let place = Place::new();
    insta::assert_snapshot!("help", place.run(&["--help"]).stdout);
    insta::assert_snapshot!("help-build", place.run(&["build", "--help"]).stdout);
}

#[test]
fn colours_come_only_when_they_are_wanted() {
    let place = Place::new();
    place.edit("workload.yaml", "us-east-2", "us-east-9");
    assert!(!place.build().stderr.contains('\u{1b}'));
    let run = place.run(&["build", "workload.yaml", "--color", "always"]);
    assert!(run.stderr.contains('\u{1b}'));
}

#[test]
fn a_check_finds_what_a_build_would_find_and_writes_nothing() {
    let place = Place::new();
    let clean = place.run(&["check"]);
    assert_eq!((clean.code, clean.stdout.as_str()), (0, ""), "{}", clean.stderr);
    assert!(clean.stderr.contains("1 workload checked: 0 errors, 0 warnings"), "{}", clean.stderr);
    place.edit("workload.yaml", "us-east-2", "us-esat-2");
    let wrong = place.run(&["check", "workload.yaml"]);
    assert_eq!(wrong.code, 1);
    assert_eq!(wrong.stderr.lines().next(), place.build().stderr.lines().next());
    assert!(place.files().is_empty());
}

const IDLE: &str = "\
apiVersion: telemetree/v1
kind: Overlay
why: an example
values:
  grafana: {replicas: 1}
";

/// Two workloads, of which the first lists an overlay that changes nothing.
fn two_workloads() -> Place {
    let place = Place::new();
    let spec = std::fs::read_to_string(place.path("workload.yaml")).unwrap();
    std::fs::remove_file(place.path("workload.yaml")).unwrap();
    place.write("specs/one.yaml", &format!("{spec}  overlays: [../overlays/mine]\n"));
    place.write("specs/two.yaml", &spec.replace("ganso01", "ganso02"));
    place.write("overlays/mine/overlay.yaml", IDLE);
    place.write("README.yaml", "nothing: of ours\n");
    place
}

#[test]
fn a_check_of_an_overlay_checks_the_workloads_that_use_it() {
    let place = two_workloads();
    for (paths, workloads, warnings) in [
        (&["overlays/mine/overlay.yaml"][..], 1, 1),
        (&["./overlays/mine/overlay.yaml", "README.yaml"], 1, 1),
        (&["overlays/mine/overlay.yaml", "specs/two.yaml"], 2, 1),
        (&["README.yaml"], 0, 0),
        (&["specs/two.yaml"], 1, 0),
        (&["."], 2, 1),
    ] {
        let run = place.run(&[&["check"], paths].concat());
        let counts = format!("{workloads} workload");
        assert!(run.stderr.contains(&counts), "{paths:?}: {}", run.stderr);
        assert!(run.stderr.contains(&format!(" {warnings} warning")), "{paths:?}: {}", run.stderr);
        assert_eq!(run.code, 0, "{paths:?}: {}", run.stderr);
        let strict = place.run(&[&["check", "--deny-warnings"], paths].concat());
        assert_eq!(strict.code, i32::from(warnings > 0), "{paths:?}: {}", strict.stderr);
    }
}

#[test]
fn a_comment_that_says_why_allows_a_finding() {
    let place = two_workloads();
    let overlay = |comment: &str| {
        let text = IDLE.replace("  grafana", &format!("  {comment}\n  grafana"));
        place.write("overlays/mine/overlay.yaml", &text);
        place.run(&["check", "--deny-warnings"])
    };
    let allowed = overlay("# telemetree: allow overlay/idle: the default changes soon");
    assert_eq!(allowed.code, 0, "{}", allowed.stderr);
    for (comment, found) in [
        ("# telemetree: allow overlay/idle", "check/allow]: this does not say why"),
        ("# telemetree: allow overlay/idel: so", "did you mean `overlay/idle`?"),
        ("# telemetree: allow spec/type: so", "check/allow]: `spec/type` cannot be allowed"),
        ("# telemetree: allow overlay/index: so", "check/unused-allow]: nothing here is found"),
        ("# nothing", "overlay/idle]: this changes nothing"),
    ] {
        let run = overlay(comment);
        assert_eq!(run.code, 1, "{comment}");
        assert!(run.stderr.contains(found), "{comment}: {}", run.stderr);
    }
    // What one workload does not need another may: only what nobody needs is unused.
    let spec = std::fs::read_to_string(place.path("specs/two.yaml")).unwrap();
    let spec = format!("{spec}  grafana: {{replicas: 2, database: {{secret: url}}}}\n");
    place.write("specs/two.yaml", &format!("{spec}  overlays: [../overlays/mine]\n"));
    let shared = overlay("# telemetree: allow overlay/idle: the default changes soon");
    assert_eq!(shared.code, 0, "{}", shared.stderr);
}

#[test]
fn an_editor_s_text_is_checked_in_place_of_its_file() {
    let place = two_workloads();
    let check = |file: &str, text: &str| -> Run {
        use std::io::Write as _;
        let mut child = binary()
            .args(["check", "-", "--stdin-filename", file])
            .current_dir(place.folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        child.wait_with_output().unwrap().into()
    };
    let spec = std::fs::read_to_string(place.path("specs/one.yaml")).unwrap();
    let run = check("specs/one.yaml", &spec.replace("us-east-2", "us-esat-2"));
    assert!(run.code == 1 && run.stderr.contains("specs/one.yaml:"), "{}", run.stderr);
    let run = check("overlays/mine/overlay.yaml", &IDLE.replace("grafana", "grafna"));
    let found = "overlays/mine/overlay.yaml:5:3";
    assert!(run.code == 1 && run.stderr.contains(found), "{}", run.stderr);
    let run = check("overlays/mine/overlay.yaml", &IDLE.replace("replicas: 1", "replicas: 2"));
    assert!(run.code == 0 && run.stderr.contains("1 workload checked"), "{}", run.stderr);
}

#[test]
fn a_frozen_check_tells_what_stands_in_the_output_folder_and_should_not() {
    let place = Place::new();
    let frozen = || place.run(&["check", "--frozen", "-o", "out"]);
    let missing = frozen();
    assert_eq!(missing.code, 2, "{}", missing.stderr);
    assert!(missing.stderr.contains("loki/values.yaml is missing"), "{}", missing.stderr);
    assert_eq!(place.build().code, 0);
    assert_eq!(frozen().code, 0, "{}", frozen().stderr);
    let values = format!("{CLUSTER}/loki/values.yaml");
    let text = std::fs::read_to_string(place.path(&values)).unwrap();
    place.write(&values, &format!("{text}# by hand\n"));
    let edited = frozen();
    assert!(edited.code == 2 && edited.stderr.contains("edited by hand"), "{}", edited.stderr);
    place.write(&values, &text);
    place.edit("workload.yaml", "us-east-2", "us-west-2");
    let stale = frozen();
    let found = "is not what the spec makes now";
    assert!(stale.code == 2 && stale.stderr.contains(found), "{}", stale.stderr);
}

#[test]
fn rules_are_listed_and_explained() {
    let place = Place::new();
    let list = place.run(&["rules"]);
    assert_eq!(list.code, 0);
    for code in telemetree::diag::Code::ALL {
        assert!(list.stdout.contains(code.as_str()));
        let page = place.run(&["explain", code.as_str()]);
        assert!(page.code == 0 && page.stdout.starts_with(&format!("# {}", code.as_str())));
    }
    let json: serde_json::Value =
        serde_json::from_str(&place.run(&["rules", "--format", "json"]).stdout).unwrap();
    assert_eq!(json.as_array().unwrap().len(), telemetree::diag::Code::ALL.len());
}

#[test]
fn a_tree_that_was_built_before_is_checked_where_it_stands() {
    let place = Place::new();
    assert_eq!(place.build().code, 0);
    let check = || place.run(&["check", "out"]);
    let clean = check();
    assert_eq!(clean.code, 0, "{}", clean.stderr);
    assert!(clean.stderr.contains("1 tree checked: 0 errors"), "{}", clean.stderr);
    let policy = format!("{CLUSTER}/loki/networkpolicy-loki.yaml");
    place.edit(&policy, "policyTypes", "policyType");
    place.write(&format!("{CLUSTER}/loki/stray.yaml"), "apiVersion: v1\nkind: Namespace\n");
    std::fs::remove_file(place.path(&format!("{CLUSTER}/mimir/namespace.yaml"))).unwrap();
    let wrong = check();
    assert_eq!(wrong.code, 1);
    for found in [
        "kubernetes/field]: `spec` has no `policyType`",
        "networkpolicy-loki.yaml was changed after it was built",
        "loki/stray.yaml was not built",
        "mimir/namespace.yaml is missing",
    ] {
        assert!(wrong.stderr.contains(found), "{found}: {}", wrong.stderr);
    }
}
