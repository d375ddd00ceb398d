//! Our contract of Kubernetes against kubeconform, on objects with one mistake each.

use crate::mutations::{self, Mutation};
use crate::objects;
use crate::tools::{Outcome, Tools};
use telemetree::contract::kubernetes::check;

/// What kubeconform refuses, our contract refuses. It may refuse more: kubeconform's schemas know no closed
/// sets, and its reader takes other types for text.
pub fn agrees(tools: &Tools) -> Outcome {
    let own = objects::of_text(include_str!("../kubernetes/objects.yaml"));
    let goldens = objects::of_goldens().into_values().flatten();
    let all = own.into_iter().chain(goldens).map(|object| object.node.to_json());
    let built_in: Vec<_> = all.filter(|object| is_built_in(&object["apiVersion"])).collect();
    let (mut both, mut ours, mut neither, mut report) = (0, 0, 0, String::new());
    for mutation in mutations::all(&built_in, 75, 11) {
        let Mutation { what, object, .. } = mutation;
        let refused = !check(&objects::of_json(object.clone()).node, 33).is_empty();
        match (tools.kubeconform(&format!("{object}\n")), refused) {
            (Outcome::Failed(_), true) => both += 1,
            (Outcome::Failed(why), false) => report += &format!("{what}: {why}\n"),
            (Outcome::Passed, true) => ours += 1,
            (Outcome::Passed, false) => neither += 1,
            (Outcome::Skipped(reason), _) => return Outcome::Skipped(reason),
        }
    }
    println!("  refused by both {both}, by us alone {ours}, by neither {neither}");
    Outcome::of(&report)
}

fn is_built_in(version: &serde_json::Value) -> bool {
    let version = version.as_str().unwrap_or_default();
    let group = version.split_once('/').map_or("", |(group, _)| group);
    !group.contains('.') || group.ends_with(".k8s.io") && !group.starts_with("gateway.")
}
