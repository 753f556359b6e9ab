//! The audit trail: one chain of hashes a school. Changing, removing or adding a line anywhere but at the end
//! breaks it; cutting the end off shows against the head row. Rewriting everything does not show from inside: for
//! that the head's hash is kept outside.

use std::fmt::Write as _;

use jiff::Timestamp;
use schoolgate_policy::AuditEntry;
use sha2::{Digest, Sha256};
use sqlx::FromRow;

use crate::{
    Store, StoreError,
    codes::Place,
    sql,
    tx::{Tx, args},
};

/// The hash before the first line.
const START: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Lines read at once while verifying: a school's year fits in some hundred pages.
const PAGE: u32 = 1_000;

/// A line that is to be written.
pub(crate) struct Line {
    pub(crate) school: String,
    pub(crate) item_key: Option<String>,
    pub(crate) entry: AuditEntry,
}

/// One line of the trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditLine {
    /// Its number, from 1.
    pub seq: i64,
    /// Who did what when.
    pub entry: AuditEntry,
    /// The item, where there is one.
    pub item_key: Option<String>,
    /// SHA-256 over this line and the hash before, lower-case hex.
    pub hash: String,
}

/// What `audit_verify` found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuditCheck {
    /// Every line fits.
    Intact {
        /// How many lines there are.
        lines: i64,
        /// The last line's hash, to be kept outside.
        head: String,
    },
    /// The chain is broken.
    Broken {
        /// The first line that does not fit.
        seq: i64,
        /// What is wrong there.
        fault: AuditFault,
    },
}

/// How a chain is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditFault {
    /// A line is missing before this one.
    Gap,
    /// The line does not follow from the one before.
    Unlinked,
    /// The line's own words were changed.
    Changed,
    /// The end of the chain is not where the head row says.
    HeadMismatch,
}

#[derive(FromRow)]
struct Head {
    seq: i64,
    hash: String,
}

#[derive(FromRow)]
struct Row {
    seq: i64,
    at: i64,
    actor: String,
    action: String,
    item_key: Option<String>,
    detail: String,
    prev_hash: String,
    hash: String,
}

#[derive(FromRow)]
struct School {
    school: String,
}

/// Writes lines, schools in order so that two transactions never wait for each other. Call it last.
pub(crate) async fn append_all(tx: &mut Tx, lines: &mut Vec<Line>) -> Result<(), StoreError> {
    lines.sort_by(|a, b| a.school.cmp(&b.school));
    for line in lines.drain(..) {
        append(tx, &line).await?;
    }
    Ok(())
}

async fn append(tx: &mut Tx, line: &Line) -> Result<(), StoreError> {
    let Line {
        school,
        item_key,
        entry,
    } = line;
    let head: Head = tx.one(&sql::AUDIT_HEAD_LOCK, args![school, START]).await?;
    let mut row = Row {
        seq: head.seq + 1,
        at: entry.at.as_millisecond(),
        actor: entry.actor.clone(),
        action: entry.action.clone(),
        item_key: item_key.clone(),
        detail: entry.detail.clone(),
        prev_hash: head.hash,
        hash: String::new(),
    };
    row.hash = row.hash(school);
    tx.exec(
        &sql::AUDIT_INSERT,
        args![
            school,
            row.seq,
            row.at,
            &row.actor,
            &row.action,
            row.item_key.as_deref(),
            &row.detail,
            &row.prev_hash,
            &row.hash
        ],
    )
    .await?;
    tx.exec(&sql::AUDIT_HEAD_SET, args![school, row.seq, &row.hash])
        .await?;
    Ok(())
}

