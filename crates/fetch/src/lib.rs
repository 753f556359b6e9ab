#![doc = include_str!("../README.md")]

mod api;
mod chain;
mod guard;

pub use api::{Answer, Api, FetchError};
pub use chain::{Chain, Reach};
pub use guard::is_public;
