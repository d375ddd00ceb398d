use super::*;
use crate::origin::Origin;
use serde_json::{Value, json};

fn node(value: Value) -> Node {
    Node::from_json(value, &Origin::Structure)
}

fn shown(breaches: Vec<Breach>) -> Vec<String> {
    let place = |place: &Place| match place {
        Place::Key(pointer) => format!("key {pointer}"),
        Place::Value(pointer) | Place::Within(pointer, _) | Place::Inside(pointer, _) => {
            pointer.to_string()
        }
        Place::Origin(_) => "an origin".to_owned(),
    };
    let line = |breach: Breach| {
        let help = breach.help.map_or(String::new(), |help| format!("; {help}"));
        format!("{}: {:?}: {}{help}", place(&breach.place), breach.kind, breach.message)
    };
    breaches.into_iter().map(line).collect()
}

fn checked(value: Value) -> Vec<String> {
    shown(check(&node(value), 33))
}

fn sounded(value: Value) -> Vec<String> {
    shown(sound(&node(value)))
}

/// What is found in a pod with this spec.
fn pod(spec: &Value) -> Value {
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": spec})
}

#[test]
fn every_version_has_a_schema_and_every_schema_can_be_read() {
    for minor in MINORS {
        let config = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}});
        assert!(check(&node(config), minor).is_empty());
    }
    for (version, kind) in [
        ("argoproj.io/v1alpha1", "Application"),
        ("external-secrets.io/v1", "ExternalSecret"),
        ("gateway.networking.k8s.io/v1", "HTTPRoute"),
        ("helm.toolkit.fluxcd.io/v2", "HelmRelease"),
        ("kustomize.toolkit.fluxcd.io/v1", "Kustomization"),
        ("monitoring.coreos.com/v1", "ServiceMonitor"),
        ("secrets-store.csi.x-k8s.io/v1", "SecretProviderClass"),
        ("source.toolkit.fluxcd.io/v1", "GitRepository"),
        ("traefik.io/v1alpha1", "IngressRoute"),
    ] {
        let found = checked(json!({"apiVersion": version, "kind": kind, "metadata": {}, "no": 1}));
        assert!(found[0].starts_with("key /no: Unknown: this kind has no `no`"), "{found:?}");
    }
}

#[test]
fn unknown_members_are_found_at_their_key_with_what_was_meant() {
    let spec = json!({"containers": [{"name": "a", "imagePullPolcy": "Always", "volumes": []}], "image": "x"});
    assert_eq!(
        checked(pod(&spec)),
        [
            "key /spec/containers/0/imagePullPolcy: Unknown: an item of `containers` has no \
             `imagePullPolcy`; did you mean `imagePullPolicy`?",
            "key /spec/containers/0/volumes: Unknown: an item of `containers` has no `volumes`; \
             it belongs beside `containers`",
            "key /spec/image: Unknown: `spec` has no `image`; it belongs under `containers`",
        ]
    );
}

#[test]
fn values_of_another_type_are_found_with_what_to_write() {
    let spec = json!({"containers": [{
        "name": "a",
        "args": "run",
        "env": [{"name": "A", "value": 1}],
        "ports": [{"containerPort": "80"}],
        "resources": {"limits": {"cpu": "1 core", "memory": 1024}},
        "tty": "true",
    }], "terminationGracePeriodSeconds": null, "dnsPolicy": "clusterFirst"});
    assert_eq!(
        checked(pod(&spec)),
        [
            "/spec/containers/0/args: Type: `args` takes a list, not text; write it as an item, after `- `",
            "/spec/containers/0/env/0/value: Type: `value` takes text, not a number; put it in quotes: `\"1\"`",
            "/spec/containers/0/ports/0/containerPort: Type: `containerPort` takes a whole number, not text; \
             write `80` without quotes",
            "/spec/containers/0/resources/limits/cpu: Value: `1 core` is no amount; \
             write a number and perhaps a unit, such as `500m`, `2`, `512Mi` or `10G`",
            "/spec/containers/0/tty: Type: `tty` takes a boolean, not text; write `true` without quotes",
            "/spec/dnsPolicy: Value: `dnsPolicy` cannot be `clusterFirst`; did you mean `ClusterFirst`?",
        ]
    );
}

