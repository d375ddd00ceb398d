//! Where telemetry goes: metrics to the local Mimir and to the control room, logs to the local
//! Loki and nowhere else.
//!
//! The types are the design's principles. A metrics pipeline is built with a [`MetricsReceiver`], a
//! logs pipeline with a [`LogsReceiver`], and only this module can make either: one for the funnel
//! in front of both Mimirs, one for the local Loki. A pipeline that sends a log elsewhere does not
//! compile.

use super::AUTH_DIR;
use super::config::{LabelSource, Section, rule};
use crate::component::{ComponentId, gateway_url};
use crate::model::{ControlRoomGrant, MetricName, Plan};
use crate::node::{Node, because, derived, map};
use crate::origin::Sourced;
use crate::river::{Block, Expr, Reference, Statement};

/// Takes metrics.
#[derive(Debug, Clone)]
pub struct MetricsReceiver(Reference);

/// Takes logs.
#[derive(Debug, Clone)]
pub struct LogsReceiver(Reference);

impl MetricsReceiver {
    fn of(component: &Block) -> Self {
        MetricsReceiver(component.export("receiver"))
    }

    /// As the value of `forward_to`.
    pub fn forward(&self) -> Expr {
        forward_to_all(std::slice::from_ref(self))
    }
}

impl LogsReceiver {
    fn of(component: &Block) -> Self {
        LogsReceiver(component.export("receiver"))
    }

    /// As the value of `forward_to`.
    pub fn forward(&self) -> Expr {
        Expr::List(vec![self.0.clone().into()])
    }
}

/// Several receivers as the value of `forward_to`.
fn forward_to_all(receivers: &[MetricsReceiver]) -> Expr {
    Expr::List(receivers.iter().map(|receiver| receiver.0.clone().into()).collect())
}

/// The two ways out, and their blocks.
pub struct Sinks {
    /// The one way for metrics.
    pub metrics: MetricsReceiver,
    /// The one way for logs.
    pub logs: LogsReceiver,
    /// The blocks behind them.
    pub statements: Vec<Statement>,
}

/// Builds the sinks of a cluster.
pub fn build(plan: &Plan) -> Sinks {
    let mut metrics =
        Section::new("Metrics: one way out, to the local Mimir and the control room.");
    let local = local_mimir(plan);
    let mut receivers = Vec::new();
    let mut behind = Vec::new();
    if let Some(room) = &plan.control_room {
        let write = control_room(plan, room);
        let receiver = MetricsReceiver::of(&write);
        match &room.keep_metrics {
            Some(names) => {
                let filter = keep(names, &receiver);
                receivers.push(MetricsReceiver::of(&filter));
                behind.push(filter);
            }
            None => receivers.push(receiver),
        }
        behind.push(write);
    }
    receivers.push(MetricsReceiver::of(&local));
    let funnel = funnel(plan, &receivers);
    let receiver = MetricsReceiver::of(&funnel);
    metrics.push(funnel);
    behind.into_iter().for_each(|block| metrics.push(block));
    metrics.push(local);

    let mut logs =
        Section::new("Logs: one way out, to the local Loki. They never leave the workload.");
    let write = local_loki(plan);
    let log_receiver = LogsReceiver::of(&write);
    logs.push(write);
    let statements = metrics.statements.into_iter().chain(logs.statements).collect();
    Sinks { metrics: receiver, logs: log_receiver, statements }
}

/// Every metric passes here and gets the cluster's name.
fn funnel(plan: &Plan, receivers: &[MetricsReceiver]) -> Block {
    const WHY: &str = "every metric says which cluster it is from";
    let label = LabelSource::Constant(Node::from(&plan.cluster.label).into());
    Block::new("prometheus.relabel", "default")
        .set("forward_to", forward_to_all(receivers))
        .block(rule("cluster", label, WHY))
}

fn keep(names: &[Sourced<MetricName>], to: &MetricsReceiver) -> Block {
    const WHY: &str = "the control room takes only the metrics that were listed";
    let pattern: Vec<String> = names.iter().map(|name| name.value.to_string()).collect();
    let origins = names.iter().map(|name| &name.origin);
    let filter = Block::unlabelled("rule")
        .set("source_labels", Expr::List(vec![because(WHY, "__name__").into()]))
        .set(
            "regex",
            derived("a metric name has no special characters", origins, pattern.join("|")),
        )
        .set("action", because(WHY, "keep"));
    Block::new("prometheus.relabel", "control_room").set("forward_to", to.forward()).block(filter)
}

fn local_mimir(plan: &Plan) -> Block {
    let url = gateway_url(plan, ComponentId::Mimir, "/api/v1/push");
    let endpoint = Block::unlabelled("endpoint").set("url", Node::from(&url)).block(queue());
    Block::new("prometheus.remote_write", "workload")
        .set("external_labels", tenant_label(plan))
        .block(endpoint)
}

fn control_room(plan: &Plan, room: &ControlRoomGrant) -> Block {
    let password = || {
        let file = format!("{AUTH_DIR}password");
        derived("the file of the mounted Secret", [&room.push_url.origin], file)
    };
    let auth = Block::unlabelled("basic_auth")
        .set("username", Node::from(&room.username))
        .set("password_file", password());
    let endpoint = Block::unlabelled("endpoint")
        .set("url", Node::from(&room.push_url))
        .set("headers", map([("X-Scope-OrgID", Node::from(&room.tenant))]))
        .block(auth)
        .block(queue());
    Block::new("prometheus.remote_write", "control_room")
        .set("external_labels", tenant_label(plan))
        .block(endpoint)
}

fn tenant_label(plan: &Plan) -> Node {
    map([("tenant_name", Node::from(&plan.tenant))])
}

/// Without bounds an outage ends in a storm of old samples that takes the receiver down again.
fn queue() -> Block {
    const AGE: &str = "samples older than this come out of order and are refused anyway";
    const SHARDS: &str = "bounds what a recovering sender asks of the receiver at once";
    const BACKOFF: &str = "a receiver that is down is asked less and less often";
    Block::unlabelled("queue_config")
        .set("max_shards", because(SHARDS, 10))
        .set("max_backoff", because(BACKOFF, "5m"))
        .set("sample_age_limit", because(AGE, "5m"))
}

fn local_loki(plan: &Plan) -> Block {
    const BATCH: &str = "fewer, larger pushes: the source is a whole node";
    const RETRY: &str = "bounded: logs that cannot be written in time are given up";
    let url = gateway_url(plan, ComponentId::Loki, "/loki/api/v1/push");
    let endpoint = Block::unlabelled("endpoint")
        .set("url", Node::from(&url))
        .set("batch_wait", because(BATCH, "10s"))
        .set("batch_size", because(BATCH, "1MiB"))
        .set("remote_timeout", because(RETRY, "30s"))
        .set("max_backoff_period", because(RETRY, "5m"))
        .set("max_backoff_retries", because(RETRY, 5));
    let labels = map([
        ("data", because("the label that tells workload logs from Loki's own", "true")),
        ("tenant_name", Node::from(&plan.tenant)),
    ]);
    Block::new("loki.write", "local").set("external_labels", labels).block(endpoint)
}
