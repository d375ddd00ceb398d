//! Deriving: charts made up for it, any text, and the charts that the contracts come from.

use crate::{CHARTS, charts, contract};
use proptest::prelude::*;
use std::collections::BTreeMap;
use telemetree::contract::chart::{self, template};

/// A chart of one template.
fn files(values: &str, template: &str) -> BTreeMap<String, String> {
    let file = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    BTreeMap::from([
        file("Chart.yaml", "name: c\nversion: 1.0.0\n"),
        file("values.yaml", values),
        file("templates/t.yaml", template),
    ])
}

/// The paths that a template reads, as the contract prints them.
fn paths(values: &str, template: &str) -> Vec<String> {
    keys(&chart::derive(&files(values, template)).unwrap().contract)
}

fn keys(contract: &chart::Contract) -> Vec<String> {
    let json: serde_json::Value = serde_json::from_str(&chart::print(contract)).unwrap();
    let keys = json["keys"].as_object().unwrap();
    // What others go on, and is no more than that, says nothing.
    let goes_on = |path: &str| keys.keys().any(|key| key.starts_with(&format!("{path}/")));
    let said = keys.iter().filter(|(path, words)| *words != "" || !goes_on(path));
    said.map(|(path, _)| path.clone()).collect()
}

#[test]
fn values_are_followed_to_where_they_are_read() {
    let cases: &[(&str, &[&str])] = &[
        ("{{ .Values.a.b }}{{ $.Values.c }}", &["/a/b", "/c"]),
        ("{{ index .Values \"a-b\" \"c\" }}", &["/a-b/c"]),
        ("{{ dig \"a\" \"b\" \"x\" .Values.c }}", &["/c/a/b"]),
        ("{{ get .Values.a \"b.c\" }}{{ if hasKey .Values \"d\" }}{{ end }}", &["/a/b.c", "/d"]),
        ("{{ pluck \"a\" .Values.b .Values.c | first }}", &["/b/a", "/c/a"]),
        ("{{ with .Values.a }}{{ .b }}{{ $.Values.c }}{{ end }}", &["/a/b", "/c"]),
        ("{{ range $k, $v := .Values.a }}{{ $k }}{{ $v.b }}{{ end }}", &["/a/*/b"]),
        ("{{ range list \"a\" \"b\" }}{{ (index $.Values .).c }}{{ end }}", &["/a/c", "/b/c"]),
        (
            "{{ $x := .Values.a }}{{ if .Values.b }}{{ $x = .Values.c }}{{ end }}{{ $x.d }}",
            &["/a/d", "/b", "/c/d"],
        ),
        ("{{ toYaml .Values.a }}{{ .Values.a.b }}", &["/a", "/a/b"]),
        ("{{ (.Values.a | default .Values.b).c }}", &["/a/c", "/b/c"]),
        ("{{ (ternary .Values.a .Values.b true).c }}", &["/a/c", "/b"]),
        ("{{ (merge (dict) .Values.a .Values.b).c }}", &["/a/c", "/b/c"]),
        (
            "{{ (mergeOverwrite (deepCopy .Values.a) .Values.b).c }}{{ .Values.a.d }}",
            &["/a/c", "/a/d", "/b/c"],
        ),
        ("{{ (pick .Values.a \"b\").b.c }}", &["/a/b/c"]),
        ("{{ $d := dict }}{{ $_ := set $d \"x\" .Values.a }}{{ $d.x.b }}", &["/a/b"]),
        (
            "{{ define \"t\" }}{{ .ctx.Values.a }}{{ .of.b }}{{ end }}{{ include \"t\" (dict \"ctx\" . \"of\" .Values.c) }}",
            &["/a", "/c/b"],
        ),
        (
            "{{ define \"s\" }}{{ index .ctx.Values .name | toYaml }}{{ end }}{{ (include \"s\" (dict \"ctx\" . \"name\" \"a\") | fromYaml).b }}",
            &["/a/b"],
        ),
        (
            "{{ $s := .Values }}{{ range regexSplit \"\\\\.\" \"a.b\" -1 }}{{ $s = index $s . }}{{ end }}{{ $s.c }}",
            &["/a/b/c"],
        ),
        (
            "{{ if eq \"a\" \"b\" }}{{ .Values.never }}{{ else }}{{ .Values.always }}{{ end }}",
            &["/always"],
        ),
        ("{{ range .Values.a }}{{ . }}{{ else }}{{ .Values.b }}{{ end }}", &["/a/*", "/b"]),
        ("{{- /* .Values.comment */ -}}{{ `{{ .Values.raw }}` }}", &[]),
        ("{{ block \"b\" .Values.a }}{{ .c }}{{ end }}", &["/a/c"]),
        ("{{ if .Values.a }}{{ fail (printf \"%s\" (toYaml .Values.b)) }}{{ end }}", &["/a", "/b"]),
        ("{{ tpl \"{{ .Values.a }}\" . }}", &["/a"]),
    ];
    for (template, wanted) in cases {
        let mut found = paths("", template);
        found.sort();
        let found: Vec<&str> =
            found.iter().map(String::as_str).filter(|path| !path.is_empty()).collect();
        assert_eq!(found, *wanted, "{template}");
    }
}

