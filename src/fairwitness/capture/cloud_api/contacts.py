"""The contact records that came with a delivery, found by user id, then by number."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fairwitness.capture import addresses
from fairwitness.capture.cloud_api import who
from fairwitness.capture.exact import elements, is_array
from fairwitness.capture.values import peek_object, text
from fairwitness.model.envelope import Slice


@dataclass(slots=True)
class Contact:
    """One record: its bytes, what it says, and whether an item has taken it along."""

    slice: Slice
    value: Mapping[str, Any]
    used: bool = False


@dataclass(slots=True)
class Contacts:
    """The records of one value. `whole` is a member `contacts` that is no list."""

    records: list[Contact] = field(default_factory=list)
    whole: tuple[bytes, str] | None = None

    def take(self, item: Mapping[str, Any]) -> Contact | None:
        """The record of whoever `item` names; it counts as kept from then on."""
        if not self.records:
            return None
        ids, numbers = who.names(item)
        found = self._by("user_id", ids) or self._by_number(numbers)
        if found:
            found.used = True
        return found

    def only(self) -> Contact | None:
        """The record, if there is exactly one."""
        if len(self.records) != 1:
            return None
        self.records[0].used = True
        return self.records[0]

    def left(self) -> Iterator[Contact]:
        """The records that no item has taken along."""
        return (record for record in self.records if not record.used)

    def _by(self, key: str, wanted: Sequence[str]) -> Contact | None:
        return next((r for w in wanted for r in self.records if r.value.get(key) == w), None)

    def _by_number(self, wanted: Sequence[str]) -> Contact | None:
        for number in wanted:
            for record in self.records:
                if addresses.same_number(text(record.value, "wa_id")) == number:
                    return record
        return None


def read_contacts(raw: bytes, at: str) -> Contacts:
    """The records in a member `contacts`."""
    if not raw or raw == b"null":
        return Contacts()
    if not is_array(raw):
        return Contacts(whole=(raw, at))
    return Contacts(
        [
            Contact(Slice("contact", f"{at}/{number}", element), peek_object(element))
            for number, element in enumerate(elements(raw))
        ]
    )
