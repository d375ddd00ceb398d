//! What `diff` prints, refuses, and lets pass.

use crate::repository::{Answer, Repository, run, spec};

const EDIT: &str = "  loki: {retention: 7d}\n";

fn edited() -> Repository {
    let repository = Repository::with(&[("ant.yaml", &spec("ant-test", ""))]);
    repository.write("ant.yaml", &spec("ant-test", EDIT));
    repository
}

fn ask(repository: &Repository, args: &[&str]) -> Answer {
    run(&repository.path(""), args, &[], "")
}

/// The id of the first change.
fn id(repository: &Repository) -> String {
    let full = ask(repository, &["--detail", "full"]).stdout;
    let id = full.lines().find_map(|line| line.trim().strip_prefix("id "));
    id.expect("a change has an id").to_owned()
}

fn accept(repository: &Repository, class: &str, until: &str) {
    let change = id(repository);
    repository.write(
        "acknowledgements.yaml",
        &format!(
            "apiVersion: telemetree/v1\nkind: Acknowledgements\nchanges:\n- change: \"{change}\"\n  \
             class: {class}\n  why: agreed with the team\n  until: {until}\n"
        ),
    );
}

#[test]
fn a_dangerous_line_comes_with_its_place_its_reason_and_its_effect() {
    let answer = ask(&edited(), &[]);
    assert_eq!(answer.code, 0, "{}", answer.stderr);
    let lines: Vec<&str> = answer.stdout.lines().collect();
    assert!(lines[0].starts_with("data-loss      what is older"), "{}", answer.stdout);
    assert!(
        lines[1].starts_with("  ant.yaml:9  + loki: {retention: 7d}  ⇒  loki/values.yaml"),
        "{}",
        answer.stdout
    );
    assert!(answer.stderr.contains("1 place changes: 1 data-loss"), "{}", answer.stderr);
}

#[test]
fn differences_end_a_run_with_2_only_where_that_is_asked_for() {
    let repository = edited();
    assert_eq!(ask(&repository, &[]).code, 0);
    assert_eq!(ask(&repository, &["--exit-code"]).code, 2);
    repository.commit();
    assert_eq!(ask(&repository, &["--exit-code", "--against", "HEAD"]).code, 0);
}

#[test]
fn what_is_at_least_as_bad_as_asked_is_refused() {
    let repository = edited();
    for (class, code) in [("data-loss", 1), ("immutable", 1), ("restart", 1), ("noise", 1)] {
        assert_eq!(ask(&repository, &["--fail-on", class]).code, code, "{class}");
    }
    let answer = ask(&repository, &["--fail-on", "data-loss"]);
    assert!(
        answer.stderr.contains(&format!("change {} is data-loss", id(&repository))),
        "{}",
        answer.stderr
    );
    repository.write("ant.yaml", &spec("ant-test", "  grafana: {replicas: 2}\n"));
    assert_eq!(ask(&repository, &["--fail-on", "telemetry-loss"]).code, 0);
    assert_eq!(ask(&repository, &["--fail-on", "danger"]).code, 64);
}

#[test]
fn what_somebody_has_accepted_passes_until_its_day() {
    let repository = edited();
    let judge = |day: &str| ask(&repository, &["--fail-on", "data-loss", "--today", day]).code;
    accept(&repository, "data-loss", "2026-12-31");
    assert_eq!((judge("2026-12-31"), judge("2027-01-01")), (0, 1));
    accept(&repository, "restart", "2026-12-31");
    assert_eq!(judge("2026-12-01"), 1, "a milder class was accepted");
    repository.write("ant.yaml", &spec("ant-test", ""));
    let day = ["--fail-on", "data-loss", "--today", "2026-12-01"];
    let answer = ask(&repository, &day);
    assert_eq!(answer.code, 0, "{}", answer.stderr);
    assert!(answer.stdout.contains("is not among these changes"), "{}", answer.stdout);
    repository.write("acknowledgements.yaml", "kind: Acknowledgements\nchanges: [{chnge: x}]\n");
    let answer = ask(&repository, &["--fail-on", "data-loss"]);
    assert!(
        answer.code == 1 && answer.stderr.contains("did you mean `change`?"),
        "{}",
        answer.stderr
    );
}

