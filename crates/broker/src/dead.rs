//! The dead letters, for the administrator: looked at, sent again, or dropped.

use crate::{BrokerError, BrokerSettings};

/// What can be said about a dead letter without showing it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// The `message_id` property; the item's id.
    pub message_id: Option<String>,
    /// The `type` property.
    pub kind: Option<String>,
    /// Why it is here: our own code, or the broker's reason (`delivery_limit`, `rejected`, `expired`, `maxlen`), or
    /// `unroutable` for what no queue of `schoolgate.in` took.
    pub reason: String,
    /// Where it was going on `schoolgate.in`, as far as is known.
    pub routing_key: Option<String>,
    /// Size of the body in bytes.
    pub body_bytes: usize,
}

/// Which dead letters are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// All that are there now.
    All,
    /// Those with this message id.
    Id(String),
}

/// What became of the dead letters that were meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Done {
    /// Sent again, or dropped.
    pub done: usize,
    /// Left where they were, because where they were going is not known or no queue took them.
    pub left: usize,
}

/// Lists up to `limit` dead letters, oldest first, and leaves them where they are.
///
/// # Errors
/// When the broker cannot be reached or the user may not read the queue.
pub async fn list(
    _settings: &BrokerSettings,
    _limit: usize,
) -> Result<Vec<DeadLetter>, BrokerError> {
    todo!()
}

/// Sends dead letters to `schoolgate.in` again with their first routing key, each confirmed before it leaves the dead
/// letters.
///
/// # Errors
/// As `list`; what was sent before the error stays sent.
pub async fn retry(_settings: &BrokerSettings, _which: &Which) -> Result<Done, BrokerError> {
    todo!()
}

/// Removes dead letters for good.
///
/// # Errors
/// As `list`; what was removed before the error stays removed.
pub async fn drop(_settings: &BrokerSettings, _which: &Which) -> Result<Done, BrokerError> {
    todo!()
}
