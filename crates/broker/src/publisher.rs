//! Publishing with confirms over a supervised connection of its own.

use crate::{BrokerError, BrokerSettings, Exchange, LinkState, Outgoing};
use tokio::{sync::watch, task::JoinHandle};

/// Publishes over a connection that is rebuilt for ever. Clones share the connection.
#[derive(Debug, Clone)]
pub struct Publisher {
    state: watch::Receiver<LinkState>,
}

impl Publisher {
    /// Starts the connection's supervisor, which ends when `stop` turns true. `exchanges` are those that will be
    /// published to: they are declared, or checked where the user may not declare.
    pub fn start(
        _settings: BrokerSettings,
        _exchanges: &[Exchange],
        _stop: watch::Receiver<bool>,
    ) -> (Self, JoinHandle<()>) {
        todo!()
    }

    /// Publishes one message. `Ok` means that the broker has confirmed it and, to `schoolgate.in` and `schoolgate.dead`,
    /// that it is in a queue. Many may be in flight at once; takes 5 s at most.
    ///
    /// # Errors
    /// `NotConnected`, `Blocked`, `Refused`, `Unroutable`, `NotAllowed`, `TimedOut`, `TooLong` or `Stopped`; after each of
    /// them the message counts as not sent.
    pub async fn publish(&self, _message: &Outgoing) -> Result<(), BrokerError> {
        todo!()
    }

    /// The state of the connection, for readiness.
    #[must_use]
    pub fn state(&self) -> watch::Receiver<LinkState> {
        self.state.clone()
    }

    /// Waits until the connection is up.
    ///
    /// # Errors
    /// `NotConnected` with the sentence after `limit`, `Stopped` when the service stops.
    pub async fn wait_ready(&self, _limit: std::time::Duration) -> Result<(), BrokerError> {
        todo!()
    }
}
