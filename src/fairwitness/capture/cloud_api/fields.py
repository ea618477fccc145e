"""Which field of Meta's webhooks holds what: the door's map, as data.

A field or a member that is not here is kept whole as `unknown`.
"""

from collections.abc import Mapping

_ERRORS = {"errors": "account"}
_ECHOES = {"message_echoes": "echo", **_ERRORS}
_MESSAGES = {"messages": "message", "statuses": "status", **_ERRORS}
_GROUPS = {"groups": "group", **_ERRORS}

LISTS: Mapping[str, Mapping[str, str]] = {
    "messages": _MESSAGES,
    "smb_message_echoes": _ECHOES,
    "message_echoes": _ECHOES,
    "standby": {**_MESSAGES, **_ECHOES},
    "history": {
        "history": "history", "messages": "history", "message_echoes": "history", "errors": "history",
    },
    "calls": {"calls": "call", "statuses": "call", **_ERRORS},
    "group_lifecycle_update": _GROUPS,
    "group_participants_update": _GROUPS,
    "group_settings_update": _GROUPS,
    "group_status_update": _GROUPS,
    "smb_app_state_sync": {"state_sync": "contact", **_ERRORS},
    "user_preferences": {"user_preferences": "contact", **_ERRORS},
    "user_id_update": {"user_id_update": "contact", **_ERRORS},
}  # fmt: skip
"""Field → member of its value → kind of each element."""

CONTEXT = frozenset({"messaging_product", "metadata", "contacts"})
"""Members of a value that stand around its items."""

ACCOUNT = frozenset(
    {
        "account_alerts", "account_review_update", "account_settings_update", "account_update",
        "automatic_events", "business_capability_update", "business_status_update",
        "business_username_update", "business_username_updates", "flows",
        "message_template_components_update", "message_template_quality_update",
        "message_template_status_update", "partner_solutions", "payment_configuration_update",
        "phone_number_name_update", "phone_number_quality_update", "security",
        "template_category_update", "template_correct_category_detection",
    }
)  # fmt: skip
"""Fields that speak of an account or a number, not of a conversation: kept whole."""
