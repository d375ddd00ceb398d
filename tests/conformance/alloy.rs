//! Alloy's own tools on its configuration.

use crate::Cluster;
use crate::tools::{Outcome, Tools};

const CONFIG: &str = "alloy/config.alloy";

pub fn formatted(tools: &Tools, cluster: &Cluster) -> Outcome {
    let config = &cluster.files[CONFIG];
    match tools.alloy_fmt(config) {
        None => Outcome::missing("alloy"),
        Some(answer) if !answer.ok => Outcome::Failed(answer.report()),
        Some(answer) if answer.stdout != *config => {
            let diff = similar::TextDiff::from_lines(config.as_str(), &answer.stdout);
            Outcome::Failed(diff.unified_diff().to_string())
        }
        Some(_) => Outcome::Passed,
    }
}

pub fn valid(tools: &Tools, cluster: &Cluster) -> Outcome {
    let file = cluster.folder.join(CONFIG);
    match tools.alloy_validate(&file.to_string_lossy()) {
        None => Outcome::missing("alloy"),
        Some(answer) => Outcome::of(&answer.report()),
    }
}
