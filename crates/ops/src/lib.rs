#![doc = include_str!("../README.md")]

pub mod health;
pub mod logs;
pub mod metrics;

pub use health::{Condition, ReadyCheck};
pub use logs::{LogFormat, start_logs};
pub use metrics::start_metrics;
