//! Dead letters: looked at, taken up again or dropped by a person, each with a line of the trail.

use std::fmt;

use jiff::Timestamp;
use schoolgate_model::{SchoolId, wire::parse_submission};
use schoolgate_policy::AuditEntry;
use serde_json::json;
use sqlx::FromRow;

use crate::{
    Receipt, Store, StoreError,
    audit::{self, Line},
    codes::Place,
    conflict::{Afterwards, CONFLICTING_REVISION},
    read,
    receive::{NewItem, receive_one},
    sql,
    tx::{Tx, args},
    users::EVERY_SCHOOL,
};

#[derive(FromRow)]
struct DeadRow {
    key: String,
    school: Option<String>,
    item_key: Option<String>,
    reason: String,
    body: Vec<u8>,
    at: i64,
}

/// A message that cannot be used as it is. `Debug` hides the body.
#[derive(Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// Made by the door.
    pub key: String,
    /// The school's slug, where it is known.
    pub school: Option<String>,
    /// The item it collided with.
    pub item_key: Option<String>,
    /// A stable code.
    pub reason: String,
    /// The message as received.
    pub body: Vec<u8>,
    /// When.
    pub at: Timestamp,
}

impl fmt::Debug for DeadLetter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeadLetter")
            .field("key", &self.key)
            .field("school", &self.school)
            .field("reason", &self.reason)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// What became of a dead letter that was to be taken up again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Retried {
    /// Its body was received, and the letter is gone.
    Received(Receipt),
    /// Its body still cannot be used; the letter stays.
    Unusable,
    /// There is no such letter.
    Gone,
}

impl Store {
    /// Keeps a message that a door could not use, once a key.
    ///
    /// # Errors
    /// The engine's faults.
    pub async fn dead_letter_add(&self, letter: &DeadLetter) -> Result<(), StoreError> {
        let mut tx = self.db.write().await?;
        tx.exec(
            &sql::DEAD_INSERT,
            args![
                &letter.key,
                letter.school.as_deref(),
                letter.item_key.as_deref(),
                &letter.reason,
                None::<&str>,
                letter.body.as_slice(),
                letter.at
            ],
        )
        .await?;
        tx.commit().await
    }

    /// The newest dead letters.
    ///
    /// # Errors
    /// The engine's faults, or `Inconsistent`.
    pub async fn dead_letters(&self, limit: u32) -> Result<Vec<DeadLetter>, StoreError> {
        let mut tx: Tx = self.db.read().await?;
        let rows: Vec<DeadRow> = tx.all(&sql::DEAD_LIST, args![limit]).await?;
        rows.into_iter().map(to_dead).collect()
    }

    /// One dead letter.
    ///
    /// # Errors
    /// The engine's faults, or `Inconsistent`.
    pub async fn dead_letter(&self, key: &str) -> Result<Option<DeadLetter>, StoreError> {
        letter(&mut self.db.read().await?, key).await
    }

    /// Removes a dead letter for good. False where there was none. `by` is who does it, an id or `cli`.
    ///
    /// # Errors
    /// The engine's faults.
    pub async fn dead_letter_drop(
        &self,
        key: &str,
        by: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut tx = self.db.write().await?;
        let Some(letter) = letter(&mut tx, key).await? else {
            return Ok(false);
        };
        tx.exec(&sql::work::DEAD_DROP, args![key]).await?;
        let lines = &mut vec![note(&letter, "dead_letter_dropped", by, now)];
        audit::append_all(&mut tx, lines).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Takes a dead letter up again: a body that contradicted a revision becomes the next revision of its item,
    /// anything else is received as it stands. `new_key` is the key of the row to be.
    ///
    /// # Errors
    /// The engine's faults.
    pub async fn dead_letter_retry(
        &self,
        key: &str,
        new_key: &str,
        by: &str,
        now: Timestamp,
    ) -> Result<Retried, StoreError> {
        let mut tx = self.db.write().await?;
        let Some(letter) = letter(&mut tx, key).await? else {
            return Ok(Retried::Gone);
        };
        let Some(item) = again(&mut tx, &letter, new_key, now).await? else {
            return Ok(Retried::Unusable);
        };
        let mut after = Afterwards::default();
        after
            .lines
            .push(note(&letter, "dead_letter_retried", by, now));
        let receipt = receive_one(&mut tx, &item, &mut after).await?;
        tx.exec(&sql::work::DEAD_DROP, args![key]).await?;
        after.write(&mut tx).await?;
        tx.commit().await?;
        Ok(Retried::Received(receipt))
    }
}

async fn letter(tx: &mut Tx, key: &str) -> Result<Option<DeadLetter>, StoreError> {
    let row: Option<DeadRow> = tx.opt(&sql::work::DEAD_BY_KEY, args![key]).await?;
    row.map(to_dead).transpose()
}

/// The letter's body as an item. One that contradicted a revision loses its number, so that it becomes the next one.
async fn again(
    tx: &mut Tx,
    letter: &DeadLetter,
    new_key: &str,
    now: Timestamp,
) -> Result<Option<NewItem>, StoreError> {
    let Ok(submission) = parse_submission(&letter.body) else {
        return Ok(None);
    };
    let school = match &letter.item_key {
        Some(key) => read::item(tx, key).await?.map(|item| item.school),
        None => letter.school.clone().or_else(|| submission.school.clone()),
    };
    let Some(school) = school else {
        return Ok(None);
    };
    let mut item = NewItem::from_submission(
        new_key.to_owned(),
        &SchoolId::new(school),
        &submission,
        letter.body.clone(),
        now,
    );
    if letter.reason == CONFLICTING_REVISION {
        item.revision = None;
    }
    Ok(Some(item))
}

/// A line about a letter; where its school is not known it stands in the trail of no school.
fn note(letter: &DeadLetter, action: &str, by: &str, now: Timestamp) -> Line {
    Line {
        school: letter
            .school
            .clone()
            .unwrap_or_else(|| EVERY_SCHOOL.to_owned()),
        item_key: letter.item_key.clone(),
        entry: AuditEntry {
            at: now,
            actor: by.to_owned(),
            action: action.to_owned(),
            detail: json!({ "letter": letter.key, "reason": letter.reason }).to_string(),
        },
    }
}

fn to_dead(row: DeadRow) -> Result<DeadLetter, StoreError> {
    let place = Place {
        table: "dead_letter",
        key: &row.key,
    };
    Ok(DeadLetter {
        at: place.time("at", row.at)?,
        key: row.key,
        school: row.school,
        item_key: row.item_key,
        reason: row.reason,
        body: row.body,
    })
}
