"""One field, and what it found."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from fairwitness_hub.gate import may
from fairwitness_hub.search import queries
from fairwitness_hub.search.access import access_run
from fairwitness_hub.search.actions import do_search
from fairwitness_hub.search.forms import ScopeForm, SearchForm


@may("search.run")
@require_http_methods(["GET", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """The empty field, or a search that then has an address of its own."""
    scope = ScopeForm(request.POST or request.GET).scope()
    form = SearchForm(request.POST or None)
    if not form.is_valid():
        return _page(request, scope=scope, query="", run=None)
    run = do_search(by=request.user.email, query=form.cleaned_data["q"], scope=scope)
    chosen = {name: value for name, value in (("line", scope.line), ("person", scope.person)) if value}
    address = reverse("search_results", args=[run])
    return redirect(f"{address}?{urlencode(chosen)}" if chosen else address)


@may("search.run")
@require_GET
def results(request: HttpRequest, run: int) -> HttpResponse:
    """A page of what a search finds now."""
    asked, form = access_run(run), ScopeForm(request.GET)
    scope = form.scope()
    found = queries.results(asked.query, scope, page=form.page_number(), run=run, reading=request.reading)
    return _page(request, scope=scope, query=asked.query, run=run, found=found)


def _page(
    request: HttpRequest,
    *,
    scope: queries.Scope,
    query: str,
    run: int | None,
    found: queries.Results | None = None,
) -> HttpResponse:
    chosen = {name: value for name, value in (("line", scope.line), ("person", scope.person)) if value}
    people = queries.scope_choices()
    context = {
        "several_lines": any(len(row.lines) > 1 for row in people) or bool(scope.line),
        "query": query,
        "run": run,
        "found": found,
        "scope": scope,
        "scope_name": queries.scope_name(scope),
        "people": people,
        "filter_address": urlencode(chosen),
    }
    return render(request, "search/search.html", context)
