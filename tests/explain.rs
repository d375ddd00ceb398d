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
use support::{Case, cases, compiled, root};
use telemetree::compile::Compiled;
use telemetree::explain::{self, comes_from};
use telemetree::origin::Origin;
use telemetree::overlay::Loading;
use telemetree::source::{Source, Sources, Span};
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
                "v13",
                "1",
                "distributed",
                "monolithic",
            ];
            let choices = choices.iter().map(|word| (*word).to_owned());
            let longer = ["x", "0"].map(|end| format!("{inner}{end}"));
            let longer = longer.into_iter().chain([format!("x{inner}")]);
            next.into_iter().chain(longer).chain(choices).filter(|word| word != inner).collect()
        }
    };
    words.into_iter().map(|word| format!("{quote}{word}{quote}")).collect()
}

/// A leaf without its position in lists: what is new in a list moves the rest of it.
fn anywhere(key: &str) -> String {
    let part =
        |part: &str| if part.parse::<usize>().is_ok() { "*".to_owned() } else { part.to_owned() };
    // The first part is the cluster, which may be a number.
    let (cluster, rest) = key.split_once('/').unwrap();
    let parts: Vec<String> = rest.split('/').map(part).collect();
    format!("{cluster}/{}", parts.join("/"))
}

/// The file of a leaf, as the test names it.
fn file_of(key: &str) -> &str {
    let end = [".yaml/", ".alloy/"].iter().find_map(|end| Some(key.find(end)? + end.len()));
    end.map_or(key, |end| &key[..end])
}

/// The leaves that are new, gone or different after an edit and do not say that they come from `line`.
/// Where leaves come and go, those that only moved are no difference.
fn untold(before: &Compiled, after: &Compiled, line: usize) -> Vec<String> {
    let (old, new) = (all(before), all(after));
    let told = |of: &Compiled, origin: &Origin| comes_from(origin, None, line, &of.sources);
    if old.keys().eq(new.keys()) {
        let changed = old.iter().filter(|(key, (value, _))| new[*key].0 != *value);
        let untold = changed
            .filter(|(key, (_, origin))| !told(before, origin) && !told(after, &new[*key].1));
        return untold.map(|(key, _)| key.clone()).collect();
    }
    let mut count: BTreeMap<(String, &str), isize> = BTreeMap::new();
    let mut said: BTreeSet<&str> = BTreeSet::new();
    for (of, leaves, by) in [(before, &old, -1), (after, &new, 1)] {
        for (key, (value, origin)) in leaves {
            *count.entry((anywhere(key), value)).or_default() += by;
            if told(of, origin) {
                said.extend([key.as_str(), file_of(key)]);
            }
        }
    }
    // A file that is new or gone as a whole is there because of its name.
    let whole = |key: &str, others: &BTreeMap<String, (String, Origin)>| {
        !others.keys().any(|other| file_of(other) == file_of(key)) && said.contains(file_of(key))
    };
    let mut untold = Vec::new();
    for (leaves, others, sign) in [(&old, &new, -1), (&new, &old, 1)] {
        for (key, (value, _)) in leaves {
            let left = count.get_mut(&(anywhere(key), value.as_str())).unwrap();
            if left.signum() == sign && (said.contains(key.as_str()) || whole(key, others)) {
                *left -= sign;
            }
        }
    }
    let left = count.into_iter().filter(|(_, left)| *left != 0);
    untold.extend(left.map(|((key, value), left)| format!("{key} = {value} ({left:+})")));
    untold
}

/// The specs of all cases, every value of them with what else may stand in its place.
fn edits(mut see: impl FnMut(&Case, &Compiled, &Item, usize, Vec<(String, Compiled)>)) {
    for case in cases() {
        let before = compiled("workload.yaml", &case.spec);
        let mut sources = Sources::default();
        let source = sources.add("workload.yaml", case.spec.as_str());
        let document = syntax::parse(source, &case.spec).document.unwrap();
        let mut values = Vec::new();
        scalars(&document, &mut values);
        for item in values {
            let (start, end) = (item.span.start as usize, item.span.end as usize);
            let edited = others(&case.spec[start..end]).into_iter().filter_map(|other| {
                let text = format!("{}{other}{}", &case.spec[..start], &case.spec[end..]);
                let after = compiled("workload.yaml", &text);
                after.output.is_some().then_some((other, after))
            });
            let edited: Vec<_> = edited.take(4).chain(without(&document, &item)).collect();
            let line = sources.position(item.span).unwrap().line;
            see(&case, &before, &item, line, edited);
        }
    }
}

