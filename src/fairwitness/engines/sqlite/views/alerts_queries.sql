-- {where} stands for the conditions that a person chose; their values are bound.

-- name: get
SELECT alert, idx, policy, rank, state, claimed_by, raised_at, raised_index FROM alert WHERE alert = ?

-- name: put
INSERT INTO alert (alert, idx, policy, rank, state, claimed_by, raised_at, raised_index)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (alert) DO UPDATE SET state = excluded.state, claimed_by = excluded.claimed_by

-- name: add_step
INSERT OR IGNORE INTO step (custody_index, alert, step) VALUES (?, ?, ?)

-- name: of_entries
SELECT alert, idx, policy, rank, state, claimed_by, raised_at, raised_index FROM alert
WHERE idx IN (SELECT value FROM json_each(?)) ORDER BY idx, rank DESC, raised_index

-- name: steps
SELECT step FROM step WHERE alert = ? ORDER BY custody_index

-- name: policies
SELECT DISTINCT policy FROM alert ORDER BY policy

-- name: last_change
SELECT coalesce(max(custody_index) + 1, 0) FROM step

-- name: newest
SELECT alert, idx, policy, rank, state, claimed_by, raised_at, raised_index FROM alert
WHERE {where} ORDER BY rank DESC, raised_index DESC LIMIT ? OFFSET ?

-- name: oldest
SELECT alert, idx, policy, rank, state, claimed_by, raised_at, raised_index FROM alert
WHERE {where} ORDER BY rank DESC, raised_index ASC LIMIT ? OFFSET ?

-- name: count
SELECT count(*) FROM alert WHERE {where}
