//! What Mimir 3.0 checks of a whole configuration when it starts (`Config.Validate` of its
//! `pkg/mimir`), and what it does not check and does wrong.

use super::findings::{At, Findings};
use super::references::is_open;
use super::text;
use super::view::{Found, View};
use super::walk::shown;
use crate::contract::Kind;
use crate::node::{Data, Node};
use crate::pointer::Pointer;

/// What the configuration is put upon.
#[derive(Debug)]
pub struct Base {
    /// Whether the chart's own configuration is below: it turns ingest storage on, which Mimir does not.
    pub chart: bool,
    /// Where the chart's own Kafka is turned off; if it is not, the chart says where it is.
    pub no_kafka: Option<Pointer>,
    /// Whether the ruler and the Alertmanager run, so that their stores matter.
    pub stores: [bool; 2],
}

/// Adds what does not fit together.
pub fn check(view: &View<'_>, base: &Base, found: &mut Findings) {
    ingest_storage(view, base, found);
    shared_buckets(view, base, found);
    for store in STORES {
        prefix(view, store, found);
        endpoint(view, store, found);
    }
    replication(view, found);
    timeout(view, found);
    scheduler(view, found);
    // The chart names the servers of the caches that it turns on.
    if !base.chart {
        caches(view, found);
    }
}

/// The places of object stores, and whose they are; what `common.storage` says holds for each.
const STORES: [&str; 4] =
    ["blocks_storage", "ruler_storage", "alertmanager_storage", "common.storage"];

fn ingest_storage(view: &View<'_>, base: &Base, found: &mut Findings) {
    let written = view.get("ingest_storage.enabled");
    let chart = |path: &str| base.chart && !view.is_null(path);
    let enabled = view.flag("ingest_storage.enabled").unwrap_or(chart("ingest_storage.enabled"));
    if enabled {
        // The chart names a topic, Mimir does not.
        let known = [("address", base.chart && base.no_kafka.is_none()), ("topic", base.chart)];
        for (name, known) in known {
            let path = format!("ingest_storage.kafka.{name}");
            let known = known && !view.is_null(&path);
            let empty = view.text(&path).is_some_and(str::is_empty);
            let place = written.as_ref().map(|found| &found.at).or(base.no_kafka.as_ref());
            if let (Some(at), true) = (place, empty || (!known && view.get(&path).is_none())) {
                let message = format!("ingest storage needs the {name} of a Kafka");
                let help = format!("set `{path}`, or turn `ingest_storage.enabled` off");
                found.add(At::Other(at), Kind::Missing, message, Some(help));
            }
        }
    }
    // The chart turns this off, Mimir has it on.
    let push = "ingester.push_grpc_method_enabled";
    let at = view.get(push).or(written);
    let push = view.flag(push).unwrap_or(!chart(push));
    if let (false, false, Some(Found { at, .. })) = (enabled, push, at) {
        let message = "without ingest storage ingesters must accept pushes".to_owned();
        let help = "set `ingester.push_grpc_method_enabled` to `true`".to_owned();
        found.add(At::Other(&at), Kind::Conflict, message, Some(help));
    }
}

/// Blocks must not share a bucket and prefix with another store.
fn shared_buckets(view: &View<'_>, base: &Base, found: &mut Findings) {
    for (store, runs) in ["ruler_storage", "alertmanager_storage"].into_iter().zip(base.stores) {
        let backend = |store| get(view, store, "backend").unwrap_or("filesystem");
        let (mine, blocks) = (backend(store), backend("blocks_storage"));
        let keys: &[&str] = match mine {
            "s3" => &["s3.bucket_name"],
            "gcs" => &["gcs.bucket_name"],
            "azure" => &["azure.container_name", "azure.account_name"],
            "swift" => &["swift.container_name", "swift.project_name"],
            _ => continue,
        };
        // A number is as good a prefix as a word.
        let prefix = |store: &str| {
            let written = view.get(&format!("{store}.storage_prefix"));
            written.map(|found| shown(&found.node.data)).filter(|text| text != "``")
        };
        let same = keys.iter().all(|key| get(view, store, key) == get(view, "blocks_storage", key));
        let named = keys.iter().any(|key| get(view, store, key).is_some());
        // Whoever sets no bucket for a store leaves it to others, or does not run it.
        let place = keys
            .iter()
            .find_map(|key| view.get(&format!("{store}.{key}")))
            .or_else(|| view.get(store))
            .or_else(|| keys.iter().find_map(|key| view.get(&format!("common.storage.{key}"))));
        if let (true, true, Some(place)) = (
            runs && named && same && mine == blocks,
            prefix(store) == prefix("blocks_storage"),
            place,
        ) {
            let message = format!("`{store}` shares its bucket and prefix with `blocks_storage`");
            let help = format!("give it another bucket, or set `{store}.storage_prefix`");
            found.add(At::Other(&place.at), Kind::Conflict, message, Some(help));
        }
    }
}

