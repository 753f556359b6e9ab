//! Accounts and their roles. Passwords are hashed by the caller; every change is a line of the trail named `*`.

use std::fmt;

use jiff::Timestamp;
use schoolgate_model::{Redacted, Role};

use crate::{Store, StoreError};

/// The trail and the role's school that mean every school.
pub const EVERY_SCHOOL: &str = "*";

/// A role at one school, or at every one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserRole {
    /// The school's slug, or [`EVERY_SCHOOL`].
    pub school: String,
    /// The role.
    pub role: Role,
}

/// An account to be made.
#[derive(Clone, PartialEq, Eq)]
pub struct NewUser {
    /// Made by the caller, UUIDv7 text.
    pub id: String,
    /// The e-mail address; kept in lower case.
    pub login: String,
    /// As shown on screens.
    pub name: String,
    /// The hash in PHC form.
    pub password_hash: String,
    /// What the person is where.
    pub roles: Vec<UserRole>,
}

/// An account. `Debug` shows the id and the roles only.
#[derive(Clone, PartialEq, Eq)]
pub struct User {
    /// The id that the trail keeps.
    pub id: String,
    /// The e-mail address in lower case.
    pub login: Redacted<String>,
    /// As shown on screens.
    pub name: Redacted<String>,
    /// The hash in PHC form.
    pub password_hash: Redacted<String>,
    /// What the person is where, in order.
    pub roles: Vec<UserRole>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Since when they cannot sign in.
    pub disabled_at: Option<Timestamp>,
}

impl User {
    /// The roles at one school, those for every school included, each once.
    pub fn roles_at(&self, school: &str) -> Vec<Role> {
        let mut roles: Vec<Role> = self
            .roles
            .iter()
            .filter(|role| role.school == school || role.school == EVERY_SCHOOL)
            .map(|role| role.role)
            .collect();
        roles.sort_unstable();
        roles.dedup();
        roles
    }
}

impl fmt::Debug for NewUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewUser")
            .field("id", &self.id)
            .field("roles", &self.roles)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User")
            .field("id", &self.id)
            .field("roles", &self.roles)
            .field("disabled_at", &self.disabled_at)
            .finish_non_exhaustive()
    }
}

/// What `user_add` did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserAdded {
    /// The account was made.
    Added,
    /// Somebody has this login already; nothing was changed.
    LoginTaken,
}

impl Store {
    /// Makes an account. `by` is who does it, an id or `cli`.
    ///
    /// # Errors
    /// The engine's faults.
    pub async fn user_add(
        &self,
        user: &NewUser,
        by: &str,
        now: Timestamp,
    ) -> Result<UserAdded, StoreError> {
        let _ = (user, by, now);
        Err(StoreError::SchemaMissing)
    }

    /// The account with this login, however it is written.
    ///
    /// # Errors
    /// The engine's faults, or `Inconsistent`.
    pub async fn user_by_login(&self, login: &str) -> Result<Option<User>, StoreError> {
        let _ = login;
        Err(StoreError::SchemaMissing)
    }

    /// The account with this id.
    ///
    /// # Errors
    /// The engine's faults, or `Inconsistent`.
    pub async fn user_by_id(&self, id: &str) -> Result<Option<User>, StoreError> {
        let _ = id;
        Err(StoreError::SchemaMissing)
    }

    /// Every account, by login.
    ///
    /// # Errors
    /// The engine's faults, or `Inconsistent`.
    pub async fn users(&self) -> Result<Vec<User>, StoreError> {
        Err(StoreError::SchemaMissing)
    }

    /// Sets a password's hash and ends every session of the account. False where there is no such account.
    ///
    /// # Errors
    /// The engine's faults.
    pub async fn user_set_password(
        &self,
        id: &str,
        password_hash: &str,
        by: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let _ = (id, password_hash, by, now);
        Err(StoreError::SchemaMissing)
    }

    /// Replaces an account's roles; they count from the next request. False where there is no such account.
    ///
    /// # Errors
    /// The engine's faults.
    pub async fn user_set_roles(
        &self,
        id: &str,
        roles: &[UserRole],
        by: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let _ = (id, roles, by, now);
        Err(StoreError::SchemaMissing)
    }

    /// Ends an account's sessions and lets nobody sign in with it. False where there is no such account or it was
    /// disabled before.
    ///
    /// # Errors
    /// The engine's faults.
    pub async fn user_disable(
        &self,
        id: &str,
        by: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let _ = (id, by, now);
        Err(StoreError::SchemaMissing)
    }
}
