"""What a linked device through WAHA can show, and what it never will."""

from collections.abc import Mapping

CAPABILITY: Mapping[str, object] = {
    "source": "waha",
    "name": "WAHA, a gateway that runs a linked device of a person's own WhatsApp",
    "official": False,
    "warning": "WhatsApp's terms forbid unofficial clients; the number may be banned",
    "live": True,
    "native_app_kept": "yes, personal WhatsApp included",
    "sees": (
        "direct and group messages, both directions (event message.any)",
        "edits and deletions with the id of the original",
        "reactions, replies, receipts",
        "media by address on the gateway; fetched at once, it is deleted after three minutes by default",
    ),
    "does_not_see": (
        "view-once media",
        "messages that the device cannot decrypt: a notice arrives, never the content",
        "messages before pairing, beyond the history the phone chooses to send",
        "the sound of calls",
        "anything while the device is unlinked, or the phone offline for about two weeks",
    ),
    "identity": "chat, sender and WhatsApp's id",
    "time": "seconds, WhatsApp's clock; receipts by the gateway's clock in ms",
    "signature": "HMAC-SHA-512 over the body; proves delivery by a holder of the gateway's key only",
}
