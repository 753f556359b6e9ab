//! What readiness may ask about a connection. Kept by the supervisors, read through `watch`.

use crate::Queue;
use std::time::{Duration, Instant};

/// A probe older than this proves nothing.
const PROBE_COUNTS_FOR: Duration = Duration::from_secs(20);

/// Messages that nobody settles for so long mean that nothing is taken in, however well the connection looks.
const STUCK_AFTER: Duration = Duration::from_secs(15);

/// The state of a publishing connection.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LinkState {
    /// A connection is up, its channels are open and the exchanges are there.
    pub connected: bool,
    /// The broker has said that it takes no messages now.
    pub blocked: bool,
    /// What is wrong, in a sentence; `None` when all is well.
    pub detail: Option<String>,
    /// Counts connections since the start.
    pub generation: u64,
}

impl LinkState {
    /// Whether a message can be published now.
    #[must_use]
    pub fn ready(&self) -> bool {
        self.connected && !self.blocked
    }
}

/// The state of one consumed queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueState {
    /// Which queue.
    pub queue: Queue,
    /// Our consumer is there and was not cancelled.
    pub consuming: bool,
    /// Messages waiting at the broker at the last probe.
    pub waiting: u32,
    /// When a message last came from it.
    pub last_delivery_at: Option<Instant>,
}

/// The state of a consuming connection.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConsumerState {
    /// A connection is up.
    pub connected: bool,
    /// The queues, in the order in which they were asked for.
    pub queues: Vec<QueueState>,
    /// When the last probe found everything well: the broker answered, and each queue exists, has a consumer and does
    /// not keep messages from us.
    pub last_probe_ok: Option<Instant>,
    /// Since when messages are in our hands and none of them gets settled.
    pub stuck_since: Option<Instant>,
    /// What is wrong, in a sentence; `None` when all is well.
    pub detail: Option<String>,
    /// Counts connections since the start.
    pub generation: u64,
}

impl ConsumerState {
    /// Whether every queue is being consumed, proved by a probe that is not old.
    #[must_use]
    pub fn ready(&self, now: Instant) -> bool {
        self.connected
            && !self.queues.is_empty()
            && self.queues.iter().all(|queue| queue.consuming)
            && self
                .last_probe_ok
                .is_some_and(|at| now.saturating_duration_since(at) <= PROBE_COUNTS_FOR)
            && !self.stuck(now)
    }

    /// Whether messages have been taken for a while and nothing has become of any.
    #[must_use]
    pub fn stuck(&self, now: Instant) -> bool {
        self.stuck_since
            .is_some_and(|at| now.saturating_duration_since(at) > STUCK_AFTER)
    }
}