/// What a store says, or else what is said for all.
fn get<'a>(view: &View<'a>, store: &str, key: &str) -> Option<&'a str> {
    view.text(&format!("{store}.{key}")).or_else(|| view.text(&format!("common.storage.{key}")))
}

fn prefix(view: &View<'_>, store: &str, found: &mut Findings) {
    let Some(Found { node, at }) = view.get(&format!("{store}.storage_prefix")) else { return };
    let Some(text) = node.text().filter(|text| !is_open(text)) else { return };
    if !text.chars().all(|c| c.is_ascii_alphanumeric()) {
        let message = format!("the prefix `{text}` holds more than letters and digits");
        let help = Some("write letters and digits only".to_owned());
        found.add(At::Other(&at), Kind::Value, message, help);
    }
}

/// The client of S3 takes a host, not a URL; it fails when it is first used.
fn endpoint(view: &View<'_>, store: &str, found: &mut Findings) {
    let Some(Found { node, at }) = view.get(&format!("{store}.s3.endpoint")) else { return };
    let Some(text) = node.text().filter(|text| !is_open(text)) else { return };
    if let Some((_, host)) = text.split_once("://") {
        let message = format!("the endpoint `{text}` is a URL, not a host");
        found.add(At::Other(&at), Kind::Value, message, Some(format!("write `{host}`")));
    }
}

/// A query must not take longer than the server gives it; both have two minutes.
fn timeout(view: &View<'_>, found: &mut Findings) {
    let length = |path: &str| view.text(path).map_or(Some(120.0), text::duration);
    let (query, server) = ("querier.timeout", "server.http_server_write_timeout");
    let place = view.get(query).or_else(|| view.get(server));
    if let (Some(taken), Some(given), Some(place)) = (length(query), length(server), place)
        && taken > given
    {
        let message = format!("`{query}` is longer than `{server}`");
        let help = Some("let the server wait at least as long as the querier".to_owned());
        found.add(At::Other(&place.at), Kind::Conflict, message, help);
    }
}

/// A limit on the instances that are used is one on those of the ring.
fn scheduler(view: &View<'_>, found: &mut Findings) {
    let path = "query_scheduler.max_used_instances";
    let Some(Found { node: Node { data: Data::Int(1..), .. }, at }) = view.get(path) else {
        return;
    };
    if view.text("query_scheduler.service_discovery_mode") != Some("ring") {
        let message = "this is of no use without a ring of query schedulers".to_owned();
        let help = "set `query_scheduler.service_discovery_mode` to `ring`".to_owned();
        found.add(At::Other(&at), Kind::Conflict, message, Some(help));
    }
}

fn caches(view: &View<'_>, found: &mut Findings) {
    const CACHES: [&str; 5] = [
        "blocks_storage.bucket_store.chunks_cache",
        "blocks_storage.bucket_store.index_cache",
        "blocks_storage.bucket_store.metadata_cache",
        "frontend.results_cache",
        "ruler_storage.cache",
    ];
    for cache in CACHES {
        let Some(Found { node, at }) = view.get(&format!("{cache}.backend")) else { continue };
        // Where results are not cached Mimir does not look.
        if cache == "frontend.results_cache" && view.flag("frontend.cache_results") != Some(true) {
            continue;
        }
        let addresses = view.text(&format!("{cache}.memcached.addresses")).unwrap_or_default();
        if node.text() == Some("memcached") && addresses.is_empty() {
            let message = "memcached needs the addresses of its servers".to_owned();
            let help = format!("set `{cache}.memcached.addresses`");
            found.add(At::Other(&at), Kind::Missing, message, Some(help));
        }
    }
}

fn replication(view: &View<'_>, found: &mut Findings) {
    const FACTORS: [&str; 3] = [
        "ingester.ring.replication_factor",
        "store_gateway.sharding_ring.replication_factor",
        "alertmanager.sharding_ring.replication_factor",
    ];
    for path in FACTORS {
        let Some(Found { node: Node { data: Data::Int(factor), .. }, at }) = view.get(path) else {
            continue;
        };
        if *factor < 1 {
            let message = format!("nothing is kept {factor} times");
            found.add(At::Other(&at), Kind::Value, message, Some("write 1 or more".to_owned()));
        }
    }
}
