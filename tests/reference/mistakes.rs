//! The mistakes that have a number, each as the reference system makes it.

use crate::{AWS, AZURE, GOVCLOUD, Mistake, ROUTED, are_accepted, are_found, mistake, right};

const RULES_TWICE: &str = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: grafana-pods-alerts, namespace: grafana, labels: {grafana_alert: \"1\"}}
data:
  alerts.yaml: |
    apiVersion: 1
    groups:
    - name: pods
      folder: Posit Alerts
      interval: 5m
      orgId: 1
      rules:
      - uid: launcher_pod_pending
        title: Launcher Pod Pending
        condition: C
        data:
        - refId: A
          datasourceUid: mimir
          model: {expr: \"kube_pod_status_phase{phase=\\\"Pending\\\"} == 1\"}
        - refId: C
          datasourceUid: __expr__
          model: {type: threshold, expression: A}
    deleteRules:
    - orgId: 1
      uid: launcher_pod_pending
";

const NOT_READY: &str = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: grafana-nodes-alerts, namespace: grafana, labels: {grafana_alert: \"1\"}}
data:
  alerts.yaml: |
    apiVersion: 1
    groups:
    - name: nodes
      folder: Posit Alerts
      interval: 5m
      orgId: 1
      rules:
      - uid: node_not_ready
        title: Node Not Ready
        condition: A
        data:
        - refId: A
          datasourceUid: mimir
          model: {expr: \"kube_node_status_condition == 0\"}
        - refId: C
          datasourceUid: __expr__
          model: {type: threshold, expression: A}
";

const NODES: &str = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: grafana-nodes-alerts, namespace: grafana, labels: {grafana_alert: \"1\"}}
data:
  alerts.yaml: |
    apiVersion: 1
    deleteRules: [{orgId: 1, uid: ec2_network_out_high}]
";

const DATABASES: &str = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: grafana-rds-alerts, namespace: grafana, labels: {grafana_alert: \"1\"}}
data:
  alerts.yaml: |
    apiVersion: 1
    deleteRules: [{orgId: 1, uid: rds_read_latency_high}]
";

const DASHBOARD: &str = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: grafana-kubernetes, namespace: grafana}
data:
  kubernetes.json: |
    {
      \"uid\": \"kubernetes\",
      \"panels\": [
        {
          \"datasource\": {\"type\": \"prometheus\", \"uid\": \"mimir\"},
          \"targets\": [{\"expr\": \"up\", \"refId\": \"A\"}]
        },
        {
          \"datasource\": {\"type\": \"prometheus\", \"uid\": \"P4169E866C3094E38\"},
          \"targets\": [{\"expr\": \"up\", \"refId\": \"A\"}]
        }
      ]
    }
";

/// Keys and their values.
fn keys() -> Vec<Mistake> {
    vec![
        mistake(
            "A-01",
            AWS,
            "values:\n  alloy:\n    tolerations: [{key: workload-type, operator: Exists}]\n",
            "chart/dead-key",
            "overlay.yaml:6:5",
        ),
        mistake(
            "A-03",
            AWS,
            "values:\n  alloy:\n    alloy:\n      reporting: {enabled: false}\n",
            "chart/dead-key",
            "overlay.yaml:7:7",
        ),
        mistake(
            "A-10, the name that the chart does not read any more",
            AZURE,
            "values:\n  loki:\n    loki:\n      storage:\n        bucketNames: {admin: admin}\n",
            "chart/dead-key",
            "overlay.yaml:8:23",
        ),
        mistake(
            "A-26",
            AWS,
            "values:\n  grafana:\n    grafana.ini:\n      database:\n        password: hunter2\n",
            "secret/plain-text",
            "overlay.yaml:8:19",
        ),
        mistake(
            "A-50",
            AWS,
            "values:\n  loki:\n    loki:\n      schemaConfig:\n        configs:\n        - store: tsdb\n          object_store: s3\n          schema: v13\n          index: {prefix: index_, period: 24h}\n",
            "settings/conflict",
            "overlay.yaml:9:11",
        ),
        mistake(
            "A-54",
            AWS,
            "values:\n  alloy:\n    serviceAccount:\n      labels: {azure.workload.identity/use: \"true\"}\n",
            "chart/dead-key",
            "overlay.yaml:7:7",
        ),
    ]
}

/// Names of what nobody makes.
fn references() -> Vec<Mistake> {
    let routed = || format!("{AWS}{ROUTED}");
    vec![
        mistake(
            "A-02, as an annotation of the chart's ingress",
            AWS,
            "values:\n  grafana:\n    ingress:\n      enabled: true\n      annotations:\n        traefik.ingress.kubernetes.io/router.middlewares: kube-system-traefik-forward-auth-add-forwarded-headers@kubernetescrd, kube-system-traefik-forward-auth-main@kubernetescrd\n",
            "reference/object",
            "overlay.yaml:9:59",
        ),
        mistake(
            "A-02, in our route",
            routed(),
            "patches:\n- target: {kind: IngressRoute, name: grafana}\n  patch:\n  - {op: test, path: /spec/routes/0/kind, value: Rule}\n  - op: add\n    path: /spec/routes/0/middlewares/-\n    value: {name: traefik-forward-auth-main, namespace: kube-system}\n",
            "reference/object",
            "overlay.yaml:10:19",
        ),
        mistake(
            "A-02, by taking the middleware away",
            routed(),
            "patches:\n- target: {kind: Middleware, name: grafana-strip-user}\n  patch: {$patch: delete}\n",
            "reference/object",
            "overlay.yaml:6:10",
        ),
        mistake(
            "A-10",
            AZURE,
            "values:\n  loki:\n    loki:\n      storage:\n        bucketNames: {chunks: logs, ruler: ruler}\n",
            "reference/store",
            "overlay.yaml:8:44",
        ),
        mistake(
            "A-11",
            AZURE,
            "values:\n  mimir:\n    mimir:\n      structuredConfig:\n        common: {storage: {backend: azure, azure: {account_name: dovemonitoring}}}\n        blocks_storage: {azure: {container_name: mimir-blocks}}\n",
            "reference/store",
            "overlay.yaml:9:50",
        ),
        mistake(
            "A-57, the role",
            GOVCLOUD,
            "values:\n  mimir:\n    serviceAccount:\n      annotations:\n        eks.amazonaws.com/role-arn: arn:aws:iam::123456789012:role/mimir.heron-production.posit.team\n",
            "reference/identity",
            "overlay.yaml:8:37",
        ),
    ]
}

/// Files that Grafana is provisioned with.
fn files() -> Vec<Mistake> {
    let alerts = "resources: [pods.yaml]\nvalues: {grafana: {sidecar: {alerts: {enabled: true, searchNamespace: grafana}}}}\n";
    let two = "resources: [nodes.yaml, rds.yaml]\nvalues: {grafana: {sidecar: {alerts: {enabled: true, searchNamespace: grafana}}}}\n";
    let shown = "resources: [dashboard.yaml]\nvalues: {grafana: {dashboardsConfigMaps: {kubernetes: grafana-kubernetes}}}\n";
    let values = "values:\n  grafana:\n    alerting:\n      pods.yaml:\n        groups:\n        - {name: pods, folder: a, interval: 5m, rules: [{uid: launcher, title: a, condition: A, data: [{refId: A, datasourceUid: mimir}]}]}\n        deleteRules: [{orgId: 1, uid: launcher}]\n";
    vec![
        mistake("A-16", AWS, alerts, "settings/conflict", "pods.yaml:25:12")
            .file("pods.yaml", RULES_TWICE),
        mistake("A-19", AWS, two, "reference/repeated", "rds.yaml:5:3")
            .file("nodes.yaml", NODES)
            .file("rds.yaml", DATABASES),
        mistake("A-20", AWS, shown, "reference/datasource", "dashboard.yaml:14:55")
            .file("dashboard.yaml", DASHBOARD),
        mistake("A-16, in values", AWS, values, "settings/conflict", "overlay.yaml:10:39"),
        mistake("A-17", AWS, "resources: [nodes.yaml]\n", "settings/conflict", "nodes.yaml:15:20")
            .file("nodes.yaml", NOT_READY),
    ]
}

/// Mistakes that others reported of the charts.
fn reported() -> Vec<Mistake> {
    vec![
        mistake(
            "mimir#8253",
            AWS,
            "values:\n  mimir:\n    mimir: {ingester: {replicas: 3}}\n",
            "settings/unknown",
            "overlay.yaml:6:13",
        ),
        mistake(
            "mimir#11088",
            AWS,
            "values:\n  mimir:\n    mimir:\n      structuredConfig:\n        limits: {max_query_lookbck: 1d}\n",
            "settings/unknown",
            "overlay.yaml:8:18",
        ),
        mistake(
            "loki#18610",
            AWS,
            "values:\n  loki:\n    loki:\n      structuredConfig:\n        limits_config: {enforce_metric_name: false}\n",
            "settings/removed",
            "overlay.yaml:8:25",
        ),
    ]
}

#[test]
fn the_reference_systems_mistakes_are_refused_at_their_line() {
    are_found(&keys());
    are_found(&references());
    are_found(&files());
}

#[test]
fn mistakes_that_others_reported_are_refused_at_their_line() {
    are_found(&reported());
}

#[test]
fn without_them_it_builds() {
    for spec in [AWS, AZURE, GOVCLOUD, &format!("{AWS}{ROUTED}")] {
        assert!(crate::support::compiled("workload.yaml", spec).output.is_some());
    }
}

#[test]
fn what_the_pinned_chart_reads_again_is_no_mistake_any_more() {
    are_accepted(&[
        right(
            "A-53, of the store",
            AWS,
            "values: {loki: {loki: {storage: {s3: {http_config: {insecure_skip_verify: false}}}}}}\n",
        ),
        right("A-53, of a reader", AWS, "values: {loki: {read: {persistence: {size: 10Gi}}}}\n"),
    ]);
}

#[test]
fn no_overlay_changes_roles_actions_and_names_of_the_cloud() {
    are_found(&[mistake(
        "A-12, A-29, A-58",
        AWS,
        "patches:\n- target: {kind: Prerequisites}\n  patch: {cloud: {iamRoles: []}}\n",
        "overlay/target",
        "overlay.yaml:5:3",
    )]);
}
