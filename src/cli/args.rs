//! What the command line takes. The text here is what `--help` teaches.

mod diff;
mod filter;

pub use diff::{Diff, DiffFormat};
pub use filter::{Filter, Instead, Selection};

use clap::{Parser, Subcommand};
use std::path::PathBuf;

const EXIT_CODES: &str = "\
Exit codes:
  0   clean
  1   findings, or input that cannot be built
  2   differences, where they were asked for
  64  usage
  70  a bug of ours

Examples:
  telemetree build workload.yaml -o rendered     write the tree of one workload
  telemetree build specs/ -o rendered --dry-run  say what would change, write nothing
  telemetree build fleet.yaml -l region=eu       write the trees of a part of a fleet
  telemetree build workload.yaml -o - | kubectl apply --dry-run=client -f -
  telemetree check                               say what is wrong with all specs below here
  telemetree check --format sarif fleet.yaml     the same, for code scanning
  telemetree diff --against HEAD                 say which workloads differ from the last commit
  telemetree explain mimir/values.yaml /ingester  why these values are there
  telemetree explain chart/dead-key              what this finding is about
  telemetree contract mimir-distributed          which values an unpacked chart reads
  telemetree schema overlay > overlay.schema.json  a schema, for an editor";

const CONTRACT_STEPS: &str = "\
To deploy another version of a chart than telemetree brings:
  helm pull grafana/mimir-distributed --version 6.1.0 --untar
  telemetree contract mimir-distributed -o overlays/prod/mimir-distributed-6.1.0.json

