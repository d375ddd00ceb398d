//! Words and switches of Mimir's that must fit together. Where it says so in Mimir is noted above each
//! function.

use super::Base;
use crate::contract::Kind;
use crate::contract::settings::facts::MIMIR;
use crate::contract::settings::findings::{At, Findings};
use crate::contract::settings::references::is_open;
use crate::contract::settings::view::{Found, View};
use crate::near::nearest;

/// Adds what does not fit together.
pub fn check(view: &View<'_>, base: &Base, found: &mut Findings) {
    otlp(view, found);
    execution(view, base, found);
    tokens(view, base, found);
    vault(view, found);
    exported(view, found);
}

/// How names that come by OTLP are translated (`Limits.Validate` of `pkg/util/validation`).
fn otlp(view: &View<'_>, found: &mut Findings) {
    let Some(Found { node, at }) = view.get("limits.otel_translation_strategy") else { return };
    let (scheme, suffixes) = match node.text() {
        Some("UnderscoreEscapingWithoutSuffixes") => ("legacy", false),
        Some("UnderscoreEscapingWithSuffixes") => ("legacy", true),
        Some("NoUTF8EscapingWithSuffixes") => ("utf8", true),
        Some("NoTranslation") => ("utf8", false),
        Some(_) | None => return,
    };
    let written = view.text("limits.name_validation_scheme").filter(|text| !text.is_empty());
    let used = written.unwrap_or("legacy");
    if used != scheme {
        let message = format!("this strategy needs the scheme `{scheme}` for names, not `{used}`");
        let help = format!("set `limits.name_validation_scheme` to `{scheme}`");
        found.add(At::Other(&at), Kind::Conflict, message, Some(help));
    } else if view.flag("limits.otel_metric_suffixes_enabled").unwrap_or(false) != suffixes {
        let message = "this strategy and `otel_metric_suffixes_enabled` contradict each other";
        let help = format!("set `limits.otel_metric_suffixes_enabled` to `{suffixes}`");
        found.add(At::Other(&at), Kind::Conflict, message.to_owned(), Some(help));
    }
}

/// What only Mimir's own engine does (`CombinedFrontendConfig.Validate` of `pkg/frontend`).
fn execution(view: &View<'_>, base: &Base, found: &mut Findings) {
    let remote = view.flag("frontend.enable_remote_execution").unwrap_or(false);
    let engine =
        view.get("frontend.query_engine").filter(|found| found.node.text() == Some("prometheus"));
    if let (true, Some(Found { at, .. })) = (remote, engine) {
        let message = "only Mimir's own engine executes remotely".to_owned();
        let help = "set `frontend.query_engine` to `mimir`".to_owned();
        found.add(At::Other(&at), Kind::Conflict, message, Some(help));
    }
    let (sharded, by) =
        ("frontend.parallelize_shardable_queries", "frontend.use_mimir_query_engine_for_sharding");
    // The chart turns it on.
    let sharding = view.flag(sharded).unwrap_or(base.chart && !view.is_null(sharded));
    if let (true, Some(true), false, Some(Found { at, .. })) =
        (sharding, view.flag(by), remote, view.get(by))
    {
        let message = "this shards only what is executed remotely".to_owned();
        let help = "set `frontend.enable_remote_execution` to `true`".to_owned();
        found.add(At::Other(&at), Kind::Conflict, message, Some(help));
    }
}

/// How ingesters choose tokens (`RingConfig.Validate` of `pkg/ingester`). Whether the instance's name
/// has a number, as `spread-minimizing` needs it, is not known here.
fn tokens(view: &View<'_>, base: &Base, found: &mut Findings) {
    let strategy = "ingester.ring.token_generation_strategy";
    if view.text(strategy) != Some("spread-minimizing") {
        let path = "ingester.ring.spread_minimizing_join_ring_in_order";
        if let (Some(true), Some(Found { at, .. })) = (view.flag(path), view.get(path)) {
            let message =
                "without the strategy `spread-minimizing` ingesters have no order".to_owned();
            let help = format!("set `{strategy}` to `spread-minimizing`");
            found.add(At::Other(&at), Kind::Conflict, message, Some(help));
        }
        return;
    }
    let Some(Found { at, .. }) = view.get(strategy) else { return };
    let path = "ingester.ring.tokens_file_path";
    let file = view.get(path);
    let named = file.as_ref().is_some_and(|file| file.node.text() != Some(""));
    // The chart names one, unless something else stands there.
    if named || (base.chart && file.is_none() && !view.is_null(path)) {
        let message = "with `spread-minimizing` tokens come from no file".to_owned();
        let help = format!("set `{path}` to an empty text");
        found.add(At::Other(&at), Kind::Conflict, message, Some(help));
    }
    let zones = view.text("ingester.ring.spread_minimizing_zones").unwrap_or_default();
    let own = view.text("ingester.ring.instance_availability_zone").unwrap_or_default();
    if !is_open(zones)
        && !is_open(own)
        && !zones.split(',').any(|zone| !zone.is_empty() && zone == own)
    {
        let message = format!("the zone `{own}` is not one that tokens are spread over");
        let help = "name all zones in `ingester.ring.spread_minimizing_zones`".to_owned();
        found.add(At::Other(&at), Kind::Missing, message, Some(help));
    }
}

/// A vault that is used (`Config.Validate` of `pkg/vault`).
fn vault(view: &View<'_>, found: &mut Findings) {
    if view.flag("vault.enabled") != Some(true) {
        return;
    }
    let Some(Found { at, .. }) = view.get("vault.enabled") else { return };
    for path in ["vault.url", "vault.mount_path", "vault.auth.type"] {
        if view.get(path).is_none_or(|found| found.node.text() == Some("")) {
            let message = format!("a vault needs `{path}`");
            found.add(At::Other(&at), Kind::Missing, message, Some(format!("set `{path}`")));
        }
    }
}

/// The limits that are exported (`LimitsFieldRegistry.ValidateMetricName` of
/// `pkg/util/validation/exporter`).
fn exported(view: &View<'_>, found: &mut Findings) {
    let Some(Found { node, at }) = view.get("overrides_exporter.enabled_metrics") else { return };
    let Some(text) = node.text().filter(|text| !is_open(text)) else { return };
    for name in text.split(',').filter(|name| !name.is_empty()) {
        if MIMIR.setting("validation.Limits", name).is_none() {
            let known = MIMIR.settings("validation.Limits").map(|(known, _)| known);
            let near = nearest(name, known);
            let help = near.map(|near| format!("did you mean `{near}`?"));
            found.add(At::Other(&at), Kind::Value, format!("`{name}` is no limit"), help);
        }
    }
}
