"""May this search be seen? A search is reached by the number of its custody entry."""

from django.http import Http404
from django.utils.translation import gettext as _

from fairwitness.model.custody import SearchRun
from fairwitness_hub.search import queries


def access_run(index: int) -> SearchRun:
    """The search of this number, or 404. Any reviewer may: what they then see is recorded as theirs."""
    run = queries.run_of(index)
    if run is None:
        raise Http404(_("There is no search with this number."))
    return run
