"""Asks one witness for its cosignature, and tells what its answer means.

A witness may be down, slow or hostile. All that it can do is sign, or not: an answer is
taken only if it is this witness's cosignature of this very checkpoint. That a log is
behind or beside what a witness saw is believed at once only where the witness shows a
checkpoint that the log's own key signed; without it, it is a claim.
"""

import msgspec

from fairwitness.archive.checkpoint import Published
from fairwitness.archive.ports import FileStore, Outside
from fairwitness.archive.tiles import tile_reader
from fairwitness.archive.vouched import check_continues
from fairwitness.archive.witness import place_of
from fairwitness.errors import BadCheckpoint, Forked, Misconfigured, Unreachable
from fairwitness.model.entry import LogName
from fairwitness.tlog import (
    Cosignature,
    Submission,
    VerifierKey,
    WitnessKey,
    answer_lines,
    consistency_proof,
    open_checkpoint,
    parse_note,
    read_cosignatures,
    read_number,
    read_witness_vkey,
    write_submission,
)

_TRIES = 3
_LARGEST_SIZE = 2**63 - 1


class WitnessAddress(msgspec.Struct, frozen=True):
    """A witness: the prefix of its addresses, and its key."""

    url: str
    key: WitnessKey


def read_address(text: str) -> WitnessAddress:
    """Read `URL VKEY`, as settings have it."""
    url, _, vkey = text.strip().partition(" ")
    try:
        key = read_witness_vkey(vkey.strip())
    except BadCheckpoint as error:
        raise Misconfigured(
            f"not the key of a witness: {error.message}", setting="witnesses", hint="Write `URL VKEY`."
        ) from error
    if not url.startswith(("https://", "http://")):
        raise Misconfigured("not the address of a witness", setting="witnesses", hint="Write `URL VKEY`.")
    return WitnessAddress(url.rstrip("/"), key)


class Disagrees(msgspec.Struct, frozen=True):
    """A witness saw another log than ours. `evidence` is a checkpoint that our own key signed, or empty."""

    witness: str
    what: str
    evidence: bytes = b""


class Asker:
    """Asks one witness about the logs of one record. Used by one thread at a time."""

    def __init__(self, address: WitnessAddress, files: FileStore, outside: Outside) -> None:
        self.address = address
        self._files = files
        self._outside = outside
        self._sizes: dict[LogName, int] = {}

    def ask(self, log: LogName, published: Published, key: VerifierKey) -> Cosignature | Disagrees:
        """The witness's cosignature of `published`, or what it saw instead; `Unreachable` for neither."""
        size = published.checkpoint.size
        for _ in range(_TRIES):
            old = self._sizes.get(log, 0)
            if old > size:
                what = f"it remembers {old} entries, and there are {size}"
                return self._disagrees(log, published, key, what)
            path = consistency_proof(old, size, tile_reader(self._files, log))
            body = write_submission(Submission(old, tuple(path), published.note))
            answer = self._outside(f"{self.address.url}/add-checkpoint", body, kind="text/plain")
            if answer.status == 200:
                self._sizes[log] = size
                return self._cosignature(published, answer.body)
            names_size = answer.status == 409 and answer.kind == "text/x.tlog.size"
            if names_size and self._learn(log, answer.body, old):
                continue
            if answer.status in (409, 422):
                what = f"it remembers other entries below {old or size}"
                return self._disagrees(log, published, key, what)
            raise Unreachable("a witness refused", witness=self.address.key.name, status=answer.status)
        raise Unreachable("a witness keeps changing its mind", witness=self.address.key.name)

    def _learn(self, log: LogName, body: bytes, old: int) -> bool:
        """Take the size that a witness says it remembers; False when it says nothing new."""
        try:
            size = read_number(body.decode("ascii").removesuffix("\n"), _LARGEST_SIZE)
        except (UnicodeDecodeError, BadCheckpoint) as error:
            raise Unreachable("a witness named no size", witness=self.address.key.name) from error
        self._sizes[log] = size
        return size != old

    def _cosignature(self, published: Published, body: bytes) -> Cosignature:
        try:
            text, _ = parse_note(published.note)
            found = read_cosignatures(text, answer_lines(body), [self.address.key])
        except BadCheckpoint as error:
            raise Unreachable(
                "a witness's answer does not hold", witness=self.address.key.name, reason=error.message
            ) from error
        if not found:
            raise Unreachable("a witness signed with another key", witness=self.address.key.name)
        return found[0]

    def _disagrees(self, log: LogName, published: Published, key: VerifierKey, what: str) -> Disagrees:
        """What the witness saw, with the proof of it where it has one."""
        # It is asked again from the beginning next time: what it remembers may have been mended.
        self._sizes.pop(log, None)
        evidence = self._evidence(key)
        if evidence:
            seen = open_checkpoint(evidence, origin=key.name, keys=[key])
            try:
                check_continues(self._files, log, newer=published.checkpoint, older=seen)
            except Forked as error:
                return Disagrees(self.address.key.name, error.message, evidence)
        return Disagrees(self.address.key.name, what)

    def _evidence(self, key: VerifierKey) -> bytes:
        """The newest checkpoint that the witness shows, if our own key signed it."""
        try:
            answer = self._outside(f"{self.address.url}/checkpoint/{place_of(key.name)}")
            open_checkpoint(answer.body, origin=key.name, keys=[key])
        except (BadCheckpoint, Unreachable):
            return b""
        return answer.body if answer.status == 200 else b""
