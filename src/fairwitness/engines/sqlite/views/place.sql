-- In every view: how far it has come, what it was led past, and the disposals it has let go of.
CREATE TABLE IF NOT EXISTS place (log TEXT PRIMARY KEY, next INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS skipped (
    log TEXT NOT NULL, idx INTEGER NOT NULL, problem TEXT NOT NULL, PRIMARY KEY (log, idx)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS forgotten (disposal TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
