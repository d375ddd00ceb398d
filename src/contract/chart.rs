//! Charts: which keys of its values a version of a chart reads, and of what type.
//!
//! No chart says so itself, and Helm passes over what nobody reads. A contract is therefore derived
//! from a chart's templates, by [`derive()`], and kept under `schema/charts`.

mod check;
mod compare;
mod defaults;
mod derive;
mod facts;
mod kept;
mod near;
mod package;
pub mod template;
mod tree;

pub use check::check;
pub use compare::{KeyChange, keys};
pub use defaults::Defaults;
pub use kept::{Mistake, parse, print};
pub use tree::{Contract, Shape, Type};

use crate::pointer::Pointer;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A contract, and what was seen on the way to it.
#[derive(Debug)]
pub struct Derivation {
    /// What the chart reads.
    pub contract: Contract,
    /// What could not be followed; what it may concern counts as read.
    pub notes: Vec<String>,
    /// Keys that the chart's own defaults hold and nothing reads.
    pub dead: Vec<Pointer>,
}

/// Derives which values a chart reads. `files` are those of its unpacked folder, by path in it,
/// with the charts that it depends on under `charts/`.
///
/// # Errors
/// When something of the chart is missing, cannot be read, or is too much.
pub fn derive(files: &BTreeMap<String, String>) -> Result<Derivation, String> {
    let package = package::read(files)?;
    let found = derive::run(&package)?;
    let values = facts::shape(&package, &found);
    let dead = facts::dead(&package.values, &values);
    let notes = found.notes;
    let defaults = Some(defaults::of(&package, &values)?.into());
    let package::Package { name: chart, version, application, .. } = package;
    let contract = Contract { chart, version, application, values, defaults };
    Ok(Derivation { contract, notes, dead })
}

/// A contract that comes with telemetree, read once.
type Bundled = (&'static str, &'static str, LazyLock<Contract>);

macro_rules! bundled {
    ($($chart:literal $version:literal),+) => {
        [$((
            $chart,
            $version,
            LazyLock::new(|| {
                kept::parse_bundled(include_str!(concat!("../../schema/charts/", $chart, "/", $version, ".json")))
                    .expect("bug: a contract that comes with telemetree is broken")
            }),
        )),+]
    };
}

/// The contracts of the charts that releases use.
static BUNDLED: [Bundled; 4] = bundled!(
    "alloy" "1.11.1",
    "grafana" "12.11.1",
    "loki" "18.11.0",
    "mimir-distributed" "6.0.6"
);

/// The contract of a chart that comes with telemetree.
pub fn bundled(chart: &str, version: &str) -> Option<&'static Contract> {
    BUNDLED
        .iter()
        .find(|(name, of, _)| (*name, *of) == (chart, version))
        .map(|(_, _, known)| &**known)
}
