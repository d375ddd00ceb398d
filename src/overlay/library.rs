//! Every overlay that a run needs, read once and shared by all its workloads.
//!
//! Nothing here opens a file. [`Loading`] says which text it wants next, the binary gives it or says
//! why not, and [`Library`] is the result. What is wrong with an overlay is reported by every compile
//! that uses it.

use super::read::{self, Document};
use super::resolve::{Overlay, resolve};
use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::embedded;
use crate::model::{OverlayRef, Word as _};
use crate::near::nearest;
use crate::origin::Sourced;
use crate::source::{SourceId, Sources, Span};
use crate::syntax;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

/// The most overlays that a run reads; a loop of links or a machine's mistake ends here.
const MOST: usize = 1_000;
/// The deepest that overlays may build on overlays.
const DEEPEST: usize = 32;

/// What the names of our own overlays' texts start with; no path on a disk does.
const BUILT_IN: &str = "telemetree:overlays/";

/// An overlay's name: of one of ours, or its folder's path as people know it.
pub type Name = String;

/// A text that is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Its path, as the file that names it does, from where the command runs.
    pub path: String,
    /// The folder that it must not leave; nothing for an overlay itself.
    pub within: Option<String>,
}

/// Overlays that are being read.
#[derive(Debug, Default)]
pub struct Loading {
    sources: Option<Sources>,
    queue: VecDeque<(Wanted, For)>,
    asked: BTreeSet<Name>,
    documents: BTreeMap<Name, Result<Document, Diagnostics>>,
    files: BTreeMap<String, Result<SourceId, String>>,
}

/// What a wanted text is for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum For {
    Overlay(Name),
    File,
}

impl Loading {
    /// Starts with the texts that workloads share already.
    pub fn with(sources: Sources) -> Self {
        Loading { sources: Some(sources), ..Loading::default() }
    }

    /// Asks for the overlays that a file lists. `file` is what people call it.
    pub fn ask<'r>(&mut self, file: &str, refs: impl IntoIterator<Item = &'r Sourced<OverlayRef>>) {
        for one in refs {
            let file = written_in(one, file, self.sources());
            let name = name_of(folder_of(&file), &one.value);
            self.ask_one(name);
        }
    }

    fn ask_one(&mut self, name: Name) {
        if self.asked.len() >= MOST || !self.asked.insert(name.clone()) {
            return;
        }
        if let Some(text) = embedded::overlay(&name) {
            let path = format!("{BUILT_IN}{name}/{}", read::FILE);
            self.read_overlay(name, &path, Ok(text.to_owned()));
        } else if name.contains('/') || name.starts_with('.') {
            let path = join(&name, read::FILE);
            self.queue.push_back((Wanted { path, within: None }, For::Overlay(name)));
        }
    }

    /// The next text that is wanted.
    pub fn next_wanted(&self) -> Option<&Wanted> {
        self.queue.front().map(|(wanted, _)| wanted)
    }

    /// Gives the text that [`Loading::next_wanted`] asks for, or says why there is none.
    pub fn give(&mut self, text: Result<String, String>) {
        let Some((wanted, what)) = self.queue.pop_front() else { return };
        match what {
            For::Overlay(name) => self.read_overlay(name, &wanted.path, text),
            For::File => {
                let file = text.map(|text| self.sources().add(wanted.path.as_str(), text));
                let _ = self.files.insert(wanted.path, file);
            }
        }
    }

    fn sources(&mut self) -> &mut Sources {
        self.sources.get_or_insert_with(Sources::to_be_shared)
    }

    fn read_overlay(&mut self, name: Name, path: &str, text: Result<String, String>) {
        let mut diags = Diagnostics::default();
        let document = match text {
            Ok(text) => {
                let source = self.sources().add(path, text.as_str());
                let parsed = syntax::parse(source, &text);
                parsed.found.into_iter().for_each(|found| diags.push(found));
                parsed.document.and_then(|document| read::decode(&document, &mut diags))
            }
            Err(reason) => {
                let message = format!("the overlay `{name}` cannot be read: {reason}");
                diags.push(Diagnostic::error(Code::OverlayFile, None, message));
                None
            }
        };
        let document = document.filter(|_| !diags.has_errors()).ok_or(diags);
        if let Ok(document) = &document {
            document.bases.iter().for_each(|base| self.ask_one(name_of(&name, &base.value)));
            for file in document.files() {
                let path = join(&name, file.value.as_str());
                let known = self.files.contains_key(&path)
                    || self.queue.iter().any(|(wanted, _)| wanted.path == path);
                if !known {
                    let wanted = Wanted { path, within: Some(name.clone()) };
                    self.queue.push_back((wanted, For::File));
                }
            }
        }
        let _ = self.documents.insert(name, document);
    }

    /// Everything that was read. Texts that were never given are missing.
    pub fn finish(mut self) -> Library {
        let sources = self.sources().clone();
        let files = self.files;
        let overlays = self.documents.into_iter().map(|(name, document)| {
            let overlay = document.and_then(|document| {
                let file = |path: &str| match files.get(&join(&name, path)) {
                    Some(Ok(source)) => Ok(*source),
                    Some(Err(reason)) => Err(reason.clone()),
                    None => Err("it was not looked for".to_owned()),
                };
                resolve(&name, document, &sources, file)
            });
            (name, overlay)
        });
        Library { overlays: overlays.collect(), sources: Arc::new(sources) }
    }
}

