//! What screens, the API and readiness read: items, verdicts with their review and clock, counts.
//! Nothing here writes.

use std::fmt;

use jiff::Timestamp;
use schoolgate_model::{ItemKind, Outcome, Verb, Verdict};
use schoolgate_policy::{ResponseWindow, ReviewState};
use sqlx::FromRow;

use crate::{
    Store, StoreError,
    codes::Place,
    sql,
    tx::{Tx, args},
};

#[derive(FromRow)]
pub(crate) struct ItemRow {
    pub(crate) key: String,
    pub(crate) school: String,
    pub(crate) kind: String,
    pub(crate) id: String,
    pub(crate) revision: i64,
    pub(crate) verb: String,
    pub(crate) ordinal: i64,
    pub(crate) content_hash: String,
    pub(crate) body: Vec<u8>,
    pub(crate) created_at: i64,
    pub(crate) arrived_at: i64,
    pub(crate) attempts: i64,
    pub(crate) conflicted_at: Option<i64>,
}

#[derive(FromRow)]
struct StateRow {
    key: String,
    school: String,
    kind: String,
    id: String,
    revision: i64,
    verb: String,
    state: String,
    attempts: i64,
    arrived_at: i64,
    conflicted_at: Option<i64>,
    latest_key: Option<String>,
    version: Option<i64>,
    outcome: Option<String>,
    body: Option<String>,
    recorded_at: Option<i64>,
    review_state: Option<String>,
    review_version: Option<i64>,
    opened_at: Option<i64>,
    closed_at: Option<i64>,
    superseded_by: Option<String>,
    received_at: Option<i64>,
    due_at: Option<i64>,
    mode: Option<String>,
    division: Option<String>,
    calendar_version: Option<String>,
    needs_response: Option<i64>,
    why: Option<String>,
    inherited_from: Option<String>,
    acknowledged_at: Option<i64>,
    acknowledged_by: Option<String>,
    window_superseded_by: Option<String>,
}

#[derive(FromRow)]
struct CountsRow {
    waiting: i64,
    approve: i64,
    hold: i64,
    escalate: i64,
    pending: i64,
    sent: i64,
    no_broker: i64,
    failed: i64,
    dead_letters: i64,
    oldest_waiting: Option<i64>,
    oldest_pending_alert: Option<i64>,
}

/// An item as received. `Debug` hides the body.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredItem {
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
    /// SHA-256 of the content.
    pub content_hash: String,
    /// The producer's JSON, byte for byte.
    pub body: Vec<u8>,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it reached us.
    pub arrived_at: Timestamp,
}

impl fmt::Debug for StoredItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredItem")
            .field("key", &self.key)
            .field("revision", &self.revision)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// The state of the work with an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredReview {
    /// Open, escalated or closed.
    pub state: ReviewState,
    /// Counts up with each change.
    pub version: u32,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// The newer revision that took its place.
    pub superseded_by: Option<String>,
}

/// A response window and what has become of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredWindow {
    /// The window. Its times are the earlier revision's where the clock was inherited.
    pub window: ResponseWindow,
    /// The earlier revision whose clock runs on.
    pub inherited_from: Option<String>,
    /// When somebody acknowledged it.
    pub acknowledged_at: Option<Timestamp>,
    /// Who did.
    pub acknowledged_by: Option<String>,
    /// The newer revision that carries the clock on.
    pub superseded_by: Option<String>,
}

/// The verdict that counts for one revision.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredVerdict {
    /// The item's row.
    pub item_key: String,
    /// What happened: two verbs of one revision are two rows.
    pub verb: Verb,
    /// From 1; above 1 a conflict has turned an approval into a hold.
    pub version: u32,
    /// The answer. `received_at` and `due_at` are the window's where there is one.
    pub verdict: Verdict,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// The work with it.
    pub review: StoredReview,
    /// Its clock.
    pub window: Option<StoredWindow>,
    /// Other content came for the same revision.
    pub conflicted: bool,
    /// Whether this is the newest row of the item. An approval of an older one is dead.
    pub is_latest: bool,
}

