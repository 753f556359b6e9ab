//! Accounts, roles, sessions, sign-ins that did not work.

use crate::tx::statements;

macro_rules! user_columns {
    () => {
        "u.id, u.login, u.name, u.password_hash, u.created_at, u.disabled_at"
    };
}

statements! {
    USER_INSERT = "INSERT INTO app_user (id, login, name, password_hash, created_at, disabled_at) \
                   VALUES ($1, $2, $3, $4, $5, NULL) ON CONFLICT (login) DO NOTHING";
    USER_BY_LOGIN = concat!("SELECT ", user_columns!(), " FROM app_user u WHERE u.login = $1");
    USER_BY_ID = concat!("SELECT ", user_columns!(), " FROM app_user u WHERE u.id = $1");
    USERS = concat!("SELECT ", user_columns!(), " FROM app_user u ORDER BY u.login");
    USER_ANY = "SELECT id FROM app_user LIMIT 1";
    USER_PASSWORD = "UPDATE app_user SET password_hash = $2 WHERE id = $1";
    /// Locks the account's row; the update changes nothing.
    USER_LOCK = "UPDATE app_user SET login = login WHERE id = $1";
    USER_DISABLE = "UPDATE app_user SET disabled_at = $2 WHERE id = $1 AND disabled_at IS NULL";
    ROLE_INSERT = "INSERT INTO user_role (user_id, school, role) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    ROLES_CLEAR = "DELETE FROM user_role WHERE user_id = $1";
    ROLES = "SELECT user_id, school, role FROM user_role WHERE user_id = COALESCE($1, user_id) \
             ORDER BY user_id, school, role";

    SESSION_INSERT = "INSERT INTO session (token_hash, user_id, form_token, created_at, seen_at, expires_at) \
                      SELECT $1, u.id, $3, $4, $4, $5 FROM app_user u WHERE u.id = $2 AND u.disabled_at IS NULL";
    SESSION = concat!(
        "SELECT ", user_columns!(), ", s.form_token, s.created_at AS started_at, s.seen_at, s.expires_at \
         FROM session s JOIN app_user u ON u.id = s.user_id \
         WHERE s.token_hash = $1 AND u.disabled_at IS NULL AND s.expires_at > $2 AND s.seen_at > $3"
    );
    SESSION_SEEN = "UPDATE session SET seen_at = $2 WHERE token_hash = $1 AND seen_at < $2";
    SESSION_END = "DELETE FROM session WHERE token_hash = $1";
    SESSIONS_END = "DELETE FROM session WHERE user_id = $1";
    SESSIONS_PURGE = "DELETE FROM session WHERE expires_at <= $1 OR seen_at <= $2";

    FAILURE_INSERT = "INSERT INTO sign_in_failure (login_hash, address_hash, at, tries) VALUES ($1, $2, $3, 1) \
                      ON CONFLICT (login_hash, at, address_hash) DO UPDATE SET tries = sign_in_failure.tries + 1";
    FAILURES = "SELECT CAST(COALESCE((SELECT SUM(tries) FROM sign_in_failure WHERE login_hash = $1 AND at >= $3), 0) \
                AS BIGINT) AS login, \
                CAST(COALESCE((SELECT SUM(tries) FROM sign_in_failure WHERE address_hash = $2 AND at >= $3), 0) \
                AS BIGINT) AS address, \
                CAST(COALESCE((SELECT SUM(tries) FROM sign_in_failure WHERE login_hash = $1 AND address_hash = $2 \
                AND at >= $3), 0) AS BIGINT) AS pair";
    FAILURES_CLEAR = "DELETE FROM sign_in_failure WHERE login_hash = $1";
    FAILURES_PURGE = "DELETE FROM sign_in_failure WHERE at <= $1";
}
