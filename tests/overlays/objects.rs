//! Patches that would make something of an object that is none, or another one.

use crate::place::Place;

/// The overlay with one patch of Loki's namespace.
fn patching(patch: &str) -> Place {
    Place::with(&format!("patches:\n- target: {{kind: Namespace, name: loki}}\n  patch: {patch}\n"))
}

#[test]
fn labels_and_annotations_stay_text() {
    for key in ["labels", "annotations"] {
        for (value, what) in [("1", "a number"), ("true", "a boolean"), ("[a]", "a list")] {
            let run = patching(&format!("{{metadata: {{{key}: {{a: {value}}}}}}}")).build();
            run.is_refused("overlay/patch", &format!("`a` in `metadata.{key}` is {what}"));
            let add = format!("[{{op: add, path: /metadata/{key}, value: {{a: {value}}}}}]");
            patching(&add).build().is_refused("overlay/patch", &format!("is {what}"));
        }
        let list = format!("[{{op: add, path: /metadata/{key}, value: [a]}}]");
        patching(&list).build().is_refused("overlay/patch", "a map is wanted");
    }
}

#[test]
fn an_object_stays_the_object_that_it_is() {
    let another = "this would make Namespace loki another object";
    for patch in [
        "{apiVersion: v2}",
        "{apiVersion: null}",
        "{metadata: null}",
        "{$patch: replace}",
        "{metadata: {$patch: replace}}",
        "[{op: replace, path: /kind, value: Secret}]",
        "[{op: replace, path: /apiVersion, value: 1}]",
        "[{op: remove, path: /metadata/name}]",
        "[{op: remove, path: /metadata}]",
        "[{op: replace, path: /metadata/name, value: [loki]}]",
        "[{op: add, path: /metadata/namespace, value: elsewhere}]",
        "[{op: move, from: /metadata, path: /data}]",
        "[{op: replace, path: \"\", value: text}]",
        "[{op: replace, path: \"\", value: null}]",
        "[{op: replace, path: \"\", value: [1, 2]}]",
        "[{op: add, path: \"\", value: {}}]",
        "[{op: copy, from: /metadata, path: \"\"}]",
    ] {
        let place = patching(patch);
        let run = place.build();
        assert!(run.stderr.contains(another), "{patch}: {}", run.stderr);
        run.is_refused("overlay/patch", another);
        assert_eq!(run.findings(), 1, "{patch}: {}", run.stderr);
        assert!(!place.path("out").exists(), "{patch}");
    }
}

#[test]
fn a_merge_never_renames_as_with_kustomize() {
    let place = patching("{kind: Secret, metadata: {name: other, labels: {a: b}}}");
    place.build().is_fine();
    let namespace = place.file("loki/namespace.yaml");
    assert!(namespace.contains("kind: Namespace"), "{namespace}");
    assert!(namespace.contains("name: loki") && namespace.contains("a: b"), "{namespace}");
}

#[test]
fn what_is_wrong_with_a_patch_is_said_at_its_line() {
    for (patch, code, words) in [
        ("text", "overlay/patch", "a patch is a map or a list"),
        ("[1]", "overlay/patch", "an operation is a map"),
        ("[{op: add, path: /a/b, value: 1}]", "overlay/patch", "there is no `/a`"),
        ("{metadata: [1]}", "overlay/patch", "`/metadata` is a map"),
        ("{metadata: 1}", "overlay/patch", "`/metadata` is a map"),
        ("{$patch: frobnicate}", "overlay/patch", "frobnicate"),
        ("{$patch: [1]}", "overlay/patch", "$patch"),
        ("{metadata: {$retainKeys: 1}}", "overlay/patch", "$retainKeys"),
    ] {
        let run = patching(patch).build();
        assert!(run.stderr.contains(words), "{patch}: {}", run.stderr);
        run.is_refused(code, words);
        assert!(run.stderr.contains("mine/overlay.yaml:6:"), "{patch}: {}", run.stderr);
    }
}

