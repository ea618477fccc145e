-- name: generation
SELECT current FROM generation

-- name: begin_generation
UPDATE generation SET current = max(current, ?)

-- name: put_key
INSERT INTO data_key (key_id, stream, month, retention, generation, wrapped) VALUES (?, ?, ?, ?, ?, ?)

-- name: find
SELECT key_id FROM data_key WHERE stream = ? AND month = ? AND retention = ? AND wrapped IS NOT NULL

-- name: data_key
SELECT generation, wrapped FROM data_key WHERE key_id = ? AND wrapped IS NOT NULL

-- name: entry_key
SELECT generation, wrapped FROM entry_key WHERE key_id = ? AND idx = ?

-- name: keys_behind
SELECT key_id, generation, wrapped FROM data_key
WHERE wrapped IS NOT NULL AND generation < (SELECT current FROM generation) LIMIT ?

-- name: entries_behind
SELECT key_id, idx, generation, wrapped FROM entry_key
WHERE generation < (SELECT current FROM generation) LIMIT ?

-- name: rewrap_key
UPDATE data_key SET generation = ?2, wrapped = ?3 WHERE key_id = ?1 AND wrapped IS NOT NULL

-- name: rewrap_entry
UPDATE entry_key SET generation = ?3, wrapped = ?4 WHERE key_id = ?1 AND idx = ?2

-- name: states
SELECT key_id, stream, month, retention, wrapped IS NOT NULL AS whole,
       (SELECT count(*) FROM entry_key e WHERE e.key_id = d.key_id) AS entries
FROM data_key d WHERE whole OR entries > 0 ORDER BY stream, month, retention, key_id

-- name: destroyed
SELECT count(*) FROM data_key WHERE wrapped IS NULL

-- name: destroy_key
UPDATE data_key SET wrapped = NULL WHERE key_id = ?

-- name: destroy_entry
DELETE FROM entry_key WHERE key_id = ? AND idx = ?

-- name: put_entry
INSERT OR REPLACE INTO entry_key (key_id, idx, generation, wrapped) VALUES (?, ?, ?, ?)

-- name: put_note
INSERT OR REPLACE INTO disposal (disposal, note) VALUES (?, ?)

-- name: notes
SELECT disposal, note FROM disposal ORDER BY number

-- name: finish
DELETE FROM disposal WHERE disposal = ?
