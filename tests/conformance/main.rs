//! The golden trees against the real tools: kustomize, Helm with the real charts, kubeconform,
//! Alloy, Loki.
//!
//! Opt-in: `TELEMETREE_CONFORMANCE=1 cargo test --test conformance`. Tools are looked for on `PATH`;
//! `TELEMETREE_CHARTS` names a folder with the unpacked charts, each called `<name>-<version>`;
//! `TELEMETREE_SCHEMAS` names a folder with schemas for kubeconform. What cannot be had is skipped
//! with its reason, and counted.

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

#[path = "../support/mod.rs"]
mod support;

#[path = "../kubernetes/mutations.rs"]
mod mutations;
#[path = "../kubernetes/objects.rs"]
mod objects;

mod alloy;
mod charts;
mod kubernetes;
mod kustomize;
mod overlays;
mod precommit;
mod tools;

use std::process::ExitCode;
use tools::{Outcome, Tools};

/// A check: its name, and what it finds on one cluster's folder.
type Check = (&'static str, fn(&Tools, &Cluster) -> Outcome);

/// A cluster's folder of a golden tree.
pub struct Cluster {
    /// The golden case and the cluster.
    pub name: String,
    /// Its files, by path.
    pub files: support::Files,
    /// The same files on disk.
    pub folder: std::path::PathBuf,
}

const CHECKS: [Check; 9] = [
    ("kustomize builds the folder, and sees our objects", kustomize::builds),
    ("kubeconform accepts what kustomize builds", kustomize::conforms),
    ("helm renders every chart with our values", charts::renders),
    ("kubeconform accepts what helm renders", charts::conforms),
    ("every value we emit is read by its chart", charts::reads_every_value),
    ("addresses in the tree are Services of the charts", charts::addresses_exist),
    ("loki accepts its configuration", charts::loki_accepts),
    ("alloy fmt would change nothing", alloy::formatted),
    ("alloy validate accepts the configuration", alloy::valid),
];

/// A check of the tool alone.
type WholeCheck = (&'static str, fn(&Tools) -> Outcome);

const WHOLE_CHECKS: [WholeCheck; 4] = [
    ("our contract of Kubernetes refuses what kubeconform refuses", kubernetes::agrees),
    ("strategic merges give what kustomize gives", overlays::strategic),
    ("JSON 6902 operations give what kustomize gives", overlays::json_6902),
    ("pre-commit lets right commits pass, and no wrong ones", precommit::hook),
];

fn clusters() -> Vec<Cluster> {
    let mut clusters = Vec::new();
    for case in support::cases() {
        let root = case.folder.join("expected");
        let all = support::read_folder(&root);
        for marker in all.keys().filter(|path| path.ends_with("/.telemetree.json")) {
            let prefix = marker.trim_end_matches(".telemetree.json");
            let files = all.iter().filter_map(|(path, text)| {
                Some((path.strip_prefix(prefix)?.to_owned(), text.clone()))
            });
            clusters.push(Cluster {
                name: format!("{}/{}", case.name, prefix.trim_end_matches('/')),
                files: files.collect(),
                folder: root.join(prefix),
            });
        }
    }
    clusters
}

fn main() -> ExitCode {
    let clusters = clusters();
    if std::env::var_os("TELEMETREE_CONFORMANCE").is_none() {
        println!("conformance: skipped: set TELEMETREE_CONFORMANCE=1 to run the real tools");
        let all = CHECKS.len() * clusters.len() + WHOLE_CHECKS.len();
        println!("0 passed, 0 failed, {all} skipped");
        return ExitCode::SUCCESS;
    }
    let tools = Tools::find();
    // A word after `--` picks checks by name.
    let picked = std::env::args().skip(1).find(|word| !word.starts_with('-')).unwrap_or_default();
    println!("{}", tools.versions());
    let (mut passed, mut failed, mut skipped) = (0, 0, 0);
    for (name, check) in CHECKS.into_iter().filter(|(name, _)| name.contains(&picked)) {
        let mut reasons = std::collections::BTreeMap::<String, usize>::new();
        let mut fine = 0;
        for cluster in &clusters {
            match check(&tools, cluster) {
                Outcome::Passed => fine += 1,
                Outcome::Failed(report) => {
                    failed += 1;
                    println!("FAILED {name}: {}\n{report}", cluster.name);
                }
                Outcome::Skipped(reason) => *reasons.entry(reason).or_default() += 1,
            }
        }
        passed += fine;
        println!("{name}: {fine} of {} folders", clusters.len());
        for (reason, count) in reasons {
            skipped += count;
            println!("  skipped {count}: {reason}");
        }
    }
    for (name, check) in WHOLE_CHECKS.into_iter().filter(|(name, _)| name.contains(&picked)) {
        match check(&tools) {
            Outcome::Passed => {
                passed += 1;
                println!("{name}");
            }
            Outcome::Failed(report) => {
                failed += 1;
                println!("FAILED {name}:\n{report}");
            }
            Outcome::Skipped(reason) => {
                skipped += 1;
                println!("{name}: skipped: {reason}");
            }
        }
    }
    println!("{passed} passed, {failed} failed, {skipped} skipped");
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
