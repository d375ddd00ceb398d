//! The dashboard for pods that were killed for memory: the design's own queries, as panels.

use crate::model::{Plan, Word as _};
use crate::node::{Node, because, list, map};

const WHY: &str = "the design's guide to pods that were killed for memory";

/// One panel: title, unit, what it tells, queries with their legends.
struct Panel {
    title: &'static str,
    unit: &'static str,
    kind: &'static str,
    about: &'static str,
    queries: &'static [(&'static str, &'static str)],
}

/// `container!=""` leaves out the sums over a pod, which would count everything twice.
const PANELS: [Panel; 7] = [
    Panel {
        title: "Containers killed for memory",
        unit: "none",
        kind: "table",
        about: "Containers whose last end was the kernel's, because they passed their limit.",
        queries: &[(
            r#"kube_pod_container_status_last_terminated_reason{reason="OOMKilled", namespace=~"$namespace", pod=~"$pod"}"#,
            "{{namespace}}/{{pod}}/{{container}}",
        )],
    },
    Panel {
        title: "Working set",
        unit: "bytes",
        kind: "timeseries",
        about: "What the kernel looks at when it kills.",
        queries: &[(
            r#"container_memory_working_set_bytes{namespace=~"$namespace", pod=~"$pod", container!=""}"#,
            "{{pod}}/{{container}}",
        )],
    },
    Panel {
        title: "Working set, percent of the limit",
        unit: "percent",
        kind: "timeseries",
        about: "At 100 the container is killed. Containers without a limit are not shown.",
        queries: &[(
            r#"(container_memory_working_set_bytes{namespace=~"$namespace", pod=~"$pod", container!=""} / (container_spec_memory_limit_bytes{namespace=~"$namespace", pod=~"$pod", container!=""} > 0)) * 100"#,
            "{{pod}}/{{container}}",
        )],
    },
    Panel {
        title: "Growth of memory",
        unit: "Bps",
        kind: "timeseries",
        about: "A line that stays above zero is a leak.",
        queries: &[(
            r#"deriv(container_memory_usage_bytes{namespace=~"$namespace", pod=~"$pod", container!=""}[5m])"#,
            "{{pod}}/{{container}}",
        )],
    },
    Panel {
        title: "Limits and reservations",
        unit: "bytes",
        kind: "timeseries",
        about: "What the containers may use, and what was set aside for them.",
        queries: &[
            (
                r#"container_spec_memory_limit_bytes{namespace=~"$namespace", pod=~"$pod", container!=""}"#,
                "limit {{pod}}/{{container}}",
            ),
            (
                r#"container_spec_memory_reservation_limit_bytes{namespace=~"$namespace", pod=~"$pod", container!=""}"#,
                "reservation {{pod}}/{{container}}",
            ),
        ],
    },
    Panel {
        title: "Heap and stack",
        unit: "bytes",
        kind: "timeseries",
        about: "Anonymous memory: usually the largest part, and never given back under pressure.",
        queries: &[(
            r#"container_memory_rss{namespace=~"$namespace", pod=~"$pod", container!=""}"#,
            "{{pod}}/{{container}}",
        )],
    },
    Panel {
        title: "File cache",
        unit: "bytes",
        kind: "timeseries",
        about: "Given back under pressure: usually not the cause.",
        queries: &[(
            r#"container_memory_cache{namespace=~"$namespace", pod=~"$pod", container!=""}"#,
            "{{pod}}/{{container}}",
        )],
    },
];

/// The dashboard as JSON. Its uid is fixed, so that links to it stay.
pub fn oom(plan: &Plan, datasource: &'static str) -> String {
    let namespaces = &plan.collect.application_namespaces;
    let first = namespaces.first().map_or("posit-team", |namespace| namespace.value.as_str());
    let variables = [
        variable(
            "namespace",
            "label_values(container_memory_working_set_bytes, namespace)",
            first,
            datasource,
        ),
        variable(
            "pod",
            r#"label_values(container_memory_working_set_bytes{namespace=~"$namespace"}, pod)"#,
            "$__all",
            datasource,
        ),
    ];
    let panels =
        PANELS.iter().zip(0..).map(|(panel, position)| panel_node(panel, position, datasource));
    let dashboard = map([
        ("uid", because(WHY, "oom-debugging")),
        ("title", because(WHY, "Pods killed for memory")),
        ("tags", list([because(WHY, "telemetree")])),
        ("schemaVersion", because("the schema of Grafana 12", 41)),
        ("editable", because(WHY, false)),
        ("refresh", because(WHY, "1m")),
        ("time", map([("from", because(WHY, "now-6h")), ("to", because(WHY, "now"))])),
        ("templating", map([("list", list(variables))])),
        ("panels", list(panels)),
    ]);
    let mut json = serde_json::to_string_pretty(&dashboard.to_json()).expect("bug: a tree is JSON");
    json.push('\n');
    json
}

fn source(uid: &'static str) -> Node {
    map([("type", because(WHY, "prometheus")), ("uid", because(WHY, uid))])
}

fn variable(name: &'static str, query: &'static str, current: &str, uid: &'static str) -> Node {
    let value = || because(WHY, current.to_owned());
    map([
        ("name", because(WHY, name)),
        ("type", because(WHY, "query")),
        ("datasource", source(uid)),
        ("query", because(WHY, query)),
        ("refresh", because("names change with time", 2)),
        ("includeAll", because(WHY, true)),
        ("multi", because(WHY, true)),
        ("allValue", because("every value, without listing them", ".+")),
        ("current", map([("text", value()), ("value", value())])),
    ])
}

fn panel_node(panel: &Panel, position: i32, uid: &'static str) -> Node {
    const HEIGHT: i32 = 8;
    const WIDTH: i32 = 12;
    let wide = panel.kind == "table";
    let (column, line) = if wide { (0, 0) } else { ((position - 1) % 2, (position + 1) / 2) };
    let place = map([
        ("x", because(WHY, column * WIDTH)),
        ("y", because(WHY, line * HEIGHT)),
        ("w", because(WHY, if wide { 2 * WIDTH } else { WIDTH })),
        ("h", because(WHY, HEIGHT)),
    ]);
    let targets = panel.queries.iter().zip(["A", "B"]).map(|((query, legend), id)| {
        let target = map([
            ("refId", because(WHY, id)),
            ("datasource", source(uid)),
            ("expr", because(WHY, *query)),
            ("legendFormat", because(WHY, *legend)),
        ]);
        if wide {
            let table = [("instant", because(WHY, true)), ("format", because(WHY, "table"))];
            return target.with(map(table));
        }
        target
    });
    let defaults = map([("unit", because(WHY, panel.unit))]);
    map([
        ("id", because(WHY, position + 1)),
        ("type", because(WHY, panel.kind)),
        ("title", because(WHY, panel.title)),
        ("description", because(WHY, panel.about)),
        ("datasource", source(uid)),
        ("gridPos", place),
        ("targets", list(targets)),
        ("fieldConfig", map([("defaults", defaults), ("overrides", list([]))])),
    ])
}
