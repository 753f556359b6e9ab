#![doc = include_str!("../README.md")]

mod consumer;
pub mod dead;
mod error;
mod link;
mod message;
mod names;
mod publisher;
mod settings;
mod state;
mod subscriber;
mod supervise;
mod topology;

pub use consumer::{Consumer, Incoming, ack_all};
pub use error::BrokerError;
pub use message::{CONTENT_TYPE, Outgoing, Properties};
pub use names::{Exchange, Queue};
pub use publisher::Publisher;
pub use settings::BrokerSettings;
pub use state::{ConsumerState, LinkState, QueueState};
pub use subscriber::{Subscriber, Told};
