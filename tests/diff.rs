//! Differences hold everything that means something, and nothing else.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests look at the world and fail by panicking"
)]

mod support;

use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use support::{cases, compiled};
use telemetree::check::Charts;
use telemetree::diff::edit::edits;
use telemetree::diff::list::Known;
use telemetree::diff::tree::{File, Pairs};
use telemetree::diff::value::{apply, between};
use telemetree::diff::view::{Carried, view};
use telemetree::node::Node;
use telemetree::origin::Origin;
use telemetree::tree::Tree;

fn node(value: Value) -> Node {
    Node::from_json(value, &Origin::Structure)
}

/// A value with every list sorted: a meaning of its own, which knows nothing of keys.
fn unordered(value: &Value) -> Value {
    match value {
        Value::Array(items) => {
            let mut items: Vec<Value> = items.iter().map(unordered).collect();
            items.sort_by_key(Value::to_string);
            Value::Array(items)
        }
        Value::Object(members) => Value::Object(
            members.iter().map(|(key, value)| (key.clone(), unordered(value))).collect(),
        ),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (0..4_i64).prop_map(Value::from),
        "[ab]{0,2}".prop_map(Value::from),
        Just(json!("one\ntwo\n")),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        let named = ("[a-d]", inner.clone())
            .prop_map(|(name, value)| json!({"name": name, "value": value}));
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec(named, 0..5).prop_map(Value::from),
            prop::collection::btree_map("[a-e]|resources|/~", inner, 0..5)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// A value near another: a few of its parts go, come or change.
fn near(value: Value, mut dice: u64) -> Value {
    fn roll(dice: &mut u64, sides: u64) -> u64 {
        *dice =
            dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*dice >> 33) % sides
    }
    fn change(value: Value, dice: &mut u64) -> Value {
        match value {
            Value::Array(mut items) => {
                match roll(dice, 8) {
                    0 if items.len() > 1 => items.rotate_left(1),
                    1 => drop(items.pop()),
                    2 => items.insert(0, json!(roll(dice, 4))),
                    _ => {}
                }
                items.into_iter().map(|item| change(item, dice)).collect()
            }
            Value::Object(mut members) => {
                match roll(dice, 8) {
                    0 => drop(members.insert("new".to_owned(), json!({"name": roll(dice, 4)}))),
                    1 => drop(members.pop_first_member()),
                    _ => {}
                }
                members.into_iter().map(|(key, value)| (key, change(value, dice))).collect()
            }
            leaf @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => {
                if roll(dice, 8) > 0 { leaf } else { json!(roll(dice, 9)) }
            }
        }
    }
    trait PopFirst {
        fn pop_first_member(&mut self) -> Option<Value>;
    }
    impl PopFirst for serde_json::Map<String, Value> {
        fn pop_first_member(&mut self) -> Option<Value> {
            let key = self.keys().next()?.clone();
            self.remove(&key)
        }
    }
    change(value, &mut dice)
}

/// Whether the difference makes the second of the first, and says nothing only of what is the same.
fn check(before: &Node, after: &Node, known: Known) {
    let (old, new) = (before.to_json(), after.to_json());
    let Some(change) = between(before, after, known) else {
        assert_eq!(unordered(&old), unordered(&new), "nothing is said to differ");
        return;
    };
    let made = apply(&change, Some(before)).unwrap().unwrap();
    if old.to_string().contains("resources") {
        // Sets of names keep the order in which they were, unless they change.
        assert_eq!(unordered(&made.to_json()), unordered(&new));
    } else {
        assert_eq!(made, *after);
    }
    assert_eq!(between(&made, after, known), None);
    assert!(!edits(&change).is_empty(), "what differs is shown: {change:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn applying_a_difference_makes_the_second_value(
        (before, after) in (values(), any::<u64>(), values(), any::<bool>()).prop_map(
            |(value, dice, other, far)| (value.clone(), if far { other } else { near(value, dice) }),
        )
    ) {
        let (before, after) = (node(before), node(after));
        check(&before, &after, Known::nothing());
        check(&after, &before, Known::alloy());
        prop_assert_eq!(between(&before, &before, Known::nothing()), None);
    }

    #[test]
    fn lists_that_kubernetes_merges_are_sets(
        before in prop::collection::btree_map("[a-h]", 0..4_i64, 0..6),
        after in prop::collection::btree_map("[a-h]", 0..4_i64, 0..6),
        turn in any::<prop::sample::Index>(),
    ) {
        let pod = |ports: &BTreeMap<String, i64>, turn: usize| {
            let mut env: Vec<Value> = ports.iter().map(|(k, v)| json!({"name": k, "value": v})).collect();
            let length = env.len().max(1);
            env.rotate_left(turn % length);
            if env.len() > 1 { env[1..].reverse(); }
            node(json!({"spec": {"containers": [{"name": "c", "env": env}]}}))
        };
        let known = Known::of_kind("v1/Pod");
        let turned = pod(&before, turn.index(7));
        let straight = pod(&before, 0);
        prop_assert_eq!(between(&straight, &turned, known), None);
        let after = pod(&after, 3);
        let made = match between(&turned, &after, known) {
            Some(change) => apply(&change, Some(&turned)).unwrap().unwrap(),
            None => turned.clone(),
        };
        prop_assert_eq!(unordered(&made.to_json()), unordered(&after.to_json()));
    }
}

fn trees() -> Vec<(String, Tree)> {
    let of = |case: support::Case| {
        let output = compiled("workload.yaml", &case.spec).output.expect("goldens compile");
        output
            .clusters
            .into_iter()
            .map(move |(cluster, tree)| (format!("{} {cluster}", case.name), tree))
    };
    cases().into_iter().flat_map(of).collect()
}

/// What a tree means: its files' values, by path.
fn meaning(tree: &Tree) -> BTreeMap<String, Value> {
    let carried = Carried::of(tree);
    let of = |content| unordered(&view(content, &carried).to_json());
    tree.files().map(|(path, content)| (path.to_string(), of(content))).collect()
}

#[test]
fn applying_the_difference_of_two_goldens_makes_the_second() {
    let trees = trees();
    let mut compared = 0;
    for (one, before) in &trees {
        for (other, after) in &trees {
            let charts = Charts::ours();
            let pairs = Pairs::of((before, &charts), (after, &charts));
            let mut made = meaning(before);
            for file in pairs.changes() {
                let old = file.before.map(File::view);
                let new = apply(&file.change, old).expect("it was made from this");
                if let Some(old) = file.before {
                    let _ = made.remove(old.path.as_str());
                }
                if let (Some(new), Some(file)) = (new, file.after) {
                    let _ = made.insert(file.path.to_string(), unordered(&new.to_json()));
                }
            }
            assert!(made == meaning(after), "{one} → {other}");
            assert_eq!(one == other, pairs.changes().is_empty(), "{one} → {other}");
            compared += 1;
        }
    }
    assert!(compared >= 64, "{compared}");
}