/// The document without a value, without each section around it, and without it and all its equals:
/// as far as it can do without.
fn without(document: &Item, value: &Item) -> Vec<(String, Compiled)> {
    let around = |item: &Item| {
        item.span.start <= value.span.start && value.span.end <= item.span.end && item != document
    };
    let mut sections = Vec::new();
    visit(document, &mut |item| {
        if around(item) {
            sections.push(vec![item.span]);
        }
    });
    let mut equals = Vec::new();
    visit(document, &mut |item| {
        if item.kind == value.kind {
            equals.push(item.span);
        }
    });
    let gone = sections.into_iter().chain([equals]);
    let compiled = gone.filter_map(|gone| {
        let text = json_without(document, &gone).to_string();
        let after = compiled("workload.yaml", &text);
        after.output.is_some().then(|| (WITHOUT.to_owned(), after))
    });
    compiled.collect()
}

const WITHOUT: &str = "nothing";

/// Every item of a document.
fn visit(item: &Item, see: &mut impl FnMut(&Item)) {
    see(item);
    match &item.kind {
        Kind::Map(members) => members.iter().for_each(|member| visit(&member.value, see)),
        Kind::List(items) => items.iter().for_each(|item| visit(item, see)),
        Kind::Null
        | Kind::Bool(_)
        | Kind::Int(_)
        | Kind::Float(_)
        | Kind::Text(_)
        | Kind::Reported => {}
    }
}

/// The document as JSON, which is YAML, without what stands at some places.
fn json_without(item: &Item, gone: &[Span]) -> serde_json::Value {
    let kept = |item: &Item| (!gone.contains(&item.span)).then(|| json_without(item, gone));
    match &item.kind {
        Kind::Null | Kind::Reported => serde_json::Value::Null,
        Kind::Bool(value) => (*value).into(),
        Kind::Int(value) => (*value).into(),
        Kind::Float(value) => (*value).into(),
        Kind::Text(value) => value.as_str().into(),
        Kind::List(items) => items.iter().filter_map(kept).collect(),
        Kind::Map(members) => {
            let members = members.iter();
            let kept = members.filter_map(|one| Some((one.key.clone(), kept(&one.value)?)));
            serde_json::Value::Object(kept.collect())
        }
    }
}

/// Values that no edit of theirs alone can show to be a cause.
const JOINT: [(&str, &str); 3] = [
    ("aws-us-gov", "a partition agrees with its region, or is refused"),
    (
        "ClusterSecretStore",
        "an overlay of the case names the same store, which would then be nowhere",
    ),
    ("monolithic", "the replicas beside it are of this mode's only part; other modes refuse them"),
];

/// The leaves that cite a value of the spec and stay, whatever becomes of it.
fn unmoved(before: &Compiled, item: &Item, others: &[(String, Compiled)]) -> Vec<String> {
    let old = all(before);
    let new: Vec<_> = others.iter().map(|(_, after)| all(after)).collect();
    let counted = |leaves: &BTreeMap<String, (String, Origin)>, key: &str, value: &str| {
        let (key, all) = (anywhere(key), leaves.iter());
        all.filter(|(other, (same, _))| same == value && anywhere(other) == key).count()
    };
    let differs = |new: &BTreeMap<String, (String, Origin)>, key: &str| {
        let value = &old[key].0;
        let moved = || counted(&old, key, value) != counted(new, key, value);
        new.get(key).is_none_or(|(new, _)| new != value) || moved()
    };
    let says = cite(before, "workload.yaml", item.span.start as usize).into_iter();
    says.filter(|key| !new.iter().any(|new| differs(new, key))).collect()
}

#[test]
fn what_changes_with_a_value_of_the_spec_is_exactly_what_says_that_it_comes_from_there() {
    let (mut values, mut changes) = (0, 0);
    let mut report = String::new();
    edits(|case, before, item, line, others| {
        let was = &case.spec[item.span.start as usize..item.span.end as usize];
        for (other, after) in others.iter().filter(|(other, _)| other != WITHOUT) {
            changes += 1;
            let untold = untold(before, after, line);
            if !untold.is_empty() {
                let _ = writeln!(report, "{}:{line}: `{was}` to `{other}`: {untold:#?}", case.name);
            }
        }
        if others.is_empty() || JOINT.iter().any(|(value, _)| *value == was) {
            return;
        }
        values += 1;
        let unmoved = unmoved(before, item, &others);
        if !unmoved.is_empty() {
            let _ = writeln!(report, "{}:{line}: `{was}` decides none of {unmoved:#?}", case.name);
        }
    });
    assert!(report.is_empty(), "{report}");
    assert!(values > 150 && changes > 350, "only {changes} changes of {values} values");
}

