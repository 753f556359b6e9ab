//! The bridge between one SQL text and two typed pools: statements, arguments, transactions. No SQL of its own
//! beyond `BEGIN`, and nothing here knows a table.
//!
//! The engines meet at the single statement (`Tx::exec`, `opt`, `all`), not at the function: so every function of
//! this crate is written once as plain Rust, and a row is decoded by one generic `FromRow` for both.

use std::{path::Path, str::FromStr as _, time::Duration};

use jiff::Timestamp;
use sqlx::{
    Arguments as _, ConnectOptions as _, Connection as _, Database, Encode, Executor as _, FromRow,
    PgPool, Postgres, Sqlite, SqlitePool, Transaction, Type,
    postgres::{PgConnectOptions, PgPoolOptions, PgRow},
    sqlite::{
        SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
    },
};

use crate::StoreError;

/// How long a caller waits for a connection before it is told that there is none.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long one statement may take before the server counts as gone. The longest of ours takes well below a second; a
/// network that swallows packets would otherwise be waited for until TCP gives up, a quarter of an hour.
const STATEMENT: Duration = Duration::from_secs(20);

/// One statement: the same text for both engines, except that PostgreSQL's may skip locked rows.
#[derive(Debug)]
pub(crate) struct Q {
    pub(crate) name: &'static str,
    pub(crate) sqlite: &'static str,
    pub(crate) pg: &'static str,
}

/// Declares statements from one literal each, and `ALL` with every one of them. `, skip_locked, "rest"` puts
/// ` FOR UPDATE SKIP LOCKED` between the two parts on PostgreSQL only; SQLite has one writer at a time.
macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $sql:expr $(, skip_locked, $rest:expr)?;)*) => {
        $(
            $(#[$doc])*
            pub(crate) static $name: $crate::tx::Q = $crate::tx::Q {
                name: stringify!($name),
                sqlite: concat!($sql $(, $rest)?),
                pg: concat!($sql $(, " FOR UPDATE SKIP LOCKED", $rest)?),
            };
        )*
        /// Every statement of the house.
        pub(crate) const ALL: &[&$crate::tx::Q] = &[$(&$name,)*];
    };
}
pub(crate) use statements;

/// One bound value. Times are milliseconds since 1970 UTC.
#[derive(Clone, Copy)]
pub(crate) enum Arg<'a> {
    Text(Option<&'a str>),
    Int(Option<i64>),
    Bytes(&'a [u8]),
}

macro_rules! arg_from {
    ($($from:ty => |$value:ident| $into:expr;)*) => {
        $(impl<'a> From<$from> for Arg<'a> {
            fn from($value: $from) -> Self {
                $into
            }
        })*
    };
}

arg_from! {
    &'a str => |value| Self::Text(Some(value));
    &'a String => |value| Self::Text(Some(value));
    Option<&'a str> => |value| Self::Text(value);
    &'a [u8] => |value| Self::Bytes(value);
    i64 => |value| Self::Int(Some(value));
    u32 => |value| Self::Int(Some(i64::from(value)));
    bool => |value| Self::Int(Some(i64::from(value)));
    Timestamp => |value| Self::Int(Some(value.as_millisecond()));
    Option<i64> => |value| Self::Int(value);
    Option<Timestamp> => |value| Self::Int(value.map(Timestamp::as_millisecond));
}

/// Builds the argument list of one statement.
macro_rules! args {
    ($($value:expr),* $(,)?) => { &[$($crate::tx::Arg::from($value)),*] };
}
pub(crate) use args;

fn bound<DB: Database>(q: &'static Q, args: &[Arg<'_>]) -> Result<DB::Arguments, StoreError>
where
    for<'t> Option<&'t str>: Encode<'t, DB> + Type<DB>,
    for<'t> Option<i64>: Encode<'t, DB> + Type<DB>,
    for<'t> &'t [u8]: Encode<'t, DB> + Type<DB>,
{
    let mut list = DB::Arguments::default();
    for arg in args {
        match *arg {
            Arg::Text(Some(text)) if text.contains('\0') => {
                return Err(StoreError::NulInText { statement: q.name });
            }
            Arg::Text(text) => list.add(text),
            Arg::Int(number) => list.add(number),
            Arg::Bytes(bytes) => list.add(bytes),
        }
        .map_err(|_| StoreError::Statement {
            statement: q.name,
            code: "encode".to_owned(),
        })?;
    }
    Ok(list)
}

/// A row that decodes the same from both engines.
pub(crate) trait BothRows:
    for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{
}
impl<T> BothRows for T where
    T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{
}

