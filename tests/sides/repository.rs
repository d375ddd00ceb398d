//! A repository to try things in.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// A repository in a folder of its own.
pub struct Repository {
    folder: TempDir,
}

/// What a run said.
pub struct Answer {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Answer {
    /// The workloads that differ, each with how: `changed ant-test`.
    pub fn workloads(&self) -> Vec<String> {
        assert_ne!(self.code, 1, "{}", self.stderr);
        assert_eq!(self.code == 2, !self.stdout.is_empty(), "2 means differences");
        let two = |line: &str| line.split_whitespace().take(2).collect::<Vec<_>>().join(" ");
        self.stdout.lines().map(two).collect()
    }

    /// What it complained about.
    pub fn complaint(&self) -> &str {
        assert_eq!(self.code, 1, "{}{}", self.stdout, self.stderr);
        assert!(!self.stderr.contains("bug"), "{}", self.stderr);
        &self.stderr
    }
}

/// A spec; `more` is added to it.
pub fn spec(name: &str, more: &str) -> String {
    format!(
        "apiVersion: telemetree/v1\nkind: Workload\nmetadata:\n  name: {name}\nspec:\n  \
         cloud: {{aws: {{accountId: \"123456789012\", region: us-east-2}}}}\n  \
         clusters: {{\"20250115\": {{}}}}\n  \
         sites: {{main: {{domain: {name}.example.com}}}}\n{more}"
    )
}

/// A part of a spec that changes the tree.
pub const EDIT: &str = "  mimir: {retention: 60d}\n";

/// A command in which nothing of the machine's settings is seen.
fn plain(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_CEILING_DIRECTORIES"] {
        let _ = command.env_remove(name);
    }
    let _ = command
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("HOME", "/nonexistent")
        .stdin(Stdio::null());
    command
}

/// Runs git in a folder.
pub fn git(folder: &Path, args: &[&str]) -> String {
    let who = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
    let more = ["-c", "init.defaultBranch=main", "-c", "protocol.file.allow=always"];
    let output = plain("git").args(who).args(more).args(args).current_dir(folder).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {args:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

/// Runs `diff` in a folder, with variables in its environment and a text on stdin; it prints workloads.
pub fn diff_with(folder: &Path, args: &[&str], env: &[(&str, &Path)], stdin: &str) -> Answer {
    let args = [&["--exit-code", "--format", "workloads"], args].concat();
    run(folder, &args, env, stdin)
}

/// Runs `diff` in a folder as it is asked for.
pub fn run(folder: &Path, args: &[&str], env: &[(&str, &Path)], stdin: &str) -> Answer {
    let mut child = plain(env!("CARGO_BIN_EXE_telemetree"))
        .arg("diff")
        .args(args)
        .envs(env.iter().copied())
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    // It may end before it reads.
    let _ = input.write_all(stdin.as_bytes());
    drop(input);
    let output = child.wait_with_output().unwrap();
    Answer {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Runs `diff` in a folder.
pub fn diff(folder: &Path, args: &[&str]) -> Answer {
    diff_with(folder, args, &[], "")
}

impl Repository {
    /// A repository with nothing in it.
    pub fn empty() -> Repository {
        let repository = Repository { folder: TempDir::new().unwrap() };
        let _ = repository.git(&["init", "-q"]);
        repository
    }

    /// A repository with files, committed.
    pub fn with(files: &[(&str, &str)]) -> Repository {
        let repository = Repository::empty();
        files.iter().for_each(|(path, text)| repository.write(path, text));
        repository.commit();
        repository
    }

    /// Two specs below `specs`, committed.
    pub fn of_two() -> Repository {
        let (ant, bee) = (spec("ant-test", ""), spec("bee-test", ""));
        Repository::with(&[("specs/ant.yaml", &ant), ("specs/bee.yaml", &bee)])
    }

    pub fn top(&self) -> &Path {
        self.folder.path()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub fn remove(&self, path: &str) {
        std::fs::remove_file(self.path(path)).unwrap();
    }

    pub fn git(&self, args: &[&str]) -> String {
        git(self.top(), args)
    }

    /// Builds the trees of all specs, as `telemetree build` does.
    pub fn build(&self) {
        let mut command = plain(env!("CARGO_BIN_EXE_telemetree"));
        let output = command.args(["build", "."]).current_dir(self.path("")).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// Commits everything.
    pub fn commit(&self) {
        let _ = self.git(&["add", "-A"]);
        let _ = self.git(&["commit", "-q", "-m", "x"]);
    }

    pub fn diff(&self, args: &[&str]) -> Answer {
        diff(self.top(), args)
    }
}
