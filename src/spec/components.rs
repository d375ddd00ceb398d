//! The four components' sections. They speak of the workload, never of a chart.

use super::lower::taint;
use super::section::Section;
use crate::diag::{Code, Diagnostic};
use crate::model::{
    AlloySpec, Date, DnsLabel, GrafanaSpec, LabelLimit, LokiMode, LokiPart, LokiSpec,
    MimirReplicas, MimirSpec, ObjectName, Replicas, ResourceOverrides, Retention, SecretKey,
    SeriesLimit, Size,
};
use crate::origin::Sourced;

const WHY_SMALL: &str = "the smallest size that keeps three copies of recent data";

/// The collector.
pub fn alloy(section: &mut Section) -> Option<AlloySpec> {
    let size = section.or_default("size", "what it is built for", Size::Small, WHY_SMALL);
    let resources = section.defaulted("resources", "overrides of its resources", |section| {
        Some(ResourceOverrides {
            cpu: section.optional("cpu", "CPU requested"),
            memory: section.optional("memory", "memory requested"),
            memory_limit: section.optional("memoryLimit", "memory limit"),
        })
    });
    let tolerations = section.sections(
        "tolerations",
        "taints beyond those of the clusters that it tolerates",
        taint,
    );
    Some(AlloySpec { size, resources: resources?, tolerations })
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
    let schema_from = section.list("schemaFrom", "the first day of each schema period, in order");
    let retention = section.or_default(
        "retention",
        "how long logs are kept",
        Retention::constant("30d"),
        "the reference system's retention where it has one",
    );
    let schema_from = schema_from.unwrap_or_else(default_schema);
    refuse_unordered(section, &schema_from);
    let volume_size = section.optional("volumeSize", "the volumes of the parts that keep data");
    let storage_class =
        section.optional("storageClass", "the volumes' class; default: the cluster's");
    let replicas = replicas?;
    Some(LokiSpec { mode, size, replicas, volume_size, storage_class, schema_from, retention })
}

fn default_schema() -> Vec<Sourced<Date>> {
    const WHY: &str =
        "schema v13 needs Loki 3; a day before any data of a new store, never to be changed";
    vec![Sourced::default(Date::constant("2024-04-01"), WHY)]
}

fn refuse_unordered(section: &mut Section, days: &[Sourced<Date>]) {
    for pair in days.windows(2) {
        let [earlier, later] = pair else { continue };
        if earlier.value >= later.value {
            let message = format!("`{}` does not follow `{}`", later.value, earlier.value);
            let error = Diagnostic::derived_error(Code::Conflict, &later.origin, message);
            let error = error.related(earlier.origin.written(), "the period before");
            section.report(error.help("append new periods at the end, with later days"));
        }
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
        Some((secret, key))
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
    let (database_secret, database_key) = database?;
    Some(GrafanaSpec {
        replicas,
        database_secret,
        database_key,
        admin_secret,
        domain_prefix,
        oom_dashboard: oom_dashboard?,
    })
}
