//! What Loki 3.7 checks of a whole configuration when it starts (tried with `loki -verify-config`), and
//! what it accepts and does wrong: a period without its first day, a retention that it does not keep.

mod common;
mod numbers;
mod words;

use super::findings::{At, Findings, listed};
use super::references::is_open;
use super::text;
use super::view::{Found, View};
use crate::contract::Kind;
use crate::near::nearest;
use crate::node::{Data, Node};
use crate::pointer::Pointer;

const DAY: f64 = 86_400.0;

/// Adds what does not fit together.
pub fn check(view: &View<'_>, found: &mut Findings) {
    periods(view, found);
    retention(view, found);
    common::check(view, found);
    unused(view, found);
    prefixes(view, found);
    remote_write(view, found);
    numbers::check(view, found);
    words::check(view, found);
    if let Some(Found { node: Node { data: Data::Int(..=0), .. }, at }) =
        view.get("common.replication_factor")
    {
        let message = "nothing is kept less than once".to_owned();
        found.add(At::Other(&at), Kind::Value, message, Some("write 1 or more".to_owned()));
    }
}

fn periods(view: &View<'_>, found: &mut Findings) {
    let Some(Found { node, at }) = view.get("schema_config.configs") else { return };
    let Data::List(periods) = &node.data else { return };
    let mut before: Option<&str> = None;
    for (position, period) in periods.iter().enumerate() {
        let mut at = at.clone();
        at.push(&position.to_string());
        let Data::Map(_) = period.data else { continue };
        one_period(view, period, &at, found);
        let from = period.get("from").and_then(Node::text).filter(|text| text::is_date(text));
        if let (Some(before), Some(from)) = (before, from)
            && from <= before
        {
            let message = format!("the period starts on {from}, not after {before}");
            let help = "list periods by their first day, each later than the one before".to_owned();
            found.add(At::Other(&below(&at, &["from"])), Kind::Conflict, message, Some(help));
        }
        before = from.or(before);
    }
    if let Some((position, last)) = periods.iter().enumerate().next_back() {
        at_last(view, last, &below(&at, &[&position.to_string()]), found);
    }
}

fn one_period(view: &View<'_>, period: &Node, at: &Pointer, found: &mut Findings) {
    let set = |name: &str| period.get(name).filter(|node| node.data != Data::Null);
    for name in ["from", "store", "object_store", "schema"] {
        if set(name).is_none() {
            let message = format!("a period of the schema needs `{name}`");
            found.add(At::Other(at), Kind::Missing, message, None);
        }
    }
    let text = |name: &str| set(name).and_then(Node::text).filter(|text| !is_open(text));
    let store = text("store");
    if let Some(store) = store {
        choose(store, &STORES, &below(at, &["store"]), found);
    }
    let named = view.get("storage_config.named_stores").is_some()
        || view.get("storage_config.object_store.named_stores").is_some();
    if let (Some(store), false) = (text("object_store"), named) {
        choose(store, &OBJECT_STORES, &below(at, &["object_store"]), found);
    }
    if let Some(schema) = text("schema") {
        choose(schema, &SCHEMAS, &below(at, &["schema"]), found);
    }
    if store == Some("tsdb") {
        let length = set("index").and_then(|index| index.get("period"));
        let seconds = length.and_then(Node::text).map(|text| (text, text::days(text)));
        let place = below(at, &["index", "period"]);
        let (place, kind, written) = match seconds {
            Some((text, _)) if is_open(text) => return,
            // What is no duration has been said already.
            Some((_, None)) => return,
            Some((_, Some(seconds))) if (seconds - DAY).abs() < 1.0 => return,
            Some((text, Some(_))) => (&place, Kind::Value, format!("`{text}`")),
            None => (at, Kind::Missing, "nothing".to_owned()),
        };
        let message = format!("the index of `tsdb` has a period of 24h, not {written}");
        let help = Some("set `index.period` to `24h`".to_owned());
        found.add(At::Other(place), kind, message, help);
    }
}

/// What is written today must be able to hold structured metadata, unless that is turned off.
fn at_last(view: &View<'_>, period: &Node, at: &Pointer, found: &mut Findings) {
    if view.flag("limits_config.allow_structured_metadata") == Some(false) {
        return;
    }
    let text = |name: &str| period.get(name).and_then(Node::text).filter(|text| !is_open(text));
    let help = Some("or set `limits_config.allow_structured_metadata` to `false`".to_owned());
    if let Some(schema @ ("v9" | "v10" | "v11" | "v12")) = text("schema") {
        let message = format!("schema {schema} cannot hold structured metadata, v13 can");
        found.add(At::Other(&below(at, &["schema"])), Kind::Conflict, message, help.clone());
    }
    if let Some(store) = text("store").filter(|store| *store != "tsdb" && STORES.contains(store)) {
        let message = format!("the index `{store}` cannot hold structured metadata, `tsdb` can");
        found.add(At::Other(&below(at, &["store"])), Kind::Conflict, message, help);
    }
}

/// What `store` may name: what Loki supports, deprecates, and has for tests.
const STORES: [&str; 12] = [
    "tsdb",
    "boltdb-shipper",
    "boltdb",
    "aws",
    "aws-dynamo",
    "gcp",
    "gcp-columnkey",
    "bigtable",
    "bigtable-hashed",
    "cassandra",
    "grpc-store",
    "inmemory",
];

