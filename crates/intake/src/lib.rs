#![doc = include_str!("../README.md")]

mod decode;
mod receiver;
mod screener;

pub use receiver::Receiver;
pub use screener::{Screener, ScreenerSettings};
