"""The mark that nothing more may be taken in: the record is not what its witnesses saw.

It lies beside the record, survives restarts, and is looked at inside every append. It says
why, and holds the signed checkpoint that proves it where there is one. It is lifted when
the record is seen to be right again, never by waiting.
"""

import msgspec

from fairwitness.archive.ports import FileStore
from fairwitness.errors import Forked

NAME = "stopped.json"


class Stopped(msgspec.Struct, frozen=True):
    """Why nothing is taken in: which log, what was seen, since when (ms), and what proves it, if anything."""

    log: str
    what: str
    at: int
    evidence: str = ""


class Halt:
    """The mark in a deployment's folder."""

    def __init__(self, files: FileStore) -> None:
        self._files = files

    def why(self) -> Stopped | None:
        """Why nothing may be taken in; None when it may."""
        data = self._files.read(NAME)
        if data is None:
            return None
        try:
            return msgspec.json.decode(data, type=Stopped)
        except msgspec.DecodeError:
            return Stopped("", "the mark itself can not be read", 0)

    def check(self) -> None:
        """Raise `Forked` while the mark is there."""
        if (stopped := self.why()) is not None:
            raise Forked(
                "nothing is taken in: the record is not what its witnesses saw. Stop everything, copy the "
                "folder as it is, and bring back the newest copy of the whole deployment",
                log=stopped.log, seen=stopped.what,
            )  # fmt: skip

    def stop(self, stopped: Stopped) -> None:
        """Set the mark, durably. What was set first stays, unless what is new is proven."""
        held = self.why()
        if held is None or (stopped.evidence and not held.evidence):
            self._files.publish(NAME, msgspec.json.encode(stopped), replace=True)

    def lift(self) -> None:
        """Take the mark away."""
        self._files.remove(NAME)
