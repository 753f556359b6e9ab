-- Schema 1: items, verdicts, reviews, windows, outbox, audit, dead letters.
--
-- One text for SQLite and PostgreSQL. Only three column types: TEXT, BIGINT (whole numbers, 0/1, and times as
-- milliseconds since 1970-01-01 UTC) and BYTEA. SQLite has no BYTEA, but it takes any type word and keeps a blob
-- bound to such a column as a blob, byte for byte, so nothing needs to be replaced; a contract case proves it.
-- Ids and times come from the program, never from the engine. Every enum has a CHECK; every constraint has a name.

CREATE TABLE item_head (
    -- One row a draft or comment, over all its revisions. Its row lock puts everything about one item in order.
    school          TEXT   NOT NULL, -- the school's slug
    kind            TEXT   NOT NULL, -- draft or comment
    id              TEXT   NOT NULL, -- the producer's id
    arrivals        BIGINT NOT NULL, -- how many item rows there are; the last ordinal given out
    latest_revision BIGINT NOT NULL, -- the newest revision that has arrived; 0 before the first
    latest_ordinal  BIGINT NOT NULL, -- the ordinal of the newest item row; 0 before the first
    latest_key      TEXT,            -- the newest item row; empty before the first
    CONSTRAINT item_head_pk PRIMARY KEY (school, kind, id),
    CONSTRAINT item_head_kind CHECK (kind IN ('draft', 'comment'))
);

CREATE TABLE item (
    -- The inbox: one row a revision and verb, exactly as the producer sent it. It waits until it has a verdict.
    key             TEXT   NOT NULL, -- made by the door, UUIDv7 text
    school          TEXT   NOT NULL, -- the school's slug
    kind            TEXT   NOT NULL, -- draft or comment
    id              TEXT   NOT NULL, -- the producer's id
    revision        BIGINT NOT NULL, -- from 1, given by the producer or counted up here
    verb            TEXT   NOT NULL, -- what happened: add, edit or remove
    ordinal         BIGINT NOT NULL, -- order of arrival among the rows of the same item, from 1
    content_hash    TEXT   NOT NULL, -- SHA-256 of the content, lower-case hex
    body            BYTEA  NOT NULL, -- the producer's JSON as received, byte for byte
    created_at      BIGINT NOT NULL, -- when it was written, ms
    arrived_at      BIGINT NOT NULL, -- when it reached us, ms
    has_media       BIGINT NOT NULL, -- 1 where pictures must be read, which takes its own slots
    state           TEXT   NOT NULL, -- waiting for a verdict, or screened
    attempts        BIGINT NOT NULL, -- how often a screener has taken it
    lease_owner     TEXT,            -- the screener that has it now
    lease_until     BIGINT,          -- when it is free again, ms
    conflicted_at   BIGINT,          -- when other content came for the same inbox key, ms; makes it a hold
    CONSTRAINT item_pk PRIMARY KEY (key),
    CONSTRAINT item_inbox UNIQUE (school, kind, id, revision, verb),
    CONSTRAINT item_ordinal UNIQUE (school, kind, id, ordinal),
    CONSTRAINT item_of_head FOREIGN KEY (school, kind, id) REFERENCES item_head (school, kind, id),
    CONSTRAINT item_verb CHECK (verb IN ('add', 'edit', 'remove')),
    CONSTRAINT item_state CHECK (state IN ('waiting', 'screened')),
    CONSTRAINT item_revision CHECK (revision BETWEEN 1 AND 4294967295),
    CONSTRAINT item_attempts CHECK (attempts >= 0),
    CONSTRAINT item_has_media CHECK (has_media IN (0, 1)),
    CONSTRAINT item_lease CHECK ((lease_owner IS NULL) = (lease_until IS NULL))
);
CREATE INDEX item_waiting ON item (arrived_at, key) WHERE state = 'waiting';

