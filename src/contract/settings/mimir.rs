//! What Mimir 3.0 checks of a whole configuration when it starts (`Config.Validate` of its
//! `pkg/mimir`), and what it does not check and does wrong.

mod folders;
mod ingest;
mod numbers;
mod stores;
mod words;

use super::findings::{At, Findings};
use super::view::{Found, View};
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
    ingest::check(view, base, found);
    stores::check(view, base, found);
    numbers::check(view, found);
    words::check(view, base, found);
    replication(view, found);
    scheduler(view, base, found);
    // The chart names the servers of the caches that it turns on.
    if !base.chart {
        caches(view, found);
        // Of the chart's pods each has its own folders.
        folders::check(view, found);
    }
}

/// Where query schedulers are found: by their ring, or by an address (`Config.Validate` of
/// `pkg/scheduler/schedulerdiscovery`, `pkg/frontend/v2` and `pkg/querier/worker`).
fn scheduler(view: &View<'_>, base: &Base, found: &mut Findings) {
    let (mode, most) =
        ("query_scheduler.service_discovery_mode", "query_scheduler.max_used_instances");
    let ring = view.text(mode) == Some("ring");
    if let (false, Some(Found { node: Node { data: Data::Int(1..), .. }, at })) =
        (ring, view.get(most))
    {
        let message = "this is of no use without a ring of query schedulers".to_owned();
        let help = format!("set `{mode}` to `ring`");
        found.add(At::Other(&at), Kind::Conflict, message, Some(help));
    }
    for path in ["frontend.scheduler_address", "frontend_worker.scheduler_address"] {
        let written = view.get(path);
        let address = match &written {
            Some(found) => found.node.text() != Some(""),
            // The chart names one, unless null takes it away.
            None => base.chart && !view.is_null(path),
        };
        if let (true, true, Some(place)) = (ring, address, written.or_else(|| view.get(mode))) {
            let message = "query schedulers are found by their ring or by an address, not both";
            let help = format!("set `{path}` to null, or `{mode}` to `dns`");
            found.add(At::Other(&place.at), Kind::Conflict, message.to_owned(), Some(help));
        }
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
