//! What the school or the platform did: kept once, and applied to its item in the same transaction. An event that
//! comes before its item, or before the item is screened, waits for it.

use std::fmt;

use jiff::Timestamp;
use schoolgate_model::{
    ItemKind, Redacted, SchoolId,
    wire::{EventSubmission, EventType},
};
use schoolgate_policy::{
    AuditEntry,
    events::{ClosesReview, event_effect},
};
use serde_json::json;
use sqlx::FromRow;

use crate::{
    Store, StoreError,
    audit::{self, Line},
    codes::Place,
    read::ItemRow,
    receive::lock_head,
    record::{Closing, close_review, lock_item, stop_clock},
    reviews,
    sql::{self, work},
    tx::{Tx, args},
};

/// The reason of a dead letter: other content came under an event's id.
pub const CONFLICTING_EVENT: &str = "conflicting_event";

/// One event as a door hands it over. `Debug` hides the body and the actor.
#[derive(Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// The school's slug.
    pub school: String,
    /// The producer's id.
    pub id: String,
    /// What happened.
    pub event: EventType,
    /// The producer's id of the item.
    pub item: Option<String>,
    /// The item's revision, where the producer gave one.
    pub revision: Option<u32>,
    /// Who did it, as the producer calls them.
    pub actor: Option<Redacted<String>>,
    /// When it happened, already clamped to the arrival.
    pub at: Timestamp,
    /// When it reached us.
    pub arrived_at: Timestamp,
    /// `EventSubmission::content_hash`.
    pub content_hash: String,
    /// The producer's JSON, byte for byte.
    pub body: Vec<u8>,
}

impl NewEvent {
    /// The row of a parsed event. `body` is the message as received; a time in the future is clamped.
    pub fn from_submission(
        school: &SchoolId,
        submission: &EventSubmission,
        body: Vec<u8>,
        arrived_at: Timestamp,
    ) -> Self {
        Self {
            school: school.to_string(),
            id: submission.id.clone(),
            event: submission.event,
            item: submission.item.clone(),
            revision: submission.revision,
            actor: submission.actor.clone(),
            at: submission.at.map_or(arrived_at, |at| at.min(arrived_at)),
            arrived_at,
            content_hash: submission.content_hash(),
            body,
        }
    }
}

impl fmt::Debug for NewEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewEvent")
            .field("school", &self.school)
            .field("id", &self.id)
            .field("event", &self.event)
            .field("item", &self.item)
            .field("revision", &self.revision)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// What became of one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventReceipt {
    /// It was kept and applied, or waits for its item to be screened.
    New {
        /// The item's row; absent where it concerns no item.
        item_key: Option<String>,
    },
    /// It was kept, but there is no such item yet. It is applied when the item is recorded.
    UnknownItem,
    /// The same event was there already; nothing was changed.
    Duplicate,
    /// Another event was there under the same id. The new body is a dead letter.
    Conflict,
}

/// An event as the screens of an item show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEvent {
    /// The producer's id.
    pub id: String,
    /// What happened.
    pub event: EventType,
    /// Who did it, as the producer calls them.
    pub actor: Option<Redacted<String>>,
    /// When.
    pub at: Timestamp,
}

#[derive(FromRow)]
struct Key {
    key: String,
}

#[derive(FromRow)]
struct Seen {
    content_hash: String,
    item_key: Option<String>,
}

#[derive(FromRow)]
struct WaitingRow {
    id: String,
    r#type: String,
    item_key: Option<String>,
    revision: Option<i64>,
    at: i64,
}

#[derive(FromRow)]
struct EventRow {
    id: String,
    r#type: String,
    actor: Option<String>,
    at: i64,
}

/// What an event changes: which one, and when it happened.
struct Happened<'a> {
    id: &'a str,
    event: EventType,
    at: Timestamp,
}

/// The kinds of item that an event is looked for among, the likelier first.
const fn kinds(event: EventType) -> [ItemKind; 2] {
    match event {
        EventType::Published | EventType::Unpublished => [ItemKind::Draft, ItemKind::Comment],
        EventType::Acknowledged
        | EventType::Replied
        | EventType::Hidden
        | EventType::Unhidden
        | EventType::Deleted
        | EventType::ActionResult
        | EventType::AccountSeen => [ItemKind::Comment, ItemKind::Draft],
    }
}

