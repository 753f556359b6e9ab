//! Who is signed in, and sign-ins that did not work. Tokens are made and hashed by the caller.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use schoolgate_model::Redacted;
use sha2::{Digest as _, Sha256};
use sqlx::FromRow;

use crate::{
    Store, StoreError,
    codes::Place,
    sql::people as sql,
    tx::args,
    users::{User, UserRow, folded, with_roles},
};

/// A session ends when it was not used for this long.
pub const SESSION_IDLE_MS: i64 = 30 * 60 * 1_000;
/// A session ends this long after the sign-in, however much it is used.
pub const SESSION_MAX_MS: i64 = 12 * 60 * 60 * 1_000;

/// A use is noted at most this often.
const NOTED_MS: i64 = 60 * 1_000;
/// Failures are kept this long.
const FAILURES_KEPT_MS: i64 = 24 * 60 * 60 * 1_000;

/// A session to be started. `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct NewSession {
    /// SHA-256 of the cookie's token, lower-case hex.
    pub token_hash: String,
    /// The account.
    pub user_id: String,
    /// What every form must send back.
    pub form_token: String,
}

impl fmt::Debug for NewSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewSession")
            .field("user_id", &self.user_id)
            .finish_non_exhaustive()
    }
}

/// Somebody who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The account with its roles as they are now.
    pub user: User,
    /// What every form must send back.
    pub form_token: Redacted<String>,
    /// When it started.
    pub created_at: Timestamp,
    /// When it ends however much it is used.
    pub expires_at: Timestamp,
}

/// How many sign-ins did not work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SignInFailures {
    /// With this login, from anywhere.
    pub login: u64,
    /// From this address, with any login.
    pub address: u64,
    /// With this login from this address.
    pub pair: u64,
}

#[derive(FromRow)]
struct Row {
    #[sqlx(flatten)]
    user: UserRow,
    form_token: String,
    started_at: i64,
    seen_at: i64,
    expires_at: i64,
}

#[derive(FromRow)]
struct FailuresRow {
    login: i64,
    address: i64,
    pair: i64,
}

fn before(now: Timestamp, ms: i64) -> Timestamp {
    now.saturating_sub(SignedDuration::from_millis(ms))
        .unwrap_or(Timestamp::MIN)
}

fn after(now: Timestamp, ms: i64) -> Timestamp {
    now.saturating_add(SignedDuration::from_millis(ms))
        .unwrap_or(Timestamp::MAX)
}

/// What stands for a login in the table of failures.
pub(crate) fn login_hash(login: &str) -> String {
    Sha256::digest(folded(login).as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

impl Store {
    /// Starts a session. False where the account does not exist or is disabled.
    ///
    /// # Errors
    /// `Constraint` where the token is in use; the engine's faults.
    pub async fn session_start(
        &self,
        session: &NewSession,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut tx = self.db.write().await?;
        let made = tx
            .exec(
                &sql::SESSION_INSERT,
                args![
                    &session.token_hash,
                    &session.user_id,
                    &session.form_token,
                    now,
                    after(now, SESSION_MAX_MS)
                ],
            )
            .await?;
        tx.commit().await?;
        Ok(made == 1)
    }

    /// Who is signed in with this token: nobody after 30 minutes without use, 12 hours after the sign-in, or when the
    /// account is disabled. The use is noted at most once a minute.
    ///
    /// # Errors
    /// The engine's faults, or `Inconsistent`.
    pub async fn session(
        &self,
        token_hash: &str,
        now: Timestamp,
    ) -> Result<Option<Session>, StoreError> {
        let mut tx = self.db.read().await?;
        let idle = before(now, SESSION_IDLE_MS);
        let Some(row) = tx
            .opt::<Row>(&sql::SESSION, args![token_hash, now, idle])
            .await?
        else {
            return Ok(None);
        };
        let place = Place {
            table: "session",
            key: "token",
        };
        let session = Session {
            form_token: row.form_token.into(),
            created_at: place.time("created_at", row.started_at)?,
            expires_at: place.time("expires_at", row.expires_at)?,
            user: match with_roles(&mut tx, Some(row.user)).await? {
                Some(user) => user,
                None => return Ok(None),
            },
        };
        drop(tx);
        if row.seen_at <= before(now, NOTED_MS).as_millisecond() {
            let mut tx = self.db.write().await?;
            tx.exec(&sql::SESSION_SEEN, args![token_hash, now]).await?;
            tx.commit().await?;
        }
        Ok(Some(session))
    }

    /// Ends one session. False where there was none.
    ///
    /// # Errors
    /// The engine's faults.
    pub async fn session_end(&self, token_hash: &str) -> Result<bool, StoreError> {
        let mut tx = self.db.write().await?;
        let changed = tx.exec(&sql::SESSION_END, args![token_hash]).await?;
        tx.commit().await?;
        Ok(changed == 1)
    }

    /// Ends every session of an account and returns how many there were.
    ///
    /// # Errors
    /// The engine's faults.
    pub async fn sessions_end(&self, user_id: &str) -> Result<u64, StoreError> {
        let mut tx = self.db.write().await?;
        let changed = tx.exec(&sql::SESSIONS_END, args![user_id]).await?;
        tx.commit().await?;
        Ok(changed)
    }

    /// Notes a sign-in that did not work. The login is hashed here: what was typed can be a password.
    ///
    /// # Errors
    /// The engine's faults.
    pub async fn sign_in_failed(
        &self,
        login: &str,
        address_hash: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = self.db.write().await?;
        tx.exec(
            &sql::FAILURE_INSERT,
            args![&login_hash(login), address_hash, now],
        )
        .await?;
        tx.commit().await
    }

    /// How many sign-ins have not worked since `since`, with this login and from this address.
    ///
    /// # Errors
    /// The engine's faults.
    pub async fn sign_in_failures(
        &self,
        login: &str,
        address_hash: &str,
        since: Timestamp,
    ) -> Result<SignInFailures, StoreError> {
        let mut tx = self.db.read().await?;
        let row: FailuresRow = tx
            .one(
                &sql::FAILURES,
                args![&login_hash(login), address_hash, since],
            )
            .await?;
        Ok(SignInFailures {
            login: row.login.unsigned_abs(),
            address: row.address.unsigned_abs(),
            pair: row.pair.unsigned_abs(),
        })
    }

    /// Forgets what failed with a login: it has worked now.
    ///
    /// # Errors
    /// The engine's faults.
    pub async fn sign_in_worked(&self, login: &str) -> Result<(), StoreError> {
        let mut tx = self.db.write().await?;
        tx.exec(&sql::FAILURES_CLEAR, args![&login_hash(login)])
            .await?;
        tx.commit().await
    }

    /// Removes sessions that are over and failures older than a day. Returns how many rows that were.
    ///
    /// # Errors
    /// The engine's faults.
    pub async fn purge_sign_ins(&self, now: Timestamp) -> Result<u64, StoreError> {
        let mut tx = self.db.write().await?;
        let idle = before(now, SESSION_IDLE_MS);
        let sessions = tx.exec(&sql::SESSIONS_PURGE, args![now, idle]).await?;
        let failures = tx
            .exec(&sql::FAILURES_PURGE, args![before(now, FAILURES_KEPT_MS)])
            .await?;
        tx.commit().await?;
        Ok(sessions + failures)
    }
}
