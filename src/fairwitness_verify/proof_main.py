"""`python -m fairwitness_verify proof FILE HEADER`: exit 0 when it holds, 1 when not, 2 when not checked."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from fairwitness_verify.cosigned import read_witnesses
from fairwitness_verify.notes import Broken, Key, read_keys
from fairwitness_verify.proof import LARGEST, check_proof
from fairwitness_verify.report import plain


def main(arguments: Sequence[str]) -> int:
    """Check a proof and say what it shows."""
    parser = argparse.ArgumentParser(
        prog="fairwitness_verify proof", description="Check the proof of an entry."
    )
    parser.add_argument("proof", help="a .tlog-proof file")
    parser.add_argument("header", help="the entry's header, which it is said to prove")
    parser.add_argument("--vkey", action="append", default=[], help="a log's public key; may be repeated")
    parser.add_argument("--keys", metavar="FILE", help="such keys in a file, one a line")
    parser.add_argument("--witness", action="append", default=[], help="a witness's key; may be repeated")
    parser.add_argument("--witnesses", metavar="FILE", help="such keys in a file, one a line")
    parser.add_argument("--quorum", type=int, default=0, help="how many witnesses must have cosigned")
    given = parser.parse_args(arguments)
    try:
        keys = _keys(given.vkey, given.keys, read_keys)
        witnesses = _keys(given.witness, given.witnesses, read_witnesses)
        proof, header = _read(given.proof), _read(given.header)
        if not keys or given.quorum > len(witnesses):
            raise Broken("needs the key of a log, and of as many witnesses as must have cosigned")
    except (OSError, ValueError) as error:
        _say(f"Nothing was checked: {plain(str(error))}", failed=True)
        return 2
    try:
        proven = check_proof(proof, header, keys, witnesses, given.quorum)
    except Broken as error:
        _say(f"FAULT  {plain(given.proof)}: {plain(str(error))}.")
        return 1
    checkpoint = proven.checkpoint
    _say(f"It is entry {proven.number} of {plain(checkpoint.origin)}, of {checkpoint.size:,} entries.")
    for one in proven.cosignatures:
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(min(one.at, 253_402_300_799)))
        _say(f"Cosigned by {plain(one.name)} at {at}.")
    if not proven.cosignatures:
        _say("Note: no witness that you named vouches for it; who holds the log's key could have made it.")
    return 0


def _keys(lines: list[str], file: str | None, read: Callable[[bytes], list[Key]]) -> list[Key]:
    text = "".join(f"{line}\n" for line in lines).encode()
    if file is not None:
        text += _read(file)
    return read(text) if text else []


def _read(name: str) -> bytes:
    with Path(name).open("rb") as file:
        return file.read(LARGEST + 1)


def _say(text: str, *, failed: bool = False) -> None:
    print(text, file=sys.stderr if failed else sys.stdout)
