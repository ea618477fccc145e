"""Talks to the outside on our behalf: one module per way of doing so."""
