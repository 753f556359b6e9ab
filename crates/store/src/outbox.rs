//! Effects waiting to be carried out: written once by key, taken by lease, counted before the try.

use std::fmt;

use jiff::Timestamp;
use schoolgate_model::{Audience, ItemKind};
use schoolgate_policy::{OutboxEntry, OutboxKind};
use sqlx::FromRow;

use crate::{
    Store, StoreError,
    codes::{Place, error_code},
    lease::lease_end,
    sql,
    tx::{Tx, args},
};

/// Where an effect stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OutboxState {
    /// Still to be carried out.
    Pending,
    /// The broker confirmed it, or the mail server took it.
    Sent,
    /// There is no broker to publish to.
    NoBroker,
    /// Given up.
    Failed,
    /// A later verdict of the same revision is published instead.
    Superseded,
}

impl OutboxState {
    /// Every state.
    pub const ALL: [Self; 5] = [
        Self::Pending,
        Self::Sent,
        Self::NoBroker,
        Self::Failed,
        Self::Superseded,
    ];

    /// The stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Sent => "sent",
            Self::NoBroker => "no_broker",
            Self::Failed => "failed",
            Self::Superseded => "superseded",
        }
    }
}

/// How an effect ends without having been sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutboxEnd<'a> {
    /// There is no broker to publish to.
    NoBroker,
    /// Given up; with the error's stable code.
    Failed(&'a str),
}

/// One effect with the item it is about. `Debug` hides the body.
#[derive(Clone, PartialEq, Eq)]
pub struct OutboxRow {
    /// The idempotency key: the message id, the same however often it is sent.
    pub key: String,
    /// The item's row.
    pub item_key: String,
    /// The school's slug.
    pub school: String,
    /// Draft or comment.
    pub item_kind: ItemKind,
    /// The producer's id: the correlation id.
    pub item_id: String,
    /// The item's revision.
    pub revision: u32,
    /// The W3C trace that the item came with.
    pub traceparent: Option<String>,
    /// What it asks for.
    pub kind: OutboxKind,
    /// The routing key on `schoolgate.out`.
    pub routing_key: String,
    /// Who is told; alerts only.
    pub audience: Option<Audience>,
    /// Whether it goes before everything else.
    pub urgent: bool,
    /// JSON.
    pub body: String,
    /// Where it stands.
    pub state: OutboxState,
    /// Tries so far, this one included.
    pub attempts: u32,
    /// When it may be tried next.
    pub not_before: Timestamp,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was sent.
    pub sent_at: Option<Timestamp>,
    /// The last error's stable code.
    pub last_error: Option<String>,
}

impl fmt::Debug for OutboxRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutboxRow")
            .field("key", &self.key)
            .field("item_key", &self.item_key)
            .field("kind", &self.kind)
            .field("routing_key", &self.routing_key)
            .field("urgent", &self.urgent)
            .field("state", &self.state)
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}

#[derive(FromRow)]
struct Row {
    key: String,
    item_key: String,
    school: String,
    item_kind: String,
    item_id: String,
    revision: i64,
    traceparent: Option<String>,
    kind: String,
    routing_key: String,
    audience: Option<String>,
    urgent: i64,
    body: String,
    state: String,
    attempts: i64,
    not_before: i64,
    created_at: i64,
    sent_at: Option<i64>,
    last_error: Option<String>,
}

#[derive(FromRow)]
struct Key {
    key: String,
}

impl TryFrom<Row> for OutboxRow {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let place = Place {
            table: "outbox",
            key: &row.key,
        };
        let audience = row
            .audience
            .as_deref()
            .map(|code| Audience::from_code(code).ok_or_else(|| place.wrong("audience")))
            .transpose()?;
        let state = OutboxState::ALL
            .into_iter()
            .find(|state| state.code() == row.state)
            .ok_or_else(|| place.wrong("state"))?;
        Ok(Self {
            item_kind: place.kind(&row.item_kind)?,
            revision: place.count("revision", row.revision)?,
            kind: OutboxKind::from_code(&row.kind).ok_or_else(|| place.wrong("kind"))?,
            audience,
            urgent: row.urgent == 1,
            state,
            attempts: place.count("attempts", row.attempts)?,
            not_before: place.time("not_before", row.not_before)?,
            created_at: place.time("created_at", row.created_at)?,
            sent_at: place.opt_time("sent_at", row.sent_at)?,
            key: row.key,
            item_key: row.item_key,
            school: row.school,
            item_id: row.item_id,
            traceparent: row.traceparent,
            routing_key: row.routing_key,
            body: row.body,
            last_error: row.last_error,
        })
    }
}

