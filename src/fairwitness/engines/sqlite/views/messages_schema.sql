-- One row per conversation.
CREATE TABLE IF NOT EXISTS thread (
    thread INTEGER PRIMARY KEY,
    stream BLOB NOT NULL UNIQUE,
    line TEXT NOT NULL,
    chat TEXT NOT NULL DEFAULT '',
    messages INTEGER NOT NULL DEFAULT 0,
    last_index INTEGER NOT NULL DEFAULT 0,
    last_at INTEGER
) STRICT;
CREATE INDEX IF NOT EXISTS thread_by_age ON thread (last_index);
CREATE INDEX IF NOT EXISTS thread_by_line ON thread (line, last_index);

-- One row per message. key is NULL for what stands alone; position is the entry it is shown at.
-- Both indexes begin with a small number, so that a conversation's rows share few pages.
CREATE TABLE IF NOT EXISTS message (
    number INTEGER PRIMARY KEY,
    thread INTEGER NOT NULL,
    key BLOB,
    position INTEGER NOT NULL,
    held INTEGER NOT NULL,
    UNIQUE (thread, key)
) STRICT;
CREATE INDEX IF NOT EXISTS message_by_place ON message (thread, position, number);

-- Every event that belongs to a message: the message itself, and what happened to it.
CREATE TABLE IF NOT EXISTS part (
    number INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    flags INTEGER NOT NULL,
    event BLOB NOT NULL,
    PRIMARY KEY (number, idx, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS part_by_entry ON part (idx, ordinal);

CREATE TABLE IF NOT EXISTS naming (
    line TEXT NOT NULL,
    address TEXT NOT NULL,
    name TEXT NOT NULL,
    at INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    PRIMARY KEY (line, address)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS unclear (
    idx INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    source TEXT NOT NULL,
    reason TEXT NOT NULL,
    received_at INTEGER NOT NULL
) STRICT;
