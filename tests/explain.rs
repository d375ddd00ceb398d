//! Every value knows why it is there, and what it says is true.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests look at the world and fail by panicking"
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::process::{Command, Stdio};
use support::{cases, compiled, root};
use telemetree::compile::Compiled;
use telemetree::explain::{self, comes_from};
use telemetree::origin::Origin;
use telemetree::source::Sources;
use telemetree::syntax::{self, Item, Kind};

/// Every leaf with its value and origin, by file and pointer.
fn all(of: &Compiled) -> BTreeMap<String, (String, Origin)> {
    let mut found = BTreeMap::new();
    for (cluster, tree) in &of.output.as_ref().unwrap().clusters {
        for (path, leaf) in explain::all(tree) {
            let key = format!("{cluster}/{path}{}", leaf.pointer);
            let before = found.insert(key.clone(), (leaf.value, leaf.origin.clone()));
            assert!(before.is_none(), "{key} is the place of two leaves");
        }
    }
    found
}

#[test]
fn every_leaf_of_every_golden_knows_why_it_is_there() {
    for case in cases() {
        let whole = compiled("workload.yaml", &case.spec);
        for (key, (value, origin)) in all(&whole) {
            assert!(origin != Origin::Structure, "{}: {key} = {value} has no reason", case.name);
        }
    }
}

/// Every value of a document with its place, maps and lists left out.
fn scalars(item: &Item, found: &mut Vec<Item>) {
    match &item.kind {
        Kind::Map(members) => members.iter().for_each(|member| scalars(&member.value, found)),
        Kind::List(items) => items.iter().for_each(|item| scalars(item, found)),
        Kind::Null | Kind::Reported => {}
        Kind::Bool(_) | Kind::Int(_) | Kind::Float(_) | Kind::Text(_) => found.push(item.clone()),
    }
}

/// Other values that may stand where `text` does; the first that compiles is taken.
fn others(text: &str) -> Vec<String> {
    let quote = if text.starts_with('"') { "\"" } else { "" };
    let inner = text.trim_matches('"');
    let words: Vec<String> = match inner {
        "true" => vec!["false".into()],
        "false" => vec!["true".into()],
        _ => {
            let digit = inner.rfind(|c: char| c.is_ascii_digit());
            let next = digit.map(|at| {
                let old: u32 = inner[at..=at].parse().unwrap();
                format!("{}{}{}", &inner[..at], (old + 1) % 10, &inner[at + 1..])
            });
            let choices = [
                "small",
                "medium",
                "large",
                "SecretStore",
                "NoExecute",
                "irsa",
                "insecure",
                "cluster",
                "workload",
                "traefik",
                "loadBalancer",
                "us-gov-east-1",
                "us-west-2",
                "northeurope",
                "v11",
            ];
            let choices = choices.iter().map(|word| (*word).to_owned());
            let longer = [format!("{inner}x"), format!("x{inner}")];
            next.into_iter().chain(longer).chain(choices).filter(|word| word != inner).collect()
        }
    };
    words.into_iter().map(|word| format!("{quote}{word}{quote}")).collect()
}

/// The leaves that differ between two compiles and do not say that they come from `line`. Where an
/// edit adds or removes leaves, others move in their lists: such edits are left out.
fn untold(before: &Compiled, after: &Compiled, line: usize) -> Vec<String> {
    let (old, new) = (all(before), all(after));
    if old.keys().ne(new.keys()) {
        return Vec::new();
    }
    let told = |of: &Compiled, leaves: &BTreeMap<String, (String, Origin)>| {
        let told =
            leaves.iter().filter(|(_, (_, origin))| comes_from(origin, None, line, &of.sources));
        told.map(|(key, _)| key.clone()).collect::<BTreeSet<String>>()
    };
    let mut told_of = told(before, &old);
    told_of.extend(told(after, &new));
    let changed = old
        .iter()
        .filter(|(key, (value, _))| new.get(*key).is_some_and(|(other, _)| other != value));
    changed.map(|(key, _)| key.clone()).filter(|key| !told_of.contains(key)).collect()
}

#[test]
fn an_edited_value_changes_only_what_says_that_it_comes_from_there() {
    let mut edits = 0;
    let mut report = String::new();
    for case in cases() {
        let before = compiled("workload.yaml", &case.spec);
        let mut sources = Sources::default();
        let source = sources.add("workload.yaml", case.spec.as_str());
        let document = syntax::parse(source, &case.spec).document.unwrap();
        let mut values = Vec::new();
        scalars(&document, &mut values);
        for item in values {
            let (start, end) = (item.span.start as usize, item.span.end as usize);
            let line = sources.position(item.span).unwrap().line;
            let edited = others(&case.spec[start..end]).into_iter().find_map(|other| {
                let text = format!("{}{other}{}", &case.spec[..start], &case.spec[end..]);
                let after = compiled("workload.yaml", &text);
                after.output.is_some().then_some((other, after))
            });
            let Some((other, after)) = edited else { continue };
            edits += 1;
            let untold = untold(&before, &after, line);
            let was = &case.spec[start..end];
            if !untold.is_empty() {
                let _ = writeln!(report, "{}:{line}: `{was}` to `{other}`: {untold:#?}", case.name);
            }
        }
    }
    assert!(report.is_empty(), "{report}");
    assert!(edits > 130, "only {edits} values could be edited");
}

#[test]
fn the_command_answers_for_people_and_for_programs() {
    let run = |args: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_telemetree"))
            .args(args)
            .current_dir(root().join("golden/aws-minimal"))
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        (output.status.code().unwrap(), text, String::from_utf8(output.stderr).unwrap())
    };
    let spec = ["--spec", "workload.yaml"];
    let with = |args: &[&'static str]| run(&[&["explain"], args, &spec].concat());
    let chain = with(&["mimir/values.yaml", "/mimir/structuredConfig/blocks_storage/s3"]);
    insta::assert_snapshot!("explain", chain.1);
    let inverse = with(&["--spec-line", "9"]);
    insta::assert_snapshot!("explain-line", inverse.1);
    let json = with(&["loki/values.yaml", "/deploymentMode", "--format", "json"]);
    insta::assert_snapshot!("explain-json", json.1);
    assert_eq!((chain.0, inverse.0, json.0), (0, 0, 0));
    let (code, _, stderr) = with(&["nothing.yaml"]);
    assert!(code == 1 && stderr.contains("no spec makes `nothing.yaml`"), "{stderr}");
    let (code, _, stderr) = with(&["loki/values.yaml", "/nothing"]);
    assert!(code == 1 && stderr.contains("nothing at that pointer"), "{stderr}");
}
