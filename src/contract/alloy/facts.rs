//! What Alloy's components accept: names, types, what they export.
//!
//! `tools/alloy-facts` derives `schema/alloy/<version>.json` from Alloy's sources. A body there is a
//! list of members: `name type` for an argument, `name {body}` for a block, `!` after a name that is
//! required, `*` after that of a block that may be repeated, and `label` where the block has one.
//! `schema/alloy/values.json` holds what only the code of a type knows.

use super::kind::Kind;
use crate::near::nearest;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{LazyLock, OnceLock};

/// How far a component has come; see the collector's `--stability.level`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stability {
    /// May change or go at any time.
    Experimental,
    /// Meant to stay, not finished.
    PublicPreview,
    /// Finished.
    GenerallyAvailable,
    /// Not of Grafana Labs; asked for by a flag of its own.
    Community,
}

impl Stability {
    /// As the collector's flag names it.
    pub fn as_str(self) -> &'static str {
        match self {
            Stability::Experimental => "experimental",
            Stability::PublicPreview => "public-preview",
            Stability::GenerallyAvailable => "generally-available",
            Stability::Community => "community",
        }
    }
}

/// What one version of Alloy accepts.
#[derive(Debug)]
pub struct Facts {
    derived: Derived,
    values: Values,
    bodies: BTreeMap<&'static str, (Vec<&'static str>, OnceLock<Body>)>,
}

/// What there is to know of a component.
#[derive(Debug, Deserialize)]
pub(super) struct Component {
    pub stability: Stability,
    pub arguments: &'static str,
    pub exports: Option<&'static str>,
}

/// What may stand in a block's braces.
#[derive(Debug)]
pub(super) struct Body {
    /// By name, sorted.
    pub members: Vec<Member>,
    pub label: Label,
}

/// Whether a block has a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    Needed,
    Refused,
}

/// An argument, a block or an export.
#[derive(Debug)]
pub(super) struct Member {
    pub name: &'static str,
    pub required: bool,
    pub shape: Shape,
}

/// Whether the case of words matters.
#[derive(Debug, Clone, Copy)]
pub(super) enum Case {
    Matters,
    IsFree,
}

/// How many arguments something of the standard library takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    /// It is no function.
    Constant,
    /// At least so many, and no more than so many if there is a limit.
    Between(usize, Option<usize>),
}

/// What a member is.
#[derive(Debug)]
pub(super) enum Shape {
    Argument(Kind),
    Block { body: &'static str, repeated: bool },
}

#[derive(Debug, Deserialize)]
struct Derived {
    source: Source,
    #[serde(borrow = "'static")]
    components: BTreeMap<&'static str, Component>,
    settings: BTreeMap<&'static str, &'static str>,
    functions: BTreeMap<&'static str, Vec<i64>>,
    conversions: BTreeMap<&'static str, Vec<&'static str>>,
    bodies: BTreeMap<&'static str, Vec<&'static str>>,
}

#[derive(Debug, Deserialize)]
struct Source {
    version: &'static str,
}

#[derive(Debug, Deserialize)]
struct Values {
    #[serde(borrow = "'static")]
    types: BTreeMap<&'static str, Vec<&'static str>>,
    folded: BTreeSet<&'static str>,
    members: BTreeMap<&'static str, Vec<&'static str>>,
    calls: BTreeMap<&'static str, Vec<i64>>,
    experimental: BTreeSet<&'static str>,
    removed: BTreeMap<&'static str, &'static str>,
}

static LATEST: LazyLock<Facts> = LazyLock::new(|| {
    Facts::read(
        include_str!("../../../schema/alloy/v1.18.1.json"),
        include_str!("../../../schema/alloy/values.json"),
    )
});

impl Facts {
    /// Those of Alloy v1.18.1, the version of the chart that we pin.
    pub fn latest() -> &'static Facts {
        &LATEST
    }

