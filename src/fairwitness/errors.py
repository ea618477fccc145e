"""The error tree.

Every error that Fairwitness raises on purpose descends from `FairwitnessError`:
a stable `code`, the facts as `data`, whether asking again may help, and a
`diagnosis()` that a person can act on.

    FairwitnessError
    ├── Refused                  at the door: no content was stored
    │   ├── BadSignature         not from WhatsApp, or not intact
    │   ├── NoMandate            nothing allows this line at this time
    │   └── TooLarge             more than the door accepts
    ├── Unreadable               after the record: the bytes are kept
    │   ├── Malformed            not the format it claims
    │   └── Unsupported          theirs and intact, but a kind we do not handle yet
    ├── NotDurable               the store could not promise; ask again
    ├── Overloaded               push back; ask again later
    ├── Unreachable              somebody outside did not answer, or not as agreed
    ├── Tampered                 HashMismatch · BadProof · BadCheckpoint · Forked · NotWitnessed
    ├── PolicyError              path, line, column; `PolicyErrors` carries all of them at once
    ├── OnHold                   disposal refused: a hold names this entry
    ├── Forbidden                a rule of casework says no
    └── Misconfigured            setting, value, where it came from, what to do
"""

from collections.abc import Sequence
from typing import ClassVar


class FairwitnessError(Exception):
    """The root of the tree. `str(error)` is one sentence; `data` holds the facts."""

    code: ClassVar[str] = "fairwitness"
    retryable: ClassVar[bool] = False

    def __init__(self, message: str, **data: object) -> None:
        super().__init__(message)
        self.message = message
        self.data = data

    def diagnosis(self) -> str:
        """Say what happened and what to do, for a person."""
        facts = ", ".join(f"{name}={value!r}" for name, value in self.data.items())
        return f"{self.message} ({facts})" if facts else self.message


class Refused(FairwitnessError):
    """Turned away at the door: no content was stored."""

    code = "refused"


class BadSignature(Refused):
    """The delivery is not from WhatsApp, or did not arrive intact."""

    code = "refused.bad_signature"


class NoMandate(Refused):
    """Nothing allows this line to be captured at this time."""

    code = "refused.no_mandate"


class TooLarge(Refused):
    """The delivery is larger than the door accepts."""

    code = "refused.too_large"


class Unreadable(FairwitnessError):
    """The bytes are kept, but cannot be understood."""

    code = "unreadable"


class Malformed(Unreadable):
    """Not the format it claims to be."""

    code = "unreadable.malformed"


class Unsupported(Unreadable):
    """Theirs and intact, but of a kind that is not handled yet."""

    code = "unreadable.unsupported"


class NotDurable(FairwitnessError):
    """The store could not promise that the entries would survive; ask again."""

    code = "not_durable"
    retryable = True


class Overloaded(FairwitnessError):
    """Too much at once, or the door's custody state is behind; ask again later."""

    code = "overloaded"
    retryable = True


class Unreachable(FairwitnessError):
    """A witness did not answer, or not as agreed; it is asked again."""

    code = "unreachable"
    retryable = True


class Tampered(FairwitnessError):
    """The record is not what it was."""

    code = "tampered"


class HashMismatch(Tampered):
    """Bytes do not have the hash that the record names."""

    code = "tampered.hash_mismatch"


class BadProof(Tampered):
    """A Merkle proof does not lead to the root it claims."""

    code = "tampered.bad_proof"


class BadCheckpoint(Tampered):
    """A checkpoint is not well-formed, or not signed by the key it should be."""

    code = "tampered.bad_checkpoint"


class Forked(Tampered):
    """Two signed checkpoints of one log cannot both be true."""

    code = "tampered.forked"


class NotWitnessed(Tampered):
    """A witness does not sign this checkpoint: its `status` says why, `size` is what it remembers."""

    code = "tampered.not_witnessed"

    def __init__(self, message: str, *, status: int, size: int | None = None) -> None:
        super().__init__(message, status=status, size=size)
        self.status, self.size = status, size


class PolicyError(FairwitnessError):
    """A fault in a file that a person wrote: where it is and what to do."""

    code = "policy"

    def __init__(self, message: str, *, path: str, line: int, column: int, hint: str = "") -> None:
        super().__init__(message, path=path, line=line, column=column, hint=hint)
        self.path, self.line, self.column, self.hint = path, line, column, hint

    def diagnosis(self) -> str:
        """`path:line:column: what is wrong. What to do.`"""
        where = f"{self.path}:{self.line}:{self.column}"
        return f"{where}: {self.message}" + (f" {self.hint}" if self.hint else "")


class PolicyErrors(FairwitnessError):
    """Every fault that loading found, in file order."""

    code = "policy.many"

    def __init__(self, errors: Sequence[PolicyError]) -> None:
        super().__init__(f"{len(errors)} fault(s) in the policy files")
        self.errors = tuple(errors)

    def diagnosis(self) -> str:
        """One line per fault."""
        return "\n".join(error.diagnosis() for error in self.errors)


class OnHold(FairwitnessError):
    """Disposal refused: a hold names this entry."""

    code = "on_hold"


class Forbidden(FairwitnessError):
    """A rule of casework says no: wrong state, wrong person, or somebody was first."""

    code = "forbidden"


class Misconfigured(FairwitnessError):
    """A setting is wrong: which, its value, where it came from, what to do."""

    code = "misconfigured"

    def __init__(self, message: str, *, setting: str, hint: str = "", **data: object) -> None:
        super().__init__(message, setting=setting, hint=hint, **data)
        self.setting, self.hint = setting, hint

    def diagnosis(self) -> str:
        """The setting, what is wrong with it and what to do."""
        return f"{self.setting}: {self.message}" + (f" {self.hint}" if self.hint else "")
