//! The PromQL of dashboards, rules and alerts.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests look at the world and fail by panicking"
)]

mod support;

use proptest::prelude::*;
use serde_json::json;
use telemetree::contract::query::{breaches, in_dashboard, in_rules, promql};
use telemetree::contract::{Breach, Place};
use telemetree::node::Node;
use telemetree::origin::Origin;

fn node(value: serde_json::Value) -> Node {
    Node::from_json(value, &Origin::Structure)
}

/// Expressions as people write them, among them all that Grafana fills in.
const RIGHT: [&str; 48] = [
    "up",
    "1 + 1",
    "sum by (job) (rate(http_requests_total{code=~\"5..\"}[5m]))",
    "sum(rate(x[5m])) without (pod) / ignoring(pod) group_left(team) y",
    "histogram_quantile(0.99, sum by (le) (rate(x_bucket[$__rate_interval])))",
    "rate(x[$__interval])",
    "rate(x[${__range}])",
    "rate(x[${interval:raw}])",
    "rate(x[[[interval]]])",
    "rate(x[${minutes}m])",
    "rate(x[1${unit}])",
    "max_over_time(x[$__range:$__interval])",
    "x offset $shift",
    "x offset -$shift",
    "x{namespace=\"$namespace\"}",
    "x{namespace=~\"${namespace:regex}\", pod=~\"([[pod]]|${other:pipe})\"}",
    "x{namespace=~$namespace}",
    "x{$filter}",
    "x{a=\"b\", $filter}",
    "x{$label=\"a\"}",
    "${metric}_total",
    "$metric{a=\"b\"}",
    "rate($metric[5m])",
    "sum($metric)",
    "topk($limit, x)",
    "topk(${limit}, sum by ($label) (x))",
    "x > $threshold",
    "x $operator 5",
    "$function(rate(x[5m]))",
    "$function(x[5m])",
    "${function}_over_time(x[5m])",
    "$query",
    "$a / $b",
    "x @ ${__to:date:seconds}",
    "x @ end()",
    "a and on(b) c unless d or e",
    "label_replace(x, \"a\", \"$1\", \"b\", \"(.*)\")",
    "# a comment\nup # and $another",
    "{__name__=~\"a|b\"}",
    "{\"with.dots\", a=\"b\"}",
    "x == bool 1",
    "absent(up{job=\"a\"})",
    "-x ^ 2",
    "x[1h:]",
    "quantile(0.5, x)",
    "count_values(\"v\", x)",
    "vector(1)",
    "x{a=\"\u{e9}\"}",
];

#[test]
fn expressions_as_people_write_them_are_read() {
    for text in RIGHT {
        if let Err(mistake) = promql(text) {
            panic!("{text}: {mistake:?}");
        }
    }
}

/// Wrong expressions. The snapshot marks the part that is to blame.
const WRONG: [&str; 27] = [
    "rate(x[5m]",
    "sum(rate(x[5m",
    "x{a=\"b}",
    "sum by (a)",
    "1 +",
    "x y",
    "a and and b",
    "sum by (a) (b) (c)",
    "a) + b",
    "rate(x[5m)",
    "x{a=\"b\" c=\"d\"}",
    "x{a=b}",
    "ratee(x[5m])",
    "1 + rate(x)",
    "histogram_quantile(x)",
    "x{a=~\"(\"}",
    "1 > 0",
    "  {}",
    "x[5q]",
    "x[1e300]",
    "x[1e+300]",
    "x offset - inf",
    "sum($metric{a=\"b\"} y)",
    "x |= \"a\"",
    "",
    "  # nothing",
    "sum($a) by by (b)",
];

#[test]
fn a_mistake_is_told_in_few_words_and_at_its_word() {
    let mut report = String::new();
    for text in WRONG {
        let mistake = promql(text).expect_err(text);
        let (start, end) = (mistake.at.start, mistake.at.end);
        let found = format!("{}«{}»{}", &text[..start], &text[start..end], &text[end..]);
        report.extend([&found, "\n    ", &mistake.message, "\n"]);
    }
    insta::assert_snapshot!(report);
}

#[test]
fn a_query_tells_metrics_labels_and_what_it_groups_by() {
    let text = "sum by (job, $by) (rate(a{x=\"1\", y!~\"$y\"}[5m])) \
                * on (job) group_left (team) {__name__=\"b\"} + ${c}_total{z=~\"2\"} + d";
    let query = promql(text).unwrap();
    assert_eq!(query.metrics.iter().collect::<Vec<_>>(), ["a", "b", "d"]);
    assert_eq!(query.grouping.iter().collect::<Vec<_>>(), ["job", "team"]);
    let matchers = query.matchers.iter();
    let matchers = matchers.map(|one| format!("{}{}{}", one.label, one.operator, one.value));
    assert_eq!(matchers.collect::<Vec<_>>(), ["__name__=b", "z=~2", "x=1", "y!~$y"]);
}

