//! From an overlay's document, and the texts that it names, to what can be applied.

use super::alloy::AlloyChanges;
use super::fault::{Fault, fault};
use super::images::ImageChange;
use super::json_patch::Operation;
use super::library::{Name, name_of};
use super::pins::Pin;
use super::read::{ChartDocument, Document, PatchBody, PatchDocument};
use super::target::Target;
use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::manifest::Identity;
use crate::model::{ComponentId, Word as _};
use crate::node::{Data, Node};
use crate::origin::Origin;
use crate::source::{SourceId, Sources, Span};
use crate::syntax::{self, Inner, Item, Kind};
use std::sync::Arc;

/// An overlay that can be applied.
#[derive(Debug, Clone)]
pub struct Overlay {
    /// Its name.
    pub name: Arc<str>,
    /// The overlays that it builds on, and where it says so.
    pub bases: Vec<(Name, Option<Span>)>,
    /// Objects to add.
    pub resources: Vec<Resource>,
    /// Values of charts.
    pub values: Vec<(ComponentId, Node)>,
    /// Versions of charts.
    pub charts: Vec<Pin>,
    /// Changes of the collector's configuration.
    pub alloy: AlloyChanges,
    /// Patches of objects.
    pub patches: Vec<Patch>,
    /// Changes of images.
    pub images: Vec<ImageChange>,
    /// Its texts.
    pub sources: Vec<SourceId>,
    /// What is worth a look in them.
    pub warnings: Diagnostics,
}

/// An object to add.
#[derive(Debug, Clone)]
pub struct Resource {
    /// The object.
    pub object: Node,
    /// What it is.
    pub identity: Identity,
}

/// A patch of objects.
#[derive(Debug, Clone)]
pub struct Patch {
    /// Where it stands.
    pub at: Option<Span>,
    /// What it is applied to.
    pub target: Target,
    /// What it does.
    pub form: Form,
}

/// What a patch does.
#[derive(Debug, Clone)]
pub enum Form {
    /// It is merged.
    Strategic(Node),
    /// Its operations are applied.
    Json(Vec<Operation>),
}

/// Makes an overlay of its document. `file` gives the texts that the document names.
///
/// # Errors
/// Everything that is wrong with it.
pub fn resolve(
    name: &str,
    document: Document,
    sources: &Sources,
    file: impl Fn(&str) -> Result<SourceId, String>,
) -> Result<Overlay, Diagnostics> {
    let mut resolver = Resolver { sources, diags: Diagnostics::default(), read: Vec::new() };
    let bases = document.bases.iter();
    let bases = bases.map(|base| (name_of(name, &base.value), base.origin.written())).collect();
    let resources = document.resources.iter().filter_map(|path| {
        let node = resolver.file(path.value.as_str(), path.origin.written(), &file)?;
        resolver.resource(node)
    });
    let resources = resources.collect();
    let values = document.values.iter().map(|(id, item)| (*id, item.value.to_node())).collect();
    let charts = document.charts.iter().filter_map(|(id, chart)| resolver.pin(*id, chart, &file));
    let charts = charts.collect();
    let patches = document.patches.iter().filter_map(|patch| resolver.patch(patch, &file));
    let patches = patches.collect();
    let alloy = match document.alloy {
        Some(alloy) => AlloyChanges::read(&alloy, sources, &mut resolver.diags),
        None => AlloyChanges::default(),
    };
    if resolver.diags.has_errors() {
        return Err(resolver.diags);
    }
    let mut texts = resolver.read;
    texts.extend(document.why.origin.written().map(|span| span.source));
    Ok(Overlay {
        name: name.into(),
        bases,
        resources,
        values,
        charts,
        alloy,
        patches,
        images: document.images,
        sources: texts,
        warnings: resolver.diags,
    })
}

struct Resolver<'s> {
    sources: &'s Sources,
    diags: Diagnostics,
    read: Vec<SourceId>,
}

