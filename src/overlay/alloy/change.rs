//! A change of one component.

use super::{Fault, id, own, unknown};
use crate::diag::{Code, Diagnostic};
use crate::origin::{Origin, Sourced, Was};
use crate::overlay::writer::Writer;
use crate::pointer::Pointer;
use crate::river::{self, Attribute, Block, Statement};
use std::sync::Arc;

/// Arguments to set, blocks to add, and both to leave out.
#[derive(Debug, Clone)]
pub struct Change {
    /// The component.
    pub target: Sourced<String>,
    /// A block inside it.
    pub at: Option<Sourced<String>>,
    /// Arguments that take the place of others or are added, and blocks that are added.
    pub set: Vec<Statement>,
    /// Arguments and blocks to leave out.
    pub remove: Vec<Sourced<String>>,
}

impl Change {
    /// Applies it to a configuration.
    pub fn apply(&self, body: &mut [Statement], writer: &mut Writer) -> Result<(), Fault> {
        let is_it = |statement: &&mut Statement| matches!(statement, Statement::Block(block) if id(block) == self.target.value);
        let Some(Statement::Block(component)) = body.iter_mut().find(is_it) else {
            return Err(unknown(&self.target, body));
        };
        let mut here = Pointer::default();
        let path = self.at.as_ref().map(|at| at.value.as_str()).unwrap_or_default();
        let label = component.label.as_deref();
        let parts = std::iter::once(component.name.as_ref()).chain(label).chain(path.split('/'));
        parts.filter(|part| !part.is_empty()).for_each(|part| here.push(part));
        let inner = match &self.at {
            None => component,
            Some(at) => inner_block(component, at)?,
        };
        writer.go(here);
        for path in &self.remove {
            let (holder, at) = place_of(inner, path)?;
            take_out(&mut holder.body, at, &path.origin, writer);
        }
        let mut comments = Vec::new();
        for statement in &self.set {
            match statement {
                Statement::Comment(_) => comments.push(statement.clone()),
                Statement::Attribute(attribute) => {
                    set(inner, attribute, std::mem::take(&mut comments), writer);
                }
                Statement::Block(_) => {
                    let mut new = std::mem::take(&mut comments);
                    new.push(statement.clone());
                    own(&mut new, writer);
                    inner.body.append(&mut new);
                    writer.note_change();
                }
            }
        }
        inner.body.append(&mut comments);
        Ok(())
    }
}

/// The parts of a path that are not read yet.
type Parts<'p> = std::iter::Peekable<std::vec::IntoIter<&'p str>>;

/// What holds the statement that a path such as `endpoint/queue_config` or `rule/2` means, and where.
fn place_of<'b>(
    component: &'b mut Block,
    path: &Sourced<String>,
) -> Result<(&'b mut Block, usize), Fault> {
    let parts: Vec<&str> = path.value.split('/').filter(|part| !part.is_empty()).collect();
    let mut parts = parts.into_iter().peekable();
    let mut holder = component;
    loop {
        let at = locate(&holder.body, &mut parts, path)?;
        if parts.peek().is_none() {
            return Ok((holder, at));
        }
        holder = match holder.body.get_mut(at) {
            Some(Statement::Block(block)) => block,
            Some(Statement::Attribute(_) | Statement::Comment(_)) | None => {
                return Err(lost(path, "an argument holds no blocks".to_owned()));
            }
        };
    }
}

/// The statement of a body that the next parts of a path mean.
fn locate(body: &[Statement], parts: &mut Parts, path: &Sourced<String>) -> Result<usize, Fault> {
    let name = parts.next().unwrap_or_default();
    let next = parts.peek().copied();
    let blocks: Vec<(usize, &Block)> = body
        .iter()
        .enumerate()
        .filter_map(|(at, statement)| match statement {
            Statement::Block(block) if block.name == name => Some((at, block)),
            Statement::Block(_) | Statement::Attribute(_) | Statement::Comment(_) => None,
        })
        .collect();
    let is_argument =
        |one: &Statement| matches!(one, Statement::Attribute(argument) if argument.name == name);
    let argument = body.iter().position(is_argument).filter(|_| next.is_none());
    let labelled =
        blocks.iter().find(|(_, block)| block.label.is_some() && block.label.as_deref() == next);
    let numbered =
        next.filter(|_| blocks.len() > 1).and_then(|number| number.parse::<usize>().ok());
    let numbered = numbered.and_then(|number| blocks.get(number));
    if let Some((at, _)) = labelled.or(numbered) {
        let _ = parts.next();
        return Ok(*at);
    }
    match (argument, blocks.as_slice()) {
        (Some(at), _) => Ok(at),
        (None, [(at, _)]) => Ok(*at),
        (None, []) => {
            let error = lost(path, format!("there is no `{name}`"));
            Err(error.help(format!("what stands there is {}", names(body))))
        }
        (None, many) => {
            let message = format!("there are {} blocks `{name}`; which one is meant?", many.len());
            Err(lost(path, message).help(format!("say `{name}/0` to `{name}/{}`", many.len() - 1)))
        }
    }
}

