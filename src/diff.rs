//! What changes between two versions of a workload's trees, why, and how dangerous it is.

pub mod acknowledge;
pub mod alloy;
pub mod bump;
pub mod cause;
pub mod edit;
pub mod group;
pub mod list;
pub mod review;
pub mod risk;
pub mod show;
pub mod tree;
pub mod value;
pub mod view;