#[test]
fn a_form_without_room_for_reasons_leaves_them_to_the_log() {
    let repository = edited();
    accept(&repository, "data-loss", "2026-12-31");
    let ask = |format: &str| ask(&repository, &["--today", "2026-12-01", "--format", format]);
    let said = "accepted until 2026-12-31: agreed with the team";
    for format in ["unified", "workloads", "json"] {
        let answer = ask(format);
        assert!(answer.stderr.contains(said), "{format}: {}", answer.stderr);
    }
    let answer = ask("human");
    assert!(answer.stdout.contains(said) && !answer.stderr.contains(said), "{}", answer.stderr);
    repository.write("ant.yaml", &spec("ant-test", ""));
    assert!(ask("workloads").stderr.contains("is not there any more"));
}

#[test]
fn where_only_some_workloads_are_meant_an_accepted_change_may_be_of_the_others() {
    let repository = edited();
    accept(&repository, "data-loss", "2026-12-31");
    for args in [&["--workload", "bee-*"][..], &["-l", "tier=none"]] {
        let answer = ask(&repository, &[args, &["--format", "workloads"]].concat());
        assert!(!answer.stderr.contains("is not there any more"), "{}", answer.stderr);
    }
}

#[test]
fn the_name_of_a_change_does_not_depend_on_where_its_line_is() {
    let repository = edited();
    let before = id(&repository);
    let moved = format!("# a comment\n\n{}", spec("ant-test", EDIT));
    repository.write("ant.yaml", &moved);
    assert_eq!(id(&repository), before);
}

#[test]
fn git_applies_the_patch_to_the_built_tree() {
    let repository = Repository::with(&[("ant.yaml", &spec("ant-test", ""))]);
    repository.build();
    repository.commit();
    repository.write(
        "ant.yaml",
        &spec("ant-test", "  loki: {mode: distributed}\n  collect: {systemLogs: true}\n"),
    );
    let patch = ask(&repository, &["--against", "HEAD", "--format", "unified"]).stdout;
    repository.write("change.patch", &format!("{patch}\n"));
    let _ = repository.git(&["apply", "--whitespace=nowarn", "change.patch"]);
    let applied = repository.git(&["diff", "--", "rendered"]);
    let _ = repository.git(&["checkout", "-q", "--", "rendered"]);
    repository.build();
    assert_eq!(repository.git(&["diff", "--", "rendered"]), applied);
    assert!(!applied.is_empty());
}

#[test]
fn what_was_broken_before_does_not_stop_who_mends_it() {
    let repository = Repository::with(&[("ant.yaml", &spec("ant-test", "  lokki: {}\n"))]);
    repository.write("ant.yaml", &spec("ant-test", ""));
    let answer = ask(&repository, &[]);
    assert!(answer.code == 0 && answer.stderr.contains("does not compile in"), "{}", answer.stderr);
    repository.commit();
    repository.write("ant.yaml", &spec("ant-test", "  lokki: {}\n"));
    let answer = ask(&repository, &[]);
    assert!(
        answer.code == 1 && answer.stderr.contains("did you mean `loki`?"),
        "{}",
        answer.stderr
    );
}

#[test]
fn the_command_that_a_short_form_names_shows_the_same_difference_whole() {
    let repository = edited();
    let args = ["--workload", "ant-*", "-l", "!tier", "--against", "HEAD", "--today", "2028-02-29"];
    let comment = ask(&repository, &[&args[..], &["--format", "html"]].concat()).stdout;
    let command = comment.split("telemetree diff ").nth(1).expect("the page names a command");
    let command = command.split('<').next().unwrap_or_default().replace("&#39;", "'");
    assert_eq!(
        command,
        "--workload 'ant-*' -l '!tier' --against HEAD --today 2028-02-29 --format json"
    );
    let words: Vec<&str> = command.split(' ').map(|word| word.trim_matches('\'')).collect();
    let whole = ask(&repository, &words);
    assert_eq!(whole.code, 0, "{}", whole.stderr);
    assert!(whole.stdout.contains("\"places\": 1"), "{}", whole.stdout);
}
