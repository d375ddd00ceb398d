//! The fleet that benchmarks build: specs with two clusters and every part.

use std::path::Path;

/// The overlays that every spec lists, by path, with their texts.
pub const OVERLAYS: [(&str, &str); 5] = [
    ("base/overlay.yaml", include_str!("../../golden/aws-full/overlays/base/overlay.yaml")),
    ("base/heartbeat.yaml", include_str!("../../golden/aws-full/overlays/base/heartbeat.yaml")),
    ("base/pullsecret.yaml", include_str!("../../golden/aws-full/overlays/base/pullsecret.yaml")),
    ("prod/overlay.yaml", include_str!("../../golden/aws-full/overlays/prod/overlay.yaml")),
    ("prod/heartbeat.yaml", include_str!("../../golden/aws-full/overlays/prod/heartbeat.yaml")),
];

/// A spec; `number` tells them apart.
pub fn spec(number: usize) -> String {
    let full = include_str!("../../golden/aws-full/workload.yaml");
    full.replace("heron-production", &format!("heron{number}-production"))
        .replace("heron-production-logs", &format!("heron{number}-logs"))
        .replace("heron/grafana", &format!("heron{number}/grafana"))
}

/// Writes specs, and the overlays that they share, into a folder.
pub fn write(folder: &Path, workloads: usize) {
    for number in 0..workloads {
        std::fs::write(folder.join(format!("{number}.yaml")), spec(number)).unwrap();
    }
    for (path, text) in OVERLAYS {
        let path = folder.join("overlays").join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}