#[test]
fn text_in_the_defaults_is_run_where_a_template_runs_it() {
    let values = "config: |\n  x: {{ .Values.a.b }}\nother: '{{ .Values.never }}'\n";
    assert_eq!(
        paths(values, "{{ tpl .Values.config . }}{{ .Values.other }}"),
        ["/a/b", "/config", "/other"]
    );
}

#[test]
fn charts_within_a_chart_have_their_own_values_and_share_what_is_global() {
    let mut all = files("", "{{ .Values.own }}");
    for (path, text) in [
        (
            "Chart.yaml",
            "name: c\nversion: 1.0.0\ndependencies:\n- {name: inner, alias: part, condition: part.enabled, tags: [extra]}\n",
        ),
        ("charts/inner/Chart.yaml", "name: inner\nversion: 2.0.0\n"),
        ("charts/inner/values.yaml", "a: 1\n"),
        ("charts/inner/templates/t.yaml", "{{ .Values.a }}{{ .Values.global.b }}"),
    ] {
        let _ = all.insert(path.to_owned(), text.to_owned());
    }
    let derived = chart::derive(&all).unwrap();
    assert_eq!(
        keys(&derived.contract),
        ["/global/b", "/own", "/part/a", "/part/enabled", "/part/global/b", "/tags/extra"]
    );
    all.retain(|path, _| !path.starts_with("charts/"));
    let error = chart::derive(&all).unwrap_err();
    assert!(error.contains("`inner`"), "{error}");
}

#[test]
fn a_default_that_nothing_reads_is_named() {
    let derived = chart::derive(&files("a: 1\nb: {c: 1, d: 2}\n", "{{ .Values.b.c }}")).unwrap();
    let dead: Vec<String> = derived.dead.iter().map(ToString::to_string).collect();
    assert_eq!(dead, ["/a", "/b/d"]);
}

#[test]
fn what_is_no_chart_is_refused_with_its_place() {
    let cases = [
        ("{{ if .Values.a }}", "`c/templates/t.yaml`: line 1: `if` has no `end`"),
        ("\n{{ \"a }}", "`c/templates/t.yaml`: line 2: a string has no end"),
        ("{{ end }}", "`c/templates/t.yaml`: line 1: `end` or `else` belongs to nothing"),
        ("{{ (.a }}", "`c/templates/t.yaml`: line 1: a `)` is missing"),
    ];
    for (template, wanted) in cases {
        assert_eq!(chart::derive(&files("", template)).unwrap_err(), wanted);
    }
    let nested = "{{ if .a }}".repeat(500);
    assert!(chart::derive(&files("", &nested)).unwrap_err().contains("nested too deeply"));
    assert_eq!(chart::derive(&BTreeMap::new()).unwrap_err(), "`Chart.yaml` is missing");
}

