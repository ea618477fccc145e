"""What the views can be asked. The rows here are what screens and commands show.

Every method reads; none writes. Content leaves a view only through the hub's
`queries`, which write a `content.shown` entry first.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from fairwitness.model.event import Media
from fairwitness.model.finding import Finding


class Version(msgspec.Struct, frozen=True):
    """An earlier or later text of a message: the entry that brought it, when, the words."""

    index: int
    at: int | None
    text: str


class Reaction(msgspec.Struct, frozen=True):
    index: int
    sender: str
    emoji: str
    at: int | None


class Receipt(msgspec.Struct, frozen=True):
    index: int
    status: str
    at: int | None


class Revocation(msgspec.Struct, frozen=True):
    index: int
    sender: str
    at: int | None


class MessageRow(msgspec.Struct, frozen=True, kw_only=True):
    """A message as a conversation shows it, with all that later happened to it.

    `index` is its entry in the message log. `text` is the latest text, `versions` every
    text in order (one when it was never edited). `held` is False for a message that is
    only known because something else names it (an edit, a revocation, a reaction, a receipt).
    """

    index: int
    stream: str
    line: str
    chat: str
    id: str
    direction: str
    sender: str
    sender_name: str
    at: int | None
    received_at: int
    kind: str
    subtype: str
    text: str
    held: bool = True
    forwarded: bool = False
    reply_to: str = ""
    reply_text: str = ""
    versions: tuple[Version, ...] = ()
    revoked: Revocation | None = None
    reactions: tuple[Reaction, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    media: tuple[Media, ...] = ()
    details: tuple[tuple[str, str], ...] = ()


class ConversationRow(msgspec.Struct, frozen=True, kw_only=True):
    """One conversation of one line. `chat_name` is the latest name seen, or the address."""

    stream: str
    line: str
    chat: str
    chat_name: str
    messages: int
    last_index: int
    last_at: int | None


class NotUnderstood(msgspec.Struct, frozen=True):
    """An entry that is kept whole and was not, or not fully, understood."""

    index: int
    kind: str
    source: str
    reason: str
    received_at: int


class MessagesView(Protocol):
    """Conversations, kept by the follower `normalise`."""

    def conversations(
        self, *, line: str = "", limit: int = 50, offset: int = 0
    ) -> Sequence[ConversationRow]: ...

    def conversation(self, stream: str) -> ConversationRow | None: ...

    def window(self, stream: str, *, around: int, before: int = 20, after: int = 20) -> Sequence[MessageRow]:
        """Messages of `stream` in log order: some older than entry `around`, it, and some newer."""
        ...

    def messages(self, indexes: Sequence[int]) -> Sequence[MessageRow]:
        """The messages of these entries, in the order asked; unknown ones are left out.

        An entry that is an edit, a reaction or another event gives the message it speaks of.
        """
        ...

    def first_of(self, indexes: Sequence[int]) -> Mapping[int, MessageRow]:
        """The first message of each of these entries that has one: what a list needs, all at once."""
        ...

    def not_understood(self, *, limit: int = 50, offset: int = 0) -> Sequence[NotUnderstood]: ...

    def not_understood_count(self) -> int: ...

    def message_count(self) -> int: ...


class SearchPage(msgspec.Struct, frozen=True):
    """`indexes` are entries of the message log, newest first; `total` counts all, up to 10,000."""

    total: int
    indexes: tuple[int, ...]


class SearchView(Protocol):
    """Words to messages, kept by the follower `search`."""

    def search(
        self, query: str, *, stream: str = "", line: str = "", limit: int = 50, offset: int = 0
    ) -> SearchPage:
        """Messages that hold every word of `query`; `"…"` is a phrase, a final `*` a prefix, `-` excludes.

        Never raises on what a person types.
        """
        ...


class AlertRow(msgspec.Struct, frozen=True, kw_only=True):
    """One alert as the queue shows it. Times in ms; `state` is open, claimed or closed.

    `raised_index` is the custody entry that raised it, `due_at` when it should be done.
    """

    alert: str
    index: int
    stream: str
    line: str
    chat: str
    chat_name: str
    policy: str
    title: str
    version: str
    severity: str
    state: str
    claimed_by: str
    raised_at: int
    raised_index: int
    sent_at: int | None
    first_words: str


class AlertStep(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was decided about an alert: the custody entry, who, when, what."""

    custody_index: int
    kind: str
    by: str
    at: int
    decision: str = ""
    action: str = ""
    reason: str = ""
    reviewed: tuple[int, ...] = ()


class AlertDetail(msgspec.Struct, frozen=True, kw_only=True):
    row: AlertRow
    finding: Finding
    history: tuple[AlertStep, ...]


class AlertsView(Protocol):
    """The queue of alerts, kept by the followers `judge` and `alerts_feed`."""

    def queue(
        self,
        *,
        state: str = "",
        severity: str = "",
        policy: str = "",
        line: str = "",
        limit: int = 50,
        offset: int = 0,
        newest_first: bool = True,
    ) -> Sequence[AlertRow]:
        """Alerts by severity and age; `state` may be `waiting` for open and claimed together."""
        ...  # fmt: skip

    def count(self, *, state: str = "", severity: str = "", policy: str = "", line: str = "") -> int: ...

    def policies(self) -> Sequence[str]:
        """Ids of the policies that have raised alerts."""
        ...

    def alert(self, alert: str) -> AlertDetail | None: ...

    def of_line(self, line: str, *, limit: int = 20) -> Sequence[AlertRow]: ...

    def of_messages(self, indexes: Sequence[int]) -> Sequence[AlertDetail]:
        """The alerts raised on these message entries."""
        ...

    def change_token(self) -> int:
        """A number that grows whenever the queue changes: cheap to poll."""
        ...
