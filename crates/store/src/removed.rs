//! Pictures that were taken back for good (rule I7). What stays is a hash, a time, a person and a code. The stored files
//! are not in this crate's hands: whoever calls removes them after the transaction, and a sweep does it where a crash
//! came between.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use schoolgate_model::{Verdict, scrub};
use schoolgate_policy::AuditEntry;
use serde_json::json;
use sqlx::FromRow;

use crate::{
    Store, StoreError, StoredItem,
    audit::Line,
    codes::Place,
    conflict::{self, Afterwards, Why},
    known::{self, NewKnown, is_sha256},
    read::{self, ItemRow},
    record::lock_item,
    sql::pictures as sql,
    tx::{Tx, args},
};

/// How long after a removal something of the picture can still be on its way into the store: a screening that had it in
/// hand, its lease, and a second attempt.
const ON_ITS_WAY: SignedDuration = SignedDuration::from_mins(10);
/// How often the same picture is looked for under further names before a chain of them is taken to be none.
const ROUNDS: usize = 4;

/// Why a picture was removed or listed. A code, so that nothing is said about anybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PictureReason {
    /// It shows somebody as nobody should be shown.
    Compromising,
    /// Consent was refused or withdrawn.
    Consent,
    /// Somebody in it asked.
    Request,
    /// It was sent by mistake.
    Mistake,
    /// Another reason.
    Other,
}

impl PictureReason {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Compromising,
        Self::Consent,
        Self::Request,
        Self::Mistake,
        Self::Other,
    ];

    /// The stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Compromising => "compromising",
            Self::Consent => "consent",
            Self::Request => "request",
            Self::Mistake => "mistake",
            Self::Other => "other",
        }
    }

    /// The reason of a stable name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }
}

/// What is to be removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removal {
    /// The school's slug.
    pub school: String,
    /// SHA-256 of pictures, lower-case hex: of the bytes as they came or of the clean copies.
    pub sha256: Vec<String>,
    /// Who removes them, the account's id or `cli`.
    pub by: String,
    /// Why.
    pub reason: PictureReason,
}

/// What was removed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Removed {
    /// Every hash by which the pictures were known, and which has a tombstone now.
    pub sha256: Vec<String>,
    /// The items that showed them.
    pub items: Vec<String>,
}

/// What is left of a removed picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tombstone {
    /// The school's slug.
    pub school: String,
    /// SHA-256 of the bytes, lower-case hex.
    pub sha256: String,
    /// When it was removed.
    pub at: Timestamp,
    /// Who did.
    pub by: String,
    /// Why.
    pub reason: PictureReason,
}

#[derive(FromRow)]
struct Row {
    school: String,
    sha256: String,
    at: i64,
    removed_by: String,
    reason: String,
}

#[derive(FromRow)]
struct Naming {
    item_key: String,
    body: String,
    school: String,
    kind: String,
    id: String,
}

#[derive(FromRow)]
struct Letter {
    key: String,
    body: Vec<u8>,
}

#[derive(FromRow)]
pub(crate) struct Hash {
    #[expect(dead_code, reason = "only whether there is one counts")]
    sha256: String,
}

impl Store {
    /// Removes pictures from a school's record in one transaction: tombstones, the pictures inside stored messages, and
    /// every approval that rests on them. With `list` the picture is listed as well, so that its copies are found again;
    /// the copy for comparing is left out. A picture that was removed before is no fault.
    ///
    /// The files themselves are the caller's to remove, for every hash of the answer that [`Store::copy_elsewhere`] does
    /// not want kept; the sweep does the rest.
    ///
    /// # Errors
    /// `Inconsistent` where a hash is none; the engine's faults.
    pub async fn remove_pictures(
        &self,
        removal: &Removal,
        list: Option<&NewKnown>,
        now: Timestamp,
    ) -> Result<Removed, StoreError> {
        if !removal.sha256.iter().all(|hash| is_sha256(hash)) {
            return Err(StoreError::inconsistent(
                "removed_picture",
                "sha256",
                &removal.school,
            ));
        }
        let mut tx = self.db.write().await?;
        let found = naming(&mut tx, &removal.school, &removal.sha256).await?;
        let mut after = Afterwards::default();
        let fresh = bury(&mut tx, removal, &found.hashes, now).await?;
        for key in found.items() {
            clear_item(&mut tx, key, &found.hashes, now, &mut after).await?;
        }
        clear_letters(&mut tx, &removal.school, &found.hashes).await?;
        if let Some(picture) = list {
            let bare = NewKnown {
                copy_sha256: None,
                sketch: Vec::new(),
                ..picture.clone()
            };
            known::put(&mut tx, &removal.school, &bare, &removal.by, now).await?;
            let line = known::listed_line(&removal.school, &bare, &removal.by, now);
            after.lines.push(line);
        }
        if fresh > 0 {
            after.lines.push(removal_line(removal, &found, now));
        }
        after.write(&mut tx).await?;
        tx.commit().await?;
        Ok(Removed {
            items: found.items().cloned().collect(),
            sha256: found.hashes.into_iter().collect(),
        })
    }

