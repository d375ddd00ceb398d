//! Databases, file systems and load balancers that the cloud runs for the workload.

use super::config::{Section, Targets, clustered};
use super::sinks::MetricsReceiver;
use crate::model::{AzureMonitor, CloudMetrics, CloudWatch, Plan, ResourceGroup};
use crate::node::{Node, because, derived, list, map};
use crate::origin::Sourced;
use crate::river::Block;

/// The cloud's exporter and its scrapes; nothing if the cloud is not watched.
pub fn build(plan: &Plan, to: &MetricsReceiver) -> Section {
    match &plan.cloud_metrics {
        Some(CloudMetrics::CloudWatch(watch)) => cloud_watch(watch, to),
        Some(CloudMetrics::AzureMonitor(monitor)) => azure_monitor(monitor, to),
        None => Section::new("No cloud metrics."),
    }
}

fn scrape(label: &'static str, exporter: &Block, to: &MetricsReceiver) -> Block {
    Block::new("prometheus.scrape", label)
        .set("targets", Targets::of(exporter).expr())
        .set("forward_to", to.forward())
        .set("scrape_interval", because(PACE, "2m"))
        .set("scrape_timeout", because(PACE, "1m"))
        .block(clustered())
}

const PACE: &str = "the cloud's own step is minutes, each call costs, and an answer takes its time";

/// A kind of AWS resource, how its own are told from others, and what is read.
struct Watched {
    namespace: &'static str,
    tags: Tags,
    metrics: &'static [(&'static str, &'static [&'static str])],
}

#[derive(Clone, Copy)]
enum Tags {
    /// `Name` is the workload.
    Workload,
    /// `Name` is the cluster.
    Cluster,
    /// The organisation's tags name the workload and its environment.
    Organisation,
}

const AVERAGE: &[&str] = &["Average"];
const SUM: &[&str] = &["Sum"];

/// What the control room of the reference system watches; NAT gateways, for their lost packets.
const WATCHED: [Watched; 6] = [
    Watched {
        namespace: "AWS/FSx",
        tags: Tags::Workload,
        metrics: &[("StorageCapacity", AVERAGE), ("UsedStorageCapacity", AVERAGE)],
    },
    Watched {
        namespace: "AWS/RDS",
        tags: Tags::Workload,
        metrics: &[
            ("CPUUtilization", AVERAGE),
            ("DatabaseConnections", AVERAGE),
            ("Deadlocks", SUM),
            ("FreeStorageSpace", AVERAGE),
            ("FreeableMemory", AVERAGE),
            ("ReadLatency", AVERAGE),
            ("WriteLatency", AVERAGE),
        ],
    },
    Watched {
        namespace: "AWS/EC2",
        tags: Tags::Cluster,
        metrics: &[("NetworkOut", AVERAGE), ("NetworkPacketsOut", AVERAGE)],
    },
    Watched {
        namespace: "AWS/NATGateway",
        tags: Tags::Organisation,
        metrics: &[("ErrorPortAllocation", SUM), ("PacketsDropCount", SUM)],
    },
    Watched {
        namespace: "AWS/ApplicationELB",
        tags: Tags::Organisation,
        metrics: &[
            ("HTTPCode_Target_5XX_Count", SUM),
            ("TargetResponseTime", AVERAGE),
            ("UnHealthyHostCount", AVERAGE),
        ],
    },
    Watched {
        namespace: "AWS/NetworkELB",
        tags: Tags::Organisation,
        metrics: &[("UnHealthyHostCount", AVERAGE)],
    },
];

fn cloud_watch(watch: &CloudWatch, to: &MetricsReceiver) -> Section {
    let mut section = Section::new("Managed services of AWS. One peer asks for all of them.");
    let exporter = Block::new("prometheus.exporter.cloudwatch", "cloudwatch")
        .set("sts_region", Node::from(&watch.region))
        .blocks(WATCHED.iter().map(|watched| discovery(watch, watched)));
    let scrape = scrape("cloudwatch", &exporter, to);
    section.push(exporter);
    section.push(scrape);
    section
}

fn discovery(watch: &CloudWatch, watched: &Watched) -> Block {
    const PERIOD: &str = "CloudWatch's own step for these metrics; shorter only costs more";
    const ZERO: &str =
        "a count that nothing added to is zero; a level that nothing measured is not";
    let metrics = watched.metrics.iter().map(|(name, statistics)| {
        const WHY: &str = "an alert or a dashboard reads it";
        Block::unlabelled("metric")
            .set("name", because(WHY, *name))
            .set("statistics", list(statistics.iter().map(|one| because(WHY, *one))))
            .set("period", because(PERIOD, "5m"))
            .set("nil_to_zero", because(ZERO, *statistics == SUM))
    });
    Block::unlabelled("discovery")
        .set("type", because("a kind of resource that a workload has", watched.namespace))
        .set("regions", list([Node::from(&watch.region)]))
        .set("search_tags", tags(watch, watched.tags))
        .blocks(metrics)
}

