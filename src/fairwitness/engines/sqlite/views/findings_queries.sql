-- name: add
INSERT OR IGNORE INTO finding (alert, idx, stream, line, plan, finding) VALUES (?, ?, ?, ?, ?, ?)

-- name: of_alert
SELECT alert, idx, stream, line, plan, finding FROM finding WHERE alert = ?

-- name: alerts_of_line
SELECT alert FROM finding WHERE line = ? ORDER BY idx DESC

-- name: forget
DELETE FROM finding WHERE idx IN (SELECT value FROM json_each(?))
