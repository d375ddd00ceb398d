//! A repository with a fleet in it, as people keep one: specs, overlays, and the trees that were built.

use std::path::Path;
use std::process::{Command, Stdio};

/// What a repository holds besides the specs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Nothing.
    Specs,
    /// The built trees, too.
    Trees,
}

/// Runs git in a folder, with none of the machine's settings.
pub fn git(folder: &Path, args: &[&str]) {
    let done = Command::new("git")
        .args(["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "gc.auto=0"])
        .args(args)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .current_dir(folder)
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(done.success(), "git {args:?}");
}

/// Commits a fleet: each spec lists overlays that all share, and the fleet puts defaults under it.
pub fn write(folder: &Path, workloads: usize, holds: Holds, binary: &Path) {
    super::fleet::write(folder, workloads);
    let fleet = "apiVersion: telemetree/v1\nkind: Fleet\nspec:\n  workloads: [\"[0-9]*.yaml\"]\n  \
                 defaults: {telemetryReporting: false}\n";
    std::fs::write(folder.join("fleet.yaml"), fleet).unwrap();
    if holds == Holds::Trees {
        let built = Command::new(binary).args(["build", "-q"]).current_dir(folder).status();
        assert!(built.unwrap().success(), "the fleet builds");
    }
    git(folder, &["init", "-q"]);
    git(folder, &["add", "-A"]);
    git(folder, &["commit", "-q", "-m", "x"]);
    // As a clone has them.
    git(folder, &["repack", "-q", "-a", "-d"]);
}
