//! Stub.
use super::findings::Findings;
use crate::node::Node;
pub fn check(_sections: &Node, _found: &mut Findings) {}
