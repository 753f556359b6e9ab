//! The loop that empties the outbox.

use std::{sync::Arc, time::Duration};

use anyhow::Context as _;
use jiff::ToSpan as _;
use schoolgate_model::{Audience, Clock, SchoolId};
use schoolgate_policy::OutboxKind;
use schoolgate_school::Schools;
use schoolgate_store::{OutboxEnd, OutboxRow, Store};
use tokio::{sync::watch, task::JoinSet};

use crate::{
    letter::{Letter, message_id},
    mail::Mailer,
};

/// The longest pause between two attempts.
const MAX_PAUSE_SECONDS: i64 = 300;

/// How the loop works.
#[derive(Debug, Clone)]
pub struct RelaySettings {
    /// Names this loop in leases.
    pub owner: String,
    /// How long a claimed row is ours, milliseconds: longer than one mail may take.
    pub lease_ms: u32,
    /// Rows in one claim.
    pub batch: u32,
    /// Pause when there is nothing to do.
    pub idle: Duration,
    /// Where people open the item.
    pub public_url: Option<String>,
}

impl RelaySettings {
    /// The usual settings for one process.
    pub fn new(owner: impl Into<String>) -> Self {
        Self {
            owner: owner.into(),
            lease_ms: 90_000,
            batch: 8,
            idle: Duration::from_millis(100),
            public_url: None,
        }
    }
}

/// Carries outbox rows out.
pub struct Relay {
    store: Store,
    schools: Arc<Schools>,
    mailer: Option<Mailer>,
    clock: Arc<dyn Clock>,
    settings: RelaySettings,
}

impl Relay {
    /// Puts the parts together.
    pub fn new(
        store: Store,
        schools: Arc<Schools>,
        mailer: Option<Mailer>,
        clock: Arc<dyn Clock>,
        settings: RelaySettings,
    ) -> Self {
        Self {
            store,
            schools,
            mailer,
            clock,
            settings,
        }
    }

    /// Works until `stop` turns true; the row in hand is finished first.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let relay = Arc::new(self);
        while !*stop.borrow() {
            let worked = match relay.round().await {
                Ok(worked) => worked,
                Err(error) => {
                    tracing::error!(error = %error, "the outbox could not be read or written; trying again");
                    0
                }
            };
            if worked == 0 {
                let pause = tokio::time::sleep(relay.settings.idle);
                tokio::select! { () = pause => {}, _ = stop.changed() => {} }
            }
        }
    }

    /// One claim of each kind; gives the number of rows handled.
    ///
    /// # Errors
    /// When the store cannot be asked. A row's own failure is written into the row.
    pub async fn round(self: &Arc<Self>) -> anyhow::Result<usize> {
        let mut handled = 0;
        for kind in [OutboxKind::Alert, OutboxKind::Publish] {
            let rows = self
                .store
                .outbox_claim(
                    &self.settings.owner,
                    Some(kind),
                    self.settings.batch,
                    self.clock.now(),
                    self.settings.lease_ms,
                )
                .await
                .context("claim the outbox")?;
            handled += rows.len();
            // side by side, so that one slow mail does not hold up the next alert
            let mut sending = JoinSet::new();
            for row in rows {
                let relay = Arc::clone(self);
                sending.spawn(async move { relay.carry_out(&row).await });
            }
            while let Some(done) = sending.join_next().await {
                done.context("a sending task stopped unexpectedly")??;
            }
        }
        Ok(handled)
    }

    async fn carry_out(&self, row: &OutboxRow) -> anyhow::Result<()> {
        if row.kind == OutboxKind::Alert && is_mailed(row.audience) {
            return self.alert(row).await;
        }
        let owner = &self.settings.owner;
        self.store
            .outbox_close(&row.key, owner, OutboxEnd::NoBroker)
            .await
            .context("close a message")?;
        Ok(())
    }

    async fn alert(&self, row: &OutboxRow) -> anyhow::Result<()> {
        let now = self.clock.now();
        match self.send(row).await {
            Ok(()) => {
                self.store
                    .outbox_sent(&row.key, &self.settings.owner, now)
                    .await
                    .context("close an alert")?;
                tracing::info!(effect = %row.key, attempt = row.attempts, "alert handed to the mail server");
            }
            Err(code) => {
                let pause = pause_seconds(row.attempts);
                let again = now.checked_add(pause.seconds()).unwrap_or(now);
                self.store
                    .outbox_retry(&row.key, &self.settings.owner, again, code)
                    .await
                    .context("put an alert back")?;
                tracing::error!(effect = %row.key, attempt = row.attempts, code, pause, "alert not sent; trying again");
            }
        }
        Ok(())
    }

    async fn send(&self, row: &OutboxRow) -> Result<(), &'static str> {
        let mailer = self.mailer.as_ref().ok_or("no_mail")?;
        let audience = row.audience.ok_or("no_audience")?;
        let school = SchoolId::new(row.school.as_str());
        let snapshot = self.schools.get(&school).ok_or("unknown_school")?;
        let to = snapshot.contacts.resolve(audience);
        if to.is_empty() {
            return Err("no_recipient");
        }
        let letter = Letter::write(row, self.settings.public_url.as_deref()).ok_or("bad_body")?;
        mailer
            .send(&letter, to, &message_id(&row.key, mailer.domain()))
            .await
    }
}

/// Moderators are told by their queue and authors by the verdict in their own tool. Their pointers are for the broker;
/// everybody else gets a mail. An alert without an audience is a fault and must not be closed in silence.
fn is_mailed(audience: Option<Audience>) -> bool {
    !matches!(audience, Some(Audience::Moderator | Audience::Author))
}

/// 2, 4, 8 ... seconds, up to five minutes, for ever.
fn pause_seconds(attempts: u32) -> i64 {
    2_i64
        .checked_pow(attempts.min(12))
        .unwrap_or(MAX_PAUSE_SECONDS)
        .min(MAX_PAUSE_SECONDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_grows_and_stays_below_five_minutes() {
        let pauses: Vec<_> = [1, 2, 3, 8, 9, 100]
            .into_iter()
            .map(pause_seconds)
            .collect();
        assert_eq!(pauses, [2, 4, 8, 256, 300, 300]);
    }
}