    fn read(derived: &'static str, values: &'static str) -> Facts {
        let mut derived: Derived = serde_json::from_str(derived).expect("bug: the facts are JSON");
        let bodies = std::mem::take(&mut derived.bodies).into_iter();
        let bodies = bodies.map(|(id, raw)| (id, (raw, OnceLock::new()))).collect();
        let values = serde_json::from_str(values).expect("bug: the values are JSON");
        Facts { derived, values, bodies }
    }

    /// The version of Alloy that they are of.
    pub fn version(&self) -> &'static str {
        self.derived.source.version
    }

    pub(super) fn component(&self, name: &str) -> Option<&Component> {
        self.derived.components.get(name)
    }

    /// The body of a block that configures Alloy itself.
    pub(super) fn setting(&self, name: &str) -> Option<&'static str> {
        self.derived.settings.get(name).copied()
    }

    /// What to do without a component that is gone.
    pub(super) fn removed(&self, name: &str) -> Option<&'static str> {
        self.values.removed.get(name).copied()
    }

    /// The component or setting that a typo probably meant.
    pub(super) fn nearest_block<'a>(
        &'a self,
        name: &str,
        also: impl Iterator<Item = &'a str>,
    ) -> Option<&'a str> {
        let known = self.derived.components.keys().chain(self.derived.settings.keys()).copied();
        nearest(name, known.chain(also))
    }

    /// The members of a body.
    pub(super) fn body(&self, id: &str) -> &Body {
        static EMPTY: Body = Body { members: Vec::new(), label: Label::Refused };
        match self.bodies.get(id) {
            Some((raw, read)) => read.get_or_init(|| Body::read(raw)),
            None => &EMPTY,
        }
    }

    /// What is known of a name of the standard library.
    pub(super) fn function(&self, name: &str) -> Option<Takes> {
        let derived = self.derived.functions.get(name)?;
        let counts = self.values.calls.get(name).unwrap_or(derived);
        Some(match counts.as_slice() {
            [least, most] => Takes::Between(
                usize::try_from(*least).unwrap_or_default(),
                usize::try_from(*most).ok(),
            ),
            _ => Takes::Constant,
        })
    }

    /// The names of the standard library.
    pub(super) fn functions(&self) -> impl Iterator<Item = &str> {
        self.derived.functions.keys().copied()
    }

    /// Whether a function, or a member as `body member`, is experimental.
    pub(super) fn is_experimental(&self, function: &str) -> bool {
        self.values.experimental.contains(function)
    }

    /// Whether what components hand over as `from` is taken as `into`.
    pub(super) fn converts(&self, from: &str, into: &str) -> bool {
        from == into || self.derived.conversions.get(from).is_some_and(|all| all.contains(&into))
    }

    /// The words that a type that reads text accepts.
    pub(super) fn words(&self, kind: &str) -> Option<(&[&'static str], Case)> {
        let folded = self.values.folded.contains(kind);
        Some((self.values.types.get(kind)?, if folded { Case::IsFree } else { Case::Matters }))
    }

    /// The words that an argument of a body accepts, where its type does not tell.
    pub(super) fn words_of(&self, body: &str, member: &str) -> Option<&[&'static str]> {
        self.values.members.get(format!("{body} {member}").as_str()).map(Vec::as_slice)
    }
}

impl Body {
    fn read(raw: &[&'static str]) -> Body {
        let members = raw.iter().filter_map(|text| Member::read(text)).collect();
        let label = if raw.contains(&"label") { Label::Needed } else { Label::Refused };
        Body { members, label }
    }

    /// The member of this name.
    pub fn get(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.name == name)
    }
}

impl Member {
    fn read(text: &'static str) -> Option<Member> {
        let (name, shape) = text.split_once(' ')?;
        let (name, repeated) = strip(name, '*');
        let (name, required) = strip(name, '!');
        let body = shape.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        let shape = match body {
            Some(body) => Shape::Block { body, repeated },
            None => Shape::Argument(Kind::read(shape)),
        };
        Some(Member { name, required, shape })
    }
}

fn strip(name: &'static str, mark: char) -> (&'static str, bool) {
    match name.strip_suffix(mark) {
        Some(name) => (name, true),
        None => (name, false),
    }
}
