//! The four components, as asked for.

use super::quantity::{
    LabelLimit, LokiIndex, LokiMode, Port, Replicas, SchemaVersion, SeriesLimit, Size,
};
use super::word::{
    Bytes, Cpu, Date, DnsLabel, IndexPrefix, LabelKey, LabelValue, ObjectName, Retention,
    SecretKey, StorageClass, StoragePrefix,
};
use super::workload::Taint;
use crate::origin::Sourced;

/// Labels that a node must have; none if any node will do.
pub type NodeSelector = Vec<(LabelKey, Sourced<LabelValue>)>;

/// The collector, as asked for.
#[derive(Debug, Clone)]
pub struct AlloySpec {
    /// What it is built for.
    pub size: Sourced<Size>,
    /// Overrides of its resources.
    pub resources: ResourceOverrides,
    /// Taints beyond those of the clusters that it tolerates.
    pub tolerations: Vec<Taint>,
}

/// Overrides of a container's resources.
#[derive(Debug, Clone, Default)]
pub struct ResourceOverrides {
    /// CPU requested.
    pub cpu: Option<Sourced<Cpu>>,
    /// Memory requested.
    pub memory: Option<Sourced<Bytes>>,
    /// Memory limit.
    pub memory_limit: Option<Sourced<Bytes>>,
}

/// The metrics store, as asked for.
#[derive(Debug, Clone)]
pub struct MimirSpec {
    /// What it is built for.
    pub size: Sourced<Size>,
    /// Overrides of the replicas.
    pub replicas: MimirReplicas,
    /// Override of the volumes' size.
    pub volume_size: Option<Sourced<Bytes>>,
    /// The class of the volumes.
    pub storage_class: Option<Sourced<StorageClass>>,
    /// Labels of the nodes that take the parts with volumes.
    pub node_selector: NodeSelector,
    /// The folder of the blocks in their bucket.
    pub storage_prefix: Sourced<StoragePrefix>,
    /// The most active series.
    pub max_series: Sourced<SeriesLimit>,
    /// The most labels of a series.
    pub max_labels: Sourced<LabelLimit>,
    /// How long metrics are kept.
    pub retention: Sourced<Retention>,
}

/// Overrides of Mimir's replicas.
#[derive(Debug, Clone, Default)]
pub struct MimirReplicas {
    /// Of the compactor.
    pub compactor: Option<Sourced<Replicas>>,
    /// Of the distributor.
    pub distributor: Option<Sourced<Replicas>>,
    /// Of the gateway.
    pub gateway: Option<Sourced<Replicas>>,
    /// Of the ingester.
    pub ingester: Option<Sourced<Replicas>>,
    /// Of the querier.
    pub querier: Option<Sourced<Replicas>>,
    /// Of the query frontend.
    pub query_frontend: Option<Sourced<Replicas>>,
    /// Of the query scheduler.
    pub query_scheduler: Option<Sourced<Replicas>>,
    /// Of the store gateway.
    pub store_gateway: Option<Sourced<Replicas>>,
}

/// The log store, as asked for.
#[derive(Debug, Clone)]
pub struct LokiSpec {
    /// How its parts are put into pods.
    pub mode: Sourced<LokiMode>,
    /// What it is built for.
    pub size: Sourced<Size>,
    /// Overrides of the replicas, by the names of the modes' parts.
    pub replicas: Vec<(LokiPart, Sourced<Replicas>)>,
    /// Override of the volumes' size.
    pub volume_size: Option<Sourced<Bytes>>,
    /// The class of the volumes.
    pub storage_class: Option<Sourced<StorageClass>>,
    /// Labels of the nodes that take the parts with volumes.
    pub node_selector: NodeSelector,
    /// The schema's periods, the oldest first.
    pub schema: Vec<SchemaPeriod>,
    /// How long logs are kept.
    pub retention: Sourced<Retention>,
}

/// A period of Loki's schema. Data of a period is read by its rules for ever.
#[derive(Debug, Clone)]
pub struct SchemaPeriod {
    /// Its first day.
    pub from: Sourced<Date>,
    /// How its index is kept.
    pub index: Sourced<LokiIndex>,
    /// The schema's version.
    pub version: Sourced<SchemaVersion>,
    /// What its index files are called.
    pub prefix: Sourced<IndexPrefix>,
}

