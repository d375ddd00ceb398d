//! Lists: replaced as a whole, merged by keys, or merged as a set.

use super::directive::Directive;
use super::{Merge, Mode};
use crate::manifest::keys::Field;
use crate::node::{Data, Node};
use crate::overlay::fault::{Fault, fault};
use crate::overlay::writer::Writer;

/// What tells a list's items apart.
enum Identity {
    /// Nothing: the list is one value.
    None,
    /// Their values.
    Values,
    /// Some of their members.
    Keys(Vec<String>),
}

impl Merge<'_, '_> {
    pub(super) fn list(
        &mut self,
        old: Option<Node>,
        patch: &Node,
        items: &[Node],
        field: Field,
    ) -> Result<Option<Node>, Fault> {
        let mut whole = None;
        let mut plain = Vec::new();
        for item in items {
            match Directive::of_item(item)? {
                Some(directive) => whole = Some(directive),
                None => plain.push(item),
            }
        }
        let had = match old {
            Some(Node { data: Data::List(had), origin }) => Some((had, origin)),
            None | Some(Node { data: Data::Null, .. }) => None,
            // Some keys of charts take either. What a chart does not take its contract refuses.
            Some(old @ Node { data: Data::Map(_), .. })
                if self.mode == Mode::Values && whole.is_none() =>
            {
                let new = self.fresh(patch, &plain, field)?;
                return Ok(Some(self.writer.replace(Some(old), &new)));
            }
            Some(old) => return Err(self.another_kind(Some(&old), patch)),
        };
        let as_node = |(had, origin)| Node { data: Data::List(had), origin };
        let identity = match whole {
            Some(Directive::Delete) => {
                had.into_iter().for_each(|had| self.writer.remove(&as_node(had), patch));
                return Ok(None);
            }
            Some(Directive::Replace) => Identity::None,
            Some(Directive::Merge) => {
                let had = had.as_ref().map(|(had, _)| had.as_slice()).unwrap_or_default();
                self.identity(field, had, &plain, patch)?
            }
            None => declared(field),
        };
        if matches!(identity, Identity::None) {
            let new = self.fresh(patch, &plain, field)?;
            return Ok(Some(self.writer.replace(had.map(as_node), &new)));
        }
        if had.is_none() {
            self.writer.note_change();
        }
        let origin = match &had {
            Some((_, origin)) => origin.clone(),
            None => self.writer.origin(patch, None),
        };
        let had = had.map(|(had, _)| had).unwrap_or_default();
        let merged = match identity {
            Identity::None | Identity::Values => self.set(had, &plain),
            Identity::Keys(keys) => self.keyed(had, &plain, &keys, field)?,
        };
        Ok(Some(Node { data: Data::List(merged), origin }))
    }

    /// The patch's items as they are when nothing stood there.
    fn fresh(&mut self, patch: &Node, items: &[&Node], field: Field) -> Result<Node, Fault> {
        let mut quiet = Writer::quiet();
        let mut merge = Merge { writer: &mut quiet, mode: self.mode };
        let item_field = field.item();
        let items = items.iter().map(|item| match item.data {
            // In a list that is one value a null is an item like others.
            Data::Null => Ok(Some((*item).clone())),
            Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::Text(_)
            | Data::List(_)
            | Data::Map(_) => merge.merge(None, item, item_field),
        });
        let items = items.filter_map(Result::transpose).collect::<Result<Vec<_>, _>>()?;
        Ok(Node { data: Data::List(items), origin: patch.origin.clone() })
    }

    /// What tells items apart when the patch asks for a merge.
    fn identity(
        &self,
        field: Field,
        had: &[Node],
        plain: &[&Node],
        patch: &Node,
    ) -> Result<Identity, Fault> {
        let declared = declared(field);
        if !matches!(declared, Identity::None) {
            return Ok(declared);
        }
        let all = || had.iter().chain(plain.iter().copied());
        if all().all(|item| !matches!(item.data, Data::Map(_) | Data::List(_))) {
            return Ok(Identity::Values);
        }
        // The names by which Kubernetes and the charts tell items apart.
        const USUAL: [&str; 4] = ["name", "key", "mountPath", "uid"];
        let tells = |key: &&str| all().all(|item| item.get(key).is_some());
        USUAL.into_iter().find(tells).map(|key| Identity::Keys(vec![key.to_owned()])).ok_or_else(
            || {
                let message = format!("nothing tells the items of `{}` apart", self.writer.shown());
                let help = "every item needs a `name`, `key` or `mountPath` to merge by; or write the \
                            whole list, which replaces it";
                fault(&patch.origin, message).help(help)
            },
        )
    }

    /// The patch's values first, then those that it does not name.
    fn set(&mut self, had: Vec<Node>, items: &[&Node]) -> Vec<Node> {
        let mut merged: Vec<Node> = Vec::new();
        let mut rest = had;
        for (position, item) in items.iter().enumerate() {
            if merged.contains(item) {
                continue;
            }
            if let Some(at) = rest.iter().position(|old| old == *item) {
                if at > 0 {
                    self.writer.note_change();
                }
                merged.push(rest.remove(at));
            } else {
                self.writer.enter(&position.to_string());
                merged.push(self.writer.replace(None, item));
                self.writer.leave();
            }
        }
        merged.extend(rest);
        merged
    }

