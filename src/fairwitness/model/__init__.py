"""Frozen values that the rooms hand to each other. No behaviour beyond their own bytes."""
