//! Loki refuses more than one store for all (`applyStorageConfig` of its `pkg/loki`). A store is one as
//! soon as anything of it differs from what Loki has anyway.

use crate::contract::Kind;
use crate::contract::settings::findings::{At, Findings};
use crate::contract::settings::text;
use crate::contract::settings::view::View;
use crate::node::{Data, Node};

/// Adds a second store.
pub fn check(view: &View<'_>, found: &mut Findings) {
    const KINDS: [&str; 8] =
        ["alibabacloud", "azure", "bos", "cos", "filesystem", "gcs", "s3", "swift"];
    let mut set = KINDS.iter().filter_map(|kind| {
        let found = view.get(&format!("common.storage.{kind}"))?;
        differs(kind, found.node).then_some(found)
    });
    if let Some(second) = set.nth(1) {
        let message = "`common.storage` takes one kind of store, not several".to_owned();
        let help = Some("keep one".to_owned());
        found.add(At::Other(&second.at), Kind::Conflict, message, help);
    }
}

/// What Loki has where that is more than nothing, by path below `common.storage`.
const PRESET: [(&str, &str); 30] = [
    ("alibabacloud.conn_timeout_sec", "30"),
    ("alibabacloud.read_write_timeout_sec", "60"),
    ("azure.chunk_delimiter", "-"),
    ("azure.container_name", "loki"),
    ("azure.download_buffer_size", "512000"),
    ("azure.environment", "AzureGlobal"),
    ("azure.max_retries", "5"),
    ("azure.max_retry_delay", "500ms"),
    ("azure.min_retry_delay", "10ms"),
    ("azure.request_timeout", "30s"),
    ("azure.upload_buffer_count", "1"),
    ("azure.upload_buffer_size", "256000"),
    ("bos.endpoint", "bj.bcebos.com"),
    ("cos.auth_endpoint", "https://iam.cloud.ibm.com/identity/token"),
    ("cos.backoff_config.max_period", "3s"),
    ("cos.backoff_config.max_retries", "5"),
    ("cos.backoff_config.min_period", "100ms"),
    ("cos.http_config.idle_conn_timeout", "90s"),
    ("gcs.enable_http2", "true"),
    ("gcs.enable_opencensus", "true"),
    ("gcs.enable_retries", "true"),
    ("s3.backoff_config.max_period", "3s"),
    ("s3.backoff_config.max_retries", "5"),
    ("s3.backoff_config.min_period", "100ms"),
    ("s3.http_config.idle_conn_timeout", "90s"),
    ("s3.signature_version", "v4"),
    ("s3.storage_class", "STANDARD"),
    ("swift.connect_timeout", "10s"),
    ("swift.max_retries", "3"),
    ("swift.request_timeout", "5s"),
];

/// Whether anything differs from what Loki has anyway, which is mostly nothing.
fn differs(path: &str, node: &Node) -> bool {
    let preset = PRESET.iter().find(|(known, _)| *known == path).map(|(_, preset)| *preset);
    let written = match &node.data {
        Data::Null => return false,
        Data::Map(members) => {
            return members.iter().any(|(name, member)| differs(&format!("{path}.{name}"), member));
        }
        Data::List(items) => return !items.is_empty(),
        Data::Bool(value) => value.to_string(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number.to_string(),
        Data::Text(text) => text.to_string(),
    };
    match preset {
        Some(preset) => {
            let same =
                text::duration(&written).is_some_and(|it| Some(it) == text::duration(preset));
            written != preset && !same
        }
        None => !["", "0", "false"].contains(&written.as_str()),
    }
}
