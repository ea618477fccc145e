-- Wrapped keys. Never part of the record, never in a backup of data.

-- The generation that new keys are wrapped under.
CREATE TABLE generation (
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    current INTEGER NOT NULL
);
INSERT INTO generation (one, current) VALUES (1, 1);

-- `wrapped` is NULL once the key was destroyed: the row stays, and says that there was one.
CREATE TABLE data_key (
    key_id     BLOB PRIMARY KEY,
    stream     TEXT NOT NULL,
    month      TEXT NOT NULL,
    retention  TEXT NOT NULL,
    generation INTEGER NOT NULL,
    wrapped    BLOB
) WITHOUT ROWID;
CREATE UNIQUE INDEX data_key_by_scope ON data_key (stream, month, retention) WHERE wrapped IS NOT NULL;
CREATE INDEX data_key_by_generation ON data_key (generation) WHERE wrapped IS NOT NULL;

-- Entries that live on without their data key.
CREATE TABLE entry_key (
    key_id     BLOB NOT NULL,
    idx        INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    wrapped    BLOB NOT NULL,
    PRIMARY KEY (key_id, idx)
) WITHOUT ROWID;
CREATE INDEX entry_key_by_generation ON entry_key (generation);

-- Disposals that were begun, until every step is done.
CREATE TABLE disposal (
    number   INTEGER PRIMARY KEY,
    disposal TEXT NOT NULL UNIQUE,
    note     BLOB NOT NULL
);
