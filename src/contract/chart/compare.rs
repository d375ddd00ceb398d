//! Which keys two versions of a chart read differently.

use super::tree::{Contract, Shape, Type};
use crate::pointer::Pointer;
use std::collections::BTreeSet;

/// How a key is read by one version of a chart and by another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyChange {
    /// Only the new version reads it; its default has this type.
    New(Option<Type>),
    /// Only the old version read it; its default had this type.
    Gone(Option<Type>),
    /// Its default has another type, and a value must have the default's.
    Retyped(Type, Type),
}

/// The keys that two versions read differently, by place; what lies below a key that is new or gone is not
/// told. `*` stands for any item or member. Where a version reads everything there are no keys.
pub fn keys(before: &Contract, after: &Contract) -> Vec<(Pointer, KeyChange)> {
    let mut found = Vec::new();
    compare(&before.values, &after.values, &mut Pointer::default(), &mut found);
    found
}

fn compare(old: &Shape, new: &Shape, at: &mut Pointer, found: &mut Vec<(Pointer, KeyChange)>) {
    if let (Some(was), Some(is)) = (old.default, new.default)
        && was != is
        && !new.lenient
    {
        found.push((at.clone(), KeyChange::Retyped(was, is)));
    }
    if reads_all(old) || reads_all(new) {
        return;
    }
    let names: BTreeSet<&String> = old.members.keys().chain(new.members.keys()).collect();
    for name in names {
        at.push(name);
        match (old.members.get(name), new.members.get(name)) {
            (Some(old), Some(new)) => compare(old, new, at, found),
            (Some(gone), None) if new.each.is_none() => {
                found.push((at.clone(), KeyChange::Gone(gone.default)));
            }
            (None, Some(added)) if old.each.is_none() => {
                found.push((at.clone(), KeyChange::New(added.default)));
            }
            (Some(_) | None, Some(_) | None) => {}
        }
        at.pop();
    }
    if let (Some(old), Some(new)) = (&old.each, &new.each) {
        at.push("*");
        compare(old, new, at, found);
        at.pop();
    }
}

fn reads_all(shape: &Shape) -> bool {
    shape.open || shape.is_leaf()
}

impl Contract {
    /// Whether something reads the value at a place.
    pub fn reads<'p>(&self, place: impl IntoIterator<Item = &'p str>) -> bool {
        let mut shape = &self.values;
        for part in place {
            if reads_all(shape) {
                return true;
            }
            match shape.members.get(part).or(shape.each.as_deref()) {
                Some(below) => shape = below,
                None => return false,
            }
        }
        true
    }
}