fn readable(row: Row) -> Option<OutboxRow> {
    let key = row.key.clone();
    match OutboxRow::try_from(row) {
        Ok(row) => Some(row),
        Err(error) => {
            tracing::error!(outbox_key = key, error = %error, "an effect cannot be understood; it is not carried out");
            None
        }
    }
}

/// Writes effects of one item, skipping those already keyed. Returns how many were new.
pub(crate) async fn insert(
    tx: &mut Tx,
    item_key: &str,
    entries: &[OutboxEntry],
    now: Timestamp,
) -> Result<u64, StoreError> {
    let mut written = 0;
    for entry in entries {
        let new = tx
            .exec(
                &sql::OUTBOX_INSERT,
                args![
                    &entry.key,
                    item_key,
                    entry.kind.code(),
                    &entry.routing_key,
                    entry.audience.map(Audience::code),
                    entry.urgent,
                    &entry.body,
                    now
                ],
            )
            .await?;
        if new == 0 {
            check_same_subject(tx, &entry.key, item_key).await?;
        }
        written += new;
    }
    Ok(written)
}

/// A key that is already taken must mean the same effect: skipping another item's would lose an alert in silence.
async fn check_same_subject(tx: &mut Tx, key: &str, item_key: &str) -> Result<(), StoreError> {
    let row: Row = tx.one(&sql::OUTBOX_BY_KEY, args![key]).await?;
    if row.item_key == item_key {
        Ok(())
    } else {
        Err(StoreError::inconsistent("outbox", "item_key", key))
    }
}

/// Which effects a relay takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wanted {
    /// Only this kind; all kinds where absent.
    pub kind: Option<OutboxKind>,
    /// Only those that go before everything else.
    pub urgent_only: bool,
}

impl Wanted {
    /// Urgency and kind of what is taken, the first of them first. Each is a stretch of one index, so that no pile of
    /// publications stands before an alert.
    fn in_order(self) -> impl Iterator<Item = (bool, OutboxKind)> {
        let urgencies: &[bool] = if self.urgent_only {
            &[true]
        } else {
            &[true, false]
        };
        urgencies.iter().flat_map(move |urgent| {
            [OutboxKind::Alert, OutboxKind::Publish]
                .into_iter()
                .filter(move |kind| self.kind.is_none_or(|wanted| wanted == *kind))
                .map(|kind| (*urgent, kind))
        })
    }
}

#[derive(FromRow)]
struct AudienceRow {
    audience: String,
}

#[derive(FromRow)]
struct Recipient {
    recipient: String,
}

impl Store {
    /// The audiences of an item's urgent alerts, whether they are sent yet or not.
    ///
    /// # Errors
    /// The engine's faults, or `Inconsistent`.
    pub async fn urgent_audiences(&self, item_key: &str) -> Result<Vec<Audience>, StoreError> {
        let mut tx = self.db.read().await?;
        let rows: Vec<AudienceRow> = tx.all(&sql::OUTBOX_URGENT, args![item_key]).await?;
        rows.into_iter()
            .map(|row| {
                Audience::from_code(&row.audience)
                    .ok_or_else(|| StoreError::inconsistent("outbox", "audience", item_key))
            })
            .collect()
    }

    /// Notes that one recipient of an alert has got it. `recipient` is a hash, so that the table holds no addresses.
    ///
    /// # Errors
    /// The engine's faults.
    pub async fn receipt_add(
        &self,
        key: &str,
        recipient: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = self.db.write().await?;
        tx.exec(&sql::RECEIPT_INSERT, args![key, recipient, now])
            .await?;
        tx.commit().await
    }

    /// The recipients of an alert who have got it.
    ///
    /// # Errors
    /// The engine's faults.
    pub async fn receipts(&self, key: &str) -> Result<Vec<String>, StoreError> {
        let mut tx = self.db.read().await?;
        let rows: Vec<Recipient> = tx.all(&sql::RECEIPTS, args![key]).await?;
        Ok(rows.into_iter().map(|row| row.recipient).collect())
    }