    /// The items of a school whose verdicts name one of these pictures, as they were received.
    ///
    /// # Errors
    /// The engine's faults, or `Inconsistent`.
    pub async fn items_showing(
        &self,
        school: &str,
        sha256: &[String],
    ) -> Result<Vec<StoredItem>, StoreError> {
        let mut tx = self.db.read().await?;
        let found = naming(&mut tx, school, sha256).await?;
        let mut items = Vec::new();
        for key in found.items() {
            items.extend(read::item(&mut tx, key).await?);
        }
        Ok(items)
    }

    /// What is left of a removed picture, if it was removed.
    ///
    /// # Errors
    /// The engine's faults, or `Inconsistent`.
    pub async fn tombstone(
        &self,
        school: &str,
        sha256: &str,
    ) -> Result<Option<Tombstone>, StoreError> {
        tombstone(&mut self.db.read().await?, school, sha256).await
    }

    /// Every removed picture of a school, oldest first.
    ///
    /// # Errors
    /// The engine's faults, or `Inconsistent`.
    pub async fn tombstones(&self, school: &str) -> Result<Vec<Tombstone>, StoreError> {
        let mut tx = self.db.read().await?;
        let rows: Vec<Row> = tx.all(&sql::REMOVED_OF_SCHOOL, args![school]).await?;
        rows.into_iter().map(to_tombstone).collect()
    }

    /// Removals that somebody must still look after, oldest first: those that a crash may have cut short, and those so
    /// new that the picture can still be on its way.
    ///
    /// # Errors
    /// The engine's faults, or `Inconsistent`.
    pub async fn removals_to_sweep(&self, limit: u32) -> Result<Vec<Tombstone>, StoreError> {
        let mut tx = self.db.read().await?;
        let rows: Vec<Row> = tx.all(&sql::REMOVED_UNSWEPT, args![limit]).await?;
        rows.into_iter().map(to_tombstone).collect()
    }

    /// Looks again for what came in after a removal, and, once nothing can be on its way any more, says that this was the
    /// last time. The caller has removed the file before.
    ///
    /// # Errors
    /// The engine's faults, or `Inconsistent`.
    pub async fn swept(&self, removal: &Tombstone, now: Timestamp) -> Result<(), StoreError> {
        let mut tx = self.db.write().await?;
        let school = &removal.school;
        let found = naming(&mut tx, school, std::slice::from_ref(&removal.sha256)).await?;
        let mut after = Afterwards::default();
        let hashes = BTreeSet::from([removal.sha256.clone()]);
        for key in found.items() {
            clear_item(&mut tx, key, &hashes, now, &mut after).await?;
        }
        clear_letters(&mut tx, school, &hashes).await?;
        if now.duration_since(removal.at) > ON_ITS_WAY {
            tx.exec(&sql::REMOVED_SWEPT, args![school, &removal.sha256, now])
                .await?;
        }
        after.write(&mut tx).await?;
        tx.commit().await
    }

    /// Whether another school still needs a stored copy with this hash. One school's removal takes nothing from another.
    ///
    /// # Errors
    /// The engine's faults.
    pub async fn copy_elsewhere(&self, school: &str, sha256: &str) -> Result<bool, StoreError> {
        let mut tx = self.db.read().await?;
        let found: Vec<Hash> = tx.all(&sql::COPY_ELSEWHERE, args![sha256, school]).await?;
        Ok(!found.is_empty())
    }
}

/// What names the pictures in question.
struct Found {
    /// Every hash by which they are known.
    hashes: BTreeSet<String>,
    /// The items that show them, in the order of their locks.
    items: BTreeSet<(String, String, String, String)>,
}

impl Found {
    fn items(&self) -> impl Iterator<Item = &String> {
        self.items.iter().map(|(_, _, _, key)| key)
    }
}

/// Looks for the pictures in the school's verdicts, and for the other hashes that the same verdicts give them.
async fn naming(tx: &mut Tx, school: &str, asked: &[String]) -> Result<Found, StoreError> {
    let mut found = Found {
        hashes: asked.iter().cloned().collect(),
        items: BTreeSet::new(),
    };
    let mut looked = BTreeSet::new();
    for _ in 0..ROUNDS {
        let fresh: Vec<String> = found.hashes.difference(&looked).cloned().collect();
        if fresh.is_empty() {
            break;
        }
        for hash in fresh {
            let pattern = format!("%sha256\":\"{hash}\"%");
            let rows: Vec<Naming> = tx
                .all(&sql::VERDICTS_NAMING, args![school, &pattern])
                .await?;
            for row in rows {
                note(&mut found, &hash, row)?;
            }
            looked.insert(hash);
        }
    }
    Ok(found)
}

