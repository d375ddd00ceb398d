//! Names that lead nowhere, wherever an overlay can write one; and names that lead somewhere, or of which
//! nobody can say.

use crate::{
    AWS, AZURE, Mistake, ROUTED, STORED, are_accepted, are_found, found, mistake, right, with,
};

const JOB: &str = "\
apiVersion: batch/v1
kind: CronJob
metadata: {name: probe, namespace: grafana}
spec:
  schedule: \"0 * * * *\"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          serviceAccountName: grafana.posit.team
          containers:
          - name: probe
            image: registry.example.com/probe:1.0
            args: [\"http://grafana.grafana.svc/api/health\"]
            env:
            - name: USER
              valueFrom: {secretKeyRef: {name: grafana-admin, key: admin-user}}
";

fn job(
    wrong: &'static str,
    change: (&str, &'static str),
    code: &'static str,
    place: &'static str,
) -> Mistake {
    let text: &'static str = JOB.replace(change.0, change.1).leak();
    assert_ne!(text, JOB, "{wrong}");
    mistake(wrong, AWS, "resources: [job.yaml]\n", code, place).file("job.yaml", text)
}

#[test]
fn secrets_that_nobody_makes_are_found_where_they_are_named() {
    let object = "reference/object";
    are_found(&[
        mistake(
            "a Secret of variables",
            AWS,
            "values:\n  grafana:\n    envFromSecrets: [{name: smtp}]\n",
            object,
            "overlay.yaml:6:29",
        ),
        mistake(
            "a Secret of one variable",
            AWS,
            "values:\n  grafana:\n    envValueFrom:\n      A: {secretKeyRef: {name: smtp, key: a}}\n",
            object,
            "overlay.yaml:7:32",
        ),
        mistake(
            "a mounted Secret",
            AWS,
            "values:\n  grafana:\n    extraSecretMounts: [{name: a, secretName: smtp, mountPath: /a}]\n",
            object,
            "overlay.yaml:6:47",
        ),
        mistake(
            "a Secret in a volume",
            AWS,
            "values:\n  alloy:\n    controller: {volumes: {extra: [{$patch: merge}, {name: a, secret: {secretName: tls}}]}}\n",
            object,
            "overlay.yaml:6:84",
        ),
        mistake(
            "a Secret of a part",
            AWS,
            "values:\n  loki:\n    write: {extraEnvFrom: [{secretRef: {name: s3}}]}\n",
            object,
            "overlay.yaml:6:47",
        ),
        mistake(
            "a Secret for images",
            AWS,
            "values:\n  loki:\n    imagePullSecrets: [{name: pull}]\n",
            object,
            "overlay.yaml:6:31",
        ),
        mistake(
            "a Secret for images, by name",
            AWS,
            "values:\n  mimir:\n    image: {pullSecrets: [pull]}\n",
            object,
            "overlay.yaml:6:27",
        ),
        mistake(
            "an administrator",
            AWS,
            "values:\n  grafana:\n    admin: {existingSecret: grafana-admn}\n",
            object,
            "overlay.yaml:6:29",
        ),
    ]);
}

#[test]
fn other_objects_and_identities_that_nobody_makes_are_found_where_they_are_named() {
    let (object, routed) = ("reference/object", || format!("{AWS}{ROUTED}"));
    are_found(&[
        mistake(
            "a ConfigMap of dashboards",
            AWS,
            "values:\n  grafana:\n    dashboardsConfigMaps: {mine: my-dashboards}\n",
            object,
            "overlay.yaml:6:34",
        ),
        mistake(
            "the collector's ConfigMap",
            AWS,
            "values:\n  alloy:\n    alloy: {configMap: {name: mine}}\n",
            object,
            "overlay.yaml:6:31",
        ),
        mistake(
            "a claim",
            AWS,
            "values:\n  grafana:\n    persistence: {enabled: true, existingClaim: disk}\n",
            object,
            "overlay.yaml:6:49",
        ),
        mistake(
            "an account",
            AWS,
            "values:\n  loki:\n    serviceAccount: {create: false, name: logs}\n",
            object,
            "overlay.yaml:6:43",
        ),
        mistake(
            "a class of secrets",
            AWS,
            "values:\n  grafana:\n    extraSecretMounts:\n    - {name: a, mountPath: /a, csi: {driver: secrets-store.csi.k8s.io, volumeAttributes: {secretProviderClass: vault}}}\n",
            object,
            "overlay.yaml:7:112",
        ),
        mistake(
            "a certificate",
            routed(),
            "patches:\n- target: {kind: IngressRoute, name: grafana}\n  patch: {spec: {tls: {secretName: cert}}}\n",
            object,
            "overlay.yaml:6:36",
        ),
        mistake(
            "an account's role",
            AWS,
            "values:\n  loki:\n    serviceAccount: {annotations: {eks.amazonaws.com/role-arn: \"arn:aws:iam::123456789012:role/x\"}}\n",
            "reference/identity",
            "overlay.yaml:6:64",
        ),
        mistake(
            "an account's client",
            AZURE,
            "values:\n  loki:\n    serviceAccount: {annotations: {azure.workload.identity/client-id: aaaaaaaa-0000-0000-0000-000000000009}}\n",
            "reference/identity",
            "overlay.yaml:6:71",
        ),
        job(
            "a job's Secret",
            ("name: grafana-admin", "name: grafana-root"),
            object,
            "job.yaml:18:48",
        ),
        job("a job's account", ("grafana.posit.team", "probe"), object, "job.yaml:11:31"),
    ]);
}

const OTHER_STORE: &str = "\
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: smtp, namespace: grafana}
spec:
  secretStoreRef: {kind: ClusterSecretStore, name: vault}
  data: [{secretKey: user, remoteRef: {key: smtp}}]
";

const ROUTE: &str = "\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: mine, namespace: grafana}
spec:
  rules:
  - host: mine.example.com
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: grafna, port: {number: 80}}}}]}
";

