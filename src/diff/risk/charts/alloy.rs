//! What the values of Alloy's chart decide.

use super::{NEW_PODS, RIGHTS};
use crate::diff::risk::when::When::{Added, Always, Becomes, Lost, NoLonger, Removed, Set, Zero};
use crate::diff::risk::{Rule, rules};

/// In the values of Alloy's chart.
pub const RULES: &[Rule] = rules! {
    "alloy|controller|configReloader/**" Always => Restart, NEW_PODS;
    "service/enabled" Becomes(&["false"]) => TelemetryLoss, "what browsers send no longer arrives";
    "rbac/create" Becomes(&["false"]) => TelemetryLoss, "the collector may no longer ask for pods and nodes";
    "serviceAccount/automountServiceAccountToken" Becomes(&["false"])
        => TelemetryLoss, "the collector may no longer ask for pods and nodes";
    "rbac/namespaces/**" Set => TelemetryLoss, "nodes and other namespaces are no longer found";
    "controller/type" Lost => TelemetryLoss, "not every node has a collector any more, or there are others";
    "controller/tolerations/*/**" Lost => TelemetryLoss, "nodes with this taint are no longer watched";
    "controller/nodeSelector|affinity/**" Added => TelemetryLoss, "nodes that do not match are no longer watched";
    "controller/replicas" Zero => TelemetryLoss, "nothing is collected any more";
    "alloy/configMap/name|key" Lost => TelemetryLoss, "the collector reads another configuration";
    "alloy/mounts/extra/*/mountPath"
        Lost => TelemetryLoss, "the collector no longer reaches what it reads there";
    "alloy/mounts/varlog|dockercontainers"
        Becomes(&["false"]) => TelemetryLoss, "the collector no longer reaches the node's logs";
    "alloy/mounts/varlog|dockercontainers" Becomes(&["true"]) => Privilege, "pods reach files of their node";
    "controller/volumes/extra/**" Removed => TelemetryLoss, "the collector no longer reaches what it reads there";
    "alloy/listenAddr|listenPort" Lost => Exposure, "it listens elsewhere";
    "rbac/rules|clusterRules/**" Added => Privilege, RIGHTS;
    "rbac/rules|clusterRules/*/resources/*" NoLonger(&["pods", "pods/log", "nodes", "nodes/metrics"])
        => TelemetryLoss, "the collector may no longer ask for this";
};
