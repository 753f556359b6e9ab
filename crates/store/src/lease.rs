//! Handing waiting items to screeners: each to one at a time, again when the time is over, counted before the work.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use schoolgate_model::{ItemKind, Verb};
use sqlx::FromRow;

use crate::{
    Store, StoreError,
    codes::Place,
    read::ItemRow,
    sql,
    tx::{Q, Tx, args},
};

/// Which waiting items a screener takes, so that drafts never queue behind a pile of comments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// Only this kind; all kinds where absent.
    pub kind: Option<ItemKind>,
    /// Only items with (or without) pictures; both where absent.
    pub has_media: Option<bool>,
    /// Only items that nobody has tried, or only those that somebody has.
    pub tried: Tried,
    /// At most so many.
    pub limit: u32,
}

/// Whether a screener has had the item before. One that has been tried may be the one that ended its screener, so it is
/// worth taking alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tried {
    /// Attempts 0.
    Never,
    /// Attempts 1 and more.
    Before,
    /// All.
    Any,
}

impl Tried {
    const fn attempts(self) -> (i64, i64) {
        match self {
            Self::Never => (0, 0),
            Self::Before => (1, i64::MAX),
            Self::Any => (0, i64::MAX),
        }
    }
}

impl Share {
    /// Any waiting item, at most `limit`.
    pub const fn any(limit: u32) -> Self {
        Self {
            kind: None,
            has_media: None,
            tried: Tried::Any,
            limit,
        }
    }
}

/// An item that this screener has until its lease ends. `Debug` hides the body.
#[derive(Clone, PartialEq, Eq)]
pub struct Claimed {
    /// The row's key.
    pub key: String,
    /// The school's slug.
    pub school: String,
    /// Draft or comment.
    pub kind: ItemKind,
    /// The producer's id.
    pub id: String,
    /// The settled revision.
    pub revision: u32,
    /// What happened.
    pub verb: Verb,
    /// The producer's JSON as received.
    pub body: Vec<u8>,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it reached us.
    pub arrived_at: Timestamp,
    /// From 1. Beyond 2 the item is given up and held: two attempts have ended badly.
    pub attempt: u32,
    /// Other content came for the same revision; `record` makes the verdict at least a hold.
    pub conflicted: bool,
    /// When the clock of an earlier, unacknowledged revision started: an edit keeps it (DOMAIN 5.2).
    pub clock_started_at: Option<Timestamp>,
}

impl fmt::Debug for Claimed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claimed")
            .field("key", &self.key)
            .field("school", &self.school)
            .field("kind", &self.kind)
            .field("revision", &self.revision)
            .field("attempt", &self.attempt)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// The clock of the nearest earlier row of the same item.
#[derive(FromRow)]
pub(crate) struct EarlierWindow {
    pub(crate) item_key: String,
    pub(crate) received_at: i64,
    pub(crate) due_at: i64,
    pub(crate) mode: String,
    pub(crate) division: String,
    pub(crate) calendar_version: String,
    pub(crate) why: String,
    pub(crate) inherited_from: Option<String>,
    pub(crate) acknowledged_at: Option<i64>,
}

/// The window before this row, where nobody has acknowledged it.
pub(crate) async fn running_clock(
    tx: &mut Tx,
    row: &ItemRow,
) -> Result<Option<EarlierWindow>, StoreError> {
    let window: Option<EarlierWindow> = tx
        .opt(
            &sql::WINDOW_BEFORE,
            args![&row.school, &row.kind, &row.id, row.revision, row.ordinal],
        )
        .await?;
    Ok(window.filter(|window| window.acknowledged_at.is_none()))
}

/// When a lease taken now ends. Beyond the end of time it simply lasts.
pub(crate) fn lease_end(now: Timestamp, lease_ms: u32) -> Timestamp {
    now.saturating_add(SignedDuration::from_millis(i64::from(lease_ms)))
        .unwrap_or(Timestamp::MAX)
}

struct Lease<'a> {
    owner: &'a str,
    now: Timestamp,
    until: Timestamp,
}

/// Takes a share by the statement that finds it in front of an index.
async fn take(tx: &mut Tx, share: Share, lease: &Lease<'_>) -> Result<Vec<ItemRow>, StoreError> {
    let Lease { owner, now, until } = *lease;
    let media = share.has_media.map(i64::from);
    let kind = share.kind.map(ItemKind::code);
    match (share.tried, media) {
        (Tried::Never, Some(_)) => {
            let mut rows: Vec<ItemRow> = Vec::new();
            let kinds = match share.kind {
                Some(kind) => vec![kind],
                None => vec![ItemKind::Draft, ItemKind::Comment],
            };
            for kind in kinds {
                let taken = u32::try_from(rows.len()).unwrap_or(u32::MAX);
                let left = share.limit.saturating_sub(taken);
                let args = args![owner, until, now, left, kind.code(), media];
                let found: Vec<ItemRow> = tx.all(&sql::ITEM_CLAIM_FRESH, args).await?;
                rows.extend(found);
            }
            Ok(rows)
        }
        (Tried::Before, _) => {
            let args = args![owner, until, now, share.limit, kind, media];
            tx.all(&sql::ITEM_CLAIM_TRIED, args).await
        }
        (Tried::Never | Tried::Any, _) => {
            let (fewest, most) = share.tried.attempts();
            let args = args![owner, until, now, share.limit, kind, media, fewest, most];
            tx.all(&sql::ITEM_CLAIM_ANY, args).await
        }
    }
}

