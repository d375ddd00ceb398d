//! A difference for a terminal: two lines for what two lines can say.
//!
//! Each group is a line with its classes and why, a line with its cause, and where it shows; lines are cut to
//! the width, never wrapped, so that a pager shows what is there. [`Detail::Full`] adds every value.

use super::text::visible;
use super::{standing, words};
use crate::diff::acknowledge::{Judged, JudgedGroup};
use crate::diff::cause::LineEdit;
use crate::diff::group::{Change, Group, Review};
use crate::diff::review::Spot;
use crate::diff::risk::Class;
use crate::model::Word as _;
use crate::report::Colors;
use anstyle::{AnsiColor, Style};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// How much is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// What a reviewer must see.
    Brief,
    /// Every place and every value.
    Full,
}

/// How it is shown.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// In characters; lines are cut there.
    pub width: usize,
    /// Whether classes and signs are coloured.
    pub colors: Colors,
    /// How much is shown.
    pub detail: Detail,
}

/// The most changed lines, and the most files of a group, that are shown in brief.
const MOST: usize = 3;

/// The same for what another version of a chart changes.
const MOST_OF_A_CHART: usize = 12;

/// The whole difference; empty if there is none, and no acknowledgement of one.
pub fn terminal(judged: &Judged, look: Look) -> String {
    let review = judged.review;
    let mut out = Out { text: String::new(), look, places: Places::of(review) };
    let is_brief = look.detail == Detail::Brief;
    let shown = judged.groups.iter().filter(|one| !(is_brief && one.group.class == Class::Noise));
    shown.for_each(|one| out.group(one));
    let noise = review.counts().remove(&Class::Noise).filter(|_| is_brief).unwrap_or_default();
    if noise > 0 {
        let text = format!("{} without an effect", words::counted(noise, "change"));
        out.line(Some(Class::Noise), &text);
    }
    // In full each change has said it already.
    if is_brief {
        out.footnotes(review);
    }
    for one in &judged.unused {
        let (change, said) = (&one.change.value, standing::unused(one));
        out.line(None, &format!("{change} {said}: {}", one.why.value.as_str()));
    }
    out.text
}

struct Out {
    text: String,
    look: Look,
    places: Places,
}

impl Out {
    fn group(&mut self, JudgedGroup { group, standing }: &JudgedGroup) {
        let risks = words::risks(group);
        let why = risks.get(&group.class).copied().unwrap_or_default();
        let others: Vec<&str> = risks
            .keys()
            .filter(|class| **class > group.class && **class < Class::Config)
            .map(|class| class.as_str())
            .collect();
        let others = if others.is_empty() {
            String::new()
        } else {
            format!(" (also {})", others.join(", "))
        };
        self.line(Some(group.class), &format!("{why}{others}"));
        if let Some(said) = standing::said(*standing) {
            self.line(None, &format!("{}: {}", said.short, said.why));
        }
        match self.look.detail {
            Detail::Brief => self.brief(group),
            Detail::Full => self.full(group),
        }
    }

    /// The causes, and after the last of them what is in one file alone.
    fn brief(&mut self, group: &Group) {
        let mut causes: Vec<String> = group.causes.iter().take(MOST).map(described).collect();
        if group.causes.len() > MOST {
            causes.push(format!("and {} more", words::counted(group.causes.len() - MOST, "line")));
        }
        let files = self.files(group);
        let last = causes.pop();
        causes.iter().for_each(|cause| self.line(None, cause));
        match (files.as_slice(), last) {
            ([only], Some(cause)) => self.line(None, &format!("{cause}  ⇒  {only}")),
            (files, cause) => {
                cause.iter().for_each(|cause| self.line(None, cause));
                let most = if is_bump(group) { MOST_OF_A_CHART } else { MOST };
                let shown = if files.len() > most { most - 1 } else { files.len() };
                files.iter().take(shown).for_each(|file| self.line(None, &format!("  {file}")));
                if files.len() > shown {
                    let more = files.len() - shown;
                    self.line(None, &format!("  and {more} more places; --detail full shows them"));
                }
            }
        }
    }

    /// One line for each file: what changes in it, worst first.
    fn files(&self, group: &Group) -> Vec<String> {
        let mut files: Vec<(String, Vec<String>)> = Vec::new();
        for change in group.changes.iter().filter(|change| change.class() != Class::Noise) {
            let mut seen = BTreeSet::new();
            for spot in &change.spots {
                if !seen.insert((&spot.file, &spot.place)) {
                    continue;
                }
                let file = self.file(change, spot);
                let what = what(change, spot);
                // What a chart changes on its own is for a line each: nobody has written it.
                match files.iter_mut().find(|(name, _)| *name == file && spot.chart.is_none()) {
                    Some((_, all)) => all.push(what),
                    None => files.push((file, vec![what])),
                }
            }
        }
        let line = |(file, what): (String, Vec<String>)| format!("{file} {}", what.join(", "));
        files.into_iter().map(line).collect()
    }

    /// A file, and in which clusters, if there is a choice.
    fn file(&self, change: &Change, spot: &Spot) -> String {
        let same = change
            .spots
            .iter()
            .filter(|other| (&other.file, &other.place) == (&spot.file, &spot.place));
        let clusters: BTreeSet<(&str, &str)> =
            same.map(|spot| (spot.workload.as_str(), spot.cluster.as_str())).collect();
        let file = match &spot.chart {
            Some(chart) => &format!("chart {chart}"),
            None if spot.file.is_empty() => "the whole tree",
            None => &spot.file,
        };
        match clusters.len() {
            _ if self.places.clusters.len() < 2 => file.to_owned(),
            1 => format!("{}/{} {file}", spot.workload, spot.cluster),
            many => format!("{file} in {many} clusters"),
        }
    }

