//! Ingest storage, which takes samples from a Kafka (`Config.Validate` and `KafkaConfig.Validate` of
//! Mimir's `pkg/storage/ingest`).

use super::Base;
use crate::contract::Kind;
use crate::contract::settings::amounts::{Bound, bound, bounds, fit, natural, some};
use crate::contract::settings::findings::{At, Findings};
use crate::contract::settings::view::{Found, View};

/// Adds what is wrong with ingest storage, or with being without it.
pub fn check(view: &View<'_>, base: &Base, found: &mut Findings) {
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
        kafka(view, found);
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

const KAFKA: &[Bound] = &[
    bound("ingest_storage.kafka.write_clients", some, "1 or more"),
    bound(
        "ingest_storage.kafka.producer_max_record_size_bytes",
        |size| (1_048_576.0..=15_983_616.0).contains(&size),
        "a number from 1048576 to 15983616",
    ),
    bound(
        "ingest_storage.kafka.producer_record_version",
        |version| [0.0, 1.0, 2.0].contains(&version),
        "0, 1 or 2",
    ),
    bound(
        "ingest_storage.kafka.fetch_max_wait",
        |wait| (5.0..=30.0).contains(&wait),
        "a duration from 5s to 30s",
    ),
    bound("ingest_storage.kafka.fetch_concurrency_max", natural, "0 or more"),
    bound(
        "ingest_storage.kafka.max_buffered_bytes",
        |bytes| bytes < f64::from(i32::MAX),
        "less than 2147483647",
    ),
    bound("ingest_storage.kafka.ingestion_concurrency_max", natural, "0 or more"),
];

/// What is asked of the Kafka once it is used.
fn kafka(view: &View<'_>, found: &mut Findings) {
    bounds(view, KAFKA, found);
    fit(
        view,
        [
            ("ingest_storage.kafka.target_consumer_lag_at_startup", 2.0),
            ("ingest_storage.kafka.max_consumer_lag_at_startup", 15.0),
        ],
        |[target, most]| (target != 0.0) == (most != 0.0) && target <= most,
        "the lag that is aimed at is not one that is allowed",
        "let `target_consumer_lag_at_startup` be at most `max_consumer_lag_at_startup`, or both 0",
        found,
    );
    fit(
        view,
        [
            ("ingest_storage.kafka.ingestion_concurrency_batch_size", 150.0),
            ("ingest_storage.kafka.ingestion_concurrency_queue_capacity", 5.0),
            ("ingest_storage.kafka.ingestion_concurrency_estimated_bytes_per_sample", 500.0),
            ("ingest_storage.kafka.ingestion_concurrency_target_flushes_per_shard", 80.0),
            ("ingest_storage.kafka.ingestion_concurrency_max", 0.0),
        ],
        |[batch, queue, bytes, flushes, most]| {
            most < 1.0 || [batch, queue, bytes, flushes].iter().all(|number| *number >= 1.0)
        },
        "what is taken in at once comes in no batches",
        "set sizes and numbers of the batches to 1 or more",
        found,
    );
    fit(
        view,
        [
            ("ingest_storage.kafka.auto_create_topic_default_partitions", -1.0),
            ("ingest_storage.kafka.auto_create_topic_enabled", 1.0),
        ],
        |[partitions, made]| made == 0.0 || partitions + 1.0 == 0.0 || partitions >= 1.0,
        "a topic has no such number of partitions",
        "write -1 for the broker's own number, or 1 or more",
        found,
    );
    let timed =
        view.text("ingest_storage.kafka.consume_from_position_at_startup") == Some("timestamp");
    fit(
        view,
        [("ingest_storage.kafka.consume_from_timestamp_at_startup", 0.0)],
        |[time]| if timed { time >= 1e12 } else { time <= 0.0 },
        "the time and the position to start from do not fit together",
        "set `consume_from_position_at_startup` to `timestamp`, and the time in milliseconds",
        found,
    );
    let set = |name: &str| view.text(name).is_some_and(|text| !text.is_empty());
    let [user, password] =
        ["ingest_storage.kafka.sasl_username", "ingest_storage.kafka.sasl_password"];
    if let (true, Some(place)) = (set(user) != set(password), view.get(user).or(view.get(password)))
    {
        let message = "a user of the Kafka has a name and a password".to_owned();
        let help = format!("set `{user}` and `{password}`");
        found.add(At::Other(&place.at), Kind::Missing, message, Some(help));
    }
}
