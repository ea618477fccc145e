"""Checks a Fairwitness record with the standard library and nothing else.

It is for whoever does not trust us: it shares no line with the program that wrote the
record, needs no secret, runs on any Python from 3.8 on, and says in plain words what it
found. The steps are those of `docs/spec/record.md`, section 7.

    python -m fairwitness_verify RECORD [--keys FILE] [--since OLD_CHECKPOINT]
        [--witnesses FILE --quorum N] [--json]
    python -m fairwitness_verify proof FILE HEADER --vkey KEY
"""

from fairwitness_verify.record import verify
from fairwitness_verify.report import Fault, Report

__all__ = ["Fault", "Report", "verify"]
