//! The inbox: what has arrived becomes a row once, whatever is sent twice, edited or contradicted (CONTRACT 4).
//! What a contradiction does to the item is in `conflict`.

use std::fmt;

use jiff::Timestamp;
use schoolgate_model::{ItemKind, Redacted, SchoolId, Verb, wire::Submission};
use sqlx::FromRow;

use crate::{
    Store, StoreError, answers,
    codes::Place,
    conflict::{self, Afterwards},
    sql,
    tx::{Tx, args},
};

/// One item as a door hands it over. `Debug` hides the body.
#[derive(Clone, PartialEq, Eq)]
pub struct NewItem {
    /// The key of the row to be, made by the door (UUIDv7 text), unique over all items.
    pub key: String,
    /// The school's slug.
    pub school: String,
    /// Draft or comment.
    pub kind: ItemKind,
    /// The producer's id.
    pub id: String,
    /// The producer's revision, where it gave one.
    pub revision: Option<u32>,
    /// What happened.
    pub verb: Verb,
    /// `Submission::content_hash`.
    pub content_hash: String,
    /// The producer's JSON, byte for byte.
    pub body: Vec<u8>,
    /// When it was written, already clamped to the arrival.
    pub created_at: Timestamp,
    /// When it reached us.
    pub arrived_at: Timestamp,
    /// Whether it has pictures.
    pub has_media: bool,
    /// The platform's name in lower case.
    pub platform: Option<String>,
    /// The account, as the producer calls it.
    pub account: Option<String>,
    /// The author's id, or the name where the producer sent nothing else; kept for drafts only, in lower case.
    pub author: Option<Redacted<String>>,
    /// The producer's W3C trace, carried through to what is published. One that is not well formed is left out.
    pub traceparent: Option<String>,
}

impl NewItem {
    /// The row of a parsed message. `body` is the message as received; a creation time in the future is clamped.
    pub fn from_submission(
        key: String,
        school: &SchoolId,
        submission: &Submission,
        body: Vec<u8>,
        arrived_at: Timestamp,
    ) -> Self {
        Self {
            key,
            school: school.to_string(),
            kind: submission.kind,
            id: submission.id.to_string(),
            revision: submission.revision,
            verb: submission.verb,
            content_hash: submission.content_hash(),
            body,
            created_at: submission
                .created_at
                .map_or(arrived_at, |created| created.min(arrived_at)),
            arrived_at,
            has_media: !submission.content.media.is_empty(),
            platform: submission.platform.clone(),
            account: submission.account.clone(),
            author: submission
                .author
                .id
                .clone()
                .or_else(|| submission.author.name.clone()),
            traceparent: None,
        }
    }
}

impl fmt::Debug for NewItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewItem")
            .field("key", &self.key)
            .field("school", &self.school)
            .field("kind", &self.kind)
            .field("id", &self.id)
            .field("revision", &self.revision)
            .field("verb", &self.verb)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// What became of one received item. `key` is the row that stands, not the one that was offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Receipt {
    /// A row was made.
    New {
        /// The row.
        key: String,
        /// The revision given or settled.
        revision: u32,
    },
    /// The same content was there already; nothing was changed.
    Duplicate {
        /// The row that was there.
        key: String,
        /// Its revision.
        revision: u32,
    },
    /// Other content was there under the same inbox key. The new body is a dead letter and the item a hold.
    Conflict {
        /// The row that was there.
        key: String,
        /// Its revision.
        revision: u32,
    },
}

impl Receipt {
    /// The row that stands.
    pub fn key(&self) -> &str {
        match self {
            Self::New { key, .. } | Self::Duplicate { key, .. } | Self::Conflict { key, .. } => key,
        }
    }
}

#[derive(FromRow)]
pub(crate) struct Head {
    pub(crate) arrivals: i64,
    pub(crate) latest_revision: i64,
    pub(crate) latest_key: Option<String>,
}

#[derive(FromRow)]
struct Inbox {
    key: String,
    revision: i64,
    verb: String,
    content_hash: String,
}

impl Inbox {
    fn holds(&self, item: &NewItem) -> bool {
        self.verb == item.verb.code() && self.content_hash == item.content_hash
    }

    fn revision(&self) -> Result<u32, StoreError> {
        let place = Place {
            table: "item",
            key: &self.key,
        };
        place.count("revision", self.revision)
    }
}

impl Store {
    /// Takes a batch in one transaction and returns one receipt an item, in the order given. When it returns, the
    /// items are safe and the deliveries may be acknowledged; after an error none of them is, and the whole call
    /// may be made again.
    ///
    /// # Errors
    /// `NulInText` where an id, school or hash holds NUL; otherwise the engine's faults.
    pub async fn receive(&self, items: &[NewItem]) -> Result<Vec<Receipt>, StoreError> {
        // Two batches that lock the same items must lock them in the same order. The sort is stable, so that
        // several messages about one item keep theirs.
        let mut order: Vec<usize> = (0..items.len()).collect();
        order.sort_by_key(|&at| {
            let item = &items[at];
            (&item.school, item.kind, &item.id)
        });
        let mut tx = self.db.write().await?;
        let mut receipts = vec![None; items.len()];
        let mut after = Afterwards::default();
        for at in order {
            receipts[at] = Some(receive_one(&mut tx, &items[at], &mut after).await?);
        }
        after.write(&mut tx).await?;
        tx.commit().await?;
        Ok(receipts.into_iter().flatten().collect())
    }
}

