//! Kubernetes' contract: what we emit keeps it, and what breaks it is found where it is.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::disallowed_macros,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests look at the world and fail by panicking"
)]

mod support;

#[path = "kubernetes/objects.rs"]
mod objects;

use objects::{Object, of_folder, of_goldens};
use std::collections::BTreeMap;
use telemetree::contract::kubernetes::{MINORS, check, sound, together};
use telemetree::contract::{Breach, Place};
use telemetree::node::Node;

/// A breach in one line.
fn line(breach: &Breach) -> String {
    let place = match &breach.place {
        Place::Key(pointer) | Place::Value(pointer) | Place::Within(pointer, _) => {
            pointer.to_string()
        }
        Place::Origin(_) => "?".to_owned(),
    };
    let help = breach.help.as_deref().unwrap_or("-");
    format!("{place}: {:?}: {} ({help})", breach.kind, breach.message)
}

/// Everything that is found in objects that are applied together, by object.
fn findings(objects: &[Object], minor: u32) -> BTreeMap<String, Vec<String>> {
    let mut found = BTreeMap::<String, Vec<String>>::new();
    for object in objects {
        let breaches = check(&object.node, minor).into_iter().chain(sound(&object.node));
        let lines: Vec<String> = breaches.map(|breach| line(&breach)).collect();
        if !lines.is_empty() {
            found.entry(object.name.clone()).or_default().extend(lines);
        }
    }
    let all: Vec<(&str, &Node)> =
        objects.iter().map(|object| (object.name.as_str(), &object.node)).collect();
    for (at, breach) in together(&all) {
        found.entry(objects[at].name.clone()).or_default().push(line(&breach));
    }
    found
}

#[test]
fn every_object_of_every_golden_keeps_the_contract_of_every_version() {
    let clusters = of_goldens();
    let count: usize = clusters.values().map(Vec::len).sum();
    assert!(count > 100, "the goldens have {count} objects");
    for (cluster, objects) in clusters {
        for minor in MINORS {
            let found = findings(&objects, minor);
            assert!(found.is_empty(), "{cluster}, 1.{minor}: {found:#?}");
        }
    }
}

/// `TELEMETREE_MANIFESTS` names folders of manifests that are good, one in each line or after each colon.
#[test]
fn manifests_of_others_keep_the_contract() {
    let Some(folders) = std::env::var_os("TELEMETREE_MANIFESTS") else {
        println!("skipped: TELEMETREE_MANIFESTS names no folder of manifests");
        return;
    };
    let (mut count, mut wrong) = (0, Vec::new());
    for folder in folders.to_string_lossy().split([':', '\n']) {
        for (file, objects) in of_folder(folder.as_ref()) {
            count += objects.len();
            for (object, lines) in findings(&objects, 33) {
                wrong.push(format!("{file}: {object}\n    {}", lines.join("\n    ")));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {count} objects:\n{}", wrong.len(), wrong.join("\n"));
    println!("{count} objects, no breach");
}
