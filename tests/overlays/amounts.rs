//! A great deal of everything: patches, operations, nesting, aliases.

use crate::place::{HEAD, Place, Run, spec};
use std::fmt::Write as _;
use std::time::{Duration, Instant};
use telemetree::compile::{self, Compiled};
use telemetree::overlay::Loading;

const MANY: usize = 10_000;

/// One patch for each number.
fn patches(count: usize, one: impl Fn(usize) -> (String, String)) -> String {
    let mut text = String::from("patches:\n");
    for number in 0..count {
        let (target, patch) = one(number);
        let _ = writeln!(text, "- {{target: {target}, patch: {patch}}}");
    }
    text
}

fn annotating(number: usize) -> (String, String) {
    let patch = format!("{{metadata: {{annotations: {{a: v{number}}}}}}}");
    ("{kind: Namespace}".to_owned(), patch)
}

/// Compiles a spec with an overlay in memory.
fn compiled(overlay: &str) -> Compiled {
    let front = compile::read("workload.yaml", &spec("./mine"), None);
    let mut loading = Loading::default();
    loading.ask("workload.yaml", front.overlays());
    loading.give(Ok(format!("{HEAD}{overlay}")));
    assert_eq!(loading.next_wanted(), None);
    compile::finish(&front, &loading.finish())
}

#[test]
fn ten_thousand_patches_that_match_are_applied_in_order() {
    let place = Place::with(&patches(MANY, annotating));
    place.build().is_fine();
    assert!(place.file("loki/namespace.yaml").contains("a: v9999\n"));
}

#[test]
fn a_value_may_be_replaced_ten_thousand_times_on_a_small_stack() {
    // Every value remembers the one before it.
    let ops = |number| format!("{{op: add, path: /metadata/labels/a, value: v{number}}}");
    let ops: Vec<String> = (0..14_000).map(ops).collect();
    let overlay = format!(
        "patches:\n- target: {{kind: Namespace, name: loki}}\n  patch: [{}]\n",
        ops.join(", ")
    );
    let run = move || {
        let compiled = compiled(&overlay);
        assert!(compiled.output.is_some(), "{:?}", compiled.diagnostics.sorted().first());
        drop(compiled);
    };
    std::thread::Builder::new().stack_size(1 << 20).spawn(run).unwrap().join().unwrap();
}

#[test]
fn each_of_ten_thousand_targets_that_match_nothing_is_found() {
    let overlay = patches(MANY, |n| (format!("{{kind: Kind{n}}}"), "{a: 1}".to_owned()));
    let start = Instant::now();
    let compiled = compiled(&overlay);
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
    assert!(compiled.output.is_none());
    assert_eq!(compiled.diagnostics.errors(), MANY);
    for found in compiled.diagnostics.sorted() {
        assert_eq!(found.message, "this target matches no object");
        assert!(found.at.is_some());
    }
}

#[test]
fn of_ten_thousand_targets_that_match_nothing_the_first_hundred_are_shown() {
    let overlay = patches(10_000, |n| (format!("{{kind: Kind{n}}}"), "{a: 1}".to_owned()));
    let run = Place::with(&overlay).build();
    run.is_refused("overlay/target", "10000 errors; nothing was written");
    run.is_refused("overlay/target", "… and 9900 more");
    assert_eq!(run.findings(), 100);
    for line in [5, 50, 104] {
        assert!(run.stderr.contains(&format!("mine/overlay.yaml:{line}:4")), "{line}");
    }
}

#[test]
fn files_that_are_missing_are_each_reported() {
    let names: Vec<String> = (0..90).map(|number| format!("- r{number}.yaml\n")).collect();
    let run = Place::with(&format!("resources:\n{}", names.concat())).build();
    run.is_refused("overlay/file", "`r89.yaml` cannot be read: there is no such file");
    assert_eq!(run.findings(), 90);
}

