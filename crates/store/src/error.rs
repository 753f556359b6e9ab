//! What can go wrong with a store, in variants a caller can act on. No variant holds row content: the engines'
//! own messages can quote a value, so only codes and names of constraints, tables and statements are kept.

use sqlx::error::DatabaseError;

/// A fault of the store. Safe to log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The address of the store cannot be understood; a configuration error.
    #[error("the database address cannot be used: {hint}")]
    BadUrl {
        /// How to mend it.
        hint: &'static str,
    },
    /// The server or file cannot be opened or the connection broke; try again later.
    #[error("the database cannot be reached ({code})")]
    Unreachable {
        /// A stable code.
        code: String,
    },
    /// Somebody else holds the lock, or the pool is used up; the same call may simply be made again.
    #[error("the database is busy; the same call may be made again ({code})")]
    Busy {
        /// A stable code.
        code: String,
    },
    /// The disk is full.
    #[error("the database has no room left; free some space")]
    Full,
    /// The file is damaged or is no database.
    #[error("the database file is damaged or is no database ({code}); restore it from a backup")]
    Damaged {
        /// The engine's code.
        code: String,
    },
    /// A newer program has changed the tables.
    #[error(
        "the database has schema {found}, this program knows up to {known}; update the program"
    )]
    SchemaTooNew {
        /// The version in the database.
        found: i64,
        /// The newest version known.
        known: i64,
    },
    /// The tables are missing or older than this program.
    #[error("the database has no tables of this version yet; run `schoolgate db migrate`")]
    SchemaMissing,
    /// The engine refused a row; nothing of the transaction remains.
    #[error("the database refused a row: constraint {constraint} in {statement}")]
    Constraint {
        /// The statement's name.
        statement: &'static str,
        /// The constraint's name, or the engine's code.
        constraint: String,
    },
    /// A text holds NUL, which PostgreSQL cannot store; refused on both engines.
    #[error("a text for {statement} holds a NUL character")]
    NulInText {
        /// The statement's name.
        statement: &'static str,
    },
    /// There is no item with this key.
    #[error("there is no item {key}")]
    UnknownItem {
        /// The item's key.
        key: String,
    },
    /// A row says something impossible, or a call does not fit the row.
    #[error("inconsistent data in {table}.{column} of {key}")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row's key.
        key: String,
    },
    /// A statement failed for another reason.
    #[error("the statement {statement} failed ({code})")]
    Statement {
        /// The statement's name.
        statement: &'static str,
        /// The engine's code.
        code: String,
    },
}

impl StoreError {
    /// Whether the same call may succeed when it is made again unchanged.
    pub const fn is_retryable(&self) -> bool {
        matches!(
            self,
            Self::Unreachable { .. } | Self::Busy { .. } | Self::Full
        )
    }

    /// Whether what was to be stored is at fault: the same call can never succeed, whatever becomes of the store, while
    /// another one may. Everything else is waited out.
    pub fn is_about_content(&self) -> bool {
        match self {
            Self::NulInText { .. } | Self::Constraint { .. } | Self::Inconsistent { .. } => true,
            // data exceptions and limits of PostgreSQL; "too big" of SQLite
            Self::Statement { code, .. } => {
                code.starts_with("22") || code.starts_with("54") || code == "18"
            }
            _ => false,
        }
    }

    pub(crate) fn inconsistent(
        table: &'static str,
        column: &'static str,
        key: impl Into<String>,
    ) -> Self {
        Self::Inconsistent {
            table,
            column,
            key: key.into(),
        }
    }

    /// Translates the driver's error, dropping every part that could quote a value.
    pub(crate) fn from_sqlx(statement: &'static str, error: &sqlx::Error) -> Self {
        let code = |code: &str| code.to_owned();
        match error {
            sqlx::Error::Database(database) => from_database(statement, database.as_ref()),
            sqlx::Error::Io(io) => Self::Unreachable {
                code: format!("{:?}", io.kind()),
            },
            sqlx::Error::Tls(_) => Self::Unreachable { code: code("tls") },
            sqlx::Error::Protocol(_) => Self::Unreachable {
                code: code("protocol"),
            },
            sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed | sqlx::Error::BeginFailed => {
                Self::Unreachable {
                    code: code("connection_lost"),
                }
            }
            sqlx::Error::PoolTimedOut => Self::Busy {
                code: code("pool_timeout"),
            },
            sqlx::Error::Configuration(_) => Self::BadUrl {
                hint: "it is not a valid sqlite:// or postgres:// address",
            },
            sqlx::Error::ColumnDecode { index, .. } => Self::Statement {
                statement,
                code: format!("decode {index}"),
            },
            sqlx::Error::RowNotFound => Self::Statement {
                statement,
                code: code("no_row"),
            },
            _ => Self::Statement {
                statement,
                code: code("driver"),
            },
        }
    }
}

fn from_database(statement: &'static str, error: &dyn DatabaseError) -> StoreError {
    let code = error
        .code()
        .map_or_else(String::new, |code| code.to_string());
    if let Some(postgres) = error.try_downcast_ref::<sqlx::postgres::PgDatabaseError>() {
        return from_postgres(statement, code, postgres.constraint());
    }
    from_sqlite(statement, code, error.message())
}

fn from_postgres(statement: &'static str, code: String, constraint: Option<&str>) -> StoreError {
    match code.as_str() {
        // serialisation failure, deadlock, lock not available, too many connections
        "40001" | "40P01" | "55P03" | "53300" => StoreError::Busy { code },
        "53100" => StoreError::Full,
        "42P01" | "42703" => StoreError::SchemaMissing,
        class if class.starts_with("08") || class.starts_with("57P") || class.starts_with("28") => {
            StoreError::Unreachable { code }
        }
        "3D000" | "25P03" => StoreError::Unreachable { code },
        class if class.starts_with("23") => StoreError::Constraint {
            statement,
            constraint: constraint.map_or(code, str::to_owned),
        },
        "XX001" | "XX002" => StoreError::Damaged { code },
        _ => StoreError::Statement { statement, code },
    }
}

/// How SQLite says that the tables are not those of this program.
const NO_SUCH: [&str; 3] = ["no such table", "no such column", "has no column named"];

fn from_sqlite(statement: &'static str, code: String, message: &str) -> StoreError {
    // The low byte of SQLite's extended code is the primary one.
    match code.parse::<i64>().map_or(-1, |code| code & 0xff) {
        5 | 6 => StoreError::Busy { code },
        13 => StoreError::Full,
        11 | 26 => StoreError::Damaged { code },
        8 | 10 | 14 => StoreError::Unreachable { code },
        // SQLite's constraint messages name the constraint or the columns, never a value.
        19 => StoreError::Constraint {
            statement,
            constraint: message
                .rsplit(": ")
                .next()
                .filter(|name| name.len() < 200)
                .map_or(code, str::to_owned),
        },
        1 if NO_SUCH.iter().any(|words| message.contains(words)) => StoreError::SchemaMissing,
        _ => StoreError::Statement { statement, code },
    }
}
