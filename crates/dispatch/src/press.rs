//! The loop that publishes messages: verdicts, decisions, actions, windows. Alerts are the relay's.

use std::{collections::HashMap, sync::Arc, time::Duration};

use jiff::ToSpan as _;
use schoolgate_broker::{BrokerError, Exchange, Outgoing, Publisher};
use schoolgate_model::Clock;
use schoolgate_ops::metrics;
use schoolgate_policy::OutboxKind;
use schoolgate_store::{OutboxEnd, OutboxRow, Store, StoreError, Wanted};
use sha2::{Digest as _, Sha256};
use tokio::{sync::watch, task::JoinSet};

/// Messages in flight at once: a quorum queue confirms a hundred together nearly as fast as one.
const IN_FLIGHT: u32 = 100;
/// How long a claimed message is ours, milliseconds: longer than a confirm may take, and short, because a killed
/// publisher's messages wait for it.
const LEASE_MS: u32 = 15_000;
/// The longest pause before a message is tried again, seconds.
const MAX_PAUSE_SECONDS: i64 = 10;

/// The lease of a claim.
fn lease_ms() -> u32 {
    #[cfg(feature = "seeded-faults")]
    return crate::seeded::lease_ms(LEASE_MS);
    #[cfg(not(feature = "seeded-faults"))]
    LEASE_MS
}

/// How the loop works.
#[derive(Debug, Clone)]
pub struct PressSettings {
    /// Names this loop in leases.
    pub owner: String,
    /// Pause when there is nothing to do, or nobody to send it to.
    pub idle: Duration,
    /// Pause after the store could not be read or written.
    pub back_off: Duration,
}

impl PressSettings {
    /// The usual settings for one process.
    pub fn new(owner: impl Into<String>) -> Self {
        Self {
            owner: owner.into(),
            idle: Duration::from_millis(100),
            back_off: Duration::from_secs(1),
        }
    }
}

/// Publishes outbox rows of kind `publish`.
pub struct Press {
    store: Store,
    publisher: Option<Publisher>,
    clock: Arc<dyn Clock>,
    settings: PressSettings,
}

impl Press {
    /// Puts the parts together. Without a publisher there is no broker, and rows close as `no_broker`.
    pub fn new(
        store: Store,
        publisher: Option<Publisher>,
        clock: Arc<dyn Clock>,
        settings: PressSettings,
    ) -> Self {
        Self {
            store,
            publisher,
            clock,
            settings,
        }
    }

    /// Works until `stop` turns true. What is in hand is finished: a confirm takes five seconds at most.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            let pause = match self.turn().await {
                Ok(0) => self.settings.idle,
                Ok(_) => continue,
                Err(error) => {
                    tracing::error!(error = %error, "the outbox could not be read or written; trying again");
                    self.settings.back_off
                }
            };
            let pause = tokio::time::sleep(pause);
            tokio::select! { () = pause => {}, _ = stop.changed() => {} }
        }
    }

    /// Publishes one batch; says how many rows it took.
    async fn turn(&self) -> Result<usize, StoreError> {
        // while the broker is away nothing is claimed, so that no attempt is counted against a message
        if self
            .publisher
            .as_ref()
            .is_some_and(|publisher| !is_up(publisher))
        {
            return Ok(0);
        }
        let wanted = Wanted {
            kind: Some(OutboxKind::Publish),
            urgent_only: false,
        };
        let (owner, now) = (&self.settings.owner, self.clock.now());
        let rows = self
            .store
            .outbox_claim(owner, wanted, IN_FLIGHT, now, lease_ms())
            .await?;
        let taken = rows.len();
        match &self.publisher {
            None => self.close(rows).await?,
            Some(publisher) => self.publish(publisher, rows).await?,
        }
        Ok(taken)
    }

    async fn close(&self, rows: Vec<OutboxRow>) -> Result<(), StoreError> {
        for row in rows {
            self.store
                .outbox_close(&row.key, &self.settings.owner, OutboxEnd::NoBroker)
                .await?;
        }
        Ok(())
    }

    async fn publish(&self, publisher: &Publisher, rows: Vec<OutboxRow>) -> Result<(), StoreError> {
        let mut sending = JoinSet::new();
        let mut attempts = HashMap::new();
        for row in rows {
            attempts.insert(row.key.clone(), row.attempts);
            let publisher = publisher.clone();
            sending.spawn(async move {
                let sent = publisher.publish(&message(&row)).await;
                (row.key, sent)
            });
        }
        let (mut sent, mut failed) = (Vec::new(), Vec::new());
        while let Some(done) = sending.join_next().await {
            match done {
                Ok((key, Ok(()))) => sent.push(key),
                Ok((key, Err(error))) => failed.push((key, error)),
                Err(_) => tracing::error!(
                    "a publishing task stopped unexpectedly; its message goes out again"
                ),
            }
        }
        let (owner, now) = (&self.settings.owner, self.clock.now());
        self.store.outbox_sent_many(&sent, owner, now).await?;
        for _ in &sent {
            metrics::effect("broker", "sent");
        }
        for (key, error) in failed {
            let attempt = attempts.get(&key).copied().unwrap_or(1);
            self.again(&key, attempt, &error).await?;
        }
        Ok(())
    }

    async fn again(&self, key: &str, attempt: u32, error: &BrokerError) -> Result<(), StoreError> {
        let pause = pause_seconds(attempt);
        let now = self.clock.now();
        let at = now.checked_add(pause.seconds()).unwrap_or(now);
        let code = code(error);
        self.store
            .outbox_retry(key, &self.settings.owner, at, code)
            .await?;
        metrics::effect("broker", code);
        tracing::warn!(effect = %key, attempt, code, pause, "message not published; trying again");
        Ok(())
    }
}

