//! What people call files: paths as the command line has them, and paths from the work tree's top.

use crate::files::{Files, is_yaml};
use crate::snapshot::listing::is_in;
use crate::snapshot::repository::Place;
use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

/// The paths that a command names, within a work tree.
pub struct Names<'a> {
    place: &'a Place,
    named: Vec<Named>,
}

struct Named {
    given: PathBuf,
    /// From the top.
    path: String,
    is_folder: bool,
}

impl<'a> Names<'a> {
    /// The paths of a command.
    ///
    /// # Errors
    /// When one lies outside of the work tree, or is on neither side: in words.
    pub fn new(place: &'a Place, paths: &[PathBuf], sides: [&Files; 2]) -> io::Result<Names<'a>> {
        let one = |given: &PathBuf| {
            let text = place.inside(given)?;
            let [before, after] = sides;
            let real = after.real(given).or_else(|_| before.real(given));
            // Where the command runs may be no folder of either side yet.
            let path = match real {
                Ok(real) => place.inside(&real)?,
                Err(_) if place.rooted(given) == place.here => text,
                Err(_) => {
                    let given = given.display();
                    let message = format!("there is no file or folder `{given}` on either side");
                    return Err(io::Error::other(message));
                }
            };
            let is_folder = !sides.iter().any(|files| files.is_file(given));
            Ok(Named { given: given.clone(), path, is_folder })
        };
        Ok(Names { place, named: paths.iter().map(one).collect::<io::Result<_>>()? })
    }

    /// The folders that matter to what is named: its own, and those from which overlays are read.
    ///
    /// # Errors
    /// When the root lies outside of the work tree.
    pub fn folders(&self, root: Option<&Path>) -> io::Result<BTreeSet<String>> {
        let mut folders: BTreeSet<String> = self.named.iter().map(Named::folder).collect();
        match root {
            Some(root) => drop(folders.insert(self.place.inside(root)?)),
            // A command may run elsewhere and name the repository's files.
            None => folders.extend(self.place.inside(Path::new(".")).ok()),
        }
        Ok(folders)
    }

    /// The folders of what is named alone.
    pub fn selected_folders(&self) -> BTreeSet<String> {
        self.named.iter().map(Named::folder).collect()
    }

    /// The files that are named, as they were given.
    pub fn files(&self) -> impl Iterator<Item = &PathBuf> {
        self.named.iter().filter(|named| !named.is_folder).map(|named| &named.given)
    }

    /// Whether a file is meant: it is named itself, or may be a document in a folder that is.
    pub fn selects(&self, path: &str) -> bool {
        let hidden = |inner: &str| inner.split('/').any(|part| part.starts_with('.'));
        self.named.iter().any(|named| {
            let inner = path.strip_prefix(named.path.as_str());
            let is_inside = named.is_folder && is_in(path, &named.path);
            let is_document = is_inside && is_yaml(Path::new(path));
            path == named.path || (is_document && inner.is_some_and(|inner| !hidden(inner)))
        })
    }

    /// Whether a folder is one that is named, or below one.
    pub fn selects_below(&self, folder: &str) -> bool {
        self.named.iter().any(|named| named.is_folder && is_in(folder, &named.path))
    }

    /// A file as the command line would name it.
    pub fn of(&self, path: &str) -> PathBuf {
        let below = |given: &Path, folder: &str| {
            let inner = path.strip_prefix(folder).filter(|_| is_in(path, folder))?;
            let inner = inner.trim_start_matches('/');
            Some(if inner.is_empty() { given.to_owned() } else { given.join(inner) })
        };
        let named = self.named.iter().find_map(|named| below(&named.given, &named.path));
        let beside = || {
            let files = self.named.iter().filter(|named| !named.is_folder);
            let mut folders = files.filter_map(|file| Some((file.given.parent()?, file.folder())));
            folders.find_map(|(given, folder)| below(given, &folder))
        };
        named.or_else(beside).unwrap_or_else(|| self.relative(path))
    }

    /// The path of a file from the top.
    pub fn inside(&self, name: &Path) -> Option<String> {
        let path = self.place.inside(name).ok()?;
        // A name below what is named by a link is a path below where it leads.
        let by_link = self.named.iter().find_map(|named| {
            let inner = name.strip_prefix(&named.given).ok()?;
            let inner = inner.to_string_lossy();
            Some(match (named.path.as_str(), &*inner) {
                (path, "") => path.to_owned(),
                ("", inner) => inner.to_owned(),
                (path, inner) => format!("{path}/{inner}"),
            })
        });
        Some(by_link.unwrap_or(path))
    }

    /// A path from where the command runs.
    fn relative(&self, path: &str) -> PathBuf {
        let whole = self.place.top.join(path);
        let Ok(here) = self.place.here.strip_prefix(&self.place.top) else { return whole };
        let target = Path::new(path);
        let common = here.components().zip(target.components()).take_while(|(a, b)| a == b).count();
        let up = here.components().skip(common).map(|_| Path::new(".."));
        let down = target.components().skip(common).map(|part| Path::new(part.as_os_str()));
        up.chain(down).collect()
    }
}

impl Named {
    /// Its folder, which it may be itself.
    fn folder(&self) -> String {
        let parent = || self.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        if self.is_folder { self.path.clone() } else { parent().to_owned() }
    }
}
