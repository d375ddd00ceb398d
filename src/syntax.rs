//! YAML, in and out.
//!
//! [`parse`] reads one strict document into a tree with a span at every key and value;
//! [`emit`] prints a [`Node`](crate::node::Node) so that readers of YAML 1.1 and of YAML 1.2 see
//! the same values. No other module knows a YAML library.

mod emit;
mod inner;
mod parse;
mod scalar;

pub use emit::emit;
pub use inner::Inner;
pub use parse::{
    Item, Kind, MAX_BYTES, MAX_DEPTH, MAX_ITEMS, Member, Parsed, decode, parse, parse_inner,
};
pub use scalar::{Scalar, is_plain_safe};
