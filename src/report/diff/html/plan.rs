//! What a page has room for: which changes are told whole, which in a line, and which are only counted.
//!
//! Room is given to changes from the worst class to the mildest. First as many as fit are told whole, all of a class
//! with the same [`Caps`]; some room is kept, so that what comes after can be told in lines. Then the others get
//! their lines, in the same order, until nothing fits any more. So nothing that is dangerous is only counted while
//! something that is not is told.

use super::{MOST, group, summary};
use crate::diff::acknowledge::{Judged, JudgedGroup};
use crate::diff::group::Change;
use crate::diff::risk::Class;
use crate::report::diff::is_dangerous;
use std::collections::BTreeSet;

/// How much is shown of each change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caps {
    /// Lines of a value that differ.
    pub lines: usize,
    /// Places, and clusters that share some.
    pub places: usize,
    /// Reasons of a value.
    pub reasons: usize,
}

/// From what fits nearly always to the least.
const CAPS: [Caps; 4] = [
    Caps { lines: 400, places: 400, reasons: 200 },
    Caps { lines: 100, places: 100, reasons: 60 },
    Caps { lines: 24, places: 24, reasons: 20 },
    Caps { lines: 6, places: 6, reasons: 6 },
];

/// Bytes that a line takes, about.
const LINE: usize = 400;

/// How a change is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// With its values, what follows, its places and reasons.
    Whole(Caps),
    /// In a line; that of its group, if nothing of the group is told whole.
    Line,
    /// In a number of such changes.
    Counted,
}

/// How a group is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// As a block with its changes.
    Block,
    /// In a line.
    Line,
    /// In a number of such groups.
    Counted,
}

/// A group, and how its changes are told.
#[derive(Debug, Clone)]
pub struct Planned<'a> {
    /// The group.
    pub one: JudgedGroup<'a>,
    /// Its changes in their order.
    pub changes: Vec<(&'a Change, Told)>,
}

impl Planned<'_> {
    /// How it is told.
    pub fn shape(&self) -> Shape {
        let any = |told: fn(Told) -> bool| self.changes.iter().any(|(_, one)| told(*one));
        if any(|told| matches!(told, Told::Whole(_))) {
            Shape::Block
        } else if any(|told| told == Told::Line) {
            Shape::Line
        } else {
            Shape::Counted
        }
    }
}

/// How all groups are told within so many bytes.
pub fn plan<'a>(judged: &Judged<'a>, room: usize) -> Vec<Planned<'a>> {
    let mut pieces: Vec<Piece> = (0..).zip(&judged.groups).flat_map(Piece::of).collect();
    // Stable: within a class the order stays as it is.
    pieces.sort_by_key(Piece::class);
    let mut filling = Filling { room, blocks: BTreeSet::new() };
    filling.whole(&mut pieces);
    filling.lines(&mut pieces);
    pieces.sort_by_key(|piece| piece.group);
    let of_one = pieces.chunk_by(|one, other| one.group == other.group);
    let planned = |pieces: &[Piece<'a>]| {
        let changes = pieces.iter().map(|piece| (piece.change, piece.told)).collect();
        pieces.first().map(|first| Planned { one: first.of, changes })
    };
    of_one.filter_map(planned).collect()
}

/// A change on its way into a page.
struct Piece<'a> {
    /// The number of its group.
    group: usize,
    of: JudgedGroup<'a>,
    change: &'a Change,
    told: Told,
}

impl<'a> Piece<'a> {
    fn of((number, one): (usize, &JudgedGroup<'a>)) -> impl Iterator<Item = Piece<'a>> {
        let (group, of) = (number, *one);
        let piece = move |change| Piece { group, of, change, told: Told::Counted };
        of.group.changes.iter().map(piece)
    }

    fn class(&self) -> Class {
        self.change.class()
    }

    /// The bytes of everything of its group but its changes.
    fn frame(&self) -> usize {
        let changes = self.of.group.changes.iter().map(|change| (change, Told::Counted));
        let empty = Planned { one: self.of, changes: changes.collect() };
        group::group(&empty).size() + summary::item(&self.of).size()
    }
}

/// What is left of the page.
struct Filling {
    room: usize,
    /// The groups of which something is told whole.
    blocks: BTreeSet<usize>,
}

/// How many pieces fit, and what they take.
struct Fit {
    caps: Caps,
    pieces: usize,
    bytes: usize,
}

impl Filling {
    /// Tells as many as possible whole, class by class.
    fn whole(&mut self, pieces: &mut [Piece]) {
        let mut after = pieces.len();
        for of_class in pieces.chunk_by_mut(|one, other| one.class() == other.class()) {
            after -= of_class.len();
            let Some(fit) = self.best(of_class, after) else { return };
            for piece in of_class.iter_mut().take(fit.pieces) {
                piece.told = Told::Whole(fit.caps);
                let _ = self.blocks.insert(piece.group);
            }
            self.room -= fit.bytes;
            if fit.pieces < of_class.len() {
                return;
            }
        }
    }

    /// The first caps with which all fit, or the least.
    fn best(&self, of_class: &[Piece], after: usize) -> Option<Fit> {
        let mut best = None;
        for caps in CAPS {
            let fit = self.fit(of_class, caps, after);
            let fits = fit.pieces == of_class.len();
            best = Some(fit);
            if fits {
                break;
            }
        }
        best
    }

    fn fit(&self, of_class: &[Piece], caps: Caps, after: usize) -> Fit {
        let mut fit = Fit { caps, pieces: 0, bytes: 0 };
        let mut blocks = BTreeSet::new();
        for piece in of_class {
            let said = crate::report::diff::standing::said(piece.of.standing);
            let whole = group::change(piece.change, said.as_ref(), caps).size();
            let is_new = !self.blocks.contains(&piece.group) && blocks.insert(piece.group);
            let bytes = fit.bytes + whole + if is_new { piece.frame() } else { 0 };
            let others = of_class.len() - fit.pieces - 1 + after;
            if bytes + kept(piece.class(), others) > self.room {
                break;
            }
            fit = Fit { pieces: fit.pieces + 1, bytes, ..fit };
        }
        fit
    }

    /// Tells as many of the others as possible in a line.
    fn lines(&mut self, pieces: &mut [Piece]) {
        let mut told = BTreeSet::new();
        for piece in pieces.iter_mut().filter(|piece| piece.told == Told::Counted) {
            let bytes = if self.blocks.contains(&piece.group) {
                group::change_in_short(piece.change).size()
            } else if told.contains(&piece.group) {
                0
            } else {
                group::in_short(&piece.of).size()
            };
            if bytes > self.room {
                return;
            }
            self.room -= bytes;
            let _ = told.insert(piece.group);
            piece.told = Told::Line;
        }
    }
}

/// The bytes that are kept for lines of what comes after a change: little after one that is dangerous, much after
/// one that is not.
fn kept(class: Class, others: usize) -> usize {
    let most = if is_dangerous(class) { MOST / 10 } else { MOST / 2 };
    (others * LINE).min(most)
}
