//! `contract`: reads a chart's folder and prints which values that version of the chart reads.
//!
//! A chart may come from anywhere: how much of it is read is bounded, and nothing outside of its folder
//! is, wherever its links lead.

use crate::args::{Args, Contract};
use crate::fence::plain;
use crate::{End, print_out, say};
use std::collections::BTreeMap;
use std::io::{self, Read as _};
use std::path::Path;
use telemetree::component;
use telemetree::contract::chart::{self, Derivation};
use telemetree::model::ComponentId;
use walkdir::{DirEntry, WalkDir};

/// The most bytes of a file. Source: Helm's loader of charts refuses larger ones.
const MOST_OF_A_FILE: u64 = 5 << 20;
/// The most bytes of all files.
const MOST_OF_ALL: u64 = 32 << 20;
/// The most files and folders.
const MOST_ENTRIES: usize = 10_000;
/// How deeply folders may lie within the chart's.
const DEEPEST: usize = 32;

/// Runs the command.
pub fn run(command: &Contract, args: &Args) -> io::Result<End> {
    let derived = match derive(&command.folder) {
        Ok(derived) => derived,
        Err(why) => {
            let error = format!("{}: {why}", command.folder.display());
            anstream::eprintln!("error: {error}");
            say(args, "a chart's folder is what `helm pull <repository>/<chart> --untar` makes");
            return Ok(End::Findings);
        }
    };
    let Derivation { contract, notes, dead } = &derived;
    notes.iter().for_each(|note| say(args, &format!("note: {note}")));
    let unread = dead.iter().map(|path| format!("note: nothing reads the chart's own `{path}`"));
    unread.for_each(|note| say(args, &note));
    let text = chart::print(contract);
    match command.output.as_deref().filter(|path| *path != Path::new("-")) {
        None => print_out(text.trim_end()),
        Some(path) => {
            std::fs::write(path, text).map_err(|error| named(path, &error))?;
            say(args, &next_step(contract, path));
            Ok(End::Clean)
        }
    }
}

/// What to write into an overlay, so that the contract is used.
fn next_step(contract: &chart::Contract, path: &Path) -> String {
    let chart::Contract { chart, version, .. } = contract;
    if chart::bundled(chart, version) == Some(contract) {
        return format!("telemetree brings the contract of {chart} {version} itself");
    }
    let uses = |id: &ComponentId| component::chart(*id).name == chart;
    match ComponentId::ALL.into_iter().find(uses) {
        Some(id) => {
            let (id, file) = (id.as_str(), path.file_name().unwrap_or_default().to_string_lossy());
            format!(
                "put {file} beside an `overlay.yaml` that says\n  \
                 charts: {{{id}: {{version: \"{version}\", contract: {file}}}}}"
            )
        }
        None => format!("note: no component is deployed by a chart called `{chart}`"),
    }
}

fn derive(folder: &Path) -> Result<Derivation, String> {
    chart::derive(&files(folder)?)
}

/// The text files of a folder, by path in it with `/` between its parts.
fn files(folder: &Path) -> Result<BTreeMap<String, String>, String> {
    let root = std::fs::canonicalize(folder).map_err(|error| plain(&error))?;
    if !root.is_dir() {
        return Err("it is no folder".to_owned());
    }
    let mut files = BTreeMap::new();
    let mut left = MOST_OF_ALL;
    let walk = WalkDir::new(&root).follow_links(true).max_depth(DEEPEST + 1);
    for (entry, number) in walk.into_iter().zip(1..) {
        let entry = entry.map_err(|error| format!("its files cannot be listed: {error}"))?;
        let path = below(&root, entry.path());
        if number > MOST_ENTRIES || entry.depth() > DEEPEST {
            let most = format!("{MOST_ENTRIES} files and folders, {DEEPEST} deep");
            return Err(format!("it holds too much for a chart: at most {most}, are read"));
        }
        if let Some(bytes) = read(&root, &entry).map_err(|why| format!("`{path}`: {why}"))? {
            let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            left = left
                .checked_sub(size)
                .ok_or_else(|| format!("more than {MOST_OF_ALL} bytes: too much for a chart"))?;
            if let Some(text) = text(&path, bytes)? {
                let _ = files.insert(path, text);
            }
        }
    }
    Ok(files)
}

/// The bytes of a file; nothing for a folder.
fn read(root: &Path, entry: &DirEntry) -> Result<Option<Vec<u8>>, String> {
    if entry.path_is_symlink() {
        let target = std::fs::canonicalize(entry.path()).map_err(|error| plain(&error))?;
        if !target.starts_with(root) {
            return Err("this link leads out of the chart's folder".to_owned());
        }
    }
    if entry.file_type().is_dir() {
        return Ok(None);
    }
    // Opening a pipe would wait for its other end.
    if !entry.file_type().is_file() {
        return Err("it is no file".to_owned());
    }
    let file = std::fs::File::open(entry.path()).map_err(|error| plain(&error))?;
    let mut bytes = Vec::new();
    let read = file.take(MOST_OF_A_FILE + 1).read_to_end(&mut bytes);
    let size = read.map_err(|error| plain(&error))?;
    if u64::try_from(size).is_ok_and(|size| size <= MOST_OF_A_FILE) {
        Ok(Some(bytes))
    } else {
        Err(format!("more than {MOST_OF_A_FILE} bytes: too much for a file of a chart"))
    }
}

/// A file's text. What Helm would read and cannot be read here is an error: what a part of the chart
/// reads would be called dead.
fn text(path: &str, bytes: Vec<u8>) -> Result<Option<String>, String> {
    let mut folders = path.rsplit('/').skip(1);
    let is_packed = Path::new(path).extension().is_some_and(|end| end == "tgz");
    if is_packed && folders.next() == Some("charts") {
        return Err(format!("`{path}` is packed; unpack it, and take the archive away"));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Some(text)),
        Err(_) if path.split('/').any(|part| part == "templates") => {
            Err(format!("`{path}` is no text, and a template is"))
        }
        Err(_) => Ok(None),
    }
}

fn below(root: &Path, path: &Path) -> String {
    let inner = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = inner.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
