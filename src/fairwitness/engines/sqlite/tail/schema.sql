-- The tail: entries that no segment holds yet, and what appending must know.
-- Every process of one machine may write; an index is given inside the transaction.

CREATE TABLE log (
    log  INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    size INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE entry (
    log      INTEGER NOT NULL,
    idx      INTEGER NOT NULL,
    header   BLOB NOT NULL,
    identity BLOB,
    digest   BLOB,
    PRIMARY KEY (log, idx)
) WITHOUT ROWID;

-- Payloads that were appended together, sealed together.
CREATE TABLE batch (
    log    INTEGER NOT NULL,
    first  INTEGER NOT NULL,
    count  INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (log, first)
);

-- Bucketed by the day of the message, so that what is touched stays small as the record grows.
CREATE TABLE dedupe (
    day      INTEGER NOT NULL,
    identity BLOB NOT NULL,
    digest   BLOB NOT NULL,
    kept     INTEGER NOT NULL,
    received INTEGER NOT NULL,
    PRIMARY KEY (day, identity, digest)
) WITHOUT ROWID;
CREATE INDEX dedupe_refused ON dedupe (received) WHERE kept = 0;

CREATE TABLE stream (
    lookup BLOB PRIMARY KEY,
    stream BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE subject (
    subject TEXT PRIMARY KEY,
    version INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE refused (
    line   TEXT NOT NULL,
    day    TEXT NOT NULL,
    reason TEXT NOT NULL,
    count  INTEGER NOT NULL,
    PRIMARY KEY (line, day, reason)
) WITHOUT ROWID;

CREATE TABLE segment (
    log      INTEGER NOT NULL,
    first    INTEGER NOT NULL,
    last     INTEGER NOT NULL,
    manifest TEXT NOT NULL,
    PRIMARY KEY (log, first)
) WITHOUT ROWID;
