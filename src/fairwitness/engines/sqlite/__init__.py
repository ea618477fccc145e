"""SQLite, encrypted: the tail of the record and the views of one machine."""