/// The overlay with some operations on Loki's namespace.
fn operating(operations: &[String]) -> Place {
    let operations = operations.join(",\n    ");
    Place::with(&format!(
        "patches:\n- target: {{kind: Namespace, name: loki}}\n  patch: [\n    {operations}]\n"
    ))
}

#[test]
fn copies_cannot_fill_the_memory() {
    let mut operations = vec!["{op: add, path: /spec, value: {}}".to_owned()];
    operations.extend((0..64).map(|n| format!("{{op: copy, from: /spec, path: /spec/x{n}}}")));
    let run = operating(&operations).build();
    run.is_refused("overlay/patch", "copies make the object larger than 100000 values");
    let few: Vec<String> = operations.into_iter().take(9).collect();
    is_only_unknown(&operating(&few).build());
}

/// The operations were applied; what they made is then refused as no object of the API's.
fn is_only_unknown(run: &Run) {
    run.is_refused("kubernetes/field", "has no `");
}

#[test]
fn operations_cannot_nest_without_end() {
    let mut operations = vec!["{op: add, path: /a, value: {}}".to_owned()];
    for _ in 0..1_000 {
        operations.push("{op: add, path: /b, value: {}}".to_owned());
        operations.push("{op: move, from: /a, path: /b/a}".to_owned());
        operations.push("{op: move, from: /b, path: /a}".to_owned());
    }
    let run = operating(&operations).build();
    run.is_refused("overlay/patch", "more than 64 levels deep");
    operations.truncate(3 * 60);
    is_only_unknown(&operating(&operations).build());
    let run = operating(&["{op: copy, from: \"\", path: /metadata/all}".to_owned()]).build();
    is_only_unknown(&run);
}

#[test]
fn a_patch_nested_too_deep_is_refused() {
    for depth in [70, 1_000, 100_000] {
        let nested = format!("{}1{}", "{a: ".repeat(depth), "}".repeat(depth));
        let list = format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
        for text in [&nested, &list] {
            let place = Place::with(&format!(
                "patches:\n- target: {{kind: Namespace}}\n  patch: {{spec: {text}}}\n"
            ));
            assert_eq!(place.build().code, 1, "{depth}");
            // As a text in the overlay, and in a file.
            let place = Place::with(&format!(
                "patches:\n- target: {{kind: Namespace}}\n  patch: |\n    spec: {text}\n"
            ));
            assert_eq!(place.build().code, 1, "{depth}");
            let place = Place::with("patches:\n- {target: {kind: Namespace}, path: deep.yaml}\n");
            place.write("mine/deep.yaml", format!("spec: {text}\n"));
            assert_eq!(place.build().code, 1, "{depth}");
        }
    }
    let fine = format!("{}1{}", "{a: ".repeat(50), "}".repeat(50));
    let place = Place::with(&format!(
        "patches:\n- target: {{kind: Namespace}}\n  patch: {{spec: {fine}}}\n"
    ));
    is_only_unknown(&place.build());
}

#[test]
fn aliases_cannot_fill_the_memory() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let before = vec![format!("*a{}", level - 1); 10].join(", ");
        let _ = writeln!(bomb, "a{level}: &a{level} [{before}]");
    }
    let place = Place::new("./mine");
    place.write("mine/overlay.yaml", format!("{HEAD}{bomb}"));
    place.build().is_refused("spec/limit", "once aliases are expanded");
    let place = Place::with("resources: [bomb.yaml]\n");
    place.write("mine/bomb.yaml", &bomb);
    place.build().is_refused("spec/limit", "once aliases are expanded");
    let indented: String = bomb.lines().map(|line| format!("    {line}\n")).collect();
    let place =
        Place::with(&format!("patches:\n- target: {{kind: Namespace}}\n  patch: |\n{indented}"));
    place.build().is_refused("spec/limit", "once aliases are expanded");
    let place = Place::with("resources: &a [*a]\n");
    assert_eq!(place.build().code, 1);
}
