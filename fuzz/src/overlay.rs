//! An overlay, and the files that it names.

use crate::archive;
use telemetree::compile;
use telemetree::overlay::{FILE, Loading};

/// A workload with such an overlay.
const SPEC: &str = r#"
apiVersion: telemetree/v1
kind: Workload
metadata: {name: ganso01-staging}
spec:
  cloud: {aws: {accountId: "123456789012", region: us-east-2}}
  clusters: {"20250115": {}}
  sites: {main: {domain: analytics.example.com}}
  overlays: [./o]
"#;

/// Compiles a small workload with it.
pub fn one(bytes: &[u8]) {
    let Some(text) = crate::text(bytes) else { return };
    let files = archive::files(&text, FILE);
    let front = compile::read("workload.yaml", SPEC, None);
    let mut loading = Loading::default();
    loading.ask(front.name(), front.overlays());
    while let Some(wanted) = loading.next_wanted() {
        let name = wanted.path.rsplit('/').next().unwrap_or_default();
        let file = files.get(name).cloned();
        loading.give(file.ok_or_else(|| "there is no such file".to_owned()));
    }
    crate::made(&compile::finish(&front, &loading.finish()));
}
