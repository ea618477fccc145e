"""Writes down what was shown."""

from fairwitness.model.custody import ContentShown
from fairwitness_hub.accounts.access import subject_of
from fairwitness_hub.audit.reading import Reading
from fairwitness_hub.wiring import house


def do_record_shown(reading: Reading, *, account: str, route: str) -> None:
    """Write one custody entry that names every message entry a response shows.

    It is filed under the account, not the alert: reading an alert does not change it.
    """
    shown = ContentShown(
        by=account,
        route=route,
        reason=", ".join(reading.reasons),
        entries=tuple(sorted(reading.entries)),
        alert=reading.alert,
    )
    house().decide(shown, subject=subject_of(account))
