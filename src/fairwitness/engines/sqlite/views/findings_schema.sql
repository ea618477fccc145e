CREATE TABLE IF NOT EXISTS finding (
    alert BLOB PRIMARY KEY,
    idx INTEGER NOT NULL,
    stream BLOB NOT NULL,
    line TEXT NOT NULL,
    plan TEXT NOT NULL,
    finding BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS finding_by_line ON finding (line, idx);
