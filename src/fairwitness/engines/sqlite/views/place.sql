-- In every view: how far it has come, and what it was led past.
CREATE TABLE IF NOT EXISTS place (log TEXT PRIMARY KEY, next INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS skipped (
    log TEXT NOT NULL, idx INTEGER NOT NULL, problem TEXT NOT NULL, PRIMARY KEY (log, idx)
) STRICT, WITHOUT ROWID;
