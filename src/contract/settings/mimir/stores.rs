//! Where Mimir keeps blocks, rules and the Alertmanager's state (`validateBucketConfigs` of its
//! `pkg/mimir`, `Config.Validate` of its `pkg/storage/bucket` and `pkg/storage/bucket/s3`).

use super::Base;
use crate::contract::Kind;
use crate::contract::settings::findings::{At, Findings};
use crate::contract::settings::references::is_open;
use crate::contract::settings::view::{Found, View};
use crate::contract::settings::walk::shown;

/// Adds what is wrong with the stores.
pub fn check(view: &View<'_>, base: &Base, found: &mut Findings) {
    shared_buckets(view, base, found);
    for store in STORES {
        prefix(view, store, found);
        endpoint(view, store, found);
    }
}

/// The places of object stores, and whose they are; what `common.storage` says holds for each.
const STORES: [&str; 4] =
    ["blocks_storage", "ruler_storage", "alertmanager_storage", "common.storage"];

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
