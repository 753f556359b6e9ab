//! Consuming over a supervised connection of its own, one channel a queue. A delivery knows its connection, so that it
//! cannot be settled on another.

use crate::{
    BrokerError, BrokerSettings, ConsumerState, Properties, Queue, QueueState,
    link::{Link, Wrong, ask},
    supervise::Fault,
};
use lapin::{
    message::Delivery,
    options::{BasicAckOptions, BasicRejectOptions},
};
use schoolgate_model::Redacted;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::{mpsc, watch},
    task::JoinHandle,
};

mod supervisor;

/// Takes deliveries from queues over a connection that is rebuilt for ever.
#[derive(Debug)]
pub struct Consumer {
    deliveries: mpsc::Receiver<Incoming>,
    /// Taken, but not yet given out: what was gathered by a `next_batch` that was dropped.
    gathered: Vec<Incoming>,
    state: watch::Receiver<ConsumerState>,
    stop: watch::Receiver<bool>,
}

impl Consumer {
    /// Starts the connection's supervisor, which ends when `stop` turns true. Each queue is consumed with its prefetch
    /// (at least 1): so many deliveries may be in hand unsettled.
    pub fn start(
        settings: BrokerSettings,
        queues: &[(Queue, u16)],
        stop: watch::Receiver<bool>,
    ) -> (Self, JoinHandle<()>) {
        let queues: Vec<_> = queues.iter().map(|(q, n)| (*q, (*n).max(1))).collect();
        let room = queues
            .iter()
            .map(|(_, prefetch)| usize::from(*prefetch))
            .sum();
        let (sender, deliveries) = mpsc::channel(std::cmp::max(room, 1));
        let told = queues.iter().map(|(queue, _)| QueueState {
            queue: *queue,
            consuming: false,
            waiting: 0,
            last_delivery_at: None,
        });
        let (state, state_told) = watch::channel(ConsumerState {
            queues: told.collect(),
            ..ConsumerState::default()
        });
        let supervisor = supervisor::Supervisor::new(settings, queues, sender, state, stop.clone());
        let consumer = Self {
            deliveries,
            gathered: Vec::new(),
            state: state_told,
            stop,
        };
        (consumer, tokio::spawn(supervisor.run()))
    }

    /// Waits for at least one delivery, then up to `linger` for more, and returns at most `max`. Deliveries of a
    /// connection that is gone are left out: the broker delivers them again. `None` when the service stops.
    ///
    /// May be dropped while waiting; no delivery is lost by it.
    pub async fn next_batch(&mut self, max: usize, linger: Duration) -> Option<Vec<Incoming>> {
        let max = max.max(1);
        loop {
            self.gathered.retain(|delivery| !delivery.open.is_gone());
            if self.gathered.is_empty() {
                let first = tokio::select! {
                    biased;
                    () = crate::supervise::stopped(&mut self.stop) => None,
                    first = self.deliveries.recv() => first,
                };
                let Some(first) = first else {
                    self.let_go();
                    return None;
                };
                self.gathered.push(first);
            }
            let until = tokio::time::Instant::now() + linger;
            while self.gathered.len() < max {
                if let Ok(delivery) = self.deliveries.try_recv() {
                    self.gathered.push(delivery);
                    continue;
                }
                // From a queue whose prefetch is in hand nothing more comes before something is settled.
                if self.gathered.iter().any(Incoming::is_last_of_prefetch) {
                    break;
                }
                match tokio::time::timeout_at(until, self.deliveries.recv()).await {
                    Ok(Some(delivery)) => self.gathered.push(delivery),
                    Ok(None) | Err(_) => break,
                }
            }
            self.gathered.retain(|delivery| !delivery.open.is_gone());
            let rest = self.gathered.split_off(self.gathered.len().min(max));
            let batch = std::mem::replace(&mut self.gathered, rest);
            if !batch.is_empty() {
                return Some(batch);
            }
        }
    }

    /// The state of the connection and its queues, for readiness.
    #[must_use]
    pub fn state(&self) -> watch::Receiver<ConsumerState> {
        self.state.clone()
    }

    /// Gives back what was never handed out, so that the connection can close without waiting for it.
    fn let_go(&mut self) {
        self.gathered.clear();
        self.deliveries.close();
        while self.deliveries.try_recv().is_ok() {}
    }
}

/// What the deliveries of one connection share.
#[derive(Debug)]
struct Open {
    link: Link,
    fault: Fault,
    /// The connection has ended or is ending: nothing of it can be settled.
    gone: AtomicBool,
    /// We are ending it ourselves: what is in hand can still be settled, and what ends is no fault.
    closing: AtomicBool,
    /// For each queue, deliveries that came and are not settled.
    in_hand: Vec<AtomicU32>,
    /// How many deliveries have been settled on this connection.
    settled: AtomicU64,
    /// For each queue, deliveries that ever came.
    come: Vec<AtomicU32>,
    /// For each queue, how many may be in hand.
    prefetch: Vec<u16>,
}