CREATE TABLE verdict (
    -- The machine's answers. Version 1 comes from screening; a later one replaces it when a conflict makes it a hold.
    item_key        TEXT   NOT NULL, -- the item
    version         BIGINT NOT NULL, -- from 1
    is_current      BIGINT NOT NULL, -- 1 for the one that counts
    outcome         TEXT   NOT NULL, -- approve, hold or escalate
    body            TEXT   NOT NULL, -- the verdict as JSON, with the words found
    recorded_at     BIGINT NOT NULL, -- ms
    CONSTRAINT verdict_pk PRIMARY KEY (item_key, version),
    CONSTRAINT verdict_of_item FOREIGN KEY (item_key) REFERENCES item (key),
    CONSTRAINT verdict_outcome CHECK (outcome IN ('approve', 'hold', 'escalate')),
    CONSTRAINT verdict_is_current CHECK (is_current IN (0, 1))
);
CREATE UNIQUE INDEX verdict_current ON verdict (item_key) WHERE is_current = 1;
CREATE INDEX verdict_recorded ON verdict (recorded_at);

CREATE TABLE review (
    -- The work that a person has with an item.
    item_key        TEXT   NOT NULL, -- the item
    state           TEXT   NOT NULL, -- open, escalated or closed
    version         BIGINT NOT NULL, -- counts up with each change, so that nobody overwrites what they have not seen
    opened_at       BIGINT NOT NULL, -- ms
    closed_at       BIGINT,          -- ms; empty while somebody has to act
    superseded_by   TEXT,            -- the newer revision that closed it
    CONSTRAINT review_pk PRIMARY KEY (item_key),
    CONSTRAINT review_of_item FOREIGN KEY (item_key) REFERENCES item (key),
    CONSTRAINT review_state CHECK (state IN ('open', 'escalated', 'closed')),
    CONSTRAINT review_closed CHECK ((state = 'closed') = (closed_at IS NOT NULL))
);

CREATE TABLE response_window (
    -- When a visible comment is due. Stored whole, so that a changed calendar never moves a past due time.
    item_key         TEXT   NOT NULL, -- the item
    received_at      BIGINT NOT NULL, -- when the clock started, ms
    due_at           BIGINT NOT NULL, -- when the window ends, ms
    mode             TEXT   NOT NULL, -- as_written or roll_forward
    division         TEXT   NOT NULL, -- the bank-holiday division
    calendar_version TEXT   NOT NULL, -- the calendar in force
    needs_response   BIGINT NOT NULL, -- 1 where somebody waits for words
    why              TEXT   NOT NULL, -- plain English
    inherited_from   TEXT,            -- the earlier revision whose clock runs on
    acknowledged_at  BIGINT,          -- ms
    acknowledged_by  TEXT,            -- a person's id, or the platform's name of the event
    superseded_by    TEXT,            -- the newer revision that carries the clock on
    CONSTRAINT response_window_pk PRIMARY KEY (item_key),
    CONSTRAINT response_window_of_item FOREIGN KEY (item_key) REFERENCES item (key),
    CONSTRAINT response_window_mode CHECK (mode IN ('as_written', 'roll_forward')),
    CONSTRAINT response_window_needs CHECK (needs_response IN (0, 1)),
    CONSTRAINT response_window_due CHECK (due_at >= received_at),
    CONSTRAINT response_window_ack CHECK ((acknowledged_at IS NULL) = (acknowledged_by IS NULL))
);
CREATE INDEX response_window_open ON response_window (due_at) WHERE acknowledged_at IS NULL AND superseded_by IS NULL;

