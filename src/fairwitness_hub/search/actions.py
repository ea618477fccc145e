"""Searching leaves a custody entry with the query, before there is anything to see."""

from fairwitness.model.custody import SearchRun
from fairwitness_hub.accounts.access import subject_of
from fairwitness_hub.search import queries
from fairwitness_hub.search.queries import Scope
from fairwitness_hub.wiring import house


def do_search(*, by: str, query: str, scope: Scope) -> int:
    """Run a search and put it on record; gives the custody entry, which is its address.

    The words are in the record, encrypted, and nowhere else: not in an address, so in no
    history, proxy or log.
    """
    found = queries.count(query, scope)
    return house().decide(SearchRun(by=by, query=query, results=found), subject=subject_of(by))
