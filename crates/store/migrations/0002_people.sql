-- Schema 2: people, sessions, decisions, events from outside, stages of windows, and what a queue is sorted by.
--
-- The same three column types and rules as in schema 1. A column added to a table that has rows gets its values here;
-- where it cannot be known who may see a row, fewer people may.

ALTER TABLE item ADD COLUMN traceparent TEXT; -- the producer's W3C trace, carried through; empty where it sent none
ALTER TABLE item ADD COLUMN platform TEXT; -- the platform's name in lower case
ALTER TABLE item ADD COLUMN account TEXT; -- the account, as the producer calls it
ALTER TABLE item ADD COLUMN author TEXT; -- the author's id in lower case; drafts only, for the author's own list
-- A share of what waits is found in front of its own index, however much of another kind is piling up.
CREATE INDEX item_fresh ON item (kind, has_media, arrived_at, key) WHERE state = 'waiting' AND attempts = 0;
CREATE INDEX item_tried ON item (arrived_at, key) WHERE state = 'waiting' AND attempts > 0;
CREATE INDEX item_author ON item (school, author, arrived_at, key) WHERE author IS NOT NULL;

ALTER TABLE review ADD COLUMN school TEXT NOT NULL DEFAULT ''; -- the item's school, for the queue's index
ALTER TABLE review ADD COLUMN kind TEXT NOT NULL DEFAULT 'draft' -- draft or comment, for the queue's index
    CONSTRAINT review_kind CHECK (kind IN ('draft', 'comment'));
ALTER TABLE review ADD COLUMN held BIGINT NOT NULL DEFAULT 0 -- 1 while a person must say what becomes of the item
    CONSTRAINT review_held CHECK (held IN (0, 1));
ALTER TABLE review ADD COLUMN senior BIGINT NOT NULL DEFAULT 1 -- 1 for a draft that senior leaders decide
    CONSTRAINT review_senior CHECK (senior IN (0, 1));
ALTER TABLE review ADD COLUMN restricted TEXT -- who alone may see it: dsl, head or both; empty = it is open
    CONSTRAINT review_restricted CHECK (restricted IN ('dsl', 'head', 'dsl,head'));
ALTER TABLE review ADD COLUMN rank BIGINT NOT NULL DEFAULT 3 -- 0 escalated, 1 held, 2 waits for words, 3 the rest
    CONSTRAINT review_rank CHECK (rank BETWEEN 0 AND 3);
ALTER TABLE review ADD COLUMN sort_at BIGINT NOT NULL DEFAULT 0; -- when it is due, or was received where it has no clock, ms
ALTER TABLE review ADD COLUMN claimed_by TEXT; -- who has it open on a screen
ALTER TABLE review ADD COLUMN claimed_until BIGINT; -- when that is forgotten, ms

UPDATE review SET
    school = (SELECT i.school FROM item i WHERE i.key = review.item_key),
    kind = (SELECT i.kind FROM item i WHERE i.key = review.item_key),
    held = CASE WHEN state <> 'closed' AND EXISTS (SELECT 1 FROM verdict v WHERE v.item_key = review.item_key
        AND v.is_current = 1 AND v.outcome <> 'approve') THEN 1 ELSE 0 END,
    -- A verdict's alert list, written by this program without spaces; what stands behind it only makes it stricter.
    senior = CASE WHEN EXISTS (SELECT 1 FROM item i WHERE i.key = review.item_key AND i.kind = 'comment')
        OR EXISTS (SELECT 1 FROM verdict v WHERE v.item_key = review.item_key AND v.is_current = 1
        AND (v.body LIKE '%"alert":[]%' OR v.body LIKE '%"alert":["author"]%' OR v.body LIKE '%"alert":["moderator"]%'
        OR v.body LIKE '%"alert":["author","moderator"]%' OR v.body LIKE '%"alert":["moderator","author"]%'))
        THEN 0 ELSE 1 END,
    restricted = CASE
        WHEN EXISTS (SELECT 1 FROM verdict v WHERE v.item_key = review.item_key AND v.body LIKE '%"alert":[%"dsl"%')
            AND EXISTS (SELECT 1 FROM verdict v WHERE v.item_key = review.item_key AND v.body LIKE '%"alert":[%"head"%')
            THEN 'dsl,head'
        WHEN EXISTS (SELECT 1 FROM verdict v WHERE v.item_key = review.item_key AND v.body LIKE '%"alert":[%"head"%')
            THEN 'head'
        WHEN EXISTS (SELECT 1 FROM verdict v WHERE v.item_key = review.item_key AND v.body LIKE '%"alert":[%"dsl"%')
            OR NOT EXISTS (SELECT 1 FROM verdict v WHERE v.item_key = review.item_key AND v.body LIKE '%"alert":[%')
            THEN 'dsl'
        END,
    sort_at = COALESCE((SELECT w.due_at FROM response_window w WHERE w.item_key = review.item_key),
        (SELECT i.created_at FROM item i WHERE i.key = review.item_key), opened_at);
