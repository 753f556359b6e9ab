#![doc = include_str!("../README.md")]

mod screener;

pub use screener::{Screener, ScreenerSettings};
