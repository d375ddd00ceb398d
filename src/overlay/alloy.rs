//! Changes of the collector's configuration: components that are added, changed by their id, or left
//! out. What the overlay says is parsed, what comes of it is the syntax tree, and its printer is the
//! only one who writes.

mod change;

use super::apply::{Cluster, Hand};
use super::fault::{Fault, fault, fault_at};
use super::read::{AlloyDocument, AlloyPatch};
use super::writer::Writer;
use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::model::ComponentId;
use crate::near::nearest;
use crate::origin::{Origin, Sourced};
use crate::river::{self, Block, Statement};
use crate::source::{Sources, Span};
use crate::syntax::Inner;
use crate::tree::{Content, RelPath};
use change::Change;

/// What an overlay changes in the configuration.
#[derive(Debug, Clone, Default)]
pub struct AlloyChanges {
    components: Vec<Statement>,
    changes: Vec<Change>,
    remove: Vec<Sourced<String>>,
}

impl AlloyChanges {
    /// Reads the texts of the document. What is wrong with them is reported at their lines.
    pub fn read(document: &AlloyDocument, sources: &Sources, diags: &mut Diagnostics) -> Self {
        let mut body = |text: &Sourced<String>| match parsed(text, sources) {
            Ok(body) => body,
            Err(fault) => {
                diags.push(fault.into());
                Vec::new()
            }
        };
        let components = document.components.as_ref().map(&mut body).unwrap_or_default();
        let changes = document.patches.iter().map(|patch| {
            let AlloyPatch { target, at, set, remove } = patch;
            Change {
                target: target.clone(),
                at: at.clone(),
                set: set.as_ref().map(&mut body).unwrap_or_default(),
                remove: remove.clone(),
            }
        });
        let changes = changes.collect();
        for statement in &components {
            if let Statement::Attribute(attribute) = statement {
                let message = format!("`{}` stands outside of any component", attribute.name);
                diags.push(fault(&attribute.origin, message).into());
            }
        }
        AlloyChanges { components, changes, remove: document.remove.clone() }
    }

    /// Applies them to the configuration of every cluster.
    pub(super) fn apply(&self, hand: &mut Hand, clusters: &mut [Cluster]) {
        if self.components.is_empty() && self.changes.is_empty() && self.remove.is_empty() {
            return;
        }
        // A place that no cluster has is a mistake; one that some have is not.
        let mut missed: Vec<Vec<Fault>> = Vec::new();
        let mut idle: Vec<bool> = vec![true; self.changes.len()];
        for cluster in clusters.iter_mut() {
            let path = RelPath::of(ComponentId::Alloy, crate::layout::CONFIG);
            let Some(Content::Alloy(body)) = cluster.tree.get_mut(&path) else { continue };
            let mut body = std::mem::take(body);
            let mut faults = Vec::new();
            for (change, idle) in self.changes.iter().zip(&mut idle) {
                let mut writer = Writer::new(hand.overlay, hand.listed_at);
                faults.extend(change.apply(&mut body, &mut writer).err());
                *idle &= !hand.take(cluster.tree, &path, writer);
            }
            let mut writer = Writer::new(hand.overlay, hand.listed_at);
            for id in &self.remove {
                faults.extend(remove(&mut body, id, &mut writer).err());
            }
            self.add(&mut body, &writer);
            if faults.is_empty() {
                faults.extend(check(&body, self.place()));
            }
            missed.push(faults);
            let _ = hand.take(cluster.tree, &path, writer);
            cluster.tree.set(&path, Content::Alloy(body));
        }
        if missed.iter().all(|faults| !faults.is_empty()) {
            missed.into_iter().flatten().for_each(|fault| hand.refuse(fault));
            return;
        }
        for (change, _) in self.changes.iter().zip(idle).filter(|(_, idle)| *idle) {
            hand.idle(change.target.origin.written(), "this change");
        }
    }

    fn add(&self, body: &mut Vec<Statement>, writer: &Writer) {
        let mut components = self.components.clone();
        own(&mut components, writer);
        body.extend(components);
    }

