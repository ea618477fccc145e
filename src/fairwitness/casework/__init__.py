"""What may happen next to an alert. Values in; a new state out, or `Forbidden` with the reason."""

from fairwitness.casework.alerts import AlertCase, after, check, needs_reason

__all__ = ["AlertCase", "after", "check", "needs_reason"]