/// The pools of one store.
#[derive(Debug, Clone)]
pub(crate) enum Db {
    /// One writing connection, so that writers queue in order instead of polling for the lock, and some readers.
    Sqlite { write: SqlitePool, read: SqlitePool },
    /// One pool.
    Pg(PgPool),
}

/// An open transaction. Dropped without `commit`, it leaves nothing behind.
pub(crate) enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Pg(Transaction<'static, Postgres>),
}

impl Db {
    /// Connects; creates the SQLite file, readable by its owner only.
    pub(crate) async fn open(url: &str) -> Result<Self, StoreError> {
        if let Some(file) = url.strip_prefix("sqlite://") {
            return open_sqlite(file).await;
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return open_postgres(url).await;
        }
        Err(StoreError::BadUrl {
            hint: "write sqlite://FILE or postgres://USER@HOST/DATABASE",
        })
    }

    /// Opens a transaction for writing. On SQLite always with the lock taken at once: a plain `BEGIN` that reads
    /// first and writes later fails when another writer came between, and no time-out helps it.
    pub(crate) async fn write(&self) -> Result<Tx, StoreError> {
        match self {
            Self::Sqlite { write, .. } => {
                let begun = write.begin_with("BEGIN IMMEDIATE");
                answered("BEGIN", begun).await.map(Tx::Sqlite)
            }
            Self::Pg(pool) => answered("BEGIN", pool.begin()).await.map(Tx::Pg),
        }
    }

    /// Opens a transaction that sees one moment of the store and cannot write.
    pub(crate) async fn read(&self) -> Result<Tx, StoreError> {
        match self {
            Self::Sqlite { read, .. } => answered("BEGIN", read.begin()).await.map(Tx::Sqlite),
            Self::Pg(pool) => {
                let begun = pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
                answered("BEGIN", begun).await.map(Tx::Pg)
            }
        }
    }

    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite { write, read } => {
                read.close().await;
                write.close().await;
            }
            Self::Pg(pool) => pool.close().await,
        }
    }
}

async fn open_sqlite(file: &str) -> Result<Db, StoreError> {
    if file.is_empty() || file.starts_with(":memory:") || file.contains('?') {
        return Err(StoreError::BadUrl {
            hint: "name a file: sqlite://FILE, without parameters",
        });
    }
    create_private(Path::new(file))?;
    let options = SqliteConnectOptions::new()
        .filename(file)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(10))
        .foreign_keys(true)
        .disable_statement_logging();
    let keep = || {
        SqlitePoolOptions::new()
            .idle_timeout(None)
            .max_lifetime(None)
    };
    // The writer first: it alone switches a new file to WAL, which needs the whole file for a moment.
    let write = retry_busy(|| keep().max_connections(1).connect_with(options.clone())).await?;
    let reading = options.pragma("query_only", "ON");
    let read = retry_busy(|| keep().max_connections(4).connect_with(reading.clone())).await?;
    Ok(Db::Sqlite { write, read })
}

/// The switch to WAL answers "busy" at once when two processes open a new file together; SQLite's own time-out
/// does not cover it. One of them wins within milliseconds.
async fn retry_busy<F, Fut>(connect: F) -> Result<SqlitePool, StoreError>
where
    F: Fn() -> Fut,
    Fut: Future<Output = Result<SqlitePool, sqlx::Error>>,
{
    let mut tries = 0;
    loop {
        match connect()
            .await
            .map_err(|error| StoreError::from_sqlx("CONNECT", &error))
        {
            Err(StoreError::Busy { .. }) if tries < 50 => {
                tries += 1;
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            result => return result,
        }
    }
}

/// The file holds children's data, so nobody but its owner may read it. SQLite gives its side files the same mode.
fn create_private(file: &Path) -> Result<(), StoreError> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(file)
        .map(drop)
        .map_err(|error| StoreError::Unreachable {
            code: format!("{:?}", error.kind()),
        })
}

async fn open_postgres(url: &str) -> Result<Db, StoreError> {
    let options = PgConnectOptions::from_str(url)
        .map_err(|error| StoreError::from_sqlx("CONNECT", &error))?
        .application_name("schoolgate")
        // A worker that stalls inside a transaction must not hold a school's audit chain for ever.
        .options([
            ("lock_timeout", "10s"),
            ("idle_in_transaction_session_timeout", "30s"),
        ])
        .disable_statement_logging();
    let broken = |error| StoreError::from_sqlx("CONNECT", &error);
    let silent = |_| StoreError::Unreachable {
        code: "no_answer".to_owned(),
    };
    // One plain connection first: it says at once what is wrong, where the pool would try again until its time is up.
    let probe = tokio::time::timeout(PATIENCE, options.connect())
        .await
        .map_err(silent)?
        .map_err(broken)?;
    probe.close().await.map_err(broken)?;
    PgPoolOptions::new()
        .max_connections(10)
        .acquire_timeout(PATIENCE)
        .connect_with(options)
        .await
        .map(Db::Pg)
        .map_err(broken)
}