and in overlays/prod/overlay.yaml:
  charts: {mimir: {version: \"6.1.0\", contract: mimir-distributed-6.1.0.json}}";

const DIFF_EXAMPLES: &str = "\
What is compared:
  telemetree diff                          the files as they are, with where the branch began
  telemetree diff --against HEAD           what is not committed yet
  telemetree diff --staged                 what `git commit` would commit
  telemetree diff specs/ --against v1.2.0  a part of the specs, with a tag
  telemetree diff new.yaml --against old.yaml
  telemetree diff --against ../main/specs  with the specs of another folder
  telemetree diff --against rendered       with the trees that were built
  git show HEAD~3:a.yaml | telemetree diff a.yaml --against -

The repository is found as git finds it; GIT_DIR, GIT_WORK_TREE and GIT_INDEX_FILE count, so that hooks
see what is being committed. Files that git does not know, or ignores, are part of the files as they
are. Line ends alone are no difference, and no filter of git's is run. Exit code 2 means differences.";

/// Turns one workload spec into the tree of Kubernetes manifests and Helm values for Grafana Alloy,
/// Mimir, Loki and Grafana, on AWS or Azure. Pure and offline: the same input gives the same bytes.
#[derive(Debug, Parser)]
#[command(name = "telemetree", version, after_help = EXIT_CODES, propagate_version = true)]
pub struct Args {
    /// Say nothing but findings
    #[arg(short, long, global = true)]
    pub quiet: bool,

    #[command(flatten)]
    pub color: ColorArg,

    #[command(subcommand)]
    pub command: Command,
}

/// When to use colours; `NO_COLOR` and `CLICOLOR_FORCE` are honoured
#[derive(Debug, clap::Args)]
pub struct ColorArg {
    /// When to use colours
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    color: Color,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Color {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl ColorArg {
    /// Makes the choice hold for everything that is printed.
    pub fn write_global(&self) {
        match self.color {
            Color::Auto => anstream::ColorChoice::Auto,
            Color::Always => anstream::ColorChoice::Always,
            Color::Never => anstream::ColorChoice::Never,
        }
        .write_global();
    }
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Compile specs and write their trees
    ///
    /// Only files that telemetree made are replaced or removed. A file that was edited by hand, or
    /// that stands where a new one belongs, is named, and nothing is written. The tree of a workload
    /// is replaced at once: a crash leaves the old one or the new one.
    Build(Build),
    /// Find what is wrong with specs, with their overlays, and with the trees they make; write nothing
    ///
    /// The specs are compiled in memory and every rule is run: `telemetree rules` lists them. Given files
    /// that are neither specs nor fleets, such as an overlay's, it checks the workloads that use them.
    Check(Check),
    /// Show what a change does to the trees: by meaning and cause, the most dangerous first
    ///
    /// Both sides are compiled in memory, so that the difference is there before anything is built or
    /// committed. Changes are grouped by the lines that made them. Without --against the other side is the commit at which this branch left its upstream
    /// branch (else origin's default branch); where there is none, the commit that is checked out.
    /// Nothing is written, and git itself is not run.
    #[command(after_help = DIFF_EXAMPLES)]
    Diff(Diff),
    /// Say why a value is in the tree, or what a line of the spec decides
    ///
    /// The specs are compiled in memory; nothing is written. The chain goes from the value to the rule
    /// that made it, and on to the lines of the spec and the defaults that the rule worked on.
    Explain(Explain),
    /// Say which values your own version of a chart reads, so that they can be checked
    ///
    /// The chart's templates are run on nothing in particular, and every key that they ask for is noted,
    /// with its default: that is the chart's contract. Of longer texts it holds the length and a digest.
    /// An overlay that pins the version names the contract, and the values are checked against it.
    #[command(after_help = CONTRACT_STEPS)]
    Contract(Contract),
    /// List every rule: its code, how bad what it finds is, and what it finds
    Rules {
        /// How the list is printed
        #[arg(long, value_enum, default_value_t = Format::Human)]
        format: Format,
    },
    /// Print the JSON Schema of a document, for an editor
    Schema {
        /// Of which document
        #[arg(value_enum, default_value_t = Document::Workload)]
        document: Document,
    },
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// The documents that people write
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Document {
    /// One workload
    Workload,
    /// Many workloads, and what they share
    Fleet,
    /// Changes of the tree
    Overlay,
    /// Changes that somebody has accepted
    Acknowledgements,
    /// What `diff --format json` prints
    Diff,
}

/// How answers are printed
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people
    Human,
    /// For programs
    Json,
}

/// How findings are printed
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum FindingsFormat {
    /// For people
    Human,
    /// For programs
    Json,
    /// For tools that read SARIF 2.1.0, such as code scanning
    Sarif,
    /// For GitHub's workflows: annotations at the lines
    Github,
}

#[derive(Debug, clap::Args)]
pub struct Check {
    /// Specs or fleets, folders in which to look for them, or files that they use; `-` is stdin
    #[arg(default_value = ".", value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    #[command(flatten)]
    pub filter: Filter,

    /// The file that the text on stdin is of: for an editor, with the path `-`
    #[arg(long, value_name = "FILE")]
    pub stdin_filename: Option<PathBuf>,

    /// Compare the tree that stands in the output folder, too; exit 2 if it is another
    #[arg(long)]
    pub frozen: bool,

    /// Where the trees are; default: what the fleet says, or `rendered`
    #[arg(short, long, value_name = "DIR", requires = "frozen")]
    pub output: Option<PathBuf>,

    /// For trees that were built before: what another version of a chart reads, as `telemetree
    /// contract` prints it; may be given again. An overlay of a spec names its own
    #[arg(long = "contract", value_name = "FILE")]
    pub contracts: Vec<PathBuf>,

    /// Take warnings for errors
    #[arg(long)]
    pub deny_warnings: bool,

    /// How findings are printed: for people on stderr, else on stdout
    #[arg(long, value_enum, default_value_t = FindingsFormat::Human)]
    pub format: FindingsFormat,

    /// How many workloads to compile at once; all cores by default
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: Option<u16>,
}

#[derive(Debug, clap::Args)]
pub struct Explain {
    /// A file of the tree, such as `mimir/values.yaml`, any end of its path will do; or a rule's code
    #[arg(required_unless_present = "spec_line", conflicts_with = "spec_line")]
    pub file: Option<String>,

    /// A place in it, as a JSON pointer such as `/ingester/replicas`; everything if absent
    #[arg(conflicts_with = "spec_line")]
    pub pointer: Option<String>,

    /// Say what this line of the spec decides instead
    #[arg(long, value_name = "N")]
    pub spec_line: Option<usize>,

    /// A line of another file than the spec, such as an overlay's: with --spec-line
    #[arg(long, value_name = "FILE", requires = "spec_line", conflicts_with = "file")]
    pub of: Option<String>,

    /// Specs or fleets, or folders in which to look for them
    #[arg(long, default_value = ".", value_name = "PATH")]
    pub spec: Vec<PathBuf>,

    #[command(flatten)]
    pub filter: Filter,

    /// How answers are printed
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
}

#[derive(Debug, clap::Args)]
pub struct Contract {
    /// An unpacked chart, with the charts that it depends on: what `helm pull --untar` makes
    #[arg(value_name = "FOLDER")]
    pub folder: PathBuf,

    /// Write the contract to a file; `-` is stdout, which is the default
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub struct Build {
    /// Specs or fleets, or folders in which to look for them; `-` is stdin
    #[arg(default_value = ".", value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    #[command(flatten)]
    pub filter: Filter,

    /// Where the trees go: a folder, or `-` for one cluster's objects as a stream; default: what the
    /// fleet says, or `rendered`
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,

    /// Overwrite and remove files that were edited by hand or are not ours
    #[arg(long)]
    pub force: bool,

    /// Say what would change, write nothing; exit 2 if anything would
    #[arg(long)]
    pub dry_run: bool,

    /// How many workloads to compile at once; all cores by default. The output is the same
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: Option<u16>,
}
