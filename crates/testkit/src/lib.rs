#![doc = include_str!("../README.md")]

pub mod bucket;
mod clock;
mod fixtures;
pub mod hostile;
mod mail;
mod pages;
mod ports;
pub mod programs;
mod proxy;
mod running;
pub mod servers;
mod smtp;

pub use bucket::BucketServer;
pub use clock::TestClock;
pub use fixtures::fixture;
pub use mail::ReceivedMail;
pub use pages::PageServer;
pub use ports::free_port;
pub use proxy::{FaultProxy, Network};
pub use running::Running;
pub use servers::private::{BrokerVhost, PrivateBroker, PrivatePostgres};
pub use smtp::{SmtpMode, SmtpSink};
