//! What applies the tree, as asked for.

use super::word::{FolderPath, Namespace, ObjectName, RepoUrl, Revision};
use crate::origin::{Origin, Sourced};

/// What applies the tree.
#[derive(Debug, Clone)]
#[allow(clippy::large_enum_variant, reason = "there is one for each workload")]
pub enum Delivery {
    /// Argo CD.
    ArgoCd(ArgoCd),
    /// Flux.
    Flux(Flux),
}

/// Argo CD's coordinates.
#[derive(Debug, Clone)]
pub struct ArgoCd {
    /// The repository that holds the tree.
    pub repo_url: Sourced<RepoUrl>,
    /// Its revision.
    pub target_revision: Sourced<Revision>,
    /// The output folder in it.
    pub path: Sourced<FolderPath>,
    /// The project of the Applications.
    pub project: Sourced<ObjectName>,
    /// Their namespace.
    pub namespace: Sourced<Namespace>,
    /// The destination cluster's name.
    pub destination: Sourced<ObjectName>,
}

impl ArgoCd {
    /// The origins of all of them.
    pub fn origins(&self) -> Vec<&Origin> {
        let ArgoCd { repo_url, target_revision, path, project, namespace, destination } = self;
        vec![
            &repo_url.origin,
            &target_revision.origin,
            &path.origin,
            &project.origin,
            &namespace.origin,
            &destination.origin,
        ]
    }
}

/// Flux's coordinates.
#[derive(Debug, Clone)]
pub struct Flux {
    /// The namespace of the chart repositories.
    pub namespace: Sourced<Namespace>,
}
