//! Versions of charts that overlays ask for, each with what it reads.

use super::apply::builds_on;
use super::library::Listed;
use super::read::ChartDocument;
use crate::component::{self, Chart, ComponentId, Release};
use crate::contract::chart::{self, Contract};
use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::model::{ChartVersion, Word as _};
use crate::origin::{Origin, Sourced, Was};
use crate::source::{Source, SourceId, Span};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A version of a component's chart.
#[derive(Debug, Clone)]
pub struct Pin {
    /// The component.
    pub id: ComponentId,
    /// The version, exactly.
    pub version: Sourced<ChartVersion>,
    /// What it reads; nothing where telemetree brings that itself.
    pub contract: Option<Arc<Contract>>,
}

impl Pin {
    /// What a document asks for. `contract` is the text that it names.
    ///
    /// # Errors
    /// When nobody says what the version reads, or somebody says it of another.
    pub fn of(
        id: ComponentId,
        document: &ChartDocument,
        contract: Option<(SourceId, &Source)>,
    ) -> Result<Pin, Diagnostic> {
        let ChartDocument { version, contract: file } = document;
        let name = component::chart(id).name;
        let found = match contract {
            Some((text, source)) => {
                Some(read(text, source, file.as_ref().map(|file| &file.origin))?)
            }
            None if chart::bundled(name, version.value.as_str()).is_some() => None,
            None => return Err(unknown(name, version)),
        };
        if let (Some(found), Some(file)) = (&found, file)
            && (found.chart != name || found.version != version.value.as_str())
        {
            let Contract { chart, version: of, .. } = found;
            let message =
                format!("this says what {chart} {of} reads, not {name} {}", version.value);
            let error = Diagnostic::derived_error(Code::OverlayChart, &file.origin, message);
            let error = error.related(version.origin.written(), "the version that is asked for");
            return Err(error.help(import(name, &version.value)));
        }
        Ok(Pin { id, version: version.clone(), contract: found.map(Arc::new) })
    }
}

fn read(id: SourceId, source: &Source, file: Option<&Origin>) -> Result<Contract, Diagnostic> {
    chart::parse(&source.text).map_err(|mistake| {
        let line = source.text.split_inclusive('\n').take(mistake.line.saturating_sub(1));
        let start = line.map(str::len).sum::<usize>() + mistake.column.saturating_sub(1);
        let start = start.min(source.text.len().saturating_sub(1));
        let message = format!("this is no contract of a chart: {}", mistake.message);
        let at = Span::new(id, start, start + 1);
        let error = Diagnostic::error(Code::OverlayChart, at, message);
        let error = error.related(file.and_then(Origin::written), "where it is named");
        error.help("make it again with `telemetree contract`")
    })
}

fn unknown(name: &str, version: &Sourced<ChartVersion>) -> Diagnostic {
    let message = format!("what {name} {} reads is not known", version.value);
    let error = Diagnostic::derived_error(Code::OverlayChart, &version.origin, message);
    error.help(import(name, &version.value))
}

fn import(name: &str, version: &ChartVersion) -> String {
    let file = format!("{name}-{version}.json");
    format!(
        "unpack that version, run `telemetree contract {name} -o {file}`, and say `contract: {file}`"
    )
}

/// What the overlays ask for; of two that ask for the same chart, the later one wins.
pub fn pins(overlays: &[Listed], diags: &mut Diagnostics) -> BTreeMap<ComponentId, Pin> {
    let builds_on = builds_on(overlays);
    let mut pins: BTreeMap<ComponentId, (Pin, &str)> = BTreeMap::new();
    for Listed { overlay, at } in overlays {
        let knows = builds_on.get(&*overlay.name);
        for pin in &overlay.charts {
            let Chart { name, version, .. } = component::chart(pin.id);
            let ours = || Was::new(|| format!("\"{version}\""), || Origin::because(OURS));
            let was = match pins.get(&pin.id) {
                None => ours(),
                Some((earlier, of)) => {
                    let same = earlier.version.value == pin.version.value;
                    if !same && !knows.is_some_and(|knows| knows.contains(of)) {
                        diags.push_once(undone(name, earlier, of, pin, &overlay.name));
                    }
                    let value = || format!("\"{}\"", earlier.version.value);
                    Was::new(value, || earlier.version.origin.clone())
                }
            };
            let origin = Origin::overlaid(&pin.version.origin, &overlay.name, *at, was.as_ref());
            let version = Sourced { value: pin.version.value.clone(), origin };
            let _ = pins.insert(pin.id, (Pin { version, ..pin.clone() }, &overlay.name));
        }
    }
    pins.into_iter().map(|(id, (pin, _))| (id, pin)).collect()
}

const OURS: &str = "the version that the values were written for";

fn undone(name: &str, earlier: &Pin, of: &str, pin: &Pin, overlay: &str) -> Diagnostic {
    let version = &earlier.version;
    let message = format!("this undoes what the overlay `{of}` did: {name} {}", version.value);
    let at = pin.version.origin.written();
    let warning = Diagnostic::warning(Code::OverlayConflict, at, message);
    let warning = warning.related(version.origin.written(), "the earlier line");
    warning.help(format!(
        "if it is meant, list `{of}` under `overlays` of `{overlay}`, which then builds on it"
    ))
}

/// Deploys the versions that are asked for.
pub fn deploy(releases: &mut [Release], pins: &BTreeMap<ComponentId, Pin>) {
    for release in releases {
        if let Some(pin) = pins.get(&release.id) {
            release.version = pin.version.clone();
        }
    }
}
