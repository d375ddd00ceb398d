//! What no schema can say.

use super::*;

fn deployment(change: impl FnOnce(&mut Value)) -> Value {
    let mut object = json!({
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a", "namespace": "n"},
        "spec": {
            "selector": {"matchLabels": {"app": "a"}},
            "template": {
                "metadata": {"labels": {"app": "a"}},
                "spec": {
                    "containers": [{
                        "name": "main",
                        "ports": [{"name": "http", "containerPort": 80}],
                        "volumeMounts": [{"name": "data", "mountPath": "/data"}],
                    }],
                    "volumes": [{"name": "data", "emptyDir": {}}],
                },
            },
        },
    });
    change(&mut object);
    object
}

#[test]
fn a_sound_deployment_has_no_breach() {
    assert_eq!(sounded(deployment(|_| {})), Vec::<String>::new());
}

#[test]
fn parts_of_pods_refer_to_each_other() {
    let found = sounded(deployment(|object| {
        let spec = &mut object["spec"]["template"]["spec"];
        spec["restartPolicy"] = json!("Never");
        spec["volumes"][0]["secret"] = json!({});
        let main = &mut spec["containers"][0];
        main["volumeMounts"][0]["name"] = json!("dta");
        main["livenessProbe"] = json!({"httpGet": {"port": "htp"}});
        main["env"] = json!([{"name": "A=B"}, {"name": "C", "value": "c", "valueFrom": {}}]);
        main["resources"] = json!({"requests": {"cpu": "1", "memory": "1Gi"}, "limits": {"cpu": "900m", "memory": "2G"}});
        main["ports"] =
            json!([{"name": "http", "containerPort": 0}, {"name": "http", "containerPort": 81}]);
        spec["initContainers"] = json!([{"name": "main"}]);
    }));
    let pod = "/spec/template/spec";
    let expected = [
        format!(
            "{pod}/restartPolicy: Conflict: the pods of a Deployment cannot have the restart policy `Never`; write `Always`"
        ),
        format!(
            "{pod}/volumes/0/secret: Conflict: a volume is `emptyDir` or `secret`, not both; keep one of them"
        ),
        format!("{pod}/containers/0/name: Repeated: another container is called `main`, too"),
        format!(
            "{pod}/containers/0/ports/0/containerPort: Value: `0` is no port; write a number from 1 to 65535"
        ),
        format!("{pod}/containers/0/ports/1/name: Repeated: item 0 of `ports` is `http`, too"),
        format!("{pod}/containers/0/env/0/name: Value: `A=B` is no name of a variable"),
        format!(
            "{pod}/containers/0/env/1/valueFrom: Conflict: `value` and `valueFrom` cannot stand together; keep one of them"
        ),
        format!(
            "{pod}/containers/0/volumeMounts/0/name: Reference: the pod has no volume `dta`; did you mean `data`?"
        ),
        format!(
            "{pod}/containers/0/resources/requests/cpu: Conflict: `1` of cpu is requested, and `900m` is the limit"
        ),
        format!(
            "{pod}/containers/0/livenessProbe/httpGet/port: Reference: the container has no port `htp`; did you mean `http`?"
        ),
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_workload_selects_its_own_pods() {
    let other = deployment(|object| {
        object["spec"]["selector"] = json!({"matchLabels": {"app": "b", "x": "y"}});
    });
    assert_eq!(
        sounded(other),
        [
            "/spec/selector/matchLabels/app: Reference: `selector` asks for `app: b`, but the template's pods \
             have `a` there; give `spec.template.metadata.labels` the label `app: b`",
            "/spec/selector/matchLabels/x: Reference: `selector` asks for `x: y`, but the template's pods \
             have no such label; give `spec.template.metadata.labels` the label `x: y`",
        ]
    );
    let unmet = json!({"matchExpressions": [
        {"key": "app", "operator": "In", "values": ["a"]},
        {"key": "app", "operator": "DoesNotExist"},
    ]});
    assert_eq!(
        sounded(deployment(|object| object["spec"]["selector"] = unmet)),
        [
            "/spec/selector/matchExpressions/1: Reference: the template's pods do not meet this expression"
        ]
    );
    assert_eq!(
        sounded(deployment(|object| object["spec"]["selector"] = json!({}))),
        ["/spec/selector: Value: `selector` selects everything; select the labels of the pods"]
    );
}

#[test]
fn names_labels_and_annotations_have_a_syntax() {
    let object = |kind: &str, metadata: Value| json!({"apiVersion": "v1", "kind": kind, "metadata": metadata});
    for (kind, name) in [("ConfigMap", "a.b"), ("ConfigMap", "1"), ("Service", "a-1")] {
        assert!(sounded(object(kind, json!({"name": name}))).is_empty(), "{kind} {name}");
    }
    for (kind, name) in [
        ("ConfigMap", "A"),
        ("ConfigMap", "a_b"),
        ("Service", "1a"),
        ("Namespace", "a.b"),
        ("Service", ""),
    ] {
        assert_eq!(sounded(object(kind, json!({"name": name}))).len(), 1, "{kind} {name}");
    }
    assert_eq!(
        sounded(object("Pod", json!({}))),
        ["/metadata: Missing: `metadata` has no `name`; add `name`"]
    );
    assert!(sounded(object("Pod", json!({"generateName": "a-"}))).is_empty());
    let found = sounded(object(
        "Pod",
        json!({
            "name": "a",
            "labels": {"a/b/c": "x", "ok": "not ok", "example.com/fine": ""},
            "annotations": {"-": "anything at all", "Example.com/Fine": "x"},
        }),
    ));
    assert_eq!(found.len(), 3, "{found:#?}");
    assert!(
        found[0].starts_with("key /metadata/labels/a~1b~1c: Value: `a/b/c` is no key of a label")
    );
    assert!(found[1].starts_with("/metadata/labels/ok: Value: `not ok` is no value of a label"));
    assert!(
        found[2].starts_with("key /metadata/annotations/-: Value: `-` is no key of an annotation")
    );
    let large = json!({"name": "a", "annotations": {"a": "x".repeat(256 << 10)}});
    assert_eq!(sounded(object("Pod", large)).len(), 1);
}

#[test]
fn schedules_are_read_as_their_library_reads_them() {
    let cron = |schedule: &str| {
        sounded(json!({
            "apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": "a"},
            "spec": {"schedule": schedule},
        }))
    };
    for fine in [
        "* * * * *",
        "*/5 0-6/2 1,15 jan-mar ?",
        "@daily",
        "@every 1h30m",
        "0 0 * * SUN",
        "5/15 * * * 0",
    ] {
        assert!(cron(fine).is_empty(), "{fine}: {:?}", cron(fine));
    }
    for wrong in [
        "* * * *",
        "60 * * * *",
        "* 24 * * *",
        "* * 0 * *",
        "* * * 13 *",
        "* * * * 7",
        "*/0 * * * *",
        "5-1 * * * *",
        "@often",
        "@every day",
        "TZ=UTC * * * * *",
        "",
        "a * * * *",
    ] {
        assert_eq!(cron(wrong).len(), 1, "{wrong}");
    }
}

#[test]
fn data_fits_and_has_its_keys() {
    let config = |data: Value| {
        sounded(
            json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": data}),
        )
    };
    assert!(config(json!({"a.b_c-d": "x".repeat(1 << 20)})).is_empty());
    assert_eq!(config(json!({"a": "x".repeat(1 << 20), "b": "x"})).len(), 1);
    assert_eq!(config(json!({"a/b": "x"})).len(), 1);
    let secret = json!({
        "apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"},
        "type": "kubernetes.io/tls", "stringData": {"tls.crt": ""},
    });
    assert_eq!(
        sounded(secret),
        [
            "/type: Missing: a Secret of the type `kubernetes.io/tls` has `tls.key`, and this one has not; add `tls.key`"
        ]
    );
}

