//! A folder with a spec and overlays, and the binary in it.

use crate::support::{Files, read_folder, root};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// What every overlay starts with.
pub const HEAD: &str = "apiVersion: telemetree/v1\nkind: Overlay\nwhy: a test\n";

/// Long after any of these runs has ended, even where nothing is optimised and the machine is busy.
const SOON: Duration = Duration::from_secs(20);

/// A minimal spec that lists overlays.
pub fn spec(overlays: &str) -> String {
    let spec = std::fs::read_to_string(root().join("golden/aws-minimal/workload.yaml")).unwrap();
    format!("{}\n  overlays: [{overlays}]\n", spec.trim_end())
}

/// A folder of its own.
pub struct Place {
    folder: TempDir,
}

/// How a run ended.
pub struct Run {
    pub code: i32,
    pub stderr: String,
}

impl Run {
    /// Asserts that the run ended well.
    pub fn is_fine(&self) {
        assert_eq!(self.code, 0, "{}", self.stderr);
    }

    /// Asserts that the run ended with errors of one code, which say these words.
    pub fn is_refused(&self, code: &str, words: &str) {
        let beginning: String = self.stderr.chars().take(4_000).collect();
        assert_eq!(self.code, 1, "{beginning}");
        assert!(self.stderr.contains(&format!("error[{code}]")), "{beginning}");
        assert!(self.stderr.contains(words), "`{words}` is not in:\n{beginning}");
    }

    /// How many findings there are.
    pub fn findings(&self) -> usize {
        let is_one = |line: &&str| line.starts_with("error[") || line.starts_with("warning[");
        self.stderr.lines().filter(is_one).count()
    }
}

impl Place {
    /// With a spec that lists overlays.
    pub fn new(overlays: &str) -> Place {
        let place = Place { folder: TempDir::new().unwrap() };
        place.write("workload.yaml", spec(overlays));
        place
    }

    /// With a spec and the overlay `mine`, which says this.
    pub fn with(overlay: &str) -> Place {
        let place = Place::new("./mine");
        place.overlay("mine", overlay);
        place
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        std::fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        std::fs::write(self.path(name), text).unwrap();
    }

    /// Writes an overlay in a folder of its own.
    pub fn overlay(&self, folder: &str, rest: &str) {
        self.write(&format!("{folder}/overlay.yaml"), format!("{HEAD}{rest}"));
    }

    #[cfg(unix)]
    pub fn link(&self, name: &str, to: impl AsRef<Path>) {
        std::fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(to, self.path(name)).unwrap();
    }

    /// Runs the binary in a folder of the place, and asserts that it ends soon and without a bug.
    pub fn run_in(&self, folder: &str, args: &[&str]) -> Run {
        self.run_within(SOON, folder, args)
    }

    pub fn run_within(&self, limit: Duration, folder: &str, args: &[&str]) -> Run {
        let errors = TempDir::new().unwrap();
        let file = errors.path().join("stderr");
        let mut child = Command::new(env!("CARGO_BIN_EXE_telemetree"))
            .args(args)
            .current_dir(self.path(folder))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(&file).unwrap())
            .spawn()
            .unwrap();
        let start = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            if start.elapsed() > limit {
                child.kill().unwrap();
                let _ = child.wait().unwrap();
                panic!("it did not end within {limit:?}");
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        let stderr = String::from_utf8_lossy(&std::fs::read(file).unwrap()).into_owned();
        let code = status.code().expect("it ends by itself");
        assert!(code == 0 || code == 1, "it ended with {code}: {stderr}");
        assert!(!stderr.contains("os error"), "{stderr}");
        Run { code, stderr }
    }

    pub fn build(&self) -> Run {
        self.run_in("", &["build", "workload.yaml", "-o", "out"])
    }

    pub fn files(&self) -> Files {
        read_folder(&self.path("out"))
    }

    /// The one file whose path ends like this.
    pub fn file(&self, end: &str) -> String {
        let mut found = self.files().into_iter().filter(|(path, _)| path.ends_with(end));
        let (_, text) = found.next().unwrap_or_else(|| panic!("no file ends with {end}"));
        assert!(found.next().is_none(), "several files end with {end}");
        text
    }
}
