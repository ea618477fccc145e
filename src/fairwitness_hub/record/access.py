"""May this part of the record be had? Both roles may: none of it holds anybody's words."""

from django.http import Http404
from django.utils.translation import gettext as _

from fairwitness_hub.record import queries


def access_checkpoint(log: str) -> str:
    """The newest signed checkpoint of `log`, or 404."""
    text = queries.checkpoint(log)
    if text is None:
        raise Http404(_("This log has no checkpoint yet."))
    return text
