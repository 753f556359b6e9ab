#![doc = include_str!("../README.md")]

mod screener;

pub use screener::{Lane, Screener, ScreenerSettings};
