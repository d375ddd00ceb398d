//! The hook as the real pre-commit runs it, on a real repository.

use crate::support;
use crate::tools::{Outcome, Tools};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A repository with two workloads, one overlay, and the hook installed.
struct Repository {
    folder: tempfile::TempDir,
    hooks: tempfile::TempDir,
}

const OVERLAY: &str = "\
apiVersion: telemetree/v1
kind: Overlay
why: an example
values:
  grafana: {replicas: 1, podLabels: {team: observability}}
";

impl Repository {
    fn new() -> Result<Repository, String> {
        let new = || tempfile::tempdir().map_err(|error| error.to_string());
        let repository = Repository { folder: new()?, hooks: new()? };
        let hooks = std::fs::read_to_string(support::root().join(".pre-commit-hooks.yaml"));
        std::fs::write(repository.hooks.path().join(".pre-commit-hooks.yaml"), hooks.unwrap())
            .unwrap();
        let revision = commit_all(repository.hooks.path())?;
        let spec =
            support::cases().into_iter().find(|case| case.name == "aws-minimal").unwrap().spec;
        let listing = format!("{spec}  overlays: [../overlays/mine]\n");
        repository.write("specs/one.yaml", &listing);
        repository.write("specs/two.yaml", &spec.replace("ganso01", "ganso02"));
        repository
            .write("overlays/mine/overlay.yaml", OVERLAY.replace("replicas: 1, ", "").as_str());
        repository.write("chart/values.yaml", "nothing: of ours\n");
        let config = format!(
            "repos:\n- repo: {}\n  rev: {revision}\n  hooks: [{{id: telemetree-check-system}}]\n",
            repository.hooks.path().display()
        );
        repository.write(".pre-commit-config.yaml", &config);
        let _ = commit_all(repository.folder.path())?;
        repository.run("pre-commit", &["install"])?;
        Ok(repository)
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

    fn command(&self, program: &str, args: &[&str]) -> Output {
        let ours = Path::new(env!("CARGO_BIN_EXE_telemetree")).parent().unwrap();
        let path = format!("{}:{}", ours.display(), std::env::var("PATH").unwrap_or_default());
        in_folder(program, args, self.folder.path())
            .env("PATH", path)
            .env("PRE_COMMIT_HOME", self.hooks.path().join("cache"))
            .output()
            .unwrap()
    }

    fn run(&self, program: &str, args: &[&str]) -> Result<(), String> {
        ended(&self.command(program, args))
    }

    /// Stages files and commits them; says whether the hook let it, and what it said.
    fn commit(&self, staged: &[&str]) -> (bool, String) {
        self.run("git", &[&["add"], staged].concat()).unwrap();
        let output = self.command("git", &["commit", "-m", "a change"]);
        let said = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&said).into_owned())
    }

    /// Gives up what is staged and changed.
    fn reset(&self) {
        self.run("git", &["reset", "-q", "--hard"]).unwrap();
    }
}

fn in_folder(program: &str, args: &[&str], folder: &Path) -> Command {
    let mut command = Command::new(program);
    let _ = command.args(args).current_dir(folder).env("GIT_CONFIG_GLOBAL", "/dev/null");
    for who in ["AUTHOR", "COMMITTER"] {
        let _ = command.env(format!("GIT_{who}_NAME"), "somebody");
        let _ = command.env(format!("GIT_{who}_EMAIL"), "somebody@example.com");
    }
    // A hook of this repository may be running this test.
    for outer in ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"] {
        let _ = command.env_remove(outer);
    }
    command
}

fn ended(output: &Output) -> Result<(), String> {
    let said =
        || String::from_utf8_lossy(&[&output.stdout[..], &output.stderr].concat()).into_owned();
    if output.status.success() { Ok(()) } else { Err(said()) }
}

/// Makes a repository of a folder, with everything in it; gives the commit.
fn commit_all(folder: &Path) -> Result<String, String> {
    let git = |args: &[&str]| in_folder("git", args, folder).output().unwrap();
    for args in [&["init", "-q"][..], &["add", "-A"], &["commit", "-q", "-m", "all"]] {
        ended(&git(args))?;
    }
    Ok(String::from_utf8_lossy(&git(&["rev-parse", "HEAD"]).stdout).trim().to_owned())
}

/// What is committed, and only that, decides; of many workloads those that it touches.
pub fn hook(tools: &Tools) -> Outcome {
    if !tools.pre_commit {
        return Outcome::missing("pre-commit or git");
    }
    let repository = match Repository::new() {
        Ok(repository) => repository,
        Err(said) => return Outcome::Failed(said),
    };
    let mut report = String::new();
    let mut expect = |what: &str, (passed, said): (bool, String), finds: Option<&str>| {
        let is_right = match finds {
            None => passed,
            Some(found) => !passed && said.contains(found),
        };
        if !is_right {
            report.push_str(&format!("{what}:\n{said}\n"));
        }
    };
    let (one, two, overlay) = ("specs/one.yaml", "specs/two.yaml", "overlays/mine/overlay.yaml");
    repository.edit(one, "us-east-2", "us-west-2");
    expect("a right change", repository.commit(&[one]), None);
    repository.edit(one, "us-west-2", "us-wset-2");
    expect("a wrong change", repository.commit(&[one]), Some("specs/one.yaml:"));
    repository.reset();
    repository.edit(one, "us-west-2", "us-west-1");
    repository.run("git", &["add", one]).unwrap();
    repository.edit(one, "us-west-1", "us-wset-1");
    expect("a mistake that is not staged", repository.commit(&[]), None);
    let kept = std::fs::read_to_string(repository.path(one)).unwrap();
    expect("what was not staged stays", (kept.contains("us-wset-1"), kept), None);
    repository.run("git", &["add", one]).unwrap();
    repository.edit(one, "us-wset-1", "us-west-1");
    expect("a mended mistake that is not staged", repository.commit(&[]), Some("us-wset-1"));
    repository.reset();
    repository.edit(two, "us-east-2", "us-esat-2");
    repository.run("git", &["commit", "-q", "-a", "--no-verify", "-m", "broken"]).unwrap();
    repository.edit(one, "us-west-1", "us-west-2");
    expect("one workload beside a broken one", repository.commit(&[one]), None);
    repository.write(overlay, &OVERLAY.replace("grafana:", "grafna:"));
    expect("a wrong overlay", repository.commit(&[overlay]), Some("overlays/mine/overlay.yaml:5"));
    repository.reset();
    repository.write("chart/values.yaml", "still: nothing\n");
    expect("a file of somebody else", repository.commit(&["chart/values.yaml"]), None);
    Outcome::of(&report)
}
