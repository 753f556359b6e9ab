//! Brings a database to the schema this program knows: one text for both engines, one process at a time.

use sqlx::FromRow;

use crate::{Store, StoreError, sql, tx::Tx, tx::args};

/// Every migration in order; the first is version 1. A text that has been released is never edited again.
const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001_start.sql"),
    include_str!("../migrations/0002_people.sql"),
    include_str!("../migrations/0003_pictures.sql"),
    include_str!("../migrations/0004_answers.sql"),
    include_str!("../migrations/0005_sketch.sql"),
];

/// The newest schema this program knows.
pub const SCHEMA_VERSION: i64 = MIGRATIONS.len() as i64;

const VERSIONS: &str = "CREATE TABLE IF NOT EXISTS schema_version (
    version BIGINT NOT NULL, -- from 1 without a gap
    program TEXT   NOT NULL, -- the version of the program that made it
    CONSTRAINT schema_version_pk PRIMARY KEY (version)
)";

/// Any number that only this program uses. Held to the end of the transaction.
const POSTGRES_LOCK: &str = "SELECT pg_advisory_xact_lock(7230193427)";

/// How the database's schema stands to this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SchemaStatus {
    /// It is the one that this program knows.
    Current,
    /// There are no tables yet; `migrate` makes them.
    Missing,
    /// An older program made it; `migrate` brings it up to date.
    Older {
        /// The version in the database.
        found: i64,
    },
    /// A newer program has been here; this one must not touch it.
    Newer {
        /// The version in the database.
        found: i64,
    },
}

#[derive(FromRow)]
struct Version {
    version: i64,
}

impl Store {
    /// Brings the tables up to date and returns the version before. Two processes may call it at once: the second
    /// waits and then finds nothing to do. All of it is one transaction.
    ///
    /// # Errors
    /// `SchemaTooNew` where a newer program has been here; nothing is changed then.
    pub async fn migrate(&self) -> Result<i64, StoreError> {
        let mut tx = self.db.write().await?;
        if matches!(tx, Tx::Pg(_)) {
            tx.script(POSTGRES_LOCK).await?;
        }
        tx.script(VERSIONS).await?;
        let found = version(&mut tx).await?;
        for (step, text) in (1..).zip(MIGRATIONS) {
            if step > found {
                tx.script(text).await?;
                tx.exec(&sql::VERSION_INSERT, args![step, env!("CARGO_PKG_VERSION")])
                    .await?;
            }
        }
        tx.commit().await?;
        Ok(found)
    }

    /// The schema of the database, for `doctor` and for processes that do not migrate by themselves.
    ///
    /// # Errors
    /// `SchemaMissing` for an empty database, `SchemaTooNew` where a newer program has been here.
    pub async fn schema_version(&self) -> Result<i64, StoreError> {
        version(&mut self.db.read().await?).await
    }

    /// Whether this program may work with the database as it is: a role that does not migrate asks before it starts.
    ///
    /// # Errors
    /// The engine's faults.
    pub async fn schema_status(&self) -> Result<SchemaStatus, StoreError> {
        match self.schema_version().await {
            Ok(0) | Err(StoreError::SchemaMissing) => Ok(SchemaStatus::Missing),
            Ok(found) if found < SCHEMA_VERSION => Ok(SchemaStatus::Older { found }),
            Ok(_) => Ok(SchemaStatus::Current),
            Err(StoreError::SchemaTooNew { found, .. }) => Ok(SchemaStatus::Newer { found }),
            Err(error) => Err(error),
        }
    }

    /// Has the engine prepare every statement of the store without running any, and returns how many there are.
    ///
    /// # Errors
    /// The first statement that the database does not understand.
    pub async fn check_statements(&self) -> Result<usize, StoreError> {
        let mut tx = self.db.read().await?;
        let mut prepared = 0;
        for q in sql::every() {
            tx.prepare(q).await?;
            prepared += 1;
        }
        Ok(prepared)
    }
}

async fn version(tx: &mut Tx) -> Result<i64, StoreError> {
    let found = tx.one::<Version>(&sql::VERSION, args![]).await?.version;
    if found > SCHEMA_VERSION {
        return Err(StoreError::SchemaTooNew {
            found,
            known: SCHEMA_VERSION,
        });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_and_column_is_commented_and_every_constraint_named() {
        let mut opened = false;
        for line in MIGRATIONS.iter().flat_map(|text| text.lines()) {
            let line = line.trim();
            if opened {
                assert!(line.starts_with("--"), "a table without a comment: {line}");
            }
            opened = line.starts_with("CREATE TABLE");
            if ["TEXT", "BIGINT", "BYTEA"]
                .iter()
                .any(|word| line.split_whitespace().nth(1) == Some(*word))
            {
                assert!(line.contains(" -- "), "a column without a comment: {line}");
            }
            if line.contains("ADD COLUMN") {
                assert!(line.contains(" -- "), "a column without a comment: {line}");
            }
            for word in ["CHECK", "PRIMARY KEY", "UNIQUE (", "FOREIGN KEY"] {
                assert!(
                    line.starts_with("--")
                        || !line.contains(word)
                        || line.starts_with("CONSTRAINT "),
                    "a constraint without a name: {line}"
                );
            }
        }
    }
}
