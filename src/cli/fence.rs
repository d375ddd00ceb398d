//! Reads the texts that overlays ask for, and nothing outside of where they may be.
//!
//! An overlay is read from below the folder where the command runs (or that `--root` names), or from
//! the folder of a spec that is elsewhere; an overlay's own files from below the overlay's folder. Links
//! are followed first and judged by where they lead.

use crate::files::Files;
use std::path::{Path, PathBuf};
use telemetree::overlay::Wanted;
use telemetree::syntax;

/// The folders from below which overlays are read.
pub struct Fence<'a> {
    files: &'a Files,
    roots: Vec<PathBuf>,
}

impl<'a> Fence<'a> {
    /// The fence of a command that reads these specs.
    pub fn around<'s>(
        files: &'a Files,
        root: Option<&Path>,
        specs: impl Iterator<Item = &'s str>,
    ) -> std::io::Result<Fence<'a>> {
        let top = root.unwrap_or(Path::new("."));
        let top = files.real_folder(top).map_err(|error| {
            std::io::Error::new(error.kind(), format!("{}: {}", top.display(), plain(&error)))
        })?;
        let mut roots = vec![top];
        if root.is_none() {
            for spec in specs {
                let folder = Path::new(spec).parent().unwrap_or(Path::new(""));
                let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
                let Ok(folder) = files.real(folder) else { continue };
                if !roots.iter().any(|root| folder.starts_with(root)) {
                    roots.push(folder);
                }
            }
        }
        Ok(Fence { files, roots })
    }

    /// The text that is wanted.
    ///
    /// # Errors
    /// Why it cannot be had, in words.
    pub fn read(&self, wanted: &Wanted) -> Result<String, String> {
        let real = |path: &str| self.files.real(Path::new(path)).map_err(|error| plain(&error));
        let path = real(&wanted.path)?;
        let inside = match &wanted.within {
            Some(folder) => path.starts_with(real(folder)?),
            None => self.roots.iter().any(|root| path.starts_with(root)),
        };
        if !inside {
            let fence = match &wanted.within {
                Some(folder) => format!("the overlay's folder, {folder}"),
                None => "where the command runs; `--root` names another folder".to_owned(),
            };
            return Err(format!("{} is outside of {fence}", wanted.path));
        }
        // Opening a pipe would wait for its other end.
        if !self.files.is_file(&path) {
            return Err("it is no file".to_owned());
        }
        let bytes = self.files.read(&path).map_err(|error| plain(&error))?;
        syntax::decode(bytes).map_err(|diagnostic| diagnostic.message)
    }
}

/// An error without the system's number for it.
pub fn plain(error: &std::io::Error) -> String {
    if error.kind() == std::io::ErrorKind::NotFound {
        return "there is no such file".to_owned();
    }
    let text = error.to_string();
    text.split(" (os error ").next().unwrap_or_default().to_owned()
}
