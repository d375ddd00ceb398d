//! Findings for machines: JSON, SARIF and GitHub's workflow commands.
//!
//! `TELEMETREE_SARIF_SCHEMA=sarif-schema-2.1.0.json cargo test --test reports` also validates SARIF
//! by the standard's own schema.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::disallowed_macros,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests look at the world and fail by panicking"
)]

mod support;

use proptest::prelude::*;
use serde_json::Value;
use support::compile_in;
use telemetree::diag::{Code, Diagnostic, Diagnostics, Severity};
use telemetree::report::{RuleText, github, json, sarif};
use telemetree::source::{Sources, Span};

const RULES: [RuleText<'_>; 2] = [
    RuleText {
        id: "spec/type",
        what: "a value of another kind than the key takes",
        why: "nothing can be made of it",
        markdown: "A value of another kind than the key takes.",
        severity: Severity::Error,
    },
    RuleText {
        id: "overlay/idle",
        what: "a patch that changes nothing",
        why: "it may have been meant for something else",
        markdown: "A patch that changes *nothing*.",
        severity: Severity::Warning,
    },
];

/// What was found in texts of several kinds: with all parts and with none, in one line and in many.
fn found() -> (Diagnostics, Sources) {
    let mut sources = Sources::default();
    let spec = sources.add("./specs/a b.yaml", "name: é: 1\nmap:\n  one: 1\n  two: 2\n");
    let other = sources.add("/srv/overlay,1.yaml", "replicas: 3\n");
    let mut found = Diagnostics::default();
    found.push(
        Diagnostic::error(Code::Type, Span::new(spec, 9, 10), "`1` is a number, no text")
            .label("a number")
            .help("write `\"1\"`")
            .related(Some(Span::new(other, 0, 8)), "the overlay says so, too"),
    );
    found.push(Diagnostic::warning(Code::OverlayIdle, Span::new(spec, 12, 34), "nothing changes"));
    found.push(Diagnostic::error(Code::Collision, None, "two workloads share `a`: 100 %"));
    (found, sources)
}

fn normal(text: &str) -> String {
    text.replace(&format!("\"{}\"", env!("CARGO_PKG_VERSION")), "\"VERSION\"")
}

#[test]
fn findings_have_a_form_for_scripts() {
    let (found, sources) = found();
    insta::assert_snapshot!(json(&[(&found, &sources)]));
}

#[test]
fn findings_have_a_form_for_code_scanning() {
    let (found, sources) = found();
    insta::assert_snapshot!(normal(&sarif(&[(&found, &sources)], &RULES)));
}

#[test]
fn findings_have_a_form_for_github_actions() {
    let (found, sources) = found();
    insta::assert_snapshot!(github(&[(&found, &sources)]));
}

#[test]
fn no_finding_is_a_report_too() {
    insta::assert_snapshot!("nothing_as_sarif", normal(&sarif(&[], &[])));
    let report: Value = serde_json::from_str(&json(&[])).unwrap();
    assert_eq!(report, serde_json::json!({ "findings": [], "errors": 0, "warnings": 0 }));
    assert_eq!(github(&[]), "");
}

#[test]
fn places_are_those_that_people_are_shown() {
    let spec = "kind: Workload\nclstr: 1\n";
    let compiled = compile_in(&[], "workload.yaml", spec);
    let human = support::report(&compiled);
    let report = json(&[(&compiled.diagnostics, &compiled.sources)]);
    let report: Value = serde_json::from_str(&report).unwrap();
    let findings = report["findings"].as_array().unwrap();
    assert!(!findings.is_empty());
    for finding in findings {
        let Value::String(file) = &finding["file"] else { continue };
        let place = format!("{file}:{}:{}", finding["line"], finding["column"]);
        assert!(human.contains(&place), "{place} is not in\n{human}");
    }
}

/// The results of a SARIF log.
fn results(found: &Diagnostics, sources: &Sources) -> Vec<Value> {
    let log: Value = serde_json::from_str(&sarif(&[(found, sources)], &RULES)).unwrap();
    log["runs"][0]["results"].as_array().unwrap().clone()
}

#[test]
fn a_fingerprint_outlives_a_moved_line_and_tells_equals_apart() {
    let prints = |text: &str, places: &[usize]| {
        let mut sources = Sources::default();
        let source = sources.add("spec.yaml", text);
        let mut found = Diagnostics::default();
        for at in places {
            found.push(Diagnostic::error(Code::Type, Span::new(source, *at, at + 1), "a number"));
        }
        let results = results(&found, &sources);
        let prints = results.iter().map(|one| one["partialFingerprints"]["finding/v1"].to_string());
        prints.collect::<Vec<_>>()
    };
    let before = prints("a: 1\nb: 2\n", &[3, 8]);
    assert_eq!(before, prints("# new\na: 1\n# new\nb: 2\n", &[9, 20]));
    assert_ne!(before[0], before[1]);
}