impl SchemaPeriod {
    /// Whether it is what Loki 3 asks for, and the only thing that Loki 4 reads.
    pub fn is_current(&self) -> bool {
        self.index.value == LokiIndex::Tsdb && self.version.value == SchemaVersion::V13
    }
}

/// A part of Loki that has pods of its own in some mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LokiPart {
    /// Monolithic: everything.
    All,
    /// Simple scalable: compactor, ruler, index gateway.
    Backend,
    /// Simple scalable: queries.
    Read,
    /// Simple scalable: ingestion.
    Write,
    /// Distributed.
    Compactor,
    /// Distributed.
    Distributor,
    /// Distributed.
    IndexGateway,
    /// Distributed.
    Ingester,
    /// Distributed.
    Querier,
    /// Distributed.
    QueryFrontend,
    /// Distributed.
    QueryScheduler,
    /// Every mode: the proxy in front.
    Gateway,
}

/// The user interface, as asked for.
#[derive(Debug, Clone)]
pub struct GrafanaSpec {
    /// Pods.
    pub replicas: Sourced<Replicas>,
    /// The Secret with the database's URL.
    pub database_secret: Sourced<ObjectName>,
    /// The URL's key in it.
    pub database_key: Sourced<SecretKey>,
    /// The port of the database.
    pub database_port: Sourced<Port>,
    /// The Secret with the administrator's name and password.
    pub admin_secret: Sourced<ObjectName>,
    /// The first label of its host name.
    pub domain_prefix: Sourced<DnsLabel>,
    /// Whether the dashboard for pods killed for memory is made.
    pub oom_dashboard: Sourced<bool>,
}

impl LokiPart {
    /// All, in the order of the enum.
    pub const ALL: [LokiPart; 12] = [
        LokiPart::All,
        LokiPart::Backend,
        LokiPart::Read,
        LokiPart::Write,
        LokiPart::Compactor,
        LokiPart::Distributor,
        LokiPart::IndexGateway,
        LokiPart::Ingester,
        LokiPart::Querier,
        LokiPart::QueryFrontend,
        LokiPart::QueryScheduler,
        LokiPart::Gateway,
    ];

    /// Its key in the spec.
    pub fn as_str(self) -> &'static str {
        match self {
            LokiPart::All => "all",
            LokiPart::Backend => "backend",
            LokiPart::Read => "read",
            LokiPart::Write => "write",
            LokiPart::Compactor => "compactor",
            LokiPart::Distributor => "distributor",
            LokiPart::IndexGateway => "indexGateway",
            LokiPart::Ingester => "ingester",
            LokiPart::Querier => "querier",
            LokiPart::QueryFrontend => "queryFrontend",
            LokiPart::QueryScheduler => "queryScheduler",
            LokiPart::Gateway => "gateway",
        }
    }

    /// The mode in which it has pods of its own; `None` for all modes.
    pub fn mode(self) -> Option<LokiMode> {
        match self {
            LokiPart::All => Some(LokiMode::Monolithic),
            LokiPart::Backend | LokiPart::Read | LokiPart::Write => Some(LokiMode::SimpleScalable),
            LokiPart::Compactor
            | LokiPart::Distributor
            | LokiPart::IndexGateway
            | LokiPart::Ingester
            | LokiPart::Querier
            | LokiPart::QueryFrontend
            | LokiPart::QueryScheduler => Some(LokiMode::Distributed),
            LokiPart::Gateway => None,
        }
    }

    /// Whether it has pods of its own in this mode.
    pub fn runs_in(self, mode: LokiMode) -> bool {
        self.mode().is_none_or(|own| own == mode)
    }

    /// Whether it takes part in writing, and so in replication.
    pub fn writes(self) -> bool {
        matches!(self, LokiPart::All | LokiPart::Write | LokiPart::Ingester)
    }

    /// Its modes in words, for the schema.
    pub fn modes_text(self) -> &'static str {
        match self.mode() {
            Some(LokiMode::Monolithic) => "pods, in the mode `monolithic`",
            Some(LokiMode::SimpleScalable) => "pods, in the mode `simpleScalable`",
            Some(LokiMode::Distributed) => "pods, in the mode `distributed`",
            None => "pods, in every mode",
        }
    }
}
