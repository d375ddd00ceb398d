//! What another version of a chart changes where nobody changed a value.
//!
//! A default that changes, comes or goes is judged like a value that does, where nothing here stands in its place.
//! The rest has no effect, and is there to be counted: defaults that nobody takes, and keys that nobody sets and
//! whose default says nothing.

mod defaults;

use super::edit::{Edit, Place};
use super::risk::{self, Class, Risks};
use super::tree::{File, FileChange, Side};
use super::value::Change;
use crate::check::Known;
use crate::contract::chart::{self, Contract, KeyChange, Type};
use crate::layout;
use crate::model::ComponentId;
use crate::node::{Data, Node, because};
use crate::origin::Origin;
use crate::pointer::Pointer;
use crate::tree::{Content, RelPath, Tree};
use defaults::{DefaultChange, Taken};

/// What another version of a chart changes at one place.
#[derive(Debug)]
pub struct Shift<'a> {
    /// The chart's name.
    pub chart: &'static str,
    /// The file with its values.
    pub path: RelPath,
    /// The place in the chart's values; the whole of the chart, or `/appVersion`.
    pub place: Pointer,
    /// What stood there.
    pub before: Option<Node>,
    /// What is to stand there.
    pub after: Option<Node>,
    /// Its classes.
    pub risks: Risks,
    /// Why the chart had its old version, and why it has the new one.
    pub origins: [&'a Origin; 2],
}

/// The place of the version of what a chart deploys: a name in `Chart.yaml`, not in the values.
const APPLICATION: &str = "appVersion";

const UNKNOWN: &str =
    "another version of the chart, and what it changes is not known: a contract is missing";
const NO_DEFAULTS: &str =
    "another version of the chart, and its defaults are not known: make its contract anew";
const DEPLOYS: &str = "another version of what the chart deploys: its pods are replaced";
const SAYS: &str = "the chart says that it deploys this version";
const FIRST_READ: &str = "the chart's new version is the first to read it";
const NO_LONGER: &str = "the chart's new version does not read it";
const RETYPED: &str = "the chart's new version expects a value of another type";
const UNSET: &str = "nothing here sets it";
const REPLACED: &str = "the value that is set here stands in its place";
const DEFAULT: &str = "the chart's own value changes";
const KEYS: &str = "the type of the chart's own value";

/// What the charts' versions change, of those charts that have another one.
pub fn shifts<'a>(before: Side<'a>, after: Side<'a>) -> Vec<Shift<'a>> {
    let of = |id: ComponentId| {
        let (old, new) = (before.1.of(id), after.1.of(id));
        let path = RelPath::of(id, layout::VALUES);
        let (was, is) = (values(before.0, &path)?, values(after.0, &path)?);
        (old.version != new.version).then(|| Bump { old, new, path, was, is }.shifts())
    };
    ComponentId::ALL.into_iter().filter_map(of).flatten().collect()
}

fn values<'t>(tree: &'t Tree, path: &RelPath) -> Option<&'t Node> {
    match tree.get(path)? {
        Content::Values(values) => Some(values),
        Content::Object(_) | Content::Document(_) | Content::Alloy(_) => None,
    }
}

/// A chart that has another version.
struct Bump<'a> {
    old: &'a Known<'a>,
    new: &'a Known<'a>,
    path: RelPath,
    /// The values that are written for the old version, and for the new one.
    was: &'a Node,
    is: &'a Node,
}

