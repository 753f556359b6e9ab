-- Schema 4: what people answered when a held draft asked who is in its pictures.

CREATE TABLE answer (
    -- A revision that was made in the console: an earlier one with what a person said about its pictures.
    item_key        TEXT   NOT NULL, -- the revision that holds the answer
    of_key          TEXT   NOT NULL, -- the revision that was asked about
    actor           TEXT   NOT NULL, -- the account's id
    at              BIGINT NOT NULL, -- ms
    CONSTRAINT answer_pk PRIMARY KEY (item_key),
    CONSTRAINT answer_is_item FOREIGN KEY (item_key) REFERENCES item (key),
    CONSTRAINT answer_of_item FOREIGN KEY (of_key) REFERENCES item (key)
);
CREATE INDEX answer_of ON answer (of_key);
