//! Who is signed in, and sign-ins that did not work. Tokens are made and hashed by the caller.

use std::fmt;

use jiff::Timestamp;
use schoolgate_model::Redacted;

use crate::{Store, StoreError, users::User};

/// A session ends when it was not used for this long.
pub const SESSION_IDLE_MS: i64 = 30 * 60 * 1_000;
/// A session ends this long after the sign-in, however much it is used.
pub const SESSION_MAX_MS: i64 = 12 * 60 * 60 * 1_000;

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
        let _ = (session, now);
        Err(StoreError::SchemaMissing)
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
        let _ = (token_hash, now);
        Err(StoreError::SchemaMissing)
    }

    /// Ends one session. False where there was none.
    ///
    /// # Errors
    /// The engine's faults.
    pub async fn session_end(&self, token_hash: &str) -> Result<bool, StoreError> {
        let _ = token_hash;
        Err(StoreError::SchemaMissing)
    }

    /// Ends every session of an account and returns how many there were.
    ///
    /// # Errors
    /// The engine's faults.
    pub async fn sessions_end(&self, user_id: &str) -> Result<u64, StoreError> {
        let _ = user_id;
        Err(StoreError::SchemaMissing)
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
        let _ = (login, address_hash, now);
        Err(StoreError::SchemaMissing)
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
        let _ = (login, address_hash, since);
        Err(StoreError::SchemaMissing)
    }

    /// Forgets what failed with a login: it has worked now.
    ///
    /// # Errors
    /// The engine's faults.
    pub async fn sign_in_worked(&self, login: &str) -> Result<(), StoreError> {
        let _ = login;
        Err(StoreError::SchemaMissing)
    }

    /// Removes sessions that are over and failures older than a day. Returns how many rows that were.
    ///
    /// # Errors
    /// The engine's faults.
    pub async fn purge_sign_ins(&self, now: Timestamp) -> Result<u64, StoreError> {
        let _ = now;
        Err(StoreError::SchemaMissing)
    }
}
