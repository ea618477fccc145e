"""Moves entries from the record to followers and remembers how far each has come."""
