//! The places of a change, folded: one place in forty clusters is one line, and so are forty places in one.

use crate::diff::review::Spot;
use std::collections::{BTreeMap, BTreeSet};

/// Places that are the same ones in each of some clusters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shared<'a> {
    /// The clusters: workload and release id.
    pub clusters: Vec<Cluster<'a>>,
    /// What changes in each of them.
    pub places: Vec<Place<'a>>,
}

/// A cluster of a workload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cluster<'a> {
    /// The workload.
    pub workload: &'a str,
    /// The release id.
    pub release: &'a str,
}

/// A place in the tree of a cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place<'a> {
    /// The file; empty for the tree as a whole.
    pub file: &'a str,
    /// The object in it.
    pub object: Option<&'a str>,
    /// The place in the file; empty for the file as a whole.
    pub pointer: &'a str,
    /// The chart whose own it is.
    pub chart: Option<&'a str>,
}

impl<'a> Cluster<'a> {
    /// Of a spot.
    pub fn of(spot: &'a Spot) -> Cluster<'a> {
        Cluster { workload: &spot.workload, release: &spot.cluster }
    }
}

impl std::fmt::Display for Cluster<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.workload, self.release)
    }
}

impl<'a> Place<'a> {
    /// Of a spot.
    pub fn of(spot: &'a Spot) -> Place<'a> {
        Place {
            file: &spot.file,
            object: spot.object.as_deref(),
            pointer: &spot.place,
            chart: spot.chart.as_deref(),
        }
    }
}

/// Spots by the clusters that have them, in the order of their places.
pub fn folded(spots: &[Spot]) -> Vec<Shared<'_>> {
    let mut clusters: BTreeMap<Place, BTreeSet<Cluster>> = BTreeMap::new();
    for spot in spots {
        let _ = clusters.entry(Place::of(spot)).or_default().insert(Cluster::of(spot));
    }
    let mut shared: Vec<Shared> = Vec::new();
    let mut known: BTreeMap<BTreeSet<Cluster>, usize> = BTreeMap::new();
    for (place, clusters) in clusters {
        let at = *known.entry(clusters.clone()).or_insert(shared.len());
        match shared.get_mut(at) {
            Some(shared) => shared.places.push(place),
            None => shared
                .push(Shared { clusters: clusters.into_iter().collect(), places: vec![place] }),
        }
    }
    shared
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spot(cluster: &str, file: &str) -> Spot {
        Spot {
            workload: "w".to_owned(),
            cluster: cluster.to_owned(),
            file: file.to_owned(),
            object: None,
            place: "/a".to_owned(),
            chart: None,
        }
    }

    #[test]
    fn places_that_several_clusters_have_are_told_once() {
        let spots: Vec<Spot> = [("1", "a"), ("1", "b"), ("1", "c"), ("2", "a"), ("2", "b")]
            .map(|(cluster, file)| spot(cluster, file))
            .into();
        let sizes: Vec<_> =
            folded(&spots).iter().map(|one| (one.clusters.len(), one.places.len())).collect();
        assert_eq!(sizes, [(2, 2), (1, 1)]);
    }
}
