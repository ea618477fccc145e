"""Reads the vectors that bind `fairwitness` and `fairwitness_verify` to the specifications."""

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def vectors(name: str) -> dict[str, Any]:
    """A vector file."""
    return json.loads((HERE / f"{name}.json").read_bytes())
