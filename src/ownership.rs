//! The ownership manifest: which files of a folder are ours, and what we wrote into them.

use crate::digest::digest;
use crate::tree::RelPath;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The manifest of one cluster's folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The compiler's version.
    pub compiler: String,
    /// The workload.
    pub workload: String,
    /// The cluster.
    pub cluster: String,
    /// The inputs, as SHA-256 in hexadecimal.
    pub inputs: BTreeMap<String, String>,
    /// Every file but this one, with the SHA-256 of its bytes.
    pub files: BTreeMap<String, String>,
}

/// The manifest's own form, so that a later one can be told from a damaged one.
const HEAD: &str = "telemetree";

impl Manifest {
    /// The manifest of a folder's files.
    pub fn of(
        workload: &str,
        cluster: &str,
        inputs: &BTreeMap<String, String>,
        files: &BTreeMap<RelPath, String>,
    ) -> Self {
        Manifest {
            compiler: concat!("telemetree ", env!("CARGO_PKG_VERSION")).to_owned(),
            workload: workload.to_owned(),
            cluster: cluster.to_owned(),
            inputs: inputs.clone(),
            files: files
                .iter()
                .map(|(path, text)| (path.to_string(), digest(text.as_bytes())))
                .collect(),
        }
    }

    /// The manifest's text.
    pub fn emit(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("bug: a manifest is JSON");
        text.push('\n');
        text
    }

    /// Reads a manifest. A damaged one owns nothing.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let manifest: Manifest = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if !manifest.compiler.starts_with(HEAD) {
            return Err(format!("it was made by `{}`", manifest.compiler));
        }
        let escapes = |path: &&String| {
            path.starts_with('/') || path.split('/').any(|part| matches!(part, ".." | "." | ""))
        };
        match manifest.files.keys().find(escapes) {
            Some(path) => Err(format!("it claims `{path}`, which is outside the folder")),
            None => Ok(manifest),
        }
    }
}
