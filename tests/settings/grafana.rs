//! Mistakes that people have made in the settings of Grafana and of probes.

use super::generate::{Dice, Known, mistaken, pointer};
use super::{assert_only, node, of, place, support, yaml};
use serde_json::Value;
use telemetree::contract::{Kind, settings};

#[test]
fn mistakes_in_grafanas_file_are_found() {
    all(&[
        (
            "grafana.ini: {analytics: {reporting_enable: false}}",
            Kind::Unknown,
            "!/grafana.ini/analytics/reporting_enable",
            "`reporting_enabled`",
        ),
        (
            "grafana.ini: {security: {auto_assign_org_role: Editor}}",
            Kind::Unknown,
            "!/grafana.ini/security/auto_assign_org_role",
            "`[users]`",
        ),
        (
            "grafana.ini: {server: {flux_capacitor: 1}}",
            Kind::Uncovered,
            "!/grafana.ini/server/flux_capacitor",
            "",
        ),
        (
            "grafana.ini: {unified_alerting: {enabled: perhaps}}",
            Kind::Value,
            "/grafana.ini/unified_alerting/enabled",
            "true",
        ),
        (
            "grafana.ini: {users: {auto_assign_org_role: Edtor}}",
            Kind::Value,
            "/grafana.ini/users/auto_assign_org_role",
            "`Editor`",
        ),
        (
            "grafana.ini: {database: {url: 'postgres://a:b@c/d'}}",
            Kind::Secret,
            "/grafana.ini/database/url",
            "$__env",
        ),
    ]);
}

#[test]
fn mistakes_in_what_provisions_grafana_are_found() {
    all(&[
        (
            "datasources: {a.yaml: {apiVersion: 1, datasources: [{name: a, type: b, isDefalt: true}]}}",
            Kind::Unknown,
            "!/datasources/a.yaml/datasources/0/isDefalt",
            "`isDefault`",
        ),
        (
            "datasources: {a.yaml: {datasources: [{name: a, type: b, isDefault: true}, \
          {name: c, type: b, isDefault: true}]}}",
            Kind::Conflict,
            "/datasources/a.yaml/datasources/1/isDefault",
            "",
        ),
        (
            "dashboardProviders: {a.yaml: {providers: [{name: a, options: {}}]}}",
            Kind::Missing,
            "/dashboardProviders/a.yaml/providers/0",
            "",
        ),
        (
            "alerting: {a.yaml: {groups: [{name: a, folder: b, interval: 1m, rules: [{uid: u, title: t, \
          condition: A, data: [{refId: A, datasourceUid: m}, {refId: C, datasourceUid: __expr__}]}]}]}}",
            Kind::Conflict,
            "/alerting/a.yaml/groups/0/rules/0/condition",
            "`C`",
        ),
        (
            "alerting: {a.yaml: {deleteRules: [{uid: u}], groups: [{name: a, folder: b, interval: 1m, \
          rules: [{uid: u, title: t, condition: A, data: [{refId: A, datasourceUid: m}]}]}]}}",
            Kind::Conflict,
            "/alerting/a.yaml/deleteRules/0/uid",
            "",
        ),
        (
            "alerting: {a.yaml: {templates: [{name: a, template: '{{ $labels.pod }}'}]}}",
            Kind::Conflict,
            "/alerting/a.yaml/templates/0/template",
            "for `{{`",
        ),
    ]);
}

fn all(cases: &[(&str, Kind, &str, &str)]) {
    for (text, kind, place, help) in cases {
        assert_only(of("grafana"), text, *kind, place, help);
    }
}

#[test]
fn mistakes_in_probes_are_found() {
    let module = |inner: &str| format!("modules: {{a: {{{inner}}}}}");
    let good =
        "prober: http, timeout: 5s, http: {preferred_ip_protocol: ip4, fail_if_not_ssl: true}";
    assert_eq!(settings::blackbox(&node(&yaml(&module(good)))), []);
    for (text, kind, place) in [
        ("prober: htp", Kind::Value, "/modules/a/prober"),
        ("prober: http, timeout: 5", Kind::Type, "/modules/a/timeout"),
        (
            "prober: http, http: {valid_status: [200]}",
            Kind::Unknown,
            "!/modules/a/http/valid_status",
        ),
        ("prober: http, tcp: {tls: true}", Kind::Conflict, "!/modules/a/tcp"),
        ("timeout: 5s", Kind::Missing, "/modules/a"),
        ("prober: dns, dns: {transport_protocol: udp}", Kind::Missing, "/modules/a/dns"),
    ] {
        assert_only(settings::blackbox, &module(text), kind, place, "");
    }
}

/// The exporter's configuration in every golden tree, from inside the collector's.
fn golden_probes() -> Vec<Value> {
    let mut found = Vec::new();
    for case in support::cases() {
        for (path, text) in support::read_folder(&case.folder.join("expected")) {
            let lines = text.lines().filter(|_| path.ends_with("/config.alloy"));
            let inner = lines.filter_map(|line| line.trim().strip_prefix("config = "));
            found.extend(inner.filter_map(|quoted| serde_json::from_str::<String>(quoted).ok()));
        }
    }
    found.iter().filter(|text| text.starts_with("modules:")).map(|text| yaml(text)).collect()
}

#[test]
fn our_own_probes_break_nothing_and_mistakes_in_them_are_found() {
    let probes = golden_probes();
    assert!(!probes.is_empty(), "a golden tree has probes");
    let known = Known::read("blackbox-0.24.1.json");
    let mut dice = Dice::new(2);
    let mut made = 0;
    for probe in &probes {
        assert_eq!(settings::blackbox(&node(probe)), [], "{probe}");
        for _ in 0..100 {
            let Some(mistake) = mistaken(&known, probe, &mut dice) else { continue };
            made += 1;
            let breaches = settings::blackbox(&node(&mistake.config));
            let wanted = pointer(&mistake.path);
            let right = breaches.iter().any(|breach| place(breach).ends_with(&wanted));
            assert!(right, "{} {wanted}: {breaches:?}", mistake.what);
        }
    }
    assert!(made >= 50, "only {made} mistakes were made");
}
