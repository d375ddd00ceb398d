//! What holds for every patch and for every text of an overlay.

use crate::place::{HEAD, spec};
use crate::support::{report, root};
use proptest::prelude::*;
use serde_json::{Value, json};
use telemetree::compile::{self, Compiled};
use telemetree::node::Node;
use telemetree::origin::Origin;
use telemetree::overlay::{self, Loading};
use telemetree::syntax;

/// Compiles a spec with an overlay whose files all hold the same text.
fn compiled(overlay: &str, file: &str) -> Compiled {
    let front = compile::read("workload.yaml", &spec("./mine"), None);
    let mut loading = Loading::default();
    loading.ask("workload.yaml", front.overlays());
    while let Some(wanted) = loading.next_wanted() {
        let text = if wanted.path.ends_with("mine/overlay.yaml") { overlay } else { file };
        loading.give(Ok(text.to_owned()));
    }
    compile::finish(&front, &loading.finish())
}

/// What a compile comes to: all its files, or all its findings.
fn outcome(compiled: &Compiled) -> String {
    let files = compiled.output.as_ref().map(|output| format!("{:?}", output.files()));
    assert!(files.is_some() != compiled.diagnostics.has_errors(), "a tree, or errors");
    format!("{}\n{}", files.unwrap_or_default(), report(compiled))
}

fn node(value: &Value) -> Node {
    Node::from_json(value.clone(), &Origin::Structure)
}

/// What a patch comes to.
fn patched(value: &Value, patch: &Value) -> Result<Option<Value>, String> {
    match overlay::patched(node(value), &node(patch)) {
        Ok(made) => Ok(made.map(|made| made.to_json())),
        Err(diagnostic) => Err(diagnostic.message),
    }
}

/// Names that mean something to a merge, and others.
fn name() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "apiVersion",
        "kind",
        "metadata",
        "name",
        "labels",
        "spec",
        "template",
        "containers",
        "env",
        "ports",
        "containerPort",
        "volumes",
        "tolerations",
        "$patch",
        "$retainKeys",
        "$setElementOrder/containers",
        "$deleteFromPrimitiveList/finalizers",
        "op",
        "path",
        "from",
        "value",
        "a",
        "b",
        "-",
        "0",
        "~",
        "/",
        "",
    ]);
    prop_oneof![8 => known.prop_map(str::to_owned), 1 => "[ -~]{0,6}"]
}

fn scalar() -> impl Strategy<Value = Value> {
    let known = prop::sample::select(vec![
        "delete",
        "replace",
        "merge",
        "add",
        "remove",
        "test",
        "move",
        "copy",
        "/a",
        "/a/0",
        "/a/-",
        "/metadata",
        "/spec/containers/0",
        "",
        "/",
        "v1",
        "Deployment",
        "Service",
        "loki",
    ]);
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-2_i32..3).prop_map(|n| Value::from(f64::from(n) / 2.0)),
        known.prop_map(Value::from),
        "\\PC{0,6}".prop_map(Value::from),
    ]
}

