-- Wrapped data keys. Never part of the record, never in a backup of data.

CREATE TABLE data_key (
    key_id  BLOB PRIMARY KEY,
    wrapped BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE scope (
    lookup BLOB PRIMARY KEY,
    key_id BLOB NOT NULL
) WITHOUT ROWID;
