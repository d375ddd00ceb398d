//! Templates that call each other, and text that is run as a template.

use super::eval::Frame;
use super::world::{Id, PlaceId, Value};
use super::{Call, Machine, Template};
use crate::contract::chart::template::{self, Body, Step};
use crate::node::{Data, Node};
use std::collections::BTreeSet;
use std::rc::Rc;

/// How often a template may stand in the chain of calls before its maps are no longer told apart.
const MAX_NESTED_CALLS: usize = 3;

impl Machine<'_> {
    /// What a template puts out for a dot. Calls that are under way give what they gave before.
    pub fn call(&mut self, name: &str, dot: Id) -> Result<Id, String> {
        self.world.spend(1);
        let Some(bodies) = self.templates.get(name).cloned() else {
            let _ = self.world.notes.insert(format!("there is no template `{name}`"));
            return Ok(self.world.opaque());
        };
        let name_id = self.world.text(name);
        let number = u32::try_from(self.calls.len() + 1).unwrap_or(u32::MAX);
        let call = self.calls.entry((name_id, dot)).or_insert(Call { number, ..Call::default() });
        if call.round == self.round {
            return Ok(call.result.unwrap_or(self.world.text("")));
        }
        call.round = self.round;
        let again =
            self.stack.iter().filter(|known| **known == name_id).count() >= MAX_NESTED_CALLS;
        let context = if again { 0 } else { call.number };
        self.stack.push(name_id);
        let result = self.bodies(&bodies, dot, context)?;
        let _ = self.stack.pop();
        let old = self.calls.get(&(name_id, dot)).and_then(|call| call.result);
        let result = self.world.join(old.into_iter().chain([result]));
        if let Some(call) = self.calls.get_mut(&(name_id, dot)) {
            self.world.learned |= call.result != Some(result);
            call.result = Some(result);
        }
        Ok(result)
    }

    fn bodies(&mut self, bodies: &[Template], dot: Id, context: u32) -> Result<Id, String> {
        let mut results = Vec::new();
        for body in bodies {
            let body = Rc::clone(body);
            results.push(self.body(&body, &mut Frame::new(dot, context))?);
        }
        Ok(self.world.join(results))
    }

    /// Calls a template whose name is known only as a value. One of an unknown name may be any.
    pub fn include(&mut self, name: Id, dot: Id) -> Result<Id, String> {
        let names = self.world.texts(name).unwrap_or_else(|| {
            let note = "a template of an unknown name is called: it may be any".to_owned();
            let _ = self.world.notes.insert(note);
            self.world.read_printed(name);
            self.templates.keys().cloned().collect()
        });
        let mut results = Vec::new();
        for name in names {
            self.check()?;
            results.push(self.call(&name, dot)?);
        }
        Ok(self.world.join(results))
    }

    /// Runs what is known of a text as a template: the text that a template made of constants, and
    /// the text that the chart's defaults have where it comes from.
    pub fn tpl(&mut self, text: Id, dot: Id) -> Result<Id, String> {
        for source in self.sources(text) {
            let Some(body) = self.read_text(&source) else { continue };
            let result = self.body(&body, &mut Frame::new(dot, 0))?;
            self.world.read_printed(result);
        }
        Ok(text)
    }

    /// The texts with actions that a value may hold.
    fn sources(&self, id: Id) -> BTreeSet<String> {
        let (mut found, mut seen, mut open) = (BTreeSet::new(), BTreeSet::new(), vec![id]);
        while let Some(id) = open.pop() {
            self.world.spend(1);
            if !seen.insert(id) {
                continue;
            }
            match self.world.value(id) {
                Value::Text(text) => self.source(text, &mut found),
                Value::Files(chart) => {
                    let files = self.files.get(*chart as usize);
                    let texts = files.into_iter().flat_map(|files| files.values());
                    texts.for_each(|text| self.source(text, &mut found));
                }
                Value::Place(place) => self.default_sources(*place, &mut found),
                Value::Yaml(inner) | Value::Items(inner) => open.push(*inner),
                Value::Print(inner) | Value::Either(inner) | Value::List(inner) => {
                    open.extend(inner);
                }
                Value::Object(object) => {
                    let object = self.world.objects.get(object.0 as usize);
                    if let Some(object) = object {
                        let inner =
                            object.fields.values().chain(&object.rest).chain(&object.merged);
                        open.extend(inner);
                    }
                }
                Value::Opaque | Value::Null | Value::Bool(_) | Value::Number(_) => {}
            }
        }
        found
    }

    /// Notes a text, if there are actions in it.
    fn source(&self, text: &str, found: &mut BTreeSet<String>) {
        self.world.spend_on(text);
        if text.contains("{{") {
            let _ = found.insert(text.to_owned());
        }
    }

    fn default_sources(&self, place: PlaceId, found: &mut BTreeSet<String>) {
        let place = self.world.places.get(place.0 as usize);
        for node in place.into_iter().flat_map(|place| &place.defaults) {
            self.sources_in(node, found);
        }
    }

    /// Every text with actions in a tree.
    fn sources_in(&self, node: &Node, found: &mut BTreeSet<String>) {
        self.world.spend(1);
        match &node.data {
            Data::Text(text) => self.source(text, found),
            Data::List(items) => items.iter().for_each(|item| self.sources_in(item, found)),
            Data::Map(members) => members.values().for_each(|node| self.sources_in(node, found)),
            Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) => {}
        }
    }

    /// A text as a template, if it is one. What it defines is known from now on.
    fn read_text(&mut self, text: &str) -> Option<Template> {
        self.world.spend_on(text);
        if let Some(known) = self.texts.get(text) {
            return known.clone();
        }
        let body = match template::parse(text, &mut self.sites) {
            Ok(body) => Some(Rc::new(body)),
            Err(error) => {
                let note = format!("a text that is run as a template is none: {error}");
                let _ = self.world.notes.insert(note);
                None
            }
        };
        if let Some(body) = &body {
            self.define(body);
        }
        let _ = self.texts.insert(text.to_owned(), body.clone());
        body
    }

    /// Remembers what a body defines.
    pub fn define(&mut self, body: &Body) {
        for step in body {
            match step {
                Step::Define(name, inner) => {
                    self.templates.entry(name.clone()).or_default().push(Rc::clone(inner));
                    self.world.learned = true;
                    self.define(inner);
                }
                Step::If(branch) | Step::With(branch) | Step::Range(branch) => {
                    self.define(&branch.then);
                    self.define(&branch.otherwise);
                }
                Step::Text(_) | Step::Action(_) | Step::Template(..) | Step::Jump => {}
            }
        }
    }
}