#[test]
fn a_patch_that_changes_nothing_is_worth_a_warning() {
    for patch in ["{}", "[]", "{kind: Namespace}", "[{op: replace, path: /kind, value: Namespace}]"]
    {
        let run = patching(patch).build();
        run.is_fine();
        assert!(run.stderr.contains("warning[overlay/idle]"), "{patch}: {}", run.stderr);
        assert_eq!(run.findings(), 1, "{patch}: {}", run.stderr);
    }
    let run = patching("[{op: test, path: /kind, value: Namespace}]").build();
    run.is_fine();
    assert_eq!(run.findings(), 0, "{}", run.stderr);
}

#[test]
fn an_overlay_may_delete_every_object() {
    for target in ["{}", "{kind: .*}", "{name: .+}"] {
        let patch = "{$patch: delete}";
        let place = Place::with(&format!("patches:\n- target: {target}\n  patch: {patch}\n"));
        place.build().is_fine();
        let files = place.files();
        assert!(!files.keys().any(|path| path.ends_with("namespace.yaml")), "{target}");
        assert!(place.file("/kustomization.yaml").contains("resources: []"), "{target}");
        // The charts' values are no objects.
        assert!(files.keys().any(|path| path.ends_with("loki/values.yaml")), "{target}");
    }
}

#[test]
fn what_is_deleted_is_gone_for_later_patches() {
    let target = "- target: {kind: Namespace, name: loki}\n  patch:";
    let place = Place::with(&format!(
        "patches:\n{target} {{$patch: delete}}\n{target} {{metadata: {{labels: {{a: b}}}}}}\n"
    ));
    place.build().is_refused("overlay/target", "matches no object");
}

#[test]
fn no_target_needs_long_to_be_matched() {
    let long = "a".repeat(200_000);
    let (open, pairs) = ("(".repeat(20_000), format!("{}{}", "(".repeat(40), ")".repeat(40)));
    for pattern in [
        "(a*)*b",
        "(((a|aa)*)*)*",
        "(x+x+)+y",
        "(.*.*.*.*.*.*)*loki",
        "(a{0,200}){0,50}",
        "(a{1000}){1000}",
        "((((a{100}){100}){100}){100})",
        "\\\\p{L}{1000}",
        long.as_str(),
        open.as_str(),
        pairs.as_str(),
    ] {
        let place = Place::with(&format!(
            "patches:\n- target: {{name: \"{pattern}\"}}\n  patch: {{metadata: {{labels: {{a: b}}}}}}\n"
        ));
        let run = place.build();
        assert!(run.code == 1 || pattern.ends_with("loki"), "{}", run.stderr);
    }
}

#[test]
fn a_patch_that_fails_leaves_what_was_there_for_the_next_one() {
    let place = Place::with(
        "values: {loki: {read: 5}}\npatches:\n- target: {kind: Namespace, name: loki}\n  \
         patch: {metadata: {labels: [a]}}\n- target: {kind: Namespace, name: loki}\n  \
         patch: {metadata: {labels: {a: b}}}\nimages:\n- {name: grafana/loki, newTag: 3.7.7}\n",
    );
    let run = place.build();
    run.is_refused("overlay/patch", "this is a list; `/metadata/labels` is a map");
    assert_eq!(run.findings(), 2, "{}", run.stderr);
}

#[test]
fn values_are_taken_out_of_lists_only() {
    let run = patching("{metadata: {$deleteFromPrimitiveList/name: [loki]}}").build();
    run.is_refused("overlay/patch", "values are taken out of a list only");
}

#[test]
fn an_image_gets_the_whole_of_its_new_name() {
    let digest = "0".repeat(64);
    let place = Place::with(&format!(
        "images:\n- {{name: grafana/grafana, newName: mirror.example.com/grafana}}\n\
         - {{name: grafana/mimir, newTag: 3.0.5, digest: \"sha256:{digest}\"}}\n"
    ));
    place.build().is_fine();
    let grafana = place.file("grafana/values.yaml");
    let image = "image:\n  registry: mirror.example.com\n  repository: grafana\n";
    assert!(grafana.contains(image), "{grafana}");
    let mimir = place.file("mimir/values.yaml");
    assert!(mimir.contains(&format!("tag: 3.0.5@sha256:{digest}")), "{mimir}");
}
