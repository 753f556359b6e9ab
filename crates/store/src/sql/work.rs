//! What people work with: queues, reviews, decisions, events from outside, stages of windows, dead letters.

use crate::tx::statements;

/// The columns of `queue::Row`.
macro_rules! queue_columns {
    () => {
        "i.key, i.id, i.revision, i.verb, i.kind, i.school, i.platform, i.created_at, i.arrived_at, i.conflicted_at, \
         v.outcome, v.body, w.received_at, w.due_at, w.needs_response, w.acknowledged_at, \
         r.held, r.state, r.version, r.restricted, r.rank, r.sort_at, r.closed_at, r.claimed_by, r.claimed_until"
    };
}

macro_rules! queue_tables {
    () => {
        " FROM review r JOIN item i ON i.key = r.item_key \
         JOIN verdict v ON v.item_key = r.item_key AND v.is_current = 1 \
         LEFT JOIN response_window w ON w.item_key = r.item_key "
    };
}

/// What a reader may see: $3 plain, $4 senior, $5 for the safeguarding lead, $6 for the head. A mark that no arm names
/// is seen by nobody.
macro_rules! within_sight {
    () => {
        "((r.restricted IS NULL AND r.senior = 0 AND CAST($3 AS BIGINT) = 1) \
         OR (r.restricted IS NULL AND r.senior = 1 AND CAST($4 AS BIGINT) = 1) \
         OR (r.restricted IN ('dsl', 'dsl,head') AND CAST($5 AS BIGINT) = 1) \
         OR (r.restricted IN ('head', 'dsl,head') AND CAST($6 AS BIGINT) = 1)) "
    };
}

