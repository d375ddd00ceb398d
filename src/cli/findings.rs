//! Prints findings, each once: what is wrong with an overlay is wrong in every workload that uses it.

use anstream::eprintln;
use std::collections::BTreeSet;
use telemetree::compile::Compiled;
use telemetree::diag::{Diagnostic, Diagnostics};
use telemetree::report::{self, Colors};
use telemetree::source::{Sources, Span};

/// A finding in a text that several workloads share, by its place and its words.
type Shared = (Span, String);

/// Findings with the texts that their places point into.
pub type Findings<'a> = Vec<(&'a Diagnostics, &'a Sources)>;

/// The same findings, each of a shared text once, in order; without those that have none left.
pub fn once<'a>(found: &Findings<'a>) -> Vec<(Diagnostics, &'a Sources)> {
    let mut told: BTreeSet<Shared> = BTreeSet::new();
    let mut all = Vec::new();
    for (diagnostics, sources) in found {
        let mut new = Diagnostics::default();
        for diagnostic in diagnostics.sorted() {
            if shared(diagnostic).is_none_or(|shared| told.insert(shared)) {
                new.push(diagnostic.clone());
            }
        }
        if !new.is_empty() {
            all.push((new, *sources));
        }
    }
    all
}

/// Prints everything that was found, and says how many errors there were.
pub fn report_all(found: &Findings) -> usize {
    let found = once(found);
    for (new, sources) in &found {
        // The stream strips the colours that the terminal does not take.
        eprintln!("{}", report::human(new, sources, Colors::On));
    }
    found.iter().map(|(new, _)| new.errors()).sum()
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
