//! Origins hold nothing, and take no space: with the feature `without-origins`, for measuring only.
//!
//! Every origin is [`Origin::Structure`], the one that holds nothing anyway. No other can be made,
//! because what they hold has no value; code that looks into them compiles all the same.

use super::Origin;
use std::convert::Infallible;
use std::marker::PhantomData;
use std::ops::Deref;

/// What an origin would hold; there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept<T>(Infallible, PhantomData<T>);

impl<T> Deref for Kept<T> {
    type Target = T;

    fn deref(&self) -> &T {
        match self.0 {}
    }
}

const _: () = assert!(size_of::<Origin>() == 0, "origins take no space");

/// An origin, without what it would hold.
pub fn keep<T>(_: impl FnOnce() -> T, _: impl FnOnce(Kept<T>) -> Origin) -> Origin {
    Origin::Structure
}

/// Nothing.
pub fn memory<T>(_: impl FnOnce() -> T) -> Option<T> {
    None
}
