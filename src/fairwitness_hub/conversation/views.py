"""A conversation on its own page, and more of it as one reads on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fairwitness_hub.conversation import queries
from fairwitness_hub.conversation.access import access_conversation
from fairwitness_hub.conversation.forms import PlaceForm
from fairwitness_hub.gate import may


@may("conversation.read")
@require_GET
def conversation(request: HttpRequest, stream: str) -> HttpResponse:
    """The conversation around an entry, or at its end; with `before` or `after`, only the stretch."""
    row = access_conversation(stream)
    form = PlaceForm(request.GET)
    place = form.cleaned_data if form.is_valid() else {}
    if place.get("before") is not None:
        page = queries.older(request.reading, row, entry=place["before"])
        return render(request, "conversation/stretch.html", {"page": page, "older_only": True})
    if place.get("after") is not None:
        page = queries.newer(request.reading, row, entry=place["after"])
        return render(request, "conversation/stretch.html", {"page": page, "newer_only": True})
    entry = place.get("entry")
    entry = row.last_index if entry is None else entry
    page = queries.around(request.reading, row, entry=entry, reason="conversation opened")
    return render(request, "conversation/page.html", {"page": page, "row": row, "entry": entry})
