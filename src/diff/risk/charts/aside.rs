//! Settings that are made beside the file: by flags of Mimir and Loki, and by Grafana's environment. They win.
//!
//! Sources: the references of Mimir 3.0's and Loki 3.7's flags, whose names say what they set; Grafana's
//! documentation of `GF_<section>_<key>`, where `.` and `-` are `_`.

use super::{
    DELETED_SOONER, FEWER_COPIES, NO_LOGIN, NO_VOLUME, OTHER_STORE, OTHER_TENANT, REFUSED, grafana,
    tenant,
};
use crate::diff::edit::{Edit, Part};
use crate::diff::risk::reach::reach;
use crate::diff::risk::when::When::{self, Always, Becomes, FewerThan, KeptShorter, Lower};
use crate::diff::risk::{Class, Risks, note};
use crate::diff::tree::FileChange;
use crate::model::ComponentId;
use crate::node::{Node, because};

/// What a flag whose name holds all of these words decides.
struct Flag {
    words: &'static [&'static str],
    when: When,
    class: Class,
    why: &'static str,
}

/// `["word"] When => Class, "why";`: a flag is of all that fit.
macro_rules! flags {
    ($([$($word:literal),+] $when:expr => $class:ident, $why:expr;)*) => {
        &[$(Flag { words: &[$($word),+], when: $when, class: Class::$class, why: $why }),*]
    };
}

const FLAGS: &[Flag] = flags! {
    ["retention", "enabled"] Becomes(&["true"]) => DataLoss, DELETED_SOONER;
    ["retention"] KeptShorter => DataLoss, DELETED_SOONER;
    ["lookback"] KeptShorter => DataLoss, "what is older is no longer found";
    ["wal", "enabled"] Becomes(&["false"]) => DataLoss, NO_VOLUME;
    ["wal", "dir"] Always => DataLoss, NO_VOLUME;
    ["tsdb", "dir"] Always => DataLoss, NO_VOLUME;
    ["replication", "factor"] FewerThan("3") => DataLoss, FEWER_COPIES;
    ["bucket", "name"] Always => DataLoss, OTHER_STORE;
    ["container", "name"] Always => DataLoss, OTHER_STORE;
    ["account", "name"] Always => DataLoss, OTHER_STORE;
    ["storage", "prefix"] Always => DataLoss, OTHER_STORE;
    ["storage", "backend"] Always => DataLoss, OTHER_STORE;
    ["path", "prefix"] Always => DataLoss, OTHER_STORE;
    ["multitenancy"] Always => DataLoss, OTHER_TENANT;
    ["auth", "enabled"] Always => DataLoss, OTHER_TENANT;
    ["auth", "enabled"] Becomes(&["false"]) => Exposure, NO_LOGIN;
    ["ingestion", "rate"] Lower => TelemetryLoss, REFUSED;
    ["ingestion", "burst"] Lower => TelemetryLoss, REFUSED;
    ["rate", "limit"] Lower => TelemetryLoss, REFUSED;
    ["max", "global", "series"] Lower => TelemetryLoss, REFUSED;
    ["max", "global", "streams"] Lower => TelemetryLoss, REFUSED;
    ["max", "line", "size"] Lower => TelemetryLoss, REFUSED;
    ["max", "label"] Lower => TelemetryLoss, REFUSED;
};

/// The classes of a flag or a variable.
pub fn judge(component: ComponentId, file: &FileChange, leaf: &Edit, risks: &mut Risks) {
    let parts = leaf.place.parts();
    match component {
        ComponentId::Mimir => flags(&Settings { file, component, retention: BLOCKS }, leaf, risks),
        ComponentId::Loki => flags(&Settings { file, component, retention: LOGS }, leaf, risks),
        ComponentId::Grafana => variable(parts, leaf, risks),
        ComponentId::Alloy => {}
    }
}

/// The limits that hold the retention of all.
const BLOCKS: &str = "compactor_blocks_retention_period";
const LOGS: &str = "retention_period";

/// What the file says, which holds where no flag does.
struct Settings<'f> {
    file: &'f FileChange<'f>,
    component: ComponentId,
    retention: &'static str,
}

impl Settings<'_> {
    fn retention(&self) -> [Option<&Node>; 2] {
        let of = |file| tenant::of_all(self.component, self.retention, file);
        [of(self.file.before), of(self.file.after)]
    }
}

fn flags(settings: &Settings, leaf: &Edit, risks: &mut Risks) {
    let text = |side: Option<&Node>| side.and_then(Node::text).map(str::to_owned);
    match leaf.place.parts() {
        [.., Part::Member("extraArgs"), Part::Member(name)] => {
            flag(settings, name, [leaf.before, leaf.after], risks);
        }
        [.., Part::Member("extraArgs"), Part::Named(_) | Part::At(_)] => {
            let list = leaf.place.parts().split_last().map_or(leaf.place.parts(), |(_, list)| list);
            for text in [text(leaf.before), text(leaf.after)].into_iter().flatten() {
                let name = text.split_once('=').map_or(text.as_str(), |(name, _)| name);
                let [old, new] = [settings.file.before, settings.file.after]
                    .map(|file| said(file.and_then(|file| reach(file.view(), list)), name));
                flag(settings, name, [old.as_ref(), new.as_ref()], risks);
            }
        }
        _ => {}
    }
}

/// What a list of flags says of one.
fn said(flags: Option<&Node>, name: &str) -> Option<Node> {
    let mut flags = flags?.items()?.iter().filter_map(Node::text);
    let value = flags.find_map(|flag| match flag.split_once('=') {
        Some((one, value)) if one == name => Some(value),
        None if flag == name => Some("true"),
        Some(_) | None => None,
    });
    value.map(|value| because(SAID, value.to_owned()))
}

const SAID: &str = "the flag says so";

fn flag(settings: &Settings, name: &str, sides: [Option<&Node>; 2], risks: &mut Risks) {
    let words: Vec<&str> = name.trim_start_matches('-').split(['.', '-', '_']).collect();
    for Flag { words: wanted, when, class, why } in FLAGS {
        let is_meant = wanted.iter().all(|word| words.contains(word));
        let [was, is] = match wanted {
            ["retention"] => settings.retention(),
            _ => [None, None],
        };
        let [before, after] = sides;
        if is_meant && when.holds(before.or(was), after.or(is)) {
            note(risks, *class, why);
        }
    }
}

/// A variable counts like the setting of `grafana.ini` that it is the name of.
fn variable(parts: &[Part], leaf: &Edit, risks: &mut Risks) {
    let [Part::Member("env" | "envValueFrom" | "envRenderSecret"), Part::Member(name), ..] = parts
    else {
        return;
    };
    let Some(name) = name.strip_prefix("GF_") else { return };
    for rule in grafana::RULES {
        let Some(setting) = rule.at.strip_prefix("grafana.ini/") else { continue };
        let Some((sections, keys)) = setting.split_once('/') else { continue };
        let mut names = sections.split('|').flat_map(|section| {
            keys.split('|').map(move |key| {
                format!("{section}_{key}").to_uppercase().replace(['.', '-', '/'], "_")
            })
        });
        let is_meant = |one: String| match one.strip_prefix('*') {
            Some(end) => name.ends_with(end),
            None => one == name,
        };
        if names.any(is_meant) && rule.when.holds(leaf.before, leaf.after) {
            note(risks, rule.class, rule.why);
        }
    }
}
