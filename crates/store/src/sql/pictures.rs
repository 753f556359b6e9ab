//! Pictures that were removed, and pictures that may not be published again.

use crate::tx::statements;

/// The columns of `known::Row`.
macro_rules! known_columns {
    () => {
        "sha256, list, fingerprint, likeness, sketch, copy_sha256, version, listed_at, listed_by, reason, removed_at \
         FROM known_picture "
    };
}

statements! {
    // ---- removed pictures
    REMOVED_INSERT = "INSERT INTO removed_picture (school, sha256, at, removed_by, reason, swept_at) \
                      VALUES ($1, $2, $3, $4, $5, NULL) ON CONFLICT (school, sha256) DO NOTHING";
    REMOVED = "SELECT school, sha256, at, removed_by, reason FROM removed_picture WHERE school = $1 AND sha256 = $2";
    REMOVED_OF_SCHOOL = "SELECT school, sha256, at, removed_by, reason FROM removed_picture WHERE school = $1 \
                         ORDER BY at, sha256";
    REMOVED_UNSWEPT = "SELECT school, sha256, at, removed_by, reason FROM removed_picture WHERE swept_at IS NULL \
                       ORDER BY at, school, sha256 LIMIT $1";
    REMOVED_SWEPT = "UPDATE removed_picture SET swept_at = $3 WHERE school = $1 AND sha256 = $2 AND swept_at IS NULL";
    /// Every version of every verdict of the school that names the picture, by its bytes or by its clean copy. $2 is a
    /// pattern; a removal is rare enough for reading them all.
    VERDICTS_NAMING = "SELECT v.item_key, v.body, i.school, i.kind, i.id FROM verdict v JOIN item i ON i.key = v.item_key \
                       WHERE i.school = $1 AND i.has_media = 1 AND v.body LIKE $2 \
                       ORDER BY i.school, i.kind, i.id, i.key, v.version";
    ITEM_BODY = "UPDATE item SET body = $2 WHERE key = $1";
    DEAD_OF_SCHOOL = "SELECT d.key, d.body FROM dead_letter d LEFT JOIN item i ON i.key = d.item_key \
                      WHERE COALESCE(d.school, i.school, $1) = $1 ORDER BY d.key";
    DEAD_BODY = "UPDATE dead_letter SET body = $2 WHERE key = $1";
    /// Another school's verdicts and lists that still need a stored copy.
    COPY_ELSEWHERE = "SELECT m.clean_sha256 AS sha256 FROM verdict_media m JOIN item i ON i.key = m.item_key \
                      WHERE m.clean_sha256 = $1 AND i.school <> $2 AND NOT EXISTS (SELECT 1 FROM removed_picture r \
                      WHERE r.school = i.school AND r.sha256 = m.clean_sha256) \
                      UNION SELECT k.copy_sha256 FROM known_picture k WHERE k.copy_sha256 = $1 AND k.school <> $2 \
                      AND k.removed_at IS NULL AND NOT EXISTS (SELECT 1 FROM removed_picture r \
                      WHERE r.school = k.school AND r.sha256 = k.copy_sha256)";

    // ---- known pictures
    KNOWN_AFTER = "SELECT sha256 FROM known_picture WHERE school = $1 AND (sha256 = $2 OR copy_sha256 = $2) \
                   AND removed_at IS NULL AND listed_at >= $3 LIMIT 1";
    KNOWN_NEXT = "INSERT INTO known_list (school, version) VALUES ($1, 1) \
                  ON CONFLICT (school) DO UPDATE SET version = known_list.version + 1 RETURNING version";
    KNOWN_VERSION = "SELECT COALESCE(MAX(version), 0) AS version FROM known_list WHERE school = $1";
    KNOWN_PUT = "INSERT INTO known_picture (school, sha256, list, fingerprint, likeness, copy_sha256, version, listed_at, \
                 listed_by, reason, sketch, removed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, NULL) \
                 ON CONFLICT (school, sha256) DO UPDATE SET list = excluded.list, \
                 fingerprint = COALESCE(excluded.fingerprint, known_picture.fingerprint), likeness = CASE \
                 WHEN length(excluded.likeness) > 0 THEN excluded.likeness ELSE known_picture.likeness END, \
                 sketch = CASE WHEN length(excluded.sketch) > 0 THEN excluded.sketch ELSE known_picture.sketch END, \
                 copy_sha256 = COALESCE(excluded.copy_sha256, known_picture.copy_sha256), version = excluded.version, \
                 listed_at = excluded.listed_at, listed_by = excluded.listed_by, reason = excluded.reason, \
                 removed_at = NULL";
    /// What recognised it goes with it: nothing but the hash stays.
    KNOWN_OFF = "UPDATE known_picture SET removed_at = $3, version = $4, fingerprint = NULL, likeness = $5, sketch = NULL, \
                 copy_sha256 = NULL WHERE school = $1 AND sha256 = $2 AND removed_at IS NULL";
    KNOWN_ONE = concat!("SELECT ", known_columns!(), "WHERE school = $1 AND sha256 = $2 AND removed_at IS NULL");
    KNOWN_ALL = concat!(
        "SELECT ", known_columns!(),
        "WHERE school = $1 AND removed_at IS NULL AND version > $2 ORDER BY version LIMIT $3"
    );
    KNOWN_SINCE = concat!("SELECT ", known_columns!(), "WHERE school = $1 AND version > $2 ORDER BY version LIMIT $3");
    /// A removed picture keeps what recognises it, but there is nothing to look at any more.
    KNOWN_COPY_GONE = "UPDATE known_picture SET copy_sha256 = NULL, sketch = NULL \
                       WHERE school = $1 AND (copy_sha256 = $2 OR sha256 = $2)";
    COPY_NEEDED = "SELECT clean_sha256 AS sha256 FROM verdict_media WHERE clean_sha256 = $1 \
                   UNION SELECT copy_sha256 FROM known_picture WHERE copy_sha256 = $1 AND removed_at IS NULL";
}
