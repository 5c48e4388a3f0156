-- Keys of the vault on SQLite, format 1: one per person or client, apart from what they open.
-- A key that was destroyed leaves its row, so that nobody is given a new key under an erased id.

CREATE TABLE subjects (
    subject BLOB NOT NULL PRIMARY KEY CHECK (length(subject) = 16),
    key BLOB CHECK (length(key) = 32),
    salt BLOB CHECK (length(salt) = 32),
    CHECK ((key IS NULL) = (salt IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TRIGGER subjects_erased BEFORE UPDATE ON subjects
WHEN OLD.key IS NULL
BEGIN
    SELECT RAISE(ABORT, 'coledger: an erased person stays erased');
END;

CREATE TRIGGER subjects_delete BEFORE DELETE ON subjects
BEGIN
    SELECT RAISE(ABORT, 'coledger: an erased person leaves an empty row, not none');
END;

CREATE TRIGGER subjects_insert BEFORE INSERT ON subjects
WHEN EXISTS (SELECT 1 FROM subjects WHERE subject = NEW.subject)
BEGIN
    SELECT RAISE(ABORT, 'coledger: a key is made once and never replaced');
END;
