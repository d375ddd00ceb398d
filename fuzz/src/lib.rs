//! What is done with an input of each fuzz target. Whatever the input, it ends soon and holds what it
//! promises; a promise that is broken is a panic here.

pub mod alloy;
pub mod archive;
pub mod contract;
pub mod overlay;
pub mod query;
pub mod settings;
pub mod spec;

use telemetree::compile::Compiled;
use telemetree::report::{self, Colors};
use telemetree::source::Sources;
use telemetree::syntax;

/// The text of an input, as a file's bytes are read.
fn text(bytes: &[u8]) -> Option<String> {
    syntax::decode(bytes.to_vec()).ok()
}

/// Makes of a compile all that can be made of it: every form of its findings, and every file.
///
/// # Panics
/// When there is neither a finding nor a tree, or a file is not the YAML that it should be.
fn made(compiled: &Compiled) {
    let Compiled { sources, diagnostics, output, .. } = compiled;
    let found = [(diagnostics, sources)];
    drop(report::human(diagnostics, sources, Colors::Off));
    drop(report::json(&found));
    drop(report::github(&found));
    drop(report::sarif(&found, &[]));
    let Some(output) = output else {
        assert!(diagnostics.has_errors(), "neither a tree nor an error");
        return;
    };
    for (path, text) in output.files().into_values().flatten() {
        if path.as_str().ends_with(".yaml") && text.len() <= syntax::MAX_BYTES {
            let parsed = syntax::parse(Sources::default().add("file", ""), &text);
            assert!(parsed.document.is_some(), "{path} is no YAML: {:?}\n{text}", parsed.found);
        }
    }
}
