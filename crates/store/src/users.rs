//! Accounts and their roles. Passwords are hashed by the caller; every change is a line of the trail named `*`.

use std::fmt;

use jiff::Timestamp;
use schoolgate_model::{Redacted, Role};
use schoolgate_policy::AuditEntry;
use serde_json::json;
use sqlx::FromRow;

use crate::{
    Store, StoreError,
    audit::{self, Line},
    codes::Place,
    sessions::login_hash,
    sql::people as sql,
    tx::{Tx, args},
};

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

#[derive(FromRow)]
pub(crate) struct UserRow {
    id: String,
    login: String,
    name: String,
    password_hash: String,
    created_at: i64,
    disabled_at: Option<i64>,
}

#[derive(FromRow)]
struct IdRow {
    id: String,
}

#[derive(FromRow)]
struct RoleRow {
    user_id: String,
    school: String,
    role: String,
}

/// A login as it is kept and looked for.
pub(crate) fn folded(login: &str) -> String {
    login.trim().to_lowercase()
}

impl Store {
    /// Makes an account. `by` is who does it, an id or `cli`.
    ///
    /// # Errors
    /// `Constraint` where the id is in use; the engine's faults.
    pub async fn user_add(
        &self,
        user: &NewUser,
        by: &str,
        now: Timestamp,
    ) -> Result<UserAdded, StoreError> {
        let mut tx = self.db.write().await?;
        let made = tx
            .exec(
                &sql::USER_INSERT,
                args![
                    &user.id,
                    &folded(&user.login),
                    &user.name,
                    &user.password_hash,
                    now
                ],
            )
            .await?;
        if made == 0 {
            return Ok(UserAdded::LoginTaken);
        }
        write_roles(&mut tx, &user.id, &user.roles).await?;
        let detail = json!({ "user": user.id, "roles": shown(&user.roles) });
        note(&mut tx, "user_added", detail, by, now).await?;
        tx.commit().await?;
        Ok(UserAdded::Added)
    }

    /// The account with this login, however it is written.
    ///
    /// # Errors
    /// The engine's faults, or `Inconsistent`.
    pub async fn user_by_login(&self, login: &str) -> Result<Option<User>, StoreError> {
        // What somebody types is no fault of the store's.
        if login.contains('\0') {
            return Ok(None);
        }
        let mut tx = self.db.read().await?;
        let row: Option<UserRow> = tx.opt(&sql::USER_BY_LOGIN, args![&folded(login)]).await?;
        with_roles(&mut tx, row).await
    }

    /// The account with this id.
    ///
    /// # Errors
    /// The engine's faults, or `Inconsistent`.
    pub async fn user_by_id(&self, id: &str) -> Result<Option<User>, StoreError> {
        let mut tx = self.db.read().await?;
        let row: Option<UserRow> = tx.opt(&sql::USER_BY_ID, args![id]).await?;
        with_roles(&mut tx, row).await
    }

    /// Every account, by login.
    ///
    /// # Errors
    /// The engine's faults, or `Inconsistent`.
    pub async fn users(&self) -> Result<Vec<User>, StoreError> {
        let mut tx = self.db.read().await?;
        let rows: Vec<UserRow> = tx.all(&sql::USERS, args![]).await?;
        let roles: Vec<RoleRow> = tx.all(&sql::ROLES, args![None::<&str>]).await?;
        rows.into_iter().map(|row| to_user(row, &roles)).collect()
    }

    /// Whether there is any account, disabled ones included.
    ///
    /// # Errors
    /// The engine's faults.
    pub async fn has_users(&self) -> Result<bool, StoreError> {
        let mut tx = self.db.read().await?;
        let row: Option<IdRow> = tx.opt(&sql::USER_ANY, args![]).await?;
        Ok(row.is_some_and(|row| !row.id.is_empty()))
    }

    /// Sets a password's hash, ends every session of the account and forgets what failed with its login. False where there is no such account.
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
        let mut tx = self.db.write().await?;
        let found = tx
            .exec(&sql::USER_PASSWORD, args![id, password_hash])
            .await?;
        if found == 0 {
            return Ok(false);
        }
        tx.exec(&sql::SESSIONS_END, args![id]).await?;
        let row: Option<UserRow> = tx.opt(&sql::USER_BY_ID, args![id]).await?;
        if let Some(row) = row {
            let login = login_hash(&row.login);
            tx.exec(&sql::FAILURES_CLEAR, args![&login]).await?;
        }
        note(&mut tx, "password_set", json!({ "user": id }), by, now).await?;
        tx.commit().await?;
        Ok(true)
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
        let mut tx = self.db.write().await?;
        if tx.exec(&sql::USER_LOCK, args![id]).await? == 0 {
            return Ok(false);
        }
        tx.exec(&sql::ROLES_CLEAR, args![id]).await?;
        write_roles(&mut tx, id, roles).await?;
        let detail = json!({ "user": id, "roles": shown(roles) });
        note(&mut tx, "roles_set", detail, by, now).await?;
        tx.commit().await?;
        Ok(true)
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
        let mut tx = self.db.write().await?;
        if tx.exec(&sql::USER_DISABLE, args![id, now]).await? == 0 {
            return Ok(false);
        }
        tx.exec(&sql::SESSIONS_END, args![id]).await?;
        note(&mut tx, "user_disabled", json!({ "user": id }), by, now).await?;
        tx.commit().await?;
        Ok(true)
    }
}

async fn write_roles(tx: &mut Tx, id: &str, roles: &[UserRole]) -> Result<(), StoreError> {
    for role in roles {
        tx.exec(&sql::ROLE_INSERT, args![id, &role.school, role.role.code()])
            .await?;
    }
    Ok(())
}

pub(crate) async fn with_roles(
    tx: &mut Tx,
    row: Option<UserRow>,
) -> Result<Option<User>, StoreError> {
    let Some(row) = row else {
        return Ok(None);
    };
    let roles: Vec<RoleRow> = tx.all(&sql::ROLES, args![&row.id]).await?;
    to_user(row, &roles).map(Some)
}

fn to_user(row: UserRow, roles: &[RoleRow]) -> Result<User, StoreError> {
    let place = Place {
        table: "app_user",
        key: &row.id,
    };
    let roles = roles
        .iter()
        .filter(|role| role.user_id == row.id)
        .map(|role| {
            Ok(UserRole {
                school: role.school.clone(),
                role: Role::from_code(&role.role).ok_or_else(|| place.wrong("role"))?,
            })
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    Ok(User {
        roles,
        created_at: place.time("created_at", row.created_at)?,
        disabled_at: place.opt_time("disabled_at", row.disabled_at)?,
        id: row.id,
        login: row.login.into(),
        name: row.name.into(),
        password_hash: row.password_hash.into(),
    })
}

fn shown(roles: &[UserRole]) -> Vec<String> {
    let mut shown: Vec<String> = roles
        .iter()
        .map(|role| format!("{}:{}", role.school, role.role.code()))
        .collect();
    shown.sort_unstable();
    shown
}

/// A line about an account, which belongs to no school.
async fn note(
    tx: &mut Tx,
    action: &str,
    detail: serde_json::Value,
    by: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let line = Line {
        school: EVERY_SCHOOL.to_owned(),
        item_key: None,
        entry: AuditEntry {
            at: now,
            actor: by.to_owned(),
            action: action.to_owned(),
            detail: detail.to_string(),
        },
    };
    audit::append_all(tx, &mut vec![line]).await
}
