//! A cluster's tree that was built before: read back as it stands, and checked like a new one.

use crate::check::{self, Charts, allow};
use crate::contract::chart::Contract;
use crate::contract::kubernetes;
use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::digest::digest;
use crate::layout;
use crate::model::{KubernetesVersion, Word as _};
use crate::node::Node;
use crate::ownership::Manifest;
use crate::river;
use crate::source::{SourceId, Sources, Span};
use crate::syntax;
use crate::tree::{Content, RelPath, Tree};
use std::collections::BTreeMap;

/// What was found in a tree.
#[derive(Debug, Clone, Default)]
pub struct Committed {
    /// The tree's files.
    pub sources: Sources,
    /// Everything that was found.
    pub diagnostics: Diagnostics,
}

/// Checks a cluster's folder: that its files are those that were built, and what every rule says of
/// them. `folder` is what people call it; `files` are by path below it, the ownership manifest among
/// them; `contracts` say what versions of charts read that telemetree does not know.
pub fn check(folder: &str, files: &BTreeMap<String, String>, contracts: &[Contract]) -> Committed {
    let mut sources = Sources::default();
    let mut diags = Diagnostics::default();
    let ids: BTreeMap<&str, SourceId> = files
        .iter()
        .map(|(path, text)| (path.as_str(), sources.add(format!("{folder}/{path}"), text.as_str())))
        .collect();
    owned(folder, files, &ids, &mut diags);
    let mut tree = Tree::default();
    for (path, text) in files.iter().filter(|(path, _)| *path != layout::MANIFEST) {
        let (Some(path), Some(id)) = (RelPath::parse(path), ids.get(path.as_str())) else {
            continue;
        };
        if let Some(content) = content(&path, text, *id, &mut diags) {
            tree.add(path, content);
        }
    }
    let charts = Charts::of_tree(&tree, contracts);
    check::tree(&tree, minor(&tree), &charts, &sources, &mut diags);
    let texts: Vec<SourceId> = ids.into_values().collect();
    let (diagnostics, _) = allow::apply(&diags, &texts, &sources);
    Committed { sources, diagnostics }
}

/// The version of Kubernetes that the tree was built for, as its prerequisites say.
fn minor(tree: &Tree) -> u32 {
    let said = match tree.get(&RelPath::top(layout::PREREQUISITES)) {
        Some(Content::Document(document)) => document
            .get("kubernetesVersion")
            .and_then(Node::text)
            .and_then(KubernetesVersion::parse),
        Some(Content::Values(_) | Content::Object(_) | Content::Alloy(_)) | None => None,
    };
    let last = *kubernetes::MINORS.end();
    said.map_or(last, |version| version.minor())
}

/// Reads a cluster's folder back. What cannot be read is left out; [`check()`] says what that is.
pub fn read(folder: &str, files: &BTreeMap<String, String>, sources: &mut Sources) -> Tree {
    let mut diags = Diagnostics::default();
    let mut tree = Tree::default();
    for (path, text) in files.iter().filter(|(path, _)| *path != layout::MANIFEST) {
        let id = sources.add(format!("{folder}/{path}"), text.as_str());
        let Some(path) = RelPath::parse(path) else { continue };
        if let Some(content) = content(&path, text, id, &mut diags) {
            tree.add(path, content);
        }
    }
    tree
}

/// Compares the files with what the manifest says of them.
fn owned(
    folder: &str,
    files: &BTreeMap<String, String>,
    ids: &BTreeMap<&str, SourceId>,
    diags: &mut Diagnostics,
) {
    let start = |path: &str| ids.get(path).map(|id| Span::new(*id, 0, 0));
    let mut drift = |path: &str, message: String, help: &str| {
        diags.push(Diagnostic::error(Code::Drift, start(path), message).help(help));
    };
    let text = files.get(layout::MANIFEST).map(String::as_str).unwrap_or_default();
    let manifest = match Manifest::parse(text) {
        Ok(manifest) => manifest,
        Err(why) => {
            let message = format!("{folder} has no manifest that can be read: {why}");
            return drift(layout::MANIFEST, message, "build the tree again");
        }
    };
    for (path, sha) in &manifest.files {
        match files.get(path) {
            None => {
                drift(
                    layout::MANIFEST,
                    format!("{folder}/{path} is missing"),
                    "build the tree again",
                );
            }
            Some(text) if digest(text.as_bytes()) != *sha => drift(
                path,
                format!("{folder}/{path} was changed after it was built"),
                "change the spec or an overlay, and build the tree again",
            ),
            Some(_) => {}
        }
    }
    for path in files.keys().filter(|path| *path != layout::MANIFEST) {
        if !manifest.files.contains_key(path) {
            let message = format!("{folder}/{path} was not built");
            drift(path, message, "move it away, or add it by an overlay's `resources`");
        }
    }
}

/// What a file holds; nothing if it is of no kind that we make, or cannot be read.
fn content(path: &RelPath, text: &str, id: SourceId, diags: &mut Diagnostics) -> Option<Content> {
    let name = path.as_str().rsplit('/').next().unwrap_or_default();
    let (_, end) = name.rsplit_once('.')?;
    match end {
        "alloy" => {
            let place = |start, end| Span::new(id, start, end);
            match river::parse(text, &place) {
                Ok(body) => Some(Content::Alloy(body)),
                Err(mistake) => {
                    let at = Span::new(id, mistake.at.0, mistake.at.1);
                    diags.push(Diagnostic::error(Code::AlloySyntax, at, mistake.message));
                    None
                }
            }
        }
        "yaml" => {
            let parsed = syntax::parse(id, text);
            parsed.found.into_iter().for_each(|found| diags.push(found));
            let node = parsed.document?.to_node();
            Some(match name {
                layout::VALUES => Content::Values(node),
                layout::KUSTOMIZATION | layout::PREREQUISITES => Content::Document(node),
                _ => Content::Object(node),
            })
        }
        _ => None,
    }
}