/// 1, 2, 4 ... seconds up to [`MAX_PAUSE_SECONDS`], for ever.
pub(crate) fn pause_seconds(attempts: u32) -> i64 {
    2_i64
        .checked_pow(attempts.saturating_sub(1).min(8))
        .unwrap_or(MAX_PAUSE_SECONDS)
        .min(MAX_PAUSE_SECONDS)
}

/// Whether a message can go out now.
pub(crate) fn is_up(publisher: &Publisher) -> bool {
    publisher.state().borrow().ready()
}

/// The stable code of a broker's fault, as it stands in the outbox and the figures.
pub(crate) const fn code(error: &BrokerError) -> &'static str {
    match error {
        BrokerError::NotConnected(_) => "broker_away",
        BrokerError::Blocked => "broker_blocked",
        BrokerError::Refused => "broker_refused",
        BrokerError::Unroutable => "broker_unroutable",
        BrokerError::NotAllowed(_) => "broker_not_allowed",
        BrokerError::TimedOut => "broker_silent",
        BrokerError::Stale | BrokerError::Stopped => "broker_closing",
        BrokerError::Topology(_) => "broker_topology",
        BrokerError::Settings(_) => "broker_settings",
        BrokerError::TooLong(_) => "broker_too_long",
    }
}

/// The message of an outbox row: the same id however often it is sent, the item as correlation (contract, section 4).
pub(crate) fn message(row: &OutboxRow) -> Outgoing {
    let body = row.body.clone().into_bytes();
    Outgoing {
        correlation_id: Some(short(&row.item_id)),
        traceparent: row.traceparent.clone(),
        ..Outgoing::new(
            Exchange::Out,
            row.routing_key.clone(),
            short(&row.key),
            schema(&row.routing_key),
            body,
        )
    }
}

/// The `type` property: what the first word of the routing key carries.
fn schema(routing_key: &str) -> String {
    let word = routing_key.split('.').next().unwrap_or("");
    format!("schoolgate.{word}.v1")
}

/// An id as AMQP can carry it: 255 bytes. A longer one keeps its beginning and is told apart by its SHA-256; the body holds
/// it whole.
fn short(id: &str) -> String {
    const MAX_BYTES: usize = 255;
    if id.len() <= MAX_BYTES {
        return id.to_owned();
    }
    let hash: String = Sha256::digest(id.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let room = MAX_BYTES - hash.len() - 1;
    let cut = (0..=room)
        .rev()
        .find(|at| id.is_char_boundary(*at))
        .unwrap_or(0);
    format!("{}~{hash}", &id[..cut])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_stay_short_so_that_a_verdict_follows_a_broker_that_is_back() {
        let pauses: Vec<_> = [1, 2, 3, 4, 5, 100]
            .into_iter()
            .map(pause_seconds)
            .collect();
        assert_eq!(pauses, [1, 2, 4, 8, 10, 10]);
    }

    #[test]
    fn long_ids_fit_and_stay_apart() {
        assert_eq!(short("d-1042"), "d-1042");
        let (a, b) = (
            short(&"ü".repeat(200)),
            short(&format!("{}x", "ü".repeat(199))),
        );
        assert!(a.len() <= 255 && b.len() <= 255);
        assert_ne!(a, b);
        assert_eq!(short(&"ü".repeat(200)), a);
    }

    #[test]
    fn the_type_says_what_a_message_carries() {
        assert_eq!(
            schema("verdict.draft.hold.st-judes"),
            "schoolgate.verdict.v1"
        );
        assert_eq!(schema("alert.dsl.st-judes"), "schoolgate.alert.v1");
    }
}