impl Row {
    /// Every field with its length before it, so that no text can pass for two.
    fn hash(&self, school: &str) -> String {
        let mut hash = Sha256::new();
        let mut field = |bytes: &[u8]| {
            hash.update((bytes.len() as u64).to_be_bytes());
            hash.update(bytes);
        };
        field(self.prev_hash.as_bytes());
        field(school.as_bytes());
        field(&self.seq.to_be_bytes());
        field(&self.at.to_be_bytes());
        field(self.actor.as_bytes());
        field(self.action.as_bytes());
        field(&[u8::from(self.item_key.is_some())]);
        field(self.item_key.as_deref().unwrap_or_default().as_bytes());
        field(self.detail.as_bytes());
        hash.finalize().iter().fold(String::new(), |mut hex, byte| {
            // Writing to a String cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }

    fn fault(&self, school: &str, before: &Head) -> Option<AuditFault> {
        if self.seq != before.seq + 1 {
            Some(AuditFault::Gap)
        } else if self.prev_hash != before.hash {
            Some(AuditFault::Unlinked)
        } else if self.hash != self.hash(school) {
            Some(AuditFault::Changed)
        } else {
            None
        }
    }
}

impl Store {
    /// Adds one line to a school's trail, for what has no item: sign-ins, changed settings, imports.
    ///
    /// # Errors
    /// The engine's faults.
    pub async fn audit_append(
        &self,
        school: &str,
        item_key: Option<&str>,
        entry: &AuditEntry,
    ) -> Result<(), StoreError> {
        let mut tx = self.db.write().await?;
        let line = Line {
            school: school.to_owned(),
            item_key: item_key.map(str::to_owned),
            entry: entry.clone(),
        };
        append(&mut tx, &line).await?;
        tx.commit().await
    }

    /// Recomputes a school's whole chain, as of one moment.
    ///
    /// # Errors
    /// The engine's faults. A broken chain is an answer, not an error.
    pub async fn audit_verify(&self, school: &str) -> Result<AuditCheck, StoreError> {
        let mut tx = self.db.read().await?;
        let mut last = Head {
            seq: 0,
            hash: START.to_owned(),
        };
        loop {
            let rows: Vec<Row> = tx
                .all(&sql::AUDIT_PAGE, args![school, last.seq, PAGE])
                .await?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                if let Some(fault) = row.fault(school, &last) {
                    return Ok(AuditCheck::Broken {
                        seq: row.seq,
                        fault,
                    });
                }
                last = Head {
                    seq: row.seq,
                    hash: row.hash,
                };
            }
        }
        let head: Option<Head> = tx.opt(&sql::AUDIT_HEAD, args![school]).await?;
        let (seq, hash) = head.map_or((0, START.to_owned()), |head| (head.seq, head.hash));
        if (seq, &hash) == (last.seq, &last.hash) {
            return Ok(AuditCheck::Intact {
                lines: seq,
                head: hash,
            });
        }
        Ok(AuditCheck::Broken {
            seq: last.seq + 1,
            fault: AuditFault::HeadMismatch,
        })
    }

    /// The schools that have a trail.
    ///
    /// # Errors
    /// The engine's faults.
    pub async fn audit_schools(&self) -> Result<Vec<String>, StoreError> {
        let mut tx = self.db.read().await?;
        let rows: Vec<School> = tx.all(&sql::AUDIT_SCHOOLS, args![]).await?;
        Ok(rows.into_iter().map(|row| row.school).collect())
    }

    /// Up to `limit` lines after line `after`, in order, for export.
    ///
    /// # Errors
    /// The engine's faults, or `Inconsistent`.
    pub async fn audit_lines(
        &self,
        school: &str,
        after: i64,
        limit: u32,
    ) -> Result<Vec<AuditLine>, StoreError> {
        let mut tx = self.db.read().await?;
        let rows: Vec<Row> = tx
            .all(&sql::AUDIT_PAGE, args![school, after, limit])
            .await?;
        rows.into_iter().map(|row| to_line(school, row)).collect()
    }
}

fn to_line(school: &str, row: Row) -> Result<AuditLine, StoreError> {
    let place = Place {
        table: "audit",
        key: school,
    };
    let at: Timestamp = place.time("at", row.at)?;
    Ok(AuditLine {
        seq: row.seq,
        entry: AuditEntry {
            at,
            actor: row.actor,
            action: row.action,
            detail: row.detail,
        },
        item_key: row.item_key,
        hash: row.hash,
    })
}
