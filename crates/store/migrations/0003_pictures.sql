-- Schema 3: pictures that were taken back for good, and pictures that may not be published again.
--
-- The same three column types and rules as in schema 1. A picture itself is never in the database.

CREATE TABLE removed_picture (
    -- What is left of a picture that was removed: its hash. A row a hash, for the bytes as they came and for the clean copy.
    school          TEXT   NOT NULL, -- the school's slug
    sha256          TEXT   NOT NULL, -- SHA-256 of the bytes, lower-case hex
    at              BIGINT NOT NULL, -- when it was removed, ms
    removed_by      TEXT   NOT NULL, -- who did, the account's id or cli
    reason          TEXT   NOT NULL, -- a code, never a word about anybody
    swept_at        BIGINT,          -- since when nothing of it can be left, ms; empty while somebody must still look
    CONSTRAINT removed_picture_pk PRIMARY KEY (school, sha256),
    CONSTRAINT removed_picture_reason CHECK (reason IN ('compromising', 'consent', 'request', 'mistake', 'other'))
);
CREATE INDEX removed_picture_unswept ON removed_picture (at, school, sha256) WHERE swept_at IS NULL;

CREATE TABLE known_list (
    -- How often a school's list of known pictures has changed. Its row lock puts the changes in order.
    school          TEXT   NOT NULL, -- the school's slug
    version         BIGINT NOT NULL, -- the last change's number, from 1
    CONSTRAINT known_list_pk PRIMARY KEY (school)
);

CREATE TABLE known_picture (
    -- A picture that may not be published, and how its copies are recognised.
    school          TEXT   NOT NULL, -- the school's slug
    sha256          TEXT   NOT NULL, -- SHA-256 of the picture's bytes, lower-case hex
    list            TEXT   NOT NULL, -- why it is listed
    fingerprint     TEXT,            -- its PDQ fingerprint, 64 hex digits; empty where it has none
    likeness        BYTEA  NOT NULL, -- what else recognises it; no bytes where there is nothing
    copy_sha256     TEXT,            -- the clean copy that the entitled may compare; empty where none is kept
    version         BIGINT NOT NULL, -- the change of the list that it stands at
    listed_at       BIGINT NOT NULL, -- when it was listed, ms
    listed_by       TEXT   NOT NULL, -- who did, the account's id or cli
    reason          TEXT   NOT NULL, -- a code, never a word about anybody
    removed_at      BIGINT,          -- when it was taken off the list, ms
    CONSTRAINT known_picture_pk PRIMARY KEY (school, sha256),
    CONSTRAINT known_picture_list CHECK (list IN ('do_not_publish', 'withdrawn')),
    CONSTRAINT known_picture_reason CHECK (reason IN ('compromising', 'consent', 'request', 'mistake', 'other'))
);
CREATE INDEX known_picture_version ON known_picture (school, version);
CREATE INDEX known_picture_copy ON known_picture (copy_sha256) WHERE copy_sha256 IS NOT NULL;
