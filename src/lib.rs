//! Telemetree: one workload spec in, the whole tree of manifests and Helm values out.
//!
//! A compile is a function, [`compile::compile`]: no file, clock, environment, network or process
//! takes part. Read `compile.rs` first: it is the flow.
//!
//! ```text
//! text ─parse─▶ Item ─lower─▶ Workload ─bind─▶ Plan ─render─▶ Release ─place─▶ Tree
//! ```

pub mod check;
pub mod cloud;
pub mod committed;
pub mod compile;
pub mod component;
pub mod contract;
pub mod delivery;
pub mod diag;
pub mod diff;
pub mod digest;
pub mod embedded;
pub mod explain;
pub mod fleet;
pub mod layout;
pub mod manifest;
pub mod model;
pub mod near;
pub mod node;
pub mod origin;
pub mod overlay;
pub mod ownership;
pub mod pointer;
pub mod prerequisites;
pub mod report;
pub mod river;
pub mod source;
pub mod spec;
pub mod syntax;
pub mod tree;
