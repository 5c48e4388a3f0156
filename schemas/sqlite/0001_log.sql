-- The log of one legal entity on SQLite, format 1. Kept for ever; a change is a new file.
--
-- `events` begins with the columns of postgres-es, same names and key, so that its readers find
-- what they know. `events`, `commands`, `claims`, `checkpoints` and `log` are immutable: triggers
-- refuse UPDATE and DELETE, and BEFORE INSERT triggers refuse a key that exists, so that REPLACE
-- and upsert are refused even on a connection that leaves PRAGMA recursive_triggers off.
-- `log_head`, `snapshots` and `facts` are recomputable from `events` and may change.
--
-- There is no table of streams: the last sequence of a stream is max(sequence) over the UNIQUE
-- index, one seek; a second copy of it could only disagree.
--
-- Refusals roll the whole transaction back: a batch is appended whole or not at all, and SQLite
-- need not copy every page it touches for undoing one statement. For that no CHECK of `events`,
-- `commands` and `claims` calls a function: SQLite takes any call for one that may fail, and copies.
-- Ids of 16 bytes and digests of 32 are checked where they are read.
-- Messages are plain literals: SQLite before 3.47 could not parse the schema otherwise.

CREATE TABLE log (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    format INTEGER NOT NULL,
    log_id BLOB NOT NULL CHECK (length(log_id) = 16)
) STRICT;

-- `position` is written out because VACUUM may renumber an implicit rowid.
CREATE TABLE events (
    aggregate_type TEXT NOT NULL,
    aggregate_id TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    event_type TEXT NOT NULL,
    event_version TEXT NOT NULL,
    payload TEXT NOT NULL,
    metadata TEXT NOT NULL,
    position INTEGER PRIMARY KEY CHECK (position > 0),
    recorded_at INTEGER NOT NULL,
    effective_on TEXT NOT NULL,
    command_id BLOB NOT NULL,
    posting_rule TEXT NOT NULL,
    entry_digest BLOB NOT NULL,
    leaf_hash BLOB NOT NULL,
    UNIQUE (aggregate_type, aggregate_id, sequence)
) STRICT;

CREATE TABLE commands (
    command_id BLOB NOT NULL PRIMARY KEY,
    first_position INTEGER NOT NULL,
    last_position INTEGER NOT NULL,
    request_digest BLOB NOT NULL,
    recorded_at INTEGER NOT NULL,
    CHECK (first_position BETWEEN 1 AND last_position)
) STRICT, WITHOUT ROWID;

