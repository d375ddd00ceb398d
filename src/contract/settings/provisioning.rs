//! Stub.
use super::findings::Findings;
use crate::node::Node;
pub fn datasources(_: &Node, _: &mut Findings) {}
pub fn dashboard_providers(_: &Node, _: &mut Findings) {}
pub fn alerting(_: &Node, _: &mut Findings) {}
pub fn notifiers(_: &Node, _: &mut Findings) {}
