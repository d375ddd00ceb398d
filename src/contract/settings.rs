//! Settings of applications that stand inside Helm values: names, types, words, and what must fit
//! together, for the versions that the pinned charts run.
//!
//! What Mimir 3.0.4, Loki 3.7.6 and the blackbox exporter of Alloy 1.18.1 know is derived from their Go
//! types by `tools/settings` (Mimir's of 3.0.2, after which 3.0.3 and 3.0.4 change no setting); what they check beyond types was read in their start-up checks and tried
//! with their binaries, see `tests/settings.rs`. Grafana 13.2.0 names its settings in an INI file and
//! ignores those that it does not know.

mod amounts;
mod blackbox;
mod facts;
mod findings;
mod grafana;
mod loki;
mod mimir;
mod provisioning;
mod references;
mod scalar;
mod stores;
mod text;
mod together;
mod values;
mod view;
mod walk;

use super::Breach;
use crate::node::Node;
use crate::pointer::Pointer;
use facts::Type;
use findings::Findings;
use references::Expansion;
use std::sync::LazyLock;
pub use stores::{Form, Store, stores};
pub use values::in_values;
use view::View;
use walk::{Reader, Reading};

/// A whole configuration of Mimir 3.0.4, as `-config.file` names it.
pub fn mimir(config: &Node) -> Vec<Breach> {
    let mut found = Findings::default();
    MIMIR_READER.check(config, Type::Structure(facts::MIMIR.root), "", &mut found);
    // One process of the target `all` runs the ruler and not the Alertmanager.
    let base = mimir::Base { chart: false, no_kafka: None, stores: [true, false] };
    mimir::check(&View::of(config, Pointer::default()), &base, &mut found);
    found.all()
}

/// What Mimir 3.0.4 reads again and again: limits of tenants and of processes.
pub fn mimir_runtime(config: &Node) -> Vec<Breach> {
    part(&MIMIR_READER, config, "mimir.Runtime")
}

/// A whole configuration of Loki 3.7.6, as `-config.file` names it.
pub fn loki(config: &Node) -> Vec<Breach> {
    let mut found = Findings::default();
    LOKI_READER.check(config, Type::Structure(facts::LOKI.root), "", &mut found);
    loki::check(&View::of(config, Pointer::default()), &mut found);
    found.all()
}

/// What Loki 3.7.6 reads again and again: limits and switches of tenants.
pub fn loki_runtime(config: &Node) -> Vec<Breach> {
    part(&LOKI_READER, config, "loki.Runtime")
}

/// The sections of `grafana.ini` of Grafana 13.2.0, as the chart's values have them.
pub fn grafana_ini(sections: &Node) -> Vec<Breach> {
    run(sections, grafana::check)
}

/// A file that provisions data sources of Grafana.
pub fn datasources(file: &Node) -> Vec<Breach> {
    run(file, provisioning::datasources)
}

/// A file that says where Grafana finds dashboards.
pub fn dashboard_providers(file: &Node) -> Vec<Breach> {
    run(file, provisioning::dashboard_providers)
}

/// A file that provisions Grafana's alerting: rules, contact points, policies, times and templates.
pub fn alerting(file: &Node) -> Vec<Breach> {
    run(file, provisioning::alerting)
}

/// The configuration of the blackbox exporter that is in Alloy 1.18.1: `modules` and what is in them.
pub fn blackbox(config: &Node) -> Vec<Breach> {
    run(config, blackbox::check)
}

static MIMIR_READER: LazyLock<Reader> = LazyLock::new(|| Reader {
    name: "Mimir 3.0.4",
    facts: &facts::MIMIR,
    expansion: Expansion::Everything,
    reading: Reading::Words,
});

static LOKI_READER: LazyLock<Reader> = LazyLock::new(|| Reader {
    name: "Loki 3.7.6",
    facts: &facts::LOKI,
    expansion: Expansion::Braces,
    reading: Reading::Exact,
});

fn part(reader: &Reader, config: &Node, structure: &'static str) -> Vec<Breach> {
    run(config, |node, found| reader.check(node, Type::Structure(structure), "", found))
}

fn run(node: &Node, check: impl FnOnce(&Node, &mut Findings)) -> Vec<Breach> {
    let mut found = Findings::default();
    check(node, &mut found);
    found.all()
}
