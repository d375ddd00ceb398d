//! Which values a chart reads, found by running its templates on nothing in particular.
//!
//! Each expression is followed to the places of the values that it may come from; both ways of a
//! branch are taken unless constants decide it, and templates that call each other are run again
//! until nothing is learned. A place counts as read as soon as a template asks for it; it is read
//! whole where it is put out, or goes where it cannot be followed. So a key that is called dead is
//! read by no run of the templates, but a key that is called live may be read by none, too.

mod access;
mod calls;
mod eval;
mod functions;
mod text;
mod world;

use super::package::Package;
use super::template::{self, Body};
use crate::node::{Data, Node};
use eval::Frame;
use std::collections::BTreeMap;
use std::rc::Rc;
use world::{Id, Value, World};

pub use world::{Place, PlaceId, Read};

/// How often everything is run at most.
const MAX_ROUNDS: u32 = 30;

type Template = Rc<Body>;

/// A call of a template with a dot.
#[derive(Debug, Default)]
struct Call {
    number: u32,
    round: u32,
    result: Option<Id>,
}

/// A chart's template: its name, its body, and the dot that it gets.
struct Entry {
    body: Template,
    dot: Id,
}

/// What runs templates.
struct Machine<'a> {
    world: World<'a>,
    /// Named templates; charts may define a name more than once, and any of them may be meant.
    templates: BTreeMap<String, Vec<Template>>,
    /// The files of each chart.
    files: Vec<&'a BTreeMap<&'a str, &'a str>>,
    /// Texts that were run as templates.
    texts: BTreeMap<String, Option<Template>>,
    calls: BTreeMap<(Id, Id), Call>,
    stack: Vec<Id>,
    round: u32,
    depth: usize,
    sites: u32,
}

/// What was found.
#[derive(Debug)]
pub struct Found<'a> {
    /// Every place that is read; the first is the chart's values.
    pub places: Vec<Place<'a>>,
    /// What could not be followed.
    pub notes: Vec<String>,
}

/// Runs a chart's templates.
///
/// # Errors
/// When a template is none, or there is too much of it.
pub fn run<'a>(package: &'a Package<'a>) -> Result<Found<'a>, String> {
    let mut machine = Machine {
        world: World::default(),
        templates: BTreeMap::new(),
        files: Vec::new(),
        texts: BTreeMap::new(),
        calls: BTreeMap::new(),
        stack: Vec::new(),
        round: 0,
        depth: 0,
        sites: 0,
    };
    let root = Place { defaults: vec![&package.values], ..Place::default() };
    let root = machine.world.new_place(root);
    let mut entries = Vec::new();
    let _ = machine.load(package, root, &mut entries)?;
    machine.world.learned = true;
    while machine.world.learned {
        machine.round += 1;
        machine.world.learned = false;
        if machine.round > MAX_ROUNDS {
            return Err("templates change what they read without end".to_owned());
        }
        for entry in &entries {
            let context = top_context(entry.dot);
            let output = machine.body(&entry.body, &mut Frame::new(entry.dot, context))?;
            machine.world.read_printed(output);
        }
    }
    let notes = machine.world.notes.iter().cloned().collect();
    Ok(Found { places: machine.world.places, notes })
}

impl<'a> Machine<'a> {
    /// Reads a chart's templates and those of the charts within; gives its dot.
    fn load(
        &mut self,
        package: &'a Package<'a>,
        place: PlaceId,
        entries: &mut Vec<Entry>,
    ) -> Result<Id, String> {
        let mut inner = Vec::new();
        for held in &package.charts {
            let child = self.world.member_of(place, &held.key);
            let values = self.world.place(child);
            values.above = Some(place);
            values.defaults.push(&held.package.values);
            inner.push((held.key.clone(), self.load(&held.package, child, entries)?));
            for path in &held.exports {
                let end = path.iter().fold(child, |at, key| self.world.member_of(at, key));
                self.world.mark(end, Read::Whole);
            }
            let tags = held.tags.iter().map(|tag| vec!["tags".to_owned(), tag.clone()]);
            for path in held.conditions.iter().cloned().chain(tags) {
                let _ = path.iter().fold(place, |at, key| self.world.member_of(at, key));
            }
        }
        let dot = self.dot(package, place, inner);
        for (path, text) in &package.templates {
            let body = template::parse(text, &mut self.sites)
                .map_err(|error| format!("`{}/{path}`: {error}", package.base))?;
            self.define(&body);
            let body = Rc::new(body);
            let name = format!("{}/{path}", package.base);
            self.templates.entry(name).or_default().push(Rc::clone(&body));
            let file = path.rsplit('/').next().unwrap_or(path);
            if !file.starts_with('_') {
                entries.push(Entry { body, dot });
            }
        }
        Ok(dot)
    }

    /// What Helm gives a chart's templates as their dot.
    fn dot(&mut self, package: &'a Package<'a>, place: PlaceId, charts: Vec<(String, Id)>) -> Id {
        let number = u32::try_from(self.files.len()).unwrap_or(u32::MAX);
        self.files.push(&package.files);
        let opaque = self.world.opaque();
        let made = |machine: &mut Self, fields: Vec<(String, Id)>, rest: Option<Id>| {
            machine.sites += 1;
            let object = machine.world.make(machine.sites, u32::MAX, Vec::new());
            machine.world.object(object).fields = fields.into_iter().collect();
            machine.world.object(object).rest.extend(rest);
            machine.world.id(Value::Object(object))
        };
        let folder = self.world.text(&format!("{}/templates", package.base));
        let name = self.world.text(&package.name);
        let fields = vec![("BasePath".to_owned(), folder), ("Name".to_owned(), opaque)];
        let template = made(self, fields, None);
        let chart = made(self, vec![("Name".to_owned(), name)], None);
        self.extend_rest(chart, opaque);
        let charts = made(self, charts, None);
        let values = self.world.id(Value::Place(place));
        let files = self.world.id(Value::Files(number));
        let fields = [
            ("Values", values),
            ("Chart", chart),
            ("Files", files),
            ("Template", template),
            ("Subcharts", charts),
            ("Release", opaque),
            ("Capabilities", opaque),
        ];
        made(self, fields.map(|(key, id)| (key.to_owned(), id)).to_vec(), None)
    }

    fn extend_rest(&mut self, object: Id, more: Id) {
        if let Value::Object(object) = *self.world.value(object) {
            let _ = self.world.object(object).rest.insert(more);
        }
    }

    /// A file of a chart.
    fn file(&self, chart: u32, path: &str) -> Option<String> {
        let files = self.files.get(chart as usize)?;
        files.get(path).map(|text| (*text).to_owned())
    }
}

/// What tells the top-level templates of one chart from named ones.
fn top_context(dot: Id) -> u32 {
    u32::MAX - dot.0
}

/// The items or members of a default.
fn inner(node: &Node) -> Vec<&Node> {
    match &node.data {
        Data::List(items) => items.iter().collect(),
        Data::Map(members) => members.values().collect(),
        Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::Text(_) => Vec::new(),
    }
}
