"""`python -m tests.hub.show`: the hub with the small firm in memory, for looking at screens.

Prints a sign-in link per role. `--raise` raises an alert every few seconds.
"""

import os
import sys
import tempfile
import threading
import time

os.environ.setdefault("FAIRWITNESS_HOME", tempfile.mkdtemp(prefix="fairwitness-show-"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fairwitness_hub.settings")


def main() -> None:
    """Serve on FAIRWITNESS_HUB_PORT (8000)."""
    import uvicorn
    from tests.hub.fake_house import small_firm

    from fairwitness_hub import wiring

    house = small_firm()
    wiring.use(house)  # type: ignore[arg-type]
    from fairwitness_hub.asgi import application

    threading.Thread(target=_links, daemon=True).start()
    if "--raise" in sys.argv:
        threading.Thread(target=_keep_raising, args=(house,), daemon=True).start()
    uvicorn.run(
        application, port=int(os.environ.get("FAIRWITNESS_HUB_PORT", "8000")), log_level="warning", lifespan="off",
        access_log=False, timeout_graceful_shutdown=1,
    )  # fmt: skip


def _links() -> None:
    from fairwitness_hub.accounts.actions import do_create_account, sign_in_link

    for email in ("rita@firm.example", "bruno@firm.example", "adm@firm.example", "nobody@firm.example"):
        print(email, sign_in_link(do_create_account(email)), flush=True)  # noqa: T201


def _keep_raising(house: object) -> None:
    for number in range(1000):
        time.sleep(4)
        row = next(iter(house.rows.values()))  # type: ignore[attr-defined]
        index = house.message(row.line, row.chat, f"Garanto {number}% de lucro")  # type: ignore[attr-defined]
        house.raise_alert(index, "Garanto", severity="high")  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
