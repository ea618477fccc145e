-- name: add_log
INSERT OR IGNORE INTO log (name) VALUES (?)

-- name: logs
SELECT name, log FROM log

-- name: size
SELECT size FROM log WHERE log = ?

-- name: grow
UPDATE log SET size = ? WHERE log = ?

-- name: add_entry
INSERT INTO entry (log, idx, header, identity, digest) VALUES (?, ?, ?, ?, ?)

-- name: add_batch
INSERT INTO batch (log, first, count, sealed) VALUES (?, ?, ?, ?)

-- name: headers
SELECT header FROM entry WHERE log = ? AND idx >= ? AND idx < ? ORDER BY idx

-- name: pending
SELECT idx, header FROM entry WHERE log = ? AND idx >= ? AND idx < ? ORDER BY idx

-- name: digests
SELECT identity, digest FROM entry WHERE log = ? AND idx >= ? AND idx < ? ORDER BY idx

-- name: batches
SELECT first, count, sealed FROM batch
WHERE log = ?1 AND first < ?3
  AND first >= coalesce((SELECT max(first) FROM batch WHERE log = ?1 AND first <= ?2), 0)
ORDER BY first

-- name: seen
SELECT day, identity, digest, kept, received FROM dedupe WHERE day = ? AND identity = ?

-- name: remember
INSERT INTO dedupe (day, identity, digest, kept, received) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (day, identity, digest) DO UPDATE SET kept = max(kept, excluded.kept)

-- name: count_refused
INSERT INTO refused (line, day, reason, count) VALUES (?, ?, ?, ?)
ON CONFLICT (line, day, reason) DO UPDATE SET count = count + excluded.count

-- name: refused
SELECT line, day, reason, count FROM refused ORDER BY day, line, reason

-- name: stream
SELECT stream FROM stream WHERE lookup = ?

-- name: add_stream
INSERT INTO stream (lookup, stream) VALUES (?, ?)

-- name: subject_version
SELECT version FROM subject WHERE subject = ?

-- name: touch_subject
INSERT INTO subject (subject, version) VALUES (?, 1)
ON CONFLICT (subject) DO UPDATE SET version = version + 1

-- name: segments
SELECT name, first, last, manifest FROM segment JOIN log USING (log) WHERE log = ? ORDER BY first

-- name: add_segment
INSERT OR IGNORE INTO segment (log, first, last, manifest) VALUES (?, ?, ?, ?)

-- name: forget_entries
DELETE FROM entry WHERE log = ? AND idx <= ?

-- name: forget_batches
DELETE FROM batch WHERE log = ? AND first + count - 1 <= ?

-- name: forget_refused
DELETE FROM dedupe WHERE kept = 0 AND received < ?

-- name: data_version
PRAGMA data_version
