#![doc = include_str!("../README.md")]

pub mod health;
pub mod logs;

pub use health::{Condition, ReadyCheck};
pub use logs::{LogFormat, start_logs};
