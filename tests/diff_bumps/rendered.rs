//! What is told of other versions of charts, against what Helm makes of them.

use crate::review_of;
use crate::support::{compile_with, report, root};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use telemetree::compile::Compiled;
use telemetree::contract::chart::{self, Contract};
use telemetree::diff::risk::Class;

/// An unpacked version of a chart.
struct Version {
    folder: PathBuf,
    contract: Contract,
}

/// The components, by the charts that deploy them.
const COMPONENTS: [(&str, &str); 4] =
    [("alloy", "alloy"), ("grafana", "grafana"), ("loki", "loki"), ("mimir-distributed", "mimir")];

#[test]
fn every_image_that_helm_renders_anew_is_told_and_no_other() {
    let Some(folder) = std::env::var_os("TELEMETREE_BUMPS") else {
        println!("skipped: TELEMETREE_BUMPS names no folder");
        return;
    };
    let mut pairs = 0;
    for (name, component) in COMPONENTS {
        let versions = versions(Path::new(&folder), name);
        for (old, new) in versions.iter().flat_map(|old| versions.iter().map(move |new| (old, new)))
        {
            if old.contract.version != new.contract.version {
                compare(component, old, new);
                pairs += 1;
            }
        }
    }
    assert!(pairs > 0, "no chart is there in two versions");
    println!("{pairs} pairs of versions");
}

fn versions(folder: &Path, name: &str) -> Vec<Version> {
    let all = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let of = |folder: PathBuf| {
        let mut files = BTreeMap::new();
        for entry in walkdir::WalkDir::new(&folder).into_iter().flatten() {
            if let Ok(text) = std::fs::read_to_string(entry.path()) {
                let path =
                    entry.path().strip_prefix(&folder).unwrap().to_string_lossy().into_owned();
                let _ = files.insert(path, text);
            }
        }
        let contract = chart::derive(&files).unwrap().contract;
        (contract.chart == name).then_some(Version { folder, contract })
    };
    all.filter_map(of).collect()
}

fn compare(component: &str, old: &Version, new: &Version) {
    let (before, after) = (pinned(component, old), pinned(component, new));
    let review = review_of(&before, &after);
    let changes = review.groups.iter().flat_map(|group| &group.changes);
    let restarts = changes.filter(|change| change.class() <= Class::Restart);
    let told: BTreeSet<(String, String)> = restarts
        .filter(|change| {
            change.spots.iter().any(|spot| spot.chart.is_some() && is_image(&spot.place))
        })
        .map(|change| (text(change.before.as_deref()), text(change.after.as_deref())))
        .collect();
    let values = values(component, &after);
    let (gone, made) = (images(old, &values), images(new, &values));
    let (gone, made): (Vec<_>, Vec<_>) =
        (gone.difference(&made).collect(), made.difference(&gone).collect());
    let pair =
        format!("{} {} → {}", old.contract.chart, old.contract.version, new.contract.version);
    println!("{pair}: {gone:?} → {made:?}");
    for image in &made {
        let is_told =
            told.iter().any(|(_, after)| !after.is_empty() && image.contains(after.as_str()));
        assert!(is_told, "{pair}: {image} is not told: {told:?}");
    }
    for (before, after) in &told {
        let is_in =
            |images: &[&String], part: &str| images.iter().any(|image| image.contains(part));
        let is_so = (!before.is_empty() && is_in(&gone, before))
            || (!after.is_empty() && is_in(&made, after));
        assert!(is_so, "{pair}: {before} → {after} is told, and Helm renders no such thing");
    }
}

fn text(side: Option<&str>) -> String {
    side.unwrap_or_default().to_owned()
}

fn is_image(place: &str) -> bool {
    place == "/appVersion" || place.contains("mage/")
}

/// The golden workload with a version of a chart.
fn pinned(component: &str, version: &Version) -> Compiled {
    let golden = root().join("golden/aws-full");
    let spec = std::fs::read_to_string(golden.join("workload.yaml")).unwrap();
    let spec = spec.replace("./overlays/prod]", "./overlays/prod, ./pins]");
    let overlay = format!(
        "apiVersion: telemetree/v1\nkind: Overlay\nwhy: a version\ncharts:\n  \
         # telemetree: allow settings/unchecked: of no interest here\n  \
         {component}: {{version: \"{}\", contract: new.json}}\n",
        version.contract.version
    );
    let contract = chart::print(&version.contract);
    let compiled = compile_with("workload.yaml", &spec, |path| match path {
        "pins/overlay.yaml" => Some(overlay.clone()),
        "pins/new.json" => Some(contract.clone()),
        path => std::fs::read_to_string(golden.join(path)).ok(),
    });
    // That the application is the same one is a warning about a comment that is not needed.
    assert!(compiled.output.is_some(), "{}", report(&compiled));
    compiled
}

fn values(component: &str, compiled: &Compiled) -> String {
    let files = compiled.output.as_ref().unwrap().files();
    let cluster = files.values().next().unwrap();
    let path = format!("{component}/values.yaml");
    cluster.iter().find(|(file, _)| file.as_str() == path).unwrap().1.clone()
}

/// The images that Helm renders.
fn images(version: &Version, values: &str) -> BTreeSet<String> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), values).unwrap();
    let mut helm = Command::new("helm");
    let _ = helm.args(["template", "x"]).arg(&version.folder).arg("-f").arg(file.path());
    let output = helm.args(["--kube-version", "1.33.0"]).output().expect("helm is on PATH");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let image =
        |line: &str| Some(line.trim().strip_prefix("image: ")?.trim_matches('"').to_owned());
    text.lines().filter_map(image).collect()
}
