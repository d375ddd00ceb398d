//! Which workloads a command is about.

use std::path::{Path, PathBuf};
use telemetree::model::{Labels, Word as _};
use telemetree::overlay::Selector;

/// Which workloads are meant, and from where their overlays are read
#[derive(Debug, clap::Args)]
pub struct Filter {
    /// Only workloads whose name matches, such as `*-production`; may be given again
    #[arg(long, value_name = "GLOB", value_parser = glob::Pattern::new)]
    workload: Vec<glob::Pattern>,

    /// Only workloads whose labels match, such as `region=eu,tier!=test`
    #[arg(short = 'l', long, value_name = "SELECTOR", value_parser = Selector::parse)]
    selector: Option<Selector>,

    /// The folder below which overlays are read; default: where the command runs
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
}

/// The specs that a command works on.
pub struct Selection<'a> {
    /// Files and folders.
    pub paths: &'a [PathBuf],
    /// The folder below which overlays are read.
    pub root: Option<&'a Path>,
    /// What stands on stdin in place of a file's text.
    pub instead: Option<&'a Instead>,
    /// Fleets to which single files may belong, besides those that are found above them.
    pub fleets: &'a [PathBuf],
    filter: &'a Filter,
}

/// A text that an editor has not written yet.
pub struct Instead {
    /// The file that it is of.
    pub file: PathBuf,
    /// The text.
    pub text: String,
}

impl Instead {
    /// Whether it is the text of this file.
    pub fn is_of(&self, path: &Path) -> bool {
        let bare = |path: &Path| path.strip_prefix(".").unwrap_or(path).to_owned();
        let same = || {
            let of = |path: &Path| std::fs::canonicalize(path).ok();
            of(path).is_some_and(|path| of(&self.file) == Some(path))
        };
        bare(path) == bare(&self.file) || same()
    }
}

impl Filter {
    /// What is meant among these paths.
    pub fn of<'a>(&'a self, paths: &'a [PathBuf]) -> Selection<'a> {
        Selection { paths, root: self.root.as_deref(), instead: None, fleets: &[], filter: self }
    }

    /// Whether anything is left out.
    pub fn leaves_out(&self) -> bool {
        !self.workload.is_empty() || self.selector.is_some()
    }

    /// The options that it was made from.
    pub fn options(&self) -> Vec<String> {
        let workloads = self.workload.iter().map(|glob| ("--workload", glob.to_string()));
        let selector = self.selector.iter().map(|selector| ("-l", selector.to_string()));
        let root = self.root.iter().map(|root| ("--root", root.display().to_string()));
        let all = workloads.chain(selector).chain(root);
        all.flat_map(|(option, value)| [option.to_owned(), value]).collect()
    }

    /// The folder below which overlays are read, if one is named.
    pub fn root(&self) -> Option<&Path> {
        self.root.as_deref()
    }

    /// The folder in which to look for what uses a file.
    pub fn top(&self) -> PathBuf {
        self.root.clone().unwrap_or_else(|| PathBuf::from("."))
    }
}

impl Selection<'_> {
    /// Whether a workload of this name is meant.
    pub fn takes_name(&self, name: &str) -> bool {
        let patterns = &self.filter.workload;
        patterns.is_empty() || patterns.iter().any(|pattern| pattern.matches(name))
    }

    /// Whether a workload with these labels is meant.
    pub fn takes_labels(&self, labels: &Labels) -> bool {
        self.filter.selector.as_ref().is_none_or(|selector| {
            selector.holds(|key| {
                let label = labels.iter().find(|(label, _)| label.as_str() == key);
                label.map(|(_, value)| value.value.as_str())
            })
        })
    }

    /// Whether anything is left out.
    pub fn leaves_out(&self) -> bool {
        self.filter.leaves_out()
    }
}
