//! The overlay document: what `overlay.yaml` may say. Like every document of ours it is read by a
//! [`Section`], so its JSON Schema is the same code.

use super::images::ImageChange;
use super::target::{Selector, Target, pattern};
use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::model::{ChartVersion, ComponentId, OverlayFile, OverlayRef};
use crate::origin::Sourced;
use crate::source::Span;
use crate::spec::{Section, Shape};
use crate::syntax::Item;

/// The document's kind.
pub const KIND: &str = "Overlay";
/// The file that makes a folder an overlay.
pub const FILE: &str = "overlay.yaml";

/// An overlay as it is written: files are names still.
#[derive(Debug, Clone)]
pub struct Document {
    /// What it is for.
    pub why: Sourced<String>,
    /// The overlays that it builds on.
    pub bases: Vec<Sourced<OverlayRef>>,
    /// Files with objects to add.
    pub resources: Vec<Sourced<OverlayFile>>,
    /// Values of charts.
    pub values: Vec<(ComponentId, Sourced<Item>)>,
    /// Versions of charts.
    pub charts: Vec<(ComponentId, ChartDocument)>,
    /// Changes of the collector's configuration.
    pub alloy: Option<AlloyDocument>,
    /// Patches of objects, in order.
    pub patches: Vec<PatchDocument>,
    /// Changes of images.
    pub images: Vec<ImageChange>,
}

/// A version of a chart.
#[derive(Debug, Clone)]
pub struct ChartDocument {
    /// The version.
    pub version: Sourced<ChartVersion>,
    /// A file that says what it reads.
    pub contract: Option<Sourced<OverlayFile>>,
}

/// Changes of the collector's configuration.
#[derive(Debug, Clone)]
pub struct AlloyDocument {
    /// New components.
    pub components: Option<Sourced<String>>,
    /// Changes of components, in order.
    pub patches: Vec<AlloyPatch>,
    /// Components to leave out.
    pub remove: Vec<Sourced<String>>,
}

/// A change of one component.
#[derive(Debug, Clone)]
pub struct AlloyPatch {
    /// The component, as `<name>.<label>`.
    pub target: Sourced<String>,
    /// A block inside it, as `explain` prints it; the component itself if absent.
    pub at: Option<Sourced<String>>,
    /// Arguments that take the place of others or are added, and blocks that are added.
    pub set: Option<Sourced<String>>,
    /// Arguments and blocks to leave out.
    pub remove: Vec<Sourced<String>>,
}

/// A patch of objects.
#[derive(Debug, Clone)]
pub struct PatchDocument {
    /// What it is applied to; the object that the patch names if absent.
    pub target: Option<Sourced<Target>>,
    /// What it does.
    pub body: PatchBody,
}

/// Where a patch stands.
#[derive(Debug, Clone)]
pub enum PatchBody {
    /// In the overlay itself.
    Here(Sourced<Item>),
    /// In a file.
    File(Sourced<OverlayFile>),
}

impl Document {
    /// Every file that the overlay reads.
    pub fn files(&self) -> impl Iterator<Item = &Sourced<OverlayFile>> {
        let patches = self.patches.iter().filter_map(|patch| match &patch.body {
            PatchBody::Here(_) => None,
            PatchBody::File(file) => Some(file),
        });
        let contracts = self.charts.iter().filter_map(|(_, chart)| chart.contract.as_ref());
        self.resources.iter().chain(contracts).chain(patches)
    }
}

/// Reads an overlay. All findings are reported.
pub fn decode(item: &Item, diags: &mut Diagnostics) -> Option<Document> {
    crate::spec::read(item, diags, document)
}

/// The JSON Schema of an overlay.
pub fn schema() -> serde_json::Value {
    crate::spec::titled(crate::spec::describe(document), "telemetree overlay")
}

