//! Components that need each other.

use super::scope::{blocks, id};
use super::{Check, Kind};
use crate::river::Statement;
use crate::river::{Block, references};
use std::collections::BTreeMap;

/// How many components of a cycle are named.
const NAMED: usize = 5;

/// Where a walk has been.
#[derive(Clone, Copy, PartialEq)]
enum Seen {
    No,
    OnTheWay,
    /// On the way, and a way back to it is known.
    Returned,
    Done,
}

/// Finds references that lead back to where they start. What stands in a `declare` or in a `foreach` is
/// of a scope of its own.
pub(super) fn check(check: &mut Check<'_>, body: &[Statement]) {
    let nodes: Vec<&Block> =
        blocks(body).filter(|block| !matches!(&*block.name, "declare" | "foreach")).collect();
    let numbers: BTreeMap<*const Block, usize> = nodes
        .iter()
        .enumerate()
        .map(|(number, block)| (std::ptr::from_ref(*block), number))
        .collect();
    let edges: Vec<Vec<usize>> = nodes
        .iter()
        .map(|block| {
            let mentions = references(&block.body).into_iter();
            let found = mentions.filter_map(|mention| check.scope.find(&mention.path.dotted));
            found.filter_map(|(to, _)| numbers.get(&std::ptr::from_ref(to)).copied()).collect()
        })
        .collect();
    let mut seen = vec![Seen::No; nodes.len()];
    for start in 0..nodes.len() {
        for cycle in cycles_from(start, &edges, &mut seen) {
            report(check, &nodes, &cycle);
        }
    }
}

/// Walks on from a node and returns every cycle it runs into. It keeps its own stack: a chain may be
/// long.
fn cycles_from(start: usize, edges: &[Vec<usize>], seen: &mut [Seen]) -> Vec<Vec<usize>> {
    let mut cycles = Vec::new();
    let mut way: Vec<(usize, usize)> = Vec::new();
    let at = |seen: &[Seen], node: usize| seen.get(node).copied().unwrap_or(Seen::Done);
    let set = |seen: &mut [Seen], node: usize, state| {
        if let Some(slot) = seen.get_mut(node) {
            *slot = state;
        }
    };
    if at(seen, start) == Seen::No {
        set(seen, start, Seen::OnTheWay);
        way.push((start, 0));
    }
    while let Some((node, edge)) = way.last_mut() {
        let node = *node;
        let next = edges.get(node).and_then(|to| to.get(*edge)).copied();
        *edge += 1;
        match next.map(|next| (next, at(seen, next))) {
            None => {
                set(seen, node, Seen::Done);
                let _ = way.pop();
            }
            Some((next, Seen::No)) => {
                set(seen, next, Seen::OnTheWay);
                way.push((next, 0));
            }
            Some((next, Seen::OnTheWay)) => {
                // One for each node that ways lead back to: there may be very many ways.
                set(seen, next, Seen::Returned);
                let from = way.iter().position(|(node, _)| *node == next).unwrap_or_default();
                let nodes = way.iter().skip(from).map(|(node, _)| *node);
                cycles.push(nodes.collect());
            }
            Some((_, Seen::Done | Seen::Returned)) => {}
        }
    }
    cycles
}

fn report(check: &mut Check<'_>, nodes: &[&Block], cycle: &[usize]) {
    let mut blocks = cycle.iter().filter_map(|number| nodes.get(*number));
    let Some(first) = blocks.next() else { return };
    let mut others: Vec<String> =
        blocks.by_ref().take(NAMED).map(|block| format!("`{}`", id(block))).collect();
    let more = blocks.count();
    if more > 0 {
        others.push(format!("{more} more"));
    }
    let message = if others.is_empty() {
        format!("`{}` needs itself", id(first))
    } else {
        format!("`{}` needs itself by way of {}", id(first), others.join(", "))
    };
    check.breach(&first.origin, Kind::Reference, message, None);
}