    /// Where the overlay changes the configuration.
    fn place(&self) -> Option<Span> {
        let removed = self.remove.iter().map(|id| &id.origin);
        let changed = self.changes.iter().map(|change| &change.target.origin);
        removed.chain(changed).find_map(Origin::written)
    }
}

fn parsed(text: &Sourced<String>, sources: &Sources) -> Result<Vec<Statement>, Fault> {
    let span = text.origin.written().unwrap_or(Span::NOWHERE);
    let outer = sources.get(span.source).map_or("", |source| &source.text);
    let inner = Inner::new(outer, span, &text.value);
    let place = |start: usize, end: usize| inner.place(start, end.max(start + 1));
    let body = river::parse(&text.value, &place).map_err(|mistake| {
        let (start, end) = mistake.at;
        fault_at(place(start, end), mistake.message)
    })?;
    match river::repeated_attributes(&body).first() {
        Some(twice) => Err(fault(&twice.origin, format!("`{}` stands twice", twice.name))),
        None => Ok(body),
    }
}

/// Makes everything in parsed statements the overlay's.
fn own(body: &mut [Statement], writer: &Writer) {
    river::origins_mut(body, &mut |origin| *origin = writer.origin_at(origin, None));
}

/// The id of a component: `<name>.<label>`, or the name where it has no label.
fn id(block: &Block) -> String {
    match &block.label {
        Some(label) => format!("{}.{label}", block.name),
        None => block.name.to_string(),
    }
}

fn components(body: &[Statement]) -> impl Iterator<Item = &Block> {
    body.iter().filter_map(|statement| match statement {
        Statement::Block(block) => Some(block),
        Statement::Attribute(_) | Statement::Comment(_) => None,
    })
}

fn unknown(wanted: &Sourced<String>, body: &[Statement]) -> Fault {
    let ids: Vec<String> = components(body).map(id).collect();
    let message = format!("there is no component `{}`", wanted.value);
    let error = Diagnostic::derived_error(Code::OverlayTarget, &wanted.origin, message);
    Fault::from(error.help(match nearest(&wanted.value, ids.iter().map(String::as_str)) {
        Some(known) => format!("did you mean `{known}`?"),
        None => format!("the components are {}", ids.join(", ")),
    }))
}

/// Leaves a component out.
fn remove(
    body: &mut Vec<Statement>,
    wanted: &Sourced<String>,
    writer: &mut Writer,
) -> Result<(), Fault> {
    let is_it = |statement: &Statement| matches!(statement, Statement::Block(block) if id(block) == wanted.value);
    let Some(at) = body.iter().position(is_it) else { return Err(unknown(wanted, body)) };
    change::take_out(body, at, &wanted.origin, writer);
    Ok(())
}

/// What a configuration must be after every change: no id twice, nothing that refers to nothing.
fn check(body: &[Statement], place: Option<Span>) -> Vec<Fault> {
    let twice = river::repeated_blocks(body).into_iter().map(|block| {
        let message = format!("there is a component `{}` already", id(block));
        fault(&block.origin, message)
            .help("give it another label, or change the other by `patches`")
    });
    let ids: Vec<String> = components(body).map(id).collect();
    let dangling = components(body).filter(|block| block.name != "declare").flat_map(|block| {
        let mentions = river::references(&block.body).into_iter().filter(|mention| !mention.called);
        let lost = mentions.filter(|mention| {
            let path = &mention.path.dotted;
            let known = |id: &String| {
                path.strip_prefix(id.as_str()).is_some_and(|rest| rest.starts_with('.'))
            };
            // Shorter names are functions, constants, and what `foreach` and `declare` hand in.
            path.split('.').count() > 2 && !ids.iter().any(known)
        });
        let ids = &ids;
        lost.map(move |mention| {
            let path = &mention.path.dotted;
            let message = format!("`{path}` in `{}` refers to no component", id(block));
            let at = mention.path.origin.written().or(place);
            let component = path.rsplit_once('.').map_or(path.as_ref(), |(component, _)| component);
            let error = fault_at(at, message);
            match nearest(component, ids.iter().map(String::as_str)) {
                Some(known) => error.help(format!("the nearest is `{known}`")),
                None => error,
            }
        })
    });
    twice.chain(dangling).collect()
}
