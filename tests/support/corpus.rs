//! The labelled changes, `tests/diff/corpus/`: each an edit of a spec or of an overlay,
//! with the risks that it has for a running system. Labels come from the real charts' output and from what the
//! API server, Mimir, Loki, Grafana and Alloy do with it, never from what a diff says.
//!
//! `kustomization.yaml` and `.telemetree.json` follow from the other files and count for nothing.

use super::{Files, compile_with, root};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use telemetree::compile::Compiled;
use telemetree::model::RiskClass;

/// A risk of a change. A change has every one that applies to one of the places that it changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// Stored telemetry, or a component's state, is lost, deleted or no longer found.
    DataLoss,
    /// The API server refuses the change of an object that is there, of ours or of a chart's.
    Immutable,
    /// Something is reachable by more, or with less in between.
    Exposure,
    /// A pod, an account or a role may do more, or is another one.
    Privilege,
    /// A path, target, metric, log or label that dashboards and alerts go by is no longer there.
    TelemetryLoss,
    /// Running pods are replaced.
    Restart,
    /// A place has another effect, and none of the above.
    Config,
    /// A place changes without any effect.
    Noise,
}

impl Class {
    /// All of them, the worst first.
    pub const ALL: [Class; 8] = [
        Class::DataLoss,
        Class::Immutable,
        Class::Exposure,
        Class::Privilege,
        Class::TelemetryLoss,
        Class::Restart,
        Class::Config,
        Class::Noise,
    ];

    /// Whether somebody should look at such a change before it is applied.
    pub fn is_dangerous(self) -> bool {
        match self {
            Class::DataLoss
            | Class::Immutable
            | Class::Exposure
            | Class::Privilege
            | Class::TelemetryLoss => true,
            Class::Restart | Class::Config | Class::Noise => false,
        }
    }
}

impl From<RiskClass> for Class {
    fn from(class: RiskClass) -> Self {
        match class {
            RiskClass::DataLoss => Class::DataLoss,
            RiskClass::Immutable => Class::Immutable,
            RiskClass::Exposure => Class::Exposure,
            RiskClass::Privilege => Class::Privilege,
            RiskClass::TelemetryLoss => Class::TelemetryLoss,
            RiskClass::Restart => Class::Restart,
            RiskClass::Config => Class::Config,
            RiskClass::Noise => Class::Noise,
        }
    }
}

/// Which of the two trees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Before,
    After,
}

/// A labelled change.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Its name, which no other case has.
    pub name: String,
    /// The spec that it changes: a folder of `golden/`, or a file of `tests/every-key/` without `.yaml`.
    pub base: String,
    /// Replacements in the spec's text, in order.
    #[serde(default)]
    pub spec: Vec<Replacement>,
    /// An overlay that the spec lists last.
    #[serde(default)]
    pub overlay: Option<Change>,
    /// The classes that it has; none if the tree stays as it is.
    pub expect: BTreeSet<Class>,
    /// Classes about which reasonable people differ: nobody has to find them, and nobody is wrong who does.
    #[serde(default)]
    pub arguable: BTreeSet<Class>,
    /// Why it has these classes.
    pub why: String,
}

/// A replacement in a text.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replacement {
    /// What occurs once.
    pub from: String,
    /// What takes its place.
    pub to: String,
}

/// An overlay on both sides, each as text after `apiVersion`, `kind` and `why`. A spec does not list an
/// overlay that is absent.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    #[serde(default)]
    pub before: Option<String>,
    #[serde(default)]
    pub after: Option<String>,
    /// Files in the overlay's folder, by name, on both sides.
    #[serde(default)]
    pub files: BTreeMap<String, String>,
}

/// What somebody's classes of a change are worth.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Expected, and not found.
    pub missed: BTreeSet<Class>,
    /// Found, and neither expected nor arguable.
    pub wrong: BTreeSet<Class>,
}

const HEAD: &str = "apiVersion: telemetree/v1\nkind: Overlay\nwhy: a case of the corpus\n";

impl Case {
    /// Compares classes that somebody found with the labels.
    pub fn judge(&self, found: &BTreeSet<Class>) -> Verdict {
        Verdict {
            missed: self.expect.difference(found).copied().collect(),
            wrong: found
                .iter()
                .filter(|class| !self.expect.contains(class) && !self.arguable.contains(class))
                .copied()
                .collect(),
        }
    }

    /// Compiles one side. What an overlay names and nobody makes is there by the case's word: a comment allows it, as
    /// its author would have to.
    pub fn compile(&self, side: Side) -> Compiled {
        let mut allowed = Allowed::new();
        loop {
            let compiled = self.compile_allowing(side, &allowed);
            let before = allowed.len();
            allowed.extend(unmade(&compiled));
            if compiled.output.is_some() || allowed.len() == before {
                return compiled;
            }
        }
    }

