"""E2: what was refused is in no file; what was kept is in clear in none."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from fairwitness.testing.deployment import Deployment, sign, text_delivery, wait_until

REFUSED = "canary-refused-7f3a91"
KEPT = "canary-kept-b82d40"
CONTACT = "5511955507788"


def files_below(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def holders(folder: Path, canary: str) -> list[str]:
    """Files that hold a canary, as UTF-8, UTF-16, hex or JSON escapes."""
    forms = {
        canary.encode(),
        canary.encode("utf-16-le"),
        canary.encode().hex().encode(),
        canary.upper().encode(),
    }
    return [str(path) for path in files_below(folder) if any(form in path.read_bytes() for form in forms)]


def test_no_canary_is_in_any_file_that_the_system_wrote(
    make_deployment: Callable[..., Deployment], tmp_path: Path
) -> None:
    deployment = make_deployment(segment_entries=20)
    deployment.enrol("Ana", aliases=("pnid:1",))
    deployment.start("door", "keeper")

    refused = text_delivery([("wamid.r", f"{REFUSED} texto")], number_id="2", contact=CONTACT)
    assert deployment.post(refused) == 200
    for number in range(60):
        body = text_delivery(
            [(f"wamid.{number}", f"{KEPT} me chama no telegram {number}")], number_id="1", contact=CONTACT
        )
        assert deployment.post(body) == 200
    both = json.loads(refused)
    both["entry"] += json.loads(text_delivery([("wamid.x", f"{KEPT} x")], number_id="1"))["entry"]
    assert deployment.post(json.dumps(both).encode()) == 200
    broken = refused[:-3]
    assert deployment.post(broken) == 200
    assert deployment.post(refused, signature=sign(b"something else")) == 403
    wait_until(lambda: deployment.house.alerts.count() >= 60, what="the alerts")
    assert deployment.house.search.search(KEPT).total == 61
    deployment.stop()
    subprocess.run(
        [sys.executable, "-m", "fairwitness_verify", str(deployment.settings.record)], check=True,
        capture_output=True,
    )  # fmt: skip

    assert list(files_below(tmp_path)), "there must be files to look through"
    assert holders(tmp_path, REFUSED) == []
    assert holders(tmp_path, KEPT) == []
    assert holders(tmp_path, CONTACT) == []
    assert {(row.reason, row.count) for row in deployment.house.refused()} == {
        ("unknown_line", 2), ("unparsed", 1),
    }  # fmt: skip