#[test]
fn every_result_has_a_location_as_github_refuses_a_log_otherwise() {
    let (found, sources) = found();
    let mut together = Diagnostics::default();
    together.push(Diagnostic::error(Code::Collision, None, "two workloads share a bucket"));
    let none = Sources::default();
    let log = sarif(&[(&together, &none), (&found, &sources)], &RULES);
    let log: Value = serde_json::from_str(&log).unwrap();
    for result in log["runs"][0]["results"].as_array().unwrap() {
        let place = &result["locations"][0]["physicalLocation"];
        assert!(place["artifactLocation"]["uri"].is_string(), "{result:#}");
    }
}

#[test]
fn a_rule_is_found_by_its_index_and_an_unlisted_code_has_none() {
    let (found, sources) = found();
    for result in results(&found, &sources) {
        let listed = RULES.iter().position(|rule| result["ruleId"] == rule.id);
        let index = result.get("ruleIndex").map(|index| index.as_u64().unwrap());
        assert_eq!(index, listed.map(|index| index as u64), "{result:#}");
    }
}

#[test]
fn names_of_files_are_references_whatever_they_hold() {
    for (name, uri) in [
        ("a/b.yaml", "a/b.yaml"),
        ("./a.yaml", "a.yaml"),
        ("../a.yaml", "../a.yaml"),
        ("a b#?.yaml", "a%20b%23%3F.yaml"),
        ("c:100%.yaml", "c%3A100%25.yaml"),
        ("é.yaml", "%C3%A9.yaml"),
        ("<stdin>", "%3Cstdin%3E"),
        ("/srv/a.yaml", "file:///srv/a.yaml"),
        ("//srv/a.yaml", "file:///srv/a.yaml"),
    ] {
        let mut sources = Sources::default();
        let source = sources.add(name, "a: 1\n");
        let mut found = Diagnostics::default();
        found.push(Diagnostic::error(Code::Type, Span::new(source, 0, 1), "a message"));
        let result = &results(&found, &sources)[0];
        let place = &result["locations"][0]["physicalLocation"]["artifactLocation"];
        assert_eq!(place["uri"], uri, "{name}");
    }
}

#[test]
fn many_findings_in_a_large_text_take_no_time() {
    let mut sources = Sources::default();
    let source = sources.add("large.yaml", "key: value\n".repeat(100_000));
    let mut found = Diagnostics::default();
    for line in 0..20_000 {
        let at = line * 55;
        found.push(Diagnostic::error(Code::Type, Span::new(source, at, at + 3), "a message"));
    }
    let start = std::time::Instant::now();
    let length = json(&[(&found, &sources)]).len() + github(&[(&found, &sources)]).len();
    assert!(length > 0);
    // Counting the lines anew for each took a minute.
    assert!(start.elapsed().as_secs() < 15, "{:?}", start.elapsed());
}

type Properties = Vec<(String, String)>;

/// What the runner makes of a line (`TryParseV2` of its `ActionCommand.cs`): the command, its
/// properties, and its text.
fn run(line: &str) -> Option<(String, Properties, String)> {
    let (command, text) = line.strip_prefix("::")?.split_once("::")?;
    let (command, properties) = command.split_once(' ')?;
    let unescaped = |text: &str| text.replace("%0D", "\r").replace("%0A", "\n");
    let value = |text: &str| unescaped(text).replace("%3A", ":").replace("%2C", ",");
    let properties = properties.split(',').filter_map(|one| one.split_once('='));
    let properties = properties.map(|(key, text)| (key.into(), value(text).replace("%25", "%")));
    Some((command.to_owned(), properties.collect(), unescaped(text).replace("%25", "%")))
}

