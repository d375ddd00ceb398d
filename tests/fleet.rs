//! Fleets: many workloads, what they share, and where their trees go.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests look at the world and fail by panicking"
)]

mod support;

use std::path::Path;
use std::process::{Command, Stdio};
use support::{Files, read_folder};

const FLEET: &str = "apiVersion: telemetree/v1
kind: Fleet
spec:
  workloads: [workloads/**/*.yaml]
  defaults:
    cloud: {aws: {accountId: \"123456789012\", region: us-east-2}}
    clusters: {\"20250115\": {}}
    controlRoom: {domain: cr.example.com}
    overlays: [./overlays/shared]
    mimir: {retention: 30d, size: medium}
    delivery: {argocd: {repoUrl: https://git.example.com/x.git, destination: d}}
  output: {folder: trees, groupBy: region}
";

const OVERLAY: &str = "apiVersion: telemetree/v1
kind: Overlay
why: what all share
values: {grafana: {replicas: 2}}
";

fn workload(name: &str, region: &str, more: &str) -> String {
    format!(
        "apiVersion: telemetree/v1\nkind: Workload\nmetadata:\n  name: {name}\n  \
         labels: {{region: {region}, tier: gold}}\nspec:\n  \
         sites: {{main: {{domain: {name}.example.com}}}}\n{more}"
    )
}

/// A folder with a fleet of three.
fn fleet() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let put = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    put("fleet.yaml", FLEET);
    put("overlays/shared/overlay.yaml", OVERLAY);
    put("workloads/ant.yaml", &workload("ant-test", "us", ""));
    let own = "  controlRoom: null\n  mimir: {retention: 60d}\n";
    put("workloads/eu/bee.yaml", &workload("bee-test", "eu", own));
    let azure = "  cloud:\n    azure:\n      tenantId: 11111111-2222-3333-4444-555555555555\n      \
                 subscriptionId: 22222222-3333-4444-5555-666666666666\n      region: westeurope\n      \
                 identities:\n        alloy: aaaaaaaa-0000-0000-0000-000000000001\n        \
                 mimir: aaaaaaaa-0000-0000-0000-000000000002\n        \
                 loki: aaaaaaaa-0000-0000-0000-000000000003\n";
    put("workloads/eu/cat.yaml", &workload("cat-prod", "eu", azure));
    folder
}

struct Answer {
    code: i32,
    stdout: String,
    stderr: String,
}

fn run(folder: &Path, args: &[&str]) -> Answer {
    let output = Command::new(env!("CARGO_BIN_EXE_telemetree"))
        .args(args)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    Answer {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The trees of a fleet, built by some arguments.
fn built(args: &[&str]) -> Files {
    let folder = fleet();
    let answer = run(folder.path(), &[&["build"], args].concat());
    assert_eq!(answer.code, 0, "{}", answer.stderr);
    read_folder(&folder.path().join("trees"))
}

fn workloads(files: &Files) -> Vec<String> {
    let two = |path: &String| path.split('/').take(2).collect::<Vec<_>>().join("/");
    let mut all: Vec<String> = files.keys().map(two).collect();
    all.dedup();
    all
}

#[test]
fn a_fleet_builds_its_workloads_into_the_groups_of_its_label() {
    let files = built(&["fleet.yaml"]);
    assert_eq!(workloads(&files), ["eu/bee-test", "eu/cat-prod", "us/ant-test"]);
    let application =
        &files["us/ant-test/20250115/delivery/application-ant-test-20250115-mimir.yaml"];
    assert!(application.contains("$values/rendered/us/ant-test/20250115/mimir/values.yaml"));
    assert!(application.contains("tier: gold"), "the workload's labels are the Application's");
}

#[test]
fn defaults_stand_under_what_a_workload_says() {
    let files = built(&["fleet.yaml"]);
    let values = |workload: &str| &files[&format!("{workload}/20250115/mimir/values.yaml")];
    assert!(values("us/ant-test").contains("compactor_blocks_retention_period: \"30d\""));
    assert!(values("eu/bee-test").contains("compactor_blocks_retention_period: \"60d\""));
    let config = |workload: &str| &files[&format!("{workload}/20250115/alloy/config.alloy")];
    assert!(config("us/ant-test").contains("mimir.cr.example.com"));
    assert!(!config("eu/bee-test").contains("cr.example.com"), "a null takes a default away");
    assert!(
        values("eu/cat-prod").contains("azure"),
        "another cloud takes the place of the fleet's"
    );
    for workload in ["us/ant-test", "eu/bee-test", "eu/cat-prod"] {
        let grafana = &files[&format!("{workload}/20250115/grafana/values.yaml")];
        assert!(grafana.contains("\nreplicas: 2\n"), "{workload} has the fleet's overlay");
    }
}

#[test]
fn however_a_workload_is_named_it_belongs_to_its_fleet() {
    let whole = built(&["fleet.yaml"]);
    let of_ant = |files: &Files| -> Files {
        let is_ant = |path: &&String| path.contains("ant-test");
        files.keys().filter(is_ant).map(|path| (path.clone(), files[path].clone())).collect()
    };
    for args in [&["workloads/ant.yaml"][..], &["."], &["workloads"], &["./workloads/ant.yaml"]] {
        assert_eq!(of_ant(&built(args)), of_ant(&whole), "{args:?}");
    }
    assert_eq!(workloads(&built(&["."])).len(), 3, "nothing is built twice");
}

#[test]
fn workloads_are_picked_by_name_and_by_label() {
    for (args, expected) in [
        (&["--workload", "*-test"][..], &["eu/bee-test", "us/ant-test"][..]),
        (&["-l", "region=eu"], &["eu/bee-test", "eu/cat-prod"]),
        (&["-l", "region=eu,tier in (gold, silver)", "--workload", "b*"], &["eu/bee-test"]),
        (&["--workload", "ant-test", "--workload", "cat-prod"], &["eu/cat-prod", "us/ant-test"]),
    ] {
        assert_eq!(workloads(&built(&[&["fleet.yaml"], args].concat())), expected, "{args:?}");
    }
    let folder = fleet();
    let answer = run(folder.path(), &["build", "fleet.yaml", "-l", "region=asia"]);
    assert!(answer.code == 1 && answer.stderr.contains("no workload is left"), "{}", answer.stderr);
    let answer = run(folder.path(), &["build", "fleet.yaml", "-l", "region in eu"]);
    assert!(answer.code == 64 && answer.stderr.contains("no requirement"), "{}", answer.stderr);
}

#[test]
fn a_value_of_the_fleet_says_so() {
    let folder = fleet();
    let explain = |args: &[&str]| {
        let answer =
            run(folder.path(), &[&["explain"], args, &["--spec", "workloads/ant.yaml"]].concat());
        assert_eq!(answer.code, 0, "{}", answer.stderr);
        answer.stdout
    };
    let pointer = "/mimir/structuredConfig/limits/compactor_blocks_retention_period";
    let text = explain(&["mimir/values.yaml", pointer]);
    assert!(text.contains("fleet.yaml:10:24: mimir: {retention: 30d, size: medium}"), "{text}");
    let json = explain(&["mimir/values.yaml", pointer, "--format", "json"]);
    assert!(json.contains("\"kind\": \"fleet\""), "{json}");
    let inverse = explain(&["--spec-line", "10", "--of", "fleet.yaml"]);
    assert!(inverse.contains("compactor_blocks_retention_period = \"30d\""), "{inverse}");
    let overlay = explain(&["--spec-line", "4", "--of", "overlays/shared/overlay.yaml"]);
    assert!(overlay.contains("grafana/values.yaml /replicas = 2"), "{overlay}");
}

#[test]
fn mistakes_of_a_fleet_are_told_once_and_at_their_line() {
    for (from, to, expected) in [
        ("retention: 30d", "retention: 30x", "fleet.yaml:10:24"),
        ("retention: 30d", "retenshun: 30d", "unknown key `retenshun`"),
        ("workloads: [", "workload: [", "unknown key `workload`"),
        ("workloads/**", "nowhere/**", "no file matches `nowhere/**/*.yaml`"),
        ("groupBy: region", "groupBy: zone", "has no label `zone`"),
        ("workloads/**", "../**", "is not a pattern of files"),
        ("./overlays/shared", "./overlays/none", "cannot be read: there is no such file"),
    ] {
        let folder = fleet();
        let text = FLEET.replace(from, to);
        assert_ne!(text, FLEET);
        std::fs::write(folder.path().join("fleet.yaml"), text).unwrap();
        let answer = run(folder.path(), &["build", "fleet.yaml"]);
        assert_eq!(answer.code, 1, "{}", answer.stderr);
        let most = if to.contains("groupBy") { 3 } else { 1 };
        assert!(answer.stderr.contains(expected), "{expected}:\n{}", answer.stderr);
        assert!(answer.stderr.matches(expected).count() <= most, "{expected}:\n{}", answer.stderr);
        assert!(!folder.path().join("trees").exists(), "nothing is written");
    }
}

#[test]
fn the_schema_of_a_fleet_takes_this_one() {
    let value: serde_json::Value = serde_yaml::from_str(FLEET).unwrap();
    let validator = jsonschema::validator_for(&telemetree::fleet::schema()).unwrap();
    assert!(validator.is_valid(&value));
    let overlay: serde_json::Value = serde_yaml::from_str(OVERLAY).unwrap();
    let validator = jsonschema::validator_for(&telemetree::overlay::schema()).unwrap();
    assert!(validator.is_valid(&overlay));
    assert!(!validator.is_valid(&value));
}
