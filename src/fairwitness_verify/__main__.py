"""`python -m fairwitness_verify RECORD`: exit 0 without a fault, 1 with any, 2 when nothing was checked."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from fairwitness_verify import proof_main
from fairwitness_verify.cosigned import read_witnesses
from fairwitness_verify.notes import Broken, read_keys
from fairwitness_verify.pack_main import is_pack, pack_main
from fairwitness_verify.record import verify
from fairwitness_verify.report import plain


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify a record and say what was found."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["proof"]:
        return proof_main.main(words[1:])
    parser = argparse.ArgumentParser(
        prog="fairwitness_verify", description="Check a Fairwitness record without trusting who wrote it.",
        epilog="To check the proof of one entry: proof FILE HEADER --vkey KEY [--witness KEY --quorum N].",
    )
    parser.add_argument("record", help="the record's folder, or a pack: a zip or its folder")
    parser.add_argument("--keys", metavar="FILE", help="verifier keys from elsewhere, one a line")
    parser.add_argument(
        "--since", metavar="CHECKPOINT", action="append", default=[],
        help="an older checkpoint that the record must continue; may be given for each log",
    )  # fmt: skip
    parser.add_argument("--witnesses", metavar="FILE", help="witnesses' keys from elsewhere, one a line")
    parser.add_argument(
        "--quorum", type=int, default=0, help="how many of these witnesses must have cosigned each log"
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    given = parser.parse_args(words)
    if is_pack(given.record):
        options = [*(("--keys", given.keys) if given.keys else ()), *(("--json",) if given.json else ())]
        return pack_main([given.record, *options])
    try:
        keys = _read(given.keys) if given.keys else None
        older = [(name, _read(name)) for name in given.since]
        if keys is not None:
            read_keys(keys)
        witnesses = _read(given.witnesses) if given.witnesses else None
        if given.quorum and (witnesses is None or given.quorum > len(read_witnesses(witnesses))):
            raise ValueError("--quorum needs a file of as many --witnesses at least")
        os.scandir(given.record).close()
    except (OSError, ValueError) as error:
        reason = f"{given.keys} {error}" if isinstance(error, Broken) else str(error)
        _write(sys.stderr, [f"Nothing was checked: {plain(reason)}"])
        return 2
    report = verify(given.record, keys=keys, older=older, witnesses=witnesses, quorum=given.quorum)
    lines = [json.dumps(report.as_json(), indent=2)] if given.json else report.lines()
    _write(sys.stdout, lines)
    return 1 if report.faults else 0


def _read(name: str) -> bytes:
    with Path(name).open("rb") as file:
        return file.read(1_000_001)


def _write(stream: object, lines: object) -> None:
    for line in lines:  # type: ignore[attr-defined]
        print(line, file=stream)  # type: ignore[call-overload]


if __name__ == "__main__":
    sys.exit(main())
