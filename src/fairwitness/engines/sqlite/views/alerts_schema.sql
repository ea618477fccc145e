CREATE TABLE IF NOT EXISTS alert (
    alert TEXT PRIMARY KEY,
    idx INTEGER NOT NULL,
    policy TEXT NOT NULL,
    rank INTEGER NOT NULL,
    state TEXT NOT NULL,
    claimed_by TEXT NOT NULL,
    raised_at INTEGER NOT NULL,
    raised_index INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS alert_by_state ON alert (state, rank, raised_index, policy);
CREATE INDEX IF NOT EXISTS alert_by_entry ON alert (idx);
CREATE INDEX IF NOT EXISTS alert_by_policy ON alert (policy, state, rank, raised_index);
CREATE INDEX IF NOT EXISTS alert_by_rank ON alert (rank, raised_index);

CREATE TABLE IF NOT EXISTS step (
    custody_index INTEGER PRIMARY KEY,
    alert TEXT NOT NULL,
    step BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS step_by_alert ON step (alert, custody_index);
