//! What is wrong with a patch, at its place.

use crate::diag::{Code, Diagnostic};
use crate::origin::Origin;
use crate::source::Span;

/// A finding that ends the application of a patch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault(Box<Diagnostic>);

/// A patch that cannot be applied, at the place that `origin` names.
pub fn fault(origin: &Origin, message: impl Into<String>) -> Fault {
    fault_at(origin.written(), message)
}

/// A patch that cannot be applied, at a place.
pub fn fault_at(at: impl Into<Option<Span>>, message: impl Into<String>) -> Fault {
    Fault(Box::new(Diagnostic::error(Code::OverlayPatch, at, message)))
}

impl Fault {
    /// Adds what to do.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Fault {
        Fault(Box::new(self.0.help(help)))
    }

    /// Adds another place.
    #[must_use]
    pub fn related(self, at: Option<Span>, what: impl Into<String>) -> Fault {
        Fault(Box::new(self.0.related(at, what)))
    }
}

impl From<Diagnostic> for Fault {
    fn from(diagnostic: Diagnostic) -> Fault {
        Fault(Box::new(diagnostic))
    }
}

impl From<Fault> for Diagnostic {
    fn from(fault: Fault) -> Diagnostic {
        *fault.0
    }
}
