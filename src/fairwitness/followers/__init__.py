"""Followers: each joins a pure room to the record and keeps one view."""