-- What may stand in the log once only: ids of orders and invoices, documents, memberships.
-- `what` is the number of domain's Claimed; 16 bytes of key are a UUID or half a digest.
CREATE TABLE claims (
    what INTEGER NOT NULL,
    key BLOB NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (what, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE checkpoints (
    size INTEGER PRIMARY KEY,
    root BLOB NOT NULL CHECK (length(root) = 32),
    note TEXT NOT NULL
) STRICT;

CREATE TABLE log_head (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    position INTEGER NOT NULL,
    root BLOB NOT NULL CHECK (length(root) = 32),
    compact_range BLOB NOT NULL,
    recorded_at INTEGER NOT NULL
) STRICT;

CREATE TABLE snapshots (
    aggregate_type TEXT NOT NULL,
    aggregate_id TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    position INTEGER NOT NULL,
    leaf_hash BLOB NOT NULL,
    state_version INTEGER NOT NULL,
    state BLOB NOT NULL,
    PRIMARY KEY (aggregate_type, aggregate_id)
) STRICT;

CREATE TABLE facts (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    position INTEGER NOT NULL,
    leaf_hash BLOB NOT NULL,
    version INTEGER NOT NULL,
    state BLOB NOT NULL
) STRICT;

-- An insert without position, which SQLite shows as -1 here, gets the last + 1 from SQLite itself,
-- and SQLite then copies no pages for undoing the statement. An explicit -1 fails the CHECK.
-- The second arm looks at the last event once for both its answers, since every insert pays for it.
CREATE TRIGGER events_insert BEFORE INSERT ON events
BEGIN
    SELECT CASE
        WHEN NEW.posting_rule IS NULL OR NEW.entry_digest IS NULL OR NEW.leaf_hash IS NULL
        THEN RAISE(ROLLBACK, 'coledger: an event needs position, posting_rule, entry_digest and leaf_hash, which only coledger can compute; postgres-es may read this table but not write it')
        WHEN NOT coalesce((
            SELECT NEW.position IN (-1, position + 1) AND NEW.recorded_at >= recorded_at
            FROM events
            ORDER BY position DESC
            LIMIT 1
        ), NEW.position IN (-1, 1))
        THEN CASE
            WHEN NEW.position NOT IN (-1, coalesce((SELECT max(position) FROM events), 0) + 1)
            THEN RAISE(ROLLBACK, 'coledger: the position of a new event must be the last + 1; events are never replaced')
            ELSE RAISE(ROLLBACK, 'coledger: recorded_at never decreases')
        END
        WHEN NEW.sequence IS NOT coalesce((
            SELECT max(sequence)
            FROM events
            WHERE aggregate_type = NEW.aggregate_type
            AND aggregate_id = NEW.aggregate_id
        ), 0) + 1
        THEN RAISE(ROLLBACK, 'coledger: the sequence of a new event must be its stream''s last + 1; events are never replaced')
    END;
END;

CREATE TRIGGER commands_insert BEFORE INSERT ON commands
WHEN EXISTS (SELECT 1 FROM commands WHERE command_id = NEW.command_id)
BEGIN
    SELECT RAISE(ROLLBACK, 'coledger: a command is accepted once only; its row is never replaced');
END;

CREATE TRIGGER claims_insert BEFORE INSERT ON claims
WHEN EXISTS (SELECT 1 FROM claims WHERE what = NEW.what AND key = NEW.key)
BEGIN
    SELECT RAISE(ROLLBACK, 'coledger: this key is claimed already; a claim is never replaced');
END;

CREATE TRIGGER checkpoints_insert BEFORE INSERT ON checkpoints
WHEN EXISTS (SELECT 1 FROM checkpoints WHERE size = NEW.size)
BEGIN
    SELECT RAISE(ROLLBACK, 'coledger: a checkpoint of this size exists; it is never replaced');
END;

CREATE TRIGGER log_insert BEFORE INSERT ON log
WHEN EXISTS (SELECT 1 FROM log)
BEGIN
    SELECT RAISE(ROLLBACK, 'coledger: a log has one identity; it is never replaced');
END;

CREATE TRIGGER log_head_insert BEFORE INSERT ON log_head
WHEN EXISTS (SELECT 1 FROM log_head)
BEGIN
    SELECT RAISE(ROLLBACK, 'coledger: a log has one head; it is moved, never replaced');
END;

CREATE TRIGGER log_head_update BEFORE UPDATE ON log_head
WHEN NEW.position <= OLD.position
BEGIN
    SELECT RAISE(ROLLBACK, 'coledger: the head of a log only moves forward');
END;

CREATE TRIGGER log_head_delete BEFORE DELETE ON log_head
BEGIN
    SELECT RAISE(ROLLBACK, 'coledger: a log keeps its head');
END;

CREATE TRIGGER events_update BEFORE UPDATE ON events
BEGIN
    SELECT RAISE(ROLLBACK, 'coledger: events are never changed; append an event that corrects it');
END;

CREATE TRIGGER events_delete BEFORE DELETE ON events
BEGIN
    SELECT RAISE(ROLLBACK, 'coledger: events are never deleted; append an event that corrects it');
END;

CREATE TRIGGER commands_update BEFORE UPDATE ON commands
BEGIN
    SELECT RAISE(ROLLBACK, 'coledger: accepted commands are never changed');
END;

CREATE TRIGGER commands_delete BEFORE DELETE ON commands
BEGIN
    SELECT RAISE(ROLLBACK, 'coledger: accepted commands are never deleted');
END;

CREATE TRIGGER claims_update BEFORE UPDATE ON claims
BEGIN
    SELECT RAISE(ROLLBACK, 'coledger: claims are never changed');
END;

CREATE TRIGGER claims_delete BEFORE DELETE ON claims
BEGIN
    SELECT RAISE(ROLLBACK, 'coledger: claims are never deleted');
END;

CREATE TRIGGER checkpoints_update BEFORE UPDATE ON checkpoints
BEGIN
    SELECT RAISE(ROLLBACK, 'coledger: checkpoints are never changed');
END;

CREATE TRIGGER checkpoints_delete BEFORE DELETE ON checkpoints
BEGIN
    SELECT RAISE(ROLLBACK, 'coledger: checkpoints are never deleted');
END;

CREATE TRIGGER log_update BEFORE UPDATE ON log
BEGIN
    SELECT RAISE(ROLLBACK, 'coledger: the identity of a log is never changed');
END;

CREATE TRIGGER log_delete BEFORE DELETE ON log
BEGIN
    SELECT RAISE(ROLLBACK, 'coledger: the identity of a log is never deleted');
END;
