"""Keeps words to be searched, and searches them. Every version of a text can be found."""

from collections.abc import Iterator, Sequence

from fairwitness.flow.facts import Skipped, Words
from fairwitness.flow.follower import Batch, Cursor, Read
from fairwitness.followers.following import lead_past, letting_go, taking
from fairwitness.followers.naming import key_of
from fairwitness.followers.ports import WordStore
from fairwitness.followers.views import SearchPage
from fairwitness.followers.words import parse, searchable
from fairwitness.model.entry import MESSAGES, LogName

MOST_HITS = 10_000
_SPOKEN = frozenset({"message", "edit", "unreadable", "system", "group", "call"})


class Search:
    """Follows the message log and keeps a `WordStore`."""

    name = "search"
    logs: tuple[LogName, ...] = (MESSAGES,)

    def __init__(self, store: WordStore) -> None:
        self._store = store

    def cursor(self) -> Cursor:
        return self._store.place.cursor()

    def handle(self, batch: Batch) -> None:
        with taking(self._store.place, batch) as reads:
            self._store.add([words for read in reads for words in _words(read)])

    def skip(self, log: LogName, index: int, problem: str) -> None:
        lead_past(self._store.place, log, index, problem)

    def skipped(self, *, limit: int = 50) -> Sequence[Skipped]:
        return self._store.place.skipped(limit=limit)

    def forget(self, disposal: str, entries: Sequence[int]) -> None:
        with letting_go(self._store.place, disposal):
            self._store.forget(entries)

    def has_forgotten(self, disposal: str) -> bool:
        return self._store.place.acknowledged(disposal)


class WordSearch:
    """Fulfils `SearchView` over a `WordStore`."""

    def __init__(self, store: WordStore) -> None:
        self._store = store

    def search(
        self, query: str, *, stream: str = "", line: str = "", limit: int = 50, offset: int = 0
    ) -> SearchPage:
        """Messages that hold every word of `query`, newest first; asks for nothing finds nothing."""
        terms = parse(query)
        if all(term.excluded for term in terms):
            return SearchPage(0, ())
        found = self._store.find(terms, stream=stream, line=line, most=MOST_HITS)
        first = max(0, offset)
        return SearchPage(len(found), tuple(found[first : first + max(0, limit)]))


def _words(read: Read) -> Iterator[Words]:
    stream = read.stored.header.stream
    for ordinal, event in enumerate(read.events):
        if event.kind not in _SPOKEN:
            continue
        said = " ".join((event.text, *(media.filename for media in event.media)))
        text = searchable(said)
        if text:
            key = key_of(event) or b"%d.%d" % (read.stored.index, ordinal)
            yield Words(
                index=read.stored.index,
                key=bytes.fromhex(stream) + key,
                stream=stream,
                line=event.line,
                text=text,
            )