/// Texts that are hard to quote, and any others.
fn hostile() -> impl Strategy<Value = String> {
    const HARD: [&str; 12] =
        ["\n", "\r", "::", "%", "%0A", ",", "\"", "\\", "\0", "\u{85}", "\u{2028}", "](x)"];
    let piece = prop_oneof![
        proptest::sample::select(HARD.as_slice()).prop_map(str::to_owned),
        any::<char>().prop_map(String::from),
        "[a-z: ]{0,9}",
    ];
    proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

/// Findings with hostile texts, at places that need not be in the text nor between characters.
fn any_found() -> impl Strategy<Value = (Diagnostics, Sources)> {
    let finding = (hostile(), any::<bool>(), hostile(), 0..40_usize, 0..40_usize, any::<bool>());
    let findings = proptest::collection::vec(finding, 0..5);
    (hostile(), hostile(), findings).prop_map(|(name, text, findings)| {
        let mut sources = Sources::default();
        let source = sources.add(name, text);
        let mut found = Diagnostics::default();
        for (message, warns, more, start, end, placed) in findings {
            let at = placed.then(|| Span::new(source, start, end));
            let make = if warns { Diagnostic::warning } else { Diagnostic::error };
            let one = make(Code::Type, at, message).help(more.clone()).label(more.clone());
            found.push(one.related(Some(Span::new(source, end, start)), more.clone()));
            found.push(Diagnostic::error(Code::Yaml, Span::NOWHERE, more));
        }
        (found, sources)
    })
}

proptest! {
    #[test]
    fn json_tells_every_finding_whatever_it_says((found, sources) in any_found()) {
        let report: Value = serde_json::from_str(&json(&[(&found, &sources)])).unwrap();
        let findings = report["findings"].as_array().unwrap();
        let messages: Vec<&str> =
            findings.iter().map(|one| one["message"].as_str().unwrap()).collect();
        let sorted = found.sorted();
        let expected: Vec<&str> = sorted.iter().map(|one| one.message.as_str()).collect();
        prop_assert_eq!(messages, expected);
        prop_assert_eq!(&report["errors"], found.errors());
        prop_assert_eq!(&report["warnings"], found.len() - found.errors());
    }

    #[test]
    fn github_reads_each_command_as_one_line((found, sources) in any_found()) {
        let text = github(&[(&found, &sources)]);
        let lines: Vec<&str> = text.split_terminator(['\n', '\r']).collect();
        prop_assert_eq!(lines.len(), found.len());
        let name = &sources.own().next().unwrap().name;
        for (line, one) in lines.into_iter().zip(found.sorted()) {
            let (command, properties, text) = run(line).unwrap();
            prop_assert!(command == "error" || command == "warning");
            prop_assert!(text.starts_with(&one.message), "{text:?} {:?}", one.message);
            let property = |key: &str| properties.iter().find(|one| one.0 == key).map(|one| &one.1);
            prop_assert_eq!(property("title").unwrap(), one.code.as_str());
            if let Some(file) = property("file") {
                prop_assert_eq!(file, name);
                prop_assert_eq!(property("line"), property("endLine"));
            }
        }
    }

    #[test]
    fn sarif_is_json_with_a_result_for_each_finding((found, sources) in any_found()) {
        let results = results(&found, &sources);
        prop_assert_eq!(results.len(), found.len());
        for result in &results {
            let region = &result["locations"][0]["physicalLocation"]["region"];
            let number = |key: &str| region[key].as_u64();
            prop_assert!(
                (number("startLine"), number("startColumn"))
                    <= (number("endLine"), number("endColumn"))
            );
        }
    }

    #[test]
    fn sarif_is_valid_by_the_standards_schema((found, sources) in any_found()) {
        let Some(validator) = standard() else { return Ok(()) };
        let log: Value = serde_json::from_str(&sarif(&[(&found, &sources)], &RULES)).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&log).map(|error| error.to_string()).collect();
        prop_assert!(errors.is_empty(), "{errors:?}");
    }
}

/// The standard's schema, if somebody says where it is.
fn standard() -> Option<&'static jsonschema::Validator> {
    static STANDARD: std::sync::OnceLock<Option<jsonschema::Validator>> =
        std::sync::OnceLock::new();
    STANDARD
        .get_or_init(|| {
            let Some(path) = std::env::var_os("TELEMETREE_SARIF_SCHEMA") else {
                eprintln!("skipped: TELEMETREE_SARIF_SCHEMA names no schema");
                return None;
            };
            let text = std::fs::read_to_string(path).unwrap();
            let schema: Value = serde_json::from_str(&text).unwrap();
            let validator = jsonschema::options().should_validate_formats(true).build(&schema);
            let validator = validator.unwrap();
            assert!(!validator.is_valid(&serde_json::json!({ "runs": [] })), "it refuses nothing");
            Some(validator)
        })
        .as_ref()
}

#[test]
fn sarif_of_a_real_and_of_an_empty_run_is_valid_by_the_standards_schema() {
    let Some(validator) = standard() else { return };
    let (found, sources) = found();
    for log in [sarif(&[], &[]), sarif(&[(&found, &sources)], &RULES)] {
        let log: Value = serde_json::from_str(&log).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&log).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
    }
}
