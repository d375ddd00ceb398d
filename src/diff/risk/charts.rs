//! What values of the charts decide.
//!
//! Sources: the templates of the pinned charts (which value becomes which field), and the references of Mimir
//! 3.0, Loki 3.7 and Grafana 12 for what the settings mean. Volumes of a `StatefulSet` are made from templates
//! that the Kubernetes API never lets change.

pub mod alloy;
mod aside;
pub mod grafana;
pub mod loki;
pub mod mimir;
mod tenant;

use super::off::{self, State};
use super::reach::{is_in, narrower_networks, reach, widens};
use super::when;
use super::when::When::{Always, Becomes, Lost, NoLonger, Set};
use super::{Class, Risks, Rule, ask, ask_of_taken, note, objects, pods, rules};
use crate::diff::edit::{Edit, Part};
use crate::diff::tree::FileChange;
use crate::model::ComponentId;
use crate::node::Node;

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

/// The classes of a leaf of a chart's values.
pub fn judge(component: ComponentId, file: &FileChange, leaf: &Edit, risks: &mut Risks) {
    match off::state(component, file, leaf) {
        State::On => {}
        State::Off => return note(risks, Class::Noise, "the chart makes nothing of it"),
        State::Default => return note(risks, Class::Noise, "the chart's own value, said aloud"),
    }
    let own = match component {
        ComponentId::Alloy => alloy::RULES,
        ComponentId::Mimir => mimir::RULES,
        ComponentId::Loki => loki::RULES,
        ComponentId::Grafana => grafana::RULES,
    };
    let taken = off::taken(file, leaf);
    for rules in [own, ALL, pods::IN_VALUES, pods::RIGHTS] {
        ask(rules, leaf, risks);
        ask_of_taken(rules, &taken, risks);
    }
    if let Some(edit) = off::taken_away(file, leaf) {
        for leaf in edit.leaves() {
            ask(pods::IN_VALUES, &leaf, risks);
            ask(pods::RIGHTS, &leaf, risks);
            ask(own, &leaf, risks);
        }
    }
    if is_in(leaf, "loadBalancerSourceRanges") && widens(file, leaf) {
        note(risks, Class::Exposure, PUBLIC);
    }
    aside::judge(component, file, leaf, risks);
    if component == ComponentId::Loki {
        tenant::streams(file, leaf, risks);
    }
    if component == ComponentId::Loki && loki::is_no_part_of_pods(leaf) {
        let _ = risks.remove(&Class::Restart);
    }
    let Some((last, around)) = leaf.place.parts().split_last() else { return };
    match (around.iter().map(Part::key).collect::<Vec<_>>().as_slice(), last.key()) {
        (["serviceAccount", ..], key) if objects::is_identity(key) => {
            note(risks, Class::Privilege, IDENTITY);
        }
        (["grafana.ini", "auth.proxy"], "whitelist") if !trusts_fewer(leaf) => {
            note(risks, Class::Exposure, "more may say who somebody is");
        }
        ([.., "mounts" | "extraVolumeMounts" | "extra", _], "readOnly")
            if leaf.before.is_some() && may_be_written(file, leaf) =>
        {
            note(risks, Class::Privilege, "pods may write what they could only read");
        }
        (["persistence"], "enabled") if grafana::chowns(component, file) => {
            note(risks, Class::Privilege, "an init container of the chart runs as root");
        }
        ([.., "runtimeConfig", "overrides", _], key) => {
            tenant::judge(component, key, file, leaf, risks);
        }
        _ => {}
    }
}

/// Whether what a pod mounts is there, and not only to be read.
fn may_be_written(file: &FileChange, leaf: &Edit) -> bool {
    let mount = leaf.place.parts().split_last().map(|(_, mount)| mount);
    let mount = file.after.zip(mount).and_then(|(file, mount)| reach(file.view(), mount));
    mount.is_some_and(|mount| mount.get("readOnly").is_none_or(|flag| when::text(flag) != "true"))
}

/// Whether only some of the proxies that were trusted still are.
fn trusts_fewer(leaf: &Edit) -> bool {
    let text = |side: Option<&Node>| side.and_then(Node::text).unwrap_or_default().to_owned();
    narrower_networks(&text(leaf.after), &text(leaf.before))
        || leaf.before.is_none() && leaf.after.is_some()
}

/// In the values of every chart.
const ALL: &[Rule] = rules! {
    "**/service/type" Becomes(&["LoadBalancer", "NodePort"]) => Exposure, PUBLIC;
    "**/ingress|route/enabled" Becomes(&["true"]) => Exposure, PUBLIC;
    "**/route/*/enabled" Becomes(&["true"]) => Exposure, PUBLIC;
    "**/route/*/hostnames|parentRefs/**" Set => Exposure, PUBLIC;
    "**/insecure|insecure_skip_verify|tls_insecure_skip_verify" Becomes(&["true"])
        => Exposure, "what is sent can be read or answered by others on the way";
    "**/ingress|route/hosts|hostnames|ingressClassName|tls|annotations/**" Set => Exposure, PUBLIC;
    "**/externalIPs/**" Set => Exposure, PUBLIC;
    "**/serviceMonitor|podMonitor/enabled" NoLonger(&["true"]) => TelemetryLoss, "it is no longer watched";
    "gateway/service/port|nameOverride" Set => TelemetryLoss, GONE;
    "**/service/clusterIP" Set => Immutable, "the API server refuses changes of a service's addresses";
    "**/networkPolicy/**" Always => Exposure, "what may reach the pods changes";
    "fullnameOverride|namespaceOverride" Always => DataLoss, RENAMED;
    "fullnameOverride|namespaceOverride" Always => Restart, NEW_PODS;
    "nameOverride" Always => Immutable, SELECTORS;
    "nameOverride" Always => Restart, NEW_PODS;
    "serviceAccount/name|create" Lost => Privilege, IDENTITY;
    "rbac/create" Becomes(&["true"]) => Privilege, RIGHTS;
    "rbac/namespaced|pspEnabled|useExistingRole|extraRoleRules|extraClusterRoleRules/**"
        Always => Privilege, RIGHTS;
};
