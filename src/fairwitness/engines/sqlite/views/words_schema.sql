-- One row per text, in log order; key is the same for each version of a message.
CREATE TABLE IF NOT EXISTS document (
    number INTEGER PRIMARY KEY,
    idx INTEGER NOT NULL,
    key BLOB NOT NULL
) STRICT;

-- Folded words. `place` holds the stream and the line as words, so that a search within one
-- conversation costs what that conversation costs. The text itself is not kept.
CREATE VIRTUAL TABLE IF NOT EXISTS word USING fts5 (
    text, place, content = '', contentless_delete = 1,
    tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N* Co So Sk'"
);