#[test]
fn stores_of_secrets_and_services_of_routes_are_found_where_they_are_named() {
    let (object, stored) = ("reference/object", format!("{AWS}{STORED}"));
    are_found(&[
        mistake("another store", stored, "resources: [smtp.yaml]\n", object, "smtp.yaml:5:52")
            .file("smtp.yaml", OTHER_STORE),
        mistake("a backend", AWS, "resources: [route.yaml]\n", object, "route.yaml:7:74")
            .file("route.yaml", ROUTE),
    ]);
}

#[test]
fn keys_that_an_object_does_not_have_are_found_where_they_are_named() {
    let key = "reference/key";
    let stored = || format!("{AWS}{STORED}");
    let database = "values:\n  grafana:\n    envValueFrom:\n      A: {secretKeyRef: {name: grafana-db-url, key: url}}\n";
    are_found(&[
        mistake(
            "of a Secret that you make",
            AWS,
            "values:\n  grafana:\n    admin: {userKey: username}\n",
            key,
            "overlay.yaml:6:22",
        ),
        mistake("of a Secret that an operator makes", stored(), database, key, "overlay.yaml:7:53"),
        mistake(
            "of a ConfigMap",
            AWS,
            "values:\n  alloy:\n    alloy: {configMap: {key: config.river}}\n",
            key,
            "overlay.yaml:6:30",
        ),
        job("of a job's Secret", ("key: admin-user", "key: admin-name"), key, "job.yaml:18:68"),
    ]);
}

#[test]
fn hosts_of_services_that_nobody_makes_are_found_where_they_stand() {
    let host = "reference/host";
    are_found(&[
        mistake(
            "in values",
            AWS,
            "values:\n  loki:\n    gateway: {extraEnv: [{name: A, value: \"http://mimir-gatway.mimir.svc.cluster.local\"}]}\n",
            host,
            "overlay.yaml:6:43",
        ),
        mistake(
            "in the collector's configuration",
            AWS,
            "alloy:\n  patches:\n  - target: loki.write.local\n    at: endpoint\n    set: url = \"http://loki-gateway.mimir.svc/loki/api/v1/push\"\n",
            host,
            "overlay.yaml:8:10",
        ),
        job("in a job", ("grafana.grafana.svc", "grafana.loki.svc"), host, "job.yaml:15:20"),
    ]);
}

#[test]
fn buckets_and_containers_that_nobody_declares_are_found_where_they_are_named() {
    let store = "reference/store";
    let mimir = "values: {mimir: {mimir: {structuredConfig: {blocks_storage: {s3: {bucket_name: mine}}}}}}\n";
    let shared = "values:\n  loki:\n    loki: {structuredConfig: {common: {storage: {s3: {bucketnames: mine}}}}}\n";
    let account = "values:\n  mimir:\n    mimir: {structuredConfig: {blocks_storage: {azure: {account_name: other}}}}\n";
    are_found(&[
        mistake("Mimir's", AWS, mimir, store, "overlay.yaml:4:80"),
        mistake("Loki's", AWS, shared, store, "overlay.yaml:6:68"),
        mistake("the account", AZURE, account, store, "overlay.yaml:6:71"),
    ]);
}

