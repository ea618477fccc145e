"""Keeps folded words and finds them again: fulfils `followers.ports.WordStore`."""

import json
from collections.abc import Sequence

from fairwitness.engines.sqlite.sql import load_queries
from fairwitness.engines.sqlite.views.place import ViewFile
from fairwitness.flow.facts import Term, Words

_SQL = load_queries(__package__, "words_queries.sql")


class SqliteWords:
    """A full-text index in an encrypted SQLite file."""

    def __init__(self, file: ViewFile) -> None:
        self.place = file
        self._db = file.db

    def add(self, words: Sequence[Words]) -> None:
        """Add texts, in log order."""
        rows = ((w.index, w.key) for w in words)
        numbers = [number for (number,) in self._db.executemany(_SQL["add_document"], rows)]
        self._db.executemany(
            _SQL["add_words"],
            ((n, w.text, f"s{w.stream} l{w.line}") for n, w in zip(numbers, words, strict=True)),
        )

    def forget(self, indexes: Sequence[int]) -> None:
        """Let go of everything that these entries brought, and of every word that only they had."""
        entries = json.dumps(list(indexes))
        self._db.execute(_SQL["forget_words"], (entries,))
        if self._db.changes():
            # A word that is only marked as deleted stays in the index until its part is merged.
            self._db.execute(_SQL["merge"])
        self._db.execute(_SQL["forget_documents"], (entries,))

    def find(self, terms: Sequence[Term], *, stream: str, line: str, most: int) -> Sequence[int]:
        """The newest entry of each message that has a text with these terms, newest first."""
        wanted = [f"text: {_phrase(term)}" for term in terms if not term.excluded]
        if stream:
            wanted.append(f'place: "s{_plain(stream)}"')
        if line:
            wanted.append(f'place: "l{_plain(line)}"')
        match = " AND ".join(f"({part})" for part in wanted)
        for term in terms:
            if term.excluded:
                match = f"({match}) NOT (text: {_phrase(term)})"
        return [index for (index,) in self._db.execute(_SQL["find"], (match, most))]


def _phrase(term: Term) -> str:
    """A string of FTS5, in which nothing but a quotation mark means anything."""
    return f'"{_plain(" ".join(term.words))}"' + (" *" if term.prefix else "")


def _plain(text: str) -> str:
    return text.replace('"', " ").replace("\0", " ")
