//! How far a difference reaches.

use super::Heading;
use super::words::counted;
use crate::diff::group::Review;
use crate::diff::review::Spot;
use std::collections::BTreeSet;

/// How much of the output changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// Workloads with a change.
    pub workloads: usize,
    /// Clusters with one.
    pub clusters: usize,
    /// Files with one; a cluster that comes or goes as a whole has none.
    pub files: usize,
    /// Places where a value changes.
    pub places: usize,
}

impl Extent {
    /// Of a review.
    pub fn of(review: &Review) -> Extent {
        let changes = review.groups.iter().flat_map(|group| &group.changes);
        let spots: Vec<&Spot> = changes.flat_map(|change| &change.spots).collect();
        let clusters: BTreeSet<_> =
            spots.iter().map(|spot| (&spot.workload, &spot.cluster)).collect();
        let files = spots.iter().filter(|spot| !spot.file.is_empty());
        let files: BTreeSet<_> =
            files.map(|spot| (&spot.workload, &spot.cluster, &spot.file)).collect();
        let workloads: BTreeSet<_> = spots.iter().map(|spot| &spot.workload).collect();
        Extent {
            workloads: workloads.len(),
            clusters: clusters.len(),
            files: files.len(),
            places: spots.len(),
        }
    }

    /// `40 places in 31 files of 5 clusters; 3 of 12 workloads`.
    pub fn sentence(self, heading: &Heading) -> String {
        format!(
            "{} in {} of {}; {} of {}",
            counted(self.places, "place"),
            counted(self.files, "file"),
            counted(self.clusters, "cluster"),
            self.workloads,
            counted(heading.compared, "workload"),
        )
    }
}
