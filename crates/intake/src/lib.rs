#![doc = include_str!("../README.md")]

mod decode;
mod receiver;
mod row;
mod screener;
#[cfg(feature = "seeded-faults")]
pub mod seeded;

pub use receiver::Receiver;
pub use screener::{Screener, ScreenerSettings};