    /// The patch's items, each merged with its namesake, then those that it does not name. Where
    /// several keys tell items apart, only new items go in front: so does kustomize.
    fn keyed(
        &mut self,
        had: Vec<Node>,
        items: &[&Node],
        keys: &[String],
        field: Field,
    ) -> Result<Vec<Node>, Fault> {
        let mut front = Vec::new();
        let mut rest: Vec<Option<Node>> = had.into_iter().map(Some).collect();
        for (position, item) in items.iter().enumerate() {
            let wanted = key_of(item, keys);
            if wanted.iter().all(Option::is_none) {
                let keys = keys.join("` and `");
                let message = format!("this item of `{}` has no `{keys}`", self.writer.shown());
                return Err(fault(&item.origin, message).help("items are merged by it"));
            }
            let is_meant = |(_, old): &(usize, &mut Option<Node>)| {
                old.as_ref().is_some_and(|old| alike(&key_of(old, keys), &wanted))
            };
            let mut alikes = rest.iter_mut().enumerate().filter(is_meant);
            let place = alikes.next();
            if let Some((_, Some(other))) = alikes.next() {
                let message = format!("this item means several of `{}`", self.writer.shown());
                let help = format!("give all of its keys: {}", keys.join(", "));
                let error = fault(&item.origin, message).help(help);
                return Err(error.related(other.origin.written(), "one of them"));
            }
            self.writer.enter(&position.to_string());
            match place {
                Some((_, place)) if keys.len() > 1 => {
                    let old = place.take();
                    *place = self.merge(old, item, field.item())?;
                }
                Some((at, place)) => {
                    if at != position {
                        self.writer.note_change();
                    }
                    front.extend(self.merge(place.take(), item, field.item())?);
                }
                None => front.extend(self.merge(None, item, field.item())?),
            }
            self.writer.leave();
        }
        front.extend(rest.into_iter().flatten());
        Ok(front)
    }

    /// The list without some values.
    pub(super) fn without(&mut self, list: Node, values: &Node) -> Result<Node, Fault> {
        let (Data::List(items), Data::List(gone)) = (list.data, &values.data) else {
            return Err(fault(&values.origin, "values are taken out of a list only"));
        };
        let (gone, kept): (Vec<_>, Vec<_>) =
            items.into_iter().partition(|item| gone.contains(item));
        gone.into_iter().for_each(|item| self.writer.remove(&item, values));
        Ok(Node { data: Data::List(kept), origin: list.origin })
    }

    /// The list with the named items in the order that is given; others stay behind the item that
    /// they stood behind.
    pub(super) fn in_order(
        &mut self,
        list: Node,
        order: &Node,
        field: Field,
    ) -> Result<Node, Fault> {
        let (Data::List(items), Data::List(order)) = (list.data, &order.data) else {
            return Err(fault(&order.origin, "only a list has an order"));
        };
        let keys = match declared(field) {
            Identity::Keys(keys) => keys,
            Identity::None | Identity::Values => Vec::new(),
        };
        let rank = |item: &Node| {
            order.iter().position(|wanted| match keys.as_slice() {
                [] => wanted == item,
                keys => alike(&key_of(wanted, keys), &key_of(item, keys)),
            })
        };
        let before: Vec<Option<usize>> = items.iter().map(rank).collect();
        let mut groups: Vec<(Option<usize>, Vec<Node>)> = Vec::new();
        for (item, rank) in items.into_iter().zip(&before) {
            match (rank, groups.last_mut()) {
                (None, Some((_, group))) => group.push(item),
                (rank, _) => groups.push((*rank, vec![item])),
            }
        }
        groups.sort_by_key(|(rank, _)| *rank);
        let ranked: Vec<usize> = before.iter().copied().flatten().collect();
        if !ranked.is_sorted() {
            self.writer.note_change();
        }
        let items = groups.into_iter().flat_map(|(_, group)| group).collect();
        Ok(Node { data: Data::List(items), origin: list.origin })
    }
}

fn declared(field: Field) -> Identity {
    match field.merges_by {
        None => Identity::None,
        Some([]) => Identity::Values,
        Some(keys) => Identity::Keys(keys.to_vec()),
    }
}

/// The values of an item's keys, as text: `80` and `"80"` name the same port.
fn key_of(item: &Node, keys: &[String]) -> Vec<Option<String>> {
    let text = |key: &String| {
        let value = item.get(key)?;
        match &value.data {
            Data::Null => None,
            Data::Text(text) => Some(text.to_string()),
            Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::List(_) | Data::Map(_) => {
                Some(value.to_json().to_string())
            }
        }
    };
    keys.iter().map(text).collect()
}

/// Whether two items are one: a key that one of them leaves out does not tell them apart.
fn alike(one: &[Option<String>], other: &[Option<String>]) -> bool {
    let pairs = || one.iter().zip(other);
    pairs().any(|(a, b)| a.is_some() && a == b)
        && pairs().all(|(a, b)| a == b || a.is_none() || b.is_none())
}
