"""What the official webhooks can show, and what they never will."""

from collections.abc import Mapping

CAPABILITY: Mapping[str, object] = {
    "source": "cloud_api",
    "name": "WhatsApp Cloud API webhooks, coexistence with the Business app included",
    "official": True,
    "live": True,
    "native_app_kept": "with coexistence (WhatsApp Business app) only",
    "sees": (
        "direct messages in (field messages)",
        "direct messages out, sent from the Business app or its companions (field smb_message_echoes)",
        "edits and deletions of both sides, for coexistence numbers",
        "reactions, replies, receipts, forwarded marks",
        "media by id; the file must be fetched within seven days",
        "up to 180 days of history, once, with the owner's agreement (field history)",
        "copies for an app that does not handle the conversation (field standby)",
    ),
    "does_not_see": (
        "groups of the Business app",
        "calls of the Business app",
        "view-once messages, live location, polls: a notice arrives, never the content",
        "status updates, channels, broadcast lists",
        "messages sent by another program, unless copied to standby",
        "which employee or companion device sent an echo",
        "edits and deletions of numbers without the app",
        "anything that was not answered with 200 within the retry window",
    ),
    "identity": "wamid; receipts by message, status, recipient and time",
    "time": "seconds, WhatsApp's clock",
    "signature": "HMAC-SHA-256 over the body; proves delivery to the holder of the app secret only",
}
