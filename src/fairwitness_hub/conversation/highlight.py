"""Marks places in somebody's text. Spans are code points of the original; everything is escaped."""

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from fairwitness.model.finding import Span
from fairwitness_hub.design.templatetags.hub import shown


def highlight(text: str, *, hits: Iterable[Span] = (), others: Iterable[Span] = ()) -> SafeString:
    """`text` with `hits` marked, and `others` (of other alerts) marked more quietly."""
    kinds = [""] * len(text)
    for kind, spans in (("other", others), ("hit", hits)):
        for span in spans:
            start, end = max(span.start, 0), min(span.end, len(text))
            if start < end:
                kinds[start:end] = [kind] * (end - start)
    return format_html_join("", "{}", ((_piece(piece, kind),) for piece, kind in _runs(text, kinds)))


def _runs(text: str, kinds: list[str]) -> Iterable[tuple[str, str]]:
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or kinds[place] != kinds[start]:
            yield shown(text[start:place]), kinds[start]
            start = place


def _piece(text: str, kind: str) -> SafeString | str:
    return format_html('<mark class="{}">{}</mark>', kind, text) if kind else text