/// Every overlay of a run.
#[derive(Debug, Default)]
pub struct Library {
    overlays: BTreeMap<Name, Result<Overlay, Diagnostics>>,
    sources: Arc<Sources>,
}

impl Library {
    /// The texts that its places point into.
    pub fn sources(&self) -> &Arc<Sources> {
        &self.sources
    }

    /// The overlays that a file lists, each after those that it builds on, each once.
    pub fn in_order<'l>(
        &'l self,
        file: &str,
        refs: &[Sourced<OverlayRef>],
        diags: &mut Diagnostics,
    ) -> Vec<Listed<'l>> {
        let mut order =
            Order { library: self, found: Vec::new(), open: Vec::new(), listed: None, diags };
        for one in refs {
            let file = written_in(one, file, &self.sources);
            order.listed = one.origin.written();
            order.visit(&name_of(folder_of(&file), &one.value), one.origin.written());
        }
        order.found
    }
}

impl Library {
    /// The names of the overlays that a file lists and of those that they build on, as far as they can
    /// be read: a name of one that cannot be is among them.
    pub fn names(&self, file: &str, refs: &[Sourced<OverlayRef>]) -> BTreeSet<&str> {
        let listed = refs.iter().map(|one| {
            let file = written_in(one, file, &self.sources);
            name_of(folder_of(&file), &one.value)
        });
        let mut names = BTreeSet::new();
        let mut todo: Vec<Name> = listed.collect();
        while let Some(name) = todo.pop() {
            let Some((name, overlay)) = self.overlays.get_key_value(&name) else { continue };
            if names.insert(name.as_str()) {
                let bases = overlay.iter().flat_map(|overlay| &overlay.bases);
                todo.extend(bases.map(|(base, _)| base.clone()));
            }
        }
        names
    }
}

/// An overlay, and where the spec lists it or the one that builds on it.
#[derive(Debug, Clone, Copy)]
pub struct Listed<'l> {
    /// The overlay.
    pub overlay: &'l Overlay,
    /// The line of the spec.
    pub at: Option<Span>,
}

struct Order<'l, 'd> {
    library: &'l Library,
    found: Vec<Listed<'l>>,
    open: Vec<Name>,
    listed: Option<Span>,
    diags: &'d mut Diagnostics,
}

impl Order<'_, '_> {
    fn visit(&mut self, name: &Name, at: Option<Span>) {
        if self.found.iter().any(|found| *found.overlay.name == **name) {
            return;
        }
        if self.open.contains(name) || self.open.len() >= DEEPEST {
            let way = self.open.iter().chain([name]).map(|name| format!("`{name}`"));
            let message = if self.open.contains(name) {
                let way: Vec<String> = way.skip_while(|one| *one != format!("`{name}`")).collect();
                format!("overlays build on each other: {}", way.join(" → "))
            } else {
                format!("overlays build on each other more than {DEEPEST} deep")
            };
            self.diags.push_once(Diagnostic::error(Code::OverlayCycle, at, message));
            return;
        }
        match self.library.overlays.get(name) {
            Some(Ok(overlay)) => {
                self.open.push(name.clone());
                for (base, at) in &overlay.bases {
                    self.visit(base, *at);
                }
                let _ = self.open.pop();
                overlay
                    .warnings
                    .sorted()
                    .into_iter()
                    .for_each(|one| self.diags.push_once(one.clone()));
                self.found.push(Listed { overlay, at: self.listed });
            }
            Some(Err(broken)) => {
                for found in broken.sorted() {
                    let mut found = found.clone();
                    // A file that cannot be read has no place of its own.
                    found.at = found.at.or(at);
                    self.diags.push_once(found);
                }
            }
            None => self.diags.push_once(unknown(name, at)),
        }
    }
}