CREATE TABLE outbox (
    -- Effects to be carried out at least once, each recognisable by its key.
    key             TEXT   NOT NULL, -- the idempotency key, the same however often it is sent
    item_key        TEXT   NOT NULL, -- the item it is about
    kind            TEXT   NOT NULL, -- publish or alert
    routing_key     TEXT   NOT NULL, -- on schoolgate.out
    audience        TEXT,            -- who is told; alerts only
    urgent          BIGINT NOT NULL, -- 1 goes before everything else
    body            TEXT   NOT NULL, -- JSON, without names or words
    state           TEXT   NOT NULL, -- pending, sent, no_broker, failed or superseded
    attempts        BIGINT NOT NULL, -- how often somebody has tried; counted before the try
    lease_owner     TEXT,            -- who is trying now
    lease_until     BIGINT,          -- when it is free again, ms
    not_before      BIGINT NOT NULL, -- when it may be tried next, ms
    created_at      BIGINT NOT NULL, -- ms
    sent_at         BIGINT,          -- ms
    last_error      TEXT,            -- a stable code, never a message
    CONSTRAINT outbox_pk PRIMARY KEY (key),
    CONSTRAINT outbox_of_item FOREIGN KEY (item_key) REFERENCES item (key),
    CONSTRAINT outbox_kind CHECK (kind IN ('publish', 'alert')),
    CONSTRAINT outbox_routing_key CHECK (length(routing_key) BETWEEN 1 AND 255),
    CONSTRAINT outbox_audience CHECK (audience IN ('moderator', 'slt', 'dsl', 'head', 'dpo', 'press', 'line_manager', 'author')),
    CONSTRAINT outbox_urgent CHECK (urgent IN (0, 1)),
    CONSTRAINT outbox_state CHECK (state IN ('pending', 'sent', 'no_broker', 'failed', 'superseded')),
    CONSTRAINT outbox_sent CHECK ((state = 'sent') = (sent_at IS NOT NULL)),
    CONSTRAINT outbox_lease CHECK ((lease_owner IS NULL) = (lease_until IS NULL))
);
CREATE INDEX outbox_pending ON outbox (urgent DESC, created_at, key) WHERE state = 'pending';
CREATE INDEX outbox_item ON outbox (item_key);

CREATE TABLE receipt (
    -- Which recipients of an alert have got it, so that one who cannot be reached never costs the others theirs.
    outbox_key      TEXT   NOT NULL, -- the alert
    recipient       TEXT   NOT NULL, -- SHA-256 of the address, lower-case hex
    at              BIGINT NOT NULL, -- when the mail server took it, ms
    CONSTRAINT receipt_pk PRIMARY KEY (outbox_key, recipient),
    CONSTRAINT receipt_of_alert FOREIGN KEY (outbox_key) REFERENCES outbox (key)
);

CREATE TABLE audit_head (
    -- The end of each school's chain. Its row lock puts the school's lines in order.
    school          TEXT   NOT NULL, -- the school's slug
    seq             BIGINT NOT NULL, -- the last line; 0 before the first
    hash            TEXT   NOT NULL, -- the last line's hash
    CONSTRAINT audit_head_pk PRIMARY KEY (school)
);

CREATE TABLE audit (
    -- Who did what when. Each line's hash covers the line and the hash before it.
    school          TEXT   NOT NULL, -- the school's slug
    seq             BIGINT NOT NULL, -- from 1 without a gap
    at              BIGINT NOT NULL, -- ms
    actor           TEXT   NOT NULL, -- machine, clock or a person's id
    action          TEXT   NOT NULL, -- a stable verb
    item_key        TEXT,            -- the item, where there is one
    detail          TEXT   NOT NULL, -- JSON, codes and versions only
    prev_hash       TEXT   NOT NULL, -- the hash of the line before
    hash            TEXT   NOT NULL, -- SHA-256, lower-case hex
    CONSTRAINT audit_pk PRIMARY KEY (school, seq)
);

CREATE TABLE dead_letter (
    -- What was received but cannot be used as it is. The body is restricted and under retention.
    key             TEXT   NOT NULL, -- made by the door, UUIDv7 text
    school          TEXT,            -- the school's slug, where it is known
    item_key        TEXT,            -- the item it collided with, where there is one
    reason          TEXT   NOT NULL, -- a stable code such as conflicting_revision
    content_hash    TEXT,            -- SHA-256 of its content, where it could be read
    body            BYTEA  NOT NULL, -- the message as received
    at              BIGINT NOT NULL, -- ms
    CONSTRAINT dead_letter_pk PRIMARY KEY (key),
    CONSTRAINT dead_letter_once UNIQUE (item_key, reason, content_hash)
);
CREATE INDEX dead_letter_at ON dead_letter (at);

CREATE TABLE heartbeat (
    -- One row that readiness writes and reads back.
    name            TEXT   NOT NULL, -- always ping
    at              BIGINT NOT NULL, -- ms
    CONSTRAINT heartbeat_pk PRIMARY KEY (name)
);