#[test]
fn services_ingresses_and_policies_are_read_as_a_whole() {
    let service = json!({
        "apiVersion": "v1", "kind": "Service", "metadata": {"name": "a"},
        "spec": {"ports": [
            {"name": "a", "port": 80, "targetPort": "80"}, {"name": "a", "port": 0}, {"port": 81},
        ]},
    });
    let found = sounded(service);
    let places: Vec<&str> = found.iter().filter_map(|line| line.split(": ").next()).collect();
    assert_eq!(
        places,
        ["/spec/ports/0/targetPort", "/spec/ports/1/port", "/spec/ports/1/name", "/spec/ports/2"]
    );
    let ingress = json!({
        "apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": "a"},
        "spec": {"rules": [
            {"host": "*.example.com", "http": {"paths": [
                {"path": "x", "pathType": "Prefix", "backend": {"service": {"name": "s", "port": {}}}},
            ]}},
            {"host": "https://example.com"},
        ]},
    });
    let found = sounded(ingress);
    let places: Vec<&str> = found.iter().filter_map(|line| line.split(": ").next()).collect();
    let path = "/spec/rules/0/http/paths/0";
    assert_eq!(
        places,
        [&format!("{path}/path"), &format!("{path}/backend/service/port"), "/spec/rules/1/host"]
    );
    let policy = json!({
        "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "a"},
        "spec": {"podSelector": {}, "egress": [{
            "to": [{"ipBlock": {"cidr": "10.0.0.0"}, "podSelector": {}}],
            "ports": [{"port": 90, "endPort": 80}],
        }]},
    });
    let found = sounded(policy);
    let places: Vec<&str> = found.iter().filter_map(|line| line.split(": ").next()).collect();
    let rule = "/spec/egress/0";
    assert_eq!(
        places,
        [
            &format!("{rule}/to/0/ipBlock"),
            &format!("{rule}/to/0/ipBlock/cidr"),
            &format!("{rule}/ports/0/endPort")
        ]
    );
}