#[test]
fn data_sources_that_grafana_does_not_get_are_found_where_they_are_asked() {
    let source = "reference/datasource";
    let dashboard = |json: &str| -> &'static str {
        format!("values:\n  grafana:\n    dashboards:\n      telemetree:\n        mine:\n          json: |\n            {json}\n").leak()
    };
    let of = |name, json, place| mistake(name, AWS, dashboard(json), source, place);
    are_found(&[
        of(
            "of a panel",
            r#"{"panels": [{"datasource": {"uid": "prometheus"}}]}"#,
            "overlay.yaml:10:48",
        ),
        of(
            "of a query",
            r#"{"panels": [{"targets": [{"datasource": {"uid": "prom"}}]}]}"#,
            "overlay.yaml:10:61",
        ),
        of("by name", r#"{"panels": [{"datasource": "Prometheus"}]}"#, "overlay.yaml:10:40"),
        of(
            "in a row",
            r#"{"panels": [{"panels": [{"datasource": "Prometheus"}]}]}"#,
            "overlay.yaml:10:52",
        ),
        of(
            "of a variable",
            r#"{"templating": {"list": [{"name": "a", "datasource": {"uid": "prom"}}]}}"#,
            "overlay.yaml:10:74",
        ),
        of(
            "of an annotation",
            r#"{"annotations": {"list": [{"datasource": {"uid": "prom"}}]}}"#,
            "overlay.yaml:10:62",
        ),
        of(
            "that an import fills in",
            r#"{"panels": [{"datasource": {"uid": "${DS_PROMETHEUS}"}}]}"#,
            "overlay.yaml:10:48",
        ),
        mistake(
            "of an alert",
            AWS,
            "values:\n  grafana:\n    alerting:\n      mine.yaml:\n        groups:\n        - {name: a, folder: a, interval: 1m, rules: [{uid: a, title: a, condition: A, data: [{refId: A, datasourceUid: prom}]}]}\n",
            source,
            "overlay.yaml:9:120",
        ),
    ]);
}

