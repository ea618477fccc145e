-- name: place
SELECT log, next FROM place

-- name: move
INSERT INTO place (log, next) VALUES (?1, ?2) ON CONFLICT (log) DO UPDATE SET next = excluded.next

-- name: note_skipped
INSERT OR REPLACE INTO skipped (log, idx, problem) VALUES (?, ?, ?)

-- name: skipped
SELECT log, idx, problem FROM skipped ORDER BY idx DESC, log LIMIT ?

-- name: acknowledge
INSERT OR IGNORE INTO forgotten (disposal) VALUES (?)

-- name: acknowledged
SELECT count(*) FROM forgotten WHERE disposal = ?