/// The newest revision of an item.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemState {
    /// The row.
    pub key: String,
    /// Its revision.
    pub revision: u32,
    /// What happened.
    pub verb: Verb,
    /// When it reached us.
    pub arrived_at: Timestamp,
    /// How often a screener has taken it.
    pub attempts: u32,
    /// Other content came for the same revision.
    pub conflicted: bool,
    /// The verdict; absent while it waits.
    pub verdict: Option<StoredVerdict>,
}

/// How much there is of everything, over all schools: for metrics and readiness, never for a person's screen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counts {
    /// Items without a verdict.
    pub waiting: u64,
    /// Current approvals.
    pub approve: u64,
    /// Current holds.
    pub hold: u64,
    /// Current escalations.
    pub escalate: u64,
    /// Effects still to be carried out.
    pub outbox_pending: u64,
    /// Effects carried out.
    pub outbox_sent: u64,
    /// Messages that no broker was there for.
    pub outbox_no_broker: u64,
    /// Effects given up.
    pub outbox_failed: u64,
    /// Dead letters kept here.
    pub dead_letters: u64,
    /// Arrival of the oldest item without a verdict.
    pub oldest_waiting: Option<Timestamp>,
    /// When the oldest unsent alert was written.
    pub oldest_pending_alert: Option<Timestamp>,
}

/// One school's day in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DayCounts {
    /// Approvals recorded in the period.
    pub approve: u64,
    /// Holds recorded in the period.
    pub hold: u64,
    /// Escalations recorded in the period.
    pub escalate: u64,
    /// Items without a verdict now.
    pub waiting: u64,
    /// Alerts not sent now.
    pub alerts_waiting: u64,
    /// Alerts sent in the period.
    pub alerts_sent: u64,
}

#[derive(FromRow)]
struct DayCountsRow {
    approve: i64,
    hold: i64,
    escalate: i64,
    waiting: i64,
    alerts_waiting: i64,
    alerts_sent: i64,
}

