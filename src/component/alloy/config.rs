//! The configuration: sinks first, because sources need to know where they send.

use super::{cloud_metrics, logs, metrics, probes, sinks};
use crate::model::Plan;
use crate::node::because;
use crate::origin::Origin;
use crate::river::{self, Block, Expr, Reference, Statement};

/// Things to scrape or to tail.
#[derive(Debug, Clone)]
pub struct Targets(Reference);

impl Targets {
    /// What a discovery or an exporter finds.
    pub fn of(component: &Block) -> Self {
        Targets(component.export("targets"))
    }

    /// What a `discovery.relabel` makes of targets.
    pub fn relabelled(component: &Block) -> Self {
        Targets(component.export("output"))
    }

    /// As the value of `targets`.
    pub fn expr(&self) -> Expr {
        self.0.clone().into()
    }
}

/// `clustering { enabled = true }`: each target is handled by one peer.
pub fn clustered() -> Block {
    const WHY: &str = "every node runs the same configuration; each target belongs to one of them";
    Block::unlabelled("clustering").set("enabled", because(WHY, true))
}

/// A rule that copies a label, or sets one.
pub fn rule(target: &'static str, from: LabelSource, why: &'static str) -> Block {
    let rule = Block::unlabelled("rule");
    let rule = match from {
        LabelSource::Label(source) => {
            rule.set("source_labels", Expr::List(vec![because(why, source).into()]))
        }
        LabelSource::Constant(value) => rule.set("replacement", value),
    };
    rule.set("target_label", because(why, target))
}

/// Where a label's value comes from.
pub enum LabelSource {
    /// Another label.
    Label(&'static str),
    /// A fixed value.
    Constant(Expr),
}

/// The whole configuration of a cluster.
pub fn config(plan: &Plan) -> Vec<Statement> {
    let sinks = sinks::build(plan);
    let mut all = Section::new("Telemetry of this node and of the cluster's workloads.");
    const WHY_LOG: &str = "Alloy's own log, in a form that Loki can parse";
    all.push(
        Block::unlabelled("logging")
            .set("level", because(WHY_LOG, "info"))
            .set("format", because(WHY_LOG, "logfmt")),
    );
    let collect = &plan.collect;
    let sections = [
        metrics::pods(plan, &sinks.metrics),
        metrics::nodes(&sinks.metrics),
        metrics::kube_state(plan, &sinks.metrics),
        metrics::containers(plan, &sinks.metrics),
        probes::probes(plan, &sinks.metrics),
        cloud_metrics::build(plan, &sinks.metrics).because_of(&collect.cloud_metrics.origin),
        logs::pods(plan, &sinks.logs),
        logs::autoscaler(plan, &sinks.logs),
        logs::journal(plan, &sinks.logs).because_of(&collect.system_logs.origin),
        logs::browsers(plan, &sinks.logs).because_of(&collect.faro.origin),
    ];
    let statements = all.statements.into_iter();
    let statements = statements.chain(sections.into_iter().flat_map(|section| section.statements));
    statements.chain(sinks.statements).collect()
}

/// Blocks under a heading.
pub struct Section {
    heading: &'static str,
    /// The heading and the blocks; empty until the first block.
    pub statements: Vec<Statement>,
}

impl Section {
    /// A section without blocks.
    pub fn new(heading: &'static str) -> Self {
        Section { heading, statements: Vec::new() }
    }

    /// The same section, which is there only because of a switch.
    pub fn because_of(mut self, switch: &Origin) -> Section {
        river::origins_mut(&mut self.statements, &mut |origin| {
            if *origin != Origin::Structure {
                *origin = origin.because_of(&[switch]);
            }
        });
        self
    }

    /// Adds a block.
    pub fn push(&mut self, block: Block) {
        if self.statements.is_empty() {
            self.statements.push(Statement::Comment(self.heading.into()));
        }
        self.statements.push(Statement::Block(block));
    }
}
