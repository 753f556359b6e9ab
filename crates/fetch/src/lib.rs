#![doc = include_str!("../README.md")]

mod api;
mod chain;
mod guard;
mod picture;
mod reach;

pub use api::{Answer, Api, FetchError};
pub use chain::Chain;
pub use guard::is_public;
pub use picture::{PictureFetcher, PictureLimits};
pub use reach::Reach;
