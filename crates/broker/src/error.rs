//! Everything that a caller can be told went wrong. No variant carries a message's body, nor the broker's own text about
//! one.

use thiserror::Error;

/// Why something with the broker did not happen.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BrokerError {
    /// There is no connection now; the supervisor is building one. The sentence says what is wrong.
    #[error("not connected to the broker: {0}")]
    NotConnected(String),
    /// The broker takes no messages now, because it is short of memory or disk.
    #[error("the broker takes no messages now: it is short of memory or disk")]
    Blocked,
    /// The broker answered no to this message, for example because the queue is full.
    #[error("the broker refused the message")]
    Refused,
    /// The message reached no queue and came back.
    #[error("no queue takes a message with this exchange and routing key")]
    Unroutable,
    /// The broker user lacks the right. Trying again without a change to the rights is of no use.
    #[error("the broker user has no right to {0}")]
    NotAllowed(String),
    /// No answer in time. Whether the message was stored is unknown, so it is sent again with the same message id.
    #[error("the broker did not answer in time")]
    TimedOut,
    /// The delivery belongs to a connection that is gone; the broker delivers it again.
    #[error("the delivery belongs to an earlier connection; it comes again")]
    Stale,
    /// An exchange or queue is missing or is not as it must be. The sentence says how to mend it.
    #[error("{0}")]
    Topology(String),
    /// The address or the certificate file cannot be used. The sentence never shows the address.
    #[error("{0}")]
    Settings(String),
    /// The message itself cannot be sent: a name or id is longer than 255 bytes.
    #[error("{0} is longer than the 255 bytes that AMQP allows")]
    TooLong(&'static str),
    /// The service is stopping.
    #[error("the connection to the broker is being closed")]
    Stopped,
}

impl BrokerError {
    /// What is wrong, for a state: without the words that the state says already.
    pub(crate) fn detail(&self) -> String {
        match self {
            Self::NotConnected(sentence) => sentence.clone(),
            other => other.to_string(),
        }
    }
}
