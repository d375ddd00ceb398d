//! Runs templates on what is known: both ways of a branch, and loops until nothing is learned.

use super::Machine;
use super::world::{Id, Value};
use crate::contract::chart::template::{Body, Branch, Command, Operand, Pipeline, Step};

/// The deepest nesting of steps and expressions, through templates that call each other.
const MAX_DEPTH: usize = 260;
/// The longest list that is gone through item by item.
const MAX_UNROLLED: usize = 100;
/// How often a loop is repeated at most; what its variables hold then is read whole.
const MAX_REPEATS: usize = 8;
/// The most pieces of text that are told apart.
const MAX_PIECES: usize = 48;

/// Where a template stands while it runs.
#[derive(Debug, Clone)]
pub struct Frame {
    /// `.`
    pub dot: Id,
    /// `$`
    pub root: Id,
    /// The variables, the newest last.
    pub variables: Vec<(String, Id)>,
    /// What tells this call from others; 0 if nothing does.
    pub context: u32,
}

impl Frame {
    /// A frame in which a template starts.
    pub fn new(dot: Id, context: u32) -> Frame {
        Frame { dot, root: dot, variables: Vec::new(), context }
    }
}

/// What the dot is in the body of a branch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    /// What it was.
    Outer,
    /// The value that decides.
    Value,
}

