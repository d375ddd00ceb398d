//! The four components' sections. They speak of the workload, never of a chart.

use super::lower::taint;
use super::section::Section;
use crate::diag::{Code, Diagnostic};
use crate::model::{
    AlloySpec, Bytes, Date, DnsLabel, GrafanaSpec, IndexPrefix, LabelLimit, LokiIndex, LokiMode,
    LokiPart, LokiSpec, MimirReplicas, MimirSpec, ObjectName, Port, Replicas, ResourceOverrides,
    Retention, SchemaPeriod, SchemaVersion, SecretKey, SeriesLimit, Size, StoragePrefix,
};
use crate::origin::Sourced;

const WHY_SMALL: &str = "the smallest size that keeps three copies of recent data";

/// The collector.
pub fn alloy(section: &mut Section) -> Option<AlloySpec> {
    let size = section.or_default("size", "what it is built for", Size::Small, WHY_SMALL);
    let resources = section.defaulted("resources", "overrides of its resources", |section| {
        let cpu = section.optional("cpu", "CPU requested");
        let memory = section.optional("memory", "memory requested; with `memoryLimit`");
        let memory_limit = section.optional("memoryLimit", "memory limit; with `memory`");
        refuse_uneven(section, memory.as_ref(), memory_limit.as_ref());
        Some(ResourceOverrides { cpu, memory, memory_limit })
    });
    let tolerations = section.sections(
        "tolerations",
        "taints beyond those of the clusters that it tolerates",
        taint,
    );
    Some(AlloySpec { size, resources: resources?, tolerations })
}

/// A pod that requests more than its limit is refused; with both written, that shows here.
fn refuse_uneven(
    section: &mut Section,
    memory: Option<&Sourced<Bytes>>,
    limit: Option<&Sourced<Bytes>>,
) {
    let (origin, message) = match (memory, limit) {
        (Some(memory), Some(limit)) if memory.value.get() > limit.value.get() => {
            (&memory.origin, "more memory is requested than the limit allows")
        }
        (Some(memory), None) => (&memory.origin, "a request without its limit may exceed it"),
        (None, Some(limit)) => (&limit.origin, "a limit without its request may be below it"),
        (Some(_), Some(_)) | (None, None) => return,
    };
    let error = Diagnostic::derived_error(Code::Conflict, origin, message);
    section.report(error.help("write both `memory` and `memoryLimit`, the limit not below"));
}

/// The metrics store.
pub fn mimir(section: &mut Section) -> Option<MimirSpec> {
    let size = section.or_default("size", "what it is built for", Size::Small, WHY_SMALL);
    let replicas = section.defaulted("replicas", "overrides of the replicas", |section| {
        Some(MimirReplicas {
            compactor: section.optional("compactor", "pods of the compactor"),
            distributor: section.optional("distributor", "pods of the distributor"),
            gateway: section.optional("gateway", "pods of the gateway"),
            ingester: ingester_replicas(section),
            querier: section.optional("querier", "pods of the querier"),
            query_frontend: section.optional("queryFrontend", "pods of the query frontend"),
            query_scheduler: section.optional("queryScheduler", "pods of the query scheduler"),
            store_gateway: section.optional("storeGateway", "pods of the store gateway"),
        })
    });
    let limits = section.defaulted("limits", "what the tenant may send", |section| {
        let series = section.or_default(
            "maxGlobalSeriesPerUser",
            "the most active series",
            SeriesLimit::constant(800_000),
            "the design's limit",
        );
        let labels = section.or_default(
            "maxLabelNamesPerSeries",
            "the most labels of a series",
            LabelLimit::constant(45),
            "the design's limit: kube-state-metrics passes the default of 30",
        );
        Some((series, labels))
    });
    let retention = section.or_default(
        "retention",
        "how long metrics are kept",
        Retention::constant("395d"),
        "thirteen months: a year can be compared with the one before",
    );
    let node_selector = section.words(
        "nodeSelector",
        "labels of the nodes that take the parts with volumes, to keep them off nodes that come and go",
    );
    let storage_prefix = section.or_default(
        "storagePrefix",
        "the folder of the blocks in their store; must stay as it is once there is data",
        StoragePrefix::constant("blocks"),
        "the design's prefix",
    );
    let volume_size =
        section.optional("volumeSize", "the volumes of ingester, store gateway and compactor");
    let storage_class =
        section.optional("storageClass", "the volumes' class; default: the cluster's");
    let (max_series, max_labels) = limits?;
    Some(MimirSpec {
        size,
        replicas: replicas?,
        volume_size,
        storage_class,
        node_selector,
        storage_prefix,
        max_series,
        max_labels,
        retention,
    })
}

