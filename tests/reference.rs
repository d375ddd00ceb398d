//! The reference system's own mistakes, put into an overlay: each is refused at the line that makes it.
//! Numbers are those of `docs/reference-system.md`.

#![allow(clippy::disallowed_methods, reason = "tests look at the world and fail by panicking")]

mod support;

use support::{compiled, report};
use telemetree::compile::{self, Compiled};
use telemetree::overlay::Loading;

const SPEC: &str = "\
apiVersion: telemetree/v1
kind: Workload
metadata: {name: ganso01-staging}
spec:
  cloud: {aws: {accountId: \"123456789012\", region: us-east-2}}
  clusters: {\"20250115\": {}}
  sites: {main: {domain: analytics.example.com}}
  overlays: [./mine]
";
const HEAD: &str = "apiVersion: telemetree/v1\nkind: Overlay\nwhy: as it was\n";

fn with(overlay: &str) -> Compiled {
    let front = compile::read("workload.yaml", SPEC, None);
    let mut loading = Loading::default();
    loading.ask("workload.yaml", front.overlays());
    assert!(loading.next_wanted().is_some(), "the overlay is asked for");
    loading.give(Ok(format!("{HEAD}{overlay}")));
    compile::finish(&front, &loading.finish())
}

/// A mistake: its number, the overlay that makes it, the finding, and where it is.
const MISTAKES: [(&str, &str, &str, &str); 8] = [
    (
        "A-01",
        "values:\n  alloy:\n    tolerations: [{key: workload-type, operator: Exists}]\n",
        "error[chart/dead-key]",
        "6:5",
    ),
    (
        "A-03",
        "values:\n  alloy:\n    alloy:\n      reporting: {enabled: false}\n",
        "error[chart/dead-key]",
        "7:7",
    ),
    (
        "A-26",
        "values:\n  grafana:\n    grafana.ini:\n      database:\n        password: hunter2\n",
        "error[secret/plain-text]",
        "8:19",
    ),
    (
        "A-50",
        "values:\n  loki:\n    loki:\n      schemaConfig:\n        configs:\n        - store: tsdb\n          object_store: s3\n          schema: v13\n          index: {prefix: index_, period: 24h}\n",
        "error[settings/conflict]",
        "9:11",
    ),
    (
        "A-54",
        "values:\n  alloy:\n    serviceAccount:\n      labels: {azure.workload.identity/use: \"true\"}\n",
        "error[chart/dead-key]",
        "7:7",
    ),
    ("mimir#8253", "values:\n  mimir:\n    mimir: {ingester: {replicas: 3}}\n", "error[", "6:13"),
    (
        "mimir#11088",
        "values:\n  mimir:\n    mimir:\n      structuredConfig:\n        limits: {max_query_lookbck: 1d}\n",
        "error[settings/unknown]",
        "8:18",
    ),
    (
        "loki#18610",
        "values:\n  loki:\n    loki:\n      structuredConfig:\n        limits_config: {enforce_metric_name: false}\n",
        "error[settings/removed]",
        "8:25",
    ),
];

#[test]
fn the_reference_systems_mistakes_are_refused_at_their_line() {
    let mut wrong = String::new();
    for (number, overlay, code, place) in MISTAKES {
        let compiled = with(overlay);
        let said = report(&compiled);
        let is_first = said.lines().next().is_some_and(|line| line.starts_with(code));
        let is_there = said.lines().nth(1).is_some_and(|line| line.ends_with(&format!(":{place}")));
        if !is_first || !is_there || compiled.output.is_some() {
            wrong = format!("{wrong}\n== {number}: {code} at {place}\n{said}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    let before = compiled("workload.yaml", &SPEC.replace("  overlays: [./mine]\n", ""));
    assert!(before.output.is_some(), "without them it builds");
}