impl Store {
    /// Keeps a batch of events, all or none, and applies them. When this returns, the messages may be acknowledged.
    /// Receipts come in the order of the batch.
    ///
    /// # Errors
    /// `NulInText` where an id holds NUL; otherwise the engine's faults.
    pub async fn receive_events(
        &self,
        events: &[NewEvent],
    ) -> Result<Vec<EventReceipt>, StoreError> {
        let mut tx = self.db.write().await?;
        let mut order = Vec::with_capacity(events.len());
        for (at, event) in events.iter().enumerate() {
            order.push((at, kind_of(&mut tx, event).await?));
        }
        // Heads are locked in the same order everywhere. The sort is stable: events about one item keep theirs. Those
        // about none have only their own id to meet at.
        order.sort_by_key(|&(at, kind)| {
            let event = &events[at];
            let alone = event.item.is_none().then_some(&event.id);
            (&event.school, kind, &event.item, alone)
        });
        let mut receipts = vec![None; events.len()];
        let mut lines = Vec::new();
        for (at, kind) in order {
            receipts[at] = Some(receive_one(&mut tx, &events[at], kind, &mut lines).await?);
        }
        audit::append_all(&mut tx, &mut lines).await?;
        tx.commit().await?;
        Ok(receipts.into_iter().flatten().collect())
    }

