//! The two sides of `diff`, in real repositories that git itself made.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests look at the world and fail by panicking"
)]

mod apart;
mod output;
mod overlays;
mod places;
mod repository;
mod trouble;
mod working_tree;
