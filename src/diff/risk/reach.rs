//! Looking around a change: at what stands beside it, and at sets and networks that are parts of others.

use super::when;
use crate::diff::edit::{Edit, Part};
use crate::diff::list::usual_name;
use crate::diff::tree::{File, FileChange};
use crate::node::Node;
use core::net::IpAddr;

/// What stands at a place in one side's tree.
pub fn reach<'n>(root: &'n Node, parts: &[Part]) -> Option<&'n Node> {
    parts.iter().try_fold(root, |node, part| match part {
        Part::Member(name) => node.get(name),
        Part::At(position) => node.items()?.get(*position),
        Part::Named(name) => {
            node.items()?.iter().find(|item| usual_name(item).as_ref() == Some(name))
        }
    })
}

/// Whether a leaf stands in a list of this name.
pub fn is_in(leaf: &Edit, list: &str) -> bool {
    leaf.place.parts().iter().any(|part| part.key() == list)
}

/// Whether a list of what is let in lets in more: an item comes to others, or the last one goes, and with it the
/// list, which then means all. One that is there for the first time lets in less.
pub fn widens(file: &FileChange, leaf: &Edit) -> bool {
    let parts = leaf.place.parts();
    let list = parts.split_last().map_or(parts, |(_, list)| list);
    let open = |file: Option<&File>| {
        file.and_then(|file| reach(file.view(), list)).is_none_or(Node::is_empty)
    };
    match (leaf.before, leaf.after) {
        (None, Some(_)) => !open(file.before),
        (Some(_), None) => open(file.after),
        (Some(_) | None, Some(_) | None) => {
            let text = |side: Option<&Node>| side.map(when::text).unwrap_or_default();
            !narrower_networks(&text(leaf.after), &text(leaf.before))
        }
    }
}

/// Whether all members of one list in a text are in another.
pub fn narrower_set(inner: &str, outer: &str, between: char) -> bool {
    let outer: Vec<&str> = outer.split(between).map(str::trim).collect();
    inner.split(between).all(|one| outer.contains(&one.trim()))
}

/// Whether every network of one list lies in one of another; lists have blanks or commas between them.
pub fn narrower_networks(inner: &str, outer: &str) -> bool {
    let all = |text: &str| -> Vec<String> {
        text.split([',', ' ']).filter(|one| !one.is_empty()).map(str::to_owned).collect()
    };
    let (inner, outer) = (all(inner), all(outer));
    !inner.is_empty() && inner.iter().all(|one| outer.iter().any(|other| lies_in(one, other)))
}

fn lies_in(inner: &str, outer: &str) -> bool {
    let (Some((inner, long)), Some((outer, short))) = (network(inner), network(outer)) else {
        return inner == outer;
    };
    let bits = |address: IpAddr| match address {
        IpAddr::V4(address) => (u128::from(address.to_bits()) << 96, 4),
        IpAddr::V6(address) => (address.to_bits(), 6),
    };
    let ((inner, one), (outer, other)) = (bits(inner), bits(outer));
    let differ = inner ^ outer;
    one == other && long >= short && (short == 0 || differ.checked_shr(128 - short) == Some(0))
}

fn network(text: &str) -> Option<(IpAddr, u32)> {
    let (address, length) = match text.split_once('/') {
        Some((address, length)) => (address, Some(length.parse().ok()?)),
        None => (text, None),
    };
    let address: IpAddr = address.parse().ok()?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    Some((address, length.unwrap_or(most).min(most)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_lie_in_larger_ones_of_their_kind() {
        for (inner, outer) in [
            ("10.0.4.0/24", "10.0.0.0/16"),
            ("10.1.2.3", "10.1.2.3/32"),
            ("10.1.2.3/32", "0.0.0.0/0, ::/0"),
            ("fd00::/16", "fd00::/8"),
        ] {
            assert!(narrower_networks(inner, outer), "{inner} in {outer}");
        }
        for (inner, outer) in
            [("10.0.0.0/16", "10.0.4.0/24"), ("10.0.0.0/8", "::/0"), ("", "10.0.0.0/8")]
        {
            assert!(!narrower_networks(inner, outer), "{inner} in {outer}");
        }
    }
}
