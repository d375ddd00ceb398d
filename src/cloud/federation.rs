//! How a cloud recognises a pod: by who issued its token, and whom the token names.

use crate::model::{ClusterSpec, Namespace, ObjectName, WorkloadName};
use crate::node::Node;
use crate::origin::Sourced;

/// Whom the token of a service account names. Source: the Kubernetes documentation, "Managing
/// Service Accounts".
pub fn subject(namespace: &Sourced<Namespace>, account: &Sourced<ObjectName>) -> Sourced<String> {
    namespace.derive_with(account, "the service account that pods run as", |namespace, account| {
        format!("system:serviceaccount:{namespace}:{account}")
    })
}

/// The issuer of a cluster's tokens. A cloud makes its URL up, so without the spec's word it is
/// described, not guessed.
pub fn issuer(cluster: &ClusterSpec, workload: &Sourced<WorkloadName>) -> Node {
    if let Some(issuer) = &cluster.oidc_issuer {
        return Node::from(issuer);
    }
    let described = cluster
        .cloud_name(workload)
        .derive("the spec does not say it", |name| format!("the OIDC issuer of {name}"));
    Node::from(&described)
}
