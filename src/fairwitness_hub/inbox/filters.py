"""What the queue is narrowed to, as a value; the address of the page says the same."""

from typing import Any
from urllib.parse import urlencode

import msgspec

STEP = 30


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """What the queue shows. Everything has a default: the newest of all that waits."""

    state: str = "waiting"
    severity: str = ""
    policy: str = ""
    line: str = ""
    order: str = "newest"
    limit: int = STEP

    @property
    def query(self) -> str:
        """As the query of an address, without what is the default; '' or `?…`."""
        return self.but()

    def but(self, **changes: Any) -> str:
        """The same with `changes`, as the query of an address."""
        values = msgspec.structs.asdict(msgspec.structs.replace(self, **changes))
        plain = msgspec.structs.asdict(Filters())
        kept = {name: value for name, value in values.items() if value != plain[name]}
        return f"?{urlencode(kept)}" if kept else ""

    @property
    def narrowed(self) -> bool:
        """Whether anything but the state narrows the queue."""
        return bool(self.severity or self.policy or self.line)