/// Locks everything about one draft or comment to the end of the transaction.
pub(crate) async fn lock_head(
    tx: &mut Tx,
    school: &str,
    kind: &str,
    id: &str,
) -> Result<Head, StoreError> {
    tx.one(&sql::HEAD_LOCK, args![school, kind, id]).await
}

pub(crate) async fn receive_one(
    tx: &mut Tx,
    item: &NewItem,
    after: &mut Afterwards,
) -> Result<Receipt, StoreError> {
    let head = lock_head(tx, &item.school, item.kind.code(), &item.id).await?;
    if let Some(revision) = item.revision {
        return match same_inbox_key(tx, item, revision).await? {
            None => insert(tx, item, &head, revision).await,
            Some(found) if !found.holds(item) && answers::has_answers(tx, item).await? => {
                renumbered(tx, item, &head).await
            }
            Some(found) => already_there(tx, item, found, after).await,
        };
    }
    let Some(latest) = latest(tx, &head).await? else {
        return insert(tx, item, &head, 1).await;
    };
    if latest.holds(item) {
        return already_there(tx, item, latest, after).await;
    }
    match latest.revision()?.checked_add(1) {
        Some(next) => insert(tx, item, &head, next).await,
        // A producer has used up all numbers: nobody can say which content is the newest, so a person looks.
        None => already_there(tx, item, latest, after).await,
    }
}

/// A revision whose number an answer of the console took first: the producer could not know, so it contradicts nothing
/// and comes next, once.
async fn renumbered(tx: &mut Tx, item: &NewItem, head: &Head) -> Result<Receipt, StoreError> {
    if let Some((key, revision)) = answers::renumbered_before(tx, item).await? {
        return Ok(Receipt::Duplicate { key, revision });
    }
    let next = head.latest_revision.saturating_add(1);
    let next = u32::try_from(next)
        .map_err(|_| StoreError::inconsistent("item_head", "latest_revision", &item.id))?;
    insert(tx, item, head, next).await
}

async fn same_inbox_key(
    tx: &mut Tx,
    item: &NewItem,
    revision: u32,
) -> Result<Option<Inbox>, StoreError> {
    tx.opt(
        &sql::INBOX_BY_REVISION,
        args![
            &item.school,
            item.kind.code(),
            &item.id,
            revision,
            item.verb.code()
        ],
    )
    .await
}

async fn latest(tx: &mut Tx, head: &Head) -> Result<Option<Inbox>, StoreError> {
    let Some(key) = &head.latest_key else {
        return Ok(None);
    };
    let found = tx.opt(&sql::INBOX_BY_KEY, args![key]).await?;
    found
        .map(Some)
        .ok_or_else(|| StoreError::inconsistent("item_head", "latest_key", key))
}

async fn already_there(
    tx: &mut Tx,
    item: &NewItem,
    found: Inbox,
    after: &mut Afterwards,
) -> Result<Receipt, StoreError> {
    let revision = found.revision()?;
    if found.holds(item) {
        return Ok(Receipt::Duplicate {
            key: found.key,
            revision,
        });
    }
    conflict::mark(tx, &found.key, revision, item, after).await?;
    Ok(Receipt::Conflict {
        key: found.key,
        revision,
    })
}

async fn insert(
    tx: &mut Tx,
    item: &NewItem,
    head: &Head,
    revision: u32,
) -> Result<Receipt, StoreError> {
    let (school, kind, id) = (&item.school, item.kind.code(), &item.id);
    let ordinal = head.arrivals + 1;
    let author = own_author(item);
    tx.exec(
        &sql::ITEM_INSERT,
        args![
            &item.key,
            school,
            kind,
            id,
            revision,
            item.verb.code(),
            ordinal,
            &item.content_hash,
            item.body.as_slice(),
            item.created_at,
            item.arrived_at,
            item.has_media,
            item.traceparent.as_deref().filter(|trace| is_trace(trace)),
            storable(item.platform.as_deref()),
            storable(item.account.as_deref()),
            author.as_deref(),
        ],
    )
    .await?;
    if i64::from(revision) >= head.latest_revision {
        tx.exec(
            &sql::HEAD_ADVANCE,
            args![school, kind, id, ordinal, revision, &item.key],
        )
        .await?;
    } else {
        tx.exec(&sql::HEAD_ARRIVAL, args![school, kind, id, ordinal])
            .await?;
    }
    Ok(Receipt::New {
        key: item.key.clone(),
        revision,
    })
}

/// What no engine refuses: a label with NUL is left out, because the item itself must not be lost for it.
fn storable(label: Option<&str>) -> Option<&str> {
    label.filter(|label| !label.contains('\0'))
}

/// How an author finds the own drafts again. An id with NUL is nobody's login.
fn own_author(item: &NewItem) -> Option<String> {
    let author = item.author.as_ref()?.expose();
    (item.kind == ItemKind::Draft && !author.contains('\0')).then(|| author.trim().to_lowercase())
}

/// Whether a text is a W3C `traceparent` of the present form, which is all that is passed on.
fn is_trace(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let hex = |part: &str, length| {
        part.len() == length
            && part
                .bytes()
                .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    };
    matches!(parts[..], [version, trace, span, flags]
        if hex(version, 2) && version != "ff" && hex(trace, 32) && hex(span, 16) && hex(flags, 2)
            && trace.bytes().any(|byte| byte != b'0') && span.bytes().any(|byte| byte != b'0'))
}