#[test]
fn every_expression_of_the_golden_dashboards_is_read() {
    let mut count = 0;
    for (path, text) in support::read_folder(&support::root().join("golden")) {
        if path.ends_with("configmap-grafana-dashboards.yaml") {
            let object: serde_json::Value = serde_yaml::from_str(&text).unwrap();
            assert_eq!(breaches(&node(object.clone())), [], "{path}");
            for json in object["data"].as_object().unwrap().values() {
                let found = in_dashboard(json.as_str().unwrap()).unwrap();
                count += found.iter().filter(|one| promql(&one.text).is_ok()).count();
            }
        }
    }
    // Eight queries and two variables in each.
    assert!(count >= 10 && count % 10 == 0, "{count}");
}

#[test]
fn a_dashboard_is_searched_as_grafana_does() {
    let loki = json!({ "type": "loki", "uid": "loki" });
    let mimir = json!({ "type": "prometheus", "uid": "mimir" });
    let dashboard = json!({
        "templating": { "list": [
            { "type": "datasource", "name": "logs", "query": "loki" },
            { "type": "query", "datasource": mimir, "query": " label_values(a{b=\"c,d\"}, e)" },
            { "type": "query", "datasource": mimir, "query": { "query": "query_result(f)" } },
            { "type": "query", "datasource": mimir, "query": "label_values(g)" },
            { "type": "query", "datasource": mimir, "query": "h" },
            { "type": "query", "datasource": loki, "query": "label_values({x=\"y\"}, z)" },
            { "type": "custom", "query": "1,2" },
        ] },
        "annotations": { "list": [{ "datasource": mimir, "expr": "i" }] },
        "panels": [
            { "targets": [{ "expr": "j" }, { "expr": "" }, { "datasource": loki, "expr": "no" }] },
            { "datasource": { "uid": "${logs}" }, "targets": [{ "expr": "no" }] },
            { "datasource": { "uid": "-- Mixed --", "type": "datasource" }, "targets": [
                { "datasource": loki, "expr": "no" }, { "datasource": mimir, "expr": "k" },
            ] },
            { "type": "row", "panels": [{ "datasource": loki, "targets": [{ "expr": "no" }] },
                                        { "targets": [{ "expr": "l" }] }] },
        ],
    });
    let found = in_dashboard(&dashboard.to_string()).unwrap();
    let found = found.iter().map(|one| format!("{} {} {}", one.at, one.start, one.text));
    insta::assert_snapshot!(found.collect::<Vec<_>>().join("\n"));
}

#[test]
fn rules_and_alerts_are_searched() {
    let rules = json!({ "groups": [{ "rules": [
        { "record": "a:b", "expr": "sum(a)" },
        { "alert": "C", "expr": "d > 1" },
        { "title": "E", "data": [
            { "datasourceUid": "mimir", "model": { "expr": "f" } },
            { "datasourceUid": "loki", "model": { "expr": "{a=\"b\"} |= \"c\"" } },
            { "datasourceUid": "__expr__", "model": { "expression": "A", "expr": "no" } },
        ] },
    ] }] });
    let found = in_rules(&node(rules));
    let texts: Vec<&str> = found.iter().map(|one| one.text.as_str()).collect();
    assert_eq!(texts, ["sum(a)", "d > 1", "f"]);
}

/// What a breach marks in a text, between `«` and `»`.
fn marked(breach: &Breach, text: &str) -> String {
    let Place::Within(at, bytes) = &breach.place else { panic!("{breach:?}") };
    let (start, end) = (bytes.start, bytes.end);
    format!("{at} {}«{}»{}", &text[..start], &text[start..end], &text[end..])
}

#[test]
fn a_mistake_in_a_dashboard_is_at_its_word_in_the_json() {
    let json = r#"{"panels":[{"targets":[{"expr":"sum(x{a=\"b\"}) y"}]}]}"#;
    let map = |labels| {
        let metadata = json!({ "labels": labels });
        node(json!({ "kind": "ConfigMap", "metadata": metadata, "data": { "a": json } }))
    };
    assert_eq!(breaches(&map(json!({}))), [], "nobody takes it for a dashboard");
    let found = breaches(&map(json!({ "grafana_dashboard": "1" })));
    let expected = r#"/data/a {"panels":[{"targets":[{"expr":"sum(x{a=\"b\"}) «y»"}]}]}"#;
    assert_eq!(marked(&found[0], json), expected);
    assert_eq!(found[0].message, "the expression is no PromQL: `y` cannot stand here");
    assert_eq!(found.len(), 1);
    let values = node(json!({ "dashboards": { "default": { "own": { "json": json } } } }));
    let expected = expected.replace("/data/a", "/dashboards/default/own/json");
    assert_eq!(marked(&breaches(&values)[0], json), expected);
}

