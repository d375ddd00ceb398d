//! The reference system's own mistakes, put into an overlay: each is refused at the line that makes it.
//! Numbers are those of `docs/reference-system.md`.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests look at the world and fail by panicking"
)]

#[path = "reference/mistakes.rs"]
mod mistakes;
#[path = "reference/names.rs"]
mod names;
mod support;

use support::report;
use telemetree::compile::{self, Compiled};
use telemetree::overlay::Loading;

const AWS: &str = "\
apiVersion: telemetree/v1
kind: Workload
metadata: {name: ganso01-staging}
spec:
  cloud: {aws: {accountId: \"123456789012\", region: us-east-2}}
  clusters: {\"20250115\": {}}
  sites: {main: {domain: analytics.example.com}}
";
const GOVCLOUD: &str = "\
apiVersion: telemetree/v1
kind: Workload
metadata: {name: heron-production}
spec:
  cloud: {aws: {accountId: \"123456789012\", region: us-gov-west-1}}
  clusters: {\"20250115\": {}}
  sites: {main: {domain: analytics.example.com}}
";
const AZURE: &str = "\
apiVersion: telemetree/v1
kind: Workload
metadata: {name: dove-test}
spec:
  cloud:
    azure:
      tenantId: 11111111-2222-3333-4444-555555555555
      subscriptionId: 22222222-3333-4444-5555-666666666666
      region: uksouth
      storageAccount: dovemonitoring
      containers: {mimir: metrics, loki: logs}
      identities:
        alloy: aaaaaaaa-0000-0000-0000-000000000001
        mimir: aaaaaaaa-0000-0000-0000-000000000002
        loki: aaaaaaaa-0000-0000-0000-000000000003
  clusters: {a: {}}
  sites: {main: {domain: dove.example.com}}
";
const ROUTED: &str = "  ingress: {traefik: {forwardAuth: {middlewares: [kube-system/auth]}}}\n";
const STORED: &str = "  secrets: {externalSecrets: {store: {name: aws-secrets-manager}}}\n";

/// A spec with an overlay in the folder `mine`, of these files.
fn with(spec: &str, files: &[(&str, &str)]) -> Compiled {
    let spec = format!("{spec}  overlays: [./mine]\n");
    let front = compile::read("workload.yaml", &spec, None);
    let mut loading = Loading::default();
    loading.ask("workload.yaml", front.overlays());
    while let Some(wanted) = loading.next_wanted() {
        let file = files.iter().find(|(name, _)| wanted.path.ends_with(name));
        let (name, text) = file.unwrap_or_else(|| panic!("{} is not there", wanted.path));
        let head = "apiVersion: telemetree/v1\nkind: Overlay\nwhy: as it was\n";
        loading.give(Ok(if *name == "overlay.yaml" {
            format!("{head}{text}")
        } else {
            (*text).to_owned()
        }));
    }
    compile::finish(&front, &loading.finish())
}

/// What was found: the code and the place of each, `file:line:column`.
fn found(compiled: &Compiled) -> Vec<(&'static str, String)> {
    let one = |diagnostic: &&telemetree::diag::Diagnostic| {
        let at = diagnostic.at.expect("every finding has a place");
        let file = &compiled.sources.get(at.source).unwrap().name;
        let file = file.rsplit('/').next().unwrap_or_default();
        let position = compiled.sources.position(at).unwrap();
        (diagnostic.code.as_str(), format!("{file}:{position}"))
    };
    compiled.diagnostics.sorted().iter().map(one).collect()
}

/// A mistake: what people call it, the spec, the overlay's files, the finding, and where it is.
struct Mistake {
    name: &'static str,
    spec: String,
    files: Vec<(&'static str, &'static str)>,
    code: &'static str,
    place: &'static str,
}

/// A mistake in an overlay of one file.
fn mistake(
    name: &'static str,
    spec: impl Into<String>,
    overlay: &'static str,
    code: &'static str,
    place: &'static str,
) -> Mistake {
    Mistake { name, spec: spec.into(), files: vec![("overlay.yaml", overlay)], code, place }
}

impl Mistake {
    fn file(mut self, name: &'static str, text: &'static str) -> Mistake {
        self.files.push((name, text));
        self
    }
}

/// Each mistake is found where it is, and nothing else is.
fn are_found(mistakes: &[Mistake]) {
    let mut wrong = String::new();
    for Mistake { name, spec, files, code, place } in mistakes {
        let compiled = with(spec, files);
        let all = found(&compiled);
        let is_there = all.iter().any(|(_, at)| at == place);
        if !is_there || all.iter().any(|(own, _)| own != code) || compiled.output.is_some() {
            wrong = format!("{wrong}\n== {name}: {code} at {place}\n{}", report(&compiled));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Nothing is found.
fn are_accepted(overlays: &[Mistake]) {
    let mut wrong = String::new();
    for Mistake { name, spec, files, .. } in overlays {
        let compiled = with(spec, files);
        if !compiled.diagnostics.is_empty() {
            wrong = format!("{wrong}\n== {name}\n{}", report(&compiled));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// An overlay that is right.
fn right(name: &'static str, spec: impl Into<String>, overlay: &'static str) -> Mistake {
    mistake(name, spec, overlay, "", "")
}