impl Store {
    /// Takes waiting items, oldest arrival first, whose lease is free or over, and counts the attempt in the same
    /// statement: an item that kills its screener is counted all the same. A share of items that nobody has tried, with
    /// or without pictures, and of no kind takes drafts before comments.
    ///
    /// # Errors
    /// The engine's faults, or `Inconsistent`.
    pub async fn claim(
        &self,
        owner: &str,
        share: Share,
        now: Timestamp,
        lease_ms: u32,
    ) -> Result<Vec<Claimed>, StoreError> {
        let mut tx = self.db.write().await?;
        let lease = Lease {
            owner,
            now,
            until: lease_end(now, lease_ms),
        };
        let mut rows = take(&mut tx, share, &lease).await?;
        rows.sort_by(|a, b| (a.arrived_at, &a.key).cmp(&(b.arrived_at, &b.key)));
        let mut claimed = Vec::with_capacity(rows.len());
        for row in rows {
            let clock = if row.ordinal > 1 {
                running_clock(&mut tx, &row).await?
            } else {
                None
            };
            claimed.push(to_claimed(row, clock.map(|clock| clock.received_at))?);
        }
        tx.commit().await?;
        Ok(claimed)
    }

    /// Gives an item back at once; the attempt stays counted, because it ended badly. False where the lease was no
    /// longer this owner's.
    ///
    /// # Errors
    /// The engine's faults.
    pub async fn release(&self, key: &str, owner: &str) -> Result<bool, StoreError> {
        self.free(key, owner, 0).await
    }

    /// Gives an item back as if it had not been taken: the item was not to blame (a stopping service, a store that
    /// could not be written). False where the lease was no longer this owner's.
    ///
    /// # Errors
    /// The engine's faults.
    pub async fn give_back(&self, key: &str, owner: &str) -> Result<bool, StoreError> {
        self.free(key, owner, 1).await
    }

    async fn free(&self, key: &str, owner: &str, uncounted: i64) -> Result<bool, StoreError> {
        let mut tx = self.db.write().await?;
        let freed = tx
            .exec(&sql::ITEM_RELEASE, args![key, owner, uncounted])
            .await?;
        tx.commit().await?;
        Ok(freed == 1)
    }

    /// Makes the leases of items that this owner still has in hand last longer, so that leases can be short and a dead
    /// owner's items are free soon. Returns how many were still this owner's.
    ///
    /// # Errors
    /// The engine's faults.
    pub async fn keep(
        &self,
        keys: &[String],
        owner: &str,
        now: Timestamp,
        lease_ms: u32,
    ) -> Result<u64, StoreError> {
        self.keep_all(&sql::ITEM_KEEP, keys, owner, lease_end(now, lease_ms))
            .await
    }

    /// As [`Store::keep`], for effects.
    ///
    /// # Errors
    /// The engine's faults.
    pub async fn outbox_keep(
        &self,
        keys: &[String],
        owner: &str,
        now: Timestamp,
        lease_ms: u32,
    ) -> Result<u64, StoreError> {
        self.keep_all(&sql::OUTBOX_KEEP, keys, owner, lease_end(now, lease_ms))
            .await
    }

    async fn keep_all(
        &self,
        q: &'static Q,
        keys: &[String],
        owner: &str,
        until: Timestamp,
    ) -> Result<u64, StoreError> {
        if keys.is_empty() {
            return Ok(0);
        }
        // always in the same order, so that two of these never wait for each other
        let mut keys: Vec<&String> = keys.iter().collect();
        keys.sort_unstable();
        let mut tx = self.db.write().await?;
        let mut kept = 0;
        for key in keys {
            kept += tx.exec(q, args![key, owner, until]).await?;
        }
        tx.commit().await?;
        Ok(kept)
    }

    /// Gives every lease back, of items and of effects. Only for a process that holds the data folder's lock and so
    /// knows that whoever held them is dead; the attempts stay counted.
    ///
    /// # Errors
    /// The engine's faults.
    pub async fn clear_leases(&self) -> Result<u64, StoreError> {
        let mut tx = self.db.write().await?;
        let items = tx.exec(&sql::ITEM_LEASES_CLEAR, args![]).await?;
        let effects = tx.exec(&sql::OUTBOX_LEASES_CLEAR, args![]).await?;
        tx.commit().await?;
        Ok(items + effects)
    }
}

fn to_claimed(row: ItemRow, clock: Option<i64>) -> Result<Claimed, StoreError> {
    let place = Place {
        table: "item",
        key: &row.key,
    };
    Ok(Claimed {
        kind: place.kind(&row.kind)?,
        revision: place.count("revision", row.revision)?,
        verb: place.verb(&row.verb)?,
        created_at: place.time("created_at", row.created_at)?,
        arrived_at: place.time("arrived_at", row.arrived_at)?,
        attempt: place.count("attempts", row.attempts)?,
        conflicted: row.conflicted_at.is_some(),
        clock_started_at: place.opt_time("received_at", clock)?,
        key: row.key,
        school: row.school,
        id: row.id,
        body: row.body,
    })
}