#[test]
fn a_mistake_in_rules_and_alerts_is_at_its_word() {
    let rule = json!({ "alert": "A", "expr": "a b" });
    let spec = json!({ "groups": [{ "rules": [rule] }] });
    let rules = node(json!({ "kind": "PrometheusRule", "spec": spec }));
    let expected = "/spec/groups/0/rules/0/expr a «b»";
    assert_eq!(marked(&breaches(&rules)[0], "a b"), expected);

    let yaml = "groups:\n- rules:\n  - data:\n    - model:\n        expr: a b\n";
    let metadata = json!({ "labels": { "grafana_alert": "1" } });
    let data = json!({ "alerts.yaml": yaml });
    let alerts = node(json!({ "kind": "ConfigMap", "metadata": metadata, "data": data }));
    let found = breaches(&alerts);
    assert_eq!(found.len(), 1);
    if cfg!(not(feature = "without-origins")) {
        assert!(marked(&found[0], yaml).ends_with("expr: «a b»\n"), "{found:?}");
    }

    let model = json!({ "expr": "a b" });
    let group = json!({ "rules": [{ "data": [{ "datasourceUid": "mimir", "model": model }] }] });
    let values = node(json!({ "alerting": { "rules.yaml": { "groups": [group] } } }));
    let expected = "/alerting/rules.yaml/groups/0/rules/0/data/0/model/expr a «b»";
    assert_eq!(marked(&breaches(&values)[0], "a b"), expected);
}

#[test]
fn what_is_neither_json_nor_yaml_is_said_to_be_so() {
    let of = |label: &str, text: &str| {
        let metadata = json!({ "labels": { label: "1" } });
        let map = json!({ "kind": "ConfigMap", "metadata": metadata, "data": { "a": text } });
        breaches(&node(map)).into_iter().map(|one| one.message).collect::<Vec<_>>()
    };
    assert_eq!(
        of("grafana_dashboard", "{"),
        ["the dashboard is no JSON: EOF while parsing an object at line 1 column 1"]
    );
    assert_eq!(of("grafana_alert", "a: [").len(), 1);
}

#[test]
fn reading_ends_soon_however_deep_or_long_an_expression_is() {
    let start = std::time::Instant::now();
    for count in [100, 600, 990, 5_000, 200_000] {
        for (open, middle, close) in
            [("(", "a", ")"), ("-", "a", ""), ("a+", "a", ""), ("sum(", "a", ")"), ("(", "", "")]
        {
            let text = format!("{}{middle}{}", open.repeat(count), close.repeat(count));
            let short = !middle.is_empty() && telemetree_words(&text) <= 2_000;
            assert_eq!(promql(&text).is_ok(), short, "{count} of {open}{middle}{close}");
        }
        let variables = "$a $b ".repeat(count);
        assert!(promql(&variables).is_err());
    }
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}

/// How many words a text of brackets, signs and one-letter names has.
fn telemetree_words(text: &str) -> usize {
    text.replace("sum", "s").len()
}

/// Words of the language in any order, which reach further than any letters do.
fn words() -> impl Strategy<Value = String> {
    const WORDS: [&str; 44] = [
        "a",
        "sum",
        "rate",
        "by",
        "on",
        "(",
        ")",
        "{",
        "}",
        "[",
        "]",
        ",",
        "=",
        "=~",
        "!=",
        "\"b\"",
        "\"(\"",
        "'",
        "`",
        "+",
        "-",
        "offset",
        "@",
        "start",
        "1",
        "0",
        "5m",
        "1e300",
        "1e",
        "1e+300",
        "inf",
        "NaN",
        "0x",
        "99999999999",
        ":",
        "$a",
        "${b:regex}",
        "[[c]]",
        "$__range",
        "bool",
        "#",
        "\\",
        "é",
        "group_left",
    ];
    let word = prop_oneof![
        8 => proptest::sample::select(WORDS.as_slice()).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    let space = prop_oneof![Just(""), Just(" "), Just("\n")];
    let pairs = proptest::collection::vec((word, space), 0..14);
    pairs.prop_map(|all| all.into_iter().map(|(word, space)| word + space).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_or_has_a_mistake_in_it(text in words()) {
        if let Err(mistake) = promql(&text) {
            prop_assert!(text.get(mistake.at.clone()).is_some(), "{text:?} {mistake:?}");
            prop_assert!(!mistake.message.is_empty());
        }
    }

    #[test]
    fn any_letters_are_read_or_have_a_mistake_in_them(text in "\\PC{0,30}") {
        if let Err(mistake) = promql(&text) {
            prop_assert!(text.get(mistake.at.clone()).is_some(), "{text:?} {mistake:?}");
        }
    }

    #[test]
    fn any_expression_of_a_dashboard_is_marked_within_its_json(text in words()) {
        let json = json!({ "panels": [{ "targets": [{ "expr": text }] }] }).to_string();
        let map = json!({ "kind": "ConfigMap", "data": { "a.json": json } });
        for breach in breaches(&node(map)) {
            let Place::Within(_, bytes) = breach.place else { panic!("{json}") };
            prop_assert!(json.get(bytes).is_some());
        }
    }
}