impl Resolver<'_> {
    fn report<T>(&mut self, result: Result<T, Fault>) -> Option<T> {
        result.map_err(|fault| self.diags.push(fault.into())).ok()
    }

    /// The tree that a file holds.
    fn file(
        &mut self,
        path: &str,
        at: Option<Span>,
        file: &impl Fn(&str) -> Result<SourceId, String>,
    ) -> Option<Node> {
        let id = self.text(path, at, file)?;
        let text = self.sources.get(id)?.text.as_str();
        self.parsed(syntax::parse(id, text))
    }

    /// A file's text.
    fn text(
        &mut self,
        path: &str,
        at: Option<Span>,
        file: &impl Fn(&str) -> Result<SourceId, String>,
    ) -> Option<SourceId> {
        match file(path) {
            Ok(id) => {
                self.read.push(id);
                Some(id)
            }
            Err(reason) => {
                let message = format!("`{path}` cannot be read: {reason}");
                self.diags.push(Diagnostic::error(Code::OverlayFile, at, message));
                None
            }
        }
    }

    fn parsed(&mut self, parsed: syntax::Parsed) -> Option<Node> {
        let broken = !parsed.found.is_empty();
        parsed.found.into_iter().for_each(|found| self.diags.push(found));
        parsed.document.filter(|_| !broken).map(|document| document.to_node())
    }

    fn pin(
        &mut self,
        id: ComponentId,
        chart: &ChartDocument,
        file: &impl Fn(&str) -> Result<SourceId, String>,
    ) -> Option<Pin> {
        let contract = match &chart.contract {
            None => None,
            Some(path) => {
                let text = self.text(path.value.as_str(), path.origin.written(), file)?;
                Some((text, self.sources.get(text)?))
            }
        };
        Pin::of(id, chart, contract).map_err(|error| self.diags.push(error)).ok()
    }

    fn resource(&mut self, object: Node) -> Option<Resource> {
        let identity = identity_of(&object);
        let identity = self.report(identity)?;
        Some(Resource { object, identity })
    }

    fn patch(
        &mut self,
        patch: &PatchDocument,
        file: &impl Fn(&str) -> Result<SourceId, String>,
    ) -> Option<Patch> {
        let at = patch.place();
        let node = match &patch.body {
            PatchBody::Here(item) => self.here(&item.value)?,
            PatchBody::File(name) => self.file(name.value.as_str(), name.origin.written(), file)?,
        };
        let form = match &node.data {
            Data::List(operations) => {
                self.warn_of_strangers(operations);
                let read = operations.iter().map(Operation::read).collect::<Result<Vec<_>, _>>();
                Form::Json(self.report(read)?)
            }
            Data::Map(_) => Form::Strategic(node.clone()),
            other
            @ (Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::Text(_)) => {
                let message = format!("this is {}; a patch is a map or a list", other.name());
                self.diags.push(fault(&node.origin, message).into());
                return None;
            }
        };
        let target = match (&patch.target, &form) {
            (Some(target), _) => target.value.clone(),
            (None, Form::Strategic(node)) => {
                let identity = identity_of(node).map_err(|fault| {
                    fault.help("add a `target`, or name the object in the patch itself")
                });
                Target::of_object(&self.report(identity)?)
            }
            (None, Form::Json(_)) => {
                let error = fault(&node.origin, "these operations have no `target`");
                let help = "add `target: {kind: …, name: …}`: operations do not name an object";
                self.diags.push(error.help(help).into());
                return None;
            }
        };
        Some(Patch { at, target, form })
    }

    /// A patch in the overlay itself: as values, or as a text that holds them.
    fn here(&mut self, item: &Item) -> Option<Node> {
        let Kind::Text(text) = &item.kind else { return Some(item.to_node()) };
        let outer = self.sources.get(item.span.source)?;
        let inner = Inner::new(&outer.text, item.span, text);
        self.parsed(syntax::parse_inner(&inner, text))
    }

    fn warn_of_strangers(&mut self, operations: &[Node]) {
        for (key, origin) in operations.iter().flat_map(Operation::strangers) {
            let message = format!("`{key}` means nothing in an operation");
            self.diags.push(Diagnostic::warning(Code::OverlayIdle, origin.written(), message));
        }
    }
}

/// What an object is.
fn identity_of(object: &Node) -> Result<Identity, Fault> {
    let text = |path: &[&str]| {
        let node = path.iter().try_fold(object, |node, key| node.get(key));
        match node {
            None => Some((object.origin.clone(), "is missing")),
            Some(node) if node.text().is_none_or(str::is_empty) => {
                Some((node.origin.clone(), "is not a text"))
            }
            Some(_) => None,
        }
        .map(|(origin, what): (Origin, &str)| {
            fault(&origin, format!("`{}` {what}", path.join(".")))
        })
    };
    let wrong = text(&["apiVersion"]).or_else(|| text(&["kind"]));
    match wrong.or_else(|| text(&["metadata", "name"])) {
        Some(fault) => Err(fault),
        None => Identity::of(object).ok_or_else(|| fault(&object.origin, "this is no object")),
    }
}