-- What one revision keeps back, all of them do.
UPDATE review SET restricted = CASE
    WHEN EXISTS (SELECT 1 FROM item i JOIN item o ON o.school = i.school AND o.kind = i.kind AND o.id = i.id
            JOIN review r ON r.item_key = o.key WHERE i.key = review.item_key AND r.restricted IN ('dsl', 'dsl,head'))
        AND EXISTS (SELECT 1 FROM item i JOIN item o ON o.school = i.school AND o.kind = i.kind AND o.id = i.id
            JOIN review r ON r.item_key = o.key WHERE i.key = review.item_key AND r.restricted IN ('head', 'dsl,head'))
        THEN 'dsl,head'
    ELSE (SELECT MAX(r.restricted) FROM item i JOIN item o ON o.school = i.school AND o.kind = i.kind AND o.id = i.id
        JOIN review r ON r.item_key = o.key WHERE i.key = review.item_key)
    END;
UPDATE review SET rank = CASE
    WHEN state = 'escalated' THEN 0
    WHEN held = 1 THEN 1
    WHEN EXISTS (SELECT 1 FROM response_window w WHERE w.item_key = review.item_key AND w.needs_response = 1
        AND w.acknowledged_at IS NULL) THEN 2
    ELSE 3 END;
CREATE INDEX review_queue ON review (school, rank, sort_at, item_key, kind, senior, restricted) WHERE state <> 'closed';
CREATE INDEX review_done ON review (school, closed_at, item_key, kind, senior, restricted) WHERE state = 'closed';

ALTER TABLE response_window ADD COLUMN next_stage_at BIGINT; -- when its next stage is reached, ms; empty when none is left
UPDATE response_window SET next_stage_at = CASE WHEN needs_response = 1
    THEN received_at + (due_at - received_at) / 2 ELSE due_at END
    WHERE acknowledged_at IS NULL AND superseded_by IS NULL;
CREATE INDEX response_window_next ON response_window (next_stage_at, item_key) WHERE next_stage_at IS NOT NULL;

DROP INDEX outbox_pending;
CREATE INDEX outbox_waiting ON outbox (kind, urgent, created_at, key) WHERE state = 'pending';

CREATE TABLE window_stage (
    -- The stages that a clock has reached, each once, however many look.
    item_key        TEXT   NOT NULL, -- the revision whose clock it is; later revisions that inherit it count as this one
    stage           TEXT   NOT NULL, -- amber, red or breach
    at              BIGINT NOT NULL, -- the instant at which it was reached, ms
    late_ms         BIGINT NOT NULL, -- how late that was noticed
    superseded      BIGINT NOT NULL, -- 1 where a later stage had been reached too, so that nobody was told
    told            BIGINT NOT NULL, -- 1 where somebody was alerted
    CONSTRAINT window_stage_pk PRIMARY KEY (item_key, stage),
    CONSTRAINT window_stage_of_item FOREIGN KEY (item_key) REFERENCES item (key),
    CONSTRAINT window_stage_stage CHECK (stage IN ('amber', 'red', 'breach')),
    CONSTRAINT window_stage_late CHECK (late_ms >= 0),
    CONSTRAINT window_stage_superseded CHECK (superseded IN (0, 1)),
    CONSTRAINT window_stage_told CHECK (told IN (0, 1))
);

CREATE TABLE app_user (
    -- Somebody who can sign in. Never deleted: the audit trail names the id.
    id              TEXT   NOT NULL, -- made by the program, UUIDv7 text
    login           TEXT   NOT NULL, -- the e-mail address in lower case
    name            TEXT   NOT NULL, -- as shown on screens
    password_hash   TEXT   NOT NULL, -- a password hash in PHC form; empty = cannot sign in with one
    created_at      BIGINT NOT NULL, -- ms
    disabled_at     BIGINT,          -- since when they cannot sign in, ms
    CONSTRAINT app_user_pk PRIMARY KEY (id),
    CONSTRAINT app_user_login UNIQUE (login)
);

CREATE TABLE user_role (
    -- What somebody is at which school.
    user_id         TEXT   NOT NULL, -- the account
    school          TEXT   NOT NULL, -- the school's slug, or * for every school
    role            TEXT   NOT NULL, -- author, moderator, slt, dsl, head or administrator
    CONSTRAINT user_role_pk PRIMARY KEY (user_id, school, role),
    CONSTRAINT user_role_of_user FOREIGN KEY (user_id) REFERENCES app_user (id),
    CONSTRAINT user_role_role CHECK (role IN ('author', 'moderator', 'slt', 'dsl', 'head', 'administrator'))
);

