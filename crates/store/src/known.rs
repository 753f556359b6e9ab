//! The pictures that may not be published, school by school. Every change has a number, so that whoever keeps the list at
//! hand asks only for what is new.

use jiff::Timestamp;
use schoolgate_model::{KnownList, Verdict};
use schoolgate_policy::AuditEntry;
use serde_json::json;
use sqlx::FromRow;

use crate::{
    Store, StoreError,
    audit::{self, Line},
    codes::Place,
    removed::PictureReason,
    sql::pictures as sql,
    tx::{Tx, args},
};

/// A picture that is to be listed. `Debug` shows no fingerprint.
#[derive(Clone, PartialEq, Eq)]
pub struct NewKnown {
    /// SHA-256 of its bytes, lower-case hex.
    pub sha256: String,
    /// Why it may not be published.
    pub list: KnownList,
    /// Its PDQ fingerprint, 64 hex digits.
    pub fingerprint: Option<String>,
    /// What else recognises it; empty where there is nothing.
    pub likeness: Vec<u8>,
    /// The small grey copy that it is compared by; empty where no clean copy is kept.
    pub sketch: Vec<u8>,
    /// The stored clean copy that the entitled may compare.
    pub copy_sha256: Option<String>,
    /// Why it was listed.
    pub reason: PictureReason,
}

impl std::fmt::Debug for NewKnown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewKnown")
            .field("sha256", &self.sha256)
            .field("list", &self.list)
            .finish_non_exhaustive()
    }
}

/// A listed picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredKnown {
    /// What was listed.
    pub picture: NewKnown,
    /// When.
    pub listed_at: Timestamp,
    /// By whom, the account's id or `cli`.
    pub listed_by: String,
}

/// One change of a school's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KnownChange {
    /// It is listed, newly or in another way than before.
    Listed(StoredKnown),
    /// It is not listed any more.
    Gone {
        /// SHA-256 of its bytes.
        sha256: String,
    },
}

/// The changes of a list behind a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownChanges {
    /// The version that these changes lead to; asked for with it again, only what is newer comes.
    pub version: i64,
    /// The changes in order.
    pub changes: Vec<KnownChange>,
    /// Whether there are more.
    pub more: bool,
}

#[derive(FromRow)]
struct Row {
    sha256: String,
    list: String,
    fingerprint: Option<String>,
    likeness: Vec<u8>,
    sketch: Option<Vec<u8>>,
    copy_sha256: Option<String>,
    version: i64,
    listed_at: i64,
    listed_by: String,
    reason: String,
    removed_at: Option<i64>,
}

#[derive(FromRow)]
pub(crate) struct Number {
    version: i64,
}

/// The stable name of a list.
pub(crate) const fn code(list: KnownList) -> &'static str {
    match list {
        KnownList::DoNotPublish => "do_not_publish",
        KnownList::Withdrawn => "withdrawn",
    }
}

impl Store {
    /// Lists a picture, or changes how it is listed. What recognises it is only ever added to. Returns the list's version.
    ///
    /// # Errors
    /// `Inconsistent` where the hash or the fingerprint is none; the engine's faults.
    pub async fn known_add(
        &self,
        school: &str,
        picture: &NewKnown,
        by: &str,
        now: Timestamp,
    ) -> Result<i64, StoreError> {
        let mut tx = self.db.write().await?;
        let version = put(&mut tx, school, picture, by, now).await?;
        let mut lines = vec![listed_line(school, picture, by, now)];
        audit::append_all(&mut tx, &mut lines).await?;
        tx.commit().await?;
        Ok(version)
    }

    /// Takes a picture off the list; of what recognised it nothing stays. Returns it as it was, `None` where it was not listed.
    ///
    /// # Errors
    /// The engine's faults, or `Inconsistent`.
    pub async fn known_remove(
        &self,
        school: &str,
        sha256: &str,
        by: &str,
        now: Timestamp,
    ) -> Result<Option<StoredKnown>, StoreError> {
        let mut tx = self.db.write().await?;
        // the list's lock before the row's, as when one is added
        let next: Number = tx.one(&sql::KNOWN_NEXT, args![school]).await?;
        let Some(row) = tx
            .opt::<Row>(&sql::KNOWN_ONE, args![school, sha256])
            .await?
        else {
            return Ok(None);
        };
        let stored = to_known(school, row)?;
        let nothing: &[u8] = &[];
        tx.exec(
            &sql::KNOWN_OFF,
            args![school, sha256, now, next.version, nothing],
        )
        .await?;
        let entry = AuditEntry {
            at: now,
            actor: by.to_owned(),
            action: "known_picture_removed".to_owned(),
            detail: json!({ "sha256": sha256, "list": code(stored.picture.list) }).to_string(),
        };
        audit::append_all(&mut tx, &mut vec![line(school, entry)]).await?;
        tx.commit().await?;
        Ok(Some(stored))
    }

    /// One listed picture.
    ///
    /// # Errors
    /// The engine's faults, or `Inconsistent`.
    pub async fn known_picture(
        &self,
        school: &str,
        sha256: &str,
    ) -> Result<Option<StoredKnown>, StoreError> {
        let mut tx = self.db.read().await?;
        let row: Option<Row> = tx.opt(&sql::KNOWN_ONE, args![school, sha256]).await?;
        row.map(|row| to_known(school, row)).transpose()
    }

