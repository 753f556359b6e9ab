#![doc = include_str!("../README.md")]

mod api;

pub use api::{Answer, Api, FetchError};
