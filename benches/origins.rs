//! What it costs to know why every value is there: builds with origins against builds without.
//!
//! `cargo bench --bench origins` makes the binary twice, as it is and with the feature
//! `without-origins`, and lets both build the same fleets by turns, so that whatever else the machine
//! does hits both alike. It prints how much more time and memory origins take, of the medians and of
//! the minima of all turns. `-- <with> <without>` takes two binaries that are there already.
//!
//! Whole processes are measured: to a folder below `TMPDIR` (best a folder in memory), and without
//! writing (`--dry-run`). Peak memory is what GNU `time` says of turns of its own; without
//! `/usr/bin/time` there are no figures of memory.
//!
//! The feature takes away what origins hold, the room for it in every value, and the values that are
//! remembered because overlays replaced them. Findings then have no places, and the ownership
//! manifests miss the digests of the two `overlay.yaml`: that little counts as a cost of origins, too.
//! Left in both are the places in what the decoder reads, which findings need, and the pointers of
//! what overlays remove.

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

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// GNU `time`, which tells a process' peak memory.
const TIME: &str = "/usr/bin/time";

/// Makes the binary and keeps a copy: the next one takes its place, and shares its dependencies.
fn make(folder: &Path, name: &str, options: &[&str]) -> PathBuf {
    let made = Command::new(env!("CARGO"))
        .args(["build", "--release", "--locked", "--bin", "telemetree", "--target-dir"])
        .arg(folder)
        .args(options)
        .status()
        .unwrap();
    assert!(made.success(), "the binary is made");
    let copy = folder.join(name);
    let _ = std::fs::copy(folder.join("release").join("telemetree"), &copy).unwrap();
    copy
}

/// A way to build a fleet.
struct Case<'a> {
    fleet: &'a Path,
    jobs: &'a str,
    to_disk: bool,
}

impl Case<'_> {
    /// Builds the fleet once; gives the milliseconds, and what the process said.
    fn run(&self, mut command: Command) -> (f64, String) {
        let _ = command.args(["build", "-q", ".", "-o", "out", "-j", self.jobs]);
        let _ = command.args((!self.to_disk).then_some("--dry-run"));
        let _ = command.current_dir(self.fleet).stdout(Stdio::null()).stderr(Stdio::piped());
        let start = Instant::now();
        let ended = command.output().unwrap();
        let elapsed = start.elapsed().as_secs_f64() * 1000.0;
        let said = String::from_utf8(ended.stderr).unwrap();
        // A dry run says by 2 that there would be changes.
        let expected = if self.to_disk { 0 } else { 2 };
        assert_eq!(ended.status.code(), Some(expected), "the fleet builds: {said}");
        let _ = std::fs::remove_dir_all(self.fleet.join("out"));
        (elapsed, said)
    }

    /// Milliseconds of a build.
    fn time(&self, binary: &Path) -> f64 {
        self.run(Command::new(binary)).0
    }

    /// Peak memory of a build, in MiB.
    fn memory(&self, binary: &Path) -> f64 {
        let mut command = Command::new(TIME);
        let _ = command.args(["-q", "-f", "%M"]).arg(binary);
        let (_, said) = self.run(command);
        said.lines().last().and_then(|line| line.trim().parse::<f64>().ok()).unwrap() / 1024.0
    }
}

/// Measures both binaries by turns, and prints what the first takes more than the second.
fn compare(
    what: &str,
    unit: &str,
    turns: usize,
    binaries: &[PathBuf; 2],
    run: impl Fn(&Path) -> f64,
) {
    let mut taken = [Vec::new(), Vec::new()];
    for turn in 0..=turns {
        // Who goes first changes, too; the first turn only warms up.
        for which in if turn % 2 == 0 { [0, 1] } else { [1, 0] } {
            let figure = run(&binaries[which]);
            if turn > 0 {
                taken[which].push(figure);
            }
        }
    }
    taken.iter_mut().for_each(|figures| figures.sort_by(f64::total_cmp));
    let [with, without] = taken;
    let more = |at: usize| (with[at] / without[at] - 1.0) * 100.0;
    let middle = turns / 2;
    println!(
        "{what:<34} {:>9.2} {:>9.2} {unit:<3} {:>+6.1} % {:>+6.1} %",
        with[middle],
        without[middle],
        more(middle),
        more(0)
    );
}

fn main() {
    let given: Vec<PathBuf> =
        std::env::args().skip(1).filter(|one| !one.starts_with('-')).map(PathBuf::from).collect();
    let binaries = <[PathBuf; 2]>::try_from(given).unwrap_or_else(|_| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target").join("origins");
        let without = make(&folder, "without", &["--features", "without-origins"]);
        [make(&folder, "with", &[]), without]
    });
    println!(
        "{:<34} {:>9} {:>9} {:<3} {:>8} {:>8}",
        "", "with", "without", "", "median", "minimum"
    );
    for (workloads, turns) in [(1, 200), (100, 60), (1000, 15)] {
        let place = tempfile::TempDir::new().unwrap();
        fleet::write(place.path(), workloads);
        for jobs in ["1", "2"] {
            let case = |to_disk| Case { fleet: place.path(), jobs, to_disk };
            for (to_disk, how) in [(false, "dry"), (true, "to disk")] {
                let what = format!("time, {workloads:>4} workloads, -j{jobs}, {how}");
                compare(&what, "ms", turns, &binaries, |binary| case(to_disk).time(binary));
            }
            if Path::new(TIME).exists() {
                let what = format!("peak, {workloads:>4} workloads, -j{jobs}, to disk");
                let turns = turns.min(15);
                compare(&what, "MiB", turns, &binaries, |binary| case(true).memory(binary));
            }
        }
    }
}
