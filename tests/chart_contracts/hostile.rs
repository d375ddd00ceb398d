//! Charts that mean harm: each is derived or refused soon, on a small stack, in little memory.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::{Duration, Instant};
use telemetree::contract::chart;

/// Long after any of these has ended, even where nothing is optimised and the machine is busy.
const SOON: Duration = Duration::from_secs(60);

type Files = BTreeMap<String, String>;

fn chart(values: &str, template: &str) -> Files {
    let file = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    BTreeMap::from([
        file("Chart.yaml", "name: c\nversion: 1.0.0\n"),
        file("values.yaml", values),
        file("templates/t.yaml", template),
    ])
}

/// What becomes of a chart.
fn derived(files: &Files) -> Result<String, String> {
    let start = Instant::now();
    let result = chart::derive(files).map(|derived| chart::print(&derived.contract));
    let took = start.elapsed();
    println!("{took:?}: {}", result.as_ref().map_or_else(|why| &**why, |_| "derived"));
    assert!(took < SOON, "{took:?}");
    result
}

/// A step many times over, between a beginning and an end.
fn repeated(beginning: &str, step: &str, times: usize, end: &str) -> String {
    format!("{beginning}{}{end}", step.repeat(times))
}

#[test]
fn chains_of_values_are_followed_without_depth() {
    const ENDS: &str = "{{ toYaml $x }}{{ $x.a.b }}{{ if eq $x \"a\" }}{{ end }}\
        {{ if kindIs \"map\" $x }}{{ end }}{{ range $x }}{{ . }}{{ end }}{{ tpl $x . }}\
        {{ (fromYaml $x).a }}{{ if $x }}{{ .Values.f }}{{ end }}";
    for step in [
        "{{ $x = list $x }}",
        "{{ $x = dict \"a\" $x }}",
        "{{ $x = merge (dict) $x }}",
        "{{ $x = print $x .Values.b }}",
        "{{ $x = deepCopy $x }}",
        "{{ $x = toYaml $x }}",
        "{{ $x = append .Values.c $x }}",
        "{{ $_ := set .Values \"d\" (dict \"a\" .Values.d) }}",
        "{{ $x = default $x .Values.e }}",
    ] {
        println!("{step}");
        let _ = derived(&chart("", &repeated("{{ $x := .Values.a }}", step, 3_000, ENDS)));
    }
}

#[test]
fn values_that_double_fill_no_memory() {
    const ENDS: &str = "{{ toYaml $x }}{{ if kindIs \"map\" $x }}{{ end }}{{ tpl $x . }}";
    for step in [
        "{{ $x = printf \"%s%s\" $x $x }}",
        "{{ $x = print $x $x $x }}",
        "{{ $x = replace \"a\" \"aaaaaaaaaa\" $x }}",
        "{{ $x = list $x $x }}",
        "{{ $x = dict \"a\" $x \"b\" $x }}",
        "{{ $x = ternary $x (print $x \"b\") .Values.t }}",
    ] {
        for start in ["\"a\"", ".Values.a"] {
            println!("{start} {step}");
            let template = repeated(&format!("{{{{ $x := {start} }}}}"), step, 200, ENDS);
            let _ = derived(&chart("", &template));
        }
    }
}

#[test]
fn loops_within_loops_come_to_an_end() {
    let known = format!("{{{{ range list {} }}}}", "1 ".repeat(99)).repeat(20);
    let template = format!("{known}{{{{ .Values.b }}}}{}", "{{ end }}".repeat(20));
    assert_eq!(derived(&chart("", &template)).unwrap_err(), "templates are too complicated");
}

#[test]
fn calls_within_calls_come_to_an_end() {
    let mut calls = String::new();
    for n in 0..1_000 {
        let next = n + 1;
        let _ = write!(
            calls,
            "{{{{ define \"t{n}\" }}}}{{{{ include \"t{next}\" (dict \"a\" . \"n\" {n}) }}}}\
             {{{{ include \"t{next}\" (dict \"b\" . \"n\" {n}) }}}}{{{{ end }}}}"
        );
    }
    let files = chart("", &format!("{calls}{{{{ include \"t0\" . }}}}"));
    assert_eq!(derived(&files).unwrap_err(), "templates are nested too deeply");
}

#[test]
fn what_is_large_is_not_gone_through_again_and_again() {
    let text = "x".repeat(100_000);
    let deep = format!("{}{text}{}", "{{ range .Values.a }}".repeat(8), "{{ end }}".repeat(8));
    let _ = derived(&chart("", &deep));
    let mut files = chart("", &"{{ tpl (.Files.Get .Values.a) . }}".repeat(5_000));
    for n in 0..20 {
        let _ = files.insert(format!("files/{n}"), format!("{{{{ .Values.f{n} }}}}{text}"));
    }
    assert_eq!(derived(&files).unwrap_err(), "templates are too complicated");
}

#[test]
fn a_chart_that_is_there_many_times_is_refused() {
    let mut about = String::from("name: c\nversion: 1.0.0\ndependencies:\n");
    for n in 0..100 {
        let _ = writeln!(about, "- {{name: d, alias: a{n}}}");
    }
    let inner = about.replace("name: c\n", "name: d\n");
    let mut files = chart("", "{{ .Values.a }}");
    let _ = files.insert("Chart.yaml".to_owned(), about);
    let mut folder = String::new();
    for _ in 0..4 {
        folder.push_str("charts/d/");
        let _ = files.insert(format!("{folder}Chart.yaml"), inner.clone());
        let _ = files.insert(format!("{folder}templates/t.yaml"), "{{ .Values.b }}".to_owned());
    }
    let _ = files.insert(format!("{folder}Chart.yaml"), "name: d\nversion: 1.0.0\n".to_owned());
    assert!(derived(&files).unwrap_err().ends_with("more than 64 charts lie in it"));
    let much = chart("", &"x".repeat((4 << 20) + 1));
    assert!(derived(&much).unwrap_err().contains("its templates hold more than"));
}

#[test]
fn schemas_that_refer_to_themselves_come_to_an_end() {
    let schema = r##"{
        "$ref": "#/x",
        "x": {"additionalProperties": {"$ref": "#/x"}, "items": {"$ref": "#/x"},
              "properties": {"a": {"$ref": "#/x"}}}
    }"##;
    let ranges =
        format!("{}{{{{ $.Values.b }}}}{}", "{{ range . }}".repeat(30), "{{ end }}".repeat(30));
    let mut files = chart("", &format!("{{{{ with .Values.a }}}}{ranges}{{{{ end }}}}"));
    let _ = files.insert("values.schema.json".to_owned(), schema.to_owned());
    let _ = derived(&files);
    let _ = files.insert("values.schema.json".to_owned(), "[".repeat(100_000));
    assert!(derived(&files).is_err());
}

#[test]
fn defaults_that_mean_harm_are_refused() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let before = vec![format!("*a{}", level - 1); 10].join(", ");
        let _ = writeln!(bomb, "a{level}: &a{level} [{before}]");
    }
    assert!(derived(&chart(&bomb, "{{ .Values.a }}")).is_err());
    let deep = format!("a: {}1{}", "[".repeat(10_000), "]".repeat(10_000));
    assert!(derived(&chart(&deep, "{{ .Values.a }}")).is_err());
    assert!(derived(&chart(&"# x\n".repeat(100_000), "{{ .Values.a }}")).is_ok());
    assert!(derived(&chart(&"a: 1\n".repeat(300_000), "{{ .Values.a }}")).is_err());
}
