"""The views of one machine: four encrypted files that can be deleted and built again."""

from dataclasses import dataclass
from pathlib import Path

from fairwitness.engines.sqlite.views.alerts import SqliteAlerts
from fairwitness.engines.sqlite.views.findings import SqliteFindings
from fairwitness.engines.sqlite.views.messages import SqliteMessages
from fairwitness.engines.sqlite.views.place import ViewFile
from fairwitness.engines.sqlite.views.words import SqliteWords

FILES = ("messages", "search", "findings", "alerts")


@dataclass(frozen=True, slots=True)
class Stores:
    """One thread's stores of all views. They belong to the thread that opened them."""

    messages: SqliteMessages
    words: SqliteWords
    findings: SqliteFindings
    alerts: SqliteAlerts

    def close(self) -> None:
        """Close every file."""
        for store in (self.messages, self.words, self.findings, self.alerts):
            store.place.close()


def open_stores(folder: Path, key: bytes, *, cache_kib: int = 8_192) -> Stores:
    """Open the views in `folder`, making what is not there."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def opened(name: str, schema: str) -> ViewFile:
        return ViewFile(folder / f"{name}.db", key, schema=schema, cache_kib=cache_kib)

    return Stores(
        messages=SqliteMessages(opened("messages", "messages_schema.sql")),
        words=SqliteWords(opened("search", "words_schema.sql")),
        findings=SqliteFindings(opened("findings", "findings_schema.sql")),
        alerts=SqliteAlerts(opened("alerts", "alerts_schema.sql")),
    )