    fn full(&mut self, group: &Group) {
        self.line(None, &format!("id {}", group.id));
        group.causes.iter().for_each(|cause| self.line(None, &described(cause)));
        for change in &group.changes {
            for risk in &change.risks {
                self.line(None, &format!("  {}: {}", risk.class, risk.why));
            }
            self.line(None, &format!("  {}", change.consequence));
            for spot in &change.spots {
                let Spot { workload, cluster, file, place, .. } = spot;
                let file =
                    spot.chart.as_ref().map_or(file.clone(), |chart| format!("chart {chart}"));
                self.line(None, &format!("  {workload}/{cluster} {file} {place}"));
            }
            self.values(change);
        }
    }

    /// The old and the new value, line by line, as much of them as differs.
    fn values(&mut self, change: &Change) {
        let (old, new) = (change.before.as_deref(), change.after.as_deref());
        let (old, new) = (old.unwrap_or_default(), new.unwrap_or_default());
        let diff = similar::TextDiff::from_lines(old, new);
        for line in diff.grouped_ops(2).iter().flatten().flat_map(|op| diff.iter_changes(op)) {
            let (sign, style) = match line.tag() {
                similar::ChangeTag::Delete => ("−", Some(AnsiColor::Red)),
                similar::ChangeTag::Insert => ("+", Some(AnsiColor::Green)),
                similar::ChangeTag::Equal => (" ", None),
            };
            self.styled(
                style.map(AnsiColor::on_default),
                &format!("    {sign} {}", line.value().trim_end()),
            );
        }
    }

    /// What those who apply the tree will do about the worst classes, once for each.
    fn footnotes(&mut self, review: &Review) {
        let mut seen = BTreeSet::new();
        for change in review.groups.iter().flat_map(|group| &group.changes) {
            if change.class() <= Class::Immutable {
                let _ = seen.insert((change.class(), change.consequence));
            }
        }
        for (class, consequence) in seen {
            self.line(None, &format!("{class}: {consequence}"));
        }
    }

    /// A line, with a class in front or under it.
    fn line(&mut self, class: Option<Class>, text: &str) {
        match class {
            Some(class) => {
                let text = cut(text, self.look.width.saturating_sub(LABEL + 1));
                let label = format!("{:LABEL$}", class.as_str());
                self.push(Some(style(class)), &label);
                let _ = writeln!(self.text, " {text}");
            }
            None => self.styled(None, &format!("  {text}")),
        }
    }

    fn styled(&mut self, style: Option<Style>, text: &str) {
        let text = cut(text, self.look.width);
        self.push(style, &text);
        self.text.push('\n');
    }

    fn push(&mut self, style: Option<Style>, text: &str) {
        match (style, self.look.colors) {
            (Some(style), Colors::On) => {
                let _ = write!(self.text, "{style}{text}{style:#}");
            }
            (Some(_), Colors::Off) | (None, _) => self.text.push_str(text),
        }
    }
}

/// The width of the longest class.
const LABEL: usize = 14;

/// Which clusters there are at all.
struct Places {
    clusters: BTreeSet<(String, String)>,
}

impl Places {
    fn of(review: &Review) -> Places {
        let changes = review.groups.iter().flat_map(|group| &group.changes);
        let spots = changes.flat_map(|change| &change.spots);
        Places {
            clusters: spots.map(|spot| (spot.workload.clone(), spot.cluster.clone())).collect(),
        }
    }
}

/// Whether another version of a chart is among what changes.
fn is_bump(group: &Group) -> bool {
    group.changes.iter().flat_map(|change| &change.spots).any(|spot| spot.chart.is_some())
}

fn described(edit: &LineEdit) -> String {
    format!("{}  {}", words::at(edit), words::cause(edit))
}

/// A place and its values, as short as can be.
fn what(change: &Change, spot: &Spot) -> String {
    let place = if spot.place.is_empty() { "" } else { &spot.place };
    let text = match words::values(change) {
        Some(values) if values.chars().count() <= 48 => format!("{place} {values}"),
        Some(_) | None => match (&change.before, &change.after) {
            (Some(_), Some(_)) => format!("{place} changes"),
            (Some(_), None) => format!("− {place}"),
            (None, _) => format!("+ {place}"),
        },
    };
    text.trim().to_owned()
}

fn style(class: Class) -> Style {
    match class {
        Class::DataLoss | Class::Immutable => AnsiColor::Red.on_default().bold(),
        Class::Exposure | Class::Privilege => AnsiColor::Magenta.on_default().bold(),
        Class::TelemetryLoss => AnsiColor::Yellow.on_default().bold(),
        Class::Restart => AnsiColor::Cyan.on_default(),
        Class::Config => AnsiColor::Blue.on_default(),
        Class::Noise => AnsiColor::BrightBlack.on_default(),
    }
}

/// Text of at most so many characters. What would deceive a terminal or its reader is written out.
fn cut(text: &str, width: usize) -> String {
    let safe = visible(text).replace('\t', "    ");
    if safe.chars().count() <= width {
        return safe;
    }
    let mut kept: String = safe.chars().take(width.saturating_sub(1)).collect();
    kept.push('…');
    kept
}
