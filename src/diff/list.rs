//! How one list becomes another: which items are the same ones.
//!
//! Kubernetes says of its own lists by which members they merge, and that their order means nothing; the
//! same facts serve overlays. Of other lists, items with a unique name are the same if their names are, and
//! their order means something. What is left is aligned so that as much as possible stays as it was.

use super::value::{Items, Step, between as value_between};
use crate::manifest::keys::{Field, Schema};
use crate::node::{Data, Node};
use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::collections::{BTreeMap, BTreeSet};

/// What is known of the lists at a place and below it.
#[derive(Debug, Clone, Copy)]
pub struct Known {
    language: Language,
    field: Field,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Language {
    Objects,
    Alloy,
    Other,
}

/// Lists of names of which only the set matters. In Alloy: who receives, and the namespaces that are
/// watched; in a kustomization: its objects.
const SETS_OF_ALLOY: [&str; 9] = [
    "forward_to",
    "names",
    "cors_allowed_origins",
    "metrics",
    "set_collectors",
    "enable_collectors",
    "disable_collectors",
    "regions",
    "statistics",
];
const SETS_OF_OTHERS: [&str; 9] = [
    "resources",
    "verbs",
    "apiGroups",
    "rules",
    "clusterRules",
    "accessModes",
    "Action",
    "Resource",
    "Statement",
];
/// Lists of Kubernetes' objects of which the API says nothing, and whose order nobody looks at.
const SETS_OF_OBJECTS: [&str; 12] = [
    "policyTypes",
    "ingress",
    "egress",
    "from",
    "to",
    "verbs",
    "apiGroups",
    "resources",
    "resourceNames",
    "nonResourceURLs",
    "entryPoints",
    "accessModes",
];

/// The members that tell items apart in the charts' values, in dashboards and in alerts.
const NAMES: [&str; 8] = ["name", "uid", "id", "key", "refId", "mountPath", "alert", "from"];

/// The most pairs of items that are compared with each other to find what belongs together.
const MOST_PAIRS: usize = 40_000;

impl Known {
    /// An object of Kubernetes, of a kind such as `apps/v1/Deployment`.
    pub fn of_kind(kind: &str) -> Known {
        Known { language: Language::Objects, field: Field::of(Schema::of_kind(kind)) }
    }

    /// A configuration of Alloy.
    pub fn alloy() -> Known {
        Known { language: Language::Alloy, field: Field::default() }
    }

    /// Nothing but what the items themselves say.
    pub fn nothing() -> Known {
        Known { language: Language::Other, field: Field::default() }
    }

    /// What is known of a member.
    #[must_use]
    pub fn member(self, key: &str) -> Known {
        let set = || Field { schema: Schema::default(), merges_by: Some(&[]) };
        let field = match self.language {
            Language::Objects => {
                let field = self.field.schema.member(key);
                if field.merges_by.is_none() && SETS_OF_OBJECTS.contains(&key) {
                    Field { merges_by: Some(&[]), ..field }
                } else {
                    field
                }
            }
            Language::Alloy if SETS_OF_ALLOY.contains(&key) => set(),
            Language::Other if SETS_OF_OTHERS.contains(&key) => set(),
            Language::Alloy | Language::Other => Field::default(),
        };
        Known { field, ..self }
    }

