"""What may happen next to an alert. Values in; a new state out, or `Forbidden` with the reason."""

from fairwitness.casework.alerts import (
    NO_ACTION,
    UNDO_MS,
    UNDONE,
    AlertCase,
    AlertDecision,
    after,
    check,
    check_undo,
    needs_reason,
)

__all__ = [
    "NO_ACTION", "UNDONE", "UNDO_MS", "AlertCase", "AlertDecision", "after", "check", "check_undo",
    "needs_reason",
]  # fmt: skip
