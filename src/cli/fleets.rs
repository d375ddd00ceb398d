//! Finds fleets and the files that are their workloads.

use crate::args::Instead;
use crate::files::{Files, Which};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use telemetree::diag::{Code, Diagnostic, Diagnostics};
use telemetree::fleet::{self, Fleet};
use telemetree::model::Word as _;
use telemetree::source::Sources;
use telemetree::syntax;

/// Every fleet of a run, each read once.
pub struct Fleets<'a> {
    /// Where everything is read from.
    pub files: &'a Files,
    instead: Option<&'a Instead>,
    /// The texts of the fleets, which their workloads share.
    pub shared: Sources,
    /// What is wrong with them.
    pub findings: Diagnostics,
    all: Vec<Known>,
    by_path: BTreeMap<PathBuf, Option<usize>>,
}

struct Known {
    folder: PathBuf,
    file: PathBuf,
    fleet: Fleet,
    patterns: Vec<glob::Pattern>,
}

/// A fleet's number within a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FleetId(usize);

impl<'a> Fleets<'a> {
    /// No fleet yet; a text may stand in place of a file's.
    pub fn new(files: &'a Files, instead: Option<&'a Instead>) -> Self {
        Fleets {
            files,
            instead,
            shared: Sources::to_be_shared(),
            findings: Diagnostics::default(),
            all: Vec::new(),
            by_path: BTreeMap::new(),
        }
    }

    /// The text of a file, or why it is none.
    pub fn text_of(&self, path: &Path) -> io::Result<Result<String, Diagnostic>> {
        match self.instead.filter(|instead| instead.is_of(path)) {
            Some(instead) => Ok(Ok(instead.text.clone())),
            None => self.files.text(path),
        }
    }

    /// A fleet that was found before.
    pub fn get(&self, id: FleetId) -> Option<&Fleet> {
        self.all.get(id.0).map(|known| &known.fleet)
    }

    /// Where the trees of a fleet go.
    pub fn output(&self, id: FleetId) -> Option<PathBuf> {
        let known = self.all.get(id.0)?;
        Some(known.folder.join(known.fleet.folder.value.as_str()))
    }

    /// Reads a fleet's text. What is wrong with it becomes a finding.
    pub fn add(&mut self, file: &Path, text: &str) -> Option<FleetId> {
        if let Some(known) = self.by_path.get(bare(file)) {
            return known.map(FleetId);
        }
        let source = self.shared.add(file.to_string_lossy(), text);
        let parsed = syntax::parse(source, text);
        let broken = !parsed.found.is_empty();
        parsed.found.into_iter().for_each(|found| self.findings.push(found));
        let fleet = parsed.document.filter(|_| !broken);
        let fleet = fleet.and_then(|document| fleet::decode(&document, &mut self.findings));
        let id = fleet.map(|fleet| {
            let folder = file.parent().unwrap_or(Path::new("")).to_owned();
            let patterns = fleet.workloads.iter();
            // The spec's own rule lets through what is a pattern; a bracket left open is none.
            let patterns = patterns.filter_map(|glob| glob::Pattern::new(glob.value.as_str()).ok());
            let patterns = patterns.collect();
            self.all.push(Known { folder, file: file.to_owned(), fleet, patterns });
            self.all.len() - 1
        });
        let _ = self.by_path.insert(bare(file).to_owned(), id);
        id.map(FleetId)
    }

    /// The files of a fleet's workloads, by path. A pattern that no file matches is a finding.
    pub fn members(&mut self, id: FleetId) -> io::Result<Vec<PathBuf>> {
        let Some(known) = self.all.get(id.0) else { return Ok(Vec::new()) };
        let all = known.documents(self.files)?;
        let mut members: Vec<PathBuf> = Vec::new();
        for glob in &known.fleet.workloads {
            let pattern = glob::Pattern::new(glob.value.as_str()).ok();
            let matching =
                all.iter().filter(|path| pattern.iter().any(|one| known.matches(one, path)));
            let found: Vec<PathBuf> = matching.cloned().collect();
            if found.is_empty() {
                let message = format!("no file matches `{}`", glob.value);
                let at = glob.origin.written();
                let error = Diagnostic::error(Code::Value, at, message);
                self.findings.push(error.help("a pattern is a path from the fleet's folder"));
            }
            members.extend(found);
        }
        members.sort();
        members.dedup();
        Ok(members)
    }

    /// Reads a fleet, if the file is one.
    pub fn know(&mut self, file: &Path) -> io::Result<()> {
        self.look_at(file).map(drop)
    }

    /// The fleet that a spec belongs to, looked for in the folders above it, and then among those that
    /// are known.
    pub fn of_spec(&mut self, spec: &Path) -> io::Result<Option<FleetId>> {
        for folder in spec.ancestors().skip(1) {
            let file = folder.join(fleet::FILE);
            let Some(id) = self.look_at(&file)? else { continue };
            if self.all.get(id.0).is_some_and(|known| known.has(spec)) {
                return Ok(Some(id));
            }
        }
        Ok(self.all.iter().position(|known| known.has(spec)).map(FleetId))
    }

    /// The files of the workloads of the fleet in a file; none if there is none.
    pub fn members_of(&mut self, fleet: &Path) -> io::Result<Vec<PathBuf>> {
        match self.look_at(fleet)? {
            Some(id) => self.members(id),
            None => Ok(Vec::new()),
        }
    }

    /// Whether a spec belongs to the fleet in a file that is known.
    pub fn has(&self, fleet: &Path, spec: &Path) -> bool {
        let id = self.by_path.get(bare(fleet)).copied().flatten();
        id.and_then(|id| self.all.get(id)).is_some_and(|known| known.has(spec))
    }

    /// The fleet in a file, if there is one.
    fn look_at(&mut self, file: &Path) -> io::Result<Option<FleetId>> {
        if let Some(known) = self.by_path.get(bare(file)) {
            return Ok(known.map(FleetId));
        }
        let text = if self.files.is_file(file) { self.text_of(file)?.ok() } else { None };
        let Some(text) = text.filter(|text| crate::inputs::says(text, fleet::KIND)) else {
            let _ = self.by_path.insert(bare(file).to_owned(), None);
            return Ok(None);
        };
        Ok(self.add(file, &text))
    }
}

impl Known {
    /// Whether a spec is one of its workloads.
    fn has(&self, spec: &Path) -> bool {
        self.patterns.iter().any(|pattern| self.matches(pattern, spec))
    }

    fn matches(&self, pattern: &glob::Pattern, path: &Path) -> bool {
        let options = glob::MatchOptions {
            require_literal_separator: true,
            require_literal_leading_dot: true,
            ..glob::MatchOptions::default()
        };
        let Ok(inner) = bare(path).strip_prefix(bare(&self.folder)) else { return false };
        let is_output = inner.starts_with(self.fleet.folder.value.as_str());
        !is_output && bare(path) != bare(&self.file) && pattern.matches_path_with(inner, options)
    }

    /// Every YAML file below the fleet's folder that is visible.
    fn documents(&self, files: &Files) -> io::Result<Vec<PathBuf>> {
        let root = if self.folder.as_os_str().is_empty() { Path::new(".") } else { &self.folder };
        let all = files.below(root, Which::Documents)?;
        let inner = |path: PathBuf| self.folder.join(path.strip_prefix(root).unwrap_or(&path));
        Ok(all.into_iter().map(inner).collect())
    }
}

/// A path without the dot before it: one file is one, however it was found.
fn bare(path: &Path) -> &Path {
    path.strip_prefix(".").unwrap_or(path)
}