    fn item(self) -> Known {
        Known { field: self.field.item(), ..self }
    }
}

/// What tells items apart, and whether their order means something.
struct Identity {
    by: Vec<&'static str>,
    ordered: bool,
}

/// How `new` comes of `old`; nothing if they mean the same.
pub fn between<'a>(old: &'a [Node], new: &'a [Node], known: Known) -> Option<Items<'a>> {
    if old == new {
        return None;
    }
    let (steps, identity) = match identity(old, new, known) {
        Some(identity) => (by_name(old, new, &identity, known), identity),
        None if known.field.merges_by == Some(&[]) && are_plain(old) && are_plain(new) => {
            (as_set(old, new, known), Identity { by: Vec::new(), ordered: false })
        }
        None => (aligned(old, new, known), Identity { by: Vec::new(), ordered: true }),
    };
    let taken: Vec<usize> = steps.iter().filter_map(Step::from).collect();
    let reordered = identity.ordered && !taken.is_sorted();
    let same = !reordered
        && taken.len() == old.len()
        && steps.iter().all(|step| matches!(step, Step::Kept(_)));
    (!same).then_some(Items { before: old, steps, named_by: identity.by, reordered })
}

/// The members that tell all items of both lists apart, if any do.
fn identity(old: &[Node], new: &[Node], known: Known) -> Option<Identity> {
    let apart = |by: &Vec<&'static str>| is_unique(old, by) && is_unique(new, by);
    let declared = known.field.merges_by.filter(|keys| !keys.is_empty());
    if let Some(keys) = declared {
        let by: Vec<&'static str> = keys.iter().map(String::as_str).collect();
        return apart(&by).then_some(Identity { by, ordered: false });
    }
    let by = NAMES.into_iter().map(|name| vec![name]).find(apart)?;
    Some(Identity { by, ordered: true })
}

fn is_unique(items: &[Node], by: &[&'static str]) -> bool {
    let mut seen = BTreeSet::new();
    items.iter().all(|item| name_by(by, item).is_some_and(|name| seen.insert(name)))
}

/// What an item is called by the first of the usual names that it has.
pub fn usual_name(item: &Node) -> Option<String> {
    NAMES.into_iter().find_map(|name| name_by(&[name], item))
}

/// What an item is called by some of its members; nothing if it has none of them.
pub fn name_by(by: &[&'static str], item: &Node) -> Option<String> {
    let one = |key: &&str| match &item.get(key)?.data {
        Data::Text(text) => Some(text.to_string()),
        Data::Int(number) => Some(number.to_string()),
        Data::Null | Data::Bool(_) | Data::Float(_) | Data::List(_) | Data::Map(_) => None,
    };
    let parts: Vec<String> = by.iter().filter_map(one).collect();
    (!parts.is_empty()).then(|| parts.join(","))
}

fn by_name<'a>(
    old: &'a [Node],
    new: &'a [Node],
    identity: &Identity,
    known: Known,
) -> Vec<Step<'a>> {
    let name = |item| name_by(&identity.by, item).unwrap_or_default();
    let at: BTreeMap<String, usize> = old.iter().map(name).zip(0..).collect();
    let step = |item: &'a Node| match at
        .get(&name(item))
        .and_then(|from| Some((*from, old.get(*from)?)))
    {
        Some((from, before)) => changed(from, before, item, known),
        None => Step::Added(item),
    };
    new.iter().map(step).collect()
}

fn changed<'a>(from: usize, before: &'a Node, after: &'a Node, known: Known) -> Step<'a> {
    match value_between(before, after, known.item()) {
        Some(change) => Step::Changed(from, change),
        None => Step::Kept(from),
    }
}

fn are_plain(items: &[Node]) -> bool {
    items.iter().all(|item| !matches!(item.data, Data::List(_)))
}

/// Each new item takes an equal old one that no other has taken; of what is left, what is most alike.
fn as_set<'a>(old: &'a [Node], new: &'a [Node], known: Known) -> Vec<Step<'a>> {
    let mut free: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, item) in old.iter().enumerate().rev() {
        free.entry(item.to_json().to_string()).or_default().push(at);
    }
    let equal = |item: &Node| free.get_mut(&item.to_json().to_string()).and_then(Vec::pop);
    let taken: Vec<Option<usize>> = new.iter().map(equal).collect();
    let is_map = |item: &Node| matches!(item.data, Data::Map(_));
    let left: Vec<(usize, &Node)> = old
        .iter()
        .enumerate()
        .filter(|(at, item)| !taken.contains(&Some(*at)) && is_map(item))
        .collect();
    let fresh = new.iter().zip(&taken).filter(|(item, taken)| taken.is_none() && is_map(item));
    let fresh: Vec<&Node> = fresh.map(|(item, _)| item).collect();
    let mut paired = paired(&left, &fresh, known).into_iter();
    let step = |(item, taken): (&'a Node, Option<usize>)| match taken {
        Some(from) => Step::Kept(from),
        None if is_map(item) => paired.next().unwrap_or(Step::Added(item)),
        None => Step::Added(item),
    };
    new.iter().zip(taken).map(step).collect()
}

fn aligned<'a>(old: &'a [Node], new: &'a [Node], known: Known) -> Vec<Step<'a>> {
    let texts = |items: &[Node]| -> Vec<String> {
        items.iter().map(|item| item.to_json().to_string()).collect()
    };
    let mut steps = Vec::with_capacity(new.len());
    for op in capture_diff_slices(Algorithm::Myers, &texts(old), &texts(new)) {
        match op {
            DiffOp::Equal { old_index, len, .. } => {
                // Texts of equal values are equal, and those of numbers that are not may be.
                for offset in 0..len {
                    let pair = old.get(old_index + offset).zip(new.get(steps.len()));
                    steps.extend(pair.map(|(a, b)| changed(old_index + offset, a, b, known)));
                }
            }
            DiffOp::Delete { .. } => {}
            DiffOp::Insert { new_index, new_len, .. } => {
                steps.extend(new.iter().skip(new_index).take(new_len).map(Step::Added));
            }
            DiffOp::Replace { old_index, old_len, new_index, new_len } => {
                let old: Vec<(usize, &Node)> =
                    old.iter().enumerate().skip(old_index).take(old_len).collect();
                let new: Vec<&Node> = new.iter().skip(new_index).take(new_len).collect();
                steps.extend(paired(&old, &new, known));
            }
        }
    }
    steps
}