/// A spec whose overlays are all read from files: a case's own, and ours as anybody could have written
/// them.
fn from_files(case: &Case) -> String {
    telemetree::embedded::OVERLAYS.iter().fold(case.spec.clone(), |spec, (name, _)| {
        let listed = |spec: String, before: &str, after: &str| {
            spec.replace(
                &format!("{before}{name}{after}"),
                &format!("{before}./overlays/{name}{after}"),
            )
        };
        [("[", "]"), ("[", ","), (" ", "]")]
            .into_iter()
            .fold(spec, |spec, (b, a)| listed(spec, b, a))
    })
}

/// Compiles a spec with one file of an overlay changed.
fn with_file(case: &Case, spec: &str, changed: &str, text: &str) -> Compiled {
    let front = telemetree::compile::read("workload.yaml", spec, None);
    let mut loading = Loading::default();
    loading.ask("workload.yaml", front.overlays());
    while let Some(wanted) = loading.next_wanted() {
        let file = overlay_file(case, &wanted.path);
        let text = if wanted.path == changed { Some(text.to_owned()) } else { file };
        loading.give(text.ok_or_else(|| "there is no such file".to_owned()));
    }
    telemetree::compile::finish(&front, &loading.finish())
}

fn overlay_file(case: &Case, path: &str) -> Option<String> {
    let folders = [case.folder.clone(), root()];
    folders.iter().find_map(|folder| std::fs::read_to_string(folder.join(path)).ok())
}

/// The leaves that say that they come from a place of a file, in any way.
fn cite(of: &Compiled, file: &str, start: usize) -> BTreeSet<String> {
    let cites = |origin: &Origin| {
        let mut places = BTreeSet::new();
        origin.all_written(&mut places);
        places.iter().any(|span| {
            let named = of.sources.get(span.source).is_some_and(|source| source.name == file);
            named && (span.start as usize..=span.end as usize).contains(&start)
        })
    };
    all(of).into_iter().filter(|(_, (_, origin))| cites(origin)).map(|(key, _)| key).collect()
}

/// One value of an overlay, edited: what says that it comes from there, and what changes.
fn edit(case: &Case, spec: &str, file: &str, text: &str, value: &Item) -> Option<(String, String)> {
    let (start, end) = (value.span.start as usize, value.span.end as usize);
    let was = text.get(start..end).filter(|was| !was.contains('\n'))?;
    let before = with_file(case, spec, file, text);
    let old = all(&before);
    let (other, new) = others(was).into_iter().find_map(|other| {
        let edited = format!("{}{other}{}", &text[..start], &text[end..]);
        let after = with_file(case, spec, file, &edited);
        let new = after.output.is_some().then(|| all(&after))?;
        old.keys().eq(new.keys()).then_some((other, new))
    })?;
    let is_changed = |(key, (value, _)): &(&String, &(String, Origin))| new[*key].0 != *value;
    let changed: BTreeSet<String> =
        old.iter().filter(is_changed).map(|(key, _)| key.clone()).collect();
    let says = cite(&before, file, start);
    // Words that only choose, such as a patch's target, are the cause of no value.
    if says.is_empty() && changed.is_empty() {
        return None;
    }
    let line = text[..start].matches('\n').count() + 1;
    let place = format!("{file}:{line}: `{was}` to `{other}`");
    let difference = format!("says {says:#?}, changes {changed:#?}");
    Some((place, if says == changed { String::new() } else { difference }))
}

#[test]
fn an_edited_value_of_an_overlay_changes_exactly_what_says_that_it_comes_from_there() {
    let mut edits = 0;
    let mut report = String::new();
    for case in cases() {
        let spec = from_files(&case);
        let compiled = with_file(&case, &spec, "", "");
        let texts = all(&compiled).into_values().flat_map(|(_, origin)| {
            let mut places = BTreeSet::new();
            origin.all_written(&mut places);
            places.into_iter().filter(|span| span.source.is_shared()).map(|span| span.source)
        });
        for source in texts.collect::<BTreeSet<_>>() {
            let Source { name, text } = compiled.sources.get(source).unwrap();
            let mut values = Vec::new();
            scalars(&syntax::parse(source, text).document.unwrap(), &mut values);
            for value in values {
                let Some((place, difference)) = edit(&case, &spec, name, text, &value) else {
                    continue;
                };
                edits += 1;
                if !difference.is_empty() {
                    let _ = writeln!(report, "{}: {place}: {difference}", case.name);
                }
            }
        }
    }
    assert!(report.is_empty(), "{report}");
    assert!(edits > 70, "only {edits} values could be edited");
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
