"""May this conversation be read? Roles are the gate's matter; here it only has to exist."""

from django.http import Http404

from fairwitness.followers.views import ConversationRow
from fairwitness_hub.conversation import queries


def access_conversation(stream: str) -> ConversationRow:
    """The conversation of this stream, or 404."""
    row = queries.find(stream)
    if row is None:
        raise Http404("no such conversation")
    return row
