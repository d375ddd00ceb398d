//! The charts' own test values as overlays of a workload that is compiled whole: nothing is found in
//! them by any rule but what is known to be stale, or wrong.

use crate::{CHARTS, STALE, charts, ci_values, support};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use telemetree::compile::{self, Compiled};
use telemetree::diag::{Code, Diagnostic};
use telemetree::node::Node;
use telemetree::origin::Origin;
use telemetree::overlay::Loading;
use telemetree::syntax;

/// What is found in the charts' own values beyond stale keys, and is so: file, code, place.
const TRUE: [(&str, &str, &str); 11] = [
    // It says what the tree says already: the collector is a daemon set.
    ("alloy/create-daemonset-values.yaml", "overlay/idle", ""),
    // One pod that writes, and three copies of what is written: no write would succeed.
    ("loki/with-direct-route-api-values.yaml", "settings/conflict", "/write/replicas"),
    ("loki/with-gateway-api-values.yaml", "settings/conflict", "/write/replicas"),
    // A section of the enterprise edition, which the open-source Mimir refuses to start with.
    (
        "mimir-distributed/test-enterprise-configmap-values.yaml",
        "settings/unknown",
        "/mimir/structuredConfig/admin_client",
    ),
    // Objects that only the clusters of the charts' tests have.
    ("alloy/configmap-key-values.yaml", "reference/key", "/alloy/configMap/key"),
    ("alloy/envFrom-values.yaml", "reference/object", "/alloy/envFrom/0/configMapRef/name"),
    ("alloy/existing-config-values.yaml", "reference/object", "/alloy/configMap/name"),
    (
        "alloy/global-image-pullsecrets-values.yaml",
        "reference/object",
        "/global/image/pullSecrets/0/name",
    ),
    ("alloy/global-image-pullsecrets-values.yaml", "reference/object", "/image/pullSecrets/0/name"),
    ("alloy/local-image-pullsecrets-values.yaml", "reference/object", "/image/pullSecrets/0/name"),
    (
        "mimir-distributed/test-gomaxprocs-override-values.yaml",
        "reference/object",
        "/distributor/env/0/valueFrom/secretKeyRef/name",
    ),
];

/// Compiles the smallest workload with an overlay that holds these values.
fn compiled(component: &str, values: &Value) -> Compiled {
    let spec = std::fs::read_to_string(support::root().join("golden/aws-minimal/workload.yaml"));
    let spec = format!("{}\n  overlays: [./mine]\n", spec.unwrap().trim_end());
    let overlay = json!({
        "apiVersion": "telemetree/v1",
        "kind": "Overlay",
        "why": "the values of a chart's own test",
        "values": {component: values},
    });
    let front = compile::read("workload.yaml", &spec, None);
    let mut loading = Loading::default();
    loading.ask("workload.yaml", front.overlays());
    loading.give(Ok(syntax::emit(&Node::from_json(overlay, &Origin::Structure))));
    compile::finish(&front, &loading.finish())
}

fn place(found: &Diagnostic) -> &str {
    let label = found.label.as_deref().unwrap_or_default();
    label.rsplit_once(' ').map_or(label, |(_, pointer)| pointer)
}

#[test]
fn every_ci_value_passes_through_an_overlay() {
    let Some(charts) = charts() else { return };
    let (mut files, mut wrong) = (0, Vec::new());
    let mut seen = BTreeSet::new();
    for (component, chart, _) in CHARTS {
        for (file, values) in ci_values(&charts.join(chart)) {
            if values == json!({}) {
                continue;
            }
            files += 1;
            let compiled = compiled(component, &values);
            for found in compiled.diagnostics.sorted() {
                let (code, at) = (found.code, place(found));
                let file = format!("{chart}/{file}");
                let is_stale = code == Code::ChartKey && STALE.contains(&(chart, at));
                let is_true = TRUE.iter().position(|one| *one == (&*file, code.as_str(), at));
                seen.extend(is_true);
                if !is_stale && is_true.is_none() {
                    wrong.push(format!("{file} {} {at}: {}", code.as_str(), found.message));
                }
            }
        }
    }
    println!("{files} values files of the charts' own tests");
    // What was found once is still found, or it need not be known any more.
    for (number, (file, code, at)) in TRUE.iter().enumerate() {
        let is_there = charts.join(file.replace('/', "/ci/")).is_file();
        if is_there && !seen.contains(&number) {
            wrong.push(format!("{file}: no {code} any more at {at}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