/// Waits for the engine's answer, but not for ever.
async fn answered<T>(
    name: &'static str,
    asking: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, StoreError> {
    match tokio::time::timeout(STATEMENT, asking).await {
        Ok(answer) => answer.map_err(|error| StoreError::from_sqlx(name, &error)),
        Err(_) => Err(StoreError::Unreachable {
            code: "no_answer".to_owned(),
        }),
    }
}

impl Tx {
    /// Runs a statement and says how many rows it changed.
    pub(crate) async fn exec(
        &mut self,
        q: &'static Q,
        args: &[Arg<'_>],
    ) -> Result<u64, StoreError> {
        match self {
            Self::Sqlite(tx) => {
                let query = sqlx::query_with(q.sqlite, bound::<Sqlite>(q, args)?);
                let done = answered(q.name, query.execute(&mut **tx)).await?;
                Ok(done.rows_affected())
            }
            Self::Pg(tx) => {
                let query = sqlx::query_with(q.pg, bound::<Postgres>(q, args)?);
                let done = answered(q.name, query.execute(&mut **tx)).await?;
                Ok(done.rows_affected())
            }
        }
    }

    /// Runs a statement that yields at most one row.
    pub(crate) async fn opt<T: BothRows>(
        &mut self,
        q: &'static Q,
        args: &[Arg<'_>],
    ) -> Result<Option<T>, StoreError> {
        match self {
            Self::Sqlite(tx) => {
                let query = sqlx::query_as_with(q.sqlite, bound::<Sqlite>(q, args)?);
                answered(q.name, query.fetch_optional(&mut **tx)).await
            }
            Self::Pg(tx) => {
                let query = sqlx::query_as_with(q.pg, bound::<Postgres>(q, args)?);
                answered(q.name, query.fetch_optional(&mut **tx)).await
            }
        }
    }

    /// Runs a statement that always yields a row.
    pub(crate) async fn one<T: BothRows>(
        &mut self,
        q: &'static Q,
        args: &[Arg<'_>],
    ) -> Result<T, StoreError> {
        self.opt(q, args).await?.ok_or(StoreError::Statement {
            statement: q.name,
            code: "no_row".to_owned(),
        })
    }

    /// Runs a statement that yields rows.
    pub(crate) async fn all<T: BothRows>(
        &mut self,
        q: &'static Q,
        args: &[Arg<'_>],
    ) -> Result<Vec<T>, StoreError> {
        match self {
            Self::Sqlite(tx) => {
                let query = sqlx::query_as_with(q.sqlite, bound::<Sqlite>(q, args)?);
                answered(q.name, query.fetch_all(&mut **tx)).await
            }
            Self::Pg(tx) => {
                let query = sqlx::query_as_with(q.pg, bound::<Postgres>(q, args)?);
                answered(q.name, query.fetch_all(&mut **tx)).await
            }
        }
    }

    /// Runs a migration text of several statements.
    pub(crate) async fn script(&mut self, text: &'static str) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(tx) => sqlx::raw_sql(text).execute(&mut **tx).await.map(drop),
            Self::Pg(tx) => sqlx::raw_sql(text).execute(&mut **tx).await.map(drop),
        }
        .map_err(|error| StoreError::from_sqlx("MIGRATION", &error))
    }

    /// Has the engine prepare a statement without running it: unknown tables, columns and types fail here.
    pub(crate) async fn prepare(&mut self, q: &'static Q) -> Result<(), StoreError> {
        use sqlx::SqlSafeStr as _;
        match self {
            Self::Sqlite(tx) => tx.prepare(q.sqlite.into_sql_str()).await.map(drop),
            Self::Pg(tx) => tx.prepare(q.pg.into_sql_str()).await.map(drop),
        }
        .map_err(|error| StoreError::from_sqlx(q.name, &error))
    }

    /// Makes everything lasting.
    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(tx) => answered("COMMIT", tx.commit()).await,
            Self::Pg(tx) => answered("COMMIT", tx.commit()).await,
        }
    }
}
