//! Prints findings, each once: what is wrong with an overlay is wrong in every workload that uses it.

use anstream::eprintln;
use telemetree::compile::Compiled;
use telemetree::diag::{Diagnostic, Diagnostics};
use telemetree::report::{self, Colors};
use telemetree::source::{Sources, Span};

/// A finding in a text that several workloads share, by its place and its words.
type Shared = (Span, String);

/// Prints everything that was found, and says how many errors there were.
pub fn report_all<'a>(found: impl Iterator<Item = (&'a Diagnostics, &'a Sources)>) -> usize {
    let mut told: Vec<Shared> = Vec::new();
    let mut errors = 0;
    for (diagnostics, sources) in found {
        let mut new = Diagnostics::default();
        for diagnostic in diagnostics.sorted() {
            let shared = shared(diagnostic);
            if shared.as_ref().is_none_or(|shared| !told.contains(shared)) {
                new.push(diagnostic.clone());
                told.extend(shared);
            }
        }
        errors += new.errors();
        if !new.is_empty() {
            // The stream strips the colours that the terminal does not take.
            eprintln!("{}", report::human(&new, sources, Colors::On));
        }
    }
    errors
}

fn shared(diagnostic: &Diagnostic) -> Option<Shared> {
    let at = diagnostic.at.filter(|span| span.source.is_shared())?;
    Some((at, diagnostic.message.clone()))
}

/// What a spec that cannot be read comes to.
pub fn unreadable(name: &str, why: &Diagnostic) -> Compiled {
    let mut compiled = Compiled::default();
    let message = format!("{name}: {}", why.message);
    compiled.diagnostics.push(Diagnostic { message, ..why.clone() });
    compiled
}