/// What `object_store` may name, besides stores of one's own.
const OBJECT_STORES: [&str; 17] = [
    "s3",
    "azure",
    "gcs",
    "filesystem",
    "swift",
    "alibabacloud",
    "bos",
    "cos",
    "aws",
    "aws-dynamo",
    "gcp",
    "gcp-columnkey",
    "bigtable",
    "bigtable-hashed",
    "cassandra",
    "grpc-store",
    "inmemory",
];

/// Stores of either kind that Loki still reads and will not.
const OLD_STORES: [&str; 7] = [
    "aws-dynamo",
    "gcp",
    "gcp-columnkey",
    "bigtable",
    "bigtable-hashed",
    "cassandra",
    "grpc-store",
];

const SCHEMAS: [&str; 5] = ["v9", "v10", "v11", "v12", "v13"];

fn choose(word: &str, words: &[&'static str], at: &Pointer, found: &mut Findings) {
    if OLD_STORES.contains(&word) {
        let message = format!("Loki 3.7.6 will drop the store `{word}`");
        found.add(At::Other(at), Kind::Deprecated, message, None);
    }
    if words.contains(&word) {
        return;
    }
    let help = match nearest(word, words.iter().copied()) {
        Some(known) => format!("did you mean `{known}`?"),
        None => format!("write {}", listed(words.iter().copied().take(4))),
    };
    let message = format!("`{word}` is not a word that this takes");
    found.add(At::Other(at), Kind::Value, message, Some(help));
}

/// Rings that keep one copy, whatever is said.
fn unused(view: &View<'_>, found: &mut Findings) {
    const FIXED: [(&str, i64); 6] = [
        ("compactor.compactor_ring.num_tokens", 1),
        ("compactor.compactor_ring.replication_factor", 1),
        ("index_gateway.ring.num_tokens", 128),
        ("pattern_ingester.lifecycler.ring.replication_factor", 1),
        ("query_scheduler.scheduler_ring.num_tokens", 1),
        ("query_scheduler.scheduler_ring.replication_factor", 2),
    ];
    for (path, fixed) in FIXED {
        if let Some(Found { node: Node { data: Data::Int(value), .. }, at }) = view.get(path)
            && *value != fixed
        {
            let message = format!("{value} would have no effect, and Loki does not start");
            found.add(At::Other(&at), Kind::Value, message, Some("leave it out".to_owned()));
        }
    }
}

/// A ruler that sends its results needs to know where to.
fn remote_write(view: &View<'_>, found: &mut Findings) {
    let path = "ruler.remote_write.enabled";
    let Some(Found { node: Node { data: Data::Bool(true), .. }, at }) = view.get(path) else {
        return;
    };
    if view.get("ruler.remote_write.clients").is_none()
        && view.get("ruler.remote_write.client").is_none()
    {
        let message = "there is nowhere to write to".to_owned();
        let help = Some("set `ruler.remote_write.clients`".to_owned());
        found.add(At::Other(&at), Kind::Missing, message, help);
    }
}

/// Prefixes of the newer kind of stores.
fn prefixes(view: &View<'_>, found: &mut Findings) {
    for store in ["common.storage.object_store", "ruler_storage", "storage_config.object_store"] {
        let Some(Found { node, at }) = view.get(&format!("{store}.storage_prefix")) else {
            continue;
        };
        let Some(text) = node.text().filter(|text| !is_open(text)) else { continue };
        if !text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
            let message = format!("the prefix `{text}` holds more than letters, digits and `-`");
            let help = Some("write letters, digits and `-` only".to_owned());
            found.add(At::Other(&at), Kind::Value, message, help);
        }
    }
}

fn retention(view: &View<'_>, found: &mut Findings) {
    let enabled = view.flag("compactor.retention_enabled") == Some(true);
    let store = view.get("compactor.delete_request_store");
    let store = store.filter(|found| found.node.text() != Some(""));
    if let (true, None, Some(Found { at, .. })) =
        (enabled, store, view.get("compactor.retention_enabled"))
    {
        let message = "retention needs a store for requests to delete".to_owned();
        let help = "set `compactor.delete_request_store`, for instance to `s3`".to_owned();
        found.add(At::Other(&at), Kind::Missing, message, Some(help));
    }
    let Some(Found { node, at }) = view.get("limits_config.retention_period") else { return };
    let Some((text, Some(seconds))) = node.text().map(|text| (text, text::days(text))) else {
        return;
    };
    // 0 is for ever.
    if seconds <= 0.0 {
        return;
    }
    if !enabled {
        let message = "without retention nothing is ever deleted".to_owned();
        let help = "set `compactor.retention_enabled` to `true`".to_owned();
        found.add(At::Other(&at), Kind::Conflict, message, Some(help));
    }
    if seconds < DAY || seconds % DAY > 0.0 {
        let message = format!("a retention of `{text}` is not a number of whole days");
        let help = Some("write days, as in `30d`".to_owned());
        found.add(At::Other(&at), Kind::Value, message, help);
    }
}

fn below(at: &Pointer, names: &[&str]) -> Pointer {
    let mut at = at.clone();
    names.iter().for_each(|name| at.push(name));
    at
}