    /// A school's listed pictures in the order in which they were listed, from the beginning or behind a version.
    ///
    /// # Errors
    /// The engine's faults, or `Inconsistent`.
    pub async fn known_pictures(
        &self,
        school: &str,
        limit: u32,
    ) -> Result<Vec<StoredKnown>, StoreError> {
        let mut tx = self.db.read().await?;
        let rows: Vec<Row> = tx.all(&sql::KNOWN_ALL, args![school, 0_i64, limit]).await?;
        rows.into_iter().map(|row| to_known(school, row)).collect()
    }

    /// How often a school's list has changed; 0 where it never has. Cheap enough to be asked before each use.
    ///
    /// # Errors
    /// The engine's faults.
    pub async fn known_version(&self, school: &str) -> Result<i64, StoreError> {
        let mut tx = self.db.read().await?;
        let number: Number = tx.one(&sql::KNOWN_VERSION, args![school]).await?;
        Ok(number.version)
    }

    /// Up to `limit` changes of a school's list behind `version`. From 0 that is the whole list.
    ///
    /// # Errors
    /// The engine's faults, or `Inconsistent`.
    pub async fn known_since(
        &self,
        school: &str,
        version: i64,
        limit: u32,
    ) -> Result<KnownChanges, StoreError> {
        let mut tx = self.db.read().await?;
        let number: Number = tx.one(&sql::KNOWN_VERSION, args![school]).await?;
        let rows: Vec<Row> = tx
            .all(&sql::KNOWN_SINCE, args![school, version, limit])
            .await?;
        let more = rows.len() as u64 >= u64::from(limit);
        let last = rows.last().map_or(version, |row| row.version);
        let changes = rows.into_iter().map(|row| to_change(school, row));
        Ok(KnownChanges {
            // the list's own number where everything was read: rows that were listed anew have left gaps
            version: if more { last } else { number.version },
            changes: changes.collect::<Result<_, _>>()?,
            more,
        })
    }

    /// Whether a verdict or a list still needs a stored clean copy.
    ///
    /// # Errors
    /// The engine's faults.
    pub async fn copy_needed(&self, clean_sha256: &str) -> Result<bool, StoreError> {
        let mut tx = self.db.read().await?;
        let found: Vec<crate::removed::Hash> =
            tx.all(&sql::COPY_NEEDED, args![clean_sha256]).await?;
        Ok(!found.is_empty())
    }
}

/// Whether a verdict names a picture that was listed after somebody last looked at it, by its bytes or its clean copy.
pub(crate) async fn shows_listed_since(
    tx: &mut Tx,
    school: &str,
    verdict: &Verdict,
    looked_at: Timestamp,
) -> Result<bool, StoreError> {
    for medium in &verdict.media {
        for hash in [&medium.sha256, &medium.clean_sha256].into_iter().flatten() {
            let found: Option<crate::removed::Hash> = tx
                .opt(&sql::KNOWN_AFTER, args![school, hash, looked_at])
                .await?;
            if found.is_some() {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Writes one listed picture under the list's lock.
pub(crate) async fn put(
    tx: &mut Tx,
    school: &str,
    picture: &NewKnown,
    by: &str,
    now: Timestamp,
) -> Result<i64, StoreError> {
    let wrong = |column| StoreError::inconsistent("known_picture", column, school);
    if !is_sha256(&picture.sha256) {
        return Err(wrong("sha256"));
    }
    if !picture.fingerprint.as_deref().is_none_or(is_sha256) {
        return Err(wrong("fingerprint"));
    }
    let next: Number = tx.one(&sql::KNOWN_NEXT, args![school]).await?;
    tx.exec(
        &sql::KNOWN_PUT,
        args![
            school,
            &picture.sha256,
            code(picture.list),
            picture.fingerprint.as_deref(),
            picture.likeness.as_slice(),
            picture.copy_sha256.as_deref(),
            next.version,
            now,
            by,
            picture.reason.code(),
            picture.sketch.as_slice()
        ],
    )
    .await?;
    Ok(next.version)
}

/// 64 lower-case hex digits, as a hash and a fingerprint have.
pub(crate) fn is_sha256(text: &str) -> bool {
    text.len() == 64
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

pub(crate) fn listed_line(school: &str, picture: &NewKnown, by: &str, now: Timestamp) -> Line {
    let entry = AuditEntry {
        at: now,
        actor: by.to_owned(),
        action: "known_picture_added".to_owned(),
        detail: json!({
            "sha256": picture.sha256,
            "list": code(picture.list),
            "reason": picture.reason.code(),
        })
        .to_string(),
    };
    line(school, entry)
}

fn line(school: &str, entry: AuditEntry) -> Line {
    Line {
        school: school.to_owned(),
        item_key: None,
        entry,
    }
}

fn to_change(school: &str, row: Row) -> Result<KnownChange, StoreError> {
    match row.removed_at {
        Some(_) => Ok(KnownChange::Gone { sha256: row.sha256 }),
        None => to_known(school, row).map(KnownChange::Listed),
    }
}

fn to_known(school: &str, row: Row) -> Result<StoredKnown, StoreError> {
    let place = Place {
        table: "known_picture",
        key: school,
    };
    let list = [KnownList::DoNotPublish, KnownList::Withdrawn]
        .into_iter()
        .find(|list| code(*list) == row.list)
        .ok_or_else(|| place.wrong("list"))?;
    Ok(StoredKnown {
        listed_at: place.time("listed_at", row.listed_at)?,
        listed_by: row.listed_by,
        picture: NewKnown {
            sha256: row.sha256,
            list,
            fingerprint: row.fingerprint,
            likeness: row.likeness,
            sketch: row.sketch.unwrap_or_default(),
            copy_sha256: row.copy_sha256,
            reason: PictureReason::from_code(&row.reason).ok_or_else(|| place.wrong("reason"))?,
        },
    })
}
