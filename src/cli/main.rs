//! The binary: the only place that reads and writes files, prints, and ends the process.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::disallowed_macros,
    reason = "the shell around the pure core: effects live here and nowhere else"
)]

mod args;
mod build;
mod check;
mod committed;
mod compiled;
mod contract;
mod contracts;
mod diff;
mod explain;
mod fence;
mod files;
mod findings;
mod fleets;
mod inputs;
mod parallel;
mod sides;
mod snapshot;
mod swap;
mod write;

use anstream::eprintln;
use args::{Args, Command, Document};
use clap::{CommandFactory as _, Parser as _};
use std::process::ExitCode;

/// How a run ended; the same for every command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// Nothing to say.
    Clean,
    /// The input is wrong, or files stand in the way.
    Findings,
    /// There are differences, where they were asked for.
    Differences,
}

impl From<End> for ExitCode {
    fn from(end: End) -> ExitCode {
        match end {
            End::Clean => ExitCode::from(0),
            End::Findings => ExitCode::from(1),
            End::Differences => ExitCode::from(2),
        }
    }
}

const USAGE: u8 = 64;
const BUG: i32 = 70;

fn main() -> ExitCode {
    std::panic::set_hook(Box::new(|panic| {
        eprintln!("telemetree has a bug: {panic}");
        eprintln!("please report it with the command line and the input that led to it");
        std::process::exit(BUG);
    }));
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            let failed = error.use_stderr();
            let _ = error.print();
            return ExitCode::from(if failed { USAGE } else { 0 });
        }
    };
    args.color.write_global();
    match run(&args) {
        Ok(end) => end.into(),
        Err(error) => {
            eprintln!("error: {error}");
            End::Findings.into()
        }
    }
}

fn run(args: &Args) -> std::io::Result<End> {
    match &args.command {
        Command::Build(build) => build::run(build, args),
        Command::Check(check) => check::run(check, args),
        Command::Contract(command) => contract::run(command, args),
        Command::Diff(diff) => diff::run(diff, args),
        Command::Rules { format } => check::rules(*format),
        Command::Explain(command) => explain::run(command, args),
        Command::Schema { document } => {
            let schema = match document {
                Document::Workload => telemetree::spec::schema(),
                Document::Fleet => telemetree::fleet::schema(),
                Document::Overlay => telemetree::overlay::schema(),
                Document::Diff => telemetree::report::diff::schema(),
                Document::Acknowledgements => telemetree::diff::acknowledge::schema(),
            };
            print_out(&serde_json::to_string_pretty(&schema)?)
        }
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Args::command(), "telemetree", &mut script);
            print_out(String::from_utf8_lossy(&script).trim_end())
        }
    }
}

/// Prints data. A reader that stops early (`| head`) is no error.
fn print_out(text: &str) -> std::io::Result<End> {
    use std::io::Write as _;
    match writeln!(std::io::stdout().lock(), "{text}") {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(End::Clean),
        Err(error) => Err(error),
        Ok(()) => Ok(End::Clean),
    }
}

/// Says something, unless silence was asked for.
fn say(args: &Args, text: &str) {
    if !args.quiet {
        eprintln!("{text}");
    }
}