/// Three copies are written and two must succeed, so fewer than three ingesters cannot work.
fn ingester_replicas(section: &mut Section) -> Option<Sourced<Replicas>> {
    let replicas: Sourced<Replicas> =
        section.optional("ingester", "pods of the ingester; at least 3")?;
    if replicas.value < Replicas::constant(3) {
        let message = format!("{} ingesters cannot hold 3 copies of each series", replicas.value);
        let error = Diagnostic::derived_error(Code::Conflict, &replicas.origin, message);
        section.report(error.help("write 3 or more: two of three copies must be written"));
    }
    Some(replicas)
}

/// The log store.
pub fn loki(section: &mut Section) -> Option<LokiSpec> {
    let mode = section.or_default(
        "mode",
        "how its parts are put into pods",
        LokiMode::SimpleScalable,
        "what the design runs; Loki 4 will remove it, so plan for `distributed`",
    );
    let size = section.or_default("size", "what it is built for", Size::Small, WHY_SMALL);
    let replicas = section.defaulted("replicas", "overrides of the replicas, by part", |section| {
        let parts = LokiPart::ALL.into_iter();
        Some(parts.filter_map(|part| loki_replicas(section, part, mode.value)).collect::<Vec<_>>())
    });
    let schema = section.sections(
        "schema",
        "the periods of the schema, in order; a period with data must never change",
        schema_period,
    );
    let retention = section.or_default(
        "retention",
        "how long logs are kept",
        Retention::constant("30d"),
        "the reference system's retention where it has one",
    );
    let schema = if schema.is_empty() { vec![default_period()] } else { schema };
    refuse_unordered(section, &schema);
    refuse_old_schema(section, &schema);
    let volume_size = section.optional("volumeSize", "the volumes of the parts that keep data");
    let storage_class =
        section.optional("storageClass", "the volumes' class; default: the cluster's");
    let node_selector = section.words(
        "nodeSelector",
        "labels of the nodes that take the parts with volumes, to keep them off nodes that come and go",
    );
    let replicas = replicas?;
    Some(LokiSpec {
        mode,
        size,
        replicas,
        volume_size,
        storage_class,
        node_selector,
        schema,
        retention,
    })
}

const WHY_SCHEMA: &str = "the only index that Loki 4 reads, with the schema that it asks for";

fn schema_period(section: &mut Section) -> Option<SchemaPeriod> {
    let from = section.required("from", "its first day");
    let index = section.or_default("index", "how the index is kept", LokiIndex::Tsdb, WHY_SCHEMA);
    let version =
        section.or_default("version", "the schema's version", SchemaVersion::V13, WHY_SCHEMA);
    let prefix = section.or_default(
        "prefix",
        "what its index files are called",
        IndexPrefix::constant("loki_index_"),
        "the reference system's prefix",
    );
    Some(SchemaPeriod { from: from?, index, version, prefix })
}

fn default_period() -> SchemaPeriod {
    const WHY: &str = "a day before any data of a new store, never to be changed; a store with data of another \
         index needs its periods written out";
    const WHY_PREFIX: &str = "the reference system's prefix";
    SchemaPeriod {
        from: Sourced::default(Date::constant("2024-04-01"), WHY),
        index: Sourced::default(LokiIndex::Tsdb, WHY_SCHEMA),
        version: Sourced::default(SchemaVersion::V13, WHY_SCHEMA),
        prefix: Sourced::default(IndexPrefix::constant("loki_index_"), WHY_PREFIX),
    }
}