impl Store {
    /// One school's numbers for verdicts recorded and alerts sent from `from` up to `to`.
    ///
    /// # Errors
    /// The engine's faults.
    pub async fn day_counts(
        &self,
        school: &str,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<DayCounts, StoreError> {
        let mut tx = self.db.read().await?;
        let row: DayCountsRow = tx.one(&sql::DAY_COUNTS, args![school, from, to]).await?;
        Ok(DayCounts {
            approve: row.approve.unsigned_abs(),
            hold: row.hold.unsigned_abs(),
            escalate: row.escalate.unsigned_abs(),
            waiting: row.waiting.unsigned_abs(),
            alerts_waiting: row.alerts_waiting.unsigned_abs(),
            alerts_sent: row.alerts_sent.unsigned_abs(),
        })
    }

    /// One received item.
    ///
    /// # Errors
    /// The engine's faults, or `Inconsistent`.
    pub async fn item(&self, key: &str) -> Result<Option<StoredItem>, StoreError> {
        item(&mut self.db.read().await?, key).await
    }

    /// The verdict on one revision; on the newest where none is named. `None` while that one waits: an older
    /// revision's verdict never answers for a newer one.
    ///
    /// # Errors
    /// The engine's faults, or `Inconsistent`.
    pub async fn verdict(
        &self,
        school: &str,
        kind: ItemKind,
        id: &str,
        revision: Option<u32>,
    ) -> Result<Option<StoredVerdict>, StoreError> {
        let mut tx = self.db.read().await?;
        let state = state(&mut tx, school, kind, id, revision).await?;
        Ok(state.and_then(|state| state.verdict))
    }

    /// The verdict on one row.
    ///
    /// # Errors
    /// The engine's faults, or `Inconsistent`.
    pub async fn verdict_by_key(&self, key: &str) -> Result<Option<StoredVerdict>, StoreError> {
        verdict_by_key(&mut self.db.read().await?, key).await
    }

    /// The newest revision of an item and where it stands.
    ///
    /// # Errors
    /// The engine's faults, or `Inconsistent`.
    pub async fn item_state(
        &self,
        school: &str,
        kind: ItemKind,
        id: &str,
    ) -> Result<Option<ItemState>, StoreError> {
        state(&mut self.db.read().await?, school, kind, id, None).await
    }

    /// Current verdicts recorded from `from` (inclusive) to `to` (exclusive), oldest first.
    ///
    /// # Errors
    /// The engine's faults, or `Inconsistent`.
    pub async fn verdicts_between(
        &self,
        school: Option<&str>,
        from: Timestamp,
        to: Timestamp,
        limit: u32,
    ) -> Result<Vec<StoredVerdict>, StoreError> {
        let mut tx = self.db.read().await?;
        let rows: Vec<StateRow> = tx
            .all(&sql::STATES_BETWEEN, args![school, from, to, limit])
            .await?;
        rows.into_iter()
            .filter_map(|row| to_state(row).map(|state| state.verdict).transpose())
            .collect()
    }

    /// How much there is of everything. Reads all of it: for who asks once. [`Store::backlog`] is for who asks often.
    ///
    /// # Errors
    /// The engine's faults, or `Inconsistent`.
    pub async fn counts(&self) -> Result<Counts, StoreError> {
        let mut tx = self.db.read().await?;
        let row: CountsRow = tx.one(&sql::COUNTS, args![]).await?;
        let place = Place {
            table: "item",
            key: "counts",
        };
        Ok(Counts {
            waiting: row.waiting.unsigned_abs(),
            approve: row.approve.unsigned_abs(),
            hold: row.hold.unsigned_abs(),
            escalate: row.escalate.unsigned_abs(),
            outbox_pending: row.pending.unsigned_abs(),
            outbox_sent: row.sent.unsigned_abs(),
            outbox_no_broker: row.no_broker.unsigned_abs(),
            outbox_failed: row.failed.unsigned_abs(),
            dead_letters: row.dead_letters.unsigned_abs(),
            oldest_waiting: place.opt_time("arrived_at", row.oldest_waiting)?,
            oldest_pending_alert: place.opt_time("created_at", row.oldest_pending_alert)?,
        })
    }
}

pub(crate) async fn item(tx: &mut Tx, key: &str) -> Result<Option<StoredItem>, StoreError> {
    let row: Option<ItemRow> = tx.opt(&sql::ITEM_BY_KEY, args![key]).await?;
    row.map(to_item).transpose()
}

pub(crate) async fn verdict_by_key(
    tx: &mut Tx,
    key: &str,
) -> Result<Option<StoredVerdict>, StoreError> {
    let row: Option<StateRow> = tx.opt(&sql::STATE_BY_KEY, args![key]).await?;
    Ok(row
        .map(to_state)
        .transpose()?
        .and_then(|state| state.verdict))
}

pub(crate) async fn state(
    tx: &mut Tx,
    school: &str,
    kind: ItemKind,
    id: &str,
    revision: Option<u32>,
) -> Result<Option<ItemState>, StoreError> {
    let row: Option<StateRow> = tx
        .opt(
            &sql::STATE_BY_ID,
            args![school, kind.code(), id, revision.map(i64::from)],
        )
        .await?;
    row.map(to_state).transpose()
}

#[derive(FromRow)]
struct Latest {
    latest_key: Option<String>,
}

/// The newest row of an item that has one.
pub(crate) async fn latest_key(tx: &mut Tx, row: &ItemRow) -> Result<String, StoreError> {
    let head: Latest = tx
        .one(&sql::HEAD_LATEST, args![&row.school, &row.kind, &row.id])
        .await?;
    head.latest_key
        .ok_or_else(|| StoreError::inconsistent("item_head", "latest_key", &row.key))
}

fn to_item(row: ItemRow) -> Result<StoredItem, StoreError> {
    let place = Place {
        table: "item",
        key: &row.key,
    };
    Ok(StoredItem {
        kind: place.kind(&row.kind)?,
        revision: place.count("revision", row.revision)?,
        verb: place.verb(&row.verb)?,
        created_at: place.time("created_at", row.created_at)?,
        arrived_at: place.time("arrived_at", row.arrived_at)?,
        key: row.key,
        school: row.school,
        id: row.id,
        content_hash: row.content_hash,
        body: row.body,
    })
}

fn to_state(row: StateRow) -> Result<ItemState, StoreError> {
    let key = row.key.clone();
    let place = Place {
        table: "item",
        key: &key,
    };
    let verdict = to_verdict(&row)?;
    if (row.state == "screened") != verdict.is_some() {
        return Err(place.wrong("state"));
    }
    Ok(ItemState {
        revision: place.count("revision", row.revision)?,
        verb: place.verb(&row.verb)?,
        arrived_at: place.time("arrived_at", row.arrived_at)?,
        attempts: place.count("attempts", row.attempts)?,
        conflicted: row.conflicted_at.is_some(),
        verdict,
        key: row.key,
    })
}

fn to_verdict(row: &StateRow) -> Result<Option<StoredVerdict>, StoreError> {
    let place = Place {
        table: "verdict",
        key: &row.key,
    };
    let (Some(version), Some(outcome), Some(body), Some(recorded_at)) =
        (row.version, &row.outcome, &row.body, row.recorded_at)
    else {
        return Ok(None);
    };
    let mut verdict: Verdict = serde_json::from_str(body).map_err(|_| place.wrong("body"))?;
    let outcome: Outcome = place.outcome(outcome)?;
    if outcome != verdict.outcome || verdict.school.as_str() != row.school {
        return Err(place.wrong("outcome"));
    }
    if verdict.id.as_str() != row.id || verdict.kind.code() != row.kind {
        return Err(place.wrong("item_key"));
    }
    let window = to_window(row)?;
    if let Some(stored) = &window {
        verdict.received_at = stored.window.received_at;
        verdict.due_at = Some(stored.window.due_at);
    }
    Ok(Some(StoredVerdict {
        item_key: row.key.clone(),
        verb: place.verb(&row.verb)?,
        version: place.count("version", version)?,
        verdict,
        recorded_at: place.time("recorded_at", recorded_at)?,
        review: to_review(row)?,
        window,
        conflicted: row.conflicted_at.is_some(),
        is_latest: row.latest_key.as_deref() == Some(&row.key),
    }))
}

fn to_review(row: &StateRow) -> Result<StoredReview, StoreError> {
    let place = Place {
        table: "review",
        key: &row.key,
    };
    let (Some(state), Some(version), Some(opened_at)) =
        (&row.review_state, row.review_version, row.opened_at)
    else {
        return Err(place.wrong("item_key"));
    };
    Ok(StoredReview {
        state: place.review(state)?,
        version: place.count("version", version)?,
        opened_at: place.time("opened_at", opened_at)?,
        closed_at: place.opt_time("closed_at", row.closed_at)?,
        superseded_by: row.superseded_by.clone(),
    })
}

fn to_window(row: &StateRow) -> Result<Option<StoredWindow>, StoreError> {
    let place = Place {
        table: "response_window",
        key: &row.key,
    };
    let (Some(received_at), Some(due_at), Some(mode)) = (row.received_at, row.due_at, &row.mode)
    else {
        return Ok(None);
    };
    Ok(Some(StoredWindow {
        window: ResponseWindow {
            received_at: place.time("received_at", received_at)?,
            due_at: place.time("due_at", due_at)?,
            mode: place.mode(mode)?,
            division: row.division.clone().unwrap_or_default(),
            calendar_version: row.calendar_version.clone().unwrap_or_default(),
            needs_response: row.needs_response == Some(1),
            why: row.why.clone().unwrap_or_default(),
        },
        inherited_from: row.inherited_from.clone(),
        acknowledged_at: place.opt_time("acknowledged_at", row.acknowledged_at)?,
        acknowledged_by: row.acknowledged_by.clone(),
        superseded_by: row.window_superseded_by.clone(),
    }))
}
