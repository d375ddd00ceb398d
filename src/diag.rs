//! Findings, as values. Printing them is `report`'s job.

mod code;

use crate::origin::Origin;
use crate::source::Span;
use std::collections::BTreeMap;

pub use code::{Code, Severity};

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// What it is about.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// Fact, in the user's words; lower case, no full stop, offending text in backticks.
    pub message: String,
    /// The place that caused it.
    pub at: Option<Span>,
    /// A few words under the caret.
    pub label: Option<String>,
    /// Other places that belong to it, with what they are.
    pub related: Vec<(Span, String)>,
    /// What to do, in the imperative.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error at a place.
    pub fn error(code: Code, at: impl Into<Option<Span>>, message: impl Into<String>) -> Self {
        Diagnostic {
            code,
            severity: Severity::Error,
            message: message.into(),
            at: at.into(),
            label: None,
            related: Vec::new(),
            help: None,
        }
    }

    /// A warning at a place.
    pub fn warning(code: Code, at: impl Into<Option<Span>>, message: impl Into<String>) -> Self {
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(code, at, message) }
    }

    /// An error in a value that was derived: it points at the written place that led to it.
    pub fn derived_error(code: Code, origin: &Origin, message: impl Into<String>) -> Self {
        Diagnostic::error(code, origin.written(), message)
    }

    /// Adds what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds a few words under the caret.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Adds another place.
    #[must_use]
    pub fn related(mut self, at: Option<Span>, what: impl Into<String>) -> Self {
        self.related.extend(at.map(|span| (span, what.into())));
        self
    }
}

/// All findings of a compile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics {
    all: Vec<Diagnostic>,
    /// The positions of the findings of a code at a place.
    known: BTreeMap<(Code, Option<Span>), Vec<usize>>,
}

impl Diagnostics {
    /// Adds a finding.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let place = (diagnostic.code, diagnostic.at);
        self.known.entry(place).or_default().push(self.all.len());
        self.all.push(diagnostic);
    }

    /// Adds a finding unless it is there already: what is true of two clusters is said once.
    pub fn push_once(&mut self, diagnostic: Diagnostic) {
        let known = self.known.get(&(diagnostic.code, diagnostic.at));
        let mut same = known.into_iter().flatten().filter_map(|at| self.all.get(*at));
        if !same.any(|same| *same == diagnostic) {
            self.push(diagnostic);
        }
    }

    /// The findings, in the order in which they were found.
    pub fn all(&self) -> &[Diagnostic] {
        &self.all
    }

    /// How many findings forbid building.
    pub fn errors(&self) -> usize {
        self.all.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count()
    }

    /// Whether anything forbids building.
    pub fn has_errors(&self) -> bool {
        self.all.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// How many findings there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The findings by source and place; those without a place last.
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        let mut sorted: Vec<&Diagnostic> = self.all.iter().collect();
        sorted.sort_by_key(|diagnostic| (diagnostic.at.is_none(), diagnostic.at, diagnostic.code));
        sorted
    }
}
