//! What the command line takes. The text here is what `--help` teaches.

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
  telemetree build workload.yaml -o - | kubectl apply --dry-run=client -f -
  telemetree explain mimir/values.yaml /ingester  why these values are there
  telemetree schema > workload.schema.json       the schema, for an editor";

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
    /// Say why a value is in the tree, or what a line of the spec decides
    ///
    /// The specs are compiled in memory; nothing is written. The chain goes from the value to the rule
    /// that made it, and on to the lines of the spec and the defaults that the rule worked on.
    Explain(Explain),
    /// Print the JSON Schema of a workload spec
    Schema,
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// How answers are printed
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people
    Human,
    /// For programs
    Json,
}

#[derive(Debug, clap::Args)]
pub struct Explain {
    /// A file of the tree, such as `mimir/values.yaml`; any end of its path will do
    #[arg(required_unless_present = "spec_line", conflicts_with = "spec_line")]
    pub file: Option<String>,

    /// A place in it, as a JSON pointer such as `/ingester/replicas`; everything if absent
    #[arg(conflicts_with = "spec_line")]
    pub pointer: Option<String>,

    /// Say what this line of the spec decides instead
    #[arg(long, value_name = "N")]
    pub spec_line: Option<usize>,

    /// Specs, or folders in which to look for them
    #[arg(long, default_value = ".", value_name = "PATH")]
    pub spec: Vec<PathBuf>,

    /// The folder below which overlays are read; default: where the command runs
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,

    /// How answers are printed
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
}

#[derive(Debug, clap::Args)]
pub struct Build {
    /// Specs, or folders in which to look for them; `-` is stdin
    #[arg(default_value = ".", value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// Where the trees go: a folder, or `-` for one cluster's objects as a stream
    #[arg(short, long, value_name = "DIR", default_value = "rendered")]
    pub output: PathBuf,

    /// Overwrite and remove files that were edited by hand or are not ours
    #[arg(long)]
    pub force: bool,

    /// Say what would change, write nothing; exit 2 if anything would
    #[arg(long)]
    pub dry_run: bool,

    /// The folder below which overlays are read; default: where the command runs
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,

    /// How many workloads to compile at once; all cores by default. The output is the same
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: Option<u16>,
}