fn unknown(name: &str, at: Option<Span>) -> Diagnostic {
    let message = format!("there is no overlay `{name}`");
    let error = Diagnostic::error(Code::OverlayFile, at, message);
    if name.contains('/') || name.starts_with('.') {
        return error.help("a folder is read only by a command that is given files");
    }
    let all = || embedded::OVERLAYS.iter().map(|(name, _)| *name);
    if let Some(known) = nearest(name, all()) {
        return error.help(format!("did you mean `{known}`?"));
    }
    let all: Vec<&str> = all().collect();
    error.help(format!("built in are {}; a folder starts with `./`", all.join(", ")))
}

/// The file in which an overlay is listed: the spec, or what it shares with others.
fn written_in(one: &Sourced<OverlayRef>, spec: &str, shared: &Sources) -> String {
    let span = one.origin.written().filter(|span| span.source.is_shared());
    let source = span.and_then(|span| shared.get(span.source));
    source.map_or_else(|| spec.to_owned(), |source| source.name.clone())
}

/// The folder of a file, as people name it; empty for the one where the command runs.
pub fn folder_of(file: &str) -> &str {
    match file.rsplit_once('/') {
        Some(("", _)) => "/",
        Some((folder, _)) => folder,
        None => "",
    }
}

/// The name of the overlay that `reference` means in a file of `folder`.
pub fn name_of(folder: &str, reference: &OverlayRef) -> Name {
    let text = reference.as_str();
    if text.starts_with('.') { join(folder, text) } else { text.to_owned() }
}

/// A path from a folder, with `.` and `..` worked out as far as the text allows.
fn join(folder: &str, path: &str) -> String {
    let rooted = folder.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if !rooted && parts.last().is_none_or(|last| *last == "..") => parts.push(".."),
            ".." => {
                let _ = parts.pop();
            }
            part => parts.push(part),
        }
    }
    let path = parts.join("/");
    match (rooted, path.contains('/')) {
        (true, _) => format!("/{path}"),
        // A folder beside the spec is told from a built-in overlay by its look.
        (false, false) => format!("./{path}"),
        (false, true) => path,
    }
}

/// A path as it is seen from the folder of `file`: the same wherever a command runs.
pub fn name_from(file: &str, path: &str) -> String {
    if path.starts_with(BUILT_IN) {
        return path.to_owned();
    }
    let (folder, path) = (join(folder_of(file), "."), join("", path));
    let parts = |path: &str| -> Vec<String> {
        path.split('/').filter(|part| !part.is_empty() && *part != ".").map(str::to_owned).collect()
    };
    let (from, to) = (parts(&folder), parts(&path));
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = from.iter().skip(common).map(|_| "..");
    let down = to.iter().skip(common).map(String::as_str);
    up.chain(down).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_named_from_the_spec_that_uses_it() {
        for (spec, path) in [
            ("a/b/workload.yaml", "a/b/prod/overlay.yaml"),
            ("workload.yaml", "prod/overlay.yaml"),
            ("/x/a/workload.yaml", "/x/a/prod/overlay.yaml"),
        ] {
            assert_eq!(name_from(spec, path), "prod/overlay.yaml");
        }
        assert_eq!(name_from("a/b/workload.yaml", "a/prod/x.yaml"), "../prod/x.yaml");
    }

    #[test]
    fn an_overlay_is_named_from_the_file_that_lists_it() {
        let name = |file: &str, reference: &str| {
            name_of(folder_of(file), &OverlayRef::parse(reference).unwrap())
        };
        assert_eq!(name("a/b/workload.yaml", "./overlays/prod"), "a/b/overlays/prod");
        assert_eq!(name("a/b/workload.yaml", "../../overlays/prod"), "overlays/prod");
        assert_eq!(name("workload.yaml", "./prod"), "./prod");
        assert_eq!(name("workload.yaml", "../prod"), "../prod");
        assert_eq!(name("workload.yaml", "../../x/./y"), "../../x/y");
        assert_eq!(name("/a/workload.yaml", "../../prod"), "/prod");
        assert_eq!(name("a/workload.yaml", "large"), "large");
    }
}