fn lost(path: &Sourced<String>, message: String) -> Fault {
    Fault::from(Diagnostic::derived_error(Code::OverlayTarget, &path.origin, message))
}

/// The block inside a component that a path means.
fn inner_block<'b>(
    component: &'b mut Block,
    path: &Sourced<String>,
) -> Result<&'b mut Block, Fault> {
    let (holder, at) = place_of(component, path)?;
    match holder.body.get_mut(at) {
        Some(Statement::Block(block)) => Ok(block),
        Some(Statement::Attribute(_) | Statement::Comment(_)) | None => {
            Err(lost(path, format!("`{}` is an argument; a block is wanted", path.value)))
        }
    }
}

/// What a body holds, for people.
fn names(body: &[Statement]) -> String {
    let names: Vec<&str> = body
        .iter()
        .filter_map(|statement| match statement {
            Statement::Attribute(attribute) => Some(attribute.name.as_ref()),
            Statement::Block(block) => Some(block.name.as_ref()),
            Statement::Comment(_) => None,
        })
        .collect();
    if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
}

fn set(block: &mut Block, new: &Attribute, mut comments: Vec<Statement>, writer: &mut Writer) {
    let is_it = |statement: &Statement| matches!(statement, Statement::Attribute(old) if old.name == new.name);
    let mut statement = [Statement::Attribute(new.clone())];
    let at = block.body.iter().position(is_it);
    if let Some(old) = at.and_then(|at| block.body.get_mut(at)) {
        let was = was(old, writer);
        writer.enter(&new.name);
        // The same value is the overlay's from here on, as with every other patch.
        if *old != statement[0] {
            writer.note_undone_of(&origins_of(old), &new.origin);
            writer.note_change();
        }
        river::origins_mut(&mut statement, &mut |origin| {
            *origin = writer.origin_at(origin, was.as_ref());
        });
        let [statement] = statement;
        *old = statement;
        writer.leave();
    } else {
        own(&mut statement, writer);
        // Arguments stand in front of blocks.
        let after = block.body.iter().rposition(|one| matches!(one, Statement::Attribute(_)));
        let at = after.map_or(0, |at| at + 1);
        block.body.splice(at..at, statement).for_each(drop);
        writer.note_change();
    }
    if !comments.is_empty() {
        writer.note_change();
    }
    let at = block.body.iter().position(is_it).unwrap_or_default();
    block.body.splice(at..at, comments.drain(..)).for_each(drop);
}

/// Takes a statement out of a body, and remembers it.
pub fn take_out(body: &mut Vec<Statement>, at: usize, origin: &Origin, writer: &mut Writer) {
    if at >= body.len() {
        return;
    }
    let gone = body.remove(at);
    let (name, label) = match &gone {
        Statement::Block(block) => (block.name.as_ref(), block.label.as_deref()),
        Statement::Attribute(attribute) => (attribute.name.as_ref(), None),
        Statement::Comment(_) => ("", None),
    };
    [Some(name), label].into_iter().flatten().for_each(|part| writer.enter(part));
    writer.note_undone_of(&origins_of(&gone), origin);
    let was = was(&gone, writer);
    writer.note_taken(origin, was.as_ref());
    [Some(name), label].into_iter().flatten().for_each(|_| writer.leave());
}

fn origins_of(statement: &Statement) -> Vec<Origin> {
    river::origins(std::slice::from_ref(statement)).into_iter().cloned().collect()
}

/// What stood in a statement's place before this overlay: its text, and the reason of its first value.
fn was(statement: &Statement, writer: &Writer) -> Option<Arc<Was>> {
    let value = || match statement {
        Statement::Attribute(Attribute { value: river::Expr::Literal(node), .. }) => {
            node.to_json().to_string()
        }
        Statement::Attribute(_) | Statement::Block(_) | Statement::Comment(_) => {
            let text = river::print(std::slice::from_ref(statement));
            serde_json::Value::from(text.trim_end()).to_string()
        }
    };
    let origin = origins_of(statement).into_iter().next().unwrap_or(Origin::Structure);
    writer.before(value, &origin)
}
