//! How much is still to be done, for whoever asks every few seconds. How much there is of everything is `read`'s.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::{Store, StoreError, codes::Place, sql, tx::args};

/// What is still to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Backlog {
    /// Items without a verdict.
    pub waiting: u64,
    /// Arrival of the oldest of them.
    pub oldest_waiting: Option<Timestamp>,
    /// Effects still to be carried out.
    pub outbox_pending: u64,
    /// When the oldest unsent alert was written.
    pub oldest_pending_alert: Option<Timestamp>,
    /// Dead letters kept here.
    pub dead_letters: u64,
}

#[derive(FromRow)]
struct Row {
    waiting: i64,
    pending: i64,
    dead_letters: i64,
    oldest_waiting: Option<i64>,
    oldest_alert: Option<i64>,
    oldest_urgent_alert: Option<i64>,
}

impl Store {
    /// How much is still to be done. Its cost grows with that alone, not with what has been done.
    ///
    /// # Errors
    /// The engine's faults, or `Inconsistent`.
    pub async fn backlog(&self) -> Result<Backlog, StoreError> {
        let mut tx = self.db.read().await?;
        let row: Row = tx.one(&sql::BACKLOG, args![]).await?;
        let place = Place {
            table: "outbox",
            key: "backlog",
        };
        let alerts = [row.oldest_alert, row.oldest_urgent_alert];
        let oldest_alert = alerts.into_iter().flatten().min();
        Ok(Backlog {
            waiting: row.waiting.unsigned_abs(),
            oldest_waiting: place.opt_time("arrived_at", row.oldest_waiting)?,
            outbox_pending: row.pending.unsigned_abs(),
            oldest_pending_alert: place.opt_time("created_at", oldest_alert)?,
            dead_letters: row.dead_letters.unsigned_abs(),
        })
    }
}
