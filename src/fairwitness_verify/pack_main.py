"""`python -I -S verify.py [PACK.zip]`: exit 0 for unaltered, 1 for altered, 2 when nothing was checked."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from fairwitness_verify.notes import Broken, read_keys
from fairwitness_verify.pack import MANIFEST, WORDS, PackFault, PackReport, check_pack
from fairwitness_verify.report import plain

_EXITS = {"unaltered": 0, "altered": 1, "unreadable": 2}
_SHOWN = 200


def pack_main(arguments: Sequence[str] | None = None) -> int:
    """Verify a pack and say what was found."""
    parser = argparse.ArgumentParser(
        prog="verify.py", description="Check a Fairwitness pack without trusting who made it."
    )
    parser.add_argument("pack", nargs="?", help="the zip, or the folder it was unpacked into; default: here")
    parser.add_argument("--keys", metavar="FILE", help="verifier keys that you were given before")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    given = parser.parse_args(arguments)
    path = given.pack or str(Path(sys.argv[0]).resolve().parent)
    try:
        keys = Path(given.keys).read_bytes()[:1_000_001] if given.keys else None
        if keys is not None:
            read_keys(keys)
        report = check_pack(path, keys=keys)
    except (OSError, Broken) as error:
        sys.stderr.write(f"Nothing was checked: {plain(str(error))}\n")
        return 2
    lines = [json.dumps(report.as_json(), indent=2)] if given.json else pack_lines(report)
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return _EXITS[report.verdict]


def is_pack(path: str) -> bool:
    """Whether this is a pack and not a record's folder: a zip, or a folder with a pack's list of files."""
    if Path(path).is_file():
        with Path(path).open("rb") as file:
            return file.read(2) == b"PK"
    return (Path(path) / MANIFEST).is_file()


def pack_lines(report: PackReport) -> Iterator[str]:
    """The report for people."""
    for log in report.logs:
        proven = f"{log.proven:,} of {log.entries:,} entries are proven"
        yield f"{plain(log.log)}: {proven}; the log had {log.size:,}."
        yield f"    {log.opened:,} with their content unaltered, {log.destroyed:,} whose key was destroyed."
    for fault in report.faults[:_SHOWN]:
        yield f"FAULT  {_place(fault)}: {WORDS[fault.code]} [{fault.code}]."
    if len(report.faults) > _SHOWN:
        yield f"… and {len(report.faults) - _SHOWN:,} more."
    yield f"Verdict: {report.verdict}."


def _place(fault: PackFault) -> str:
    where = plain(fault.file) or "the zip"
    where += f", line {fault.line}" if fault.line else ""
    return where + (f" (entry {fault.entry})" if fault.entry is not None else "")


if __name__ == "__main__":
    sys.exit(pack_main())
