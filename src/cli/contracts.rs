//! Contracts of charts that a command line names.

use crate::files::Files;
use std::io;
use std::path::PathBuf;
use telemetree::contract::chart::{self, Contract};

/// Reads them.
pub fn contracts(files: &[PathBuf]) -> io::Result<Vec<Contract>> {
    let read = |file: &PathBuf| {
        let text = Files::Disk.text(file)?.map_err(|found| found.message);
        let contract = text.and_then(|text| chart::parse(&text).map_err(|why| why.to_string()));
        contract.map_err(|why| io::Error::other(format!("{}: {why}", file.display())))
    };
    files.iter().map(read).collect()
}
