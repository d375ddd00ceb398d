//! Typos in overlays: each is found by a build, at the key that is misspelt.

#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests look at the world and fail by panicking"
)]

mod support;

use support::{cases, compiled};
use telemetree::compile::{self, Compiled};
use telemetree::node::{Data, Node};
use telemetree::overlay::Loading;
use telemetree::tree::{Content, Tree};

/// Maps whose keys are the user's, or of somebody who is not checked.
const FREE: [&str; 9] = [
    "annotations",
    "labels",
    "podLabels",
    "podAnnotations",
    "nodeSelector",
    "limits",
    "requests",
    "jsonData",
    "dashboardsConfigMaps",
];

/// The ways to the keys of a tree that are not in lists.
fn keys(node: &Node, way: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    let Data::Map(map) = &node.data else { return };
    for (key, value) in map {
        way.push(key.to_string());
        if !FREE.iter().any(|free| way[..way.len() - 1].iter().any(|part| part == free)) {
            found.push(way.clone());
        }
        keys(value, way, found);
        let _ = way.pop();
    }
}

/// The key with a letter twice, without one, or with two exchanged.
fn misspelt(key: &str, seed: usize) -> String {
    let mut letters: Vec<char> = key.chars().collect();
    let at = 1 + seed / 3 % (letters.len() - 2);
    match seed % 3 {
        0 => letters.insert(at, letters[at]),
        1 => drop(letters.remove(at)),
        _ => letters.swap(at, at + 1),
    }
    letters.into_iter().collect()
}

/// The spec with an overlay of these lines.
fn with(spec: &str, lines: &[String]) -> Compiled {
    let head = "apiVersion: telemetree/v1\nkind: Overlay\nwhy: a typo\n";
    let front = compile::read("workload.yaml", spec, None);
    let mut loading = Loading::default();
    loading.ask("workload.yaml", front.overlays());
    while loading.next_wanted().is_some() {
        loading.give(Ok(format!("{head}{}\n", lines.join("\n"))));
    }
    compile::finish(&front, &loading.finish())
}

#[test]
fn misspelt_keys_of_values_are_found_where_they_stand() {
    let case = cases().into_iter().find(|case| case.name == "aws-minimal").unwrap();
    let output = compiled("workload.yaml", &case.spec).output.unwrap();
    let spec = format!("{}  overlays: [./mine]\n", case.spec);
    let mut ways = Vec::new();
    for (path, content) in output.clusters.values().flat_map(Tree::files) {
        if let (Content::Values(values), Some(id)) = (content, path.component()) {
            keys(values, &mut vec![id.as_str().to_owned()], &mut ways);
        }
    }
    let (mut made, mut caught, mut placed) = (0, 0, 0);
    for (number, way) in ways.iter().enumerate() {
        let (last, around) = way.split_last().unwrap();
        // Names of files and of variables are the user's.
        let is_free =
            last.contains('.') || last.chars().any(|letter| letter == '_' || letter == '/');
        let is_variable = is_free && last.to_uppercase() == *last;
        if last.len() < 4 || last.contains(".yaml") || is_variable {
            continue;
        }
        let wrong = misspelt(last, number * 7);
        if ways.iter().any(|other| other.split_last() == Some((&wrong, around))) || wrong == *last {
            continue;
        }
        let mut lines = vec!["values:".to_owned()];
        for (depth, part) in around.iter().chain([&wrong]).enumerate() {
            lines.push(format!("{}{part:?}:", "  ".repeat(depth + 1)));
        }
        let place = (3 + lines.len(), 2 * way.len() + 1);
        lines.last_mut().unwrap().push_str(" 1");
        made += 1;
        let compiled = with(&spec, &lines);
        let all = compiled.diagnostics.sorted();
        let found = all.iter().filter_map(|found| {
            let position = compiled.sources.position(found.at?)?;
            Some((position.line, position.column))
        });
        let found: Vec<_> = found.collect();
        caught += usize::from(compiled.output.is_none());
        placed += usize::from(found.contains(&place));
        if compiled.output.is_some() || !found.contains(&place) {
            println!("{way:?} as `{wrong}`: {found:?} and not {place:?}");
        }
    }
    println!("{made} typos: {caught} caught, {placed} where they stand");
    assert!(made > 200, "{made}");
    assert!(caught * 100 >= made * 98 && placed * 100 >= made * 95, "{caught} {placed} of {made}");
}