impl Machine<'_> {
    /// Counts a step down into something.
    fn enter(&mut self) -> Result<(), String> {
        self.depth += 1;
        self.world.spend(1);
        if self.depth > MAX_DEPTH {
            return Err("templates are nested too deeply".to_owned());
        }
        self.check()
    }

    /// Whether going on is worth it.
    pub fn check(&self) -> Result<(), String> {
        if self.world.is_full() { Err("templates are too complicated".to_owned()) } else { Ok(()) }
    }

    /// The frame as it is, for another way to go on.
    fn fork(&self, frame: &Frame) -> Frame {
        self.world.spend(1 + frame.variables.len());
        frame.clone()
    }

    /// What a body puts out. Variables that it declares end with it.
    pub fn body(&mut self, body: &Body, frame: &mut Frame) -> Result<Id, String> {
        self.enter()?;
        let outer = frame.variables.len();
        let mut pieces = Vec::new();
        for step in body {
            let piece = match step {
                Step::Text(text) => {
                    self.world.spend_on(text);
                    self.world.text(text)
                }
                Step::Action(pipeline) => {
                    let value = self.pipeline(pipeline, frame)?;
                    if !pipeline.variables.is_empty() {
                        continue;
                    }
                    value
                }
                Step::If(branch) => self.either(branch, frame, Scope::Outer)?,
                Step::With(branch) => self.either(branch, frame, Scope::Value)?,
                Step::Range(branch) => self.range(branch, frame)?,
                Step::Template(name, argument) => {
                    let dot = match argument {
                        Some(argument) => self.pipeline(argument, frame)?,
                        None => self.world.null(),
                    };
                    self.call(name, dot)?
                }
                Step::Define(..) | Step::Jump => continue,
            };
            pieces.push(piece);
        }
        frame.variables.truncate(outer);
        self.depth -= 1;
        Ok(self.print(pieces))
    }

    /// Texts one after the other.
    pub fn print(&mut self, pieces: Vec<Id>) -> Id {
        let mut joined: Vec<Id> = Vec::new();
        for piece in pieces {
            let value = self.world.value(piece);
            if let Value::Print(inner) = value {
                joined.extend(inner);
            } else if !matches!(value, Value::Text(text) if text.is_empty()) {
                joined.push(piece);
            }
        }
        self.world.spend(joined.len());
        if joined.len() > MAX_PIECES {
            joined.into_iter().for_each(|id| self.world.read_printed(id));
            return self.world.opaque();
        }
        match joined.as_slice() {
            [] => self.world.text(""),
            [only] if self.is_text(*only) => *only,
            _ => self.world.id(Value::Print(joined)),
        }
    }

    fn is_text(&self, id: Id) -> bool {
        matches!(self.world.value(id), Value::Text(_) | Value::Yaml(_) | Value::Print(_))
    }

    /// `if` and `with`.
    fn either(&mut self, branch: &Branch, frame: &mut Frame, scope: Scope) -> Result<Id, String> {
        let outer = frame.variables.len();
        let value = self.pipeline(&branch.pipeline, frame)?;
        let truth = self.world.truth(value);
        let mut results = Vec::new();
        let mut other = self.fork(frame);
        if truth != Some(false) {
            let dot = frame.dot;
            if scope == Scope::Value {
                frame.dot = self.without_null(value);
            }
            let hidden = self.is_undocumented(value);
            self.world.hidden += usize::from(hidden);
            let mut result = self.body(&branch.then, frame)?;
            if hidden {
                self.world.read_printed(result);
                result = self.world.text("");
                self.world.hidden -= 1;
            }
            results.push(result);
            frame.dot = dot;
        }
        if truth != Some(true) {
            results.push(self.body(&branch.otherwise, &mut other)?);
            if truth == Some(false) {
                *frame = other;
            } else {
                self.join_variables(frame, &other);
            }
        }
        frame.variables.truncate(outer);
        Ok(self.world.join(results))
    }

    /// Whether a condition is a key at the top of the values that `values.yaml` does not have: a
    /// switch for the chart's own tests.
    fn is_undocumented(&mut self, value: Id) -> bool {
        let Value::Place(place) = *self.world.value(value) else { return false };
        let place = self.world.place(place);
        place.depth == 1 && place.defaults.is_empty()
    }

    fn without_null(&mut self, value: Id) -> Id {
        let null = self.world.null();
        let choices = self.world.choices(value).into_iter().filter(|id| *id != null);
        let choices: Vec<Id> = choices.collect();
        self.world.join(choices)
    }

    fn join_variables(&mut self, frame: &mut Frame, other: &Frame) {
        for ((_, mine), (_, theirs)) in frame.variables.iter_mut().zip(&other.variables) {
            *mine = self.world.join([*mine, *theirs]);
        }
    }

    fn range(&mut self, branch: &Branch, frame: &mut Frame) -> Result<Id, String> {
        let value = self.value(&branch.pipeline, frame)?;
        let before = self.fork(frame);
        let mut results = Vec::new();
        let mut ends: Option<Frame> = None;
        for choice in self.world.choices(value) {
            let mut inner = self.fork(&before);
            let known = if let Value::List(items) = self.world.value(choice) {
                Some(items.clone()).filter(|items| items.len() <= MAX_UNROLLED)
            } else {
                None
            };
            let result = match known {
                Some(items) if items.is_empty() => self.body(&branch.otherwise, &mut inner)?,
                Some(items) => self.unrolled(branch, &items, &mut inner)?,
                None => self.repeated(branch, choice, &mut inner)?,
            };
            results.push(result);
            match &mut ends {
                Some(ends) => self.join_variables(ends, &inner),
                None => ends = Some(inner),
            }
        }
        *frame = ends.unwrap_or(before);
        Ok(self.world.join(results))
    }

    /// A loop over a known list, item by item. A jump may leave it anywhere.
    fn unrolled(&mut self, branch: &Branch, items: &[Id], frame: &mut Frame) -> Result<Id, String> {
        let mut pieces = Vec::new();
        let jumps = has_jump(&branch.then);
        for (at, item) in items.iter().enumerate() {
            let before = self.fork(frame);
            let key = self.world.id(Value::Number(at.to_string()));
            pieces.push(self.turn(branch, key, *item, frame)?);
            if jumps {
                self.join_variables(frame, &before);
            }
        }
        Ok(self.print(pieces))
    }

    /// A loop over what is not known item by item, until nothing is learned.
    fn repeated(&mut self, branch: &Branch, over: Id, frame: &mut Frame) -> Result<Id, String> {
        let value = self.world.value(over);
        let object = if let Value::Object(object) = value { Some(*object) } else { None };
        let mut turns = Vec::new();
        let rest = match object {
            Some(object) => {
                let object = self.world.object(object);
                let fields = object.fields.clone();
                let more = object.rest.iter().chain(&object.merged).copied().collect::<Vec<_>>();
                turns.extend(fields.into_iter().map(|(key, value)| (Some(key), value)));
                let inner: Vec<Id> = more.into_iter().map(|id| self.world.each(id)).collect();
                if inner.is_empty() { None } else { Some(self.world.join(inner)) }
            }
            None => Some(self.world.each(over)),
        };
        turns.extend(rest.map(|rest| (None, rest)));
        let mut pieces = vec![self.body(&branch.otherwise, &mut self.fork(frame))?];
        for repeat in 0..=MAX_REPEATS {
            let before = self.fork(frame);
            for (key, value) in &turns {
                let key = match key {
                    Some(key) => self.world.text(key),
                    None => self.world.opaque(),
                };
                let mut inner = self.fork(frame);
                pieces.push(self.turn(branch, key, *value, &mut inner)?);
                self.join_variables(frame, &inner);
            }
            let values =
                |frame: &Frame| frame.variables.iter().map(|(_, id)| *id).collect::<Vec<_>>();
            if values(frame) == values(&before) {
                break;
            }
            if repeat == MAX_REPEATS {
                values(frame).into_iter().for_each(|id| self.world.read_whole(id));
            }
        }
        let piece = self.world.join(pieces);
        Ok(self.print(vec![piece]))
    }

    /// One turn of a loop.
    fn turn(
        &mut self,
        branch: &Branch,
        key: Id,
        item: Id,
        frame: &mut Frame,
    ) -> Result<Id, String> {
        let (outer, dot) = (frame.variables.len(), frame.dot);
        let variables = match branch.pipeline.variables.as_slice() {
            [value] => vec![(value.clone(), item)],
            [first, second, ..] => vec![(first.clone(), key), (second.clone(), item)],
            [] => Vec::new(),
        };
        frame.variables.extend(variables);
        frame.dot = item;
        let piece = self.body(&branch.then, frame)?;
        frame.dot = dot;
        frame.variables.truncate(outer);
        Ok(piece)
    }

    /// A pipeline's value; its variables get it.
    pub fn pipeline(&mut self, pipeline: &Pipeline, frame: &mut Frame) -> Result<Id, String> {
        let value = self.value(pipeline, frame)?;
        for name in &pipeline.variables {
            if pipeline.declares {
                frame.variables.push((name.clone(), value));
            } else if let Some(old) = frame.variables.iter_mut().rev().find(|(old, _)| old == name)
            {
                old.1 = value;
            }
        }
        Ok(value)
    }

    fn value(&mut self, pipeline: &Pipeline, frame: &mut Frame) -> Result<Id, String> {
        self.enter()?;
        let mut value = None;
        for command in &pipeline.commands {
            value = Some(self.command(command, value, frame)?);
        }
        self.depth -= 1;
        Ok(value.unwrap_or(self.world.null()))
    }

    fn command(
        &mut self,
        command: &Command,
        piped: Option<Id>,
        frame: &mut Frame,
    ) -> Result<Id, String> {
        let Some((first, rest)) = command.words.split_first() else {
            return Ok(self.world.null());
        };
        let mut arguments = Vec::with_capacity(rest.len() + 1);
        for (word, place) in rest.iter().zip(1..) {
            // A function without arguments has no command of its own, but makes maps of its own.
            let site = command.site ^ (place << 24);
            arguments.push(self.operand(word, site, frame)?);
        }
        arguments.extend(piped);
        if let Operand::Function(name) = first {
            return self.function(name, &arguments, command.site, frame);
        }
        let value = self.operand(first, command.site, frame)?;
        if arguments.is_empty() {
            return Ok(value);
        }
        Ok(self.method(first, value, &arguments))
    }

    /// A method of Helm's own objects. Only `.Files.Get` says something about the chart.
    fn method(&mut self, of: &Operand, value: Id, arguments: &[Id]) -> Id {
        let (Operand::Dot(fields) | Operand::Variable(_, fields) | Operand::Nested(_, fields)) = of
        else {
            return self.world.opaque();
        };
        let gets = fields.last().is_some_and(|name| name == "Get");
        let names = arguments.first().and_then(|name| self.world.texts(*name));
        if let (Value::Files(chart), true, Some(names)) =
            (self.world.value(value).clone(), gets, names)
        {
            let texts = names.iter().map(|name| self.file(chart, name).unwrap_or_default());
            let texts: Vec<String> = texts.collect();
            let texts: Vec<Id> = texts.iter().map(|text| self.world.text(text)).collect();
            return self.world.join(texts);
        }
        arguments.iter().for_each(|id| self.world.read_whole(*id));
        if matches!(self.world.value(value), Value::Files(_)) { value } else { self.world.opaque() }
    }

    fn operand(&mut self, operand: &Operand, site: u32, frame: &mut Frame) -> Result<Id, String> {
        let (value, fields) = match operand {
            Operand::Dot(fields) => (frame.dot, fields),
            Operand::Variable(name, fields) if name.is_empty() => (frame.root, fields),
            Operand::Variable(name, fields) => {
                self.world.spend(frame.variables.len() / 8);
                let found = frame.variables.iter().rev().find(|(known, _)| known == name);
                (found.map_or(self.world.opaque(), |(_, id)| *id), fields)
            }
            Operand::Nested(pipeline, fields) => (self.pipeline(pipeline, frame)?, fields),
            Operand::Function(name) => return self.function(name, &[], site, frame),
            Operand::Text(text) => return Ok(self.world.text(text)),
            Operand::Number(number) => return Ok(self.world.id(Value::Number(number.clone()))),
            Operand::Bool(value) => return Ok(self.world.id(Value::Bool(*value))),
            Operand::Nil => return Ok(self.world.null()),
        };
        Ok(fields.iter().fold(value, |value, field| self.world.member(value, field)))
    }
}

/// Whether a body may leave the loop that it belongs to.
fn has_jump(body: &Body) -> bool {
    body.iter().any(|step| match step {
        Step::Jump => true,
        Step::If(branch) | Step::With(branch) => {
            has_jump(&branch.then) || has_jump(&branch.otherwise)
        }
        Step::Text(_)
        | Step::Action(_)
        | Step::Range(_)
        | Step::Template(..)
        | Step::Define(..) => false,
    })
}
