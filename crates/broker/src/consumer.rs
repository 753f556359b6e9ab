//! Consuming over a supervised connection of its own, one channel a queue.

use crate::{BrokerError, BrokerSettings, ConsumerState, Properties, Queue};
use std::time::Duration;
use tokio::{sync::watch, task::JoinHandle};

/// Takes deliveries from queues over a connection that is rebuilt for ever.
#[derive(Debug)]
pub struct Consumer {
    state: watch::Receiver<ConsumerState>,
}

impl Consumer {
    /// Starts the connection's supervisor, which ends when `stop` turns true. Each queue is consumed with its prefetch
    /// (at least 1): so many deliveries may be in hand unsettled.
    pub fn start(
        _settings: BrokerSettings,
        _queues: &[(Queue, u16)],
        _stop: watch::Receiver<bool>,
    ) -> (Self, JoinHandle<()>) {
        todo!()
    }

    /// Waits for at least one delivery, then up to `linger` for more, and returns at most `max`. Deliveries of a
    /// connection that is gone are left out: the broker delivers them again. `None` when the service stops.
    ///
    /// May be dropped while waiting; no delivery is lost by it.
    pub async fn next_batch(&mut self, _max: usize, _linger: Duration) -> Option<Vec<Incoming>> {
        todo!()
    }

    /// The state of the connection and its queues, for readiness.
    #[must_use]
    pub fn state(&self) -> watch::Receiver<ConsumerState> {
        self.state.clone()
    }
}

/// One delivery. It must be settled: `ack` when the item is safe, `retry` when the attempt failed. One that is dropped
/// unsettled makes the connection be rebuilt, so that it comes again.
#[derive(Debug)]
pub struct Incoming {
    queue: Queue,
    properties: Properties,
    body: schoolgate_model::Redacted<Vec<u8>>,
}

impl Incoming {
    /// Which queue it came from.
    #[must_use]
    pub fn queue(&self) -> Queue {
        self.queue
    }

    /// The bytes that were sent.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        self.body.expose()
    }

    /// What came with it.
    #[must_use]
    pub fn properties(&self) -> &Properties {
        &self.properties
    }

    /// Tells the broker that the message is safe with us.
    ///
    /// # Errors
    /// `Stale` when its connection is gone, `TimedOut` when the broker cannot be told; either way it comes again.
    pub async fn ack(self) -> Result<(), BrokerError> {
        todo!()
    }

    /// Gives the message back after an attempt that failed. The broker counts it and after 20 puts the message to the
    /// dead letters.
    ///
    /// # Errors
    /// As `ack`.
    pub async fn retry(self) -> Result<(), BrokerError> {
        todo!()
    }
}

/// Acks every delivery of a batch and returns how many the broker took; the others come again.
pub async fn ack_all(_batch: Vec<Incoming>) -> usize {
    todo!()
}
