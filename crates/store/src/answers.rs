//! Answers to what a held draft asks: who is in its pictures. An answer changes no row; it makes the next revision,
//! which is screened like any other. What may be answered and by whom is the policy's.

use jiff::Timestamp;
use schoolgate_model::wire::parse_submission;
use schoolgate_policy::{AuditEntry, ReviewState};
use sqlx::FromRow;

use crate::{
    NewItem, Receipt, Store, StoreError,
    audit::{self, Line},
    codes::Place,
    conflict::Afterwards,
    read,
    receive::receive_one,
    record::lock_item,
    reviews, sql,
    tx::{Tx, args},
};

/// What a person answered, and about what.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The revision that was asked about.
    pub of_key: String,
    /// The version of its review on the screen.
    pub version: u32,
    /// The same item with the answer in it; without a revision of its own.
    pub item: NewItem,
    /// The account's id.
    pub actor: String,
    /// When.
    pub at: Timestamp,
    /// The audit line.
    pub audit: AuditEntry,
}

/// What became of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answered {
    /// It is the next revision, which waits to be screened.
    Written {
        /// The new row.
        key: String,
        /// Its revision.
        revision: u32,
    },
    /// It says what the item says already.
    Same,
    /// The item changed after the screen was made.
    Stale,
    /// A newer revision has arrived.
    NotLatest,
    /// It has been decided.
    Closed,
    /// It has no verdict yet, so nothing was asked.
    NotScreened,
}

/// Who answered, for a revision that was made so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAnswer {
    /// The revision that was asked about.
    pub of_key: String,
    /// The account's id.
    pub actor: String,
    /// When.
    pub at: Timestamp,
}

#[derive(FromRow)]
struct AnswerRow {
    of_key: String,
    actor: String,
    at: i64,
}

#[derive(FromRow)]
struct Found {
    key: String,
    revision: i64,
    body: Vec<u8>,
}

impl Found {
    fn named(&self) -> Result<(String, u32), StoreError> {
        let place = Place {
            table: "item",
            key: &self.key,
        };
        let revision = place.count("revision", self.revision)?;
        Ok((self.key.clone(), revision))
    }
}

#[derive(FromRow)]
struct KeyRow {
    key: String,
}

impl Store {
    /// Writes an answer as the next revision, or nothing. The same answer of the same person again, because its
    /// receipt was lost, is the same revision.
    ///
    /// # Errors
    /// `UnknownItem`; `Inconsistent` where the answer is about another item; the engine's faults.
    pub async fn answer(&self, answer: &Answer) -> Result<Answered, StoreError> {
        let mut tx = self.db.write().await?;
        let row = lock_item(&mut tx, &answer.of_key).await?;
        let item = &answer.item;
        let same = item.school == row.school && item.kind.code() == row.kind && item.id == row.id;
        if !same || item.revision.is_some() {
            return Err(StoreError::inconsistent("answer", "item", &answer.of_key));
        }
        let latest = read::latest_key(&mut tx, &row).await?;
        if latest != answer.of_key {
            return Ok(repeated(&mut tx, answer, &latest)
                .await?
                .unwrap_or(Answered::NotLatest));
        }
        let Some(review) = reviews::row(&mut tx, &answer.of_key).await? else {
            return Ok(Answered::NotScreened);
        };
        if review.version != answer.version {
            return Ok(Answered::Stale);
        }
        if review.state == ReviewState::Closed {
            return Ok(Answered::Closed);
        }
        let (key, revision) = match receive_one(&mut tx, item, &mut Afterwards::default()).await? {
            Receipt::New { key, revision } => (key, revision),
            Receipt::Duplicate { .. } | Receipt::Conflict { .. } => return Ok(Answered::Same),
        };
        let (actor, at) = (&answer.actor, answer.at);
        tx.exec(&sql::ANSWER_INSERT, args![&key, &answer.of_key, actor, at])
            .await?;
        let line = Line {
            school: row.school,
            item_key: Some(key.clone()),
            entry: answer.audit.clone(),
        };
        audit::append_all(&mut tx, &mut vec![line]).await?;
        tx.commit().await?;
        Ok(Answered::Written { key, revision })
    }

    /// Who answered, where this revision holds an answer.
    ///
    /// # Errors
    /// The engine's faults, or `Inconsistent`.
    pub async fn answer_of(&self, key: &str) -> Result<Option<StoredAnswer>, StoreError> {
        let mut tx = self.db.read().await?;
        let Some(row) = answer_row(&mut tx, key).await? else {
            return Ok(None);
        };
        let place = Place {
            table: "answer",
            key,
        };
        Ok(Some(StoredAnswer {
            at: place.time("at", row.at)?,
            of_key: row.of_key,
            actor: row.actor,
        }))
    }
}

async fn answer_row(tx: &mut Tx, key: &str) -> Result<Option<AnswerRow>, StoreError> {
    tx.opt(&sql::ANSWER, args![key]).await
}

/// The revision that this very answer made before.
async fn repeated(
    tx: &mut Tx,
    answer: &Answer,
    latest: &str,
) -> Result<Option<Answered>, StoreError> {
    let before = answer_row(tx, latest).await?;
    let is_theirs =
        before.is_some_and(|row| row.of_key == answer.of_key && row.actor == answer.actor);
    if !is_theirs {
        return Ok(None);
    }
    let alike = same_content(tx, &answer.item).await?;
    let Some(found) = alike.iter().find(|found| found.key == latest) else {
        return Ok(None);
    };
    let (key, revision) = found.named()?;
    Ok(Some(Answered::Written { key, revision }))
}

/// Whether any revision of the item was made in the console: then the producer's numbers are not ours.
pub(crate) async fn has_answers(tx: &mut Tx, item: &NewItem) -> Result<bool, StoreError> {
    let (school, kind) = (&item.school, item.kind.code());
    let found: Option<KeyRow> = tx
        .opt(&sql::ANSWER_ANY, args![school, kind, &item.id])
        .await?;
    Ok(found.is_some_and(|row| !row.key.is_empty()))
}

/// The revisions with the same content, newest first.
async fn same_content(tx: &mut Tx, item: &NewItem) -> Result<Vec<Found>, StoreError> {
    let (school, kind, verb) = (&item.school, item.kind.code(), item.verb.code());
    let content = &item.content_hash;
    tx.all(
        &sql::INBOX_BY_CONTENT,
        args![school, kind, &item.id, verb, content],
    )
    .await
}

/// The revision that this very message made before, under another number than its own.
pub(crate) async fn renumbered_before(
    tx: &mut Tx,
    item: &NewItem,
) -> Result<Option<(String, u32)>, StoreError> {
    let alike = same_content(tx, item).await?;
    let said = |found: &&Found| {
        parse_submission(&found.body).is_ok_and(|before| before.revision == item.revision)
    };
    alike.iter().find(said).map(Found::named).transpose()
}
