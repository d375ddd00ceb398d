//! What values of the charts decide.
//!
//! Sources: the templates of the pinned charts (which value becomes which field), and the references of Mimir
//! 3.0, Loki 3.7 and Grafana 12 for what the settings mean. Volumes of StatefulSets are made from templates
//! that the Kubernetes API never lets change.

pub mod alloy;
pub mod grafana;
pub mod loki;
pub mod mimir;

use super::when::When::{Added, Always, Becomes, Lost};
use super::{Rule, rules};

const NEW_PODS: &str = "pods are replaced, because their configuration changes";
const OTHER_STORE: &str = "what was stored stays in the old place, and is no longer found";
const DELETED_SOONER: &str = "what is older than the new retention is deleted";
const OTHER_TENANT: &str = "what was stored stays with the old tenant, and is no longer found";
const CLAIMS: &str = "the API server refuses changes of a StatefulSet's volume claims";
const SMALLER_CLAIM: &str = "volumes cannot shrink: they must be made anew, without their data";
const OTHER_CLASS: &str =
    "volumes cannot move to another class: they must be made anew, without their data";
const NO_VOLUME: &str = "what is not uploaded yet is lost with each pod";
const DELETES_VOLUMES: &str = "volumes are deleted with their pods, with what is not uploaded yet";
const FEWER_WRITERS: &str =
    "what the pods that go hold and have not uploaded is lost, if they are not flushed";
const FEWER_COPIES: &str = "recent data has fewer copies: a pod that fails takes some with it";
const RENAMED: &str =
    "everything gets another name: new volumes, new services, and the old ones go";
const SELECTORS: &str = "the API server refuses changes of selectors";
const REFUSED: &str = "the store refuses more of what is sent to it";
const GONE: &str = "what comes in has nowhere to go";
const PUBLIC: &str = "it is reached from outside of the cluster";
const NO_LOGIN: &str = "it asks for less before it lets in";
const IDENTITY: &str =
    "the pods act as another identity: what the old one may do, the new one must be allowed";
const RIGHTS: &str = "more may be done with the API of Kubernetes";

/// In the values of every chart.
pub const ALL: &[Rule] = rules! {
    "**/service/type" Becomes(&["LoadBalancer", "NodePort"]) => Exposure, PUBLIC;
    "**/ingress|route|httpRoute/**" Added => Exposure, PUBLIC;
    "**/ingress|route/enabled" Becomes(&["true"]) => Exposure, PUBLIC;
    "**/ingress|route/hosts|hostnames|annotations|ingressClassName|tls/**" Always => Exposure, PUBLIC;
    "**/externalIPs|loadBalancerSourceRanges/**" Always => Exposure, PUBLIC;
    "**/networkPolicy/**" Always => Exposure, "what may reach the pods changes";
    "fullnameOverride|namespaceOverride" Always => DataLoss, RENAMED;
    "fullnameOverride|namespaceOverride" Always => Restart, NEW_PODS;
    "nameOverride" Always => Immutable, SELECTORS;
    "nameOverride" Always => Restart, NEW_PODS;
    "serviceAccount/name|create" Lost => Privilege, IDENTITY;
    "serviceAccount/annotations|labels|extraLabels|additionalLabels/**" Always => Privilege, IDENTITY;
    "rbac/create|namespaced|pspEnabled|useExistingRole|extraRoleRules|extraClusterRoleRules/**"
        Always => Privilege, RIGHTS;
};
