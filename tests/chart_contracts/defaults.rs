//! What charts take where their values say nothing.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use telemetree::contract::chart;

/// The defaults of a chart: its files by path, and a template that reads everything below `all`.
fn defaults(files: &[(&str, &str)]) -> Value {
    let about = "name: c\nversion: 1.0.0\n";
    let read = "{{ toYaml .Values.all }}{{ .Values.one }}{{ .Values.some.of }}";
    let given = [("Chart.yaml", about), ("templates/t.yaml", read)];
    let files: BTreeMap<String, String> = given
        .iter()
        .chain(files)
        .map(|(path, text)| (path.to_string(), text.to_string()))
        .collect();
    let contract = chart::derive(&files).unwrap().contract;
    let read = chart::parse(&chart::print(&contract)).unwrap();
    assert_eq!(read.defaults, contract.defaults);
    contract.defaults.unwrap().values().to_json()
}

#[test]
fn only_what_something_reads_is_kept() {
    let values = "one: 1\nsome: {of: 0.1, else: 2}\nall: {a: {b: [x, {c: true}]}, none: null}\nunread: {a: 1}\n";
    let kept = json!({"one": 1, "some": {"of": 0.1}, "all": {"a": {"b": ["x", {"c": true}]}}});
    assert_eq!(defaults(&[("values.yaml", values)]), kept);
}

#[test]
fn a_chart_lays_its_values_over_those_of_charts_within_it() {
    let about = "name: c\nversion: 1.0.0\ndependencies: [{name: d, alias: part}]\n";
    let files = [
        ("Chart.yaml", about),
        ("values.yaml", "part: {a: 2, c: null}\n"),
        ("charts/d/Chart.yaml", "name: d\nversion: 1.0.0\n"),
        ("charts/d/values.yaml", "a: 1\nb: 1\nc: 1\n"),
        ("charts/d/templates/t.yaml", "{{ .Values.a }}{{ .Values.b }}{{ .Values.c }}"),
    ];
    assert_eq!(defaults(&files), json!({"part": {"a": 2, "b": 1}}));
}

#[test]
fn of_a_long_text_it_is_only_kept_whether_it_is_another_one() {
    let of = |text: &str| {
        let kept = defaults(&[("values.yaml", &format!("one: \"{text}\"\n"))]);
        kept["one"].as_str().unwrap().to_owned()
    };
    assert_eq!(of(&"x".repeat(120)), "x".repeat(120));
    let long = of(&format!("{}y", "x".repeat(120)));
    assert!(long.starts_with("(121 characters, "), "{long}");
    assert_eq!(long, of(&format!("{}y", "x".repeat(120))));
    assert_ne!(long, of(&format!("{}z", "x".repeat(120))));
    assert!(of("a\\nb").starts_with("(3 characters, "));
}

#[test]
fn a_text_that_says_what_no_chart_does_is_refused() {
    let read = |defaults: &str| {
        let text = format!(
            "{{\"chart\": \"c\", \"version\": \"1\", \"keys\": {{}}, \"defaults\": {{{defaults}}}}}"
        );
        chart::parse(&text).map(|contract| contract.defaults.unwrap().values().to_json())
    };
    assert_eq!(read(r#""/a/b": 1, "/a/c~1d": []"#).unwrap(), json!({"a": {"b": 1, "c/d": []}}));
    for wrong in [
        r#""a": 1"#,
        r#""": 1"#,
        r#""/a": null"#,
        r#""/a": {"b": 1}"#,
        r#""/a": 1, "/a": 1"#,
        r#""/a": 1, "/a/b": 1"#,
        r#""/a/b": 1, "/a": 1"#,
        &format!("\"{}\": 1", "/a".repeat(129)),
    ] {
        assert!(read(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_contract_without_defaults_is_one() {
    let text = r#"{"chart": "c", "version": "1", "keys": {"/a": "text"}}"#;
    let contract = chart::parse(text).unwrap();
    assert_eq!(contract.defaults, None);
    assert!(!chart::print(&contract).contains("defaults"));
}
