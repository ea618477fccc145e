"""May this entry be destroyed? Pure: schedules, holds and times in, a verdict or a refusal out."""

from fairwitness.retention.decide import Due, Facts, Held, Kept, Verdict, decide
from fairwitness.retention.disposals import check_approved, check_proposal, ranges_of, said_today
from fairwitness.retention.holds import holds_on, in_force
from fairwitness.retention.schedule import Rule, Schedule, due_at, load_schedule, read_published
from fairwitness.retention.times import Evidence, check_clock

__all__ = [
    "Due",
    "Evidence",
    "Facts",
    "Held",
    "Kept",
    "Rule",
    "Schedule",
    "Verdict",
    "check_approved",
    "check_clock",
    "check_proposal",
    "decide",
    "due_at",
    "holds_on",
    "in_force",
    "load_schedule",
    "ranges_of",
    "read_published",
    "said_today",
]
