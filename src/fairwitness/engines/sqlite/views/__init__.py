"""The views of one machine: four encrypted files that can be deleted and built again."""

from dataclasses import dataclass
from pathlib import Path

from fairwitness.engines.sqlite.views.alerts import SqliteAlerts
from fairwitness.engines.sqlite.views.findings import SqliteFindings
from fairwitness.engines.sqlite.views.messages import SqliteMessages
from fairwitness.engines.sqlite.views.place import ViewFile
from fairwitness.engines.sqlite.views.words import SqliteWords


@dataclass(frozen=True, slots=True)
class Views:
    """One thread's stores of all views. They belong to the thread that opened them."""

    messages: SqliteMessages
    search: SqliteWords
    findings: SqliteFindings
    alerts: SqliteAlerts

    def close(self) -> None:
        """Close every file."""
        for store in (self.messages, self.search, self.findings, self.alerts):
            store.place.close()


def open_views(folder: Path, key: bytes, *, cache_kib: int = 8_192) -> Views:
    """Open the views in `folder`, making what is not there."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def opened(name: str, schema: str) -> ViewFile:
        return ViewFile(folder / f"{name}.db", key, schema=schema, cache_kib=cache_kib)

    return Views(
        messages=SqliteMessages(opened("messages", "messages_schema.sql")),
        search=SqliteWords(opened("search", "words_schema.sql")),
        findings=SqliteFindings(opened("findings", "findings_schema.sql")),
        alerts=SqliteAlerts(opened("alerts", "alerts_schema.sql")),
    )