    fn compile_allowing(&self, side: Side, allowed: &Allowed) -> Compiled {
        let folder = root().join("golden").join(&self.base);
        compile_with("workload.yaml", &self.spec_of(side), |path| {
            let of_the_case = path.strip_prefix("case/").and_then(|file| self.file(side, file));
            let text = of_the_case.or_else(|| std::fs::read_to_string(folder.join(path)).ok());
            text.map(|text| with_comments(path, &text, allowed))
        })
    }

    /// Whether one side is the base as it stands.
    pub fn is_plain(&self, side: Side) -> bool {
        let is_edited = side == Side::After && !self.spec.is_empty();
        !is_edited && self.overlay_of(side).is_none()
    }

    /// The text of one side's spec.
    pub fn spec_of(&self, side: Side) -> String {
        let mut spec = std::fs::read_to_string(self.base_path())
            .unwrap_or_else(|error| panic!("{}: no spec {}: {error}", self.name, self.base));
        if side == Side::After {
            for Replacement { from, to } in &self.spec {
                let times = spec.matches(from.as_str()).count();
                assert_eq!(times, 1, "{}: `{from}` occurs {times} times in the spec", self.name);
                spec = spec.replace(from.as_str(), to);
            }
        }
        if self.overlay_of(side).is_some() { listed_last(&spec) } else { spec }
    }

    /// The text of one side's overlay, if it has one.
    pub fn overlay_of(&self, side: Side) -> Option<String> {
        let change = self.overlay.as_ref()?;
        let body = match side {
            Side::Before => change.before.as_ref(),
            Side::After => change.after.as_ref(),
        };
        body.map(|body| format!("{HEAD}{body}"))
    }

    fn file(&self, side: Side, name: &str) -> Option<String> {
        match name {
            "overlay.yaml" => self.overlay_of(side),
            _ => self.overlay.as_ref()?.files.get(name).cloned(),
        }
    }

    fn base_path(&self) -> PathBuf {
        let golden = root().join("golden").join(&self.base).join("workload.yaml");
        let every_key = root().join("tests/every-key").join(format!("{}.yaml", self.base));
        if golden.is_file() { golden } else { every_key }
    }
}

/// Lines of files, as they are in the case, with what is allowed there.
type Allowed = BTreeSet<(String, usize, &'static str)>;

/// What the files of a case name and nobody makes.
fn unmade(compiled: &Compiled) -> Allowed {
    let found = compiled.diagnostics.all().iter();
    let found = found.filter(|one| one.code.as_str().starts_with("reference/"));
    let place = found.filter_map(|one| {
        let source = compiled.sources.get(one.at?.source)?;
        let line = compiled.sources.position(one.at?)?.line;
        // Comments that were put there before it are not in the case.
        let above = source.text.lines().take(line - 1).filter(|line| line.contains(COMMENT));
        Some((source.name.clone(), line - above.count(), one.code.as_str()))
    });
    place.collect()
}

const COMMENT: &str = "# telemetree: allow";

fn with_comments(path: &str, text: &str, allowed: &Allowed) -> String {
    let mut lines = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let indent: String = line.chars().take_while(|c| *c == ' ').collect();
        let here = allowed.iter().filter(|(file, at, _)| file == path && *at == number);
        lines.extend(here.map(|(.., code)| format!("{indent}{COMMENT} {code}: the case says so")));
        lines.push(line.to_owned());
    }
    lines.join("\n") + "\n"
}

/// Every case, by file and in its order.
pub fn cases() -> Vec<Case> {
    let folder = root().join("tests/diff/corpus");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("the folder can be read").path())
        .collect();
    paths.sort();
    paths.iter().flat_map(|path| read(path)).collect()
}

fn read(path: &std::path::Path) -> Vec<Case> {
    let text = std::fs::read_to_string(path).expect("a file of cases is text");
    parse(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Reads a file of cases; a key or a class that is not known is an error.
pub fn parse(text: &str) -> Result<Vec<Case>, serde_yaml::Error> {
    serde_yaml::from_str(text)
}

/// The files of a tree that say something, by cluster and path.
pub fn tree_of(compiled: &Compiled) -> Option<Files> {
    let output = compiled.output.as_ref()?;
    let files = output.files().into_iter().flat_map(|(cluster, files)| {
        files.into_iter().map(move |(path, text)| (format!("{cluster}/{path}"), text))
    });
    Some(files.filter(|(path, _)| !follows_from_others(path)).collect())
}

fn follows_from_others(path: &str) -> bool {
    path.ends_with("/kustomization.yaml") || path.ends_with(telemetree::layout::MANIFEST)
}

/// A spec that lists the overlay of the case after its own.
fn listed_last(spec: &str) -> String {
    let own = spec.lines().find(|line| line.starts_with("  overlays: ["));
    match own {
        Some(line) => {
            let longer = line.trim_end().trim_end_matches(']').to_owned() + ", ./case]";
            spec.replacen(line, &longer, 1)
        }
        None => format!("{}\n  overlays: [./case]\n", spec.trim_end_matches('\n')),
    }
}