fn note(found: &mut Found, hash: &str, row: Naming) -> Result<(), StoreError> {
    let verdict: Verdict = serde_json::from_str(&row.body)
        .map_err(|_| StoreError::inconsistent("verdict", "body", &row.item_key))?;
    for medium in &verdict.media {
        let names = [&medium.sha256, &medium.clean_sha256];
        if names.iter().any(|name| name.as_deref() == Some(hash)) {
            let names = names.into_iter().flatten().cloned();
            found.hashes.extend(names);
            let place = (
                row.school.clone(),
                row.kind.clone(),
                row.id.clone(),
                row.item_key.clone(),
            );
            found.items.insert(place);
        }
    }
    Ok(())
}

/// Writes the tombstones and says how many are new.
async fn bury(
    tx: &mut Tx,
    removal: &Removal,
    hashes: &BTreeSet<String>,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let mut fresh = 0;
    for hash in hashes {
        fresh += tx
            .exec(
                &sql::REMOVED_INSERT,
                args![
                    &removal.school,
                    hash,
                    now,
                    &removal.by,
                    removal.reason.code()
                ],
            )
            .await?;
        tx.exec(&sql::KNOWN_COPY_GONE, args![&removal.school, hash])
            .await?;
    }
    Ok(fresh)
}

/// Takes the pictures out of a stored message and ends every approval of it.
async fn clear_item(
    tx: &mut Tx,
    key: &str,
    hashes: &BTreeSet<String>,
    now: Timestamp,
    after: &mut Afterwards,
) -> Result<(), StoreError> {
    let row = lock_item(tx, key).await?;
    clear_body(tx, &row, hashes).await?;
    conflict::hold_again(tx, &row, Why::Removed, now, after).await
}

async fn clear_body(
    tx: &mut Tx,
    row: &ItemRow,
    hashes: &BTreeSet<String>,
) -> Result<(), StoreError> {
    match scrub::without_pictures(&row.body, |hash| hashes.contains(hash)) {
        Some(body) => tx
            .exec(&sql::ITEM_BODY, args![&row.key, body.as_slice()])
            .await
            .map(drop),
        None => Ok(()),
    }
}

/// A message that could not be used can hold the picture too. Those whose school is not known count for every school.
async fn clear_letters(
    tx: &mut Tx,
    school: &str,
    hashes: &BTreeSet<String>,
) -> Result<(), StoreError> {
    let letters: Vec<Letter> = tx.all(&sql::DEAD_OF_SCHOOL, args![school]).await?;
    for letter in letters {
        let cleared = scrub::without_pictures(&letter.body, |hash| hashes.contains(hash));
        if let Some(body) = cleared {
            tx.exec(&sql::DEAD_BODY, args![&letter.key, body.as_slice()])
                .await?;
        }
    }
    Ok(())
}

/// Takes every removed picture of the school out of the message that is being recorded: the same bytes were sent again.
pub(crate) async fn clear_again(tx: &mut Tx, row: &ItemRow) -> Result<(), StoreError> {
    if !scrub::may_hold_pictures(&row.body) {
        return Ok(());
    }
    let rows: Vec<Row> = tx.all(&sql::REMOVED_OF_SCHOOL, args![&row.school]).await?;
    let hashes = rows.into_iter().map(|row| row.sha256).collect();
    clear_body(tx, row, &hashes).await
}

/// Whether a verdict names a picture that the school has removed.
pub(crate) async fn shows_removed(
    tx: &mut Tx,
    school: &str,
    verdict: &Verdict,
) -> Result<bool, StoreError> {
    for medium in &verdict.media {
        for hash in [&medium.sha256, &medium.clean_sha256].into_iter().flatten() {
            if tombstone(tx, school, hash).await?.is_some() {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

async fn tombstone(
    tx: &mut Tx,
    school: &str,
    sha256: &str,
) -> Result<Option<Tombstone>, StoreError> {
    let row: Option<Row> = tx.opt(&sql::REMOVED, args![school, sha256]).await?;
    row.map(to_tombstone).transpose()
}

fn to_tombstone(row: Row) -> Result<Tombstone, StoreError> {
    let place = Place {
        table: "removed_picture",
        key: &row.sha256,
    };
    Ok(Tombstone {
        at: place.time("at", row.at)?,
        reason: PictureReason::from_code(&row.reason).ok_or_else(|| place.wrong("reason"))?,
        school: row.school,
        by: row.removed_by,
        sha256: row.sha256,
    })
}

fn removal_line(removal: &Removal, found: &Found, now: Timestamp) -> Line {
    let detail = json!({
        "sha256": found.hashes,
        "reason": removal.reason.code(),
        "items": found.items().count(),
    });
    Line {
        school: removal.school.clone(),
        item_key: None,
        entry: AuditEntry {
            at: now,
            actor: removal.by.clone(),
            action: "picture_removed".to_owned(),
            detail: detail.to_string(),
        },
    }
}