    /// Takes effects that are due and not leased, urgent first, then alerts, then oldest. The attempt is counted and lasting
    /// when this returns, so that a doubled message can always be explained. One that cannot be understood is logged
    /// with its key and left leased, so that it stops no other.
    ///
    /// # Errors
    /// The engine's faults.
    pub async fn outbox_claim(
        &self,
        owner: &str,
        wanted: Wanted,
        limit: u32,
        now: Timestamp,
        lease_ms: u32,
    ) -> Result<Vec<OutboxRow>, StoreError> {
        let mut tx = self.db.write().await?;
        let until = lease_end(now, lease_ms);
        let mut keys: Vec<Key> = Vec::new();
        for (urgent, kind) in wanted.in_order() {
            let taken = u32::try_from(keys.len()).unwrap_or(u32::MAX);
            let left = limit.saturating_sub(taken);
            if left == 0 {
                break;
            }
            let args = args![owner, until, now, kind.code(), urgent, left];
            let found: Vec<Key> = tx.all(&sql::OUTBOX_CLAIM, args).await?;
            keys.extend(found);
        }
        let mut rows = Vec::with_capacity(keys.len());
        for Key { key } in keys {
            let row: Row = tx.one(&sql::OUTBOX_BY_KEY, args![&key]).await?;
            rows.extend(readable(row));
        }
        tx.commit().await?;
        rows.sort_by(|a, b| {
            (!a.urgent, a.created_at, &a.key).cmp(&(!b.urgent, b.created_at, &b.key))
        });
        Ok(rows)
    }

    /// Closes an effect that was carried out. False where the lease has passed to somebody else, who may send it
    /// again under the same key, or the row is closed already.
    ///
    /// # Errors
    /// The engine's faults.
    pub async fn outbox_sent(
        &self,
        key: &str,
        owner: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.outbox_change(&sql::OUTBOX_SENT, args![key, owner, now])
            .await
    }

    /// Closes effects that were carried out, all in one transaction, and returns how many were this owner's.
    ///
    /// # Errors
    /// The engine's faults.
    pub async fn outbox_sent_many(
        &self,
        keys: &[String],
        owner: &str,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        // Always in the same order, so that two relays never wait for each other.
        let mut keys: Vec<&String> = keys.iter().collect();
        keys.sort_unstable();
        let mut tx = self.db.write().await?;
        let mut closed = 0;
        for key in keys {
            closed += tx.exec(&sql::OUTBOX_SENT, args![key, owner, now]).await?;
        }
        tx.commit().await?;
        Ok(closed)
    }

    /// Puts an effect back for later. `error_code` is a short code; anything longer is kept as `unclassified`.
    ///
    /// # Errors
    /// The engine's faults.
    pub async fn outbox_retry(
        &self,
        key: &str,
        owner: &str,
        not_before: Timestamp,
        error_code: &str,
    ) -> Result<bool, StoreError> {
        let code = crate::codes::error_code(error_code);
        self.outbox_change(&sql::OUTBOX_RETRY, args![key, owner, not_before, code])
            .await
    }

    /// Closes an effect that will not be sent. False where it is no longer this owner's.
    ///
    /// # Errors
    /// The engine's faults.
    pub async fn outbox_close(
        &self,
        key: &str,
        owner: &str,
        end: OutboxEnd<'_>,
    ) -> Result<bool, StoreError> {
        let (state, code) = match end {
            OutboxEnd::NoBroker => (OutboxState::NoBroker, None),
            OutboxEnd::Failed(code) => (OutboxState::Failed, Some(error_code(code))),
        };
        self.outbox_change(&sql::OUTBOX_CLOSE, args![key, owner, state.code(), code])
            .await
    }

    /// The newest effects in every state, for screens.
    ///
    /// # Errors
    /// The engine's faults, or `Inconsistent`.
    pub async fn outbox_list(&self, limit: u32) -> Result<Vec<OutboxRow>, StoreError> {
        let mut tx = self.db.read().await?;
        let rows: Vec<Row> = tx.all(&sql::OUTBOX_LIST, args![limit]).await?;
        rows.into_iter().map(OutboxRow::try_from).collect()
    }

    async fn outbox_change(
        &self,
        q: &'static crate::tx::Q,
        args: &[crate::tx::Arg<'_>],
    ) -> Result<bool, StoreError> {
        let mut tx = self.db.write().await?;
        let changed = tx.exec(q, args).await?;
        tx.commit().await?;
        Ok(changed == 1)
    }
}
