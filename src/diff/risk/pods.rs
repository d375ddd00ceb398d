//! What pods are made of: what replaces them, and what they may do.
//!
//! Source: the reference of `PodSpec` in the Kubernetes API, and its Pod Security Standards for what weakens a pod.

use super::when::When::{Added, Always, Becomes, Lost, NoLonger, Set};
use super::{Rule, rules};

const NEW_PODS: &str = "pods are replaced, because what they are made from changes";
const STRONGER: &str = "pods get more rights on their node";
const HOST_FILES: &str = "pods reach files of their node";
const HOST_NETWORK: &str = "pods are reached at their node's addresses";

/// A pod's template in what replaces its pods when that changes.
pub const IN_TEMPLATE: &[Rule] = rules! {
    "spec/template/**" Always => Restart, NEW_PODS;
};

/// What a pod may do, wherever it is described; in values of charts the contexts have more names.
pub const RIGHTS: &[Rule] = rules! {
    "**/securityContext|containerSecurityContext|podSecurityContext/privileged|allowPrivilegeEscalation" Becomes(&["true"]) => Privilege, STRONGER;
    "**/securityContext|containerSecurityContext|podSecurityContext/allowPrivilegeEscalation" NoLonger(&["false"]) => Privilege, STRONGER;
    "**/securityContext|containerSecurityContext|podSecurityContext/runAsUser|runAsGroup" Becomes(&["0"]) => Privilege, STRONGER;
    "**/securityContext|containerSecurityContext|podSecurityContext/runAsNonRoot|readOnlyRootFilesystem" Becomes(&["false"]) => Privilege, STRONGER;
    "**/securityContext|containerSecurityContext|podSecurityContext/capabilities/add/*" Added => Privilege, STRONGER;
    "**/securityContext|containerSecurityContext|podSecurityContext/capabilities/drop/*" Lost => Privilege, STRONGER;
    "**/securityContext|containerSecurityContext|podSecurityContext/procMount" Becomes(&["Unmasked"]) => Privilege, STRONGER;
    "**/securityContext|containerSecurityContext|podSecurityContext/sysctls/*/**" Set => Privilege, STRONGER;
    "**/securityContext|containerSecurityContext|podSecurityContext/supplementalGroups/*" Added => Privilege, STRONGER;
    "**/seccompProfile|appArmorProfile/type" Becomes(&["Unconfined"]) => Privilege, STRONGER;
    "**/seLinuxOptions/**" Set => Privilege, STRONGER;
    "**/windowsOptions/hostProcess" Becomes(&["true"]) => Privilege, STRONGER;
    "**/runtimeClassName" Lost => Privilege, "pods are no longer kept apart from their node as they were";
    "**/shareProcessNamespace" Becomes(&["true"]) => Privilege, "containers of a pod reach each other's processes";
    "**/hostPID|hostIPC" Becomes(&["true"]) => Privilege, STRONGER;
    "**/hostPath/**" Added => Privilege, HOST_FILES;
    "**/hostPath/path" Lost => Privilege, HOST_FILES;
    "**/hostNetwork" Becomes(&["true"]) => Exposure, HOST_NETWORK;
    "**/hostPort" Added => Exposure, HOST_NETWORK;
    "**/automountServiceAccountToken" Becomes(&["true"]) => Privilege, "pods get a token for the API";
};

/// What a pod may do by what its own object says or no longer says: nobody else sets it then.
pub const RIGHTS_IN_OBJECTS: &[Rule] = rules! {
    "**/securityContext/runAsNonRoot|readOnlyRootFilesystem" NoLonger(&["true"]) => Privilege, STRONGER;
    "**/serviceAccountName" Always => Privilege, "pods act as another service account";
};

/// What replaces pods, in values of charts, wherever a chart takes parts of a pod.
pub const IN_VALUES: &[Rule] = rules! {
    "**/securityContext|podSecurityContext|containerSecurityContext/**" Always => Restart, NEW_PODS;
    "**/resources/limits|requests/*" Always => Restart, NEW_PODS;
    "**/image|images|global/**" Always => Restart, NEW_PODS;
    "**/args|extraArgs|command|env|extraEnv|extraEnvFrom|envFrom|envValueFrom|envFromSecret/**"
        Always => Restart, NEW_PODS;
    "**/nodeSelector|affinity|tolerations|topologySpreadConstraints/**" Always => Restart, NEW_PODS;
    "**/podAnnotations|podLabels/**" Always => Restart, NEW_PODS;
    "**/volumes|extraVolumes|extraVolumeMounts|mounts|extraSecretMounts|extraConfigmapMounts/**"
        Always => Restart, NEW_PODS;
    "**/livenessProbe|readinessProbe|startupProbe|lifecycle/**" Always => Restart, NEW_PODS;
    "**/initContainers|extraContainers|extraInitContainers|hostAliases/**" Always => Restart, NEW_PODS;
    "**/priorityClassName|terminationGracePeriodSeconds|hostNetwork|hostPID|dnsPolicy|extraPorts/**"
        Always => Restart, NEW_PODS;
    "**/allocatedMemory|allocatedCPU" Always => Restart, NEW_PODS;
    "serviceAccount/name" Always => Restart, NEW_PODS;
    "**/automountServiceAccountToken|hostUsers|runtimeClassName|hostIPC" Always => Restart, NEW_PODS;
};