impl Open {
    fn is_gone(&self) -> bool {
        self.gone.load(Ordering::Acquire) || self.fault.is_raised()
    }

    /// Says that the connection is no good, unless it is being closed anyway.
    fn fail(&self, sentence: impl FnOnce() -> String) {
        if !self.closing.load(Ordering::Acquire) {
            self.fault.raise(sentence);
        }
    }

    fn in_hand(&self, lane: usize) -> u32 {
        let count = self.in_hand.get(lane);
        count.map_or(0, |count| count.load(Ordering::Acquire))
    }

    /// Wraps around, which does not matter where only a change does.
    fn come(&self, lane: usize) -> u32 {
        let count = self.come.get(lane);
        count.map_or(0, |count| count.load(Ordering::Acquire))
    }

    fn all_in_hand(&self) -> u32 {
        (0..self.in_hand.len()).map(|lane| self.in_hand(lane)).sum()
    }
}

/// One delivery. It must be settled: `ack` when the item is safe, `retry` when the attempt failed. One that is dropped
/// unsettled makes the connection be rebuilt, so that it comes again.
#[derive(Debug)]
pub struct Incoming {
    queue: Queue,
    /// The queue's place in `Open::in_hand`.
    lane: usize,
    properties: Properties,
    body: Redacted<Vec<u8>>,
    acker: lapin::Acker,
    open: Arc<Open>,
    settled: bool,
}

impl Incoming {
    /// Takes a delivery over from lapin and counts it.
    fn new(queue: Queue, lane: usize, delivery: Delivery, open: &Arc<Open>) -> Self {
        for counts in [&open.in_hand, &open.come] {
            if let Some(count) = counts.get(lane) {
                count.fetch_add(1, Ordering::AcqRel);
            }
        }
        let (key, redelivered) = (delivery.routing_key.as_str(), delivery.redelivered);
        Self {
            queue,
            lane,
            properties: Properties::read(key, redelivered, &delivery.properties),
            body: Redacted::new(delivery.data),
            acker: delivery.acker,
            open: Arc::clone(open),
            settled: false,
        }
    }

    /// Whether its queue can deliver no more now.
    fn is_last_of_prefetch(&self) -> bool {
        let prefetch = self.open.prefetch.get(self.lane);
        prefetch.is_some_and(|prefetch| self.open.in_hand(self.lane) >= u32::from(*prefetch))
    }

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

    /// Takes the bytes out, so that they need not be copied.
    #[must_use]
    pub fn take_body(&mut self) -> Vec<u8> {
        std::mem::replace(&mut self.body, Redacted::new(Vec::new())).into_inner()
    }

    /// Puts the bytes back that were taken out.
    pub fn put_body_back(&mut self, body: Vec<u8>) {
        self.body = Redacted::new(body);
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
        let acker = self.acker.clone();
        self.settle(acker.ack(BasicAckOptions::default())).await
    }

    /// Gives the message back after an attempt that failed. The broker counts it and after 20 puts the message to the
    /// dead letters.
    ///
    /// # Errors
    /// As `ack`.
    pub async fn retry(self) -> Result<(), BrokerError> {
        let acker = self.acker.clone();
        self.settle(acker.reject(BasicRejectOptions { requeue: true }))
            .await
    }

    async fn settle(
        mut self,
        telling: impl Future<Output = lapin::Result<bool>>,
    ) -> Result<(), BrokerError> {
        if self.open.is_gone() {
            return Err(BrokerError::Stale);
        }
        match ask(telling).await {
            Ok(true) => {
                self.settled = true;
                self.open.settled.fetch_add(1, Ordering::AcqRel);
                Ok(())
            }
            Ok(false) => {
                self.open
                    .fail(|| "a delivery could not be settled: its channel is gone".to_owned());
                Err(BrokerError::Stale)
            }
            Err(wrong) => {
                let sentence = wrong.sentence();
                self.open
                    .fail(|| format!("a delivery could not be settled: {sentence}"));
                Err(match wrong {
                    Wrong::Late => BrokerError::TimedOut,
                    Wrong::Said(_) => BrokerError::Stale,
                })
            }
        }
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        if let Some(count) = self.open.in_hand.get(self.lane) {
            count.fetch_sub(1, Ordering::AcqRel);
        }
        if !self.settled && !self.open.is_gone() {
            self.open
                .fail(|| "a delivery was given up unsettled".to_owned());
        }
    }
}

/// Acks every delivery of a batch and returns how many the broker took; the others come again.
pub async fn ack_all(batch: Vec<Incoming>) -> usize {
    let mut taken = 0;
    for delivery in batch {
        taken += usize::from(delivery.ack().await.is_ok());
    }
    taken
}
