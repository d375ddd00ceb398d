//! How long a `diff` of one edited line takes in a large fleet, as a whole process.
//!
//! `cargo bench --bench diff` makes repositories of 1,000 workloads with git, edits one line, and prints
//! the median and the worst of several runs. The goal is 150 ms on two cores. `-- <binary>` takes one that
//! is there already.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::disallowed_macros,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a benchmark runs the binary and prints"
)]

#[path = "support/fleet.rs"]
mod fleet;
#[path = "support/history.rs"]
mod history;

use history::{Holds, git};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

const WORKLOADS: usize = 1000;
const TURNS: usize = 21;

/// Runs `diff` several times and prints how long it took.
fn measure(binary: &Path, folder: &Path, what: &str, args: &[&str], lines: usize) {
    let mut taken = Vec::new();
    for turn in 0..=TURNS {
        let mut command = Command::new(binary);
        let _ = command
            .args(["diff", "--format", "workloads"])
            .args(args)
            .args(["-j", "2"])
            .current_dir(folder);
        let start = Instant::now();
        let output = command.stdin(Stdio::null()).output().unwrap();
        let elapsed = start.elapsed().as_secs_f64() * 1000.0;
        let told = String::from_utf8(output.stdout).unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(told.lines().count(), lines, "{what}: {told}{said}");
        // The first turn only warms up.
        if turn > 0 {
            taken.push(elapsed);
        }
    }
    taken.sort_by(f64::total_cmp);
    println!("{what:<48} {:>7.1} ms median {:>7.1} ms worst", taken[TURNS / 2], taken[TURNS - 1]);
}

/// Edits one line of a spec.
fn edit(folder: &Path, number: usize) {
    let path = folder.join(format!("{number}.yaml"));
    let text = std::fs::read_to_string(&path).unwrap();
    let edited = text.replacen("retention: 400d", "retention: 401d", 1);
    assert_ne!(text, edited, "the line is there");
    std::fs::write(path, edited).unwrap();
}

fn main() {
    let given = std::env::args().skip(1).find(|one| !one.starts_with('-')).map(PathBuf::from);
    let binary = given.unwrap_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_telemetree")));
    for (holds, what) in [(Holds::Specs, "specs only"), (Holds::Trees, "specs and trees")] {
        let place = tempfile::TempDir::new().unwrap();
        let folder = place.path();
        history::write(folder, WORKLOADS, holds, &binary);
        let run = |how: &str, args: &[&str], lines| {
            measure(&binary, folder, &format!("{what}: {how}"), args, lines);
        };
        run("nothing edited", &["--against", "HEAD"], 0);
        edit(folder, 500);
        run("one line, HEAD", &["--against", "HEAD"], 1);
        run("one line, the default", &[], 1);
        git(folder, &["add", "-A"]);
        run("one line, --staged", &["--staged"], 1);
        git(folder, &["commit", "-q", "-m", "y"]);
        run("one line, HEAD~1", &["--against", "HEAD~1"], 1);
        let overlay = folder.join("overlays/prod/overlay.yaml");
        let text = std::fs::read_to_string(&overlay).unwrap();
        std::fs::write(&overlay, format!("{text}# x\n")).unwrap();
        // All are compiled again, and a comment changes none.
        run("an overlay of all", &["--against", "HEAD"], 0);
    }
}
