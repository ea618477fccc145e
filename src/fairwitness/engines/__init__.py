"""Engines: each fulfils ports of the rooms below with one technology."""
