"""Runs a witness: `python -m fairwitness.doors.witness`, as `fairwitness witness` starts it."""

import argparse
from pathlib import Path

import uvicorn

from fairwitness.compose import start_process
from fairwitness.compose.witnesses import open_witness, witness_key
from fairwitness.doors.witness import WitnessDoor
from fairwitness.tlog import read_vkey, write_witness_vkey


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="fairwitness.doors.witness")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--log", action="append", required=True)
    given = parser.parse_args()
    start_process("witness")
    witness = open_witness(given.home, logs=[read_vkey(line) for line in given.log])
    door = WitnessDoor(witness, about=write_witness_vkey(witness_key(given.home).key))
    uvicorn.run(
        door, host=given.host, port=given.port, http="httptools", loop="uvloop", ws="none", lifespan="off",
        access_log=False, log_config=None, server_header=False, proxy_headers=False,
        limit_concurrency=256, timeout_keep_alive=30, timeout_graceful_shutdown=5,
    )  # fmt: skip


if __name__ == "__main__":
    main()