#[test]
fn what_is_missing_or_repeated_is_found_where_it_should_not_be() {
    let spec = json!({"containers": [{"name": "a"}, {"image": "x"}, {"name": "a"}, null]});
    assert_eq!(
        checked(pod(&spec)),
        [
            "/spec/containers/1: Missing: an item of `containers` has no `name`; add `name`",
            "/spec/containers/3: Type: an item of `containers` takes a map, not nothing",
            "/spec/containers/2/name: Repeated: item 0 of `containers` is `a`, too",
        ]
    );
    let mut nameless = pod(&json!({"containers": []}));
    let _ = nameless.as_object_mut().unwrap().remove("metadata");
    assert_eq!(checked(nameless), [": Missing: the object has no `metadata`"]);
}

#[test]
fn secrets_hold_base64_and_are_not_shown() {
    let secret = |value: &str| json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}, "data": {"a": value}});
    assert_eq!(checked(secret("hunter2")), ["/data/a: Value: `a` is not base64; encode it"]);
    for fine in ["", "aHVudGVyMg==", "aHVu\ndGVyMg==\n"] {
        assert!(checked(secret(fine)).is_empty(), "{fine}");
    }
    for wrong in ["aHVudGVyMg", "aHVudGVyMg=", "=aHVudGVyMg", "aHVu_GVyMg=="] {
        assert!(!checked(secret(wrong)).is_empty(), "{wrong}");
    }
}

#[test]
fn patterns_bounds_and_sizes_of_operators_are_kept() {
    let route = json!({
        "apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute", "metadata": {"name": "a"},
        "spec": {
            "hostnames": ["not a host"],
            "rules": [{"backendRefs": [{"name": "a", "port": 70000}], "filters": [{"type": "Nothing"}]}],
        },
    });
    let found = checked(route);
    assert_eq!(found.len(), 3, "{found:#?}");
    assert!(
        found[0]
            .starts_with("/spec/hostnames/0: Value: an item of `hostnames` cannot be `not a host`")
    );
    assert_eq!(
        found[1],
        "/spec/rules/0/backendRefs/0/port: Value: `port` takes 1 to 65535, not `70000`"
    );
    assert!(
        found[2].starts_with("/spec/rules/0/filters/0/type: Value: `type` cannot be `Nothing`")
    );
    let store = json!({
        "apiVersion": "external-secrets.io/v1", "kind": "SecretStore", "metadata": {"name": "a"},
        "spec": {"provider": {}},
    });
    assert_eq!(
        checked(store),
        ["/spec/provider: Value: `provider` takes at least 1 members, not 0"]
    );
}

#[test]
fn a_field_is_known_in_the_versions_that_have_it() {
    let spec = json!({"containers": [{"name": "a", "restartPolicyRules": []}]});
    assert!(check(&node(pod(&spec)), 34).is_empty());
    assert_eq!(check(&node(pod(&spec)), 33).len(), 1);
    assert!(check(&node(pod(&spec)), 99).is_empty(), "later versions are taken for the last");
}

