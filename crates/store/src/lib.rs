#![doc = include_str!("../README.md")]

mod answers;
mod audit;
mod backlog;
mod codes;
mod conflict;
mod dead;
mod error;
mod events;
mod known;
mod lease;
mod migrate;
mod outbox;
mod queue;
mod read;
mod receive;
mod record;
mod removed;
mod restrictions;
mod reviews;
mod sessions;
mod sql;
mod tx;
mod users;
mod windows;

use jiff::Timestamp;
use sqlx::FromRow;

pub use answers::{Answer, Answered, StoredAnswer};
pub use audit::{AuditCheck, AuditFault, AuditLine};
pub use backlog::Backlog;
pub use conflict::CONFLICTING_REVISION;
pub use dead::{DeadLetter, Retried};
pub use error::StoreError;
pub use events::{CONFLICTING_EVENT, EventReceipt, NewEvent, StoredEvent};
pub use known::{KnownChange, KnownChanges, NewKnown, StoredKnown};
pub use lease::{Claimed, Share, Tried};
pub use migrate::{SCHEMA_VERSION, SchemaStatus};
pub use outbox::{OutboxEnd, OutboxRow, OutboxState, Wanted};
pub use queue::{
    MAX_QUEUE_ROWS, QueueCounts, QueueList, QueueMark, QueueQuery, QueueRow, QueueScope,
};
pub use read::{
    Counts, DayCounts, ItemState, StoredItem, StoredReview, StoredVerdict, StoredWindow,
};
pub use receive::{NewItem, Receipt};
pub use record::Recorded;
pub use removed::{PictureReason, Removal, Removed, Tombstone};
pub use reviews::{Claim, Decided, Release, ReleaseRefusal, ReviewView, StoredDecision};
pub use sessions::{NewSession, SESSION_IDLE_MS, SESSION_MAX_MS, Session, SignInFailures};
pub use users::{EVERY_SCHOOL, NewUser, User, UserAdded, UserRole};
pub use windows::{DueWindow, StoredStage};

use tx::{Db, args};

/// The record of the house. Cheap to clone; every clone shares the same connections.
#[derive(Debug, Clone)]
pub struct Store {
    db: Db,
}

#[derive(FromRow)]
struct Beat {
    at: i64,
}

impl Store {
    /// Opens `sqlite://FILE` (the file is made, readable by its owner only; its folder must exist) or
    /// `postgres://...`. Makes no tables; see `migrate`.
    ///
    /// # Errors
    /// `BadUrl` with a hint; `Unreachable`; `Damaged` where the file is no database.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        Ok(Self {
            db: Db::open(url).await?,
        })
    }

    /// Writes a heartbeat and reads it back: the store takes writes. For readiness.
    ///
    /// # Errors
    /// The engine's faults; `Inconsistent` where another time comes back.
    pub async fn ping(&self, now: Timestamp) -> Result<(), StoreError> {
        let mut tx = self.db.write().await?;
        let beat: Beat = tx.one(&sql::PING, args![now]).await?;
        tx.commit().await?;
        if beat.at == now.as_millisecond() {
            Ok(())
        } else {
            Err(StoreError::inconsistent("heartbeat", "at", "ping"))
        }
    }

    /// Closes all connections after their present work. Not needed for safety: a killed process loses nothing that
    /// was committed.
    pub async fn close(&self) {
        self.db.close().await;
    }
}