CREATE TABLE session (
    -- Somebody who is signed in.
    token_hash      TEXT   NOT NULL, -- SHA-256 of the cookie's token, lower-case hex
    user_id         TEXT   NOT NULL, -- the account
    form_token      TEXT   NOT NULL, -- what every form of this session must send back
    created_at      BIGINT NOT NULL, -- ms
    seen_at         BIGINT NOT NULL, -- the last use, to the minute, ms
    expires_at      BIGINT NOT NULL, -- when it ends however much it is used, ms
    CONSTRAINT session_pk PRIMARY KEY (token_hash),
    CONSTRAINT session_of_user FOREIGN KEY (user_id) REFERENCES app_user (id)
);
CREATE INDEX session_by_user ON session (user_id);
CREATE INDEX session_by_end ON session (expires_at);

CREATE TABLE sign_in_failure (
    -- Sign-ins that did not work, for slowing down who guesses. Both hashes hide what was typed: it can be a password.
    login_hash      TEXT   NOT NULL, -- SHA-256 of the login in lower case, lower-case hex
    address_hash    TEXT   NOT NULL, -- a hash of the address that it came from
    at              BIGINT NOT NULL, -- ms
    tries           BIGINT NOT NULL, -- how many came in the same millisecond
    CONSTRAINT sign_in_failure_pk PRIMARY KEY (login_hash, at, address_hash)
);
CREATE INDEX sign_in_failure_address ON sign_in_failure (address_hash, at);
CREATE INDEX sign_in_failure_at ON sign_in_failure (at);

CREATE TABLE decision (
    -- What people decided, each on the state that they saw.
    key             TEXT   NOT NULL, -- the idempotency key
    item_key        TEXT   NOT NULL, -- the item
    review_version  BIGINT NOT NULL, -- the version of the review that was decided on
    decision        TEXT   NOT NULL, -- approve, reject, acknowledge or escalate
    escalated_to    TEXT,            -- slt, dsl or head
    actor           TEXT   NOT NULL, -- the account's id
    at              BIGINT NOT NULL, -- ms
    note            TEXT,            -- the person's own words; restricted content like the item's
    CONSTRAINT decision_pk PRIMARY KEY (key),
    CONSTRAINT decision_once UNIQUE (item_key, review_version),
    CONSTRAINT decision_of_item FOREIGN KEY (item_key) REFERENCES item (key),
    CONSTRAINT decision_decision CHECK (decision IN ('approve', 'reject', 'acknowledge', 'escalate')),
    CONSTRAINT decision_escalated_to CHECK (escalated_to IN ('slt', 'dsl', 'head')),
    CONSTRAINT decision_escalated CHECK ((decision = 'escalate') = (escalated_to IS NOT NULL))
);

CREATE TABLE event (
    -- What the school or the platform did, once each. One that arrives before its item waits for it.
    school          TEXT   NOT NULL, -- the school's slug
    id              TEXT   NOT NULL, -- the producer's id
    type            TEXT   NOT NULL, -- what happened
    item_id         TEXT,            -- the producer's id of the item
    item_key        TEXT,            -- the item's row, where it is known
    revision        BIGINT,          -- the item's revision, where the producer gave one
    actor           TEXT,            -- who did it, as the producer calls them; restricted content
    at              BIGINT NOT NULL, -- when it happened, ms
    arrived_at      BIGINT NOT NULL, -- when it reached us, ms
    applied_at      BIGINT,          -- when the item had what it changes, ms; empty while that waits
    content_hash    TEXT   NOT NULL, -- SHA-256 of the content, lower-case hex
    body            BYTEA  NOT NULL, -- the producer's JSON as received, byte for byte
    CONSTRAINT event_pk PRIMARY KEY (school, id),
    CONSTRAINT event_of_item FOREIGN KEY (item_key) REFERENCES item (key),
    CONSTRAINT event_type CHECK (type IN ('acknowledged', 'replied', 'hidden', 'unhidden', 'deleted', 'action_result',
        'published', 'unpublished', 'account_seen'))
);
CREATE INDEX event_waiting ON event (school, item_id, arrived_at, id) WHERE applied_at IS NULL;
CREATE INDEX event_item ON event (item_key, at);

CREATE TABLE verdict_media (
    -- Which verdict names which clean picture: whose it is, and whether it may be seen. A picture that was cleaned
    -- before schema 2 has no row, so that programs do not get it.
    clean_sha256    TEXT   NOT NULL, -- SHA-256 of the clean bytes, lower-case hex
    item_key        TEXT   NOT NULL, -- the item
    CONSTRAINT verdict_media_pk PRIMARY KEY (clean_sha256, item_key),
    CONSTRAINT verdict_media_of_item FOREIGN KEY (item_key) REFERENCES item (key)
);