#[test]
fn objects_without_a_schema_are_told_where_there_is_one() {
    let of = |version: &str, kind: &str| {
        checked(json!({"apiVersion": version, "kind": kind, "metadata": {"name": "a"}})).remove(0)
    };
    assert_eq!(
        of("policy/v1beta1", "PodDisruptionBudget"),
        "/apiVersion: Removed: Kubernetes 1.33 has no `PodDisruptionBudget` in `policy/v1beta1`; \
         write it as `policy/v1`"
    );
    assert_eq!(
        of("flowcontrol.apiserver.k8s.io/v1beta3", "FlowSchema"),
        "/apiVersion: Removed: Kubernetes 1.33 has no `FlowSchema` in \
         `flowcontrol.apiserver.k8s.io/v1beta3`; 1.31 was the last with it; \
         write it as `flowcontrol.apiserver.k8s.io/v1`"
    );
    assert_eq!(
        of("extensions/v1beta1", "Ingress"),
        "/apiVersion: Removed: Kubernetes 1.33 has no `Ingress` in `extensions/v1beta1`; \
         write it as `networking.k8s.io/v1`"
    );
    assert_eq!(
        of("apps/v1", "Deploymnt"),
        "/kind: Unknown: Kubernetes 1.33 has no `Deploymnt` in `apps/v1`; did you mean `Deployment`?"
    );
    assert_eq!(
        of("traefik.containo.us/v1alpha1", "IngressRoute"),
        "/apiVersion: Uncovered: `IngressRoute` in `traefik.containo.us/v1alpha1` has no schema here, \
         so it was not checked; write it as `traefik.io/v1alpha1`"
    );
    assert_eq!(
        of("external-secrets.io/v1beta1", "ExternalSecret"),
        "/apiVersion: Uncovered: `ExternalSecret` in `external-secrets.io/v1beta1` has no schema here, \
         so it was not checked; write it as `external-secrets.io/v1`"
    );
    assert_eq!(
        of("example.com/v1", "Nest"),
        "/apiVersion: Uncovered: `Nest` in `example.com/v1` has no schema here, so it was not checked"
    );
    assert_eq!(
        checked(json!({"kind": "Pod"})),
        [": Missing: the object has no `apiVersion`; add `apiVersion`"]
    );
    assert_eq!(checked(json!([])), [": Type: an object is a map, not a list"]);
}

#[test]
fn hostile_objects_are_answered() {
    let mut deep = json!({});
    for _ in 0..300 {
        deep = json!({"properties": {"a": deep}});
    }
    let definition = json!({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": "as.example.com"},
        "spec": {
            "group": "example.com", "names": {"kind": "A", "plural": "as"}, "scope": "Cluster",
            "versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": deep}}],
        },
    });
    let found = checked(definition);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].ends_with("lies deeper than 200 levels"), "{found:?}");
    for odd in
        [json!(null), json!({"apiVersion": 1, "kind": []}), json!({"apiVersion": "/", "kind": "/"})]
    {
        assert!(!checked(odd.clone()).is_empty(), "{odd}");
        let _ = sounded(odd);
    }
}

#[test]
fn amounts_are_read_as_kubernetes_reads_them() {
    for (text, thousandths) in [
        ("1", 1000.0),
        ("500m", 500.0),
        ("1.5Gi", 1_610_612_736_000.0),
        ("1e3", 1_000_000.0),
        ("1E", 1e21),
        ("2k", 2_000_000.0),
        (".5", 500.0),
        ("5.", 5000.0),
        ("-1", -1000.0),
    ] {
        assert_eq!(scalar::quantity(text), Some(thousandths), "{text}");
    }
    for wrong in ["", "1 Gi", "1GB", "Gi", "1mi", "1K", "0x10", "1e", "1.2.3", "--1", "1,5", "."] {
        assert_eq!(scalar::quantity(wrong), None, "{wrong}");
    }
}

#[test]
fn times_are_read_as_rfc_3339_writes_them() {
    for fine in ["2025-01-31T12:00:00Z", "2025-01-31T12:00:00.123456+02:00", "2025-01-31t23:59:60z"]
    {
        assert!(scalar::is_time(fine), "{fine}");
    }
    for wrong in [
        "2025-01-31",
        "2025-13-31T12:00:00Z",
        "2025-01-31T12:00Z",
        "2025-01-31T12:00:00",
        "T:-Z",
        "",
    ] {
        assert!(!scalar::is_time(wrong), "{wrong}");
    }
}

mod soundness;