/// Any value.
fn value() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(5, 40, 5, |inner| {
        let members = prop::collection::btree_map(name(), inner.clone(), 0..5);
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(Value::from),
            members.prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// The value without null and without directives: as an object may hold it.
fn plain(value: Value) -> Value {
    match value {
        Value::Null => json!(0),
        Value::Array(items) => items.into_iter().map(plain).collect(),
        Value::Object(members) => {
            let fine = members.into_iter().filter(|(key, _)| !key.starts_with('$'));
            Value::Object(fine.map(|(key, value)| (key, plain(value))).collect())
        }
        leaf @ (Value::Bool(_) | Value::Number(_) | Value::String(_)) => leaf,
    }
}

/// An object of a kind with lists that merge.
fn object() -> impl Strategy<Value = Value> {
    let container = || {
        let env = prop::collection::btree_map("[a-c]", "[a-z]{0,3}", 0..3).prop_map(|env| {
            env.iter().map(|(name, value)| json!({"name": name, "value": value})).collect::<Value>()
        });
        (env, value().prop_map(plain))
            .prop_map(|(env, more)| json!({"env": env, "resources": {"x": more}}))
    };
    let containers = prop::collection::btree_map("[a-c]", container(), 0..3);
    let finalizers = prop::collection::btree_set("[a-d]", 0..3);
    let labels = prop::collection::btree_map("[a-c]", "[a-z]{0,3}", 0..3);
    (containers, finalizers, labels, value().prop_map(plain)).prop_map(|(containers, finalizers, labels, more)| {
        let named = |(name, mut container): (String, Value)| {
            container["name"] = Value::from(name);
            container
        };
        let containers: Value = containers.into_iter().map(named).collect();
        json!({
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": "x", "labels": labels, "finalizers": finalizers},
            "spec": {"template": {"spec": {"containers": containers, "nodeSelector": {"a": more}}}},
        })
    })
}

/// Every overlay document that is at hand.
fn documents() -> Vec<String> {
    let walk = |folder: &str| walkdir::WalkDir::new(root().join(folder)).sort_by_file_name();
    let all = walk("overlays").into_iter().chain(walk("golden")).chain(walk("tests/diagnostics"));
    all.filter_map(Result::ok)
        .filter(|entry| entry.file_name() == "overlay.yaml")
        .map(|entry| std::fs::read_to_string(entry.path()).unwrap())
        .collect()
}

/// Changes a text at some places: bytes that mean something, lines twice or not at all.
fn mutated(text: &str, changes: &[(prop::sample::Index, u8)]) -> String {
    const BITS: [&str; 16] = [
        "{",
        "}",
        "[",
        "]",
        ":",
        "- ",
        "\n",
        "  ",
        "null",
        "$patch: delete\n",
        "1",
        "\"",
        "|",
        "*a",
        "&a ",
        "é",
    ];
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for (at, how) in changes {
        if lines.is_empty() {
            break;
        }
        let line = at.index(lines.len());
        match how % 4 {
            0 => drop(lines.remove(line)),
            1 => lines.insert(line, lines[line].clone()),
            2 => {
                let other = usize::from(*how) % lines.len();
                lines.swap(line, other);
            }
            _ => {
                let places: Vec<usize> = lines[line].char_indices().map(|(at, _)| at).collect();
                let place = if places.is_empty() { 0 } else { places[at.index(places.len())] };
                lines[line].insert_str(place, BITS[usize::from(*how / 4) % BITS.len()]);
            }
        }
    }
    lines.join("\n")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever patches whatever, it ends, and comes to the same again.
    #[test]
    fn a_patch_is_applied_or_refused_and_always_alike(value in value(), patch in value()) {
        prop_assert_eq!(patched(&value, &patch), patched(&value, &patch));
    }

    #[test]
    fn operations_are_applied_or_refused_and_always_alike(
        object in object(),
        operations in prop::collection::vec((scalar(), scalar(), scalar(), value()), 0..6),
    ) {
        let patch: Value = operations
            .into_iter()
            .map(|(op, path, from, value)| json!({"op": op, "path": path, "from": from, "value": value}))
            .collect();
        prop_assert_eq!(patched(&object, &patch), patched(&object, &patch));
    }

    #[test]
    fn an_object_merged_with_itself_stays_as_it_is(object in object()) {
        prop_assert_eq!(patched(&object, &object), Ok(Some(object)));
    }

    #[test]
    fn a_merge_that_was_made_changes_nothing_more(object in object(), patch in object()) {
        // What is of another kind than what it patches is refused.
        let Ok(once) = patched(&object, &patch) else { return Ok(()) };
        let once = once.expect("nothing is deleted");
        prop_assert_eq!(patched(&once, &patch), Ok(Some(once)));
    }

    #[test]
    fn an_arbitrary_patch_of_the_tree_makes_a_tree_or_findings(patch in value(), form in 0..3) {
        let text = syntax::emit(&node(&patch));
        let target = "target: {kind: Namespace}";
        let overlay = match form {
            0 => format!("{HEAD}patches:\n- {{{target}, path: patch.yaml}}\n"),
            1 => format!("{HEAD}resources: [patch.yaml]\n"),
            _ => format!("{HEAD}patches:\n- {{{target}, patch: {patch}}}\n"),
        };
        prop_assert_eq!(outcome(&compiled(&overlay, &text)), outcome(&compiled(&overlay, &text)));
    }

    #[test]
    fn an_arbitrary_text_is_an_overlay_or_findings(text in "\\PC{0,200}", rest in value()) {
        let _ = outcome(&compiled(&text, &text));
        let _ = outcome(&compiled(&format!("{HEAD}{text}"), &text));
        let _ = outcome(&compiled(&format!("{HEAD}patches: {rest}\nvalues: {rest}\nalloy: {rest}\nimages: {rest}\n"), ""));
    }

    #[test]
    fn a_mutated_overlay_makes_a_tree_or_findings(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let documents = documents();
        let text = mutated(&documents[which.index(documents.len())], &changes);
        prop_assert_eq!(outcome(&compiled(&text, &text)), outcome(&compiled(&text, &text)));
    }
}