    /// The events of one item's row, in order.
    ///
    /// # Errors
    /// The engine's faults, or `Inconsistent`.
    pub async fn events_of(&self, item_key: &str) -> Result<Vec<StoredEvent>, StoreError> {
        let mut tx = self.db.read().await?;
        let rows: Vec<EventRow> = tx.all(&work::EVENTS_OF_ITEM, args![item_key]).await?;
        rows.into_iter()
            .map(|row| {
                let place = Place {
                    table: "event",
                    key: &row.id,
                };
                Ok(StoredEvent {
                    event: type_of(place, &row.r#type)?,
                    at: place.time("at", row.at)?,
                    actor: row.actor.map(Redacted::new),
                    id: row.id,
                })
            })
            .collect()
    }
}

fn type_of(place: Place<'_>, code: &str) -> Result<EventType, StoreError> {
    EventType::from_code(code).ok_or_else(|| place.wrong("type"))
}

/// Which of a draft and a comment with this id is meant; where neither is there, the likelier.
async fn kind_of(tx: &mut Tx, event: &NewEvent) -> Result<ItemKind, StoreError> {
    let [likely, other] = kinds(event.event);
    if let Some(item) = &event.item {
        for kind in [likely, other] {
            if target(tx, event, item, kind).await?.is_some() {
                return Ok(kind);
            }
        }
    }
    Ok(likely)
}

async fn target(
    tx: &mut Tx,
    event: &NewEvent,
    item: &str,
    kind: ItemKind,
) -> Result<Option<String>, StoreError> {
    let key: Option<Key> = tx
        .opt(
            &work::EVENT_TARGET,
            args![
                &event.school,
                kind.code(),
                item,
                event.revision.map(i64::from)
            ],
        )
        .await?;
    Ok(key.map(|key| key.key))
}

async fn receive_one(
    tx: &mut Tx,
    event: &NewEvent,
    kind: ItemKind,
    lines: &mut Vec<Line>,
) -> Result<EventReceipt, StoreError> {
    let mut key = None;
    if let Some(item) = &event.item {
        // Also where the item is not there yet: whoever receives or records it then waits for this event.
        lock_head(tx, &event.school, kind.code(), item).await?;
        key = target(tx, event, item, kind).await?;
    }
    let screened = match &key {
        Some(key) => reviews::row(tx, key).await?.is_some(),
        None => event.item.is_none(),
    };
    if !insert(tx, event, key.as_deref(), screened).await? {
        return already_there(tx, event, lines).await;
    }
    lines.push(note(event, key.clone(), screened));
    match key {
        Some(key) => {
            if screened {
                let row = lock_item(tx, &key).await?;
                let happened = Happened {
                    id: &event.id,
                    event: event.event,
                    at: event.at,
                };
                apply(tx, &row, &happened).await?;
            }
            Ok(EventReceipt::New {
                item_key: Some(key),
            })
        }
        None if event.item.is_none() => Ok(EventReceipt::New { item_key: None }),
        None => Ok(EventReceipt::UnknownItem),
    }
}

async fn insert(
    tx: &mut Tx,
    event: &NewEvent,
    key: Option<&str>,
    applied: bool,
) -> Result<bool, StoreError> {
    let actor = event.actor.as_ref().map(|actor| actor.expose().as_str());
    let made = tx
        .exec(
            &work::EVENT_INSERT,
            args![
                &event.school,
                &event.id,
                event.event.code(),
                event.item.as_deref(),
                key,
                event.revision.map(i64::from),
                actor,
                event.at,
                event.arrived_at,
                applied.then_some(event.arrived_at),
                &event.content_hash,
                event.body.as_slice()
            ],
        )
        .await?;
    Ok(made == 1)
}

async fn already_there(
    tx: &mut Tx,
    event: &NewEvent,
    lines: &mut Vec<Line>,
) -> Result<EventReceipt, StoreError> {
    let seen: Seen = tx
        .one(&work::EVENT_SEEN, args![&event.school, &event.id])
        .await?;
    if seen.content_hash == event.content_hash {
        return Ok(EventReceipt::Duplicate);
    }
    // The key is made of what it is about, so that the same contradiction is kept once however often it is sent.
    let letter = format!("event/{}/{}/{}", event.school, event.id, event.content_hash);
    let kept = tx
        .exec(
            &sql::DEAD_INSERT,
            args![
                &letter,
                &event.school,
                seen.item_key.as_deref(),
                CONFLICTING_EVENT,
                &event.content_hash,
                event.body.as_slice(),
                event.arrived_at
            ],
        )
        .await?;
    if kept == 1 {
        let mut line = note(event, seen.item_key, false);
        line.entry.action = CONFLICTING_EVENT.to_owned();
        lines.push(line);
    }
    Ok(EventReceipt::Conflict)
}

/// Applies what came before its item was screened. The item's head is locked.
pub(crate) async fn apply_waiting(
    tx: &mut Tx,
    row: &ItemRow,
    now: Timestamp,
    lines: &mut Vec<Line>,
) -> Result<(), StoreError> {
    let waiting: Vec<WaitingRow> = tx
        .all(&work::EVENTS_WAITING, args![&row.school, &row.id])
        .await?;
    for event in waiting {
        let place = Place {
            table: "event",
            key: &event.id,
        };
        let what = type_of(place, &event.r#type)?;
        let meant = match &event.item_key {
            Some(key) => *key == row.key,
            None => {
                kinds(what)[0].code() == row.kind
                    && event
                        .revision
                        .is_none_or(|revision| revision == row.revision)
            }
        };
        if !meant {
            continue;
        }
        let happened = Happened {
            id: &event.id,
            event: what,
            at: place.time("at", event.at)?,
        };
        apply(tx, row, &happened).await?;
        tx.exec(
            &work::EVENT_APPLIED,
            args![&row.school, &event.id, now, &row.key],
        )
        .await?;
        lines.push(line(
            &row.school,
            Some(row.key.clone()),
            "event_applied",
            json!({ "event": event.id, "type": what.code() }),
            now,
        ));
    }
    Ok(())
}

async fn apply(tx: &mut Tx, row: &ItemRow, happened: &Happened<'_>) -> Result<(), StoreError> {
    let place = Place {
        table: "item",
        key: &row.key,
    };
    let effect = event_effect(happened.event, place.kind(&row.kind)?);
    if effect.stops_clock {
        let by = format!("event/{}", happened.id);
        stop_clock(tx, &row.key, happened.at, &by).await?;
    }
    let closing = match effect.closes {
        ClosesReview::Nothing => return Ok(()),
        ClosesReview::Unheld => Closing::Unheld,
        ClosesReview::Open => Closing::Open,
    };
    close_review(tx, &row.key, closing, happened.at).await?;
    Ok(())
}

fn note(event: &NewEvent, key: Option<String>, applied: bool) -> Line {
    let detail = json!({
        "event": event.id,
        "type": event.event.code(),
        "revision": event.revision,
        "applied": applied,
    });
    line(&event.school, key, "event", detail, event.arrived_at)
}

/// A line about something that happened outside. The producer's name for who did it stays in the event's row.
fn line(
    school: &str,
    item_key: Option<String>,
    action: &str,
    detail: serde_json::Value,
    at: Timestamp,
) -> Line {
    Line {
        school: school.to_owned(),
        item_key,
        entry: AuditEntry {
            at,
            actor: "platform".to_owned(),
            action: action.to_owned(),
            detail: detail.to_string(),
        },
    }
}
