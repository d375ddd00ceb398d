//! Amounts within bounds, what a container is given, and the closed choices of the spec.

use super::word::{Bytes, Cpu};
use crate::node::Data;
use std::fmt;

/// A closed set of words.
pub trait Choice: Sized + Copy + 'static {
    /// What people call it, with its article.
    const WHAT: &'static str;
    /// Every choice with its word, in the order in which help lists them.
    const ALL: &'static [(&'static str, Self)];
}

/// A whole number within bounds.
pub trait Amount: Sized + Copy {
    /// What people call it, with its article.
    const WHAT: &'static str;
    /// The smallest.
    const MIN: u32;
    /// The largest.
    const MAX: u32;

    /// The amount, if it is within bounds.
    fn new(value: u32) -> Option<Self>;
    /// The number.
    fn get(self) -> u32;
}

macro_rules! amounts {
    ($($(#[$doc:meta])* $name:ident, $what:literal, $min:literal..=$max:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(u32);

        impl Amount for $name {
            const WHAT: &'static str = $what;
            const MIN: u32 = $min;
            const MAX: u32 = $max;

            fn new(value: u32) -> Option<Self> {
                (Self::MIN..=Self::MAX).contains(&value).then_some($name(value))
            }

            fn get(self) -> u32 {
                self.0
            }
        }

        impl $name {
            /// A constant of ours; the bounds are checked when it is compiled.
            #[allow(unused_comparisons, reason = "one of the amounts starts at zero")]
            pub const fn constant(value: u32) -> Self {
                assert!(value >= $min && value <= $max);
                $name(value)
            }
        }

        impl From<$name> for Data {
            fn from(amount: $name) -> Data {
                Data::Int(amount.0.into())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0)
            }
        }
    )*};
}

amounts! {
    /// Pods of one kind.
    Replicas, "a number of replicas", 1..=500;
    /// Pods of one kind, where none is a choice: a product that a site does not run.
    SiteReplicas, "a number of replicas", 0..=1000;
    /// Active series of a tenant.
    SeriesLimit, "a number of series", 1000..=1_000_000_000;
    /// A TCP port.
    Port, "a port", 1..=65535;
    /// Labels of one series.
    LabelLimit, "a number of labels", 10..=200;
}

/// Requests and limits of one container. CPU has no limit: throttling a store slows every query
/// that waits for it, and requests already share the node fairly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resources {
    /// CPU requested.
    pub cpu: Cpu,
    /// Memory requested.
    pub memory: Bytes,
    /// Memory at which the container is killed.
    pub memory_limit: Bytes,
}

impl Resources {
    /// A row of a sizing table.
    pub const fn new(cpu: &'static str, memory: &'static str, memory_limit: &'static str) -> Self {
        Resources {
            cpu: Cpu::constant(cpu),
            memory: Bytes::constant(memory),
            memory_limit: Bytes::constant(memory_limit),
        }
    }
}

macro_rules! choices {
    ($($(#[$doc:meta])* $name:ident, $what:literal {
        $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)*
    })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
        }

        impl Choice for $name {
            const WHAT: &'static str = $what;
            const ALL: &'static [(&'static str, Self)] = &[$(($word, $name::$variant),)*];
        }

        impl $name {
            /// The word for it.
            pub fn as_str(self) -> &'static str {
                match self {
                    $($name::$variant => $word,)*
                }
            }
        }

        impl From<$name> for Data {
            fn from(choice: $name) -> Data {
                Data::from(choice.as_str())
            }
        }
    )*};
}

choices! {
    /// What a change may cost, the worst first.
    RiskClass, "a class of risk" {
        /// Stored telemetry, or the state of a component, is lost or no longer found.
        DataLoss = "data-loss",
        /// The API server refuses the change of an existing object.
        Immutable = "immutable",
        /// Reachable by more, or with less in between.
        Exposure = "exposure",
        /// More may be done with it.
        Privilege = "privilege",
        /// A path, a target, a metric or a label goes away.
        TelemetryLoss = "telemetry-loss",
        /// Running pods are replaced.
        Restart = "restart",
        /// Anything else that has an effect.
        Config = "config",
        /// Nothing that has an effect.
        Noise = "noise",
    }
    /// How much a component is built for.
    Size, "a size" {
        /// About 250,000 active series, or 20 GB of logs a day.
        Small = "small",
        /// About 1,000,000 active series, or 100 GB of logs a day.
        Medium = "medium",
        /// About 10,000,000 active series, or 1 TB of logs a day.
        Large = "large",
    }

    /// How Loki's parts are put into pods.
    LokiMode, "a Loki mode" {
        /// Read, write and backend paths; what the reference system runs.
        SimpleScalable = "simpleScalable",
        /// All parts in each pod.
        Monolithic = "monolithic",
        /// A deployment for each part.
        Distributed = "distributed",
    }

    /// How Loki keeps the index of a period.
    LokiIndex, "a kind of index" {
        /// The current one, and the only one that Loki 4 reads.
        Tsdb = "tsdb",
        /// The one before; for periods that have ended.
        BoltdbShipper = "boltdb-shipper",
    }

    /// A version of Loki's schema.
    SchemaVersion, "a schema version" {
        /// Until 2022.
        V11 = "v11",
        /// Until 2024.
        V12 = "v12",
        /// The current one.
        V13 = "v13",
    }

    /// Where a request's TLS ends.
    TlsEnd, "a place where TLS ends" {
        /// At the proxy's own entry point.
        Traefik = "traefik",
        /// At a load balancer in front of the proxy.
        LoadBalancer = "loadBalancer",
    }

    /// How pods on EKS get their role.
    AwsIdentity, "a way to get a role" {
        /// IAM roles for service accounts: a web identity and an annotation.
        Irsa = "irsa",
        /// EKS Pod Identity: an association outside the cluster, no annotation.
        PodIdentity = "podIdentity",
    }

    /// A group of AWS regions with its own ARNs and host names.
    Partition, "an AWS partition" {
        /// The commercial regions.
        Aws = "aws",
        /// `GovCloud`.
        UsGov = "aws-us-gov",
        /// China.
        China = "aws-cn",
    }

    /// What a taint does to pods that do not tolerate it.
    TaintEffect, "a taint's effect" {
        /// They are not placed.
        NoSchedule = "NoSchedule",
        /// They are placed elsewhere if that is possible.
        PreferNoSchedule = "PreferNoSchedule",
        /// They are not placed, and running ones leave.
        NoExecute = "NoExecute",
    }

    /// Which store names a cluster uses.
    StorageOwner, "an owner of storage names" {
        /// The workload's: one cluster at a time may write there.
        Workload = "workload",
        /// The cluster's own, with its release id in them.
        Cluster = "cluster",
    }

    /// How a kubelet's certificate is checked.
    KubeletTls, "a way to check kubelets" {
        /// Against the cluster's own authority.
        ClusterCa = "clusterCa",
        /// Not at all: for clusters whose kubelets sign their own certificates.
        Insecure = "insecure",
    }

    /// The scope of a secret store.
    StoreKind, "a kind of secret store" {
        /// One for the cluster.
        ClusterSecretStore = "ClusterSecretStore",
        /// One in each namespace.
        SecretStore = "SecretStore",
    }
}

impl fmt::Display for RiskClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl serde::Serialize for RiskClass {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
