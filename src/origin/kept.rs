//! Origins hold what they are about.

use super::Origin;

/// What an origin holds.
pub type Kept<T> = T;

/// An origin that holds something.
pub fn keep<T>(make: impl FnOnce() -> T, form: impl FnOnce(Kept<T>) -> Origin) -> Origin {
    form(make())
}

/// What only origins refer to.
pub fn memory<T>(make: impl FnOnce() -> T) -> Option<T> {
    Some(make())
}
