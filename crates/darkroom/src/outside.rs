//! What the darkroom asks of the rest of the house, which it does not know: pictures by web address, and whether a
//! picture was taken back for good.

use std::{fmt, future::Future, pin::Pin};

use schoolgate_model::{MediumFault, SchoolId};

/// An answer on its way.
pub type Asking<'a, T> = Pin<Box<dyn Future<Output = Result<T, MediumFault>> + Send + 'a>>;

/// Fetches pictures by web address.
pub trait Fetcher: fmt::Debug + Send + Sync {
    /// The bytes behind an address. Bounded in size and time by itself; the darkroom gives up earlier where an item's time is
    /// over.
    fn fetch<'a>(&'a self, address: &'a str) -> Asking<'a, Vec<u8>>;
}

/// Knows which pictures were taken back for good.
pub trait Gate: fmt::Debug + Send + Sync {
    /// Refuses a picture that `school` has removed, by the SHA-256 of its bytes or of its clean copy. What cannot be
    /// found out is a refusal too.
    fn pass<'a>(&'a self, school: &'a SchoolId, sha256: &'a str) -> Asking<'a, ()>;
}
