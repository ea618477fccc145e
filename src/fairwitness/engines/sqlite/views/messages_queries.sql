-- name: add_message
INSERT INTO message (thread, key, position, held) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (thread, key) DO UPDATE SET
    position = CASE WHEN excluded.held > held THEN excluded.position ELSE position END,
    held = max(held, excluded.held)
RETURNING number, position

-- name: add_part
INSERT OR IGNORE INTO part (number, idx, ordinal, received_at, flags, event) VALUES (?, ?, ?, ?, ?, ?)

-- name: add_thread
INSERT INTO thread (stream, line) VALUES (?, ?) RETURNING thread

-- name: thread_of
SELECT thread FROM thread WHERE stream = ?

-- name: grow_thread
UPDATE thread SET
    chat = CASE WHEN ?2 = '' THEN chat ELSE ?2 END,
    messages = messages + ?3,
    last_index = max(last_index, ?4),
    last_at = coalesce(?5, last_at)
WHERE thread = ?1

-- name: add_name
INSERT INTO naming (line, address, name, at, idx) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (line, address) DO UPDATE SET name = excluded.name, at = excluded.at, idx = excluded.idx
WHERE (excluded.at, excluded.idx) >= (at, idx)

-- name: add_unclear
INSERT OR REPLACE INTO unclear (idx, kind, source, reason, received_at) VALUES (?, ?, ?, ?, ?)

-- name: numbers_of
SELECT idx, number FROM part WHERE idx IN (SELECT value FROM json_each(?)) ORDER BY idx, ordinal

-- name: place_of
SELECT m.position, m.number FROM part p JOIN message m USING (number)
WHERE p.idx = ?1 AND m.thread = ?2 ORDER BY p.ordinal LIMIT 1

-- name: older
SELECT number FROM message WHERE thread = ?1 AND (position, number) < (?2, ?3)
ORDER BY position DESC, number DESC LIMIT ?4

-- name: not_older
SELECT number FROM message WHERE thread = ?1 AND (position, number) >= (?2, ?3)
ORDER BY position, number LIMIT ?4

-- name: gather
SELECT m.number, m.key, m.position, m.held, t.stream, p.idx, p.ordinal, p.received_at, p.flags, p.event
FROM message m JOIN part p USING (number) JOIN thread t USING (thread)
WHERE m.number IN (SELECT value FROM json_each(?)) ORDER BY m.number, p.idx, p.ordinal

-- name: number_of_key
SELECT number FROM message JOIN thread USING (thread) WHERE stream = ? AND key = ?

-- name: name_of
SELECT name FROM naming WHERE line = ? AND address = ?

-- name: threads
SELECT stream, line, chat, messages, last_index, last_at FROM thread
ORDER BY last_index DESC LIMIT ?1 OFFSET ?2

-- name: threads_of_line
SELECT stream, line, chat, messages, last_index, last_at FROM thread
WHERE line = ?3 ORDER BY last_index DESC LIMIT ?1 OFFSET ?2

-- name: thread
SELECT stream, line, chat, messages, last_index, last_at FROM thread WHERE stream = ?

-- name: unclear
SELECT idx, kind, source, reason, received_at FROM unclear ORDER BY idx DESC LIMIT ? OFFSET ?

-- name: unclear_count
SELECT count(*) FROM unclear

-- name: message_count
SELECT coalesce(sum(messages), 0) FROM thread

-- name: numbers_and_threads
SELECT DISTINCT number, thread FROM part JOIN message USING (number)
WHERE idx IN (SELECT value FROM json_each(?))

-- name: forget_parts
DELETE FROM part WHERE idx IN (SELECT value FROM json_each(?))

-- name: forget_names
DELETE FROM naming WHERE idx IN (SELECT value FROM json_each(?)) RETURNING line, address

-- name: parts_of_line
SELECT m.key, t.stream, p.idx, p.ordinal, p.received_at, p.flags, p.event
FROM thread t JOIN message m USING (thread) JOIN part p USING (number) WHERE t.line = ?

-- name: forget_unclear
DELETE FROM unclear WHERE idx IN (SELECT value FROM json_each(?))

-- name: forget_messages
DELETE FROM message WHERE number IN (SELECT value FROM json_each(?))
  AND NOT EXISTS (SELECT 1 FROM part WHERE part.number = message.number)

-- name: place_again
UPDATE message SET (position, held) = (
    SELECT coalesce(min(CASE WHEN flags & 1 THEN idx END), min(idx)), max(flags & 1)
    FROM part WHERE part.number = message.number
) WHERE number IN (SELECT value FROM json_each(?))

-- name: parts_of_thread
SELECT m.number, m.position, m.key, t.stream, p.idx, p.ordinal, p.received_at, p.flags, p.event
FROM message m JOIN part p USING (number) JOIN thread t USING (thread)
WHERE thread = ? ORDER BY p.idx, p.ordinal

-- name: reset_thread
UPDATE thread SET chat = '', messages = 0, last_index = 0, last_at = NULL WHERE thread = ?

-- name: forget_thread
DELETE FROM thread WHERE thread = ? AND NOT EXISTS (SELECT 1 FROM message WHERE message.thread = thread.thread)
