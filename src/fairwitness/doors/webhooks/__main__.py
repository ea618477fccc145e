"""Runs the door: `python -m fairwitness.doors.webhooks`, with the home and keys it inherits."""

import gc
import os
import sys
from pathlib import Path

import uvicorn

from fairwitness.clock import system_clock
from fairwitness.compose import inherited_keys, open_intake, read_settings, start_process
from fairwitness.doors.webhooks import Door, Writer
from fairwitness.ids import random_id

_EXIT_NOT_DURABLE = 70


def main() -> None:
    """Serve until told to stop. Leaves with 70 when durability is lost."""
    start_process("door")
    settings = read_settings(Path(os.environ["FAIRWITNESS_HOME"]))
    keys = inherited_keys()
    writer = Writer(
        lambda: open_intake(settings, keys, clock=system_clock), fatal=lambda: os._exit(_EXIT_NOT_DURABLE)
    )
    door = Door(
        settings=settings, secrets=keys.door.secrets, writer=writer, clock=system_clock, new_id=random_id
    )
    gc.freeze()
    gc.set_threshold(50_000, 50, 50)
    uvicorn.run(
        door, host=settings.door_host, port=settings.door_port, http="httptools", loop="uvloop",
        ws="none", lifespan="on", access_log=False, log_config=None, server_header=False, proxy_headers=False,
        timeout_keep_alive=75, timeout_graceful_shutdown=10,
    )  # fmt: skip
    sys.exit(0)


if __name__ == "__main__":
    main()
