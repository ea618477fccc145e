"""The first page: what waits, and what the system worries about."""
