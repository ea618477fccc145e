-- name: add_document
INSERT INTO document (idx, key) VALUES (?, ?) RETURNING number

-- name: add_words
INSERT INTO word (rowid, text, place) VALUES (?, ?, ?)

-- name: find
WITH hit AS (SELECT rowid FROM word WHERE word MATCH ?1 ORDER BY rowid DESC LIMIT ?2)
SELECT max(d.idx) AS newest FROM hit JOIN document d ON d.number = hit.rowid GROUP BY d.key ORDER BY newest DESC

-- name: forget_words
DELETE FROM word WHERE rowid IN (SELECT number FROM document WHERE idx IN (SELECT value FROM json_each(?)))

-- name: forget_documents
DELETE FROM document WHERE idx IN (SELECT value FROM json_each(?))

-- name: merge
INSERT INTO word (word) VALUES ('optimize')
