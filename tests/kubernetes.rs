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

#[path = "kubernetes/mutations.rs"]
mod mutations;

use objects::{Object, of_folder, of_goldens};
use std::collections::BTreeMap;
use telemetree::contract::kubernetes::{MINORS, check, sound, together};
use telemetree::contract::{Breach, Place};
use telemetree::node::Node;
use telemetree::pointer::Pointer;

/// A breach in one line.
fn line(breach: &Breach) -> String {
    let place = match &breach.place {
        Place::Key(pointer)
        | Place::Value(pointer)
        | Place::Within(pointer, _)
        | Place::Inside(pointer, _) => pointer.to_string(),
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

/// Our own objects and the goldens', as JSON.
fn good_objects() -> Vec<serde_json::Value> {
    let own = objects::of_text(include_str!("kubernetes/objects.yaml"));
    let goldens = of_goldens().into_values().flatten();
    own.into_iter().chain(goldens).map(|object| object.node.to_json()).collect()
}

#[test]
fn our_own_objects_keep_the_contract_of_every_version() {
    let objects = objects::of_text(include_str!("kubernetes/objects.yaml"));
    assert!(objects.len() > 20, "there are {} objects", objects.len());
    for minor in MINORS {
        let found = findings(&objects, minor);
        assert!(found.is_empty(), "1.{minor}: {found:#?}");
    }
}

#[test]
fn a_mistake_is_found_where_it_is() {
    let (mut caught, mut right, mut lost) = (0, 0, Vec::new());
    let mutations = mutations::all(&good_objects(), 150, 7);
    for mutation in &mutations {
        let found = check(&objects::of_json(mutation.object.clone()).node, 33);
        let expected = Pointer::parse(&mutation.pointer).unwrap();
        let place = if mutation.key { Place::Key(expected) } else { Place::Value(expected) };
        caught += usize::from(!found.is_empty());
        if found.iter().any(|breach| breach.place == place) {
            right += 1;
        } else {
            lost.push(format!(
                "{}: {:?}",
                mutation.what,
                found.iter().map(line).collect::<Vec<_>>()
            ));
        }
    }
    let all = mutations.len();
    println!("{all} mistakes: {caught} caught, {right} at the right place; not so: {lost:#?}");
    assert!(all >= 300);
    assert!(caught * 100 >= all * 98, "{caught} of {all} caught: {lost:#?}");
    assert!(right * 100 >= all * 95, "{right} of {all} at the right place: {lost:#?}");
}
