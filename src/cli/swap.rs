//! Exchanges one folder for another at once.
//!
//! The new folder is built beside the old one, under a name that starts with a dot. Where the
//! system can exchange two names in one step (Linux), that is what happens. Elsewhere the old one
//! is moved aside first; a crash in between leaves it under a name that the next build restores.

use std::io;
use std::path::{Path, PathBuf};

const STAGE: &str = ".telemetree-new-";
const ASIDE: &str = ".telemetree-old-";

/// Holds the output folder for one build.
pub struct Lock {
    _folder: std::fs::File,
}

/// Waits until no other build holds the folder.
#[cfg(unix)]
pub fn lock(output: &Path) -> io::Result<Lock> {
    use rustix::fs::{FlockOperation, flock};
    let folder = std::fs::File::open(output)?;
    flock(&folder, FlockOperation::LockExclusive)?;
    restore(output)?;
    Ok(Lock { _folder: folder })
}

/// Without locks of the system's own, builds must not meet.
#[cfg(not(unix))]
pub fn lock(output: &Path) -> io::Result<Lock> {
    restore(output)?;
    Ok(Lock { _folder: tempfile::tempfile()? })
}

/// Cleans up after a build that was killed: a half-made folder goes, one that was moved aside
/// comes back unless its successor is in place.
fn restore(output: &Path) -> io::Result<()> {
    for entry in std::fs::read_dir(output)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(STAGE) {
            std::fs::remove_dir_all(entry.path())?;
        } else if let Some(workload) = name.strip_prefix(ASIDE) {
            let home = output.join(workload);
            if std::fs::symlink_metadata(&home).is_ok() {
                std::fs::remove_dir_all(entry.path())?;
            } else {
                std::fs::rename(entry.path(), home)?;
            }
        }
    }
    Ok(())
}

/// A folder that is being made.
pub struct Stage {
    path: PathBuf,
    aside: PathBuf,
}

/// Starts a folder for a workload.
pub fn stage(output: &Path, workload: &str) -> io::Result<Stage> {
    let path = output.join(format!("{STAGE}{workload}"));
    std::fs::create_dir(&path)?;
    Ok(Stage { path, aside: output.join(format!("{ASIDE}{workload}")) })
}

impl Stage {
    /// Where the folder is being made.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Puts the folder in the place of `home`, which may not exist.
    pub fn replace(self, home: &Path) -> io::Result<()> {
        if std::fs::symlink_metadata(home).is_err() {
            return std::fs::rename(&self.path, home);
        }
        if exchange(&self.path, home)? {
            // The old folder has the stage's name now.
            return std::fs::remove_dir_all(&self.path);
        }
        std::fs::rename(home, &self.aside)?;
        std::fs::rename(&self.path, home)?;
        std::fs::remove_dir_all(&self.aside)
    }
}

impl Drop for Stage {
    /// A folder that was not put in place is of no use.
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.path);
    }
}

/// Exchanges two names in one step; `false` where the system cannot.
#[cfg(target_os = "linux")]
fn exchange(one: &Path, other: &Path) -> io::Result<bool> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    match renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(true),
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Exchanges two names in one step; `false` where the system cannot.
#[cfg(not(target_os = "linux"))]
fn exchange(_one: &Path, _other: &Path) -> io::Result<bool> {
    Ok(false)
}
