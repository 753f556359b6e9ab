//! Every SQL statement of the house, one literal each, for both engines. Who runs them and why is said in the
//! modules that do. A statement that is added here is prepared against both engines by the contract suite. The road
//! of an item is here; people's statements are in `people` and `work`.

pub(crate) mod people;
pub(crate) mod pictures;
pub(crate) mod work;

use crate::tx::{Q, statements};

/// Every statement of the house.
pub(crate) fn every() -> impl Iterator<Item = &'static Q> {
    [ALL, people::ALL, pictures::ALL, work::ALL]
        .into_iter()
        .flatten()
        .copied()
}

/// The columns of `read::ItemRow`.
macro_rules! item_columns {
    () => {
        "i.key, i.school, i.kind, i.id, i.revision, i.verb, i.ordinal, i.content_hash, i.body, i.created_at, \
         i.arrived_at, i.attempts, i.conflicted_at"
    };
}

/// The columns of `read::StateRow`.
macro_rules! state_columns {
    () => {
        "i.key, i.school, i.kind, i.id, i.revision, i.verb, i.state, i.attempts, i.arrived_at, i.conflicted_at, \
         h.latest_key, v.version, v.outcome, v.body, v.recorded_at, \
         r.state AS review_state, r.version AS review_version, r.opened_at, r.closed_at, r.superseded_by, \
         w.received_at, w.due_at, w.mode, w.division, w.calendar_version, w.needs_response, w.why, \
         w.inherited_from, w.acknowledged_at, w.acknowledged_by, w.superseded_by AS window_superseded_by"
    };
}

macro_rules! state_tables {
    () => {
        " FROM item i \
         JOIN item_head h ON h.school = i.school AND h.kind = i.kind AND h.id = i.id \
         LEFT JOIN verdict v ON v.item_key = i.key AND v.is_current = 1 \
         LEFT JOIN review r ON r.item_key = i.key \
         LEFT JOIN response_window w ON w.item_key = i.key "
    };
}

/// The columns of `outbox::Row`.
macro_rules! outbox_columns {
    () => {
        "o.key, o.item_key, i.school, i.kind AS item_kind, i.id AS item_id, i.revision, i.traceparent, o.kind, o.routing_key, \
         o.audience, o.urgent, o.body, o.state, o.attempts, o.not_before, o.created_at, o.sent_at, o.last_error \
         FROM outbox o JOIN item i ON i.key = o.item_key "
    };
}

macro_rules! claim_items {
    ($share:literal) => {
        concat!(
            "WITH picked AS (SELECT key FROM item WHERE state = 'waiting' AND ",
            $share,
            "AND (lease_until IS NULL OR lease_until <= $3) ORDER BY arrived_at, key LIMIT $4"
        )
    };
}

macro_rules! taken_items {
    () => {
        ") UPDATE item SET lease_owner = $1, lease_until = $2, attempts = attempts + 1 \
         WHERE key IN (SELECT key FROM picked) \
         RETURNING key, school, kind, id, revision, verb, ordinal, content_hash, body, created_at, \
         arrived_at, attempts, conflicted_at"
    };
}

