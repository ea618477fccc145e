"""What WhatsApp's own chat export can show, and what it never will."""

from collections.abc import Mapping

CAPABILITY: Mapping[str, object] = {
    "source": "chat_export",
    "name": "WhatsApp's own export of one chat, as .txt or .zip",
    "official": True,
    "live": False,
    "native_app_kept": "yes",
    "sees": (
        "direct and group messages of one chat, both directions, as the phone holds them",
        "the names of files, and the files where the export was made with media",
        "that a message was deleted or edited, where the phone shows it",
        "notices: members, settings, missed calls",
    ),
    "does_not_see": (
        "message ids, replies, reactions, forwarded marks, receipts",
        "the text before an edit, the text of a deleted message",
        "the time zone; seconds on Android; which number is the day where no date settles it",
        "phone numbers of saved contacts: people appear under the names in the phone's book",
        "the sender's hand: a person can type text that looks like a message, or edit the file",
        "messages beyond about 10,000 with media or 40,000 without",
        "anything of a chat with Advanced Chat Privacy switched on",
    ),
    "identity": "chat, local time, sender, body, and place among equals",
    "time": "the phone's local time; seconds on iOS, minutes on Android",
    "signature": "none",
}