impl<'a> Bump<'a> {
    fn shifts(&self) -> Vec<Shift<'a>> {
        let (Some(old), Some(new)) = (self.old.contract, self.new.contract) else {
            return vec![self.versions(UNKNOWN)];
        };
        let mut found: Vec<Shift> = self.application(old, new).into_iter().collect();
        found.extend(self.keys(old, new));
        match (&old.defaults, &new.defaults) {
            (Some(was), Some(is)) => {
                found.extend(self.defaults((old, was.values()), (new, is.values())));
            }
            (Some(_) | None, Some(_) | None) => found.push(self.versions(NO_DEFAULTS)),
        }
        found
    }

    fn shift(&self, place: Pointer, sides: [Option<Node>; 2], risks: Risks) -> Shift<'a> {
        let [before, after] = sides;
        let origins = [&self.old.origin, &self.new.origin];
        Shift {
            chart: self.new.name,
            path: self.path.clone(),
            place,
            before,
            after,
            risks,
            origins,
        }
    }

    /// The versions themselves, of which something is not known.
    fn versions(&self, why: &'static str) -> Shift<'a> {
        let version = |known: &Known| {
            Some(Node { data: known.version.clone().into(), origin: known.origin.clone() })
        };
        let sides = [version(self.old), version(self.new)];
        self.shift(Pointer::default(), sides, Risks::from([(Class::Restart, why)]))
    }

    fn application(&self, old: &Contract, new: &Contract) -> Option<Shift<'a>> {
        let version = |contract: &Contract| {
            contract.application.as_ref().map(|version| because(SAYS, version.clone()))
        };
        let mut place = Pointer::default();
        place.push(APPLICATION);
        let risks = Risks::from([(Class::Restart, DEPLOYS)]);
        let differs = old.application != new.application;
        differs.then(|| self.shift(place, [version(old), version(new)], risks))
    }

    /// The keys that only one version reads, and those that it reads as another type. What is set for one version
    /// only has changed in the tree, too, which tells it.
    fn keys(&self, old: &Contract, new: &Contract) -> Vec<Shift<'a>> {
        let judge = self.judge(old, new);
        let mut found = Vec::new();
        for (place, change) in chart::keys(old, new) {
            let (was, is) = (defaults::at(self.was, &place), defaults::at(self.is, &place));
            let set = match (was, is) {
                (Some(_), Some(value)) => Some(value),
                (None, None) => None,
                (Some(_), None) | (None, Some(_)) => continue,
            };
            match (change, set) {
                (KeyChange::New(_), Some(value)) => {
                    let sides = [None, Some(value.clone())];
                    let risks = judge.risks(&self.path, &place, &sides, FIRST_READ);
                    found.push(self.shift(place, sides, risks));
                }
                (KeyChange::Gone(_), Some(value)) => {
                    let sides = [Some(value.clone()), None];
                    let risks = judge.risks(&self.path, &place, &sides, NO_LONGER);
                    found.push(self.shift(place, sides, risks));
                }
                (KeyChange::New(kind), None) => found.extend(
                    said(new, &place, kind)
                        .into_iter()
                        .map(|(place, value)| self.unset(&judge, place, [None, Some(value)])),
                ),
                (KeyChange::Gone(kind), None) => found.extend(
                    said(old, &place, kind)
                        .into_iter()
                        .map(|(place, value)| self.unset(&judge, place, [Some(value), None])),
                ),
                (KeyChange::Retyped(was, is), Some(_)) => {
                    let sides = [was, is].map(|kind| Some(because(KEYS, kind.name())));
                    let risks = Risks::from([(Class::Config, RETYPED)]);
                    found.push(self.shift(place, sides, risks));
                }
                // Then its default is another one, and that is told.
                (KeyChange::Retyped(..), None) => {}
            }
        }
        found
    }

    /// A key that nothing here sets: it has an effect if it has a default that says something.
    fn unset(&self, judge: &Judge, place: Pointer, sides: [Option<Said>; 2]) -> Shift<'a> {
        let is_said =
            |side: &Option<Said>| matches!(side, Some(Said::Default(value)) if !is_false(value));
        let is_effective = sides.iter().any(is_said);
        let sides = sides.map(|side| side.map(Said::node));
        let risks = if is_effective {
            judge.risks(&self.path, &place, &sides, DEFAULT)
        } else {
            Risks::from([(Class::Noise, UNSET)])
        };
        self.shift(place, sides, risks)
    }

    /// Both sides' values over the charts' own ones, as far as those are known.
    fn judge(&self, old: &Contract, new: &Contract) -> Judge {
        let all = |contract: &Contract, set: &Node| match &contract.defaults {
            Some(defaults) => defaults.values().clone().with(set.clone()),
            None => set.clone(),
        };
        Judge::new(all(old, self.was), all(new, self.is))
    }

    /// The defaults that change, of keys that both versions read.
    fn defaults(&self, old: (&Contract, &Node), new: (&Contract, &Node)) -> Vec<Shift<'a>> {
        let judge = self.judge(old.0, new.0);
        let of = |DefaultChange { place, sides, taken }: DefaultChange| {
            let parts = || place.parts().iter().map(String::as_str);
            let both = old.0.reads(parts()) && new.0.reads(parts());
            let risks = match taken {
                Taken::No => Risks::from([(Class::Noise, REPLACED)]),
                Taken::Yes => judge.risks(&self.path, &place, &sides, DEFAULT),
            };
            both.then(|| self.shift(place, sides, risks))
        };
        defaults::changes(old.1, new.1, self.is).into_iter().filter_map(of).collect()
    }
}

/// The values among which a value changes, which rules look at, too.
struct Judge {
    before: Content,
    after: Content,
}

impl Judge {
    fn new(before: Node, after: Node) -> Judge {
        Judge { before: Content::Values(before), after: Content::Values(after) }
    }

    /// The classes of a value's change; what no rule knows is so because of `otherwise`.
    fn risks(
        &self,
        path: &RelPath,
        place: &Pointer,
        [before, after]: &[Option<Node>; 2],
        otherwise: &'static str,
    ) -> Risks {
        let edit = Edit { place: Place::of(place), before: before.as_ref(), after: after.as_ref() };
        let (old, new) = (File::of_values(path, &self.before), File::of_values(path, &self.after));
        let (Some(old), Some(new)) = (old, new) else { return Risks::new() };
        let change = Change::Replaced(old.view(), new.view());
        let file = FileChange { before: Some(&old), after: Some(&new), renamed: false, change };
        let mut risks = risk::of(&file, &edit);
        if let Some(why) = risks.get_mut(&Class::Config) {
            *why = otherwise;
        }
        risks
    }
}

/// What is said of a key that nothing here sets.
enum Said {
    /// The chart's own value.
    Default(Node),
    /// Of what type that is, where it is not kept.
    Type(Option<Type>),
}

impl Said {
    fn node(self) -> Node {
        match self {
            Said::Default(value) => value,
            Said::Type(kind) => because(KEYS, kind.map_or("a value", Type::name)),
        }
    }
}

/// What is said of a key that only one version reads: each of its defaults, or else of what type it is.
fn said(contract: &Contract, place: &Pointer, kind: Option<Type>) -> Vec<(Pointer, Said)> {
    let default = contract.defaults.as_ref();
    let default = default.and_then(|defaults| defaults::at(defaults.values(), place));
    let mut found = Vec::new();
    match default {
        Some(default) => defaults::leaves(default, &mut place.clone(), &mut found),
        None => return vec![(place.clone(), Said::Type(kind))],
    }
    found.into_iter().map(|(place, value)| (place, Said::Default(value))).collect()
}

/// Whether a chart takes a value for none.
fn is_false(value: &Node) -> bool {
    match &value.data {
        Data::Bool(value) => !value,
        Data::Text(text) => text.is_empty(),
        Data::Int(number) => *number == 0,
        Data::Float(number) => *number == 0.0,
        Data::Null | Data::List(_) | Data::Map(_) => value.is_empty(),
    }
}