fn refuse_unordered(section: &mut Section, periods: &[SchemaPeriod]) {
    for pair in periods.windows(2) {
        let [earlier, later] = pair else { continue };
        if earlier.from.value >= later.from.value {
            let message =
                format!("`{}` does not follow `{}`", later.from.value, earlier.from.value);
            let error = Diagnostic::derived_error(Code::Conflict, &later.from.origin, message);
            let error = error.related(earlier.from.origin.written(), "the period before");
            section.report(error.help("append new periods at the end, with later days"));
        }
    }
}

/// Structured metadata, on by default since Loki 3, needs the current schema.
fn refuse_old_schema(section: &mut Section, periods: &[SchemaPeriod]) {
    let Some(last) = periods.last() else { return };
    if !last.is_current() {
        let message = "the last period must be `tsdb` with `v13`";
        let error = Diagnostic::derived_error(Code::Conflict, &last.from.origin, message);
        section.report(error.help("append `- {from: <a day to come>}`"));
    }
}

fn loki_replicas(
    section: &mut Section,
    part: LokiPart,
    mode: LokiMode,
) -> Option<(LokiPart, Sourced<Replicas>)> {
    let replicas: Sourced<Replicas> = section.optional(part.as_str(), part.modes_text())?;
    if !part.runs_in(mode) {
        let message = format!("`{}` has no pods in the mode `{}`", part.as_str(), mode.as_str());
        let error = Diagnostic::derived_error(Code::Conflict, &replicas.origin, message);
        let parts: Vec<&str> = LokiPart::ALL
            .iter()
            .filter(|part| part.runs_in(mode))
            .map(|part| part.as_str())
            .collect();
        section.report(error.help(format!("the parts of this mode are {}", parts.join(", "))));
    } else if part.writes() && replicas.value < Replicas::constant(3) {
        let message = format!("{} pods cannot hold 3 copies of each log stream", replicas.value);
        let error = Diagnostic::derived_error(Code::Conflict, &replicas.origin, message);
        section.report(error.help("write 3 or more: two of three copies must be written"));
    }
    Some((part, replicas))
}

/// The user interface.
pub fn grafana(section: &mut Section) -> Option<GrafanaSpec> {
    let replicas = section.or_default(
        "replicas",
        "pods; all of them share the database",
        Replicas::constant(1),
        "the design's single deployment",
    );
    let database = section.defaulted("database", "where Grafana keeps its state", |section| {
        let secret = section.or_default(
            "secret",
            "the Secret with the database's URL",
            ObjectName::constant("grafana-db-url"),
            "the reference system's name",
        );
        let key = section.or_default(
            "key",
            "the URL's key in it; also the variable that Grafana reads",
            SecretKey::constant("PTD_DATABASE_URL"),
            "the reference system's name",
        );
        let port = section.or_default(
            "port",
            "its port, which the network policy opens",
            Port::constant(5432),
            "PostgreSQL's own port",
        );
        Some((secret, key, port))
    });
    let admin_secret = section.or_default(
        "adminSecret",
        "the Secret with `admin-user` and `admin-password`",
        ObjectName::constant("grafana-admin"),
        "a password by reference: the chart would make a new one at every render",
    );
    let domain_prefix = section.or_default(
        "domainPrefix",
        "the first label of its host name",
        DnsLabel::constant("grafana"),
        "the design's address is `grafana.<domain>`",
    );
    let oom_dashboard = section.defaulted("dashboards", "dashboards that are made", |section| {
        Some(section.or_default(
            "oomDebugging",
            "pods that were killed for memory",
            true,
            "the design's queries, ready to use",
        ))
    });
    let (database_secret, database_key, database_port) = database?;
    Some(GrafanaSpec {
        replicas,
        database_secret,
        database_key,
        database_port,
        admin_secret,
        domain_prefix,
        oom_dashboard: oom_dashboard?,
    })
}