#[test]
fn bindings_scaling_and_disruption_have_rules() {
    let binding = json!({
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "a:b"},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "a"},
        "subjects": [{"kind": "ServiceAccount", "name": "a"}, {"kind": "Person", "name": "b"}],
    });
    assert_eq!(
        sounded(binding),
        [
            "/roleRef/kind: Value: `kind` cannot be `Role`; write `ClusterRole`",
            "/subjects/0: Missing: a service account has a namespace; add `namespace`",
            "/subjects/1/kind: Value: `kind` cannot be `Person`; write `User` or `Group` or `ServiceAccount`",
        ]
    );
    let scaler = json!({
        "apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "a"},
        "spec": {"minReplicas": 5, "maxReplicas": 2},
    });
    assert_eq!(sounded(scaler).len(), 1);
    let budget = json!({
        "apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "a"},
        "spec": {"minAvailable": 1, "maxUnavailable": 1},
    });
    assert_eq!(sounded(budget).len(), 1);
}

fn between(objects: &[Value]) -> Vec<String> {
    let nodes: Vec<Node> = objects.iter().cloned().map(node).collect();
    let all: Vec<(&str, &Node)> = nodes.iter().map(|node| ("first.yaml", node)).collect();
    let lines = together(&all).into_iter();
    lines.map(|(at, breach)| format!("{at} {}", shown(vec![breach]).remove(0))).collect()
}

fn service(change: impl FnOnce(&mut Value)) -> Value {
    let mut object = json!({
        "apiVersion": "v1", "kind": "Service", "metadata": {"name": "a", "namespace": "n"},
        "spec": {"selector": {"app": "a"}, "ports": [{"name": "web", "port": 80, "targetPort": "http"}]},
    });
    change(&mut object);
    object
}

#[test]
fn the_same_object_is_there_once() {
    assert_eq!(
        between(&[deployment(|_| {}), service(|_| {}), deployment(|_| {})]),
        ["2 /metadata/name: Repeated: first.yaml is the Deployment `a`, too; rename one of them"]
    );
    let elsewhere = deployment(|object| object["metadata"]["namespace"] = json!("m"));
    assert!(between(&[deployment(|_| {}), elsewhere]).is_empty());
}

#[test]
fn objects_refer_to_what_the_others_have() {
    let other = service(|object| object["spec"]["ports"][0]["targetPort"] = json!("htpp"));
    assert_eq!(
        between(&[deployment(|_| {}), other]),
        [
            "1 /spec/ports/0/targetPort: Reference: no selected pod has a port `htpp`; did you mean `http`?"
        ]
    );
    let other = service(|object| object["spec"]["selector"] = json!({"app": "b"}));
    assert_eq!(
        between(&[deployment(|_| {}), other]),
        [
            "1 /spec/selector/app: Reference: the selector does not select the pods of the Deployment of the \
             same name; their label `app` is `a`",
        ]
    );
    let route = json!({
        "apiVersion": "traefik.io/v1alpha1", "kind": "IngressRoute", "metadata": {"name": "r", "namespace": "n"},
        "spec": {"routes": [{"services": [
            {"name": "a", "port": 80}, {"name": "a", "port": 81}, {"name": "a", "port": "web"}, {"name": "other", "port": 1},
        ]}]},
    });
    assert_eq!(
        between(&[service(|_| {}), route]),
        ["1 /spec/routes/0/services/1/port: Reference: the Service `a` has no port `81`"]
    );
    let ingress = json!({
        "apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": "i", "namespace": "n"},
        "spec": {"rules": [{"http": {"paths": [{"backend": {"service": {"name": "a", "port": {"name": "wev"}}}}]}}]},
    });
    assert_eq!(
        between(&[service(|_| {}), ingress]),
        ["1 /spec/rules/0/http/paths/0/backend/service/port/name: Reference: \
             the Service `a` has no port `wev`; did you mean `web`?",]
    );
}

#[test]
fn pods_read_keys_that_are_there() {
    let config = json!({
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c", "namespace": "n"},
        "data": {"mode": "x"},
    });
    let pods = |key: &str, name: &str| {
        deployment(|object| {
            let spec = &mut object["spec"]["template"]["spec"];
            let reference = json!({"configMapKeyRef": {"name": name, "key": key}});
            spec["containers"][0]["env"] = json!([{"name": "A", "valueFrom": reference}]);
            spec["volumes"][0] =
                json!({"name": "data", "configMap": {"name": name, "items": [{"key": key}]}});
        })
    };
    assert!(between(&[config.clone(), pods("mode", "c")]).is_empty());
    assert!(between(&[config.clone(), pods("modes", "other")]).is_empty());
    let pod = "/spec/template/spec";
    assert_eq!(
        between(&[config, pods("modes", "c")]),
        [
            format!(
                "1 {pod}/containers/0/env/0/valueFrom/configMapKeyRef/key: Reference: the ConfigMap `c` has no key `modes`; did you mean `mode`?"
            ),
            format!(
                "1 {pod}/volumes/0/configMap/items/0/key: Reference: the ConfigMap `c` has no key `modes`; did you mean `mode`?"
            ),
        ]
    );
}
