-- name: put_key
INSERT INTO data_key (key_id, wrapped) VALUES (?, ?)

-- name: put_scope
INSERT INTO scope (lookup, key_id) VALUES (?, ?)

-- name: find
SELECT key_id FROM scope WHERE lookup = ?

-- name: wrapped
SELECT wrapped FROM data_key WHERE key_id = ?