statements! {
    MEDIA_INSERT = "INSERT INTO verdict_media (clean_sha256, item_key) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    /// The newest rows are enough: a picture that is in so many items is in one that counts.
    MEDIA_ITEMS = "SELECT i.key FROM verdict_media m JOIN item i ON i.key = m.item_key \
                   WHERE m.clean_sha256 = $1 AND i.school = $2 ORDER BY i.key DESC LIMIT 100";
    // ---- queues
    QUEUE_WAITING = concat!(
        "SELECT ", queue_columns!(), queue_tables!(),
        "WHERE r.school = $1 AND r.state <> 'closed' AND r.kind = COALESCE($2, r.kind) AND ", within_sight!(),
        "AND (r.rank, r.sort_at, r.item_key) > ($7, $8, $9) AND r.rank <= $11 AND r.held >= $12 \
         ORDER BY r.rank, r.sort_at, r.item_key LIMIT $10"
    );
    QUEUE_DONE = concat!(
        "SELECT ", queue_columns!(), queue_tables!(),
        "WHERE r.school = $1 AND r.state = 'closed' AND r.superseded_by IS NULL \
         AND r.kind = COALESCE($2, r.kind) AND ", within_sight!(),
        "AND (r.closed_at, r.item_key) < ($7, $8) ORDER BY r.closed_at DESC, r.item_key DESC LIMIT $9"
    );
    QUEUE_OWN = concat!(
        "SELECT ", queue_columns!(),
        " FROM item i JOIN item_head h ON h.school = i.school AND h.kind = i.kind AND h.id = i.id \
         AND h.latest_key = i.key \
         LEFT JOIN review r ON r.item_key = i.key \
         LEFT JOIN verdict v ON v.item_key = i.key AND v.is_current = 1 \
         LEFT JOIN response_window w ON w.item_key = i.key \
         WHERE i.school = $1 AND i.author = $2 AND i.author IS NOT NULL AND (i.arrived_at, i.key) < ($3, $4) \
         ORDER BY i.arrived_at DESC, i.key DESC LIMIT $5"
    );
    QUEUE_COUNTS = concat!(
        "SELECT r.rank, r.kind, COUNT(*) AS number FROM review r \
         WHERE r.school = $1 AND r.state <> 'closed' AND r.kind = COALESCE($2, r.kind) AND ", within_sight!(),
        "GROUP BY r.rank, r.kind"
    );
    QUEUE_OVERDUE = concat!(
        "SELECT COUNT(*) AS number FROM response_window w JOIN review r ON r.item_key = w.item_key \
         WHERE w.acknowledged_at IS NULL AND w.superseded_by IS NULL AND w.due_at <= $7 AND w.needs_response = 1 \
         AND r.school = $1 AND r.kind = COALESCE($2, r.kind) AND ", within_sight!()
    );

    // ---- reviews
    REVIEW_ROW = "SELECT state, version, held, restricted, superseded_by, claimed_by, claimed_until \
                  FROM review WHERE item_key = $1";
    REVIEW_CHANGE = "UPDATE review SET state = $3, version = version + 1, closed_at = $4, held = $5, restricted = $6, \
                     rank = $7, claimed_by = NULL, claimed_until = NULL WHERE item_key = $1 AND version = $2";
    /// Free, over, or one's own already.
    REVIEW_CLAIM = "UPDATE review SET claimed_by = $2, claimed_until = $4 WHERE item_key = $1 \
                    AND (claimed_by IS NULL OR claimed_by = $2 OR claimed_until <= $3)";
    REVIEW_UNCLAIM = "UPDATE review SET claimed_by = NULL, claimed_until = NULL WHERE item_key = $1 AND claimed_by = $2";
    DECISION_INSERT = "INSERT INTO decision (key, item_key, review_version, decision, escalated_to, actor, at, note) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    /// An earlier revision that a person handed on and nobody has decided since.
    HANDED_EARLIER = "SELECT d.escalated_to FROM decision d JOIN review r ON r.item_key = d.item_key \
                      JOIN item i ON i.key = d.item_key WHERE i.school = $1 AND i.kind = $2 AND i.id = $3 \
                      AND (i.revision, i.ordinal) < ($4, $5) AND r.state = 'escalated' AND d.decision = 'escalate' \
                      ORDER BY d.at DESC LIMIT 1";
    DECISIONS = "SELECT key, review_version, decision, escalated_to, actor, at, note FROM decision \
                 WHERE item_key = $1 ORDER BY review_version";

    RESTRICTED_OF_ITEM = "SELECT DISTINCT r.restricted FROM review r JOIN item i ON i.key = r.item_key \
                         WHERE i.school = $1 AND i.kind = $2 AND i.id = $3 AND r.restricted IS NOT NULL";
    /// Whoever has one of them on the screen may have lost sight of it, so their decision must not count.
    RESTRICT_ITEM = "UPDATE review SET restricted = $4, version = version + 1, claimed_by = NULL, claimed_until = NULL \
                       WHERE item_key IN (SELECT key FROM item WHERE school = $1 AND kind = $2 AND id = $3) \
                       AND (restricted IS NULL OR restricted <> $4)";

    // ---- events
    EVENT_INSERT = "INSERT INTO event (school, id, type, item_id, item_key, revision, actor, at, arrived_at, \
                    applied_at, content_hash, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
                    ON CONFLICT (school, id) DO NOTHING";
    EVENT_SEEN = "SELECT content_hash, item_key FROM event WHERE school = $1 AND id = $2";
    EVENT_TARGET = "SELECT key FROM item WHERE school = $1 AND kind = $2 AND id = $3 \
                    AND revision = COALESCE($4, revision) ORDER BY revision DESC, ordinal DESC LIMIT 1";
    EVENTS_WAITING = "SELECT id, type, item_key, revision, at FROM event \
                      WHERE school = $1 AND item_id = $2 AND applied_at IS NULL ORDER BY at, id";
    EVENT_APPLIED = "UPDATE event SET applied_at = $3, item_key = $4 WHERE school = $1 AND id = $2";
    EVENTS_OF_ITEM = "SELECT id, type, actor, at FROM event WHERE item_key = $1 ORDER BY at, id";

    // ---- stages of windows
    WINDOWS_NEXT = "SELECT w.item_key, i.school, i.kind, i.id, i.revision, i.verb, i.platform, i.account, \
                    w.received_at, w.due_at, w.mode, w.division, w.calendar_version, w.needs_response, w.why, \
                    w.acknowledged_at, r.restricted, v.body \
                    FROM response_window w JOIN item i ON i.key = w.item_key \
                    JOIN review r ON r.item_key = w.item_key \
                    JOIN verdict v ON v.item_key = w.item_key AND v.is_current = 1 \
                    WHERE w.next_stage_at IS NOT NULL AND w.next_stage_at <= $1 \
                    ORDER BY w.next_stage_at, w.item_key LIMIT $2";
    WINDOW_CLOCK = "SELECT item_key, received_at, due_at, mode, division, calendar_version, needs_response, why, \
                    inherited_from, acknowledged_at, superseded_by FROM response_window WHERE item_key = $1";
    WINDOW_NEXT = "UPDATE response_window SET next_stage_at = $2 WHERE item_key = $1";
    STAGE_INSERT = "INSERT INTO window_stage (item_key, stage, at, late_ms, superseded, told) \
                    VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (item_key, stage) DO NOTHING";
    STAGE_TOLD = "UPDATE window_stage SET told = 1 WHERE item_key = $1 AND stage = $2 AND told = 0";
    STAGES = "SELECT stage, at, late_ms, superseded FROM window_stage WHERE item_key = $1 ORDER BY at";

    // ---- dead letters
    DEAD_BY_KEY = "SELECT key, school, item_key, reason, body, at FROM dead_letter WHERE key = $1";
    DEAD_DROP = "DELETE FROM dead_letter WHERE key = $1";
}
