-- Schema 5: the small grey copy that a listed picture is compared by is kept apart from what else recognises it, so that it
-- goes when the picture goes.

ALTER TABLE known_picture ADD COLUMN sketch BYTEA; -- the grey copy; empty where no clean copy is kept
