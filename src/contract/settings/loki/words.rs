//! Words, addresses and folders of Loki's that must fit together. Where it says so in Loki is noted above
//! each function.

use crate::contract::Kind;
use crate::contract::settings::findings::{At, Findings};
use crate::contract::settings::references::is_open;
use crate::contract::settings::view::{Found, View};

/// Adds what does not fit together.
pub fn check(view: &View<'_>, found: &mut Findings) {
    sharded(view, found);
    addresses(view, found);
    prefixes(view, found);
    services(view, found);
    kafka(view, found);
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
