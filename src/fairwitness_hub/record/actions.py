"""Having the record checked. The keeper does it: the hub has no key that opens messages."""

from fairwitness_hub.wiring import house


def do_ask_verification(*, by: str) -> None:
    """Ask for a check of the whole record, contents too. `Forbidden` while one is waited for."""
    house().ask_verification(by=by)