fn document(root: &mut Section) -> Option<Document> {
    let head = root.head(KIND);
    let why = root.text("why", "what it is for, in a sentence; shown to whoever asks why");
    if why.is_none() {
        root.demand("why", "what the overlay is for, in a sentence");
    }
    let bases = root.list("overlays", "the overlays that it builds on, and may override silently");
    let resources = root.list("resources", "files with one object each, to be added");
    let values = root.section("values", "values of the charts, by component", |values| {
        let of = |(word, id): (&'static str, ComponentId)| {
            let doc = "merged into the chart's values, as Helm merges: maps merge, lists replace";
            let value = values.free(word, doc, Shape::Map)?;
            Some((id, Sourced { value: value.value.clone(), origin: value.origin }))
        };
        let components = <ComponentId as crate::model::Choice>::ALL.iter().copied();
        Some(components.filter_map(of).collect::<Vec<_>>())
    });
    let charts = root.section("charts", "the versions of the charts, by component", |charts| {
        let of = |(word, id): (&'static str, ComponentId)| {
            let chart = charts.section(word, "the version of its chart", chart)?;
            Some((id, chart.value))
        };
        let components = <ComponentId as crate::model::Choice>::ALL.iter().copied();
        Some(components.filter_map(of).collect::<Vec<_>>())
    });
    let doc = "changes of the collector's configuration, in its own language";
    let alloy = root.section("alloy", doc, alloy);
    let patches = root.sections("patches", "changes of objects, in order", patch);
    let images = root.sections("images", "images by other names", super::images::read);
    head?;
    Some(Document {
        why: why?,
        bases: bases.unwrap_or_default(),
        resources: resources.unwrap_or_default(),
        values: values.map(|sourced| sourced.value).unwrap_or_default(),
        charts: charts.map(|sourced| sourced.value).unwrap_or_default(),
        alloy: alloy.map(|sourced| sourced.value),
        patches,
        images,
    })
}

fn chart(section: &mut Section) -> Option<ChartDocument> {
    let version = section.required("version", "the exact version that is deployed");
    let doc = "a file with what this version reads, as `telemetree contract` prints it";
    let contract = section.optional("contract", doc);
    Some(ChartDocument { version: version?, contract })
}

fn alloy(section: &mut Section) -> Option<AlloyDocument> {
    Some(AlloyDocument {
        components: section.text("components", "components to add, in Alloy's language"),
        patches: section.sections("patches", "changes of components, in order", |patch| {
            let doc = "the component, as `<name>.<label>`";
            let target = patch.text("target", doc);
            if target.is_none() {
                patch.demand("target", doc);
            }
            let at = patch.text("at", "a block inside it, such as `endpoint/queue_config`");
            let set = patch.text("set", "arguments to set and blocks to add, in Alloy's language");
            let remove = patch.texts("remove", "arguments and blocks to leave out");
            Some(AlloyPatch { target: target?, at, set, remove })
        }),
        remove: section.texts("remove", "components to leave out, as `<name>.<label>`"),
    })
}

fn patch(section: &mut Section) -> Option<PatchDocument> {
    let target = section.section("target", "what it is applied to", target);
    let body = section.free(
        "patch",
        "a map to merge, or a list of JSON 6902 operations; also as text",
        Shape::MapListOrText,
    );
    let body = body.map(|found| Sourced { value: found.value.clone(), origin: found.origin });
    let path: Option<Sourced<OverlayFile>> =
        section.optional("path", "a file that holds the patch");
    section.exactly_one(&["patch", "path"]);
    let body = body.map(PatchBody::Here).or(path.map(PatchBody::File))?;
    Some(PatchDocument { target, body })
}

fn target(section: &mut Section) -> Option<Target> {
    let mut regex = |key: &'static str, doc: &str| {
        let text = section.text(key, doc)?;
        match pattern(&text.value) {
            Ok(pattern) => Some(pattern),
            Err(message) => {
                let error = Diagnostic::derived_error(Code::Value, &text.origin, message);
                section.report(error.help("a name, or a regular expression for the whole of it"));
                None
            }
        }
    };
    let group = regex("group", "its API group");
    let version = regex("version", "its API version");
    let kind = regex("kind", "its kind");
    let name = regex("name", "its name");
    let namespace = regex("namespace", "its namespace");
    let labels = selector(section, "labelSelector", "its labels, as kubectl selects them");
    let annotations = selector(section, "annotationSelector", "its annotations, likewise");
    let component = section.optional("component", "the component that it belongs to");
    let component = component.map(|sourced: Sourced<ComponentId>| sourced.value);
    Some(Target { group, version, kind, name, namespace, labels, annotations, component })
}

fn selector(section: &mut Section, key: &'static str, doc: &str) -> Option<Selector> {
    let text = section.text(key, doc)?;
    match Selector::parse(&text.value) {
        Ok(selector) => Some(selector),
        Err(message) => {
            let error = Diagnostic::derived_error(Code::Value, &text.origin, message);
            section.report(error.help("write `key=value`, `key!=value`, `key in (a, b)` or `key`"));
            None
        }
    }
}

impl PatchDocument {
    /// Where it starts, for findings about it.
    pub fn place(&self) -> Option<Span> {
        let target = self.target.as_ref().and_then(|target| target.origin.written());
        target.or_else(|| match &self.body {
            PatchBody::Here(item) => item.origin.written(),
            PatchBody::File(file) => file.origin.written(),
        })
    }
}