#[test]
fn templates_that_call_themselves_come_to_an_end() {
    let walk = "{{ define \"w\" }}{{ range $k, $v := .of }}{{ include \"w\" (dict \"of\" $v \"up\" $) }}{{ end }}{{ end }}\
        {{ include \"w\" (dict \"of\" .Values.a) }}";
    assert!(!paths("", walk).is_empty());
    let grow = "{{ define \"g\" }}{{ include \"g\" (printf \"%sx\" .) }}{{ end }}{{ include \"g\" \"a\" }}";
    let _ = chart::derive(&files("", grow));
    let pairs = "{{ $x := list 1 }}{{ range .Values.a }}{{ $x = list $x $x }}{{ end }}{{ $x }}";
    let _ = chart::derive(&files("", pairs));
    // Found by fuzzing: templates of unknown names are this one, each time with another dot.
    let any = r#"{{ n-1de }}{{ include anewue.Value"g@" (pri) }}{{ c-1nd }}{{ include extraanewue.Values.other"g" "a" }}"#;
    let _ = chart::derive(&files("", any));
}

#[test]
fn a_contract_is_read_as_it_is_printed() {
    for (_, chart, _) in CHARTS {
        let contract = contract(chart);
        assert_eq!(chart::parse(&chart::print(contract)).unwrap(), *contract);
    }
    assert!(chart::parse("{}").is_err());
    assert!(chart::parse(r#"{"chart": "c", "version": "1", "keys": {"/a": "nonsense"}}"#).is_err());
}

#[test]
fn the_kept_contracts_are_what_the_charts_give() {
    let Some(charts) = charts() else { return };
    for (_, chart, version) in CHARTS {
        let mut files = BTreeMap::new();
        for entry in walkdir::WalkDir::new(charts.join(chart)).into_iter().flatten() {
            if let Ok(text) = std::fs::read_to_string(entry.path()) {
                let path = entry.path().strip_prefix(charts.join(chart)).unwrap();
                let _ = files.insert(path.to_string_lossy().into_owned(), text);
            }
        }
        let derived = chart::derive(&files).unwrap();
        assert_eq!(derived.contract.version, version);
        let same = chart::print(&derived.contract) == chart::print(contract(chart));
        assert!(same, "derive {chart} anew: `just chart-contracts`");
        println!("{chart}: {} defaults that nothing reads", derived.dead.len());
    }
}

/// Pieces of templates, so that more than noise is tried.
fn pieces() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "{{",
        "}}",
        "{{-",
        " -}}",
        "if",
        "else",
        "end",
        "range",
        "with",
        "define \"t\"",
        "template \"t\"",
        "include \"t\"",
        "block \"t\"",
        ".Values",
        ".a",
        "$x",
        "$x :=",
        "$x =",
        "$",
        ".",
        "|",
        "(",
        ")",
        "dict",
        "list",
        "\"a\"",
        "`a`",
        "tpl",
        "toYaml",
        "fromYaml",
        "merge",
        "set",
        "index",
        "1",
        "-1",
        "nil",
        "true",
        ",",
        "/*",
        "*/",
        "\n",
        " ",
        "é",
        "{{ range .Values.a }}",
        "{{ end }}",
        "{{ .Values.b }}",
        "{{ include \"t\" . }}",
        "{{ define \"t\" }}",
        "{{ $x := dict \"a\" . }}",
        "{{ if .Values.c }}",
        "{{ else }}",
        "{{ set . \"a\" .Values }}",
        "{{ mergeOverwrite .Values.a .Values.b }}",
        "{{ tpl (toYaml .Values) . }}",
        "{{ break }}",
    ]);
    prop::collection::vec(words, 0..40).prop_map(|words| words.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,200}", pieces in pieces()) {
        let _ = template::parse(&text, &mut 0);
        let _ = template::parse(&format!("{{{{{text}}}}}"), &mut 0);
        let _ = template::parse(&pieces, &mut 0);
    }

    #[test]
    fn any_template_is_derived_or_refused(pieces in pieces(), values in "[a-c:{}\\[\\] \n]{0,40}") {
        let _ = chart::derive(&files(&values, &pieces));
        let _ = chart::derive(&files("a: {b: 1}", &pieces));
    }
}
