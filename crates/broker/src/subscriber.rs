//! Listening to what the service says: a queue of our own on `schoolgate.out`, gone with the connection.

use crate::{BrokerError, BrokerSettings};

/// Something that the service said on `schoolgate.out`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// For example `verdict.draft.hold.st-judes`.
    pub routing_key: String,
    /// The item's id.
    pub correlation_id: Option<String>,
    /// The effect's idempotency key.
    pub message_id: Option<String>,
    /// The body. It holds no text of the item, but is shown to nobody in passing all the same.
    pub body: schoolgate_model::Redacted<Vec<u8>>,
}

/// Listens on an exclusive queue. What is said while the connection is down is missed.
#[derive(Debug)]
pub struct Subscriber {}

impl Subscriber {
    /// Connects and binds an exclusive queue with `pattern`, for example `verdict.#`. Once it returns, nothing that is
    /// said is missed until the connection breaks.
    ///
    /// # Errors
    /// When the broker cannot be reached or the user lacks a right.
    pub async fn open(_settings: &BrokerSettings, _pattern: &str) -> Result<Self, BrokerError> {
        todo!()
    }

    /// Waits for the next message; may be dropped while waiting.
    ///
    /// # Errors
    /// `NotConnected` when the connection is gone; open a new one.
    pub async fn next(&mut self) -> Result<Told, BrokerError> {
        todo!()
    }

    /// Closes the connection.
    pub async fn close(self) {
        todo!()
    }
}
