"""May this account see or change this person? The answer is the row, or an error.

Which role may call a view at all is in `permissions.py`; here it is about the row.
"""

from django.http import Http404
from django.utils.translation import gettext as _

from fairwitness_hub.people import queries


def access_person(person_id: str) -> queries.PersonRow:
    """The person, or 404. Both roles may read the roster: it holds nobody's words."""
    row = queries.person(person_id)
    if row is None:
        raise Http404(_("Nobody with this address is enrolled."))
    return row


def access_line(person_id: str, line: str) -> tuple[queries.PersonRow, queries.LineRow]:
    """A line of this person, or 404: a line is only reached through the person whose it is."""
    owner = access_person(person_id)
    found = next((row for row in owner.lines if row.line == line), None)
    if found is None:
        raise Http404(_("This person has no such line."))
    return owner, found