statements! {
    // ---- the schema and the heartbeat
    VERSION = "SELECT COALESCE(MAX(version), 0) AS version FROM schema_version";
    VERSION_INSERT = "INSERT INTO schema_version (version, program) VALUES ($1, $2)";
    PING = "INSERT INTO heartbeat (name, at) VALUES ('ping', $1) \
            ON CONFLICT (name) DO UPDATE SET at = excluded.at RETURNING at";

    // ---- receiving
    /// Makes the head row or locks the one that is there; the update changes nothing else.
    HEAD_LOCK = "INSERT INTO item_head (school, kind, id, arrivals, latest_revision, latest_ordinal, latest_key) \
                 VALUES ($1, $2, $3, 0, 0, 0, NULL) \
                 ON CONFLICT (school, kind, id) DO UPDATE SET arrivals = item_head.arrivals \
                 RETURNING arrivals, latest_revision, latest_key";
    HEAD_ARRIVAL = "UPDATE item_head SET arrivals = $4 WHERE school = $1 AND kind = $2 AND id = $3";
    HEAD_ADVANCE = "UPDATE item_head SET arrivals = $4, latest_revision = $5, latest_ordinal = $4, latest_key = $6 \
                    WHERE school = $1 AND kind = $2 AND id = $3";
    HEAD_LATEST = "SELECT latest_key FROM item_head WHERE school = $1 AND kind = $2 AND id = $3";
    INBOX_BY_REVISION = "SELECT key, revision, verb, content_hash FROM item \
                         WHERE school = $1 AND kind = $2 AND id = $3 AND revision = $4 AND verb = $5";
    INBOX_BY_KEY = "SELECT key, revision, verb, content_hash FROM item WHERE key = $1";
    ITEM_INSERT = "INSERT INTO item (key, school, kind, id, revision, verb, ordinal, content_hash, body, created_at, \
                   arrived_at, has_media, state, attempts, lease_owner, lease_until, conflicted_at, traceparent, \
                   platform, account, author) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'waiting', 0, NULL, NULL, NULL, $13, \
                   $14, $15, $16)";

    INBOX_BY_CONTENT = "SELECT key, revision, body FROM item WHERE school = $1 AND kind = $2 AND id = $3 \
                        AND verb = $4 AND content_hash = $5 ORDER BY ordinal DESC LIMIT 20";
    ANSWER_INSERT = "INSERT INTO answer (item_key, of_key, actor, at) VALUES ($1, $2, $3, $4)";
    ANSWER = "SELECT of_key, actor, at FROM answer WHERE item_key = $1";
    ANSWER_ANY = "SELECT i.key FROM answer a JOIN item i ON i.key = a.item_key \
                  WHERE i.school = $1 AND i.kind = $2 AND i.id = $3 LIMIT 1";

    // ---- conflicts and dead letters
    DEAD_INSERT = "INSERT INTO dead_letter (key, school, item_key, reason, content_hash, body, at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
    DEAD_LIST = "SELECT key, school, item_key, reason, body, at FROM dead_letter ORDER BY at DESC, key DESC LIMIT $1";
    ITEM_CONFLICTED = "UPDATE item SET conflicted_at = COALESCE(conflicted_at, $2) WHERE key = $1";
    ITEM_ORIGIN = "SELECT platform, account FROM item WHERE key = $1";
    VERDICT_CURRENT = "SELECT version, body FROM verdict WHERE item_key = $1 AND is_current = 1";
    VERDICT_RETIRE = "UPDATE verdict SET is_current = 0 WHERE item_key = $1 AND is_current = 1";
    /// Whoever has it on the screen saw only one of the two contents, so their decision must not count.
    REVIEW_CONFLICT = "UPDATE review SET state = CASE state WHEN 'closed' THEN 'open' ELSE state END, \
                       version = version + 1, closed_at = NULL, held = 1, \
                       rank = CASE state WHEN 'escalated' THEN 0 ELSE 1 END, claimed_by = NULL, claimed_until = NULL \
                       WHERE item_key = $1 AND superseded_by IS NULL AND (state <> 'closed' OR NOT EXISTS \
                       (SELECT 1 FROM item n JOIN item i ON i.key = $1 WHERE n.school = i.school AND n.kind = i.kind \
                       AND n.id = i.id AND (n.revision, n.ordinal) > (i.revision, i.ordinal) AND n.state = 'screened'))";
    OUTBOX_VERDICT = "SELECT key, body FROM outbox \
                      WHERE item_key = $1 AND kind = 'publish' AND routing_key LIKE 'verdict.%' \
                      ORDER BY created_at DESC, key DESC LIMIT 1";
    /// Whatever still says that it may go out.
    OUTBOX_STANDING = "SELECT key FROM outbox \
                        WHERE item_key = $1 AND kind = 'publish' AND state = 'pending' \
                        AND (routing_key LIKE 'verdict.%' OR routing_key LIKE 'decision.draft.approve.%' \
                        OR routing_key LIKE 'decision.comment.approve.%')";
    OUTBOX_SUPERSEDE = "UPDATE outbox SET state = 'superseded', lease_owner = NULL, lease_until = NULL \
                        WHERE key = $1 AND state = 'pending'";

    // ---- leases of items
    /// One text a share, because only an equality that is written out finds its index in front of a pile.
    ITEM_CLAIM_FRESH = claim_items!("attempts = 0 AND kind = $5 AND has_media = $6 "), skip_locked, taken_items!();
    ITEM_CLAIM_TRIED = claim_items!(
        "attempts > 0 AND kind = COALESCE($5, kind) AND has_media = COALESCE($6, has_media) "
    ), skip_locked, taken_items!();
    ITEM_CLAIM_ANY = claim_items!(
        "kind = COALESCE($5, kind) AND has_media = COALESCE($6, has_media) AND attempts BETWEEN $7 AND $8 "
    ), skip_locked, taken_items!();
    ITEM_RELEASE = "UPDATE item SET lease_owner = NULL, lease_until = NULL, attempts = attempts - $3 \
                    WHERE key = $1 AND lease_owner = $2 AND state = 'waiting'";
    ITEM_KEEP = "UPDATE item SET lease_until = $3 WHERE key = $1 AND lease_owner = $2 AND state = 'waiting'";
    /// For a process that knows to be alone: whoever held these is dead.
    ITEM_LEASES_CLEAR = "UPDATE item SET lease_owner = NULL, lease_until = NULL \
                         WHERE lease_owner IS NOT NULL AND state = 'waiting'";
    OUTBOX_LEASES_CLEAR = "UPDATE outbox SET lease_owner = NULL, lease_until = NULL \
                           WHERE lease_owner IS NOT NULL AND state = 'pending'";

    // ---- recording
    ITEM_BY_KEY = concat!("SELECT ", item_columns!(), " FROM item i WHERE i.key = $1");
    VERDICT_INSERT = "INSERT INTO verdict (item_key, version, is_current, outcome, body, recorded_at) \
                      VALUES ($1, $2, 1, $3, $4, $5) ON CONFLICT DO NOTHING";
    ITEM_SCREENED = "UPDATE item SET state = 'screened', lease_owner = NULL, lease_until = NULL WHERE key = $1";
    REVIEW_INSERT = "INSERT INTO review (item_key, state, version, opened_at, closed_at, superseded_by, school, kind, \
                     held, senior, restricted, rank, sort_at) \
                     VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    WINDOW_INSERT = "INSERT INTO response_window (item_key, received_at, due_at, mode, division, calendar_version, \
                     needs_response, why, inherited_from, acknowledged_at, acknowledged_by, superseded_by, \
                     next_stage_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL, NULL, $10, $11)";
    /// The window of the nearest earlier row of the same item.
    WINDOW_BEFORE = "SELECT w.item_key, w.received_at, w.due_at, w.mode, w.division, w.calendar_version, w.why, \
                     w.inherited_from, w.acknowledged_at FROM response_window w JOIN item i ON i.key = w.item_key \
                     WHERE i.school = $1 AND i.kind = $2 AND i.id = $3 AND (i.revision, i.ordinal) < ($4, $5) \
                     ORDER BY i.revision DESC, i.ordinal DESC LIMIT 1";
    /// Hands an earlier clock to the rows after, where nobody has acknowledged any of them.
    WINDOWS_AFTER = "UPDATE response_window SET received_at = $6, due_at = $7, mode = $8, division = $9, \
                     calendar_version = $10, why = $11, inherited_from = $12, next_stage_at = CASE \
                     WHEN superseded_by IS NOT NULL THEN NULL \
                     WHEN needs_response = 1 THEN $6 + ($7 - $6) / 2 ELSE $7 END \
                     WHERE received_at >= $6 AND item_key IN (SELECT key FROM item \
                     WHERE school = $1 AND kind = $2 AND id = $3 AND (revision, ordinal) > ($4, $5)) \
                     AND NOT EXISTS (SELECT 1 FROM response_window a JOIN item i ON i.key = a.item_key \
                     WHERE i.school = $1 AND i.kind = $2 AND i.id = $3 AND (i.revision, i.ordinal) > ($4, $5) \
                     AND a.acknowledged_at IS NOT NULL)";
    /// Reviews are sorted by the clocks that `WINDOWS_AFTER` has moved.
    REVIEWS_RESORT = "UPDATE review SET sort_at = $6 WHERE item_key IN (SELECT w.item_key FROM response_window w \
                      JOIN item i ON i.key = w.item_key WHERE i.school = $1 AND i.kind = $2 AND i.id = $3 \
                      AND (i.revision, i.ordinal) > ($4, $5) AND w.due_at = $6)";
    NEWER_SCREENED = "SELECT key FROM item WHERE school = $1 AND kind = $2 AND id = $3 \
                      AND (revision, ordinal) > ($4, $5) AND state = 'screened' \
                      ORDER BY revision DESC, ordinal DESC LIMIT 1";
    REVIEWS_SUPERSEDE = "UPDATE review SET state = 'closed', version = version + 1, closed_at = $6, superseded_by = $7 \
                         WHERE state = 'open' AND item_key IN (SELECT key FROM item \
                         WHERE school = $1 AND kind = $2 AND id = $3 AND (revision, ordinal) < ($4, $5))";
    WINDOWS_SUPERSEDE = "UPDATE response_window SET superseded_by = $6, next_stage_at = NULL \
                         WHERE superseded_by IS NULL AND item_key IN (SELECT key FROM item \
                         WHERE school = $1 AND kind = $2 AND id = $3 AND (revision, ordinal) < ($4, $5))";
    /// Too late is too late: a breach that nobody has noticed yet is still found afterwards.
    WINDOW_ACKNOWLEDGE = "UPDATE response_window SET acknowledged_at = $2, acknowledged_by = $3, \
                          next_stage_at = CASE WHEN $2 < due_at THEN NULL ELSE next_stage_at END \
                          WHERE item_key = $1 AND acknowledged_at IS NULL AND superseded_by IS NULL";

    // ---- outbox
    OUTBOX_INSERT = "INSERT INTO outbox (key, item_key, kind, routing_key, audience, urgent, body, state, attempts, \
                     lease_owner, lease_until, not_before, created_at, sent_at, last_error) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7, 'pending', 0, NULL, NULL, $8, $8, NULL, NULL) \
                     ON CONFLICT (key) DO NOTHING";
    OUTBOX_BY_KEY = concat!("SELECT ", outbox_columns!(), "WHERE o.key = $1");
    OUTBOX_CLAIM = "WITH picked AS (SELECT key FROM outbox WHERE state = 'pending' AND kind = $4 AND urgent = $5 \
                    AND not_before <= $3 AND (lease_until IS NULL OR lease_until <= $3) \
                    ORDER BY created_at, key LIMIT $6", skip_locked,
                   ") UPDATE outbox SET lease_owner = $1, lease_until = $2, attempts = attempts + 1 \
                    WHERE key IN (SELECT key FROM picked) RETURNING key";
    OUTBOX_SENT = "UPDATE outbox SET state = 'sent', sent_at = $3, last_error = NULL, lease_owner = NULL, \
                   lease_until = NULL WHERE key = $1 AND lease_owner = $2 AND state = 'pending'";
    OUTBOX_RETRY = "UPDATE outbox SET not_before = $3, last_error = $4, lease_owner = NULL, lease_until = NULL \
                    WHERE key = $1 AND lease_owner = $2 AND state = 'pending'";
    OUTBOX_KEEP = "UPDATE outbox SET lease_until = $3 WHERE key = $1 AND lease_owner = $2 AND state = 'pending'";
    OUTBOX_CLOSE = "UPDATE outbox SET state = $3, last_error = COALESCE($4, last_error), lease_owner = NULL, \
                    lease_until = NULL WHERE key = $1 AND lease_owner = $2 AND state = 'pending'";
    OUTBOX_URGENT = "SELECT DISTINCT audience FROM outbox \
                     WHERE item_key = $1 AND kind = 'alert' AND urgent = 1 AND audience IS NOT NULL ORDER BY audience";
    RECEIPT_INSERT = "INSERT INTO receipt (outbox_key, recipient, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    RECEIPTS = "SELECT recipient FROM receipt WHERE outbox_key = $1 ORDER BY recipient";
    OUTBOX_LIST = concat!("SELECT ", outbox_columns!(), "ORDER BY o.created_at DESC, o.key DESC LIMIT $1");

    // ---- audit
    AUDIT_HEAD_LOCK = "INSERT INTO audit_head (school, seq, hash) VALUES ($1, 0, $2) \
                       ON CONFLICT (school) DO UPDATE SET seq = audit_head.seq RETURNING seq, hash";
    AUDIT_HEAD_SET = "UPDATE audit_head SET seq = $2, hash = $3 WHERE school = $1";
    AUDIT_HEAD = "SELECT seq, hash FROM audit_head WHERE school = $1";
    AUDIT_INSERT = "INSERT INTO audit (school, seq, at, actor, action, item_key, detail, prev_hash, hash) \
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    AUDIT_PAGE = "SELECT seq, at, actor, action, item_key, detail, prev_hash, hash FROM audit \
                  WHERE school = $1 AND seq > $2 ORDER BY seq LIMIT $3";
    AUDIT_SCHOOLS = "SELECT school FROM audit UNION SELECT school FROM audit_head ORDER BY school";

    // ---- reading
    STATE_BY_KEY = concat!("SELECT ", state_columns!(), state_tables!(), "WHERE i.key = $1");
    STATE_BY_ID = concat!(
        "SELECT ", state_columns!(), state_tables!(),
        "WHERE i.school = $1 AND i.kind = $2 AND i.id = $3 AND i.revision = COALESCE($4, h.latest_revision) \
         ORDER BY i.ordinal DESC LIMIT 1"
    );
    STATES_BETWEEN = concat!(
        "SELECT ", state_columns!(), state_tables!(),
        "WHERE v.recorded_at >= $2 AND v.recorded_at < $3 AND i.school = COALESCE($1, i.school) \
         ORDER BY v.recorded_at DESC, i.key DESC LIMIT $4"
    );
    DAY_COUNTS = "SELECT (SELECT COUNT(*) FROM verdict v JOIN item i ON i.key = v.item_key WHERE i.school = $1 \
                  AND v.is_current = 1 AND v.recorded_at >= $2 AND v.recorded_at < $3 AND v.outcome = 'approve') AS approve, \
                  (SELECT COUNT(*) FROM verdict v JOIN item i ON i.key = v.item_key WHERE i.school = $1 \
                  AND v.is_current = 1 AND v.recorded_at >= $2 AND v.recorded_at < $3 AND v.outcome = 'hold') AS hold, \
                  (SELECT COUNT(*) FROM verdict v JOIN item i ON i.key = v.item_key WHERE i.school = $1 \
                  AND v.is_current = 1 AND v.recorded_at >= $2 AND v.recorded_at < $3 AND v.outcome = 'escalate') AS escalate, \
                  (SELECT COUNT(*) FROM item WHERE school = $1 AND state = 'waiting') AS waiting, \
                  (SELECT COUNT(*) FROM outbox o JOIN item i ON i.key = o.item_key WHERE i.school = $1 \
                  AND o.kind = 'alert' AND o.state = 'pending') AS alerts_waiting, \
                  (SELECT COUNT(*) FROM outbox o JOIN item i ON i.key = o.item_key WHERE i.school = $1 \
                  AND o.kind = 'alert' AND o.state = 'sent' AND o.sent_at >= $2 AND o.sent_at < $3) AS alerts_sent";
    /// Every part of it is answered from an index of what is still to be done, however much is done. Both kinds of
    /// urgency, because an index on (kind, urgent, created_at) has the oldest of each in front.
    BACKLOG = "SELECT (SELECT COUNT(*) FROM item WHERE state = 'waiting') AS waiting, \
               (SELECT COUNT(*) FROM outbox WHERE state = 'pending') AS pending, \
               (SELECT COUNT(*) FROM dead_letter) AS dead_letters, \
               (SELECT MIN(arrived_at) FROM item WHERE state = 'waiting') AS oldest_waiting, \
               (SELECT MIN(created_at) FROM outbox \
               WHERE state = 'pending' AND kind = 'alert' AND urgent = 0) AS oldest_alert, \
               (SELECT MIN(created_at) FROM outbox \
               WHERE state = 'pending' AND kind = 'alert' AND urgent = 1) AS oldest_urgent_alert";
    COUNTS = "SELECT (SELECT COUNT(*) FROM item WHERE state = 'waiting') AS waiting, \
              (SELECT COUNT(*) FROM verdict WHERE is_current = 1 AND outcome = 'approve') AS approve, \
              (SELECT COUNT(*) FROM verdict WHERE is_current = 1 AND outcome = 'hold') AS hold, \
              (SELECT COUNT(*) FROM verdict WHERE is_current = 1 AND outcome = 'escalate') AS escalate, \
              (SELECT COUNT(*) FROM outbox WHERE state = 'pending') AS pending, \
              (SELECT COUNT(*) FROM outbox WHERE state = 'sent') AS sent, \
              (SELECT COUNT(*) FROM outbox WHERE state = 'no_broker') AS no_broker, \
              (SELECT COUNT(*) FROM outbox WHERE state = 'failed') AS failed, \
              (SELECT COUNT(*) FROM dead_letter) AS dead_letters, \
              (SELECT MIN(arrived_at) FROM item WHERE state = 'waiting') AS oldest_waiting, \
              (SELECT MIN(created_at) FROM outbox WHERE state = 'pending' AND kind = 'alert') AS oldest_pending_alert";
}
