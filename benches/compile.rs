//! How fast a compile is, and whether its cost grows with the fleet and not faster.
//!
//! `cargo bench` prints, for one workload and for fleets, the time with objects and bytes a second;
//! then the whole process, to disk, with its peak memory where the system tells it.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::disallowed_macros,
    clippy::unwrap_used,
    reason = "a benchmark reads files, runs the binary and prints"
)]

#[path = "support/fleet.rs"]
mod fleet;

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use fleet::{OVERLAYS, spec};
use std::path::Path;
use std::process::Command;
use std::time::Instant;
use telemetree::overlay::Loading;

fn compile(spec: &str) -> (u64, u64) {
    let front = telemetree::compile::read("spec.yaml", spec, None);
    let mut loading = Loading::default();
    loading.ask(front.name(), front.overlays());
    while let Some(wanted) = loading.next_wanted() {
        let path = wanted.path.strip_prefix("overlays/").unwrap();
        let (_, text) = OVERLAYS.iter().find(|(known, _)| *known == path).unwrap();
        loading.give(Ok((*text).to_owned()));
    }
    let output = telemetree::compile::finish(&front, &loading.finish()).output.unwrap();
    let objects: usize = output.clusters.values().map(|tree| tree.objects().count()).sum();
    let files = output.files();
    let bytes: usize = files.values().flat_map(|files| files.values()).map(String::len).sum();
    (u64::try_from(objects).unwrap(), u64::try_from(bytes).unwrap())
}

#[divan::bench]
fn one_workload(bencher: Bencher) {
    let spec = spec(0);
    let (objects, bytes) = compile(&spec);
    bencher
        .counter(ItemsCount::new(objects))
        .counter(BytesCount::new(bytes))
        .bench(|| compile(divan::black_box(&spec)));
}

#[divan::bench(args = [10, 100, 1000], sample_count = 5, sample_size = 1)]
fn fleet_in_memory_on_one_core(bencher: Bencher, workloads: usize) {
    let specs: Vec<String> = (0..workloads).map(spec).collect();
    let (objects, bytes) = compile(&spec(0));
    let count = u64::try_from(workloads).unwrap();
    bencher
        .counter(ItemsCount::new(objects * count))
        .counter(BytesCount::new(bytes * count))
        .bench(|| specs.iter().map(|spec| compile(spec).1).sum::<u64>());
}

/// Runs the binary on a folder of specs and gives the seconds and the peak memory in MiB.
fn whole_process(specs: &Path, out: &Path) -> (f64, Option<u64>) {
    let start = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_telemetree"))
        .current_dir(specs)
        .args(["build", "-q", "."])
        .arg("-o")
        .arg(out)
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = None;
    let ended = loop {
        peak = memory(&status).or(peak);
        match child.try_wait().unwrap() {
            Some(ended) => break ended,
            None => std::thread::sleep(std::time::Duration::from_millis(1)),
        }
    };
    assert!(ended.success(), "the fleet builds");
    (start.elapsed().as_secs_f64(), peak)
}

/// The most memory that a process ever held, in MiB.
fn memory(status: &str) -> Option<u64> {
    let text = std::fs::read_to_string(status).ok()?;
    let line = text.lines().find(|line| line.starts_with("VmHWM"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kib| kib / 1024)
}

fn main() {
    divan::main();
    for workloads in [1, 10, 100, 1000] {
        let place = tempfile::TempDir::new().unwrap();
        fleet::write(place.path(), workloads);
        let out = place.path().join("out");
        let (first, peak) = whole_process(place.path(), &out);
        let (again, _) = whole_process(place.path(), &out);
        let peak = peak.map_or("unknown".to_owned(), |mib| format!("{mib} MiB"));
        println!(
            "whole process, {workloads:>4} workloads to disk: {:.0} ms (again, nothing to do: {:.0} ms), peak {peak}",
            first * 1000.0,
            again * 1000.0
        );
    }
}