const FIRST: &str = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: first, namespace: grafana, labels: {grafana_dashboard: \"1\"}, annotations: {folder: a}}
data: {mine.json: '{\"uid\": \"first\"}'}
";
const SECOND: &str = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: second, namespace: grafana, labels: {grafana_dashboard: \"1\"}, annotations: {folder: b}}
data: {mine.json: '{\"uid\": \"second\"}'}
";
const SAME: &str = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: second, namespace: grafana, labels: {grafana_dashboard: \"1\"}}
data: {other.json: '{\"uid\": \"first\"}'}
";

#[test]
fn what_is_given_twice_is_found_the_second_time() {
    let repeated = "reference/repeated";
    let on = "resources: [first.yaml, second.yaml]\nvalues: {grafana: {sidecar: {dashboards: {enabled: true}}}}\n";
    let both = |name, second, place| {
        mistake(name, AWS, on, repeated, place)
            .file("first.yaml", FIRST)
            .file("second.yaml", second)
    };
    are_found(&[
        both("a sidecar's file", SECOND, "second.yaml:4:8"),
        both("a dashboard", SAME, "second.yaml:4:20"),
        mistake(
            "a data source of another file",
            AWS,
            "values:\n  grafana:\n    datasources:\n      more.yaml:\n        datasources: [{name: More, type: loki, uid: loki}]\n",
            repeated,
            "overlay.yaml:8:53",
        ),
    ]);
}

#[test]
fn sidecars_overwrite_nothing_where_files_differ_or_nobody_collects_them() {
    let both = |name, values: &'static str| {
        let overlay = format!(
            "resources: [first.yaml, second.yaml]\nvalues: {{grafana: {{sidecar: {values}}}}}\n"
        );
        right(name, AWS, overlay.leak()).file("first.yaml", FIRST).file("second.yaml", SECOND)
    };
    are_accepted(&[
        both("off", "{dashboards: {enabled: false, folder: /a}}"),
        both("names of their own", "{enableUniqueFilenames: true, dashboards: {enabled: true}}"),
        both("folders", "{dashboards: {enabled: true, folderAnnotation: folder}}"),
        both("another label", "{dashboards: {enabled: true, label: mine}}"),
        both("another value", "{dashboards: {enabled: true, labelValue: mine}}"),
        both("another namespace", "{dashboards: {enabled: true, searchNamespace: platform}}"),
    ]);
}

#[test]
fn names_that_lead_somewhere_are_accepted() {
    let (routed, stored) = (format!("{AWS}{ROUTED}"), format!("{AWS}{STORED}"));
    are_accepted(&[
        right("a job", AWS, "resources: [job.yaml]\n").file("job.yaml", JOB),
        right("another job's Secret of the store", stored, "resources: [smtp.yaml]\nvalues: {grafana: {smtp: {existingSecret: smtp, userKey: user, passwordKey: user}}}\n")
            .file("smtp.yaml", OTHER_STORE.replace("vault", "aws-secrets-manager").leak()),
        right("what a chart makes", AWS, "values:\n  grafana:\n    extraSecretMounts: [{name: a, secretName: grafana-env, mountPath: /a}]\n    env: {A: \"http://loki-write-headless.loki.svc mimir-store-gateway.mimir.svc:8080 mimir-ingester-zone-a.mimir.svc\"}\n"),
        right("what values hold", AWS, "values:\n  grafana:\n    extraObjects: [{apiVersion: v1, kind: ConfigMap, metadata: {name: mine}, data: {a: b}}]\n    envFromConfigMaps: [{name: mine}]\n"),
        right("a claim of a stateful set", AWS, "values: {grafana: {persistence: {enabled: true, existingClaim: storage-grafana-0}}}\n"),
        right("what is everywhere", AWS, "values: {grafana: {extraConfigmapMounts: [{name: a, configMap: kube-root-ca.crt, mountPath: /a}]}}\n"),
        right("a middleware of the spec", routed, "values: {grafana: {ingress: {enabled: true, annotations: {traefik.ingress.kubernetes.io/router.middlewares: \"kube-system-auth@kubernetescrd\"}}}}\n"),
        right("a container", AZURE, "values: {loki: {loki: {structuredConfig: {common: {storage: {azure: {container_name: logs}}}}}}}\n"),
    ]);
}

#[test]
fn names_of_which_nobody_can_say_are_accepted() {
    are_accepted(&[
        right("a template", AWS, "values: {grafana: {dashboardsConfigMaps: {mine: '{{ .Release.Name }}-mine'}}}\n"),
        right("something optional", AWS, "values: {grafana: {envFromSecrets: [{name: smtp, optional: true}]}}\n"),
        right("a host of another namespace", AWS, "values: {grafana: {env: {A: \"http://tempo.tempo.svc:4317\"}}}\n"),
        right("a host from the environment", AWS, "values: {grafana: {env: {A: \"http://$(NAME).loki.svc\"}}}\n"),
        right("a name behind a switch that is off", AWS, "values: {loki: {gateway: {basicAuth: {enabled: false, existingSecret: mine}}}}\n"),
        right("an ingress that is off", AWS, "values: {grafana: {ingress: {annotations: {traefik.ingress.kubernetes.io/router.middlewares: \"a-b@kubernetescrd\"}}}}\n"),
        right("a middleware of a file", AWS, "values: {grafana: {ingress: {enabled: true, annotations: {traefik.ingress.kubernetes.io/router.middlewares: \"b@file\"}}}}\n"),
        right("a store of one's own", AWS, "values: {loki: {loki: {storage: {bucketNames: {chunks: a, ruler: a}, s3: {endpoint: s3.example.com}}}}}\n"),
        right("beside templates of values", AWS, "values:\n  grafana:\n    extraObjects: ['{{ include \"mine\" . }}']\n    envFromSecrets: [{name: smtp}]\n"),
        right("beside a chart of one's own", AWS, "resources: [chart.yaml]\nvalues: {grafana: {envFromSecrets: [{name: smtp}]}}\n").file(
            "chart.yaml",
            "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: mail, namespace: flux-system}\nspec:\n  interval: 1h\n  targetNamespace: grafana\n  chart: {spec: {chart: mail, sourceRef: {kind: HelmRepository, name: mail}}}\n",
        ),
    ]);
}

#[test]
fn data_sources_that_grafana_has_or_may_have_are_accepted() {
    let dashboard = |name, json: &str, more: &str| {
        let overlay = format!(
            "values:\n  grafana:\n    dashboards:\n      telemetree:\n        mine:\n          json: |\n            {json}\n{more}"
        );
        right(name, AWS, overlay.leak())
    };
    let unknown = r#"{"panels": [{"datasource": {"uid": "prometheus"}}]}"#;
    are_accepted(&[
        dashboard("by uid", r#"{"panels": [{"datasource": {"uid": "mimir"}}]}"#, ""),
        dashboard("by name", r#"{"panels": [{"datasource": "Mimir"}]}"#, ""),
        dashboard(
            "the default",
            r#"{"panels": [{"datasource": null}, {"datasource": {"type": "loki"}}]}"#,
            "",
        ),
        dashboard(
            "Grafana's own",
            r#"{"annotations": {"list": [{"datasource": {"uid": "-- Grafana --"}}]}}"#,
            "",
        ),
        dashboard(
            "mixed",
            r#"{"panels": [{"datasource": {"uid": "-- Mixed --"}, "targets": [{"datasource": {"uid": "loki"}}]}]}"#,
            "",
        ),
        dashboard(
            "not asked, as the panel has its own",
            r#"{"panels": [{"datasource": {"uid": "mimir"}, "targets": [{"datasource": {"uid": "x"}}]}]}"#,
            "",
        ),
        dashboard(
            "by a variable",
            r#"{"panels": [{"datasource": {"uid": "${source}"}}, {"datasource": "$source"}], "templating": {"list": [{"name": "source", "type": "datasource", "query": "prometheus"}]}}"#,
            "",
        ),
        dashboard("from a sidecar", unknown, "    sidecar: {datasources: {enabled: true}}\n"),
        dashboard(
            "from files of one's own",
            unknown,
            "    extraConfigmapMounts: [{name: a, configMap: kube-root-ca.crt, mountPath: /etc/grafana/provisioning/datasources}]\n",
        ),
        dashboard(
            "added",
            unknown,
            "    datasources: {more.yaml: {datasources: [{name: More, type: prometheus, uid: prometheus}]}}\n",
        ),
    ]);
}

#[test]
fn what_somebody_else_makes_is_allowed_by_a_comment_that_says_who() {
    let allowed = "values:\n  grafana:\n    # telemetree: allow reference/object: the mail team makes it\n    envFromSecrets: [{name: smtp}]\n";
    let compiled = with(AWS, &[("overlay.yaml", allowed)]);
    assert_eq!(found(&compiled), []);
    assert!(compiled.output.is_some());
}

#[test]
fn a_name_that_is_nearly_right_is_suggested() {
    let near = [
        (
            "values: {grafana: {admin: {existingSecret: grafana-admn}}}\n",
            "did you mean `grafana-admin`?",
        ),
        ("values: {grafana: {admin: {userKey: admin-usr}}}\n", "did you mean `admin-user`?"),
        (
            "values: {loki: {serviceAccount: {annotations: {eks.amazonaws.com/role-arn: \"arn:aws:iam::123456789012:role/loki.ganso01-stagng.posit.team\"}}}}\n",
            "loki.ganso01-staging.posit.team`?",
        ),
    ];
    for (overlay, help) in near {
        let said = crate::report(&with(AWS, &[("overlay.yaml", overlay)]));
        assert!(said.contains(help), "{said}");
    }
}

/// Every tested spec, with the word that it says of overlays and of a registry taken out.
fn tested_specs() -> Vec<String> {
    let more = crate::support::read_folder(&crate::support::root().join("tests/every-key"));
    let goldens = crate::support::cases().into_iter().map(|case| case.spec);
    let keeps =
        |line: &&str| !line.starts_with("  overlays:") && !line.starts_with("  imageRegistry:");
    let without = |spec: String| spec.split_inclusive('\n').filter(keeps).collect::<String>();
    goldens.chain(more.into_values()).map(without).collect()
}

#[test]
fn no_name_of_ours_leads_nowhere_with_any_built_in_overlay() {
    let mut seen = 0;
    for spec in tested_specs() {
        for (name, _) in telemetree::embedded::OVERLAYS {
            let registry = match name {
                "airgapped" => "  imageRegistry: registry.example.com/mirror\n",
                _ => "",
            };
            let spec = format!("{spec}{registry}  overlays: [{name}]\n");
            let compiled = telemetree::compile::compile("workload.yaml", &spec);
            // Where there is no route none can be changed, and what is said already changes nothing.
            let is_ours = |code: &str| code.starts_with("overlay/");
            let all = found(&compiled);
            assert!(
                all.iter().all(|(code, _)| is_ours(code)),
                "{spec}\n{}",
                crate::report(&compiled)
            );
            seen += usize::from(compiled.output.is_some());
        }
    }
    assert!(seen >= 9 * 4, "{seen}");
}
