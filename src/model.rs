//! The domain: what is asked for ([`Workload`]), what a cloud grants ([`Plan`]), and the words
//! both are made of. No YAML, no chart, no file here.

mod component_id;
mod delivery;
mod naming;
mod parts;
mod plan;
mod quantity;
mod region;
mod word;
mod workload;

pub use component_id::*;
pub use delivery::*;
pub use naming::*;
pub use parts::*;
pub use plan::*;
pub use quantity::*;
pub use region::*;
pub use word::*;
pub use workload::*;
