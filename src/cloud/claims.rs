//! Names that only one thing may use: stores, databases, roles, clusters, hosts.

use super::CloudGrant;
use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::model::{
    Amount as _, ClusterSpec, CsiProvider, Delivery, Secrets, SiteProduct, Workload,
};
use crate::origin::Origin;

/// A name that nothing else may use: a bucket, a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// What is claimed, in words: `the S3 bucket …`.
    pub what: String,
    /// Who claims it, in words.
    pub by: String,
    /// Where a finding points.
    pub at: Origin,
    /// What sharing it would do, and what to do instead.
    pub danger: &'static str,
}

/// Two stores in one place.
pub const STORES: &str = "two stores that compact the same data destroy it: set \
                          `storage: cluster` on one of the clusters, or give one another name";
/// Two policies for one role.
pub const ROLES: &str = "whoever is set up last locks the other out: leave the role out, so that \
                         each cluster has its own";
const DATABASES: &str = "two Grafanas on one database upgrade it under each other: leave \
                         `keys.grafanaDatabase` out, so that each cluster has a secret of its own";
const CLUSTERS: &str = "metrics of two clusters could not be told apart: give each its own name";
const DESTINATIONS: &str = "two stacks in one cluster would take each other's place: write \
                            `destination` under each cluster";
const HOSTS: &str = "a proxy sends a name to one place only: give one of them another name";

/// What a cluster claims besides its stores and roles.
pub fn of_cluster(workload: &Workload, cluster: &ClusterSpec, grant: &CloudGrant) -> Vec<Claim> {
    let name = cluster.cloud_name(&workload.name).value;
    let at = || cluster.release.origin.clone();
    let own = Claim {
        what: format!("the cluster `{name}` in {}", grant.realm),
        by: format!("the cluster `{}` of `{}`", cluster.release.value, workload.name.value),
        at: at(),
        danger: CLUSTERS,
    };
    let destination = match &workload.delivery {
        Some(Delivery::ArgoCd(argocd)) => {
            let destination = cluster.destination.as_ref().unwrap_or(&argocd.destination);
            Some(Claim {
                what: format!("`{}` in `{}`'s Argo CD", destination.value, workload.name.value),
                by: format!("the cluster `{}`", cluster.release.value),
                at: at(),
                danger: DESTINATIONS,
            })
        }
        Some(Delivery::Flux(_)) | None => None,
    };
    [own].into_iter().chain(destination).chain(database(workload, cluster, grant)).collect()
}

/// Each cluster's Grafana has a database of its own, as far as the spec can say.
fn database(workload: &Workload, cluster: &ClusterSpec, grant: &CloudGrant) -> Option<Claim> {
    let secret = &grant.remote.grafana_database;
    let store = match (&workload.secrets, &grant.csi) {
        (Secrets::Existing, _) => return None,
        (Secrets::ExternalSecrets(external), _) => {
            format!("the store `{}` of {}", external.store_name.value, grant.realm)
        }
        (Secrets::SecretsStoreCsi(_), CsiProvider::KeyVault { vault, .. }) => {
            format!("the vault `{}`", vault.value)
        }
        (Secrets::SecretsStoreCsi(_), CsiProvider::SecretsManager { .. }) => grant.realm.clone(),
    };
    let property = secret.property.iter().map(|property| format!(".{}", property.value));
    let property: String = property.collect();
    Some(Claim {
        what: format!("the database of the secret `{}{property}` in {store}", secret.key.value),
        by: format!("Grafana of `{}`", cluster.cloud_name(&workload.name).value),
        at: cluster.release.origin.clone(),
        danger: DATABASES,
    })
}

/// The public names of a workload: Grafana's, the browsers' endpoint, and every product's.
pub fn of_hosts(workload: &Workload) -> Vec<Claim> {
    let claim = |host: String, by: String, at: &Origin| Claim {
        what: format!("the host `{host}`"),
        by,
        at: at.clone(),
        danger: HOSTS,
    };
    let mut claims = Vec::new();
    for site in &workload.sites {
        let runs = |product: &&SiteProduct| product.replicas.value.get() > 0;
        claims.extend(site.products.iter().filter(runs).map(|product| {
            let host = format!("{}.{}", product.domain_prefix.value, site.domain.value);
            let by = format!("`{}` of the site `{}`", product.product.as_str(), site.name.value);
            let written = product.domain_prefix.origin.written();
            let at = written.map_or(site.domain.origin.clone(), |place| Origin::at(|| place));
            claim(host, by, &at)
        }));
    }
    if workload.ingress.is_some() {
        let prefix = &workload.grafana.domain_prefix;
        let host = format!("{}.{}", prefix.value, workload.domain.value);
        claims.push(claim(host, "Grafana".to_owned(), &prefix.origin));
        if workload.collect.faro.value {
            let host = format!("faro.{}", workload.domain.value);
            claims.push(claim(
                host,
                "the browsers' logs".to_owned(),
                &workload.collect.faro.origin,
            ));
        }
    }
    claims
}

/// Reports every name that two claim.
pub fn refuse_collisions(claims: &[Claim], diags: &mut Diagnostics) {
    for (position, later) in claims.iter().enumerate() {
        let earlier = claims.iter().take(position).find(|claim| claim.what == later.what);
        let Some(earlier) = earlier else { continue };
        let message =
            format!("{} would be used by both {} and {}", later.what, earlier.by, later.by);
        let at = later.at.written().or_else(|| earlier.at.written());
        let error = Diagnostic::error(Code::Collision, at, message);
        let other = earlier.at.written().filter(|place| Some(*place) != at);
        diags.push(error.related(other, "the other one is here").help(later.danger));
    }
}
