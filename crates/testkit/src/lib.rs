#![doc = include_str!("../README.md")]

mod clock;
mod fixtures;
mod mail;
mod ports;
mod running;
mod smtp;

pub use clock::TestClock;
pub use fixtures::fixture;
pub use mail::ReceivedMail;
pub use ports::free_port;
pub use running::Running;
pub use smtp::{SmtpMode, SmtpSink};
