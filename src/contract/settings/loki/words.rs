//! Words, addresses and folders of Loki's that must fit together. Where it says so in Loki is noted above
//! each function.

use crate::contract::Kind;
use crate::contract::settings::findings::{At, Findings, listed};
use crate::contract::settings::references::is_open;
use crate::contract::settings::text;
use crate::contract::settings::view::{Found, View};
use crate::near::nearest;
use crate::node::Data;

/// Adds what does not fit together.
pub fn check(view: &View<'_>, found: &mut Findings) {
    sharded(view, found);
    addresses(view, found);
    prefixes(view, found);
    services(view, found);
    kafka(view, found);
    blooms(view, found);
}

/// A text that is there and is not empty.
fn filled<'a>(view: &View<'a>, path: &str) -> Option<Found<'a>> {
    view.get(path).filter(|found| found.node.text() != Some(""))
}

/// `Config.Validate` of `pkg/querier/queryrange/queryrangebase`, and
/// `ensureProtobufEncodingForAggregationSharding` of `pkg/loki`.
fn sharded(view: &View<'_>, found: &mut Findings) {
    let Some(Found { at, .. }) = filled(view, "query_range.shard_aggregations") else { return };
    if view.text("frontend.encoding") != Some("protobuf") {
        let message = "aggregations are sharded only with the encoding `protobuf`".to_owned();
        let help = "set `frontend.encoding` to `protobuf`".to_owned();
        found.add(At::Other(&at), Kind::Conflict, message, Some(help));
    }
    if view.flag("query_range.parallelise_shardable_queries") == Some(false) {
        let message = "aggregations are sharded only with other queries".to_owned();
        let help = "set `query_range.parallelise_shardable_queries` to `true`".to_owned();
        found.add(At::Other(&at), Kind::Conflict, message, Some(help));
    }
}

/// A querier asks frontends or schedulers (`Config.Validate` of `pkg/querier/worker`).
fn addresses(view: &View<'_>, found: &mut Findings) {
    let frontend = filled(view, "frontend_worker.frontend_address");
    let scheduler = filled(view, "frontend_worker.scheduler_address");
    if let (Some(_), Some(Found { at, .. })) = (frontend, scheduler) {
        let message = "a querier asks a frontend or a scheduler, not both".to_owned();
        let help = "keep `frontend_address` or `scheduler_address`".to_owned();
        found.add(At::Other(&at), Kind::Conflict, message, Some(help));
    }
}

/// What stands before names in a store is a folder (`Config.Validate` and
/// `DeletionJobsConfig.Validate` of `pkg/compactor`, `ValidatePathPrefix` of `pkg/storage/config`).
fn prefixes(view: &View<'_>, found: &mut Findings) {
    let retention = view.flag("compactor.retention_enabled") == Some(true);
    let all = [
        ("compactor.jobs_config.deletion.deletion_manifest_store_prefix", true),
        ("compactor.deletion_marker_object_store_prefix", retention),
        ("compactor.delete_request_store_key_prefix", retention),
    ];
    for (path, heeded) in all {
        let Some(Found { node, at }) = view.get(path).filter(|_| heeded) else { continue };
        let empty = path.ends_with("manifest_store_prefix");
        let text = node.text().unwrap_or("no folder");
        if !is_open(text) && !text.ends_with('/') && (empty || !text.is_empty()) {
            let message = format!("the prefix `{text}` does not end with `/`");
            let help = format!("write `{text}/`");
            found.add(At::Other(&at), Kind::Value, message, Some(help));
        }
    }
}

/// What services need once they are on (`Config.Validate` of `pkg/bloombuild/builder`,
/// `ClientConfig.Validate` of `pkg/bloomgateway`, `DataObjTeeConfig.Validate` of `pkg/distributor`,
/// `Config.Validate` of `pkg/bloombuild/planner/queue`).
fn services(view: &View<'_>, found: &mut Findings) {
    const NEEDS: [(&str, &str); 3] = [
        ("bloom_build.enabled", "bloom_build.builder.planner_address"),
        ("bloom_gateway.enabled", "bloom_gateway.client.addresses"),
        ("distributor.dataobj_tee.enabled", "distributor.dataobj_tee.topic"),
    ];
    for (switch, path) in NEEDS {
        if let (Some(true), None, Some(Found { at, .. })) =
            (view.flag(switch), filled(view, path), view.get(switch))
        {
            let message = format!("this needs `{path}`");
            found.add(At::Other(&at), Kind::Missing, message, Some(format!("set `{path}`")));
        }
    }
}

/// `Config.Validate` of `pkg/kafka`, which holds where ingesters read from a Kafka.
fn kafka(view: &View<'_>, found: &mut Findings) {
    let switch = "ingester.kafka_ingestion.enabled";
    let (Some(true), Some(Found { at, .. })) = (view.flag(switch), view.get(switch)) else {
        return;
    };
    let missing = |name: &str, found: &mut Findings| {
        let message = format!("what comes by Kafka needs `kafka_config.{name}`");
        let help = format!("set `kafka_config.{name}`");
        found.add(At::Other(&at), Kind::Missing, message, Some(help));
    };
    if filled(view, "kafka_config.topic").is_none() {
        missing("topic", found);
    }
    let user = filled(view, "kafka_config.sasl_username").is_some();
    if user != filled(view, "kafka_config.sasl_password").is_some() {
        missing(if user { "sasl_password" } else { "sasl_username" }, found);
    }
}

/// How blooms are kept (`Limits.Validate` of `pkg/validation`), and in which pieces of memory they are
/// read (`Bucket.Parse` of `pkg/util/mempool`).
fn blooms(view: &View<'_>, found: &mut Findings) {
    const ENCODINGS: [&str; 9] =
        ["none", "gzip", "lz4-64k", "snappy", "lz4-256k", "lz4-1M", "lz4", "flate", "zstd"];
    if let Some(Found { node, at }) = view.get("limits_config.bloom_block_encoding") {
        let text = plain(&node.data).filter(|text| !is_open(text));
        let known = |text: &String| ENCODINGS.iter().any(|word| word.eq_ignore_ascii_case(text));
        if let Some(text) = text.filter(|text| !known(text)) {
            let help = match nearest(&text, ENCODINGS.into_iter()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("write {}", listed(ENCODINGS.into_iter())),
            };
            let message = format!("`{text}` is not a word that this takes");
            found.add(At::Other(&at), Kind::Value, message, Some(help));
        }
    }
    let path = "storage_config.bloom_shipper.memory_management.bloom_page_mem_pool_buckets";
    if let Some(Found { node, at }) = view.get(path) {
        let bucket = |text: &str| match text.split('x').collect::<Vec<_>>().as_slice() {
            [count, size] => count.parse::<i64>().is_ok() && text::is_bytesize(size),
            _ => false,
        };
        let text = plain(&node.data).filter(|text| !is_open(text));
        if let Some(text) = text.filter(|text| !text.split(',').all(bucket)) {
            let message = format!("`{text}` names no pieces of memory");
            let help = "write how many of which size, as in `128x64KB,512x2MB`".to_owned();
            found.add(At::Other(&at), Kind::Value, message, Some(help));
        }
    }
}

/// A single value as text.
fn plain(data: &Data) -> Option<String> {
    match data {
        Data::Text(text) => Some(text.to_string()),
        Data::Int(number) => Some(number.to_string()),
        Data::Float(number) => Some(number.to_string()),
        Data::Bool(value) => Some(value.to_string()),
        Data::Null | Data::List(_) | Data::Map(_) => None,
    }
}