/// Pairs what is most alike, without crossing: the rest is dropped or added.
fn paired<'a>(old: &[(usize, &'a Node)], new: &[&'a Node], known: Known) -> Vec<Step<'a>> {
    let alike = |a: usize, b: usize| match (old.get(a), new.get(b)) {
        (Some((_, old)), Some(new)) => likeness(old, new),
        _ => 0.0,
    };
    let matches = if old.len() * new.len() <= MOST_PAIRS {
        best(old.len(), new.len(), alike)
    } else {
        (0..old.len().min(new.len())).map(|at| (at, at)).collect()
    };
    let mut matches = matches.into_iter().peekable();
    let mut steps = Vec::with_capacity(new.len());
    for (at, item) in new.iter().enumerate() {
        let pair = matches.next_if(|(_, b)| *b == at).and_then(|(a, _)| old.get(a));
        steps.push(match pair {
            Some((from, before)) => changed(*from, before, item, known),
            None => Step::Added(item),
        });
    }
    steps
}

/// The pairs with the greatest sum of likeness that do not cross.
fn best(old: usize, new: usize, alike: impl Fn(usize, usize) -> f64) -> Vec<(usize, usize)> {
    let width = new + 1;
    let mut sums = vec![0.0_f64; (old + 1) * width];
    let at = |sums: &[f64], a: usize, b: usize| sums.get(a * width + b).copied().unwrap_or(0.0);
    let mut scores = vec![0.0_f64; old * new];
    for a in (0..old).rev() {
        for b in (0..new).rev() {
            let score = alike(a, b);
            let pair = if score > 0.0 { score + at(&sums, a + 1, b + 1) } else { 0.0 };
            let sum = pair.max(at(&sums, a + 1, b)).max(at(&sums, a, b + 1));
            if let (Some(cell), Some(known)) =
                (sums.get_mut(a * width + b), scores.get_mut(a * new + b))
            {
                (*cell, *known) = (sum, score);
            }
        }
    }
    let (mut a, mut b, mut pairs) = (0, 0, Vec::new());
    while a < old && b < new {
        let score = scores.get(a * new + b).copied().unwrap_or(0.0);
        let here = at(&sums, a, b);
        if score > 0.0 && here <= score + at(&sums, a + 1, b + 1) {
            pairs.push((a, b));
            (a, b) = (a + 1, b + 1);
        } else if here <= at(&sums, a + 1, b) {
            a += 1;
        } else {
            b += 1;
        }
    }
    pairs
}

/// How alike two values are, from 0 to 1. Plain values of one kind are a little, so that a list of them
/// changes in place.
pub fn likeness(old: &Node, new: &Node) -> f64 {
    match (&old.data, &new.data) {
        (Data::Map(old), Data::Map(new)) => {
            let same: f64 =
                old.iter().filter_map(|(key, value)| Some(likeness(value, new.get(key)?))).sum();
            let all = old.len() + new.keys().filter(|key| !old.contains_key(*key)).count();
            share(same, all)
        }
        (Data::List(old), Data::List(new)) => {
            let same: f64 = old.iter().zip(new).map(|(old, new)| likeness(old, new)).sum();
            share(same, old.len().max(new.len()))
        }
        (old, new) if old == new => 1.0,
        (old, new) if old.name() == new.name() => 0.1,
        _ => 0.0,
    }
}

fn share(same: f64, all: usize) -> f64 {
    if all == 0 { 1.0 } else { same / f64::from(u32::try_from(all).unwrap_or(u32::MAX)) }
}

/// The positions of a longest subsequence that rises: what can stay while the rest moves around it.
pub fn longest_rise(numbers: &[usize]) -> BTreeSet<usize> {
    // For each length, the position of the smallest number that ends a rise of it; and what comes before each.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(numbers.len());
    let number = |at: &usize| numbers.get(*at).copied();
    for (at, _) in numbers.iter().enumerate() {
        let length = ends.partition_point(|end| number(end) < number(&at));
        before.push(length.checked_sub(1).and_then(|shorter| ends.get(shorter).copied()));
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let last = ends.last().copied();
    std::iter::successors(last, |at| before.get(*at).copied().flatten()).collect()
}
