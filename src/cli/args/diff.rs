//! What `diff` takes.

use super::Filter;
use std::path::{Path, PathBuf};
use telemetree::model::{Choice as _, Date, RiskClass, Word as _};
use telemetree::report::diff::terminal;

/// How a difference is printed
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum DiffFormat {
    /// For people, in a terminal
    Human,
    /// For a comment on a pull request: Markdown of at most 65,536 characters
    Markdown,
    /// For programs; `telemetree schema diff` prints the schema
    Json,
    /// One page that needs nothing else
    Html,
    /// A patch of the trees' files, for `git apply`
    Unified,
    /// The workloads that change, a line each, for scripts
    Workloads,
}

/// How much of a difference is printed
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Detail {
    /// What a reviewer must see
    Brief,
    /// Every place, every value, and the changes' ids
    Full,
}

impl From<Detail> for terminal::Detail {
    fn from(detail: Detail) -> Self {
        match detail {
            Detail::Brief => terminal::Detail::Brief,
            Detail::Full => terminal::Detail::Full,
        }
    }
}

/// The mildest class that is refused.
#[derive(Debug, Clone, Copy)]
pub struct FailOn(pub RiskClass);

fn class(word: &str) -> Result<FailOn, String> {
    let found = RiskClass::ALL.iter().find(|(name, _)| *name == word);
    let words: Vec<&str> = RiskClass::ALL.iter().map(|(name, _)| *name).collect();
    found
        .map(|(_, class)| FailOn(*class))
        .ok_or_else(|| format!("the classes are {}", words.join(", ")))
}

fn day(word: &str) -> Result<Date, String> {
    Date::parse(word).ok_or_else(|| format!("write {}", Date::RULE))
}

#[derive(Debug, clap::Args)]
pub struct Diff {
    /// Specs or fleets, folders in which to look for them, or folders of built trees; `-` is stdin
    #[arg(default_value = ".", value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    #[command(flatten)]
    pub filter: Filter,

    /// For trees that were built before: what a version of a chart reads, as `telemetree contract`
    /// prints it; may be given again. An overlay of a spec names its own
    #[arg(long = "contract", value_name = "FILE")]
    pub contracts: Vec<PathBuf>,

    /// The old side: a revision such as `HEAD~3` or `origin/main`, a folder of specs or of built
    /// trees, a spec, or `-` for a spec on stdin; default: where the branch began
    #[arg(long, value_name = "WHAT")]
    pub against: Option<String>,

    /// Take the index for the new side, and HEAD for the old one unless --against says otherwise
    #[arg(long)]
    pub staged: bool,

    /// How it is printed
    #[arg(long, value_enum, default_value_t = DiffFormat::Human)]
    pub format: DiffFormat,

    /// How much of it is printed for people
    #[arg(long, value_enum, default_value_t = Detail::Brief)]
    pub detail: Detail,

    /// Exit 1 if a change is of this class or a worse one, and nobody has accepted it
    #[arg(long, value_name = "CLASS", value_parser = class)]
    pub fail_on: Option<FailOn>,

    /// The file of accepted changes; default: `acknowledgements.yaml`, if it is there
    #[arg(long, value_name = "FILE")]
    pub acknowledgements: Option<PathBuf>,

    /// The day for which accepted changes are judged; default: today, in UTC
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub today: Option<Date>,

    /// Exit 2 if anything changes
    #[arg(long)]
    pub exit_code: bool,

    /// How many workloads to compile at once; all cores by default
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: Option<u16>,
}

impl Diff {
    /// Whether only some workloads are meant.
    pub fn is_of_some(&self) -> bool {
        let is_here = |path: &Path| path == Path::new(".");
        let root = self.filter.root().is_some_and(|root| !is_here(root));
        self.filter.leaves_out() || root || !self.paths.iter().all(|path| is_here(path))
    }
}