/// Tag values are regular expressions that match anywhere: anchored and escaped, or `foo` would
/// find `foo2` as well.
fn tags(watch: &CloudWatch, tags: Tags) -> Node {
    let exactly = |text: &str, from: &crate::origin::Origin| {
        derived("exactly this value", [from], format!("^{}$", escape(text)))
    };
    let workload = &watch.workload;
    match tags {
        Tags::Workload => {
            map([("Name", exactly(workload.value.to_string().as_str(), &workload.origin))])
        }
        Tags::Cluster => {
            let cluster = &watch.cluster;
            map([("Name", exactly(cluster.value.to_string().as_str(), &cluster.origin))])
        }
        Tags::Organisation => {
            let prefix = &watch.tag_prefix.value;
            map([
                (
                    format!("{prefix}/true-name"),
                    exactly(workload.value.true_name(), &workload.origin),
                ),
                (
                    format!("{prefix}/environment"),
                    exactly(workload.value.environment(), &workload.origin),
                ),
            ])
        }
    }
}

/// Escapes the characters that RE2 gives a meaning; names hold only letters, digits, dots and
/// dashes.
fn escape(text: &str) -> String {
    text.chars().fold(String::new(), |mut escaped, c| {
        if !c.is_ascii_alphanumeric() && c != '-' {
            escaped.push('\\');
        }
        escaped.push(c);
        escaped
    })
}

/// A kind of Azure resource and what is read of it.
struct Exporter {
    label: &'static str,
    scrape: &'static str,
    resource: &'static str,
    dimensions: &'static [&'static str],
    metrics: &'static [&'static str],
}

const POSTGRES: Exporter = Exporter {
    label: "postgres",
    scrape: "azure_postgres",
    resource: "Microsoft.DBforPostgreSQL/flexibleServers",
    dimensions: &["*"],
    metrics: &[
        "active_connections",
        "connections_failed",
        "cpu_percent",
        "deadlocks",
        "memory_percent",
        "storage_percent",
    ],
};
const NETAPP: Exporter = Exporter {
    label: "netapp",
    scrape: "azure_netapp",
    resource: "Microsoft.NetApp/netAppAccounts/capacityPools/volumes",
    dimensions: &[],
    metrics: &[
        "AverageReadLatency",
        "AverageWriteLatency",
        "ReadIops",
        "ThroughputLimitReached",
        "VolumeConsumedSizePercentage",
        "VolumeLogicalSize",
        "WriteIops",
    ],
};
const LOAD_BALANCER: Exporter = Exporter {
    label: "loadbalancer",
    scrape: "azure_loadbalancer",
    resource: "Microsoft.Network/loadBalancers",
    dimensions: &[],
    metrics: &[
        "AllocatedSnatPorts",
        "DipAvailability",
        "SnatConnectionCount",
        "UsedSnatPorts",
        "VipAvailability",
    ],
};
const STORAGE: Exporter = Exporter {
    label: "storage",
    scrape: "azure_storage",
    resource: "Microsoft.Storage/storageAccounts",
    dimensions: &[],
    metrics: &["Availability", "SuccessE2ELatency", "Transactions", "UsedCapacity"],
};
const NAT_GATEWAY: Exporter = Exporter {
    label: "natgateway",
    scrape: "azure_natgateway",
    resource: "Microsoft.Network/natGateways",
    dimensions: &[],
    metrics: &[
        "ByteCount",
        "DatapathAvailability",
        "PacketCount",
        "PacketDropCount",
        "SNATConnectionCount",
        "TotalConnectionCount",
    ],
};

fn azure_monitor(monitor: &AzureMonitor, to: &MetricsReceiver) -> Section {
    let mut section = Section::new("Managed services of Azure. One peer asks for each kind.");
    let AzureMonitor { subscription: _, workload_group, node_group, nat_group } = monitor;
    let of_workload = [POSTGRES, NETAPP, STORAGE].map(|kind| (kind, workload_group));
    let of_nodes = [(LOAD_BALANCER, node_group)];
    let of_nat = nat_group.iter().map(|group| (NAT_GATEWAY, group));
    for (kind, group) in of_workload.into_iter().chain(of_nodes).chain(of_nat) {
        let exporter = azure_exporter(monitor, &kind, group);
        let scrape = scrape(kind.scrape, &exporter, to);
        section.push(exporter);
        section.push(scrape);
    }
    section
}

fn azure_exporter(
    monitor: &AzureMonitor,
    kind: &Exporter,
    group: &Sourced<ResourceGroup>,
) -> Block {
    const WHY: &str = "an alert or a dashboard reads it";
    // `=~` is Kusto's equality without case: Resource Graph reports group names in lower case.
    let filter = group.derive("only resources of the group that holds them", |group| {
        format!("where resourceGroup =~ '{group}'")
    });
    let exporter = Block::new("prometheus.exporter.azure", kind.label)
        .set("subscriptions", list([Node::from(&monitor.subscription)]))
        .set("resource_type", because(WHY, kind.resource))
        .set("resource_graph_query_filter", Node::from(&filter))
        .set("metrics", list(kind.metrics.iter().map(|name| because(WHY, *name))));
    if kind.dimensions.is_empty() {
        return exporter;
    }
    exporter
        .set("included_dimensions", list(kind.dimensions.iter().map(|name| because(WHY, *name))))
}
