"""Messages that hold the words of a query, with a line of what stood before and after."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fairwitness.followers.views import ConversationRow, MessageRow, SearchPage
from fairwitness.model.custody import SearchRun
from fairwitness_hub.audit.reading import Reading
from fairwitness_hub.people import queries as people
from fairwitness_hub.search.words import Piece, Term, first_words, has_match, snippet, terms
from fairwitness_hub.wiring import house

PAGE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Where to look: one line, all lines of one person, or everywhere when both are empty."""

    line: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Who wrote a message, and its first words on one line. `name` is empty where none is known."""

    name: str
    address: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One message that was found. `earlier` says that the words stood in a text since replaced."""

    row: MessageRow
    conversation: ConversationRow | None
    line_name: str
    who: Speaker | None
    pieces: tuple[Piece, ...]
    earlier: bool
    before: Speaker | None
    after: Speaker | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """A page of results. `total` counts every entry that matches."""

    total: int
    page: int
    pages: int
    results: tuple[Result, ...]

    @property
    def first(self) -> int:
        """The place of the first result among all."""
        return (self.page - 1) * PAGE + 1


def count(query: str, scope: Scope) -> int:
    """How many entries match."""
    return _find(query, scope, limit=1, offset=0).total


def run_of(index: int) -> SearchRun | None:
    """The search that custody entry `index` is, or None when it is something else."""
    found = [entry for _, _, entry in house().custody_entries(start=index, stop=index + 1)]
    return found[0] if found and isinstance(found[0], SearchRun) else None


def results(query: str, scope: Scope, *, page: int, run: int, reading: Reading) -> Results:
    """A page of what matches. Every message on it, neighbours too, is named to `reading` first."""
    found = _find(query, scope, limit=PAGE, offset=(page - 1) * PAGE)
    rows = tuple({row.index: row for row in house().messages.messages(found.indexes)}.values())
    around = {row.index: _around(row) for row in rows}
    shown = [*rows, *(other for pair in around.values() for other in pair if other is not None)]
    entries = {index for row in shown for index in (row.index, *(v.index for v in row.versions))}
    reading.show(entries | set(found.indexes), reason=f"results of search {run}")
    wanted, names = terms(query), people.names()
    return Results(
        total=found.total,
        page=page,
        pages=max(1, -(-found.total // PAGE)),
        results=tuple(_result(row, around[row.index], wanted, names.get(row.line, "")) for row in rows),
    )


def scope_choices() -> Sequence[people.PersonRow]:
    """Whose messages can be searched: everybody with a line."""
    return tuple(row for row in people.everybody() if row.lines)


def scope_name(scope: Scope) -> str:
    """Whose messages are searched, in a few words; '' is everybody's."""
    if scope.person:
        row = people.person(scope.person)
        return row.name if row else ""
    return people.names().get(scope.line, "")


def _find(query: str, scope: Scope, *, limit: int, offset: int) -> SearchPage:
    search = house().search
    if scope.line or not scope.person:
        return search.search(query, line=scope.line, limit=limit, offset=offset)
    row = people.person(scope.person)
    lines = [line.line for line in row.lines] if row else []
    if len(lines) == 1:
        return search.search(query, line=lines[0], limit=limit, offset=offset)
    pages = [search.search(query, line=line, limit=offset + limit, offset=0) for line in lines]
    newest = sorted((index for page in pages for index in page.indexes), reverse=True)
    return SearchPage(sum(page.total for page in pages), tuple(newest[offset : offset + limit]))


def _around(row: MessageRow) -> tuple[MessageRow | None, MessageRow | None]:
    window = house().messages.window(row.stream, around=row.index, before=1, after=1)
    before = next((other for other in reversed(window) if other.index < row.index), None)
    return before, next((other for other in window if other.index > row.index), None)


def _result(
    row: MessageRow, around: tuple[MessageRow | None, MessageRow | None], wanted: Sequence[Term], name: str
) -> Result:
    before, after = (_speaker(other, name) for other in around)
    text = next((text for text in _texts(row) if has_match(text, wanted)), row.text)
    return Result(
        row=row,
        conversation=house().messages.conversation(row.stream),
        line_name=name,
        who=_speaker(row, name),
        pieces=snippet(text, wanted),
        earlier=text != row.text and text in {version.text for version in row.versions},
        before=before,
        after=after,
    )


def _texts(row: MessageRow) -> Iterator[str]:
    """Where the words may stand: the text as it is, as it was, and the names of files."""
    yield row.text
    for version in reversed(row.versions):
        yield version.text
    for media in row.media:
        yield media.filename
    for _, value in row.details:
        yield value


def _speaker(row: MessageRow | None, line_name: str) -> Speaker | None:
    if row is None:
        return None
    name = line_name if row.direction == "out" else row.sender_name
    words = first_words(row.text) or row.subtype or row.kind
    return Speaker(name=name, address=row.sender, words=words)
